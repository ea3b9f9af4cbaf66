//! How the index bears many products and many shops: `SOUK_BENCH_SCALE=<products>,<shops> cargo test --test it
//! bench::scale -- --nocapture`. Products come from `SOUK_SHARED_DATA/chorus`, varied until there are enough; each of the
//! shops has 500 of them. Rows are in SQLite and, with `SOUK_TEST_POSTGRES_URL`, in PostgreSQL beside the index's own file;
//! with `SOUK_TEST_QDRANT_URL` the shops are asked for on that server, too. `SOUK_BENCH_EMBEDDER=minilm` takes the larger model.

use crate::skip::variable;
use crate::store::a_shop;
use crate::world::TestShop;
use serde_json::Value;
use souk::app::App;
use souk::catalog::find::{self, Search};
use souk::catalog::index;
use souk::catalog::ingest::{self, Missing};
use souk::domain::id::ShopId;
use souk::embed::Embedder;
use souk::embed::local::Local;
use souk::search::embedded::Embedded;
use souk::search::qdrant::Qdrant;
use souk::search::{Doc, Filter, HITS_MAX, Index, Kind, Lack, Made, Settings, Stamp, analyse, fuse, hash};
use souk::store::Store;
use sqlx::{Connection, PgConnection};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Products of one of many shops.
const EACH: usize = 500;
/// Questions asked of each kind.
const QUESTIONS: usize = 200;
/// Products handed to the index at once.
const BATCH: usize = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_products_and_many_shops() {
    let (Some(asked), Some(data)) = (variable("SOUK_BENCH_SCALE"), variable("SOUK_SHARED_DATA")) else {
        println!("skipped: set SOUK_BENCH_SCALE and SOUK_SHARED_DATA to measure");
        return;
    };
    let (products, shops) = asked.split_once(',').unwrap_or((&asked, "0"));
    let (products, shops): (usize, usize) = (products.parse().unwrap(), shops.parse().unwrap());
    let chorus = Path::new(&data).join("chorus");
    let (lines, queries) = (lines(&chorus), queries(&chorus));
    println!("{products} products, {shops} shops of {EACH}, {}, memory {} MB", load(), resident());
    if products > 0 {
        one_shop(&lines, &queries, products).await;
    }
    if shops > 0 {
        let folder = tempfile::tempdir().unwrap();
        let index = Embedded::open(&folder.path().join("search.db")).await.unwrap();
        many_shops(&index, &lines, &queries, shops).await;
        if let Some(url) = variable("SOUK_TEST_QDRANT_URL") {
            let settings =
                Settings { qdrant_url: url, qdrant_collection: "souk_scale".to_owned(), ..Settings::default() };
            let index = Qdrant::open(&settings, Local::new().dims()).await.unwrap();
            many_shops(&index, &lines, &queries, shops).await;
        }
    }
}

fn lines(chorus: &Path) -> Vec<Value> {
    let zcat = std::process::Command::new("zcat").arg(chorus.join("products.jsonl.gz")).output().unwrap();
    String::from_utf8(zcat.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn queries(chorus: &Path) -> Vec<String> {
    let mut reader = csv::Reader::from_path(chorus.join("ratings-dev.csv")).unwrap();
    let mut queries: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
    queries.dedup();
    queries
}

/// The n-th product: one of the data, and after these the same in another make.
fn varied(lines: &[Value], n: usize) -> Value {
    let mut line = lines[n % lines.len()].clone();
    let round = n / lines.len();
    if round > 0 {
        line["id"] = format!("{}-{round}", line["id"].as_str().unwrap()).into();
        line["name"] = format!("{}{round}", line["name"].as_str().unwrap_or_default()).into();
        line["title"] = format!("{} series {round}", line["title"].as_str().unwrap_or_default()).into();
        line["ean"] = Value::Array(Vec::new());
    }
    line
}

fn feed(lines: &[Value], products: usize) -> String {
    (0..products).fold(String::new(), |mut feed, n| {
        writeln!(feed, "{}", varied(lines, n)).unwrap();
        feed
    })
}

async fn one_shop(lines: &[Value], queries: &[String], products: usize) {
    let shop = TestShop::demo().await;
    let embedder: Arc<dyn Embedder> = embedder();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("souk.db");
    let (store, index) = (Store::sqlite(&file).await.unwrap(), Embedded::open(&file).await.unwrap());
    let here = ShopId::new("scale");
    let app = shop
        .another(|app| {
            (app.store, app.index, app.embedder, app.shop) = (store, Arc::new(index), embedder.clone(), here.clone());
        })
        .await;
    measure("SQLite", &app, lines, queries, products).await;
    if let Some(server) = variable("SOUK_TEST_POSTGRES_URL") {
        let name = format!("souk_bench_{}", shop.app.ids.secret());
        let mut admin = PgConnection::connect(&server).await.unwrap();
        for sql in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
        }
        let base = server.rsplit_once('/').unwrap().0;
        let store = Store::postgres(&format!("{base}/{name}")).await.unwrap();
        let index = Embedded::open(&folder.path().join("search.db")).await.unwrap();
        let kept = store.clone();
        let app = shop
            .another(|app| {
                (app.store, app.index, app.embedder, app.shop) = (store, Arc::new(index), embedder.clone(), here);
            })
            .await;
        measure("PostgreSQL", &app, lines, queries, products).await;
        kept.close().await;
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&mut admin).await.unwrap();
    }
    shop.finish(&[]).await;
}

fn embedder() -> Arc<dyn Embedder> {
    match variable("SOUK_BENCH_EMBEDDER") {
        Some(model) => souk::embed::choose(&souk::embed::Settings { model, ..Default::default() }).unwrap(),
        None => Arc::new(Local::new()),
    }
}

async fn measure(engine: &str, app: &Arc<App>, lines: &[Value], queries: &[String], products: usize) {
    let profile = a_shop(app.shop.as_str());
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    tx.save_shop(&profile).await.unwrap();
    tx.commit().await.unwrap();
    println!("-- {engine}, {}, {}", app.embedder.name(), load());
    let text = feed(lines, products);
    let (stop, longest) = knocker(app);
    take_in(app, &text, "all new").await;
    println!("memory {} MB", resident());
    let dearer = text.replace("\"price\":", "\"price\":1");
    take_in(app, &dearer, "every price new").await;
    let marked: String = dearer
        .lines()
        .enumerate()
        .map(|(n, line)| {
            if n % 100 == 0 {
                line.replacen("\"title\":\"", "\"title\":\"Newer ", 1) + "\n"
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    take_in(app, &marked, "one text of a hundred new").await;
    stop.store(true, Ordering::SeqCst);
    println!("longest wait of another writer {:.0} ms", longest.await.unwrap().as_secs_f64() * 1_000.0);
    ask(app.index.as_ref(), app.embedder.as_ref(), std::slice::from_ref(&app.shop), queries).await;
    let mut times = Vec::new();
    for query in queries.iter().cycle().take(QUESTIONS) {
        let search = Search::of(query, 5);
        let begun = Instant::now();
        find::find(app, &profile, &search).await.unwrap();
        times.push(begun.elapsed());
    }
    spread("find", times);
    println!("memory {} MB, {}", resident(), load());
}

/// Somebody who writes a row now and then, as messages do.
fn knocker(app: &Arc<App>) -> (Arc<AtomicBool>, tokio::task::JoinHandle<Duration>) {
    let (app, stop) = (Arc::clone(app), Arc::new(AtomicBool::new(false)));
    let told = Arc::clone(&stop);
    let task = tokio::spawn(async move {
        let mut longest = Duration::ZERO;
        while !told.load(Ordering::SeqCst) {
            let begun = Instant::now();
            let mut tx = app.store.begin(&app.shop).await.unwrap();
            tx.next_order_number().await.unwrap();
            tx.commit().await.unwrap();
            longest = longest.max(begun.elapsed());
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        longest
    });
    (stop, task)
}

async fn take_in(app: &Arc<App>, feed: &str, what: &str) {
    let begun = Instant::now();
    ingest::ingest(app, &app.shop, "f.jsonl", feed.as_bytes(), Missing::Keep, &mut |_, _| {}).await.unwrap();
    let stored = begun.elapsed();
    ingest::collect_words(app, &app.shop).await.unwrap();
    let collected = begun.elapsed();
    while index::standing(app, &app.shop).await.unwrap().unindexed > 0 {
        index::index_some_changes(app, &app.shop).await.unwrap();
    }
    let words = begun.elapsed();
    let lacking = index::standing(app, &app.shop).await.unwrap().lacking;
    while index::standing(app, &app.shop).await.unwrap().lacking > 0 {
        index::embed_some(app, &app.shop).await.unwrap();
    }
    let seconds = |time: Duration| time.as_secs_f64();
    println!(
        "{what}: stored {:.1} s, vocabulary {:.1} s, words {:.1} s, {lacking} vectors {:.1} s, together {:.1} s",
        seconds(stored),
        seconds(collected - stored),
        seconds(words - collected),
        seconds(begun.elapsed() - words),
        seconds(begun.elapsed())
    );
}

async fn many_shops(index: &dyn Index, lines: &[Value], queries: &[String], shops: usize) {
    println!("-- {shops} shops in {}, {}", index.name(), load());
    let stamp = Stamp { words: 1, vectors: Local::new().stamp() };
    let texts: Vec<String> = lines.iter().map(|line| line["title"].as_str().unwrap_or_default().to_owned()).collect();
    let vectors = Local::new().embed(&texts).await.unwrap();
    let names: Vec<ShopId> = (0..shops).map(|n| ShopId::new(format!("shop {n}"))).collect();
    let begun = Instant::now();
    for (n, shop) in names.iter().enumerate() {
        index.set_stamp(shop, &stamp).await.unwrap();
        // Every shop has its own cut of the data.
        let picked: Vec<usize> = (0..EACH).map(|at| (n * 37 + at * 31) % lines.len()).collect();
        let docs: Vec<Doc> =
            picked.iter().enumerate().map(|(at, pick)| doc(at, &lines[*pick], &texts[*pick])).collect();
        let lack = |doc: &Doc| Lack { kind: doc.kind, id: doc.id.clone(), text: doc.text };
        let made = docs.iter().zip(&picked).map(|(doc, pick)| Made { of: lack(doc), vector: vectors[*pick].clone() });
        let made: Vec<Made> = made.collect();
        for docs in docs.chunks(BATCH) {
            index.upsert(shop, docs.to_vec()).await.unwrap();
        }
        assert_eq!(index.set_vectors(shop, &stamp.vectors, made).await.unwrap(), EACH as u64);
    }
    let rate = (shops * EACH) as f64 / begun.elapsed().as_secs_f64();
    println!("in: {rate:.0} documents a second, memory {} MB", resident());
    // First every shop once, cold, and then one after the other again.
    ask(index, &Local::new(), &names, queries).await;
    ask(index, &Local::new(), &names, queries).await;
    ask(index, &Local::new(), &names[..shops.min(20)], queries).await;
    println!("memory {} MB, {}", resident(), load());
}

fn doc(at: usize, line: &Value, text: &str) -> Doc {
    let word = |field: &str| line[field].as_str().unwrap_or_default();
    Doc {
        kind: Kind::Product,
        id: format!("d{at}"),
        title: text.to_owned(),
        body: format!("{} {}", word("short_description"), word("supplier")),
        codes: vec![word("name").to_owned()],
        text: hash::text(text),
        price_min: line["price"].as_i64().unwrap_or(0),
        price_max: line["price"].as_i64().unwrap_or(0),
        in_stock: true,
        attributes: vec![("brand".to_owned(), word("supplier").to_lowercase())],
    }
}

async fn ask(index: &dyn Index, embedder: &dyn Embedder, shops: &[ShopId], queries: &[String]) {
    let (mut first, mut lexical, mut dense, mut both) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let filter = Filter { kind: Some(Kind::Product), ..Filter::default() };
    for (n, query) in queries.iter().cycle().take(QUESTIONS.max(shops.len().min(1_000))).enumerate() {
        let shop = &shops[n * 7 % shops.len()];
        let tokens = analyse::query(query);
        let vector = embedder.embed_query(query).await.unwrap();
        let begun = Instant::now();
        let _ = index.dense(shop, &vector, &filter, 1).await.unwrap();
        first.push(begun.elapsed());
        let begun = Instant::now();
        index.lexical(shop, &tokens, &filter, HITS_MAX).await.unwrap();
        lexical.push(begun.elapsed());
        let begun = Instant::now();
        index.dense(shop, &vector, &filter, HITS_MAX).await.unwrap();
        dense.push(begun.elapsed());
        let begun = Instant::now();
        fuse::both(index, shop, &tokens, &vector, &filter, 0.5).await.unwrap();
        both.push(begun.elapsed());
    }
    println!("{} shops, {} questions", shops.len(), first.len());
    println!("longest, with loading {:.1} ms", first.iter().max().unwrap().as_secs_f64() * 1_000.0);
    for (name, times) in [("first of a shop", first), ("lexical", lexical), ("dense", dense), ("both", both)] {
        spread(name, times);
    }
}

fn spread(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1_000.0;
    println!("{name:<16} p50 {:>7.2} ms   p99 {:>7.2} ms", at(50), at(99));
}

fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("load {}", text.split(' ').next().unwrap_or("unknown"))
}
