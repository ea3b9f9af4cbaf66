//! Comparing our rows with the provider's lists: what is safe is put right, the rest is kept as findings for a person.
//! Every few minutes what is unfinished; once a day everything of the last days, in both directions.

mod own;
mod quick;
pub mod report;
mod run;
mod session;
mod sweep;

use crate::app::App;
use crate::checkout::Error;
use crate::domain::id::ShopId;
use crate::domain::job::Job;
use jiff::{SignedDuration, Span, Timestamp};
use report::Report;
use run::Run;
use serde::{Deserialize, Serialize};

/// The name our progress is kept under.
const PROGRESS: &str = "reconcile";
/// How often everything of the last days is compared.
const LONG_EVERY: SignedDuration = SignedDuration::from_hours(24);
/// When a long comparison goes on that did not end in one run.
const GO_ON_SECONDS: i64 = 1;
/// Open findings that a report lists.
const FINDINGS_MAX: i64 = 1_000;

/// What to compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Change nothing, only say what would be done.
    pub dry_run: bool,
    /// Compare everything of the last days now, whenever that was done last.
    pub long: bool,
    /// How many days; `None` means as set.
    pub days: Option<u32>,
}

/// How far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Progress {
    /// The last attempt looked at, when there were too many for one run.
    alive_after: String,
    /// The last unfinished refund looked at.
    refunds_after: String,
    /// Events before this moment were all seen.
    events_until: Option<Timestamp>,
    /// Events that are being gone through.
    events: Option<Events>,
    /// When the last long comparison began that came to its end.
    long_done: Option<Timestamp>,
    /// The long comparison under way.
    long: Option<Long>,
}

/// Events that are being gone through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Events {
    since: Timestamp,
    started: Timestamp,
    after: Option<String>,
}

/// A long comparison under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Long {
    since: Timestamp,
    started: Timestamp,
    stage: Stage,
    after: Option<String>,
}

/// The parts of a long comparison, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    Sessions,
    Refunds,
    Disputes,
    OurPayments,
    OurRefunds,
    OurDisputes,
    Findings,
}

/// Makes sure that comparisons take place, beginning now.
pub async fn begin(app: &App, shop: &ShopId) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    app.enqueue(&mut tx, &Job::Reconcile).await?;
    tx.commit().await?;
    Ok(())
}

/// The job: compares, and comes again.
pub async fn in_turn(app: &App, shop: &ShopId) -> Result<(), Error> {
    // The next one is written down first: whatever happens to this one, comparing goes on.
    let mut tx = app.store.begin(shop).await?;
    let next = app.after(Span::new().minutes(i64::from(app.config.stripe.reconcile_minutes)));
    app.enqueue_at(&mut tx, &Job::Reconcile, next).await?;
    tx.commit().await?;
    let report = reconcile(app, shop, Wanted::default()).await?;
    report.log();
    if !report.ended && !report.silent {
        let mut tx = app.store.begin(shop).await?;
        app.enqueue_at(&mut tx, &Job::Reconcile, app.after(Span::new().seconds(GO_ON_SECONDS))).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Compares once, within the limits of one run; the next goes on where this one stopped.
pub async fn reconcile(app: &App, shop: &ShopId, wanted: Wanted) -> Result<Report, Error> {
    let mut tx = app.store.read(shop).await?;
    let mut progress: Progress = tx.progress(PROGRESS).await?;
    drop(tx);
    let mut run = Run::new(app, shop, wanted.dry_run);
    let days = i64::from(wanted.days.unwrap_or(app.config.stripe.reconcile_days));
    let since = app.after(Span::new().hours(-24 * days));
    let due = progress.long_done.is_none_or(|done| app.now().duration_since(done) >= LONG_EVERY);
    if wanted.long || wanted.dry_run {
        // On demand, from the beginning, and to the end.
        progress.long = None;
    }
    if progress.long.is_none() && (due || wanted.long) {
        progress.long = Some(Long { since, started: app.now(), stage: Stage::Sessions, after: None });
    }
    quick::attempts(&mut run, &mut progress).await?;
    quick::refunds(&mut run, &mut progress).await?;
    quick::events(&mut run, &mut progress, since).await?;
    loop {
        sweep::long(&mut run, &mut progress).await?;
        if !wanted.long || progress.long.is_none() || run.is_tired() {
            break;
        }
        run.refresh();
    }
    own::rules(&mut run).await?;
    run.report.ended = progress.long.is_none();
    run.report.silent = run.is_tired();
    if !wanted.dry_run {
        let mut tx = app.store.begin(shop).await?;
        tx.set_progress(PROGRESS, &progress).await?;
        run.report.open = tx.open_findings(FINDINGS_MAX).await?;
        tx.commit().await?;
        app.work.notify_waiters();
    }
    Ok(run.report)
}
