//! Everybody at once: the whole way from yes to paid, on a database where others write at the same time.

use crate::store::{Db, euros, goods, now};
use crate::world::{TestShop, form};
use souk::app::App;
use souk::checkout::commit::{Committed, commit};
use souk::checkout::propose::{Proposed, propose};
use souk::checkout::{Error, open, receive, refund, settle};
use souk::domain::address::Address;
use souk::domain::id::{CheckoutId, ContactId, ConversationId, OrderId, ProposalId, VariantId};
use souk::domain::ledger::Account;
use souk::domain::order::{Order, OrderState, OutOf};
use souk::domain::proposal::{Swap, Wish};
use souk::domain::refund::{AskedBy, Details};
use souk::store;
use std::sync::Arc;
use tokio::task::JoinSet;

const CROWD: usize = 50;
const TRIES_MAX: usize = 60;

/// Somebody with a cart.
#[derive(Clone)]
struct Buyer {
    contact: ContactId,
    conversation: ConversationId,
}

/// A program on this database, and the shop its other parts were borrowed from.
struct Rush {
    app: Arc<App>,
    parts: TestShop,
}

impl Rush {
    async fn open(db: &Db, skus: &[(&str, i64)]) -> Self {
        let parts = TestShop::demo().await;
        let app = parts
            .another(|app| {
                app.store = db.store.clone();
                app.shop = db.shop.clone();
            })
            .await;
        let mut tx = db.tx().await;
        let mut product = goods::product("tent", &skus.iter().map(|(sku, _)| *sku).collect::<Vec<_>>());
        for (variant, (_, stock)) in product.variants.iter_mut().zip(skus) {
            variant.stock = Some(*stock);
        }
        goods::save(&mut tx, &product, "v1").await;
        tx.commit().await.unwrap();
        Self { app, parts }
    }

    async fn buyer(&self, db: &Db, skus: &[&str]) -> Buyer {
        let mut tx = db.tx().await;
        let (contact, conversation) = db.conversation(&mut tx).await;
        let mut cart = tx.cart(&contact).await.unwrap();
        for sku in skus {
            cart.set(&VariantId::new(*sku), 1).unwrap();
        }
        tx.save_cart(&contact, &cart, 0, now()).await.unwrap();
        tx.commit().await.unwrap();
        Buyer { contact, conversation }
    }

    async fn stock(&self, sku: &str) -> i64 {
        let mut tx = self.app.store.read(&self.app.shop).await.unwrap();
        let id = VariantId::new(sku);
        tx.product_of(&id).await.unwrap().unwrap().variant(&id).unwrap().stock.unwrap()
    }

    /// An order whose page is open.
    async fn order(&self, db: &Db, sku: &str) -> (Buyer, Order, CheckoutId) {
        let buyer = self.buyer(db, &[sku]).await;
        let Ok(Some(order)) = buys(&self.app, &buyer, &Wish::Checkout).await else { panic!("{sku} cannot be bought") };
        let mut tx = self.app.store.read(&self.app.shop).await.unwrap();
        let checkout = tx.checkouts_of(&order.id).await.unwrap().remove(0).id;
        drop(tx);
        open::open(&self.app, &self.app.shop, &checkout).await.unwrap();
        (buyer, order, checkout)
    }

    /// The shopper fills in the page.
    async fn is_filled_in(&self, checkout: &CheckoutId) {
        let mut tx = self.app.store.read(&self.app.shop).await.unwrap();
        let session = tx.checkout(checkout).await.unwrap().unwrap().session.unwrap();
        self.app.sandbox.as_ref().unwrap().pay(&session, &form("4242 4242 4242 4242")).unwrap();
    }

    async fn reads(&self, id: &OrderId) -> (OrderState, i64, i64) {
        let mut tx = self.app.store.read(&self.app.shop).await.unwrap();
        let order = tx.order(id).await.unwrap().unwrap();
        let provider = tx.balance(id, Account::Provider).await.unwrap();
        (order.state, provider, tx.captures_of(id).await.unwrap().len() as i64)
    }
}

/// Proposes and commits, as a turn does; whatever somebody else got in the way of is tried again. Anything that is not a
/// plain "somebody was faster" is a failure of the test.
async fn buys(app: &App, buyer: &Buyer, wish: &Wish) -> Result<Option<Order>, Error> {
    let mut tx = app.store.begin(&app.shop).await?;
    let shop = tx.shop().await?.unwrap();
    let made = propose(app, &mut tx, &shop, &buyer.conversation, &buyer.contact, wish).await?;
    tx.commit().await?;
    let Proposed::Made(proposal) = made else { return Ok(None) };
    agrees(app, buyer, &proposal.id).await
}

async fn agrees(app: &App, buyer: &Buyer, id: &ProposalId) -> Result<Option<Order>, Error> {
    for _ in 0..TRIES_MAX {
        let mut tx = app.store.begin(&app.shop).await?;
        let shop = tx.shop().await?.unwrap();
        match commit(app, &mut tx, &shop, &buyer.contact, id).await {
            Ok(Committed::Done(done)) => {
                tx.commit().await?;
                return Ok(done.order);
            }
            Ok(_) => {
                tx.commit().await?;
                return Ok(None);
            }
            Err(Error::Store(store::Error::Conflict { .. })) => {}
            Err(error) => return Err(error),
        }
    }
    panic!("it was tried {TRIES_MAX} times");
}

pub async fn the_last_piece_is_sold_once(db: Arc<Db>) {
    let rush = Rush::open(&db, &[("t1", 1)]).await;
    let mut shown = Vec::new();
    for _ in 0..CROWD {
        let (app, buyer) = (Arc::clone(&rush.app), rush.buyer(&db, &["t1"]).await);
        // Everybody has seen a summary before anybody says yes.
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        let shop = tx.shop().await.unwrap().unwrap();
        let made = propose(&app, &mut tx, &shop, &buyer.conversation, &buyer.contact, &Wish::Checkout).await.unwrap();
        tx.commit().await.unwrap();
        let Proposed::Made(proposal) = made else { panic!("there is one left") };
        shown.push((app, buyer, proposal.id));
    }
    let mut yeses = JoinSet::new();
    for (app, buyer, proposal) in shown {
        yeses.spawn(async move { agrees(&app, &buyer, &proposal).await.unwrap() });
    }
    let placed = yeses.join_all().await.into_iter().flatten().count();
    assert_eq!((placed, rush.stock("t1").await), (1, 0));
    rush.parts.over();
}

pub async fn one_yes_counts_however_often_it_is_said(db: Arc<Db>) {
    let rush = Rush::open(&db, &[("t1", 90)]).await;
    let (app, buyer) = (Arc::clone(&rush.app), rush.buyer(&db, &["t1"]).await);
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let shop = tx.shop().await.unwrap().unwrap();
    let made = propose(&app, &mut tx, &shop, &buyer.conversation, &buyer.contact, &Wish::Checkout).await.unwrap();
    tx.commit().await.unwrap();
    let Proposed::Made(proposal) = made else { panic!("it can be bought") };
    let mut yeses = JoinSet::new();
    for _ in 0..8 {
        let (app, buyer, id) = (Arc::clone(&app), buyer.clone(), proposal.id.clone());
        yeses.spawn(async move { agrees(&app, &buyer, &id).await.unwrap() });
    }
    let placed = yeses.join_all().await.into_iter().flatten().count();
    let mut tx = app.store.read(&app.shop).await.unwrap();
    assert_eq!((placed, tx.all_orders(99).await.unwrap().len(), rush.stock("t1").await), (1, 1, 89));
    drop(tx);
    rush.parts.over();
}

/// Nothing but the proposal itself stands between this yes and its twin: no cart, no stock, no order's lock.
pub async fn one_yes_to_an_address_counts_once(db: Arc<Db>) {
    let rush = Rush::open(&db, &[("t1", 9)]).await;
    let (app, buyer) = (Arc::clone(&rush.app), rush.buyer(&db, &["t1"]).await);
    let address = Address {
        name: "Maya Lindqvist".into(),
        line1: "Birkenweg 4".into(),
        postal_code: "79100".into(),
        city: "Freiburg".into(),
        country: "DE".into(),
        ..Address::default()
    };
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let shop = tx.shop().await.unwrap().unwrap();
    let wish = Wish::KeepAddress { address };
    let made = propose(&app, &mut tx, &shop, &buyer.conversation, &buyer.contact, &wish).await.unwrap();
    tx.commit().await.unwrap();
    let Proposed::Made(proposal) = made else { panic!("it is an address") };
    let mut yeses = JoinSet::new();
    for _ in 0..8 {
        let (app, buyer, id, shop) = (Arc::clone(&app), buyer.clone(), proposal.id.clone(), shop.clone());
        yeses.spawn(async move {
            let mut tx = app.store.begin(&app.shop).await.unwrap();
            let done = commit(&app, &mut tx, &shop, &buyer.contact, &id).await.unwrap();
            tx.commit().await.unwrap();
            matches!(done, Committed::Done(_))
        });
    }
    let done = yeses.join_all().await.into_iter().filter(|done| *done).count();
    assert_eq!(done, 1, "one yes was taken {done} times");
    rush.parts.over();
}

pub async fn carts_in_opposite_order_do_not_wait_for_each_other(db: Arc<Db>) {
    let rush = Rush::open(&db, &[("t1", 100), ("t2", 100), ("t3", 100)]).await;
    let mut paid = Vec::new();
    for n in 0..16 {
        let sku = if n % 2 == 0 { "t1" } else { "t2" };
        let (buyer, order, checkout) = rush.order(&db, sku).await;
        rush.is_filled_in(&checkout).await;
        settle::settle(&rush.app, &rush.app.shop, &checkout).await.unwrap();
        paid.push((buyer, order));
    }
    let mut all = JoinSet::new();
    for (n, (swapper, order)) in paid.into_iter().enumerate() {
        let skus: [&str; 2] = if n % 2 == 0 { ["t1", "t2"] } else { ["t2", "t1"] };
        let (app, buyer) = (Arc::clone(&rush.app), rush.buyer(&db, &skus).await);
        all.spawn(async move { buys(&app, &buyer, &Wish::Checkout).await });
        // Others swap the same pieces in orders they have paid for.
        let app = Arc::clone(&rush.app);
        let from = order.quote.lines[0].variant.clone();
        let to = VariantId::new(if from.as_str() == "t1" { "t2" } else { "t1" });
        let wish = Wish::ChangeItems { order: order.id, swaps: vec![Swap { from, to, quantity: 1 }] };
        all.spawn(async move { buys(&app, &swapper, &wish).await });
    }
    for done in all.join_all().await {
        assert!(done.expect("nobody waits for anybody who waits for them").is_some());
    }
    assert_eq!((rush.stock("t1").await, rush.stock("t2").await), (100 - 24, 100 - 24));
    rush.parts.over();
}

pub async fn two_refunds_never_exceed_what_was_paid(db: Arc<Db>) {
    let rush = Rush::open(&db, &[("t1", 9)]).await;
    let (_, order, checkout) = rush.order(&db, "t1").await;
    rush.is_filled_in(&checkout).await;
    settle::settle(&rush.app, &rush.app.shop, &checkout).await.unwrap();
    let mut all = JoinSet::new();
    for _ in 0..6 {
        let (app, order) = (Arc::clone(&rush.app), order.clone());
        all.spawn(async move {
            let details = Details {
                of: OutOf::Sale,
                why: "a test".into(),
                asked_by: AskedBy::Colleague { name: "Ada".into() },
                decided_by: None,
                lines: vec![],
                failure: None,
            };
            let mut tx = app.store.begin(&app.shop).await.unwrap();
            // Read before the lock, as somebody who was slow would have it.
            refund::give_back(&app, &mut tx, &order, euros(7_000), details, false).await.unwrap();
            tx.commit().await.unwrap();
        });
    }
    all.join_all().await;
    let mut tx = rush.app.store.read(&rush.app.shop).await.unwrap();
    let going: i64 = tx.refunds_of(&order.id).await.unwrap().iter().map(|r| r.amount.minor).sum();
    assert_eq!(going, order.quote.total.minor, "42000 were asked for, and no more than was paid goes back");
    drop(tx);
    rush.parts.over();
}

pub async fn one_payment_seen_from_everywhere_counts_once(db: Arc<Db>) {
    let rush = Rush::open(&db, &[("t1", 9)]).await;
    let (_, order, checkout) = rush.order(&db, "t1").await;
    rush.is_filled_in(&checkout).await;
    let sandbox = rush.app.sandbox.clone().unwrap();
    let events = sandbox.due_deliveries(rush.app.now());
    assert!(!events.is_empty());
    let mut all = JoinSet::new();
    for n in 0..12 {
        // The return page, the job at the end of the page, and the event: all look at the same moment.
        let (app, checkout) = (Arc::clone(&rush.app), checkout.clone());
        let event = events[n % events.len()].clone();
        all.spawn(async move {
            receive::receive(&app, &app.shop, &event.body, &event.signature_header).await.unwrap();
            settle::settle(&app, &app.shop, &checkout).await
        });
    }
    for done in all.join_all().await {
        done.expect("whoever comes second finds it done");
    }
    assert_eq!(rush.reads(&order.id).await, (OrderState::Paid, order.quote.total.minor, 1));
    let mut tx = rush.app.store.read(&rush.app.shop).await.unwrap();
    assert_eq!(tx.refunds_of(&order.id).await.unwrap(), [], "it was taken for a second payment");
    drop(tx);
    rush.parts.over();
}
