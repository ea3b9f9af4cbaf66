//! Wishes with the category that meets them, and wishes the shop cannot meet.

use super::{House, rows};
use crate::catalog::diff;
use crate::catalog::find::{Item, Search, find};
use crate::store::catalog::Stored;

#[tokio::test]
async fn wishes_find_their_category_and_others_are_known_to_be_none() {
    for model in ["static", "minilm"] {
        wishes_with(model).await;
    }
}

async fn wishes_with(model: &str) {
    let house = House::open_with(model).await;
    let (mut ours, mut first, mut met, mut kept, mut foreign, mut fooled) = (0, 0, 0, 0.0, 0, 0);
    for (wish, right) in rows(include_str!("../../../evals/labels/wishes.tsv")) {
        let search = Search::of(wish, 5);
        let found = find(&house.app, &house.shop, &search).await.unwrap();
        let fits = |category: &str| right == ["*"] || right.contains(&category);
        let top = found.items.first().map_or("", |item| item.product.category.as_str());
        if right == ["-"] {
            foreign += 1;
            fooled += usize::from(found.relevant);
        } else {
            ours += 1;
            first += usize::from(fits(top));
            met += usize::from(found.relevant && fits(top));
            let good = found.items.iter().filter(|item| fits(&item.product.category)).count();
            kept += good as f32 / found.items.len().max(1) as f32;
        }
        let wrong = if right == ["-"] { found.relevant } else { !found.relevant || !fits(top) };
        if wrong {
            let titles: Vec<&str> = found.items.iter().map(|i| i.product.title.as_str()).take(3).collect();
            println!("{model} {wish:<45} relevant {} {titles:?}", found.relevant);
        }
    }
    let share = |n: usize, of: usize| n as f32 / of as f32;
    let (hit1, recall) = (share(first, ours), share(met, ours));
    let (precision, false_rate) = (kept / ours as f32, share(fooled, foreign));
    println!(
        "{model} {ours} + {foreign}: top {hit1:.2}, met {recall:.2}, of its kind {precision:.2}, false {false_rate:.2}"
    );
    assert!(hit1 >= 0.93 && recall >= 0.91 && precision >= 0.9, "wishes find less than they did");
    assert!(false_rate <= 0.05, "what the shop does not carry is offered as if it did");
}

#[tokio::test]
async fn a_change_the_index_does_not_show_yet_is_found() {
    let house = House::open().await;
    let search = |query: &str| Search::of(query, 50);
    let dear = find(&house.app, &house.shop, &search("tent")).await.unwrap();
    let price = |item: &Item| item.product.price_range().unwrap().0.minor;
    let mut tent = dear.items.iter().max_by_key(|item| price(item)).unwrap().product.clone();
    let offered = async |query: &str| {
        let found = find(&house.app, &house.shop, &search(query)).await.unwrap();
        found.relaxed.is_empty() && found.items.iter().any(|item| item.product.id == tent.id)
    };
    assert!(!offered("tent under 10").await);
    for variant in &mut tent.variants {
        variant.price.minor = 900;
        variant.stock = Some(3);
    }
    let prints = diff::fingerprints(&tent);
    let mut tx = house.app.store.begin(&house.shop.id).await.unwrap();
    let stored = Stored { whole: prints.whole, text: prints.text };
    tx.save_product(&tent, &stored, house.app.now()).await.unwrap();
    tx.mark_unindexed(&tent.id, house.app.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(offered("tent under 10").await, "the next question sees the new price");
    assert!(!offered("socks under 10").await, "a change makes it no sock");
}

#[tokio::test]
async fn a_code_wins_however_it_is_typed() {
    let house = House::open().await;
    for query in ["SK-DRRJW-XS-BLU", "sk-drrjwxsblu", "4098317000079", "4098 3170 00079", "is SK-DRRJW-XS-BLU warm?"] {
        let search = Search::of(query, 5);
        let found = find(&house.app, &house.shop, &search).await.unwrap();
        let first = found.items.first().map(|item| item.product.id.as_str());
        assert_eq!((first, found.relevant), (Some("skarn-drizzle-rain-jacket-women"), true), "{query}");
    }
}
