//! Taking a feed in: parse, compare, stage, switch, and put what changed on the list to be indexed.

use crate::app::App;
use crate::catalog::changes::{self, Before};
use crate::catalog::diff::{self, Fingerprints, Plan, Planned};
use crate::catalog::feed::note::Notes;
use crate::catalog::feed::{self, Limits, Parsed};
use crate::catalog::report::EXAMPLES_MAX;
use crate::catalog::stage::{self, Work};
use crate::catalog::{Error, index};
use crate::domain::id::{ProductId, RunId, ShopId, VariantId};
use std::collections::{BTreeMap, BTreeSet};

pub use crate::catalog::report::Report;

/// Shops smaller than this are not asked about.
const RETIRE_ASK_FROM: usize = 10;
/// Fewer unreadable rows than this never stop a feed.
const REJECTS_STOP_FROM: u64 = 20;
/// Products looked at together.
const BATCH: usize = 500;
/// How often a feed is compared again because the catalogue was switched meanwhile.
const TRIES_MAX: usize = 5;
/// Products of a feed whose words are collected while somebody waits; those of more are left to the job.
const WORDS_AT_ONCE_MAX: usize = 2_000;
/// Under which the version is kept whose words were collected.
const WORDS: &str = "catalog_words";

/// What to do with products the feed does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Retire them, unless they are more than a set share.
    #[default]
    Careful,
    /// Retire them.
    Retire,
    /// Keep them.
    Keep,
}

/// Takes a feed in. `progress` gets products stored and products to store. A feed that would do too much changes nothing
/// and is [`Error::Stopped`], with its report.
pub async fn ingest(
    app: &App,
    shop: &ShopId,
    name: &str,
    bytes: &[u8],
    missing: Missing,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Report, Error> {
    let mut tries = 1;
    loop {
        match once(app, shop, name, bytes, missing, progress).await {
            Err(error) if error.is_race() && tries < TRIES_MAX => tries += 1,
            other => return other,
        }
    }
}

/// Says what taking a feed in would do, and does nothing.
pub async fn preview(app: &App, shop: &ShopId, name: &str, bytes: &[u8], missing: Missing) -> Result<Report, Error> {
    Ok(compare(app, shop, name, bytes, missing).await?.0)
}

/// Collects the words of the shop's products, unless that was done since the last switch.
pub async fn collect_words(app: &App, shop: &ShopId) -> Result<(), Error> {
    let mut tx = app.store.read(shop).await?;
    let version = tx.catalog_version().await?;
    let done: i64 = tx.progress(WORDS).await?;
    drop(tx);
    if done == version {
        return Ok(());
    }
    index::collect_vocabulary(app, shop).await?;
    let mut tx = app.store.begin(shop).await?;
    tx.set_progress(WORDS, &version).await?;
    tx.commit().await?;
    Ok(())
}

async fn once(
    app: &App,
    shop: &ShopId,
    name: &str,
    bytes: &[u8],
    missing: Missing,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Report, Error> {
    let (mut report, work) = compare(app, shop, name, bytes, missing).await?;
    let run: RunId = app.new_id();
    report.run = Some(run.clone());
    if !report.changes_anything() {
        let mut tx = app.store.begin(shop).await?;
        stage::keep_report(&mut tx, &run, app.now(), &report).await?;
        tx.commit().await?;
        return if report.stopped.is_some() { Err(Error::Stopped(Box::new(report))) } else { Ok(report) };
    }
    stage::apply(app, shop, &run, &work, &report, progress).await?;
    app.work.notify_waiters();
    stage::sweep(app, shop).await?;
    if report.added + report.changed + report.unchanged <= WORDS_AT_ONCE_MAX {
        collect_words(app, shop).await?;
    }
    Ok(report)
}

async fn compare(
    app: &App,
    shop: &ShopId,
    name: &str,
    bytes: &[u8],
    missing: Missing,
) -> Result<(Report, Work), Error> {
    let profile = app.store.read(shop).await?.shop().await?.ok_or_else(|| Error::NoShop(shop.to_string()))?;
    let parsed = feed::parse(name, bytes, profile.currency, app.now(), &Limits::default(), &mut |_, _| {})?;
    let Parsed { format, items, rejects, warnings, rejects_left_off, warnings_left_off, unread, whole } = parsed;
    // The version first: a switch in between is noticed at ours.
    let mut tx = app.store.read(shop).await?;
    let seen = tx.catalog_version().await?;
    let known: BTreeMap<ProductId, Fingerprints> = tx
        .fingerprints()
        .await?
        .into_iter()
        .map(|(id, stored)| (id, Fingerprints { whole: stored.whole, text: stored.text }))
        .collect();
    drop(tx);
    let read = items.len() as u64;
    let Plan { added, changed, unchanged, retired } =
        diff::plan(&known, items, &unread, whole && missing != Missing::Keep);
    let mut report = Report {
        source: name.to_owned(),
        format: Some(format),
        added: added.len(),
        changed: changed.len(),
        unchanged: unchanged.len(),
        added_examples: added.iter().take(EXAMPLES_MAX).map(|p| p.item.product.title.clone()).collect(),
        ..Report::default()
    };
    let mut notes = Notes::of(rejects, warnings, (rejects_left_off, warnings_left_off));
    for planned in added.iter().chain(&changed) {
        changes::look_at(&planned.item, profile.currency, &mut notes);
    }
    for some in changed.chunks(BATCH) {
        look_through(app, shop, some, &mut report, &mut notes).await?;
    }
    let mut work = Work { puts: added.into_iter().chain(changed).collect(), retired, touched: Vec::new(), seen };
    take_over(app, shop, &known, &mut work, &mut notes).await?;
    report.retired = work.retired.len();
    let some: Vec<ProductId> = work.retired.iter().take(EXAMPLES_MAX).cloned().collect();
    report.retired_examples = app.store.read(shop).await?.products(&some).await?.into_iter().map(|p| p.title).collect();
    report.rejected = notes.rejects;
    report.warnings = notes.warnings;
    report.rejected_more = notes.rejects_left_off;
    report.warnings_more = notes.warnings_left_off;
    report.stopped = too_much(app, &report, known.len(), read, missing);
    Ok((report, work))
}

/// What is different about these products.
async fn look_through(
    app: &App,
    shop: &ShopId,
    some: &[Planned],
    report: &mut Report,
    notes: &mut Notes,
) -> Result<(), Error> {
    let mut tx = app.store.read(shop).await?;
    let ids: Vec<ProductId> = some.iter().map(|p| p.item.product.id.clone()).collect();
    let told = tx.told_stock(&ids).await?;
    let mut stored: BTreeMap<ProductId, _> = tx.products(&ids).await?.into_iter().map(|p| (p.id.clone(), p)).collect();
    for planned in some {
        if let Some(product) = stored.remove(&planned.item.product.id) {
            changes::compare(&Before { product, told: &told }, &planned.item, report, notes);
        }
    }
    Ok(())
}

/// SKUs that move from one product to another. One that loses all of its variants is taken out.
async fn take_over(
    app: &App,
    shop: &ShopId,
    known: &BTreeMap<ProductId, Fingerprints>,
    work: &mut Work,
    notes: &mut Notes,
) -> Result<(), Error> {
    let mut named: BTreeSet<ProductId> = work.puts.iter().map(|p| p.item.product.id.clone()).collect();
    named.extend(work.retired.iter().cloned());
    let mut lost: BTreeMap<ProductId, BTreeSet<VariantId>> = BTreeMap::new();
    let mut tx = app.store.read(shop).await?;
    for some in work.puts.chunks(BATCH) {
        let ids: Vec<VariantId> = some.iter().flat_map(|p| &p.item.product.variants).map(|v| v.id.clone()).collect();
        let owners = tx.owners(&ids).await?;
        for planned in some {
            for variant in &planned.item.product.variants {
                let Some(owner) = owners.get(&variant.id).filter(|o| **o != planned.item.product.id) else { continue };
                if known.contains_key(owner) {
                    changes::moved(&planned.item, &variant.id, owner, notes);
                }
                if !named.contains(owner) {
                    lost.entry(owner.clone()).or_default().insert(variant.id.clone());
                }
            }
        }
    }
    for (owner, taken) in lost {
        let left = tx.product(&owner).await?.is_some_and(|p| p.variants.iter().all(|v| taken.contains(&v.id)));
        let list = if left { &mut work.retired } else { &mut work.touched };
        list.push(owner);
    }
    Ok(())
}

/// Why a feed is not taken in without being asked about.
fn too_much(app: &App, report: &Report, known: usize, read: u64, missing: Missing) -> Option<String> {
    let settings = &app.config.catalog;
    let rejects = report.rejects();
    if rejects >= REJECTS_STOP_FROM && rejects as f64 > (rejects + read) as f64 * settings.reject_share_max {
        return Some(format!(
            "{rejects} rows of this feed cannot be read and {read} products can; correct it, or set \
             catalog.reject_share_max (now {})",
            settings.reject_share_max
        ));
    }
    let retired = report.retired;
    if missing == Missing::Careful
        && known >= RETIRE_ASK_FROM
        && retired as f64 > known as f64 * settings.retire_share_max
    {
        return Some(format!(
            "this feed would retire {retired} of {known} products; use --keep to keep what it does not name, or \
             --retire to retire it (catalog.retire_share_max is {})",
            settings.retire_share_max
        ));
    }
    None
}
