//! Many workers at one table of jobs: a lane is served by one of them at a time, in the order its jobs were written.

use crate::store::work::deliver;
use crate::store::{Db, at, now};
use souk::domain::job::Job;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;

const LANES: usize = 40;
const JOBS: usize = 5;
const WORKERS: usize = 8;

/// What the workers saw.
#[derive(Default)]
struct Seen {
    busy: BTreeSet<String>,
    done: BTreeMap<String, Vec<String>>,
    count: usize,
}

pub async fn lanes_are_served_one_job_at_a_time_and_in_order(db: Arc<Db>) {
    for n in 0..JOBS {
        let mut tx = db.tx().await;
        for lane in 0..LANES {
            tx.enqueue(db.id(), &deliver(&format!("lane{lane}"), n), at(n as i64), now()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    let seen = Arc::new(Mutex::new(Seen::default()));
    let started = std::time::Instant::now();
    let mut tasks = JoinSet::new();
    for worker in 0..WORKERS {
        tasks.spawn(work(Arc::clone(&db), Arc::clone(&seen), format!("w{worker}")));
    }
    let looked_in_vain: usize = tasks.join_all().await.into_iter().sum();
    let took = started.elapsed();
    println!("{} jobs, {WORKERS} workers: {took:?}, {looked_in_vain} looks in vain", LANES * JOBS);
    let seen = seen.lock().unwrap();
    assert_eq!((seen.count, seen.done.len()), (LANES * JOBS, LANES));
    for (lane, done) in &seen.done {
        let expected: Vec<String> = (0..JOBS).map(|n| format!("{lane}/{n}")).collect();
        assert_eq!(done, &expected);
    }
}

async fn work(db: Arc<Db>, seen: Arc<Mutex<Seen>>, owner: String) -> usize {
    let mut in_vain = 0;
    while seen.lock().unwrap().count < LANES * JOBS {
        let Some(claimed) = db.store.claim_job(&owner, at(10), at(60_000)).await.unwrap() else {
            in_vain += 1;
            assert!(in_vain < 5_000, "{owner} finds nothing to do");
            tokio::time::sleep(Duration::from_millis(2)).await;
            continue;
        };
        let Job::Deliver { conversation, message } = &claimed.job else { panic!("{claimed:?}") };
        let lane = conversation.to_string();
        {
            let mut seen = seen.lock().unwrap();
            assert!(seen.busy.insert(lane.clone()), "two workers are in {lane}");
            seen.done.entry(lane.clone()).or_default().push(message.to_string());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
        {
            let mut seen = seen.lock().unwrap();
            seen.busy.remove(&lane);
            seen.count += 1;
        }
        let mut tx = db.tx().await;
        assert!(tx.finish_job(&claimed).await.unwrap());
        tx.commit().await.unwrap();
    }
    in_vain
}
