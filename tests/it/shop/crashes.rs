//! One purchase, told with a worker that dies again and again: what the shopper reads and pays stays the same.

use crate::shop::dying::Mortal;
use crate::world::TestShop;
use souk::domain::message::{Author, Body, Message, Said};
use souk::domain::order::OrderState;

const SEEDS: u64 = 25;

async fn says(shop: &mut TestShop, mortal: &mut Mortal, id: &str, said: Said) {
    shop.writes("Maya", id, said).await;
    mortal.settles(shop).await;
}

async fn taps(shop: &mut TestShop, mortal: &mut Mortal, label: &str) {
    let button = shop.button("Maya", label).await.unwrap_or_else(|| panic!("no button {label}"));
    says(shop, mortal, label, Said::Tap { id: button.id, label: button.label }).await;
}

async fn purchase(seed: u64) -> (u32, TestShop) {
    let mut shop = TestShop::demo().await;
    let mut mortal = Mortal::new(seed);
    says(&mut shop, &mut mortal, "1", Said::Text("do you have boot wax?".into())).await;
    taps(&mut shop, &mut mortal, "Add to cart").await;
    taps(&mut shop, &mut mortal, "Checkout").await;
    taps(&mut shop, &mut mortal, "Confirm order").await;
    shop.fills_in("Maya", "4242 4242 4242 4242").await;
    mortal.settles(&mut shop).await;
    says(&mut shop, &mut mortal, "2", Said::Text("thank you".into())).await;
    (mortal.deaths, shop)
}

fn count(messages: &[Message], what: impl Fn(&souk::domain::message::Reply) -> bool) -> usize {
    messages.iter().filter(|m| matches!(&m.body, Body::Reply(reply) if what(reply))).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purchase_survives_any_death() {
    let mut deaths = 0;
    for seed in 0..SEEDS {
        println!("seed {seed}");
        let (died, shop) = purchase(seed).await;
        deaths += died;
        let messages = shop.messages("Maya").await;
        let orders = shop.orders().await;
        let told = || messages.iter().map(crate::talk::spoken).collect::<Vec<_>>().join("\n");
        assert_eq!(orders.len(), 1, "seed {seed}\n{}", told());
        assert_eq!(orders[0].state, OrderState::Paid, "seed {seed}\n{}", told());
        assert_eq!(count(&messages, |r| r.payment.is_some()), 1, "one page; seed {seed}\n{}", told());
        assert_eq!(count(&messages, |r| r.text.starts_with("Paid, thank you")), 1, "seed {seed}\n{}", told());
        assert_eq!(count(&messages, |r| r.summary.is_some()), 1, "one summary; seed {seed}\n{}", told());
        assert_eq!(
            count(&messages, |r| r.text.starts_with("Added: 1 ×")),
            1,
            "one in the cart; seed {seed}\n{}",
            told()
        );
        // Every question one answer: five asked, five answers and the thank-you.
        let asked = messages.iter().filter(|m| m.author == Author::Shopper).count();
        assert_eq!((asked, messages.len() - asked), (5, 6), "seed {seed}\n{}", told());
        let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
        for message in messages.iter().filter(|m| m.author != Author::Shopper) {
            assert!(tx.was_sent(&message.id).await.unwrap(), "seed {seed}: never sent: {message:?}");
        }
        drop(tx);
        shop.finish(&["Maya"]).await;
    }
    println!("{deaths} deaths in {SEEDS} purchases");
    assert!(deaths > SEEDS as u32, "only {deaths} deaths");
}
