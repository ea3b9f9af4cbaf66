//! Carts, proposals, orders, payment attempts, the ledger.

use crate::store::{Db, at, euros, now};
use souk::domain::address::Address;
use souk::domain::cart::{Quote, QuoteLine};
use souk::domain::checkout::{Checkout, CheckoutState};
use souk::domain::id::{ContactId, ConversationId, ProductId, VariantId};
use souk::domain::ledger::{Account, Entry, EntryKind};
use souk::domain::money::Currency;
use souk::domain::order::{Order, OrderState, Times, Tracking};
use souk::domain::proposal::{Act, Proposal, ProposalState};
use souk::domain::shop::Shipping;
use souk::payment::{Event, Subject};
use souk::store::Error;
use std::sync::Arc;
use tokio::task::JoinSet;

pub fn event(id: &str, kind: &str, session: Option<&str>) -> Event {
    Event { id: id.into(), kind: kind.into(), subject: session.map(|id| Subject::Session(id.into())) }
}

fn quote() -> Quote {
    let (product, variant) = (ProductId::new("tent"), VariantId::new("t1"));
    let line = QuoteLine::new(product, variant, "The tent".into(), "M".into(), 2, euros(14_990)).unwrap();
    let shipping = Shipping { label: "Shipping".into(), fee: euros(490), free_from: None };
    Quote::new(vec![line], Currency::EUR, &shipping).unwrap()
}

/// An order waiting for its payment.
pub fn order(db: &Db, contact: &ContactId, number: &str) -> Order {
    Order {
        id: db.id(),
        number: number.to_owned(),
        contact: contact.clone(),
        conversation: None,
        state: OrderState::AwaitingPayment,
        quote: quote(),
        times: Times { placed: now(), paid: None, shipped: None, delivered: None, closed: None, cancel_asked: None },
        tracking: Some(Tracking { carrier: "DHL".into(), number: "JJD1".into() }),
        note: None,
        before_freeze: Some(OrderState::Paid),
        ship_to: Some(Address { city: "Oslo".into(), ..Address::default() }),
        token: format!("token of {number}"),
    }
}

/// A proposal to order it.
pub fn proposal(db: &Db, contact: &ContactId, conversation: &ConversationId) -> Proposal {
    Proposal {
        id: db.id(),
        conversation: conversation.clone(),
        contact: contact.clone(),
        act: Act::Checkout { quote: quote(), cart_version: 3 },
        state: ProposalState::Open,
        expires_at: at(900_000),
    }
}

pub async fn a_cart_changed_by_two_keeps_the_first(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let contact = db.contact(&mut tx).await;
    tx.commit().await.unwrap();
    let mut tasks = JoinSet::new();
    for n in 0..8u32 {
        let (db, contact) = (Arc::clone(&db), contact.clone());
        tasks.spawn(async move {
            let mut cart = db.store.read(&db.shop).await.unwrap().cart(&contact).await.unwrap();
            let read = cart.version;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            cart.set(&VariantId::new("t1"), n + 1).unwrap();
            let mut tx = db.tx().await;
            let saved = tx.save_cart(&contact, &cart, read, now()).await;
            match saved {
                Ok(()) => tx.commit().await.unwrap(),
                Err(Error::Conflict { .. }) => return None,
                Err(other) => panic!("{other}"),
            }
            Some(n + 1)
        });
    }
    let saved: Vec<u32> = tasks.join_all().await.into_iter().flatten().collect();
    let cart = db.tx().await.cart(&contact).await.unwrap();
    assert_eq!(cart.version, saved.len() as i64, "as many versions as changes that were told they were kept");
    assert!(saved.contains(&cart.quantity(&VariantId::new("t1"))));
}

pub async fn one_proposal_is_open_and_one_yes_counts(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let (contact, conversation) = db.conversation(&mut tx).await;
    let (first, second) = (proposal(&db, &contact, &conversation), proposal(&db, &contact, &conversation));
    tx.propose(&first, now()).await.unwrap();
    assert_eq!(tx.open_proposal(&conversation).await.unwrap().as_ref(), Some(&first));
    tx.propose(&second, now()).await.unwrap();
    assert_eq!(tx.open_proposal(&conversation).await.unwrap().as_ref(), Some(&second));
    assert_eq!(tx.proposal(&first.id).await.unwrap().unwrap().state, ProposalState::Superseded);
    tx.commit().await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let (db, id) = (Arc::clone(&db), second.id.clone());
        tasks.spawn(async move {
            let mut tx = db.tx().await;
            let mine = tx.close_proposal(&id, ProposalState::Committed).await.unwrap();
            tx.commit().await.unwrap();
            mine
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|mine| *mine).count(), 1);
    let mut tx = db.tx().await;
    assert!(!tx.close_open_proposal(&conversation, ProposalState::Cancelled).await.unwrap());
    assert_eq!(tx.proposal(&second.id).await.unwrap().unwrap().state, ProposalState::Committed);
}

pub async fn an_order_is_found_by_its_own_shopper(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let (mine, other) = (db.contact(&mut tx).await, db.contact(&mut tx).await);
    let (first, second) = (tx.next_order_number().await.unwrap(), tx.next_order_number().await.unwrap());
    assert_eq!(second, first + 1);
    let order = order(&db, &mine, "T-1042");
    tx.insert_order(&order).await.unwrap();
    assert_eq!(tx.order(&order.id).await.unwrap().as_ref(), Some(&order));
    assert_eq!(tx.order_by_number(&mine, "t-1042").await.unwrap().as_ref(), Some(&order));
    assert_eq!(tx.order_by_number(&other, "T-1042").await.unwrap(), None);
    assert_eq!(tx.order_by_token("token of T-1042").await.unwrap().as_ref(), Some(&order));
    assert_eq!(tx.orders_of(&mine, 5).await.unwrap(), std::slice::from_ref(&order));
    assert_eq!(tx.orders_of(&other, 5).await.unwrap(), []);
    assert_eq!(tx.all_orders(5).await.unwrap(), std::slice::from_ref(&order));
    assert!(tx.insert_order(&super::money::order(&db, &other, "T-1042")).await.is_err(), "a number is given once");
}

pub async fn an_order_moves_once(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let contact = db.contact(&mut tx).await;
    let order = order(&db, &contact, "T-1");
    tx.insert_order(&order).await.unwrap();
    let checkout = Checkout {
        id: db.id(),
        order: order.id.clone(),
        state: CheckoutState::Requested,
        session: None,
        amendment: None,
        place: 1,
        amount: order.quote.total,
        intent: None,
        url: None,
        expires_at: at(1),
    };
    tx.insert_checkout(&checkout, "the request", now()).await.unwrap();
    assert_eq!(tx.checkout_request(&checkout.id).await.unwrap().as_deref(), Some("the request"));
    let open = Checkout { state: CheckoutState::Open, session: Some("cs_1".into()), ..checkout.clone() };
    assert!(tx.move_checkout(&open, CheckoutState::Requested).await.unwrap());
    assert!(!tx.move_checkout(&open, CheckoutState::Requested).await.unwrap());
    assert_eq!(tx.checkout(&checkout.id).await.unwrap().as_ref(), Some(&open));
    assert_eq!(tx.checkout_by_session("cs_1").await.unwrap().as_ref(), Some(&open));
    assert_eq!(tx.checkouts_of(&order.id).await.unwrap(), [open]);
    tx.commit().await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let (db, mut order) = (Arc::clone(&db), order.clone());
        tasks.spawn(async move {
            let mut tx = db.tx().await;
            order.state = OrderState::Paid;
            let moved = tx.move_order(&order, OrderState::AwaitingPayment).await.unwrap();
            tx.commit().await.unwrap();
            moved
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|moved| *moved).count(), 1);
    assert_eq!(db.tx().await.order(&order.id).await.unwrap().unwrap().state, OrderState::Paid);
}

pub async fn money_is_booked_once(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let contact = db.contact(&mut tx).await;
    let order = order(&db, &contact, "T-1");
    tx.insert_order(&order).await.unwrap();
    tx.commit().await.unwrap();
    let mut tasks = JoinSet::new();
    for n in 0..20 {
        let (db, order) = (Arc::clone(&db), order.id.clone());
        tasks.spawn(async move {
            let mut tx = db.tx().await;
            let entry = if n % 2 == 0 {
                Entry::new(EntryKind::Capture, "cs_1", &order, euros(30_470))
            } else {
                Entry::new(EntryKind::Refund, "re_1", &order, euros(470))
            };
            let booked = tx.book(&entry, now()).await.unwrap();
            tx.commit().await.unwrap();
            booked
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|booked| *booked).count(), 2);
    assert_eq!(db.tx().await.balance(&order.id, Account::Provider).await.unwrap(), 30_000);
    assert_eq!(db.tx().await.balance(&order.id, Account::Customer).await.unwrap(), -30_000);
    let sums = db.tx().await.trial_balance().await.unwrap();
    let listed = [("EUR", "customer", -30_000), ("EUR", "provider", 30_000)];
    assert_eq!(sums, listed.map(|(currency, account, sum)| (currency.to_owned(), account.to_owned(), sum)));
}

pub async fn an_event_is_kept_once(db: Arc<Db>) {
    let mut tx = db.tx().await;
    assert!(tx.keep_event(&event("evt_1", "checkout.session.completed", Some("cs_1")), "{}", now()).await.unwrap());
    assert!(!tx.keep_event(&event("evt_1", "checkout.session.completed", Some("cs_2")), "{}", now()).await.unwrap());
    assert!(tx.keep_event(&event("evt_2", "balance.available", None), "{}", now()).await.unwrap());
    assert_eq!(tx.subject_of_event("evt_1").await.unwrap(), Some(Subject::Session("cs_1".into())));
    assert_eq!(tx.subject_of_event("evt_2").await.unwrap(), None);
    assert_eq!(tx.subject_of_event("evt_3").await.unwrap(), None);
}
