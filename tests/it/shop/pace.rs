//! How many purchases a second go all the way through the sandbox: proposal, yes, page, payment, event, settled. Printed,
//! not asserted: `SOUK_BENCH_PURCHASES=200 cargo test --test it pace -- --nocapture`.

use crate::skip::variable;
use crate::world::{TestShop, form};
use souk::checkout::commit::{Committed, commit};
use souk::checkout::propose::{Proposed, propose};
use souk::domain::id::VariantId;
use souk::domain::message::Said;
use souk::domain::order::OrderState;
use souk::domain::proposal::Wish;
use std::time::Instant;

#[tokio::test]
async fn purchases_a_second() {
    let Some(count) = variable("SOUK_BENCH_PURCHASES").and_then(|n| n.parse::<usize>().ok()) else {
        println!("skipped: set SOUK_BENCH_PURCHASES to measure");
        return;
    };
    let shop = TestShop::demo().await;
    shop.writes("Maya", "hello", Said::Text("hello".into())).await;
    shop.settles_down().await;
    let (app, of) = (&shop.app, shop.conversation("Maya").await);
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let ids = tx.product_ids_after("", 10_000).await.unwrap();
    let variants = tx.products(&ids).await.unwrap().into_iter().flat_map(|p| p.variants);
    let goods: Vec<VariantId> = variants
        .flat_map(|v| std::iter::repeat_n(v.id, v.stock.unwrap_or(1000).clamp(0, 1000) as usize))
        .take(count)
        .collect();
    let rules = tx.shop().await.unwrap().unwrap();
    drop(tx);
    let begun = Instant::now();
    for variant in &goods {
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        let mut cart = tx.cart(&of.contact).await.unwrap();
        let read = cart.version;
        cart.set(variant, 1).unwrap();
        tx.save_cart(&of.contact, &cart, read, app.now()).await.unwrap();
        let made = propose(app, &mut tx, &rules, &of.id, &of.contact, &Wish::Checkout).await.unwrap();
        tx.commit().await.unwrap();
        let Proposed::Made(proposal) = made else { panic!("{made:?}") };
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        let done = commit(app, &mut tx, &rules, &of.contact, &proposal.id).await.unwrap();
        tx.commit().await.unwrap();
        let Committed::Done(done) = done else { panic!("{done:?}") };
        shop.settles_down().await;
        let order = done.order.unwrap().id;
        let mut tx = app.store.read(&app.shop).await.unwrap();
        let session = tx.checkouts_of(&order).await.unwrap().remove(0).session.unwrap();
        drop(tx);
        app.sandbox.as_ref().unwrap().pay(&session, &form("4242 4242 4242 4242")).unwrap();
        shop.settles_down().await;
    }
    let took = begun.elapsed();
    let paid = shop.orders().await.iter().filter(|o| o.state == OrderState::Paid).count();
    assert_eq!(paid, goods.len());
    println!("{paid} purchases in {took:.1?}: {:.1} a second, one after the other", paid as f64 / took.as_secs_f64());
    shop.over();
}
