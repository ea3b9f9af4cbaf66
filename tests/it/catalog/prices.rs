//! Prices that turn: before, during and after a reduction, with workers that are late.

use crate::catalog::selling;
use crate::world::TestShop;
use jiff::{Span, Timestamp};
use souk::app::App;
use souk::catalog::{self, diff, feed::Item};
use souk::domain::id::{ProductId, VariantId};
use souk::domain::money::{Currency, Money};
use souk::domain::sale::Sale;
use souk::store::versions::Staged;
use souk::worker;
use std::collections::BTreeMap;

fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

/// The tent is 100, and 80 from tomorrow for a day.
async fn reduced() -> TestShop {
    let shop = selling("tent,Tent,T,100,10\nmat,Mat,M,20,10\n").await;
    let app = &shop.app;
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let mut product = tx.product(&ProductId::new("tent")).await.unwrap().unwrap();
    let now = app.now();
    let in_hours = |hours| now.checked_add(Span::new().hours(hours)).unwrap();
    let sale =
        Sale { regular: euros(10_000), reduced: euros(8_000), from: Some(in_hours(24)), until: Some(in_hours(48)) };
    (product.variants[0].price, product.variants[0].compare_at) = sale.at(now);
    let id = VariantId::new("T");
    let item = Item { line: 2, product, sales: BTreeMap::from([(id.clone(), sale.clone())]) };
    let prints = diff::of_item(&item);
    let stored = souk::store::catalog::Stored { whole: prints.whole, text: prints.text };
    let (run, seen) = (app.new_id(), tx.catalog_version().await.unwrap());
    tx.begin_staging(&run, now).await.unwrap();
    let sales = BTreeMap::from([(&id, (&sale, sale.next_turn(now)))]);
    tx.stage(&run, &[Staged::Put { product: &item.product, stored: &stored, sales }]).await.unwrap();
    while tx.keep_before(&run, 10).await.unwrap() > 0 {}
    let count = tx.staged(&run).await.unwrap();
    tx.switch_to(&run, seen, count, now).await.unwrap();
    tx.commit().await.unwrap();
    catalog::prices::turn(app, &app.shop).await.unwrap();
    shop
}

async fn price(app: &App) -> (i64, Option<i64>) {
    let mut tx = app.store.read(&app.shop).await.unwrap();
    let tent = tx.product(&ProductId::new("tent")).await.unwrap().unwrap();
    (tent.variants[0].price.minor, tent.variants[0].compare_at.map(|m| m.minor))
}

#[tokio::test]
async fn a_price_turns_at_its_moment() {
    let shop = reduced().await;
    assert_eq!(price(&shop.app).await, (10_000, None));
    let due: Timestamp = shop.app.store.next_due().await.unwrap().unwrap();
    assert!(due <= shop.app.now().checked_add(Span::new().hours(24)).unwrap());
    shop.waits(24 * 60 - 1).await;
    shop.clock.advance(Span::new().minutes(1));
    while worker::drain(&shop.app, 100).await > 0 {}
    assert_eq!(price(&shop.app).await, (8_000, Some(10_000)));
    shop.waits(24 * 60).await;
    assert_eq!(price(&shop.app).await, (10_000, None));
    assert_eq!(shop.app.store.read(&shop.app.shop).await.unwrap().next_turn().await.unwrap(), None);
    shop.over();
}

#[tokio::test]
async fn a_job_that_was_lost_is_made_up_for() {
    let shop = reduced().await;
    let app = &shop.app;
    // The job is claimed by a process that dies for good, as a parked one would be.
    shop.clock.advance(Span::new().hours(25));
    while app.store.claim_job("dead", app.now(), Timestamp::MAX).await.unwrap().is_some() {}
    assert_eq!(price(app).await, (10_000, None));
    catalog::upkeep(app).await.unwrap();
    assert_eq!(price(app).await, (8_000, Some(10_000)));
    shop.clock.advance(Span::new().hours(200));
    catalog::upkeep(app).await.unwrap();
    assert_eq!(price(app).await, (10_000, None), "a sale that was slept through is over");
    shop.over();
}

#[tokio::test]
async fn a_cart_from_before_is_priced_anew() {
    let shop = reduced().await;
    while worker::drain(&shop.app, 100).await > 0 {}
    shop.says("Maya", "do you have a tent?").await;
    shop.taps("Maya", "Add to cart").await;
    shop.taps("Maya", "Checkout").await;
    let summary = shop.hears("Maya").await;
    assert!(summary.contains("€100.00"), "{summary}");
    shop.waits(24 * 60).await;
    shop.says("Maya", "checkout").await;
    let summary = shop.hears("Maya").await;
    assert!(summary.contains("€80.00") && !summary.contains("€100.00"), "{summary}");
    shop.over();
}

#[tokio::test]
async fn an_undone_sale_gives_the_price_of_now() {
    let shop = reduced().await;
    let app = &shop.app;
    super::feed(app, "tent,Tent,T,70,10\nmat,Mat,M,20,10\n").await.unwrap();
    assert_eq!(price(app).await, (7_000, None));
    shop.clock.advance(Span::new().hours(30));
    catalog::undo::undo(app, &app.shop, None).await.unwrap();
    assert_eq!(price(app).await, (8_000, Some(10_000)), "the sale is back and has begun meanwhile");
    shop.waits(24 * 60).await;
    assert_eq!(price(app).await, (10_000, None));
    shop.over();
}

#[tokio::test]
async fn the_moment_does_not_change_what_a_feed_says() {
    let shop = reduced().await;
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let before = tx.product(&ProductId::new("tent")).await.unwrap().unwrap();
    let sale = Sale { regular: euros(10_000), reduced: euros(8_000), from: None, until: Some(shop.app.now()) };
    let item = |now: Timestamp, sale: Sale| {
        let mut product = before.clone();
        (product.variants[0].price, product.variants[0].compare_at) = sale.at(now);
        Item { line: 2, product, sales: BTreeMap::from([(VariantId::new("T"), sale)]) }
    };
    let early = item(Timestamp::UNIX_EPOCH, sale.clone());
    let late = item(shop.app.now(), sale.clone());
    assert_ne!(early.product, late.product);
    assert_eq!(diff::of_item(&early), diff::of_item(&late));
    let other = Sale { reduced: euros(7_000), ..sale };
    assert_ne!(diff::of_item(&early).whole, diff::of_item(&item(Timestamp::UNIX_EPOCH, other)).whole);
    drop(tx);
    shop.over();
}
