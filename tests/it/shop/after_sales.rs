//! What follows a sale, told as talk: calling off, changing one's mind, another language.

use crate::world::TestShop;
use insta::assert_snapshot;
use souk::domain::message::Said;
use souk::domain::order::OrderState;

const GOOD_CARD: &str = "4242 4242 4242 4242";

async fn buys_boot_wax(shop: &TestShop, who: &str) {
    shop.writes(who, "wax", Said::Tap { id: "add:NV-BOW100".into(), label: "Add to cart".into() }).await;
    shop.settles_down().await;
    shop.taps(who, "Checkout").await;
    shop.taps(who, "Confirm order").await;
    shop.pays(who, GOOD_CARD).await;
    shop.hears(who).await;
}

#[tokio::test]
async fn a_paid_order_is_called_off_by_the_shoppers_own_yes() {
    let shop = TestShop::demo().await;
    buys_boot_wax(&shop, "Maya").await;
    shop.says("Maya", "please cancel my order").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: please cancel my order
        agent: This is what I would do. Please check it:
            = Paid back to you: €14.80
            [Cancel the order] [Keep the order]
        ");
    shop.says("Maya", "no").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: no
        agent: All right, nothing was changed. Order FJ-1042 stays as it was.
            [Order status]
        ");
    assert_eq!(shop.orders().await[0].state, OrderState::Paid);
    shop.says("Maya", "cancel order FJ-1042").await;
    shop.says("Maya", "yes").await;
    let heard = shop.hears("Maya").await;
    let told = "shop: Order FJ-1042 is cancelled. €14.80 goes back to the card you paid with; banks take 5 to 10 days.";
    assert!(heard.contains(told), "{heard}");
    let order = shop.orders().await.remove(0);
    assert_eq!(order.state, OrderState::Cancelled);
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let refunds = tx.refunds_of(&order.id).await.unwrap();
    drop(tx);
    assert_eq!(refunds.iter().map(|r| r.amount).collect::<Vec<_>>(), [order.quote.total]);
    // The button of the first summary, and a second yes, do nothing more.
    shop.taps("Maya", "Cancel the order").await;
    shop.says("Maya", "yes").await;
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    assert_eq!(tx.refunds_of(&order.id).await.unwrap().len(), 1);
    drop(tx);
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn an_order_is_called_off_in_spanish() {
    let shop = TestShop::demo().await;
    buys_boot_wax(&shop, "Maya").await;
    shop.says("Maya", "quiero cancelar mi pedido").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: quiero cancelar mi pedido
        agent: Esto es lo que haría. Revísalo, por favor:
            = Te devolvemos: 14,80 €
            [Cancelar el pedido] [Conservar el pedido]
        ");
    shop.taps("Maya", "Cancelar el pedido").await;
    let heard = shop.hears("Maya").await;
    assert!(heard.contains("shop: El pedido FJ-1042 está cancelado. 14,80 € vuelven a la tarjeta"), "{heard}");
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn whether_it_is_paid_is_for_the_provider_to_say() {
    let shop = TestShop::demo().await;
    shop.writes("Maya", "wax", Said::Tap { id: "add:NV-BOW100".into(), label: "Add to cart".into() }).await;
    shop.settles_down().await;
    shop.taps("Maya", "Checkout").await;
    shop.taps("Maya", "Confirm order").await;
    shop.hears("Maya").await;
    shop.says("Maya", "I've paid").await;
    assert_snapshot!(shop.hears("Maya").await, @r"
        shopper: I've paid
        agent: The payment for order FJ-1042 has not arrived yet. The page is still open:
            (Pay €14.80)
        ");
    // The form is filled in, and every word of the provider is lost.
    shop.app.sandbox.as_ref().unwrap().set_webhooks(souk::payment::sandbox::mischief::Webhooks::Dropped);
    shop.pays("Maya", GOOD_CARD).await;
    assert_eq!(shop.orders().await[0].state, OrderState::AwaitingPayment);
    shop.says("Maya", "I have paid").await;
    assert_eq!(shop.orders().await[0].state, OrderState::Paid);
    assert!(shop.hears("Maya").await.contains("shop: Paid, thank you! Order FJ-1042"));
    shop.finish(&["Maya"]).await;
}
