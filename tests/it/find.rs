//! From a wish to goods of the demo shop.

use crate::world::TestShop;
use souk::catalog::find::{self, Found, Search};
use souk::catalog::index;
use souk::catalog::ingest::{self, Missing};
use souk::domain::id::ProductId;
use souk::embed;

/// What is found for a query, cheaper than a product where one is named.
async fn found(shop: &TestShop, query: &str, cheaper_than: Option<&str>) -> Found {
    let profile = shop.app.store.read(&shop.app.shop).await.unwrap().shop().await.unwrap().unwrap();
    let search = Search { cheaper_than: cheaper_than.map(ProductId::new), ..Search::of(query, 5) };
    find::find(&shop.app, &profile, &search).await.unwrap()
}

fn ids(found: &Found) -> Vec<&str> {
    found.items.iter().map(|item| item.product.id.as_str()).collect()
}

#[tokio::test]
async fn cheaper_ones_are_of_the_same_kind_though_they_go_by_other_words() {
    let shop = TestShop::demo().await;
    let poles = found(&shop, "quill trekking poles", Some("kestrel-works-quill-carbon-poles")).await;
    let profile = shop.app.store.read(&shop.app.shop).await.unwrap().shop().await.unwrap().unwrap();
    let shown = vec![ProductId::new("kestrel-works-quill-carbon-poles")];
    let beside = Search { shown, ..Search::of("quill trekking poles for cheaper", 5) };
    let leaning = find::find(&shop.app, &profile, &beside).await.unwrap();
    for found in [&poles, &leaning] {
        assert!(found.relevant, "{:?}", ids(found));
        for id in ["skarn-strider-aluminium-poles", "nordvik-vandra-cork-poles", "tarnwell-nordic-walking-poles"] {
            assert!(ids(found).contains(&id), "{:?}", ids(found));
        }
    }
    // Its category is "Navigation & electronics", and a compass is no power bank.
    let bank = found(&shop, "power bank", Some("polhavn-power-bank-10000")).await;
    assert!(!bank.relevant, "{:?}", ids(&bank));
    shop.over();
}

#[tokio::test]
async fn what_only_its_description_calls_unwanted_comes_last() {
    let shop = TestShop::demo().await;
    let told = [("a", "Woven of cotton."), ("b", "A top without cotton."), ("c", "Light and quick to dry.")];
    let row = |(id, says): (&str, &str)| format!("{id},Zorblatt top {id},Z-{id},20.00,Tops,{says}\n");
    let feed = format!("handle,title,sku,price,category,description\n{}", told.map(row).concat());
    let progress = &mut |_, _| {};
    ingest::ingest(&shop.app, &shop.app.shop, "f.csv", feed.as_bytes(), Missing::Keep, progress).await.unwrap();
    let tops = found(&shop, "zorblatt tops, not cotton", None).await;
    assert_eq!(ids(&tops).len(), 3, "{:?}", ids(&tops));
    assert_eq!(ids(&tops).last(), Some(&"a"), "{:?}", ids(&tops));
    shop.over();
}

#[tokio::test]
async fn a_limit_is_not_dropped_for_what_meets_it() {
    let shop = TestShop::demo().await;
    let app = shop.another(|app| app.embedder = embed::choose(&embed::Settings::default()).unwrap()).await;
    index::index_shop(&app, &app.shop, &mut |_, _| {}).await.unwrap();
    let profile = app.store.read(&app.shop).await.unwrap().shop().await.unwrap().unwrap();
    for query in ["zelt für zwei unter 200", "tienda de campaña para dos por menos de 200"] {
        let tents = find::find(&app, &profile, &Search::of(query, 5)).await.unwrap();
        assert_eq!(ids(&tents), ["skarn-weekend-dome-2-tent"], "{query}");
        assert!(tents.relevant && tents.relaxed.is_empty(), "{query}: {:?}", tents.relaxed);
    }
    shop.over();
}
