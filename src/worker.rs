//! The worker: claims a job, does it, and says what becomes of a failure. The one place that knows who does what.

use crate::app::App;
use crate::catalog;
use crate::checkout;
use crate::conversation;
use crate::domain::job::Job;
use crate::store::{self, jobs::Claimed};
use jiff::{Span, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// How long a claimed job stays ours without being renewed.
const LEASE_SECONDS: i64 = 30;
/// How often a running job's lease is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// How long an idle worker sleeps when nobody rings: other processes write jobs too.
const IDLE: Duration = Duration::from_millis(300);
/// Tries before somebody waiting is told, or a job is put away.
const ATTEMPTS_MAX: i64 = 6;
/// Tries to fetch a file: its message waits for it.
const FETCH_ATTEMPTS_MAX: i64 = 3;
/// Tries for work that only time can end: a payment provider or an embeddings endpoint may be away for hours.
const PATIENT_ATTEMPTS_MAX: i64 = 500;
/// First wait between tries; doubles each time up to the last.
const BACK_OFF_SECONDS: i64 = 1;
/// Longest wait between tries.
const BACK_OFF_SECONDS_MAX: i64 = 300;

/// Why a job did not get done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Answering, delivering, telling.
    #[error("the conversation job failed")]
    Conversation(#[from] conversation::Error),
    /// Paying, refunding, reconciling.
    #[error("the purchase job failed")]
    Checkout(#[from] checkout::Error),
    /// Indexing.
    #[error("the catalogue job failed")]
    Catalog(#[from] catalog::Error),
}

/// Works until told to stop; each lane does one job at a time.
pub async fn run(app: Arc<App>, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut lanes = tokio::task::JoinSet::new();
    for lane in 0..app.config.worker.lanes {
        let (app, mut stop) = (Arc::clone(&app), stop.clone());
        lanes.spawn(async move {
            let owner = format!("{}-{lane}", app.ids.sortable(app.now()));
            while !*stop.borrow() {
                let rung = app.work.notified();
                if step(&app, &owner).await {
                    continue;
                }
                tokio::select! {
                    () = rung => {}
                    _ = stop.changed() => {}
                    () = tokio::time::sleep(IDLE) => {}
                }
            }
        });
    }
    let tidy = Arc::clone(&app);
    lanes.spawn(async move {
        while !*stop.borrow() {
            if let Err(error) = tidy.store.free_lost_jobs(tidy.now()).await {
                tracing::error!(error = &error as &dyn std::error::Error, "lost jobs could not be freed");
            }
            if let Err(error) = conversation::whatsapp::tidy::step(&tidy).await {
                tracing::error!(error = &error as &dyn std::error::Error, "old ids of messages could not be forgotten");
            }
            if let Err(error) = catalog::upkeep(&tidy).await {
                tracing::error!(error = &error as &dyn std::error::Error, "the catalogue's upkeep failed");
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(Duration::from_secs(5)) => {}
            }
        }
    });
    lanes.join_all().await;
}

/// Does every job that is due, one after the other; for tests, evaluations and commands without a server.
/// Answers how many were done; stops after `most`.
pub async fn drain(app: &Arc<App>, most: usize) -> usize {
    let mut done = 0;
    while done < most && step(app, "drain").await {
        done += 1;
    }
    done
}

/// Does one job. Answers false when there was none.
async fn step(app: &Arc<App>, owner: &str) -> bool {
    let until = app.after(Span::new().seconds(LEASE_SECONDS));
    match app.store.claim_job(owner, app.now(), until).await {
        Ok(Some(claimed)) => {
            attend(app, claimed).await;
            true
        }
        Ok(None) => false,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "no job could be claimed");
            false
        }
    }
}

// A job runs in a task of its own, so that a panic ends the job and not the worker.
async fn attend(app: &Arc<App>, claimed: Claimed) {
    let (task_app, task_claimed) = (Arc::clone(app), claimed.clone());
    let mut task = tokio::spawn(async move { work(&task_app, &task_claimed).await });
    let result = loop {
        tokio::select! {
            ended = &mut task => break ended,
            () = tokio::time::sleep(RENEW_EVERY) => renew(app, &claimed).await,
        }
    };
    let failure = match result {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(chain(&error)),
        Err(panic) => Some(format!("the job panicked: {panic}")),
    };
    if let Err(error) = put_down(app, &claimed, failure).await {
        // The lease ends by itself, and the job is done again.
        tracing::error!(error = &error as &dyn std::error::Error, job = %claimed.id, "a job could not be put down");
    }
}

/// Does what a job says, once; whoever claimed it says what becomes of a failure.
pub async fn work(app: &App, claimed: &Claimed) -> Result<(), Error> {
    let shop = &claimed.shop;
    match &claimed.job {
        Job::Respond { conversation } if claimed.attempt > ATTEMPTS_MAX => {
            conversation::respond::give_up(app, claimed, conversation).await?;
        }
        Job::Respond { conversation } => conversation::respond::respond(app, claimed, conversation).await?,
        Job::SyncTemplates { account } => conversation::whatsapp::template_news::sync(app, shop, account).await?,
        Job::FetchMedia { media, .. } if claimed.attempt > FETCH_ATTEMPTS_MAX => {
            conversation::whatsapp::media::give_up(app, shop, media).await?;
        }
        Job::FetchMedia { media, .. } => conversation::whatsapp::media::fetch(app, shop, media).await?,
        Job::Deliver { conversation, message } => {
            conversation::deliver::deliver(app, shop, conversation, message).await?;
        }
        Job::OpenCheckout { checkout } if claimed.attempt > ATTEMPTS_MAX => {
            checkout::open::give_up(app, shop, checkout).await?;
        }
        Job::OpenCheckout { checkout } => checkout::open::open(app, shop, checkout).await?,
        Job::SettleCheckout { checkout } => checkout::settle::settle(app, shop, checkout).await?,
        Job::SendRefund { refund } => checkout::refund::send(app, shop, refund).await?,
        Job::ReadPaymentEvent { event } => checkout::settle::settle_event(app, shop, event).await?,
        Job::Reconcile => checkout::reconcile::in_turn(app, shop).await?,
        Job::Notify { order, what } => conversation::notify::notify(app, shop, order, what.clone()).await?,
        Job::IndexChanges => catalog::index::index_some_changes(app, shop).await?,
        Job::CollectWords => catalog::ingest::collect_words(app, shop).await?,
        Job::TurnPrices => catalog::prices::turn(app, shop).await?,
        Job::FetchSource { source } => catalog::sources::fetch(app, shop, source).await.map(drop)?,
        Job::IndexPassages => catalog::index::index_passages(app, shop).await?,
        Job::EmbedDocuments => catalog::index::embed_some(app, shop).await?,
        Job::IndexShop => catalog::index::index_shop(app, shop, &mut |_, _| {}).await?,
    }
    Ok(())
}

async fn put_down(app: &App, claimed: &Claimed, failure: Option<String>) -> Result<(), store::Error> {
    let mut tx = app.store.begin(&claimed.shop).await?;
    match failure {
        None => {
            tx.finish_job(claimed).await?;
        }
        Some(error) => {
            let last = claimed.attempt >= attempts_max(&claimed.job);
            tracing::warn!(job = %claimed.id, attempt = claimed.attempt, parked = last, error, "a job failed");
            let due = (!last).then(|| retry_at(app, claimed.attempt));
            tx.return_job(claimed, due, &error).await?;
        }
    }
    tx.commit().await
}

fn attempts_max(job: &Job) -> i64 {
    match job {
        Job::FetchMedia { .. } => FETCH_ATTEMPTS_MAX + 1,
        // Somebody is waiting: one try more, in which a colleague is called instead.
        Job::Respond { .. } | Job::OpenCheckout { .. } => ATTEMPTS_MAX + 1,
        Job::SettleCheckout { .. } | Job::SendRefund { .. } | Job::ReadPaymentEvent { .. } | Job::EmbedDocuments => {
            PATIENT_ATTEMPTS_MAX
        }
        Job::Reconcile
        | Job::SyncTemplates { .. }
        | Job::Deliver { .. }
        | Job::Notify { .. }
        | Job::IndexChanges
        | Job::CollectWords
        | Job::TurnPrices
        | Job::FetchSource { .. }
        | Job::IndexPassages
        | Job::IndexShop => ATTEMPTS_MAX,
    }
}

fn retry_at(app: &App, attempt: i64) -> Timestamp {
    let doubled = BACK_OFF_SECONDS << attempt.clamp(1, 12).saturating_sub(1);
    app.after(Span::new().seconds(doubled.min(BACK_OFF_SECONDS_MAX)))
}

async fn renew(app: &App, claimed: &Claimed) {
    let until = app.after(Span::new().seconds(LEASE_SECONDS));
    let renewed = async {
        let mut tx = app.store.begin(&claimed.shop).await?;
        let held = tx.renew_job(claimed, until).await?;
        tx.commit().await?;
        Ok::<bool, store::Error>(held)
    };
    if !matches!(renewed.await, Ok(true)) {
        tracing::warn!(job = %claimed.id, "a running job could not be kept");
    }
}

/// An error with all its causes on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
