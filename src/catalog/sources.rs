//! Feeds that are fetched by themselves: on time, one after the other, and never more than the merchant would want.

use crate::app::App;
use crate::catalog::Error;
use crate::catalog::feed::FEED_BYTES_MAX;
use crate::catalog::ingest::{self, Missing, Report};
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::id::{ShopId, SourceId};
use crate::domain::job::Job;
use crate::fetch::{Fetched, Known};
use crate::knowledge;
use crate::store::sources::Source;
use jiff::{Span, Timestamp};

/// How often a source is asked when nothing is said.
pub const EVERY_MINUTES: i64 = 60;
/// Shortest and longest pace.
pub const EVERY_MINUTES_MIN: i64 = 5;
/// A month.
pub const EVERY_MINUTES_MAX: i64 = 43_200;
/// Sources of one shop at most.
pub const SOURCES_MAX: usize = 50;
/// Characters of an address.
const URL_CHARS_MAX: usize = 2_000;
/// Sources of products.
const PRODUCTS: &str = "products";
/// Sources of texts: web sites.
const TEXTS: &str = "texts";
/// Longest wait after failures, unless the pace itself is longer.
const BACK_OFF_MINUTES_MAX: i64 = 1_440;
/// A try that is under way is not asked for again before this.
const TRY_MINUTES: i64 = 30;
/// Sources asked for in one step.
const AT_ONCE: i64 = 20;
/// The share of a pace by which sources of many shops are spread out.
const JITTER_PERCENT: i64 = 10;

/// What a fetch brought.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The file is as it was.
    Same,
    /// It was taken in.
    TakenIn(Box<Report>),
    /// Pages of a site were read.
    Texts(Box<knowledge::ingest::Report>),
    /// It was not, and why; the old catalogue stays.
    Failed(String),
    /// There is no such source any more.
    Gone,
}

/// Adds a source, due at once; one of the same address gets the new pace.
pub async fn add(app: &App, shop: &ShopId, url: &str, kind: &str, every_minutes: i64) -> Result<Source, Error> {
    let url = url.trim();
    let wrong = |problem: &str| Err(Error::Source(format!("{url}: {problem}")));
    if !(url.starts_with("https://") || url.starts_with("http://")) || url.chars().count() > URL_CHARS_MAX {
        return wrong("write the address of a file, with https:// in front");
    }
    if ![PRODUCTS, TEXTS].contains(&kind) {
        return wrong("a source holds products or texts");
    }
    if !(EVERY_MINUTES_MIN..=EVERY_MINUTES_MAX).contains(&every_minutes) {
        return wrong("choose a pace of 5 minutes to 30 days, such as 60m, 6h or 1d");
    }
    let mut tx = app.store.begin(shop).await?;
    let there = tx.sources().await?;
    if there.len() >= SOURCES_MAX && !there.iter().any(|s| s.url == url) {
        return wrong("there are 50 sources already; remove one first");
    }
    let source = Source {
        id: app.new_id(),
        url: url.to_owned(),
        kind: kind.to_owned(),
        every_minutes,
        next_at: app.now(),
        fetched_at: None,
        changed_at: None,
        etag: None,
        last_modified: None,
        failures: 0,
        problem: None,
    };
    let id = tx.save_source(&source).await?;
    let saved = tx.source(&id).await?.unwrap_or(source);
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(saved)
}

/// Takes a source away; what came from it stays.
pub async fn remove(app: &App, shop: &ShopId, id: &SourceId) -> Result<bool, Error> {
    let mut tx = app.store.begin(shop).await?;
    let gone = tx.remove_source(id).await?;
    tx.clear_finding(FindingKind::SourceFails, id.as_str(), app.now()).await?;
    tx.commit().await?;
    Ok(gone)
}

/// Writes down a job for every source that is due.
pub(super) async fn step(app: &App) -> Result<(), Error> {
    let now = app.now();
    for (shop, id) in app.store.due_sources(now, AT_ONCE).await? {
        let mut tx = app.store.begin(&shop).await?;
        if tx.claim_source(&id, now, app.after(Span::new().minutes(TRY_MINUTES))).await? {
            app.enqueue(&mut tx, &Job::FetchSource { source: id }).await?;
        }
        tx.commit().await?;
        app.work.notify_waiters();
    }
    Ok(())
}

/// Fetches a source and takes in what is new. What goes wrong outside is written down and no error.
pub async fn fetch(app: &App, shop: &ShopId, id: &SourceId) -> Result<Outcome, Error> {
    let Some(mut source) = app.store.read(shop).await?.source(id).await? else { return Ok(Outcome::Gone) };
    if source.kind == TEXTS {
        let outcome = read_site(app, shop, &source).await?;
        note(app, shop, source, &outcome).await?;
        return Ok(outcome);
    }
    let known = Known { etag: source.etag.clone(), last_modified: source.last_modified.clone() };
    let outcome = match app.fetcher.get(&source.url, FEED_BYTES_MAX, Some(&known)).await {
        Ok(None) => Outcome::Same,
        Ok(Some(fetched)) => {
            let outcome = take_in(app, shop, &source, &fetched).await?;
            if !matches!(outcome, Outcome::Failed(_)) {
                (source.etag, source.last_modified) = (fetched.known.etag, fetched.known.last_modified);
            }
            outcome
        }
        Err(error) => Outcome::Failed(error.to_string()),
    };
    note(app, shop, source, &outcome).await?;
    Ok(outcome)
}

/// Reads what changed of a site.
async fn read_site(app: &App, shop: &ShopId, source: &Source) -> Result<Outcome, Error> {
    let loaded = match knowledge::site::read(app, shop, &source.url, &mut |_, _| {}).await {
        Ok(loaded) => loaded,
        Err(error @ knowledge::Error::Fetch(_)) => return Ok(Outcome::Failed(told(&error))),
        Err(error) => return Err(error.into()),
    };
    let report = knowledge::ingest::ingest(app, shop, &loaded).await?;
    let nothing = report.added.is_empty() && report.changed.is_empty() && report.removed.is_empty();
    Ok(if nothing && report.rejected.is_empty() { Outcome::Same } else { Outcome::Texts(Box::new(report)) })
}

/// The cause, which says more than what it is wrapped in.
fn told(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

async fn take_in(app: &App, shop: &ShopId, source: &Source, fetched: &Fetched) -> Result<Outcome, Error> {
    let taken = ingest::ingest(app, shop, &source.url, &fetched.bytes, Missing::Careful, &mut |_, _| {}).await;
    match taken {
        Ok(report) => Ok(Outcome::TakenIn(Box::new(report))),
        Err(error @ (Error::Feed(_) | Error::Stopped(_))) => Ok(Outcome::Failed(error.to_string())),
        Err(error) => Err(error),
    }
}

async fn note(app: &App, shop: &ShopId, mut source: Source, outcome: &Outcome) -> Result<(), Error> {
    let now = app.now();
    let mut tx = app.store.begin(shop).await?;
    if let Outcome::Failed(problem) = outcome {
        source.failures += 1;
        source.problem = Some(problem.clone());
        let finding = Finding {
            id: app.new_id(),
            kind: FindingKind::SourceFails,
            about: source.id.to_string(),
            order: None,
            text: format!("{} was not taken in, and the catalogue stays as it is: {problem}", source.url),
            first_seen: now,
        };
        tx.note_finding(&finding, now).await?;
    } else {
        source.failures = 0;
        source.problem = None;
        source.fetched_at = Some(now);
        let texts = |report: &knowledge::ingest::Report| {
            !(report.added.is_empty() && report.changed.is_empty() && report.removed.is_empty())
        };
        let anything = match outcome {
            Outcome::TakenIn(report) => report.changes_anything(),
            Outcome::Texts(report) => texts(report),
            _ => false,
        };
        if anything {
            source.changed_at = Some(now);
        }
        tx.clear_finding(FindingKind::SourceFails, source.id.as_str(), now).await?;
    }
    source.next_at = next(app, &source);
    tx.note_fetch(&source).await?;
    tx.commit().await?;
    Ok(())
}

/// The pace, doubled with each failure, and spread a little so that many shops do not ask at the same moment.
fn next(app: &App, source: &Source) -> Timestamp {
    let every = source.every_minutes.clamp(EVERY_MINUTES_MIN, EVERY_MINUTES_MAX);
    let doubled = every.saturating_mul(1 << source.failures.clamp(0, 12));
    let minutes = doubled.min(BACK_OFF_MINUTES_MAX.max(every));
    let dice: i64 = app.ids.secret().bytes().map(i64::from).sum();
    let spread = every * 60 * JITTER_PERCENT / 100;
    app.after(Span::new().seconds(minutes * 60 + dice % spread.max(1)))
}
