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
    // How the search words its answer is told by the scenarios; here it matters what can be bought.
    let found = shop.hears("Maya").await;
    assert!(found.contains("# Drizzle Rain Jacket Women | €79.90 | in stock [Details] [Choose & add]"), "{found}");
    shop.taps("Maya", "Choose & add").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: Choose & add
        agent: Drizzle Rain Jacket Women: which size?
            [XS] [S] [M] [L] [XL]
        ");
    shop.taps("Maya", "M").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: M
        agent: Which Drizzle Rain Jacket Women?
            [M / Blue] [M / Yellow]
        ");
    shop.taps("Maya", "M / Blue").await;
    shop.taps("Maya", "Checkout").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: M / Blue
        agent: Added: 1 × Drizzle Rain Jacket Women (M / Blue). Your cart comes to €84.80 with delivery.
            [Checkout] [View cart]
        shopper: Checkout
        agent: Here is your order. Please check it:
            = 1 × Drizzle Rain Jacket Women (M / Blue): €79.90
            = Subtotal: €79.90
            = Standard shipping: €4.90
            = Total: €84.80
            [Confirm order] [Cancel]
        ");
    shop.says("Maya", "yes").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: yes
        shop: Order FJ-1042 is reserved for you. Please pay here to complete it.
            (Pay €84.80)
        ");
    assert_eq!(shop.pays("Maya", GOOD_CARD).await, PageState::Paid);
    assert_snapshot!(shop.hears("Maya").await, @r"
        shop: Paid, thank you! Order FJ-1042 (€84.80) is confirmed. We are packing it now.
            [Order status]
        ");
    shop.taps("Maya", "Order status").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: Order status
        agent: Order FJ-1042 from 14 December 2026 (€84.80): paid, being packed.
            [Cancel order FJ-1042] [Change the address of order FJ-1042]
        ");
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
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: Add to cart
        agent: Added: 1 × Boot Wax 100 ml. Your cart comes to €14.80 with delivery.
            [Checkout] [View cart]
        shopper: Checkout
        agent: Here is your order. Please check it:
            = 1 × Boot Wax 100 ml (): €9.90
            = Subtotal: €9.90
            = Standard shipping: €4.90
            = Total: €14.80
            [Confirm order] [Cancel]
        shopper: Confirm order
        shop: Order FJ-1042 is reserved for you. Please pay here to complete it.
            (Pay €14.80)
        shopper: Confirm order
        agent: That order is already placed.
        shopper: yes
        agent: All right. Tell me if you need anything else.
        shop: Paid, thank you! Order FJ-1042 (€14.80) is confirmed. We are packing it now.
            [Order status]
        shopper: Confirm order
        agent: That order is already placed.
        ");
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
    assert_snapshot!(shop.hears("Maya").await, @r"
        shop: Thank you! The payment for order FJ-1042 is being processed. I'll write as soon as it is through; the items stay reserved for you.
            [Order status]
        shop: Paid, thank you! Order FJ-1042 (€14.80) is confirmed. We are packing it now.
            [Order status]
        ");
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn an_unpaid_order_gives_its_stock_back() {
    let shop = TestShop::demo().await;
    orders_boot_wax(&shop, "Maya").await;
    shop.hears("Maya").await;
    shop.waits(40).await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shop: Order FJ-1042 was not paid, so I have released the items again. Nothing was charged. Tell me if you still want them.
            [My cart] [Ask a colleague]
        ");
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
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: Confirm order
        agent: Your cart has changed since. Please check again:
            = 2 × Boot Wax 100 ml (): €19.80
            = Subtotal: €19.80
            = Standard shipping: €4.90
            = Total: €24.70
            [Confirm order] [Cancel]
        ");
    assert!(shop.orders().await.is_empty());
    shop.waits(20).await;
    shop.taps("Maya", "Confirm order").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: Confirm order
        agent: The summary had expired, so here is a fresh one.
            = 2 × Boot Wax 100 ml (): €19.80
            = Subtotal: €19.80
            = Standard shipping: €4.90
            = Total: €24.70
            [Confirm order] [Cancel]
        ");
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
    assert_snapshot!(shop.hears("Mallory").await, @r"
        shopper: Confirm order
        shopper: x
        agent: I can't find that summary any more.
        agent: That summary is no longer open, so there was nothing to cancel.
            [View cart] [Checkout]
        shopper: where is FJ-1001?
        agent: I cannot see that order here: I see orders placed in this chat. Shall I ask a colleague to look further?
            [Ask a colleague]
        ");
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
    shop.says("Maya", "what is in my cart?").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: I want to talk to a person please
        agent: Of course, I'm getting a colleague. A colleague will answer here (Mon–Fri 9:00–17:00).
            -- a colleague answers from here --
        shopper: hello?
        colleague: Hi Maya, what is it?
        shopper: my tent leaks
        shop: You are talking to the shop assistant again. What can I do for you?
            -- the agent answers again --
        shopper: what is in my cart?
        agent: Your cart is empty.
        ");
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn stop_is_honoured_and_confirmed_once() {
    let shop = TestShop::demo().await;
    shop.says("Maya", "STOP").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: STOP
        agent: You will not get any messages you did not ask for. Write any time if you need something.
        ");
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

#[tokio::test]
async fn a_tap_and_a_stop_count_whatever_follows_them() {
    let shop = TestShop::demo().await;
    shop.writes("Maya", "1", Said::Tap { id: "add:NV-BOW100".into(), label: "Add".into() }).await;
    shop.writes("Maya", "2", Said::Text("and".into())).await;
    shop.writes("Maya", "3", Said::Tap { id: "checkout:start".into(), label: "Checkout".into() }).await;
    shop.settles_down().await;
    let confirm = shop.button("Maya", "Confirm order").await.unwrap();
    shop.writes("Maya", "4", Said::Tap { id: confirm.id, label: confirm.label }).await;
    shop.writes("Maya", "5", Said::Text("thanks!".into())).await;
    shop.settles_down().await;
    assert_eq!(shop.orders().await.len(), 1, "the tap was overlooked");
    for (n, text) in ["hello", "STOP", "please"].iter().enumerate() {
        shop.writes("Jonas", &format!("burst {n}"), Said::Text((*text).to_owned())).await;
    }
    shop.settles_down().await;
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    assert!(tx.contact_by_alias("fake", "Jonas").await.unwrap().unwrap().stopped, "STOP was overlooked");
    drop(tx);
    shop.finish(&["Maya", "Jonas"]).await;
}
