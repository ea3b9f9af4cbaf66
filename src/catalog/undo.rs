//! Taking a run back: every product it added, changed or retired is again what it was.

use crate::app::App;
use crate::catalog::Error;
use crate::catalog::ingest::{self, Report};
use crate::catalog::report::PriceChange;
use crate::catalog::stage;
use crate::domain::id::{RunId, ShopId};
use crate::store::versions::Staging;

/// Products named when a run cannot be undone.
const NAMED_MAX: usize = 5;
/// Products looked for then.
const TOUCHED_MAX: i64 = 1_000;

/// Undoes a run, or the last one, as a run of its own. Stock sold since stays sold. Only while no later run touched the
/// same products.
pub async fn undo(app: &App, shop: &ShopId, run: Option<&RunId>) -> Result<Report, Error> {
    let mut tx = app.store.read(shop).await?;
    let seen = tx.catalog_version().await?;
    let stagings = tx.stagings().await?;
    let of = which(&stagings, run)?.run.clone();
    let done = tx.run(&of).await?.ok_or_else(|| not(format!("the report of {of} is not kept any more")))?;
    let done: Report =
        serde_json::from_str(&done.report).map_err(|_| not(format!("the report of {of} is unreadable")))?;
    if run.is_none()
        && let Some(undone) = &done.undoes
    {
        return Err(not(format!(
            "the last run undid {undone}; to have that again, name the run: souk catalog undo {of}"
        )));
    }
    let touched = tx.touched_since(&of, TOUCHED_MAX).await?;
    if let Some((some, more)) = named(&touched) {
        return Err(not(format!(
            "{of} cannot be undone: a later run changed {some}{more} as well; undo the later run first"
        )));
    }
    drop(tx);
    let new: RunId = app.new_id();
    let report = back(&new, &of, done);
    let switched = async {
        let mut tx = app.store.begin(shop).await?;
        tx.begin_staging(&new, app.now()).await?;
        tx.stage_undo(&of, &new).await?;
        let count = tx.staged(&new).await?;
        tx.commit().await?;
        stage::keep_before(app, shop, &new, count).await?;
        stage::switch(app, shop, &new, seen, count, &report).await
    };
    if let Err(error) = switched.await {
        stage::discard(app, shop, &new).await?;
        return Err(error);
    }
    app.work.notify_waiters();
    stage::sweep(app, shop).await?;
    ingest::collect_words(app, shop).await?;
    Ok(report)
}

/// Runs that can be undone as far as their rows are kept, the newest first.
pub async fn kept(app: &App, shop: &ShopId) -> Result<Vec<RunId>, Error> {
    let stagings = app.store.read(shop).await?.stagings().await?;
    Ok(stagings.into_iter().filter(|s| s.version.is_some()).map(|s| s.run).collect())
}

fn which<'a>(stagings: &'a [Staging], run: Option<&RunId>) -> Result<&'a Staging, Error> {
    let mut switched = stagings.iter().filter(|s| s.version.is_some());
    match run {
        None => switched.next().ok_or_else(|| not("no run changed anything yet that could be undone".to_owned())),
        Some(run) => switched.find(|s| &s.run == run).ok_or_else(|| {
            not(format!("{run} changed nothing, or is too old to be undone; `souk catalog history` lists what can be"))
        }),
    }
}

fn named(touched: &[crate::domain::id::ProductId]) -> Option<(String, String)> {
    touched.first()?;
    let some: Vec<&str> = touched.iter().take(NAMED_MAX).map(super::super::domain::id::ProductId::as_str).collect();
    let more = touched.len().saturating_sub(NAMED_MAX);
    Some((some.join(", "), if more > 0 { format!(" and {more} more") } else { String::new() }))
}

/// What the way back does: the other way round.
fn back(new: &RunId, of: &RunId, done: Report) -> Report {
    Report {
        run: Some(new.clone()),
        source: format!("undo of {}", done.source),
        undoes: Some(of.clone()),
        added: done.retired,
        changed: done.changed,
        changes: done.changes,
        retired: done.added,
        added_examples: done.retired_examples,
        retired_examples: done.added_examples,
        prices: done.prices.into_iter().map(|p| PriceChange { what: p.what, old: p.new, new: p.old }).collect(),
        ..Report::default()
    }
}

fn not(why: String) -> Error {
    Error::NotUndone(why)
}
