//! Bodies that come in at the same time are committed together: SQLite has one writer, and each commit waits for the disk.
//!
//! While one batch is being committed, what comes in gathers for the next; nobody waits for company.

use crate::app::App;
use crate::conversation::whatsapp::{Delivery, Took, take};
use crate::store;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// Bodies committed together.
pub const TOGETHER: usize = 64;
/// Things in bodies committed together; a body with more goes by itself.
const THINGS_TOGETHER_MAX: usize = 500;
/// Bodies that may wait.
const WAITING_MAX: usize = 2_000;
/// Bytes that may wait.
const WAITING_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Tries of a body, when somebody else is at the same rows.
const TRIES: usize = 4;

/// Why a body was not taken in; the network will send it again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rows could not be written.
    #[error("what came in could not be kept")]
    Store(#[from] store::Error),
    /// Too much is waiting.
    #[error("too much is waiting to be kept; the network has to send it again")]
    Full,
    /// Whoever was to commit it is gone.
    #[error("what came in was given up; the network has to send it again")]
    Gone,
}

/// What came in since the program started.
#[derive(Debug, Default)]
pub struct Counts {
    /// Bodies that were believed and kept.
    pub accepted: AtomicU64,
    /// Bodies that were not believed.
    pub rejected: AtomicU64,
    /// Bodies that could not be kept.
    pub failed: AtomicU64,
    /// Things seen for the first time.
    pub new: AtomicU64,
    /// Things seen before.
    pub repeated: AtomicU64,
    /// Transactions that held more than one body.
    pub shared: AtomicU64,
}

/// Takes bodies in.
pub struct Intake {
    app: Arc<App>,
    together: usize,
    waiting: Mutex<Waiting>,
    /// For the figures.
    pub counts: Counts,
}

#[derive(Default)]
struct Waiting {
    entries: VecDeque<Entry>,
    bytes: usize,
    running: bool,
}

struct Entry {
    delivery: Delivery,
    done: oneshot::Sender<Result<Took, Error>>,
}

impl Intake {
    /// Commits up to so many bodies together; 1 commits each by itself and side by side.
    pub fn new(app: Arc<App>, together: usize) -> Arc<Self> {
        Arc::new(Self { app, together, waiting: Mutex::default(), counts: Counts::default() })
    }

    /// Takes a body in. It is committed when this answers.
    pub async fn take(self: &Arc<Self>, delivery: Delivery) -> Result<Took, Error> {
        let result = if self.together <= 1 {
            alone(&self.app, &delivery).await.map_err(Error::from)
        } else {
            match self.hand_in(delivery) {
                Some(done) => done.await.unwrap_or(Err(Error::Gone)),
                None => Err(Error::Full),
            }
        };
        match &result {
            Ok(took) => {
                add(&self.counts.accepted, 1);
                add(&self.counts.new, took.new);
                add(&self.counts.repeated, took.repeated);
            }
            Err(_) => add(&self.counts.failed, 1),
        }
        result
    }

    fn hand_in(self: &Arc<Self>, delivery: Delivery) -> Option<oneshot::Receiver<Result<Took, Error>>> {
        let (done, receiver) = oneshot::channel();
        let mut waiting = self.lock();
        let bytes = delivery.body.len();
        if waiting.entries.len() >= WAITING_MAX || waiting.bytes + bytes > WAITING_BYTES_MAX {
            return None;
        }
        waiting.bytes += bytes;
        waiting.entries.push_back(Entry { delivery, done });
        if !waiting.running {
            waiting.running = true;
            // A task of its own: the request that starts it may be given up by the network at any moment.
            let intake = Arc::clone(self);
            tokio::spawn(async move { intake.commit_all().await });
        }
        Some(receiver)
    }

    async fn commit_all(self: Arc<Self>) {
        let relieve = Relieve(&self);
        while let Some(batch) = self.next() {
            self.commit(batch).await;
        }
        std::mem::forget(relieve);
    }

    /// The next batch; nothing ends the task, in the same breath as nobody can hand anything in to it.
    fn next(&self) -> Option<Vec<Entry>> {
        let mut waiting = self.lock();
        let mut batch: Vec<Entry> = Vec::new();
        let mut things = 0;
        while let Some(entry) = waiting.entries.front() {
            things += entry.delivery.len();
            if batch.len() >= self.together || (!batch.is_empty() && things > THINGS_TOGETHER_MAX) {
                break;
            }
            batch.extend(waiting.entries.pop_front());
        }
        waiting.bytes = waiting.entries.iter().map(|e| e.delivery.body.len()).sum();
        waiting.running = !batch.is_empty();
        waiting.running.then_some(batch)
    }

    async fn commit(&self, batch: Vec<Entry>) {
        if batch.len() > 1 {
            match together(&self.app, &batch).await {
                Ok(all) => {
                    add(&self.counts.shared, 1);
                    for (entry, took) in batch.into_iter().zip(all) {
                        let _ = entry.done.send(Ok(took));
                    }
                    return;
                }
                // One of them is the cause, or the moment was: each gets its own answer.
                Err(error) => tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    bodies = batch.len(),
                    "bodies could not be kept together; each is tried alone"
                ),
            }
        }
        for entry in batch {
            let result = alone(&self.app, &entry.delivery).await;
            let _ = entry.done.send(result.map_err(Error::from));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Should the task fall over, those who wait are told, and the next who comes starts another.
struct Relieve<'a>(&'a Intake);

impl Drop for Relieve<'_> {
    fn drop(&mut self) {
        *self.0.lock() = Waiting::default();
    }
}

async fn together(app: &App, batch: &[Entry]) -> Result<Vec<Took>, store::Error> {
    let mut tx = app.store.begin(&app.shop).await?;
    let mut all = Vec::with_capacity(batch.len());
    for entry in batch {
        all.push(take(app, &mut tx, &entry.delivery).await?);
    }
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(all)
}

async fn alone(app: &App, delivery: &Delivery) -> Result<Took, store::Error> {
    let mut tries = 1;
    loop {
        match once(app, delivery).await {
            Err(error) if error.is_race() && tries < TRIES => tries += 1,
            result => return result,
        }
    }
}

async fn once(app: &App, delivery: &Delivery) -> Result<Took, store::Error> {
    let mut tx = app.store.begin(&app.shop).await?;
    let took = take(app, &mut tx, delivery).await?;
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(took)
}

fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}
