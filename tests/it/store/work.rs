//! Jobs: merged, lost, returned, given up on.

use crate::store::{Db, at, now};
use souk::domain::id::{ConversationId, MessageId, OrderId};
use souk::domain::job::Job;
use souk::domain::order::Happening;
use souk::store::jobs::JobCount;
use std::sync::Arc;

fn respond(name: &str) -> Job {
    Job::Respond { conversation: ConversationId::new(name) }
}

/// A job of a conversation's lane that no other job takes in.
pub fn deliver(lane: &str, n: usize) -> Job {
    Job::Deliver { conversation: ConversationId::new(lane), message: MessageId::new(format!("{lane}/{n}")) }
}

async fn enqueue(db: &Db, job: &Job, due: i64, moment: i64) {
    let mut tx = db.tx().await;
    tx.enqueue(db.id(), job, at(due), at(moment)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn counts(db: &Db) -> (i64, i64, i64) {
    let JobCount { waiting, running, parked } = db.store.count_jobs().await.unwrap();
    (waiting, running, parked)
}

pub async fn waiting_twins_are_one_and_wait_no_longer_than_three_seconds(db: Arc<Db>) {
    // A shopper writes every second; each message asks to wait two and a half seconds more.
    for second in 0..6 {
        enqueue(&db, &respond("a"), second * 1_000 + 2_500, second * 1_000).await;
    }
    assert_eq!(counts(&db).await, (1, 0, 0));
    assert_eq!(db.store.next_due().await.unwrap(), Some(at(3_000)), "put off for ever");
    assert_eq!(db.store.claim_job("w", at(2_999), at(60_000)).await.unwrap(), None);
    let claimed = db.store.claim_job("w", at(3_000), at(60_000)).await.unwrap().unwrap();
    assert_eq!((claimed.job, claimed.attempt), (respond("a"), 1));
    // What is said while the turn runs waits for the next one; what is told is counted each.
    enqueue(&db, &respond("a"), 4_000, 4_000).await;
    let told = Job::Notify { order: OrderId::new("o"), what: Happening::Paid };
    enqueue(&db, &told, 4_000, 4_000).await;
    enqueue(&db, &told, 4_000, 4_000).await;
    assert_eq!(counts(&db).await, (3, 1, 0));
}

pub async fn a_lost_job_is_freed_and_the_zombie_finishes_nothing(db: Arc<Db>) {
    enqueue(&db, &respond("a"), 0, 0).await;
    let zombie = db.store.claim_job("first", now(), at(30_000)).await.unwrap().unwrap();
    assert_eq!(db.store.claim_job("second", at(31_000), at(60_000)).await.unwrap(), None, "still leased");
    let mut tx = db.tx().await;
    assert!(tx.renew_job(&zombie, at(40_000)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(db.store.free_lost_jobs(at(39_000)).await.unwrap(), 0);
    assert_eq!(db.store.free_lost_jobs(at(41_000)).await.unwrap(), 1);
    let heir = db.store.claim_job("second", at(41_000), at(60_000)).await.unwrap().unwrap();
    assert_eq!((&heir.id, heir.attempt), (&zombie.id, 2));
    let mut tx = db.tx().await;
    assert!(!tx.holds_job(&zombie).await.unwrap());
    assert!(!tx.renew_job(&zombie, at(90_000)).await.unwrap());
    assert!(!tx.finish_job(&zombie).await.unwrap());
    tx.return_job(&zombie, None, "I am still here").await.unwrap();
    assert!(tx.holds_job(&heir).await.unwrap());
    assert!(tx.finish_job(&heir).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(counts(&db).await, (0, 0, 0));
}

pub async fn a_failed_job_comes_back_or_is_put_away(db: Arc<Db>) {
    enqueue(&db, &respond("a"), 0, 0).await;
    for attempt in 1..=3 {
        let claimed = db.store.claim_job("w", at(attempt * 1_000), at(60_000)).await.unwrap().unwrap();
        assert_eq!(claimed.attempt, attempt);
        let mut tx = db.tx().await;
        let due = (attempt < 3).then(|| at((attempt + 1) * 1_000));
        tx.return_job(&claimed, due, &"é".repeat(9_000)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.store.claim_job("w", at(attempt * 1_000), at(60_000)).await.unwrap(), None, "not due yet");
    }
    assert_eq!(counts(&db).await, (0, 0, 1));
    assert_eq!(db.store.claim_job("w", at(9_000_000), at(9_900_000)).await.unwrap(), None);
}

pub async fn a_job_whose_twin_waits_gives_way(db: Arc<Db>) {
    enqueue(&db, &respond("a"), 0, 0).await;
    let failed = db.store.claim_job("w", now(), at(30_000)).await.unwrap().unwrap();
    enqueue(&db, &respond("a"), 500, 500).await;
    let mut tx = db.tx().await;
    tx.return_job(&failed, Some(at(9_000)), "busy").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(counts(&db).await, (1, 0, 0), "the twin does the work of both");
    let lost = db.store.claim_job("w", at(600), at(30_000)).await.unwrap().unwrap();
    enqueue(&db, &respond("a"), 700, 700).await;
    db.store.free_lost_jobs(at(31_000)).await.unwrap();
    assert_eq!(counts(&db).await, (1, 0, 0));
    let next = db.store.claim_job("w", at(31_000), at(60_000)).await.unwrap().unwrap();
    assert_ne!(next.id, lost.id);
}

pub async fn a_rolled_back_change_leaves_no_job(db: Arc<Db>) {
    let mut tx = db.tx().await;
    tx.enqueue(db.id(), &respond("a"), now(), now()).await.unwrap();
    drop(tx);
    assert_eq!(counts(&db).await, (0, 0, 0));
    assert_eq!(db.store.next_due().await.unwrap(), None);
}

pub async fn nothing_overtakes_what_failed_in_its_lane(db: Arc<Db>) {
    let claim = |ms| {
        let db = Arc::clone(&db);
        async move { db.store.claim_job("w", at(ms), at(60_000)).await.unwrap() }
    };
    for n in 0..3 {
        enqueue(&db, &deliver("a", n), 0, 0).await;
    }
    enqueue(&db, &deliver("b", 0), 1, 1).await;
    let failed = claim(1).await.unwrap();
    assert_eq!(failed.job, deliver("a", 0));
    let mut tx = db.tx().await;
    tx.return_job(&failed, Some(at(5_000)), "the network is busy").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claim(2).await.unwrap().job, deliver("b", 0), "another lane goes on");
    assert_eq!(claim(4_999).await, None, "message 1 would arrive before message 0");
    for n in 0..3 {
        let next = claim(5_000).await.unwrap();
        assert_eq!(next.job, deliver("a", n));
        let mut tx = db.tx().await;
        // The last is put away; the lane is free again.
        if n == 2 {
            tx.return_job(&next, None, "refused").await.unwrap();
        } else {
            assert!(tx.finish_job(&next).await.unwrap());
        }
        tx.commit().await.unwrap();
    }
    enqueue(&db, &deliver("a", 3), 5_000, 5_000).await;
    assert_eq!(claim(5_000).await.unwrap().job, deliver("a", 3));
}
