//! What runs stage, switch to and leave behind; reductions that are due; addresses that are asked: each shop's own.

use crate::store::{Db, at, euros, goods, now};
use souk::domain::id::{ProductId, RunId, ShopId, VariantId};
use souk::domain::product::Product;
use souk::domain::reservation::Holder;
use souk::domain::sale::Sale;
use souk::store::Tx;
use souk::store::catalog::Stored;
use souk::store::sources::Source;
use souk::store::switch::Count;
use souk::store::versions::{Side, Staged};
use std::collections::BTreeMap;
use std::sync::Arc;

fn stored() -> Stored {
    Stored { whole: "w".into(), text: "t".into() }
}

async fn staged(tx: &mut Tx, db: &Db, products: &[&Product], sale: Option<&Sale>) -> (RunId, Count) {
    let run: RunId = db.id();
    tx.begin_staging(&run, now()).await.unwrap();
    let first = VariantId::new("t1");
    for product in products {
        let sales = sale.iter().map(|sale| (&first, (*sale, sale.next_turn(now())))).collect::<BTreeMap<_, _>>();
        tx.stage(&run, &[Staged::Put { product, stored: &stored(), sales }]).await.unwrap();
    }
    while tx.keep_before(&run, 3).await.unwrap() > 0 {}
    let count = tx.staged(&run).await.unwrap();
    (run, count)
}

pub async fn a_switch_is_whole_and_can_be_taken_back(db: Arc<Db>) {
    let there = db.add_shop("there").await;
    let mut tx = db.tx().await;
    let (tent, mat) = (goods::product("tent", &["t1", "t2"]), goods::product("mat", &["m1"]));
    let (run, count) = staged(&mut tx, &db, &[&tent, &mat], None).await;
    assert_eq!(count, Count { products: 2, variants: 3 });
    assert_eq!(tx.catalog_size().await.unwrap(), (0, 0), "what is staged is seen by nobody");
    assert!(tx.switch_to(&run, 7, count, now()).await.unwrap_err().is_race(), "compared with another catalogue");
    drop(tx);

    let mut tx = db.tx().await;
    let (run, count) = staged(&mut tx, &db, &[&tent, &mat], None).await;
    tx.switch_to(&run, 0, count, now()).await.unwrap();
    assert_eq!(tx.catalog_version().await.unwrap(), 1);
    assert_eq!(tx.products(&[tent.id.clone(), mat.id.clone()]).await.unwrap(), [tent.clone(), mat.clone()]);
    assert_eq!(tx.unindexed(9).await.unwrap().len(), 2);
    assert_eq!(tx.told_stock(std::slice::from_ref(&tent.id)).await.unwrap()[&VariantId::new("t1")], Some(10));
    let contact = db.contact(&mut tx).await;
    let order = super::money::order(&db, &contact, "T-1");
    tx.insert_order(&order).await.unwrap();
    let holder = Holder::Order(order.id.clone());
    assert!(tx.hold_stock(&holder, &order.id, &VariantId::new("t1"), 4, now()).await.unwrap());

    // t2 goes, t1 moves to the mat with the same figure, m1 stays; the tent is left to be touched.
    let mut bigger = goods::product("mat", &["m1", "t1"]);
    bigger.variants[1].price = euros(5);
    let second: RunId = db.id();
    tx.begin_staging(&second, now()).await.unwrap();
    tx.stage(&second, &[Staged::Put { product: &bigger, stored: &stored(), sales: BTreeMap::new() }]).await.unwrap();
    tx.stage(&second, &[Staged::Touch(&tent.id)]).await.unwrap();
    while tx.keep_before(&second, 2).await.unwrap() > 0 {}
    let count = tx.staged(&second).await.unwrap();
    tx.switch_to(&second, 1, count, at(5)).await.unwrap();
    let mat_now = tx.product(&mat.id).await.unwrap().unwrap();
    assert_eq!((mat_now.variants[1].price, mat_now.variants[1].stock), (euros(5), Some(6)), "what is held stays held");
    assert_eq!(tx.product(&tent.id).await.unwrap().unwrap().variants.len(), 1);
    let owners = tx.owners(&[VariantId::new("t1"), VariantId::new("t2"), VariantId::new("x")]).await.unwrap();
    assert_eq!(owners.values().map(ProductId::as_str).collect::<Vec<_>>(), ["mat", "tent"]);

    assert_eq!(tx.touched_since(&run, 9).await.unwrap(), [mat.id.clone(), tent.id.clone()]);
    assert_eq!(tx.touched_since(&second, 9).await.unwrap(), []);
    tx.sell_stock(&holder).await.unwrap();
    let back: RunId = db.id();
    tx.begin_staging(&back, now()).await.unwrap();
    tx.stage_undo(&second, &back).await.unwrap();
    while tx.keep_before(&back, 2).await.unwrap() > 0 {}
    let count = tx.staged(&back).await.unwrap();
    tx.switch_to(&back, 2, count, at(6)).await.unwrap();
    let mut as_it_was = tent.clone();
    as_it_was.variants[0].stock = Some(6);
    assert_eq!(tx.products(&[tent.id.clone(), mat.id.clone()]).await.unwrap(), [as_it_was, mat.clone()]);
    let versions: Vec<Option<i64>> = tx.stagings().await.unwrap().iter().map(|s| s.version).collect();
    assert_eq!(versions, [Some(3), Some(2), Some(1)]);
    tx.commit().await.unwrap();

    // Another shop sees and drops nothing of it.
    let mut tx = db.store.begin(&there).await.unwrap();
    assert_eq!((tx.catalog_version().await.unwrap(), tx.stagings().await.unwrap()), (0, vec![]));
    assert_eq!(tx.staged(&back).await.unwrap(), Count::default());
    assert_eq!(tx.drop_versions(&back, Side::Before, 99).await.unwrap(), 0);
    assert_eq!(tx.touched_since(&run, 9).await.unwrap(), []);
    assert!(tx.owners(&[VariantId::new("t1")]).await.unwrap().is_empty());
    assert!(tx.told_stock(std::slice::from_ref(&tent.id)).await.unwrap().is_empty());
    tx.forget_staging(&back).await.unwrap();
    tx.stage_undo(&run, &back).await.unwrap();
    assert_eq!((tx.staged(&back).await.unwrap(), tx.keep_before(&run, 9).await.unwrap()), (Count::default(), 0));
    tx.commit().await.unwrap();
    let mut tx = db.tx().await;
    assert_eq!(tx.stagings().await.unwrap().len(), 3);
    while tx.drop_versions(&back, Side::After, 1).await.unwrap() > 0 {}
    assert_eq!(tx.staged(&back).await.unwrap(), Count::default());
    tx.forget_staging(&back).await.unwrap();
    assert_eq!(tx.stagings().await.unwrap().len(), 2);
    let left: RunId = db.id();
    tx.begin_staging(&left, at(1)).await.unwrap();
    tx.stage(&left, &[Staged::Retire(&tent.id)]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.store.left_stagings(at(2), 9).await.unwrap(), [(db.shop.clone(), left.clone())]);
    assert_eq!(db.store.left_stagings(at(1), 9).await.unwrap(), []);
}

pub async fn prices_turn_once_and_in_their_shop(db: Arc<Db>) {
    let there = db.add_shop("there").await;
    let mut tx = db.tx().await;
    let tent = goods::product("tent", &["t1"]);
    let from = at(now().as_millisecond() + 1_000);
    let sale = Sale { regular: euros(14_990), reduced: euros(9_990), from: Some(from), until: None };
    let (run, count) = staged(&mut tx, &db, &[&tent], Some(&sale)).await;
    tx.switch_to(&run, 0, count, now()).await.unwrap();
    assert_eq!(tx.next_turn().await.unwrap(), Some(from));
    assert_eq!(tx.due_sales(now(), 9).await.unwrap(), []);
    assert_eq!(tx.due_sales(from, 9).await.unwrap(), [(VariantId::new("t1"), sale.clone())]);
    tx.commit().await.unwrap();
    assert_eq!(db.store.shops_with_due_sales(from).await.unwrap(), std::slice::from_ref(&db.shop));
    assert_eq!(db.store.shops_with_due_sales(now()).await.unwrap(), Vec::<ShopId>::new());

    let mut tx = db.store.begin(&there).await.unwrap();
    assert_eq!((tx.due_sales(from, 9).await.unwrap(), tx.next_turn().await.unwrap()), (vec![], None));
    assert!(!tx.turn_price(&VariantId::new("t1"), &sale, from).await.unwrap());
    tx.commit().await.unwrap();

    let mut tx = db.tx().await;
    let (t1, marks) = (VariantId::new("t1"), tx.unindexed(9).await.unwrap());
    assert!(tx.turn_price(&t1, &sale, from).await.unwrap());
    let turned = tx.product(&tent.id).await.unwrap().unwrap().variants.remove(0);
    assert_eq!((turned.price, turned.compare_at), (euros(9_990), Some(euros(14_990))));
    assert_ne!(tx.unindexed(9).await.unwrap(), marks, "the index hears of it");
    assert!(!tx.turn_price(&t1, &sale, from).await.unwrap(), "it has turned");
    assert_eq!(tx.next_turn().await.unwrap(), None);
}

pub async fn sources_are_asked_on_time_and_stay_in_their_shop(db: Arc<Db>) {
    let there = db.add_shop("there").await;
    let mut tx = db.tx().await;
    let source = |url: &str, ms| Source {
        id: db.id(),
        url: url.into(),
        kind: "products".into(),
        every_minutes: 60,
        next_at: at(ms),
        fetched_at: None,
        changed_at: None,
        etag: None,
        last_modified: None,
        failures: 0,
        problem: None,
    };
    let (a, b) = (source("https://a.example/x.csv", 10), source("https://b.example/x.csv", 20));
    for one in [&a, &b] {
        assert_eq!(tx.save_source(one).await.unwrap(), one.id);
    }
    let faster = Source { every_minutes: 5, ..source("https://a.example/x.csv", 11) };
    assert_eq!(tx.save_source(&faster).await.unwrap(), a.id, "an address is asked once");
    tx.commit().await.unwrap();
    assert_eq!(db.store.due_sources(at(15), 9).await.unwrap(), [(db.shop.clone(), a.id.clone())]);
    assert_eq!(db.store.due_sources(at(20), 1).await.unwrap().len(), 1);

    let mut tx = db.store.begin(&there).await.unwrap();
    assert_eq!((tx.sources().await.unwrap(), tx.source(&a.id).await.unwrap()), (vec![], None));
    assert!(!tx.claim_source(&a.id, at(99), at(100)).await.unwrap());
    assert!(!tx.note_fetch(&a).await.unwrap() && !tx.remove_source(&a.id).await.unwrap());
    tx.commit().await.unwrap();

    let mut tx = db.tx().await;
    assert!(tx.claim_source(&a.id, at(15), at(100)).await.unwrap());
    assert!(!tx.claim_source(&a.id, at(15), at(100)).await.unwrap(), "somebody asks already");
    let tried = Source {
        next_at: at(200),
        fetched_at: Some(at(15)),
        etag: Some("\"1\"".into()),
        failures: 2,
        problem: Some("away".into()),
        ..Source { id: a.id.clone(), ..faster }
    };
    assert!(tx.note_fetch(&tried).await.unwrap());
    assert_eq!(tx.source(&a.id).await.unwrap(), Some(tried.clone()));
    assert_eq!(tx.sources().await.unwrap(), [tried, b.clone()]);
    assert!(tx.remove_source(&a.id).await.unwrap() && !tx.remove_source(&a.id).await.unwrap());
    assert_eq!(tx.sources().await.unwrap(), [b]);
}
