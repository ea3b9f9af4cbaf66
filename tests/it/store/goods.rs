//! Products, passages, words, stock.

use crate::store::{Db, at, euros, now};
use souk::domain::id::{OrderId, PassageId, ProductId, VariantId};
use souk::domain::passage::Passage;
use souk::domain::product::{Choice, Product, Variant};
use souk::domain::reservation::Holder;
use souk::store::Tx;
use souk::store::catalog::Stored;
use souk::store::texts::KnownText;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::JoinSet;

/// A product with these SKUs, ten pieces each.
pub fn product(id: &str, skus: &[&str]) -> Product {
    let variant = |sku: &&str| Variant {
        id: VariantId::new(*sku),
        options: vec![Choice { name: "Size".into(), value: (*sku).to_owned() }],
        price: euros(14_990),
        compare_at: Some(euros(19_990)),
        stock: Some(10),
        barcode: None,
        mpn: None,
    };
    Product {
        id: ProductId::new(id),
        title: format!("The {id}"),
        brand: String::new(),
        category: "Tents".into(),
        description: "Dry.".into(),
        attributes: BTreeMap::from([("weight".to_owned(), "2 kg".to_owned())]),
        picture: None,
        more_pictures: Vec::new(),
        url: None,
        variants: skus.iter().map(variant).collect(),
    }
}

/// Stores it.
pub async fn save(tx: &mut Tx, product: &Product, whole: &str) {
    let stored = Stored { whole: whole.to_owned(), text: "text".to_owned() };
    tx.save_product(product, &stored, now()).await.unwrap();
}

async fn stock(db: &Db, sku: &str) -> i64 {
    let mut tx = db.tx().await;
    let id = VariantId::new(sku);
    tx.product_of(&id).await.unwrap().unwrap().variant(&id).unwrap().stock.unwrap()
}

pub async fn products_come_as_asked_for_and_go_when_retired(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let (b, a, c) = (product("b", &["b2", "b1"]), product("a", &["a1"]), product("c", &["c1"]));
    for p in [&b, &a, &c] {
        save(&mut tx, p, "v1").await;
    }
    let ids = |names: &[&str]| names.iter().map(|n| ProductId::new(*n)).collect::<Vec<_>>();
    let asked = ids(&["c", "nowhere", "b", "a"]);
    assert_eq!(tx.products(&asked).await.unwrap(), [c.clone(), b.clone(), a.clone()]);
    assert_eq!(tx.catalog_size().await.unwrap(), (3, 4));
    assert_eq!(tx.product_ids_after("a", 1).await.unwrap(), ids(&["b"]));
    // A feed takes b1 away, and gives b2 to the product it now belongs to.
    let smaller = product("b", &["b3"]);
    let taker = product("c", &["c1", "b2"]);
    save(&mut tx, &smaller, "v2").await;
    save(&mut tx, &taker, "v2").await;
    assert_eq!(tx.product_of(&VariantId::new("b1")).await.unwrap(), None);
    assert_eq!(tx.product_of(&VariantId::new("b2")).await.unwrap().map(|p| p.id), Some(taker.id.clone()));
    assert_eq!(tx.product(&smaller.id).await.unwrap(), Some(smaller.clone()));
    assert!(tx.retire_product(&a.id, now()).await.unwrap());
    assert!(!tx.retire_product(&a.id, now()).await.unwrap());
    assert_eq!(tx.product(&a.id).await.unwrap(), None);
    assert_eq!(tx.product_of(&VariantId::new("a1")).await.unwrap(), None);
    let marks: Vec<(String, String)> =
        tx.fingerprints().await.unwrap().into_iter().map(|(id, s)| (id.to_string(), s.whole)).collect();
    assert_eq!(marks, [("b".to_owned(), "v2".to_owned()), ("c".to_owned(), "v2".to_owned())]);
    save(&mut tx, &a, "v3").await;
    assert_eq!(tx.product(&a.id).await.unwrap(), Some(a));
}

pub async fn passages_are_replaced_by_source(db: Arc<Db>) {
    let passage = |id: &str, source: &str| Passage {
        id: PassageId::new(id),
        source: source.to_owned(),
        title: "Returns".into(),
        heading: String::new(),
        text: format!("text of {id}"),
        valid_from: None,
        valid_until: Some("2027-01-15".into()),
        language: Some("en".into()),
    };
    let mut tx = db.tx().await;
    let (r1, r2, s1) = (passage("r1", "returns.md"), passage("r2", "returns.md"), passage("s1", "ship.md"));
    tx.replace_passages("ship.md", std::slice::from_ref(&s1)).await.unwrap();
    tx.replace_passages("returns.md", &[r2.clone(), r1.clone()]).await.unwrap();
    assert_eq!(tx.all_passages().await.unwrap(), [r2.clone(), r1.clone(), s1.clone()]);
    assert_eq!(
        tx.passages(&[s1.id.clone(), PassageId::new("x"), r1.id.clone()]).await.unwrap(),
        [s1.clone(), r1.clone()]
    );
    tx.replace_passages("returns.md", std::slice::from_ref(&r1)).await.unwrap();
    assert_eq!(tx.all_passages().await.unwrap(), [r1, s1]);
    tx.replace_passages("returns.md", &[]).await.unwrap();
    assert_eq!(tx.all_passages().await.unwrap().len(), 1);
    let text =
        |source: &str, hash: &str| KnownText { source: source.into(), hash: hash.into(), ..KnownText::default() };
    tx.save_text(&text("ship.md", "1")).await.unwrap();
    tx.save_text(&text("pay.md", "1")).await.unwrap();
    let new = KnownText { origin: "site".into(), etag: Some("v2".into()), ..text("ship.md", "2") };
    tx.save_text(&new).await.unwrap();
    assert_eq!(tx.texts().await.unwrap(), [text("pay.md", "1"), new]);
    tx.forget_text("ship.md").await.unwrap();
    assert_eq!(tx.texts().await.unwrap(), [text("pay.md", "1")]);
    assert_eq!(tx.all_passages().await.unwrap(), []);
}

pub async fn the_vocabulary_is_the_last_one(db: Arc<Db>) {
    let mut tx = db.tx().await;
    assert_eq!(tx.vocabulary().await.unwrap(), None);
    tx.save_vocabulary("{\"a\":1}").await.unwrap();
    tx.save_vocabulary("{\"b\":2}").await.unwrap();
    assert_eq!(tx.vocabulary().await.unwrap().as_deref(), Some("{\"b\":2}"));
}

/// Orders that may hold stock.
async fn orders(db: &Db, count: usize) -> Vec<OrderId> {
    let mut tx = db.tx().await;
    let contact = db.contact(&mut tx).await;
    let mut ids = Vec::new();
    for n in 0..count {
        let order = super::money::order(db, &contact, &format!("T-{n}"));
        tx.insert_order(&order).await.unwrap();
        ids.push(order.id);
    }
    save(&mut tx, &product("tent", &["t1"]), "v1").await;
    tx.commit().await.unwrap();
    ids
}

pub async fn ten_pieces_are_held_ten_times(db: Arc<Db>) {
    let mut tasks = JoinSet::new();
    for order in orders(&db, 50).await {
        let db = Arc::clone(&db);
        tasks.spawn(async move {
            let mut tx = db.tx().await;
            let held =
                tx.hold_stock(&Holder::Order(order.clone()), &order, &VariantId::new("t1"), 1, now()).await.unwrap();
            tx.commit().await.unwrap();
            held
        });
    }
    let held = tasks.join_all().await.into_iter().filter(|held| *held).count();
    assert_eq!((held, stock(&db, "t1").await), (10, 0));
}

pub async fn stock_comes_back_once(db: Arc<Db>) {
    let ids = orders(&db, 3).await;
    let (tent, mut tx) = (VariantId::new("t1"), db.tx().await);
    let holder = |n: usize| Holder::Order(ids[n].clone());
    assert!(tx.hold_stock(&holder(0), &ids[0], &tent, 4, now()).await.unwrap());
    assert!(!tx.hold_stock(&holder(1), &ids[1], &tent, 7, now()).await.unwrap(), "six are left");
    assert!(tx.hold_stock(&holder(1), &ids[1], &tent, 6, now()).await.unwrap());
    tx.commit().await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let (db, order) = (Arc::clone(&db), ids[0].clone());
        tasks.spawn(async move {
            let mut tx = db.tx().await;
            let back = tx.release_stock(&Holder::Order(order)).await.unwrap();
            tx.commit().await.unwrap();
            back.len()
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().sum::<usize>(), 1);
    let mut tx = db.tx().await;
    tx.sell_stock(&holder(1)).await.unwrap();
    assert_eq!(tx.release_stock(&holder(1)).await.unwrap(), [], "what is sold does not come back");
    tx.commit().await.unwrap();
    assert_eq!(stock(&db, "t1").await, 4);
    // What was sold comes back once for each reason it comes back for.
    let mut tx = db.tx().await;
    assert!(tx.restock(&Holder::CalledOff(ids[1].clone()), &ids[1], &tent, 6).await.unwrap());
    assert!(!tx.restock(&Holder::CalledOff(ids[1].clone()), &ids[1], &tent, 6).await.unwrap());
    // What was given up can be held once more under the same name, and what was sold cannot.
    assert!(tx.hold_stock(&holder(0), &ids[0], &tent, 2, now()).await.unwrap());
    assert_eq!(tx.overdue_holds(at(9_000), 9).await.unwrap(), [ids[0].clone()]);
    assert!(tx.hold_stock(&holder(1), &ids[1], &tent, 1, now()).await.is_err());
}
