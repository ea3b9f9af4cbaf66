//! From the first question to the last thank-you, and what may come in between.

use crate::world::TestShop;
use insta::assert_snapshot;
use souk::conversation::hand_off;
use souk::domain::message::Said;
use souk::domain::order::OrderState;
use souk::payment::sandbox::mischief::Webhooks;
use souk::payment::sandbox::page::PageState;

const GOOD_CARD: &str = "4242 4242 4242 4242";
const SLOW_CARD: &str = "4000 0000 0000 7726";

#[tokio::test]
async fn a_shopper_finds_orders_and_pays() {
    let shop = TestShop::demo().await;
    shop.says("Maya", "a waterproof women's jacket under 100 in M").await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    shop.taps("Maya", "Choose & add").await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    shop.taps("Maya", "M").await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    let label = if shop.button("Maya", "M / Blue").await.is_some() { "M / Blue" } else { "Blue" };
    shop.taps("Maya", label).await;
    shop.taps("Maya", "Checkout").await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    shop.says("Maya", "yes").await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    assert_eq!(shop.pays("Maya", GOOD_CARD).await, PageState::Paid);
    assert_snapshot!(shop.hears("Maya").await, @"");
    shop.taps("Maya", "Order status").await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    assert_eq!(shop.orders().await.len(), 1);
    shop.finish(&["Maya"]).await;
}

async fn orders_boot_wax(shop: &TestShop, who: &str) {
    shop.writes(who, &format!("wax of {who}"), Said::Tap { id: "add:NV-BOW100".into(), label: "Add to cart".into() })
        .await;
    shop.settles_down().await;
    shop.taps(who, "Checkout").await;
    shop.taps(who, "Confirm order").await;
}

#[tokio::test]
async fn a_second_yes_orders_nothing() {
    let shop = TestShop::demo().await;
    orders_boot_wax(&shop, "Maya").await;
    shop.taps("Maya", "Confirm order").await;
    shop.says("Maya", "yes").await;
    shop.pays("Maya", GOOD_CARD).await;
    shop.taps("Maya", "Confirm order").await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    assert_eq!(shop.orders().await.len(), 1);
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn a_slow_payment_is_told_twice() {
    let shop = TestShop::demo().await;
    orders_boot_wax(&shop, "Maya").await;
    shop.hears("Maya").await;
    assert_eq!(shop.pays("Maya", SLOW_CARD).await, PageState::Pending);
    assert_eq!(shop.orders().await[0].state, OrderState::PaymentPending);
    let session = shop.replies("Maya").await.iter().find_map(|r| r.payment.clone()).unwrap().url;
    shop.app.sandbox.as_ref().unwrap().settle(session.rsplit('/').next().unwrap()).unwrap();
    shop.settles_down().await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn an_unpaid_order_gives_its_stock_back() {
    let shop = TestShop::demo().await;
    orders_boot_wax(&shop, "Maya").await;
    shop.hears("Maya").await;
    shop.waits(40).await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    assert_eq!(shop.orders().await[0].state, OrderState::Expired);
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn a_payment_whose_webhook_is_lost_is_found_when_the_page_ends() {
    let shop = TestShop::demo().await;
    orders_boot_wax(&shop, "Maya").await;
    shop.app.sandbox.as_ref().unwrap().set_webhooks(Webhooks::Dropped);
    shop.pays("Maya", GOOD_CARD).await;
    assert_eq!(shop.orders().await[0].state, OrderState::AwaitingPayment);
    shop.waits(40).await;
    assert_eq!(shop.orders().await[0].state, OrderState::Paid);
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn a_cart_changed_after_the_summary_is_shown_again() {
    let shop = TestShop::demo().await;
    let add = |n: &str| (format!("tap {n}"), Said::Tap { id: "add:NV-BOW100".into(), label: "Add to cart".into() });
    for n in ["1", "2"] {
        let (id, said) = add(n);
        shop.writes("Maya", &id, said).await;
        shop.settles_down().await;
        if n == "1" {
            shop.taps("Maya", "Checkout").await;
        }
    }
    shop.hears("Maya").await;
    shop.taps("Maya", "Confirm order").await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    assert!(shop.orders().await.is_empty());
    shop.waits(20).await;
    shop.taps("Maya", "Confirm order").await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    assert!(shop.orders().await.is_empty());
    shop.taps("Maya", "Confirm order").await;
    assert_eq!(shop.orders().await.len(), 1);
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn nobody_confirms_for_somebody_else() {
    let shop = TestShop::demo().await;
    shop.writes("Maya", "1", Said::Tap { id: "add:NV-BOW100".into(), label: "Add".into() }).await;
    shop.settles_down().await;
    shop.taps("Maya", "Checkout").await;
    let confirm = shop.button("Maya", "Confirm order").await.unwrap();
    shop.writes("Mallory", "1", Said::Tap { id: confirm.id.clone(), label: "Confirm order".into() }).await;
    shop.writes("Mallory", "2", Said::Tap { id: confirm.id.replace("confirm", "cancel"), label: "x".into() }).await;
    shop.settles_down().await;
    shop.says("Mallory", "where is FJ-1001?").await;
    assert_snapshot!(shop.hears("Mallory").await, @"");
    assert!(shop.orders().await.is_empty());
    shop.taps("Maya", "Confirm order").await;
    assert_eq!(shop.orders().await.len(), 1);
    shop.finish(&["Maya", "Mallory"]).await;
}

#[tokio::test]
async fn a_colleague_takes_over_and_gives_back() {
    let shop = TestShop::demo().await;
    shop.says("Maya", "I want to talk to a person please").await;
    shop.says("Maya", "hello?").await;
    let id = shop.conversation("Maya").await.id;
    hand_off::answer(&shop.app, &shop.app.shop, &id, "Ann", "Hi Maya, what is it?").await.unwrap();
    shop.settles_down().await;
    shop.says("Maya", "my tent leaks").await;
    assert!(hand_off::give_back(&shop.app, &shop.app.shop, &id).await.unwrap());
    assert!(!hand_off::give_back(&shop.app, &shop.app.shop, &id).await.unwrap());
    shop.settles_down().await;
    shop.says("Maya", "do you ship to Austria?").await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn stop_is_honoured_and_confirmed_once() {
    let shop = TestShop::demo().await;
    shop.says("Maya", "STOP").await;
    assert_snapshot!(shop.hears("Maya").await, @"");
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    assert!(tx.contact_by_alias("fake", "Maya").await.unwrap().unwrap().stopped);
    drop(tx);
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn a_repeated_message_is_answered_once_and_a_burst_gets_one_answer() {
    let shop = TestShop::demo().await;
    for _ in 0..3 {
        shop.writes("Maya", "same", Said::Text("what are your opening hours?".into())).await;
    }
    shop.settles_down().await;
    shop.writes("Maya", "same", Said::Text("what are your opening hours?".into())).await;
    shop.settles_down().await;
    assert_eq!((shop.messages("Maya").await.len(), shop.replies("Maya").await.len()), (2, 1));
    // Somebody else's message may have the same number on the network.
    shop.writes("Jonas", "same", Said::Text("hello".into())).await;
    for (n, text) in ["hi", "I need", "a headlamp"].iter().enumerate() {
        shop.writes("Maya", &format!("burst {n}"), Said::Text((*text).to_owned())).await;
    }
    shop.settles_down().await;
    assert_eq!((shop.replies("Maya").await.len(), shop.replies("Jonas").await.len()), (2, 1));
    assert!(!shop.replies("Maya").await[1].cards.is_empty());
    shop.finish(&["Maya", "Jonas"]).await;
}

#[tokio::test]
async fn a_busy_network_gets_every_message_in_order() {
    let shop = TestShop::demo().await;
    shop.network.be_busy(3);
    shop.says("Maya", "a headlamp").await;
    shop.network.be_busy(2);
    orders_boot_wax(&shop, "Maya").await;
    let sent: Vec<i64> = shop.network.sent().iter().map(|m| m.seq).collect();
    let stored = shop.messages("Maya").await;
    let written: Vec<i64> =
        stored.iter().filter(|m| m.author != souk::domain::message::Author::Shopper).map(|m| m.seq).collect();
    assert_eq!(sent, written);
    shop.finish(&["Maya"]).await;
}
