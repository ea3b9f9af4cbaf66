//! Staging what a feed changes, and switching to it: shoppers see the old catalogue or the new one.

use crate::app::{App, failpoint};
use crate::catalog::diff::Planned;
use crate::catalog::report::Report;
use crate::catalog::{Error, prices};
use crate::domain::id::{ProductId, RunId, ShopId};
use crate::domain::job::Job;
use crate::store::Tx;
use crate::store::catalog::Stored;
use crate::store::runs::Run;
use crate::store::switch::Count;
use crate::store::versions::{Side, Staged, Staging};
use jiff::{Span, Timestamp};

/// Products staged in one transaction: the one writer of SQLite is shared with messages that wait to be acknowledged.
const BATCH: usize = 500;
/// Variants of so many products that a transaction ends before there are more.
const VARIANTS: usize = 1_000;
/// Rows copied or dropped in one transaction.
const ROWS: i64 = 1_000;
/// Staged products from which on the database counts its rows before the switch.
const COUNTED_FROM: i64 = 500;
/// What was staged longer ago than this and never switched to was left by a process that died.
const LEFT_AFTER_HOURS: i64 = 6;
/// Such runs seen to in one step.
const LEFT_AT_ONCE: i64 = 10;
/// Reports that are kept.
const RUNS_KEPT: i64 = 500;

/// What a feed does, compared with the catalogue of a version.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// Products to be added or replaced.
    pub puts: Vec<Planned>,
    /// Products to be taken out.
    pub retired: Vec<ProductId>,
    /// Products that only lose variants to others.
    pub touched: Vec<ProductId>,
    /// The version compared with.
    pub seen: i64,
}

/// Stages a run and switches to it. Nothing is left of one that fails.
pub(super) async fn apply(
    app: &App,
    shop: &ShopId,
    run: &RunId,
    work: &Work,
    report: &Report,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<(), Error> {
    let done = async {
        let count = stage(app, shop, run, work, progress).await?;
        failpoint::reach("catalog_staged");
        keep_before(app, shop, run, count).await?;
        failpoint::reach("catalog_before_switch");
        switch(app, shop, run, work.seen, count, report).await
    };
    let done = done.await;
    if done.is_err() {
        discard(app, shop, run).await?;
    }
    done
}

async fn stage(
    app: &App,
    shop: &ShopId,
    run: &RunId,
    work: &Work,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Count, Error> {
    let now = app.now();
    let mut tx = app.store.begin(shop).await?;
    tx.begin_staging(run, now).await?;
    tx.commit().await?;
    let mut count = Count::default();
    let mut rest = work.puts.as_slice();
    while !rest.is_empty() {
        let (batch, more) = rest.split_at_checked(together(rest)).unwrap_or((rest, &[]));
        rest = more;
        let stored: Vec<Stored> = batch.iter().map(stored).collect();
        let puts = batch.iter().zip(&stored).map(|(Planned { item, .. }, stored)| {
            let sales = item.sales.iter().map(|(id, sale)| (id, (sale, sale.next_turn(now)))).collect();
            Staged::Put { product: &item.product, stored, sales }
        });
        let staged: Vec<Staged<'_>> = puts.collect();
        let mut tx = app.store.begin(shop).await?;
        tx.stage(run, &staged).await?;
        tx.commit().await?;
        count.variants += batch.iter().map(|planned| planned.item.product.variants.len() as i64).sum::<i64>();
        count.products += batch.len() as i64;
        progress(count.products.unsigned_abs(), work.puts.len() as u64);
    }
    let names = work.retired.iter().map(Staged::Retire).chain(work.touched.iter().map(Staged::Touch));
    for batch in names.collect::<Vec<_>>().chunks(BATCH) {
        let mut tx = app.store.begin(shop).await?;
        tx.stage(run, batch).await?;
        tx.commit().await?;
        count.products += batch.len() as i64;
    }
    if count.products >= COUNTED_FROM {
        app.store.count_catalogue().await?;
    }
    Ok(count)
}

/// How many of the first products are staged together.
fn together(puts: &[Planned]) -> usize {
    let mut variants = 0;
    let some = puts.iter().take(BATCH).take_while(|planned| {
        variants += planned.item.product.variants.len();
        variants <= VARIANTS
    });
    some.count().max(1)
}

fn stored(planned: &Planned) -> Stored {
    Stored { whole: planned.fingerprints.whole.clone(), text: planned.fingerprints.text.clone() }
}

/// Keeps what is there before the switch, `count` being what was staged.
pub(super) async fn keep_before(app: &App, shop: &ShopId, run: &RunId, count: Count) -> Result<(), Error> {
    let most = (ROWS * count.products / count.variants.max(1)).clamp(1, ROWS);
    loop {
        let mut tx = app.store.begin(shop).await?;
        let kept = tx.keep_before(run, most).await?;
        tx.commit().await?;
        if kept == 0 {
            return Ok(());
        }
    }
}

/// The one moment at which everything is different, with its report and the jobs that follow.
pub(super) async fn switch(
    app: &App,
    shop: &ShopId,
    run: &RunId,
    seen: i64,
    count: Count,
    report: &Report,
) -> Result<(), Error> {
    let now = app.now();
    let mut tx = app.store.begin(shop).await?;
    tx.switch_to(run, seen, count, now).await?;
    prices::turn_in(app, &mut tx).await?;
    keep_report(&mut tx, run, now, report).await?;
    app.enqueue(&mut tx, &Job::IndexChanges).await?;
    app.enqueue(&mut tx, &Job::CollectWords).await?;
    failpoint::reach("catalog_in_switch");
    tx.commit().await?;
    failpoint::reach("catalog_switched");
    Ok(())
}

/// Keeps a report.
pub(super) async fn keep_report(tx: &mut Tx, run: &RunId, now: Timestamp, report: &Report) -> Result<(), Error> {
    let text = serde_json::to_string(report).unwrap_or_default();
    let run = Run { id: run.clone(), kind: "products".into(), source: report.source.clone(), at: now, report: text };
    tx.keep_run(&run).await?;
    tx.forget_runs(RUNS_KEPT).await?;
    Ok(())
}

/// Drops what runs leave behind: the staged side of what was switched to, and what is too old to be undone.
pub(super) async fn sweep(app: &App, shop: &ShopId) -> Result<(), Error> {
    let stagings = app.store.read(shop).await?.stagings().await?;
    let switched: Vec<Staging> = stagings.into_iter().filter(|s| s.version.is_some()).collect();
    let keep = app.config.catalog.undo_runs as usize;
    for (n, staging) in switched.iter().enumerate() {
        drop_side(app, shop, &staging.run, Side::After).await?;
        if n >= keep {
            drop_side(app, shop, &staging.run, Side::Before).await?;
            forget(app, shop, &staging.run).await?;
        }
    }
    Ok(())
}

/// Sees to what processes left that died before their switch.
pub(super) async fn sweep_left(app: &App) -> Result<(), Error> {
    let before = app.now().checked_sub(Span::new().hours(LEFT_AFTER_HOURS)).unwrap_or(Timestamp::MIN);
    for (shop, run) in app.store.left_stagings(before, LEFT_AT_ONCE).await? {
        discard(app, &shop, &run).await?;
    }
    Ok(())
}

/// Drops everything a run staged.
pub(super) async fn discard(app: &App, shop: &ShopId, run: &RunId) -> Result<(), Error> {
    drop_side(app, shop, run, Side::After).await?;
    drop_side(app, shop, run, Side::Before).await?;
    forget(app, shop, run).await
}

async fn drop_side(app: &App, shop: &ShopId, run: &RunId, side: Side) -> Result<(), Error> {
    loop {
        let mut tx = app.store.begin(shop).await?;
        let gone = tx.drop_versions(run, side, ROWS).await?;
        tx.commit().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}

async fn forget(app: &App, shop: &ShopId, run: &RunId) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    tx.forget_staging(run).await?;
    tx.commit().await?;
    Ok(())
}
