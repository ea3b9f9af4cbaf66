//! The catalogue in the console: what was taken in when, how the index stands, where feeds come from, and the way back.

mod upload;

pub use upload::{UPLOAD_BYTES_MAX, keep, show as uploaded, take};

use crate::catalog::feed::note::{Reject, Warning};
use crate::catalog::report::{EXAMPLES_MAX, Report};
use crate::catalog::{Error as CatalogError, undo};
use crate::domain::id::RunId;
use crate::http::Site;
use crate::http::console::{check_form, csrf, form, signed_in};
use crate::http::error::Error;
use crate::http::page::Frames;
use crate::knowledge;
use crate::search::Kind;
use crate::store::runs::Run;
use crate::store::sources::Source;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use minijinja::{Value, context};
use serde::Deserialize;
use std::sync::Arc;

/// Runs on one page.
const RUNS_MAX: i64 = 50;
/// Runs in the plot.
const BARS_MAX: usize = 30;
/// Width of the plot in its own units, the height of its highest bar, and where the bars stand.
const WIDTH: u64 = 640;
const HIGHEST: u64 = 105;
const GROUND: u64 = 125;
/// Changes that are counted one by one before it says "more".
const WAITING_MAX: i64 = 100_000;
/// Rejects and warnings on one page.
const NOTES_MAX: usize = 200;

/// A form with nothing but its mark.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Bare {
    csrf: String,
}

/// The catalogue.
pub async fn list(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Error> {
    if !signed_in(&site, &headers) {
        return form(&site, None);
    }
    overview(&site, None).await
}

async fn overview(site: &Site, problem: Option<&str>) -> Result<Response, Error> {
    let app = &site.app;
    let undoable = undo::kept(app, &app.shop).await?;
    let mut tx = app.store.read(&app.shop).await?;
    let shop = tx.shop().await?.ok_or(Error::NotFound)?;
    let (products, variants) = tx.catalog_size().await?;
    let waiting = tx.unindexed(WAITING_MAX).await?.len();
    let runs = tx.runs(RUNS_MAX).await?;
    let sources = tx.sources().await?;
    drop(tx);
    let read: Vec<(&Run, Option<Report>)> = runs.iter().map(|run| (run, report(run))).collect();
    let context = context! {
        shop => context! { name => &shop.name },
        csrf => csrf(site),
        problem,
        products,
        variants,
        found => app.index.count(&app.shop, Kind::Product).await.map_err(CatalogError::from)?,
        passages => app.index.count(&app.shop, Kind::Passage).await.map_err(CatalogError::from)?,
        waiting,
        embedder => app.embedder.name(),
        plot => plot(&read),
        runs => read.iter().map(|(run, report)| line(run, report.as_ref(), undoable.contains(&run.id))).collect::<Vec<_>>(),
        sources => sources.iter().map(|source| source_line(source, app.now())).collect::<Vec<_>>(),
    };
    let mut response = site.pages.render("console_catalog", context, Frames::Never)?;
    if problem.is_some() {
        *response.status_mut() = StatusCode::CONFLICT;
    }
    Ok(response)
}

/// One run's report.
pub async fn show(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if !signed_in(&site, &headers) {
        return form(&site, None);
    }
    one(&site, &RunId::new(id), None).await
}

async fn one(site: &Site, id: &RunId, problem: Option<&str>) -> Result<Response, Error> {
    let app = &site.app;
    let undoable = undo::kept(app, &app.shop).await?;
    let mut tx = app.store.read(&app.shop).await?;
    let shop = tx.shop().await?.ok_or(Error::NotFound)?;
    let run = tx.run(id).await?.ok_or(Error::NotFound)?;
    let read = report(&run);
    let context = context! {
        shop => context! { name => &shop.name },
        csrf => csrf(site),
        problem,
        run => line(&run, read.as_ref(), undoable.contains(&run.id)),
        report => read.as_ref().map(told).or_else(|| told_texts(&run)),
    };
    let mut response = site.pages.render("console_run", context, Frames::Never)?;
    if problem.is_some() {
        *response.status_mut() = StatusCode::CONFLICT;
    }
    Ok(response)
}

/// Takes a run back.
pub async fn take_back(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(bare): Form<Bare>,
) -> Result<Response, Error> {
    check_form(&site, &headers, &bare.csrf)?;
    let app = Arc::clone(&site.app);
    let run = RunId::new(id);
    let of = run.clone();
    // A browser that goes away must not leave it half done.
    let undone = tokio::spawn(async move { undo::undo(&app, &app.shop, Some(&of)).await });
    match undone.await.map_err(|_| Error::Full)? {
        Ok(report) => Ok(to_run(&report)),
        Err(CatalogError::NotUndone(why)) => one(&site, &run, Some(&why)).await,
        Err(error) => Err(error.into()),
    }
}

fn to_run(report: &Report) -> Response {
    let id = report.run.as_ref().map_or("", RunId::as_str);
    Redirect::to(&format!("/console/catalog/{id}")).into_response()
}

// Reports of texts have a shape of their own.
fn report(run: &Run) -> Option<Report> {
    (run.kind == "products").then(|| serde_json::from_str(&run.report).ok()).flatten()
}

fn line(run: &Run, report: Option<&Report>, undoable: bool) -> Value {
    context! {
        id => run.id.as_str(), kind => &run.kind, source => &run.source, at => run.at.to_string(), undoable,
        did => crate::catalog::report::line(run), stopped => report.is_some_and(|r| r.stopped.is_some()),
        rejects => report.map_or(0, Report::rejects), warned => report.map_or(0, Report::warned),
        undoes => report.and_then(|r| r.undoes.as_ref()).map(RunId::as_str),
    }
}

/// A report of texts, in the same shape as one of products.
fn told_texts(run: &Run) -> Option<Value> {
    let report: knowledge::ingest::Report = serde_json::from_str(&run.report).ok()?;
    let rejected = report.rejected.iter().take(NOTES_MAX).map(|one| {
        context! { line => &one.place, what => &one.source, reason => &one.reason }
    });
    let warnings = report.warnings.iter().take(NOTES_MAX);
    let warnings = warnings.map(|one| context! { what => one.places.join(", "), text => &one.message });
    let some = |names: &[String]| names.iter().take(EXAMPLES_MAX).cloned().collect::<Vec<_>>();
    Some(context! {
        added => report.added.len(), changed => report.changed.len(), unchanged => report.unchanged,
        retired => report.removed.len(), rejects => report.rejected.len(), warned => report.warnings.len(),
        added_examples => some(&report.added), retired_examples => some(&report.removed),
        rejected => rejected.collect::<Vec<_>>(), warnings => warnings.collect::<Vec<_>>(),
    })
}

/// A report for the page.
fn told(report: &Report) -> Value {
    let kinds: Vec<Value> = report.changes.named().into_iter().map(|(word, count)| context! { word, count }).collect();
    let prices = report.prices.iter().map(|p| context! { what => &p.what, old => &p.old, new => &p.new });
    let rejected = report.rejected.iter().take(NOTES_MAX).map(|one| {
        let Reject { line, what, field, reason, remedy } = one;
        context! { line, what, field, reason, remedy }
    });
    let warnings = report.warnings.iter().take(NOTES_MAX).map(|one| {
        let Warning { line, what, text, .. } = one;
        context! { line, what, text }
    });
    let (prices, rejected, warnings): (Vec<Value>, Vec<Value>, Vec<Value>) =
        (prices.collect(), rejected.collect(), warnings.collect());
    context! {
        stopped => &report.stopped,
        undoes => report.undoes.as_ref().map(RunId::as_str),
        added => report.added, changed => report.changed, unchanged => report.unchanged, retired => report.retired,
        rejects => report.rejects(), warned => report.warned(),
        kinds,
        prices,
        added_examples => &report.added_examples, retired_examples => &report.retired_examples,
        rejected,
        warnings,
        rejected_more => report.rejects().saturating_sub(NOTES_MAX.min(report.rejected.len()) as u64),
        warnings_more => report.warned().saturating_sub(NOTES_MAX.min(report.warnings.len()) as u64),
    }
}

fn source_line(source: &Source, now: Timestamp) -> Value {
    let minutes = source.next_at.duration_since(now).as_secs() / 60;
    context! {
        url => &source.url, kind => &source.kind, every => source.every_minutes, problem => &source.problem,
        failures => source.failures, fetched => source.fetched_at.map(|at| at.to_string()),
        next => source.next_at.to_string(), soon => minutes <= 0,
    }
}

/// Bars of what each run added, changed and retired, the oldest left.
fn plot(runs: &[(&Run, Option<Report>)]) -> Option<Value> {
    let counted = |(run, report): &(&Run, Option<Report>)| {
        let report = report.as_ref().filter(|r| r.stopped.is_none())?;
        let counts = [report.added as u64, report.changed as u64, report.retired as u64];
        Some((run.at, counts))
    };
    let mut shown: Vec<(Timestamp, [u64; 3])> = runs.iter().filter_map(counted).take(BARS_MAX).collect();
    shown.reverse();
    let most = shown.iter().map(|(_, counts)| counts.iter().sum::<u64>()).max().filter(|most| *most > 0)?;
    // A single run is no plot, and a few bars need not be as wide as the page.
    let step = (WIDTH / shown.len().max(12) as u64).max(1);
    let mut bars: Vec<Value> = Vec::new();
    for (n, (at, counts)) in (0u64..).zip(&shown) {
        let mut foot = GROUND;
        for (word, count) in ["added", "changed", "retired"].into_iter().zip(counts).filter(|(_, count)| **count > 0) {
            // Whatever is not nothing can be seen.
            let height = (count * HIGHEST / most).max(2);
            foot = foot.saturating_sub(height);
            let title = format!("{}: {count} {word}", at.strftime("%Y-%m-%d %H:%M"));
            bars.push(
                context! { x => n * step, y => foot, width => step.saturating_sub(4).max(2), height, word, title },
            );
        }
    }
    let day = |at: Option<&(Timestamp, [u64; 3])>| at.map(|(at, _)| at.strftime("%Y-%m-%d").to_string());
    Some(context! {
        bars, most, first => day(shown.first()), last => day(shown.last()), end => shown.len() as u64 * step,
    })
}
