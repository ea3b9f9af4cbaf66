//! Wishes with the category that meets them, and wishes the shop cannot meet.

use super::{House, rows};
use crate::catalog::find::{Search, Sort, find};

#[tokio::test]
async fn wishes_find_their_category_and_others_are_known_to_be_none() {
    let house = House::open().await;
    let (mut ours, mut first, mut met, mut kept, mut foreign, mut fooled) = (0, 0, 0, 0.0, 0, 0);
    for (wish, right) in rows(include_str!("../../../evals/labels/wishes.tsv")) {
        let search = Search { query: wish.to_owned(), cheaper_than: None, sort: Sort::Relevance, limit: 5 };
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
            println!("{wish:<45} relevant {} {titles:?}", found.relevant);
        }
    }
    let share = |n: usize, of: usize| n as f32 / of as f32;
    let (hit1, recall) = (share(first, ours), share(met, ours));
    let (precision, false_rate) = (kept / ours as f32, share(fooled, foreign));
    println!("{ours} + {foreign}: top {hit1:.2}, met {recall:.2}, of its kind {precision:.2}, false {false_rate:.2}");
    assert!(hit1 >= 0.93 && recall >= 0.91 && precision >= 0.9, "wishes find less than they did");
    assert!(false_rate <= 0.05, "what the shop does not carry is offered as if it did");
}
