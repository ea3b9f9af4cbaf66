//! The index keeps up with the shop: words at once, vectors afterwards, and never a vector for a text that has one.

mod site;

use crate::world::TestShop;
use souk::app::App;
use souk::catalog::find::{self, Found, Search};
use souk::catalog::index;
use souk::catalog::ingest::{self, Missing};
use souk::domain::id::ProductId;
use souk::domain::job::Job;
use souk::domain::shop::Shop;
use souk::embed::local::Local;
use souk::embed::minilm::MiniLm;
use souk::embed::{Embedder, Error};
use souk::knowledge::load::{Loaded, Text};
use souk::knowledge::look_up::{Fit, look_up};
use souk::search::Kind;
use souk::{knowledge, worker};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Products of the feeds in these tests.
const PRODUCTS: usize = 1_200;

/// The shipped small model, which counts what it is given and can be away.
struct CountingEmbedder {
    stamp: Mutex<String>,
    texts: AtomicUsize,
    away: AtomicBool,
}

impl CountingEmbedder {
    fn new(stamp: &str) -> Arc<Self> {
        Arc::new(Self { stamp: Mutex::new(stamp.to_owned()), texts: AtomicUsize::new(0), away: AtomicBool::new(false) })
    }

    /// Texts embedded since it was last asked.
    fn taken(&self) -> usize {
        self.texts.swap(0, Ordering::SeqCst)
    }
}

#[async_trait::async_trait]
impl Embedder for CountingEmbedder {
    fn stamp(&self) -> String {
        self.stamp.lock().unwrap().clone()
    }
    fn name(&self) -> String {
        "counting".to_owned()
    }
    fn dims(&self) -> usize {
        Local::new().dims()
    }
    fn weight(&self) -> f32 {
        Local::new().weight()
    }
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, Error> {
        if self.away.load(Ordering::SeqCst) {
            return Err(Error::Busy("away, as this story wants it".into()));
        }
        self.texts.fetch_add(texts.len(), Ordering::SeqCst);
        Local::new().embed(texts).await
    }
}

struct World {
    shop: TestShop,
    app: Arc<App>,
    embedder: Arc<CountingEmbedder>,
}

impl World {
    async fn open() -> Self {
        Self::open_as("counting:1").await
    }

    /// With an embedder of this stamp.
    async fn open_as(stamp: &str) -> Self {
        let shop = TestShop::demo().await;
        let embedder = CountingEmbedder::new(stamp);
        let app = shop.another(|app| app.embedder = embedder.clone()).await;
        worker::drain(&app, 100).await;
        index::catch_up(&app, &app.shop, &mut |_, _| {}).await.unwrap();
        embedder.taken();
        Self { shop, app, embedder }
    }

    /// Takes a feed in, where each line is an object of id, title and price.
    async fn feed(&self, line: impl Fn(usize) -> (String, usize)) {
        let lines = (0..PRODUCTS).map(|n| {
            let (title, price) = line(n);
            format!("{}\n", serde_json::json!({"id": format!("p{n}"), "title": title, "price": price}))
        });
        let feed = lines.collect::<String>();
        ingest::ingest(&self.app, &self.app.shop, "f.jsonl", feed.as_bytes(), Missing::Keep, &mut |_, _| {})
            .await
            .unwrap();
    }

    async fn done(&self) -> index::Standing {
        worker::drain(&self.app, 1_000).await;
        index::standing(&self.app, &self.app.shop).await.unwrap()
    }

    async fn found(&self, query: &str) -> Found {
        find::find(&self.app, &self.profile().await, &Search::of(query, 5)).await.unwrap()
    }

    async fn finds(&self, query: &str) -> Vec<String> {
        let found = self.found(query).await;
        found.items.into_iter().map(|item| item.product.id.to_string()).collect()
    }

    async fn profile(&self) -> Shop {
        self.app.store.read(&self.app.shop).await.unwrap().shop().await.unwrap().unwrap()
    }
}

fn title(n: usize) -> String {
    format!("Zorblatt lamp number{n}")
}

#[tokio::test]
async fn one_percent_of_new_texts_makes_one_percent_of_new_vectors() {
    let world = World::open().await;
    world.feed(|n| (title(n), 1_000)).await;
    let standing = world.done().await;
    assert_eq!((standing.unindexed, standing.lacking), (0, 0), "{standing:?}");
    assert_eq!(world.embedder.taken(), PRODUCTS);
    world.feed(|n| (title(n), 1_500)).await;
    world.done().await;
    assert_eq!(world.embedder.taken(), 0, "a new price is no new text");
    world.feed(|n| (if n % 100 == 7 { format!("{} brandnew", title(n)) } else { title(n) }, 1_500)).await;
    let standing = world.done().await;
    assert_eq!((standing.unindexed, standing.lacking), (0, 0), "{standing:?}");
    assert_eq!(world.embedder.taken(), PRODUCTS / 100);
    assert_eq!(world.finds("zorblatt lamp number107 brandnew").await[0], "p107");
    world.shop.finish(&[]).await;
}

#[tokio::test]
async fn what_is_new_is_found_by_its_words_while_the_embedder_is_away() {
    let world = World::open().await;
    world.embedder.away.store(true, Ordering::SeqCst);
    world.feed(|n| (title(n), 1_000)).await;
    let standing = world.done().await;
    assert_eq!((standing.unindexed, standing.lacking), (0, PRODUCTS as u64), "{standing:?}");
    assert_eq!(world.finds("lamp number77").await[0], "p77");
    world.embedder.away.store(false, Ordering::SeqCst);
    // Most documents have no vector yet, so those few that have one are not nearer than they are.
    assert_eq!(world.finds("lamp number77").await[0], "p77");
    world.embedder.taken();
    world.embedder.away.store(false, Ordering::SeqCst);
    world.shop.clock.advance(jiff::Span::new().minutes(10));
    assert_eq!(world.done().await.lacking, 0);
    assert_eq!(world.embedder.taken(), PRODUCTS, "none was made twice");
    world.shop.finish(&[]).await;
}

#[tokio::test]
async fn questions_are_answered_by_their_words_while_the_embedder_is_away() {
    // The stamp of an embedder by whose fitted weights no words suffice where the meaning is nothing.
    let world = World::open_as(&MiniLm::new().stamp()).await;
    let with = (world.found("rain jacket").await, world.found("grand piano").await);
    assert!(with.0.relevant && !with.1.relevant);
    assert_eq!(world.app.outage.questions(), 0);
    world.embedder.away.store(true, Ordering::SeqCst);
    let without = (world.found("rain jacket").await, world.found("grand piano").await);
    assert!(without.0.relevant, "words alone say that there are rain jackets");
    let kind = |found: &Found| found.items[0].product.category.clone();
    assert_eq!(kind(&without.0), kind(&with.0));
    assert!(!without.1.relevant);
    let passages = look_up(&world.app, &world.profile().await, "how long can I return something?", 3).await.unwrap();
    assert_eq!(passages[0].1, Fit::Strong, "{:?}", passages[0].0.heading);
    assert_eq!(world.app.outage.questions(), 3);
    world.shop.finish(&[]).await;
}

#[tokio::test]
async fn what_has_no_vector_yet_stands_where_its_words_put_it() {
    let world = World::open().await;
    let named = |n: usize, crimson: &[usize]| match n {
        1 if crimson.contains(&1) => "Zorblatt crimson".to_owned(),
        n if crimson.contains(&n) => format!("Zorblatt crimson lamp number{n} for tables"),
        n => title(n),
    };
    world.feed(|n| (named(n, &[3]), 1_000)).await;
    assert_eq!(world.done().await.lacking, 0);
    world.embedder.away.store(true, Ordering::SeqCst);
    world.feed(|n| (named(n, &[1, 3]), 1_000)).await;
    assert_eq!(world.done().await.lacking, 1);
    world.embedder.away.store(false, Ordering::SeqCst);
    let before = world.finds("zorblatt crimson").await;
    assert_eq!(before[..2], ["p1", "p3"], "the newer one fits better by its words");
    world.shop.clock.advance(jiff::Span::new().minutes(10));
    assert_eq!(world.done().await.lacking, 0);
    assert_eq!(world.finds("zorblatt crimson").await[..2], before[..2], "and its vector, when it comes, moves nothing");
    world.shop.finish(&[]).await;
}

#[tokio::test]
async fn another_embedder_makes_every_vector_anew_while_words_are_found() {
    let world = World::open().await;
    let before = index::standing(&world.app, &world.app.shop).await.unwrap();
    assert!(before.current && before.lacking == 0 && before.documents > 20, "{before:?}");
    *world.embedder.stamp.lock().unwrap() = "counting:2".to_owned();
    assert!(!index::is_current(&world.app, &world.app.shop).await.unwrap());
    index::keep_up(&world.app, &world.app.shop).await.unwrap();
    let between = index::standing(&world.app, &world.app.shop).await.unwrap();
    assert_eq!((between.lacking, between.unindexed, between.current), (before.documents, 0, true));
    assert!(!world.finds("rain jacket").await.is_empty());
    assert_eq!(world.done().await, before);
    assert_eq!(world.embedder.taken() as u64, before.documents + 1, "each document once, and the question");
    world.shop.finish(&[]).await;
}

#[tokio::test]
async fn only_texts_that_changed_are_read_anew_and_those_taken_out_are_found_no_more() {
    let world = World::open().await;
    let before = world.app.index.count(&world.app.shop, Kind::Passage).await.unwrap();
    let text = |name: &str, word: &str| {
        Text::markdown(&format!("{name}.md"), &format!("# {name}\n\n## One\n\nFirst {word}.\n\n## Two\n\nSecond.\n"))
    };
    let loaded = |texts: [Text; 2]| Loaded { texts: texts.into(), ..Loaded::default() };
    let texts = loaded([text("alpha", "quokka"), text("beta", "wombat")]);
    knowledge::ingest::ingest(&world.app, &world.app.shop, &texts).await.unwrap();
    world.done().await;
    let count = async || world.app.index.count(&world.app.shop, Kind::Passage).await.unwrap();
    let each = (count().await - before) / 2;
    assert!(each > 0);
    assert_eq!(world.embedder.taken() as u64, 2 * each);
    knowledge::ingest::ingest(&world.app, &world.app.shop, &loaded([text("alpha", "numbat"), text("beta", "wombat")]))
        .await
        .unwrap();
    world.done().await;
    assert_eq!(world.embedder.taken(), 1);
    let mut tx = world.app.store.begin(&world.app.shop).await.unwrap();
    tx.replace_passages("beta.md", &[]).await.unwrap();
    world.app.enqueue(&mut tx, &Job::IndexPassages).await.unwrap();
    tx.commit().await.unwrap();
    world.done().await;
    assert_eq!(count().await, before + each);
    let found = async |word: &str| {
        let tokens = souk::search::analyse::query(word);
        world.app.index.lexical(&world.app.shop, &tokens, &Default::default(), 5).await.unwrap().len()
    };
    assert_eq!((found("quokka").await, found("numbat").await, found("wombat").await), (0, 1, 0));
    assert_eq!(world.embedder.taken(), 0);
    world.shop.finish(&[]).await;
}

#[tokio::test]
async fn what_the_index_lost_or_holds_too_much_of_is_set_right() {
    let world = World::open().await;
    let (app, shop) = (&world.app, &world.app.shop);
    let before = index::standing(app, shop).await.unwrap();
    app.index.clear(shop).await.unwrap();
    let stray = souk::search::Doc {
        kind: Kind::Product,
        id: "stray".to_owned(),
        title: "stray".to_owned(),
        body: String::new(),
        codes: Vec::new(),
        text: 1,
        price_min: 0,
        price_max: 0,
        in_stock: true,
        attributes: Vec::new(),
    };
    app.index.upsert(shop, vec![stray.clone()]).await.unwrap();
    index::keep_up(app, shop).await.unwrap();
    assert_eq!(world.done().await, before);
    // One that came in later leaves when its vector is asked for, and one with another text is written anew.
    let some = app.store.read(shop).await.unwrap().product_ids_after("", 1).await.unwrap();
    let other = souk::search::Doc { id: some[0].to_string(), ..stray.clone() };
    app.index.upsert(shop, vec![stray, other]).await.unwrap();
    let mut tx = app.store.begin(shop).await.unwrap();
    app.enqueue(&mut tx, &Job::EmbedDocuments).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.done().await, before);
    world.shop.finish(&[]).await;
}

#[tokio::test]
async fn a_retired_product_leaves_the_index() {
    let world = World::open().await;
    world.feed(|n| (title(n), 1_000)).await;
    let before = world.done().await;
    let mut tx = world.app.store.begin(&world.app.shop).await.unwrap();
    let id = ProductId::new("p5");
    tx.retire_product(&id, world.app.now()).await.unwrap();
    tx.mark_unindexed(&id, world.app.now()).await.unwrap();
    world.app.enqueue(&mut tx, &Job::IndexChanges).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world.done().await.indexed, before.indexed - 1);
    assert!(!world.finds("zorblatt lamp number5").await.contains(&"p5".to_owned()));
    world.shop.finish(&[]).await;
}
