//! The demo shop with the embedder a merchant gets who sets nothing: what no word says is found by what it means.

use crate::world::TestShop;
use souk::catalog::index;
use souk::embed;
use souk::search::{Filter, Kind};

/// What somebody wants, and the product that is it; they share no word.
const WISHES: [(&str, &str); 2] = [
    ("footwear for icy mountains", "kestrel-works-arete-alpine-boot"),
    ("a bed you can blow up", "nordvik-vila-air-mat"),
];

fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split(|c: char| !c.is_alphabetic()).filter(|w| w.len() > 2).map(str::to_owned).collect()
}

#[tokio::test]
async fn what_no_word_says_is_found_by_its_meaning_with_the_default_embedder() {
    let shop = TestShop::demo().await;
    let app = shop.another(|app| app.embedder = embed::choose(&embed::Settings::default()).unwrap()).await;
    assert!(app.embedder.stamp().starts_with("minilm"), "{}", app.embedder.stamp());
    assert!(!index::is_current(&app, &app.shop).await.unwrap(), "vectors of the other embedder do not count as ours");
    index::index_shop(&app, &app.shop, &mut |_, _| {}).await.unwrap();
    assert!(index::is_current(&app, &app.shop).await.unwrap());
    let only_products = Filter { kind: Some(Kind::Product), ..Filter::default() };
    for (wish, wanted) in WISHES {
        let id = souk::domain::id::ProductId::new(wanted);
        let product = app.store.read(&app.shop).await.unwrap().product(&id).await.unwrap().unwrap();
        let said = words(&format!("{} {} {}", product.title, product.category, product.description));
        let shared: Vec<String> = words(wish).into_iter().filter(|w| said.contains(w) && w != "for").collect();
        assert!(shared.is_empty(), "{wanted} says {shared:?}");
        let vector = app.embedder.embed_query(wish).await.unwrap();
        let near = app.index.dense(&app.shop, &vector, &only_products, 1).await.unwrap();
        assert_eq!(near[0].id, wanted, "{wish}");
    }
    shop.over();
}
