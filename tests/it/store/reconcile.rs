//! Our rows against a provider that lies, forgets and repeats: what is put right, what is kept for a person.

use crate::store::provider::FakeProvider;
use crate::store::{Db, euros, money};
use crate::world::TestShop;
use jiff::Span;
use souk::app::App;
use souk::checkout::reconcile::report::Report;
use souk::checkout::reconcile::{Wanted, reconcile};
use souk::checkout::{dispute, open, refund, settle};
use souk::clock::HandClock;
use souk::domain::checkout::{Checkout, CheckoutState};
use souk::domain::ledger::{Account, Entry, EntryKind};
use souk::domain::order::engine::Event as OrderEvent;
use souk::domain::order::{Order, OrderState, OutOf};
use souk::domain::refund::{AskedBy, Details};
use souk::payment::dispute::{Dispute, DisputeStatus};
use souk::payment::refund::{Refund, RefundStatus};
use souk::payment::{Event, OpenRequest, Session, Subject};
use std::sync::Arc;

struct World {
    db: Arc<Db>,
    app: Arc<App>,
    provider: Arc<FakeProvider>,
    clock: Arc<HandClock>,
}

const LONG: Wanted = Wanted { dry_run: false, long: true, days: None };

impl World {
    async fn new(db: Arc<Db>) -> Self {
        let provider = Arc::new(FakeProvider::default());
        let shop = TestShop::demo().await;
        let (store, id, payments) = (db.store.clone(), db.shop.clone(), Arc::clone(&provider));
        let app = shop
            .another(|app| {
                (app.store, app.shop, app.payments, app.sandbox) = (store, id, payments, None);
            })
            .await;
        let clock = Arc::clone(&shop.clock);
        shop.finish(&[]).await;
        Self { db, app, provider, clock }
    }

    /// An order whose page is open at the provider and here.
    async fn order(&self, number: &str) -> (Order, Checkout) {
        let (order, checkout) = self.asked(number).await;
        open::open(&self.app, &self.db.shop, &checkout.id).await.unwrap();
        (order, self.checkout(&checkout).await)
    }

    /// An order whose page was asked for.
    async fn asked(&self, number: &str) -> (Order, Checkout) {
        let mut tx = self.db.tx().await;
        let contact = self.db.contact(&mut tx).await;
        let order = Order { before_freeze: None, ..money::order(&self.db, &contact, number) };
        tx.insert_order(&order).await.unwrap();
        let checkout = Checkout {
            id: self.db.id(),
            order: order.id.clone(),
            amendment: None,
            place: 1,
            amount: order.quote.total,
            state: CheckoutState::Requested,
            session: None,
            intent: None,
            url: None,
            expires_at: self.app.after(Span::new().minutes(25)),
        };
        let request = OpenRequest {
            checkout: checkout.id.clone(),
            order: order.id.clone(),
            number: number.into(),
            lines: vec![],
            total: checkout.amount,
            expires_at: checkout.expires_at,
            success_url: String::new(),
            cancel_url: String::new(),
            locale: "en".into(),
        };
        let created = self.app.after(Span::new().minutes(-10));
        tx.insert_checkout(&checkout, &serde_json::to_string(&request).unwrap(), created).await.unwrap();
        tx.commit().await.unwrap();
        (order, checkout)
    }

    async fn paid(&self, number: &str) -> (Order, Checkout) {
        let (order, checkout) = self.order(number).await;
        self.provider.pay(checkout.session.as_ref().unwrap());
        settle::settle(&self.app, &self.db.shop, &checkout.id).await.unwrap();
        (self.now(&order).await, self.checkout(&checkout).await)
    }

    async fn now(&self, order: &Order) -> Order {
        self.db.tx().await.order(&order.id).await.unwrap().unwrap()
    }

    async fn checkout(&self, checkout: &Checkout) -> Checkout {
        self.db.tx().await.checkout(&checkout.id).await.unwrap().unwrap()
    }

    async fn holds(&self, order: &Order, account: Account) -> i64 {
        self.db.tx().await.balance(&order.id, account).await.unwrap()
    }

    async fn reconciles(&self, wanted: Wanted) -> Report {
        // No two runs begin at the same moment.
        self.clock.advance(Span::new().seconds(1));
        reconcile(&self.app, &self.db.shop, wanted).await.unwrap()
    }

    /// Reconciles twice; the second time nothing may change. Answers what is open.
    async fn comes_to(&self) -> Vec<(&'static str, String)> {
        let first = self.reconciles(LONG).await;
        assert_eq!((first.failed.clone(), first.ended), (vec![], true));
        let second = self.reconciles(LONG).await;
        assert_eq!((second.repaired, second.found), (vec![], vec![]), "a second run changes something");
        let mut open: Vec<_> = second.open.into_iter().map(|f| (f.kind.word(), f.about)).collect();
        open.sort();
        open
    }
}

pub async fn lost_webhooks_are_made_up_for(db: Arc<Db>) {
    let world = World::new(db).await;
    let mut orders = Vec::new();
    for n in 0..5 {
        orders.push(world.order(&format!("T-{n}")).await);
    }
    for (_, checkout) in &orders[..3] {
        world.provider.pay(checkout.session.as_ref().unwrap());
    }
    world.provider.change(orders[3].1.session.as_ref().unwrap(), |s| {
        s.status = souk::payment::SessionStatus::Expired;
    });
    let dry = world.reconciles(Wanted { dry_run: true, ..LONG }).await;
    assert_eq!(dry.repaired.len(), 4, "{dry:?}");
    assert_eq!(world.now(&orders[0].0).await.state, OrderState::AwaitingPayment, "a rehearsal changes nothing");
    // An ordinary run is enough; everything else is for the day's long one.
    world.reconciles(Wanted::default()).await;
    assert_eq!(world.comes_to().await, []);
    for (n, (order, _)) in orders.iter().enumerate() {
        let state = [OrderState::Paid, OrderState::Expired, OrderState::AwaitingPayment][n.saturating_sub(2)];
        assert_eq!(world.now(order).await.state, state, "order {n}");
    }
}

pub async fn a_page_that_was_lost_is_found(db: Arc<Db>) {
    let world = World::new(db).await;
    let (order, checkout) = world.order("T-1").await;
    world.provider.pay(checkout.session.as_ref().unwrap());
    // The answer could not be read: the attempt was closed without its page, and the order stopped.
    let session = checkout.session.clone().unwrap();
    let mut tx = world.db.tx().await;
    let forgotten = Checkout { state: CheckoutState::Closed, session: None, url: None, ..checkout.clone() };
    assert!(tx.move_checkout(&forgotten, CheckoutState::Open).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(world.comes_to().await, []);
    let found = world.checkout(&checkout).await;
    assert_eq!((found.session, found.state), (Some(session), CheckoutState::Paid));
    assert_eq!(world.now(&order).await.state, OrderState::Paid);
    assert_eq!(world.holds(&order, Account::Provider).await, order.quote.total.minor);
}

pub async fn what_differs_is_kept_for_a_person(db: Arc<Db>) {
    let world = World::new(db).await;
    let ((other, a), (unpaid, b), (twice, c)) =
        (world.order("T-1").await, world.paid("T-2").await, world.paid("T-3").await);
    let names = [&a, &b, &c].map(|c| c.session.clone().unwrap());
    world.provider.change(&names[0], |s| s.total = euros(1));
    world.provider.pay(&names[0]);
    world.provider.change(&names[1], |s| s.paid = false);
    let mut second = world.provider.sessions.lock().unwrap()[2].clone();
    second.id = "cs_second".into();
    let unknown = Session { id: "cs_unknown".into(), checkout: Some("chk_of_nobody".into()), ..second.clone() };
    let foreign = Session { id: "cs_foreign".into(), checkout: None, reference: Some("x".into()), ..second.clone() };
    world.provider.sessions.lock().unwrap().extend([second, unknown, foreign]);
    *world.provider.unreadable.lock().unwrap() = vec!["cs_odd".into()];
    let mut wanted = vec![
        ("amount_differs", names[0].clone()),
        ("paid_here_only", names[1].clone()),
        ("paid_twice", "cs_second".to_owned()),
        ("paid_unknown", "cs_unknown".to_owned()),
        ("session_unreadable", "cs_odd".to_owned()),
    ];
    wanted.sort();
    // What cannot be read is asked for by its name, and is not there.
    let open = world.reconciles(LONG).await.open;
    let mut open: Vec<_> = open.into_iter().map(|f| (f.kind.word(), f.about)).collect();
    open.sort();
    assert_eq!(open, wanted);
    for order in [&other, &unpaid, &twice] {
        assert_eq!(world.now(order).await.state, OrderState::Frozen, "{}", order.number);
    }
    assert!(world.reconciles(LONG).await.found.is_empty(), "known already");
    // What is put right elsewhere is cleared here.
    world.provider.change(&names[1], |s| s.paid = true);
    world.provider.unreadable.lock().unwrap().clear();
    let open = world.reconciles(LONG).await.open;
    assert!(!open.iter().any(|f| f.about == names[1]), "{open:?}");
}

pub async fn refunds_are_compared_both_ways(db: Arc<Db>) {
    let world = World::new(db).await;
    let (order, checkout) = world.paid("T-1").await;
    let details = Details {
        of: OutOf::Sale,
        why: "a gift".into(),
        asked_by: AskedBy::Rule,
        decided_by: None,
        lines: vec![],
        failure: None,
    };
    let mut tx = world.db.tx().await;
    let made = refund::give_back(&world.app, &mut tx, &order, euros(1_000), details.clone(), false).await.unwrap();
    tx.commit().await.unwrap();
    refund::send(&world.app, &world.db.shop, &made[0].id).await.unwrap();
    assert_eq!(world.comes_to().await, []);
    let elsewhere = Refund {
        id: "re_elsewhere".into(),
        intent: checkout.intent.clone(),
        amount: euros(300),
        status: RefundStatus::Succeeded,
        ours: None,
        failure: None,
        created: world.app.now(),
    };
    let doubled =
        Refund { id: "re_doubled".into(), ours: Some(made[0].id.clone()), amount: euros(1_000), ..elsewhere.clone() };
    world.provider.refunds.lock().unwrap().extend([elsewhere, doubled]);
    assert_eq!(world.comes_to().await, [("refund_twice", "re_doubled".to_owned())]);
    // Money that left is in the ledger, and is not given back once more.
    let left = order.quote.total.minor - 2_300;
    assert_eq!(world.holds(&order, Account::Provider).await, left);
    let mut tx = world.db.tx().await;
    let rest = refund::give_back(&world.app, &mut tx, &order, order.quote.total, details, false).await.unwrap();
    assert_eq!(rest.iter().map(|r| r.amount.minor).sum::<i64>(), left);
    drop(tx);
    world.provider.refunds.lock().unwrap().remove(0);
    let missing = ("refund_missing", made[0].id.to_string());
    assert!(world.comes_to().await.contains(&missing));
}

fn a_dispute(checkout: &Checkout, status: DisputeStatus, moved: i64, fee: i64) -> Dispute {
    Dispute {
        id: "dp_1".into(),
        intent: checkout.intent.clone(),
        amount: checkout.amount,
        status,
        reason: "fraudulent".into(),
        moved: euros(moved),
        fee: euros(fee),
        created: crate::store::now(),
    }
}

pub async fn disputes_come_in_any_order(db: Arc<Db>) {
    let world = World::new(db).await;
    let total = world.paid("T-0").await.0.quote.total.minor;
    let facts = [(DisputeStatus::Inquiry, 0, 0), (DisputeStatus::Open, -total, 1_500), (DisputeStatus::Won, 0, 1_500)];
    let lost = (DisputeStatus::Lost, -total, 1_500);
    let tales = [
        (vec![0, 1, 1, 2, 2], OrderState::Paid, total - 1_500),
        (vec![0, 0, 2, 1, 0], OrderState::Paid, total - 1_500),
        (vec![1, 3, 1, 0, 3], OrderState::Refunded, -1_500),
        (vec![3, 3, 1], OrderState::Refunded, -1_500),
        (vec![1, 0, 1], OrderState::Frozen, -1_500),
    ];
    for (n, (tale, state, left)) in tales.into_iter().enumerate() {
        let (order, checkout) = world.paid(&format!("T-{}", n + 1)).await;
        for step in tale {
            let (status, moved, fee) = facts.get(step).copied().unwrap_or(lost);
            let fact = Dispute { id: format!("dp_{n}"), ..a_dispute(&checkout, status, moved, fee) };
            dispute::told(&world.app, &world.db.shop, &fact).await.unwrap();
        }
        assert_eq!(world.now(&order).await.state, state, "tale {n}");
        assert_eq!(world.holds(&order, Account::Provider).await, left, "tale {n}");
        assert_eq!(world.holds(&order, Account::Customer).await, 0, "tale {n}");
        let mut tx = world.db.tx().await;
        let there = dispute::there(&mut tx, &order).await.unwrap().minor;
        assert_eq!(there, if state == OrderState::Paid { total } else { 0 }, "tale {n}");
    }
    let sums = world.db.tx().await.trial_balance().await.unwrap();
    assert_eq!(sums.iter().map(|(_, _, sum)| sum).sum::<i64>(), 0);
}

pub async fn a_dispute_is_learned_of_without_its_event(db: Arc<Db>) {
    let world = World::new(db).await;
    let (order, checkout) = world.paid("T-1").await;
    let taken = -order.quote.total.minor;
    world.provider.disputes.lock().unwrap().push(a_dispute(&checkout, DisputeStatus::Open, taken, 0));
    assert_eq!(world.comes_to().await, [("dispute_open", "dp_1".to_owned())]);
    assert_eq!(world.now(&order).await.state, OrderState::Frozen);
    // Another remark stops the order as well: winning the dispute does not let it go on.
    let stopped = world.now(&order).await;
    let noted = Order { note: Some("something else".into()), ..stopped.clone() };
    assert!(stopped.on(&OrderEvent::DisputeWon).unwrap().state == OrderState::Paid);
    let mut tx = world.db.tx().await;
    assert!(tx.move_order(&noted, OrderState::Frozen).await.unwrap());
    tx.commit().await.unwrap();
    world.provider.disputes.lock().unwrap()[0] = a_dispute(&checkout, DisputeStatus::Won, 0, 0);
    assert_eq!(world.comes_to().await, []);
    assert_eq!(world.now(&order).await.state, OrderState::Frozen);
}

pub async fn broken_rules_are_seen(db: Arc<Db>) {
    let world = World::new(db).await;
    let (order, checkout) = world.paid("T-1").await;
    let (closed, alive) = world.order("T-2").await;
    let gone = Order { state: OrderState::Expired, ..world.now(&closed).await };
    let mut tx = world.db.tx().await;
    let owed = Entry::new(EntryKind::Sale, "made up", &order.id, euros(700));
    tx.book(&owed, world.app.now()).await.unwrap();
    assert!(tx.move_order(&gone, OrderState::AwaitingPayment).await.unwrap());
    tx.commit().await.unwrap();
    *world.provider.is_silent.lock().unwrap() = true;
    let report = world.reconciles(Wanted::default()).await;
    assert!(report.silent || !report.failed.is_empty());
    let open: Vec<_> = report.open.iter().map(|f| (f.kind.word(), f.about.as_str())).collect();
    assert_eq!(open, [("customer_not_even", order.id.as_str()), ("payable_for_nothing", alive.id.as_str())]);
    *world.provider.is_silent.lock().unwrap() = false;
    assert_eq!(world.comes_to().await, [("customer_not_even", order.id.to_string())]);
    assert_eq!(world.checkout(&checkout).await.state, CheckoutState::Paid);
}

pub async fn everybody_asks_at_once(db: Arc<Db>) {
    let world = Arc::new(World::new(db).await);
    let (order, checkout) = world.order("T-1").await;
    let session = checkout.session.clone().unwrap();
    world.provider.pay(&session);
    let event = Event {
        id: "evt_1".into(),
        kind: "checkout.session.completed".into(),
        subject: Some(Subject::Session(session)),
    };
    world.provider.events.lock().unwrap().push(event.clone());
    let mut tx = world.db.tx().await;
    tx.keep_event(&event, "", world.app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..12 {
        let (world, id) = (Arc::clone(&world), checkout.id.clone());
        // The webhook, the return page, "I paid", and reconciliation: who is too late may try again.
        tasks.spawn(async move {
            let (app, shop) = (&world.app, &world.db.shop);
            for _ in 0..20 {
                let done = match n % 3 {
                    0 => settle::settle(app, shop, &id).await.is_ok(),
                    1 => settle::settle_event(app, shop, "evt_1").await.is_ok(),
                    _ => reconcile(app, shop, LONG).await.is_ok(),
                };
                if done {
                    return;
                }
            }
            panic!("never done");
        });
    }
    tasks.join_all().await;
    assert_eq!(world.now(&order).await.state, OrderState::Paid);
    assert_eq!(world.holds(&order, Account::Sales).await, -order.quote.total.minor);
    let mut notices = 0;
    while let Some(job) = world.db.store.claim_job("test", world.app.now(), world.app.now()).await.unwrap() {
        let paid = serde_json::to_string(&job.job).unwrap().contains("\"paid\"");
        notices += u32::from(paid);
        let mut tx = world.db.tx().await;
        tx.finish_job(&job).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(notices, 1, "one notice");
    assert_eq!(world.comes_to().await, []);
}
