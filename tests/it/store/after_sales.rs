//! Refunds and amendments: kept whole, moved once, and unknown to every other shop.

use crate::store::{Db, at, euros, goods, money, now};
use souk::domain::amendment::{Amendment, AmendmentKind, AmendmentState, Terms};
use souk::domain::checkout::{Checkout, CheckoutState};
use souk::domain::finding::{Finding, FindingKind};
use souk::domain::id::{AmendmentId, RefundId, VariantId};
use souk::domain::ledger::{Entry, EntryKind};
use souk::domain::order::{Order, OutOf};
use souk::domain::refund::{AskedBy, Details, Refund, RefundState};
use souk::domain::reservation::Holder;
use souk::payment::dispute::{Dispute, DisputeStatus};
use souk::store::audit::RULES;
use souk::store::disputes::{Kept, Known};
use std::sync::Arc;
use tokio::task::JoinSet;

fn refund(db: &Db, order: &Order) -> Refund {
    let details = Details {
        of: OutOf::Sale,
        why: "secret".into(),
        asked_by: AskedBy::Colleague { name: "Ada".into() },
        decided_by: None,
        lines: order.quote.lines.clone(),
        failure: None,
    };
    Refund {
        id: db.id(),
        order: order.id.clone(),
        amount: euros(500),
        state: RefundState::Queued,
        details,
        intent: Some("pi_1".into()),
        provider_id: Some("re_1".into()),
        first_sent: Some(now()),
        created: now(),
    }
}

fn amendment(db: &Db, order: &Order) -> Amendment {
    let back = order.quote.lines.clone();
    Amendment {
        id: db.id(),
        order: order.id.clone(),
        kind: AmendmentKind::Return,
        state: AmendmentState::Agreed,
        terms: Terms::new(&order.quote, back, vec![]).unwrap(),
        created: now(),
    }
}

struct Rows {
    order: Order,
    refund: Refund,
    amendment: Amendment,
    paid: Checkout,
}

async fn rows(db: &Db) -> Rows {
    let mut tx = db.tx().await;
    let contact = db.contact(&mut tx).await;
    let order = money::order(db, &contact, "T-7");
    tx.insert_order(&order).await.unwrap();
    let paid = Checkout {
        id: db.id(),
        order: order.id.clone(),
        amendment: None,
        place: 1,
        amount: order.quote.total,
        state: CheckoutState::Open,
        session: Some("cs_7".into()),
        intent: Some("pi_1".into()),
        url: None,
        expires_at: at(1),
    };
    tx.insert_checkout(&Checkout { state: CheckoutState::Requested, ..paid.clone() }, "{}", now()).await.unwrap();
    assert!(tx.move_checkout(&paid, CheckoutState::Requested).await.unwrap());
    tx.book(&Entry::new(EntryKind::Capture, "cs_7", &order.id, euros(30_470)), now()).await.unwrap();
    let (refund, amendment) = (refund(db, &order), amendment(db, &order));
    tx.insert_refund(&refund).await.unwrap();
    tx.insert_amendment(&amendment).await.unwrap();
    tx.commit().await.unwrap();
    Rows { order, refund, amendment, paid }
}

pub async fn after_sales_rows_move_once(db: Arc<Db>) {
    let Rows { order, refund, amendment, paid } = rows(&db).await;
    let mut tx = db.tx().await;
    assert_eq!(tx.refund(&refund.id).await.unwrap().as_ref(), Some(&refund));
    assert_eq!(tx.refund_by_provider("re_1").await.unwrap().as_ref(), Some(&refund));
    assert_eq!(tx.refunds_of(&order.id).await.unwrap(), std::slice::from_ref(&refund));
    assert_eq!(tx.refunds_in(RefundState::Queued, 9).await.unwrap(), std::slice::from_ref(&refund));
    assert_eq!(tx.refunds_in(RefundState::Waiting, 9).await.unwrap(), []);
    assert_eq!(tx.amendment(&amendment.id).await.unwrap().as_ref(), Some(&amendment));
    assert_eq!(tx.amendments_of(&order.id).await.unwrap(), std::slice::from_ref(&amendment));
    assert_eq!(tx.amendments_in(AmendmentState::Agreed, 9).await.unwrap(), std::slice::from_ref(&amendment));
    assert_eq!(tx.checkout_by_intent("pi_1").await.unwrap().as_ref(), Some(&paid));
    assert_eq!(tx.alive_checkouts(at(9_000), 9).await.unwrap(), std::slice::from_ref(&paid));
    assert_eq!(tx.captures_of(&order.id).await.unwrap(), [("cs_7".to_owned(), 30_470)]);
    assert_eq!(tx.lock_order(&order.id).await.unwrap().as_ref(), Some(&order));
    tx.keep_answer(&paid.id, "what?").await.unwrap();
    drop(tx);
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let (db, refund, amendment) = (Arc::clone(&db), refund.clone(), amendment.clone());
        tasks.spawn(async move {
            let mut tx = db.tx().await;
            let sent = Refund { state: RefundState::Sent, ..refund };
            let refunded = tx.move_refund(&sent, RefundState::Queued).await.unwrap();
            let done = tx.move_amendment(&amendment.id, AmendmentState::Agreed, AmendmentState::Done).await.unwrap();
            tx.commit().await.unwrap();
            (refunded, done)
        });
    }
    let moved = tasks.join_all().await;
    assert_eq!(moved.iter().filter(|(refund, _)| *refund).count(), 1);
    assert_eq!(moved.iter().filter(|(_, amendment)| *amendment).count(), 1);
}

pub async fn one_attempt_is_alive_at_a_time(db: Arc<Db>) {
    let Rows { paid, .. } = rows(&db).await;
    let mut tx = db.tx().await;
    let second = Checkout { id: db.id(), place: 2, session: None, intent: None, ..paid };
    assert!(tx.insert_checkout(&second, "{}", now()).await.is_err(), "two pages could be paid for one order");
}

pub async fn after_sales_rows_stay_in_their_shop(db: Arc<Db>) {
    let Rows { order, refund, amendment, paid } = rows(&db).await;
    let there = db.add_shop("there").await;
    let mut tx = db.store.begin(&there).await.unwrap();
    let nobody = VariantId::new("t1");
    goods::save(&mut tx, &goods::product("tent", &["t1"]), "v1").await;
    assert_eq!(tx.lock_order(&order.id).await.unwrap(), None);
    assert_eq!(tx.refund(&refund.id).await.unwrap(), None);
    assert_eq!(tx.refund(&RefundId::new("x")).await.unwrap(), None);
    assert_eq!(tx.refund_by_provider("re_1").await.unwrap(), None);
    assert_eq!(tx.refunds_of(&order.id).await.unwrap(), []);
    assert_eq!(tx.refunds_in(RefundState::Queued, 9).await.unwrap(), []);
    assert!(!tx.move_refund(&refund, RefundState::Queued).await.unwrap());
    assert_eq!(tx.amendment(&amendment.id).await.unwrap(), None);
    assert_eq!(tx.amendment(&AmendmentId::new("x")).await.unwrap(), None);
    assert_eq!(tx.amendments_of(&order.id).await.unwrap(), []);
    assert_eq!(tx.amendments_in(AmendmentState::Agreed, 9).await.unwrap(), []);
    assert!(!tx.move_amendment(&amendment.id, AmendmentState::Agreed, AmendmentState::Void).await.unwrap());
    assert_eq!(tx.checkout_by_intent("pi_1").await.unwrap(), None);
    assert_eq!(tx.alive_checkouts(at(9_000), 9).await.unwrap(), []);
    assert_eq!(tx.captures_of(&order.id).await.unwrap(), []);
    assert_eq!(tx.overdue_holds(at(9_000), 9).await.unwrap(), []);
    assert_eq!(tx.reserved().await.unwrap(), []);
    // A foreign order's name holds nothing here, and puts nothing back.
    let holder = Holder::Order(order.id.clone());
    assert!(tx.restock(&holder, &order.id, &nobody, 1).await.is_err());
    drop(tx);
    let mut tx = db.store.begin(&there).await.unwrap();
    tx.keep_answer(&paid.id, "theirs").await.unwrap();
    assert!(tx.insert_refund(&refund).await.is_err());
    drop(tx);
    let mut tx = db.store.begin(&there).await.unwrap();
    assert!(tx.insert_amendment(&amendment).await.is_err());
}

/// What reconciliation keeps: disputes, findings, how far it has come.
pub async fn findings_stay_in_their_shop(db: Arc<Db>) {
    let Rows { order, refund, paid, .. } = rows(&db).await;
    let lost = Checkout { id: db.id(), session: None, ..paid.clone() };
    let finding = Finding {
        id: db.id(),
        kind: FindingKind::ALL[0],
        about: "cs_7".into(),
        order: Some(order.id.clone()),
        text: "secret".into(),
        first_seen: now(),
    };
    let dispute = Dispute {
        id: "dp_1".into(),
        intent: Some("pi_1".into()),
        amount: euros(500),
        status: DisputeStatus::Open,
        reason: "fraudulent".into(),
        moved: euros(-500),
        fee: euros(20),
        created: now(),
    };
    let kept = Kept { order: order.id.clone(), known: Known { dispute, froze: None } };
    let there = db.add_shop("there").await;
    let mut tx = db.tx().await;
    let again = Finding { id: db.id(), ..finding.clone() };
    assert!(tx.note_finding(&finding, now()).await.unwrap() && !tx.note_finding(&again, now()).await.unwrap());
    tx.keep_dispute(&kept, now()).await.unwrap();
    tx.set_progress("lists", &7u32).await.unwrap();
    assert_eq!(tx.dispute("dp_1").await.unwrap(), Some(kept.clone()));
    assert_eq!(tx.disputes_of(&order.id).await.unwrap(), std::slice::from_ref(&kept));
    assert_eq!(tx.undecided_disputes("", 9).await.unwrap(), ["dp_1"]);
    assert!(tx.is_booked(EntryKind::Capture, "cs_7").await.unwrap());
    assert_eq!(tx.alive_behind("", at(9_000), 9).await.unwrap(), std::slice::from_ref(&paid.id));
    assert_eq!(tx.refunds_behind("", at(9_000), 9).await.unwrap(), std::slice::from_ref(&refund.id));
    tx.commit().await.unwrap();
    let mut tx = db.store.begin(&there).await.unwrap();
    assert_eq!(tx.progress::<u32>("lists").await.unwrap(), 0);
    assert_eq!(tx.open_findings(9).await.unwrap(), []);
    assert_eq!(tx.finding(&finding.id).await.unwrap(), None);
    assert_eq!(tx.findings_about("cs_7").await.unwrap(), []);
    assert_eq!(tx.count_findings().await.unwrap(), []);
    assert!(!tx.clear_finding(finding.kind, "cs_7", now()).await.unwrap());
    assert_eq!(tx.clear_unseen(finding.kind, at(9_000), now()).await.unwrap(), 0);
    assert_eq!(tx.dispute("dp_1").await.unwrap(), None);
    assert_eq!(tx.disputes_of(&order.id).await.unwrap(), []);
    assert_eq!(tx.undecided_disputes("", 9).await.unwrap(), Vec::<String>::new());
    assert!(!tx.is_booked(EntryKind::Capture, "cs_7").await.unwrap());
    for rule in RULES {
        assert_eq!(tx.broken(&rule, 9).await.unwrap(), []);
    }
    assert_eq!(tx.alive_behind("", at(9_000), 9).await.unwrap(), []);
    assert_eq!(tx.paid_behind("", at(0), 9).await.unwrap(), []);
    assert_eq!(tx.refunds_behind("", at(9_000), 9).await.unwrap(), []);
    assert_eq!(tx.given_behind("", at(0), 9).await.unwrap(), []);
    assert!(!tx.attach_session(&lost).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(db.tx().await.open_findings(9).await.unwrap(), std::slice::from_ref(&finding));
}
