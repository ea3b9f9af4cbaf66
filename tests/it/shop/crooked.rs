//! A provider that says something else than was agreed: nothing is believed, nothing is sold, a person decides.

use crate::world::TestShop;
use souk::checkout::colleague::{Decision, decide};
use souk::checkout::{Error, refund, settle};
use souk::domain::checkout::CheckoutState;
use souk::domain::ledger::Account;
use souk::domain::message::Said;
use souk::domain::order::engine::Refusal;
use souk::domain::order::{Order, OrderState, OutOf};
use souk::payment::Session;
use souk::payment::refund::{Refund, RefundStatus};
use souk::payment::sandbox::page::PageState;

/// An order whose page was paid; nobody has looked at the page yet.
async fn ordered(shop: &TestShop) -> (Order, Session) {
    shop.writes("Maya", "wax", Said::Tap { id: "add:NV-BOW100".into(), label: "Add to cart".into() }).await;
    shop.settles_down().await;
    shop.taps("Maya", "Checkout").await;
    shop.taps("Maya", "Confirm order").await;
    shop.fills_in("Maya", "4242 4242 4242 4242").await;
    let order = shop.orders().await.remove(0);
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let page = tx.checkouts_of(&order.id).await.unwrap().remove(0);
    drop(tx);
    let session = shop.app.payments.session(&page.session.unwrap()).await.unwrap();
    (order, session)
}

async fn applied(shop: &TestShop, order: &Order, session: &Session) -> Order {
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let page = tx.checkouts_of(&order.id).await.unwrap().remove(0);
    drop(tx);
    settle::apply(&shop.app, &shop.app.shop, &page.id, session).await.unwrap();
    shop.orders().await.remove(0)
}

#[tokio::test]
async fn a_cent_less_is_not_paid_and_goes_back_when_a_colleague_says_so() {
    let shop = TestShop::demo().await;
    let (order, mut session) = ordered(&shop).await;
    session.total.minor -= 1;
    let frozen = applied(&shop, &order, &session).await;
    assert_eq!((frozen.state, frozen.before_freeze), (OrderState::Frozen, Some(OrderState::AwaitingPayment)));
    assert_eq!(frozen.note.as_deref(), Some("€14.79 was paid, but €14.80 was shown"));
    // Told twice, and then told right: the first word was booked, and nothing is sold on the second.
    applied(&shop, &order, &session).await;
    session.total.minor += 1;
    assert_eq!(applied(&shop, &order, &session).await.state, OrderState::Frozen);
    let resumed = decide(&shop.app, &shop.app.shop, &order.id, &Decision::Resume).await;
    assert!(matches!(resumed, Err(Error::Refused(Refusal::PartlyPaid))), "{resumed:?}");
    shop.keeps_its_promises().await;

    let done = decide(&shop.app, &shop.app.shop, &order.id, &Decision::CallOff).await.unwrap();
    assert_eq!(done.state, OrderState::Cancelled);
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let back = tx.refunds_of(&order.id).await.unwrap();
    let owed = tx.balance(&order.id, Account::Sales).await.unwrap();
    drop(tx);
    assert_eq!(back.iter().map(|r| (r.amount.minor, r.details.of)).collect::<Vec<_>>(), [(1_479, OutOf::Surplus)]);
    assert_eq!(owed, 0, "nothing was sold");
    shop.settles_down().await;
    assert!(!shop.hears("Maya").await.contains("Paid, thank you"), "it was never paid");
    shop.over();
}

#[tokio::test]
async fn money_given_back_elsewhere_is_no_sale_taken_back() {
    let shop = TestShop::demo().await;
    let (order, mut session) = ordered(&shop).await;
    session.total.minor -= 1;
    applied(&shop, &order, &session).await;
    // Somebody gives it back in the provider's own pages, where nobody knows what it was for.
    let created = shop.app.now();
    let amount = session.total;
    let elsewhere = Refund {
        id: "re_elsewhere".into(),
        intent: session.intent.clone(),
        amount,
        status: RefundStatus::Succeeded,
        ours: None,
        failure: None,
        created,
    };
    for _ in 0..2 {
        refund::told(&shop.app, &shop.app.shop, &elsewhere).await.unwrap();
    }
    let done = decide(&shop.app, &shop.app.shop, &order.id, &Decision::CallOff).await.unwrap();
    assert_eq!(done.state, OrderState::Cancelled);
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let back = tx.refunds_of(&order.id).await.unwrap();
    let accounts = [Account::Sales, Account::Customer, Account::Provider];
    let mut balances = Vec::new();
    for account in accounts {
        balances.push(tx.balance(&order.id, account).await.unwrap());
    }
    drop(tx);
    assert_eq!(back.iter().map(|r| (r.amount, r.details.of)).collect::<Vec<_>>(), [(amount, OutOf::Surplus)]);
    assert_eq!(balances, [0, 0, 0], "nothing was sold, and nobody owes anything");
    shop.keeps_its_promises().await;
    shop.over();
}

#[tokio::test]
async fn a_page_closes_with_its_order_and_not_before() {
    let shop = TestShop::demo().await;
    shop.writes("Maya", "wax", Said::Tap { id: "add:NV-BOW100".into(), label: "Add to cart".into() }).await;
    shop.settles_down().await;
    shop.taps("Maya", "Checkout").await;
    shop.taps("Maya", "Confirm order").await;
    let order = shop.orders().await.remove(0);
    let asked = decide(&shop.app, &shop.app.shop, &order.id, &Decision::CallOff).await.unwrap();
    assert_eq!(asked.state, OrderState::AwaitingPayment, "somebody may be paying at this moment");
    shop.settles_down().await;
    assert_eq!(shop.orders().await[0].state, OrderState::Cancelled);
    assert_eq!(shop.fills_in("Maya", "4242 4242 4242 4242").await, PageState::Expired);
    shop.keeps_its_promises().await;
    shop.over();
}

#[tokio::test]
async fn a_payment_under_another_orders_name_pays_nothing() {
    let shop = TestShop::demo().await;
    let (order, mut session) = ordered(&shop).await;
    session.reference = Some("ord_somebody_elses".into());
    let frozen = applied(&shop, &order, &session).await;
    assert_eq!(frozen.state, OrderState::Frozen);
    assert!(frozen.note.is_some_and(|why| why.contains("names another order")));
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let page = tx.checkouts_of(&order.id).await.unwrap().remove(0);
    drop(tx);
    assert_eq!(page.state, CheckoutState::Paid, "the money is there all the same, and is booked");
    shop.keeps_its_promises().await;
    shop.over();
}

#[tokio::test]
async fn a_late_payment_under_another_name_holds_no_goods() {
    let shop = TestShop::demo().await;
    let (order, session) = ordered(&shop).await;
    let dead = Session { status: souk::payment::SessionStatus::Expired, paid: false, ..session.clone() };
    assert_eq!(applied(&shop, &order, &dead).await.state, OrderState::Expired);
    let strange = Session { reference: None, ..session.clone() };
    applied(&shop, &order, &strange).await;
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let held: Vec<_> = tx.reserved().await.unwrap().into_iter().filter(|(_, state, _)| state == "held").collect();
    drop(tx);
    assert_eq!(held, [], "goods are held for an order that is over");
    shop.over();
}
