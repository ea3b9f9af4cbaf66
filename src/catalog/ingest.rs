//! Taking a feed in: parse, compare, store, and put what changed on the list to be indexed.

use crate::app::App;
use crate::catalog::diff::{self, Fingerprints, Plan, Planned};
use crate::catalog::feed::note::{Reject, Warning};
use crate::catalog::feed::{self, Format, Limits};
use crate::catalog::{Error, index};
use crate::domain::id::{ProductId, ShopId};
use crate::domain::job::Job;
use crate::store::catalog::Stored;
use serde::Serialize;
use std::collections::BTreeMap;

/// Products stored in one transaction.
const BATCH: usize = 500;
/// A feed that retires more than this share of the shop is asked about first.
const RETIRE_SHARE_MAX: f64 = 0.5;
/// Shops smaller than this are not asked about.
const RETIRE_ASK_FROM: usize = 10;

/// What to do with products the feed does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Retire them, unless that would nearly empty the shop.
    #[default]
    Careful,
    /// Retire them.
    Retire,
    /// Keep them.
    Keep,
}

/// What became of a feed.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What the content looked like.
    pub format: Format,
    /// New products.
    pub added: usize,
    /// Products that look different now.
    pub changed: usize,
    /// Products that stay as they are.
    pub unchanged: usize,
    /// Products taken out.
    pub retired: usize,
    /// What could not be read, with line and reason.
    pub rejected: Vec<Reject>,
    /// What was read otherwise than written.
    pub warnings: Vec<Warning>,
    /// Rejects beyond those listed.
    pub rejected_more: u64,
    /// Warnings beyond those listed.
    pub warnings_more: u64,
}

/// Takes a feed in. `progress` gets products stored and products to store.
pub async fn ingest(
    app: &App,
    shop: &ShopId,
    name: &str,
    bytes: &[u8],
    missing: Missing,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Report, Error> {
    let (report, plan) = compare(app, shop, name, bytes, missing).await?;
    let writes: Vec<Planned> = plan.added.into_iter().chain(plan.changed).collect();
    store(app, shop, &writes, progress).await?;
    retire(app, shop, &plan.retired).await?;
    if !writes.is_empty() || !plan.retired.is_empty() {
        index::collect_vocabulary(app, shop).await?;
    }
    app.work.notify_waiters();
    Ok(report)
}

/// Says what taking a feed in would do, and does nothing.
pub async fn preview(app: &App, shop: &ShopId, name: &str, bytes: &[u8], missing: Missing) -> Result<Report, Error> {
    Ok(compare(app, shop, name, bytes, missing).await?.0)
}

async fn compare(
    app: &App,
    shop: &ShopId,
    name: &str,
    bytes: &[u8],
    missing: Missing,
) -> Result<(Report, Plan), Error> {
    let profile = app.store.read(shop).await?.shop().await?.ok_or_else(|| Error::NoShop(shop.to_string()))?;
    let parsed = feed::parse(name, bytes, profile.currency, app.now(), &Limits::default(), &mut |_, _| {})?;
    let known: BTreeMap<ProductId, Fingerprints> = app
        .store
        .read(shop)
        .await?
        .fingerprints()
        .await?
        .into_iter()
        .map(|(id, stored)| (id, Fingerprints { whole: stored.whole, text: stored.text }))
        .collect();
    let plan = diff::plan(&known, parsed.items, &parsed.unread, parsed.whole && missing != Missing::Keep);
    let share = plan.retired.len() as f64 / known.len().max(1) as f64;
    if missing == Missing::Careful && known.len() >= RETIRE_ASK_FROM && share > RETIRE_SHARE_MAX {
        return Err(Error::WouldEmpty { retired: plan.retired.len(), known: known.len() });
    }
    let report = Report {
        format: parsed.format,
        added: plan.added.len(),
        changed: plan.changed.len(),
        unchanged: plan.unchanged.len(),
        retired: plan.retired.len(),
        rejected: parsed.rejects,
        warnings: parsed.warnings,
        rejected_more: parsed.rejects_left_off,
        warnings_more: parsed.warnings_left_off,
    };
    Ok((report, plan))
}

async fn store(
    app: &App,
    shop: &ShopId,
    writes: &[Planned],
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<(), Error> {
    let mut done = 0;
    for batch in writes.chunks(BATCH) {
        let mut tx = app.store.begin(shop).await?;
        for planned in batch {
            let fingerprints = &planned.fingerprints;
            let stored = Stored { whole: fingerprints.whole.clone(), text: fingerprints.text.clone() };
            tx.save_product(&planned.item.product, &stored, app.now()).await?;
            tx.mark_unindexed(&planned.item.product.id, app.now()).await?;
        }
        app.enqueue(&mut tx, &Job::IndexChanges).await?;
        tx.commit().await?;
        done += batch.len() as u64;
        progress(done, writes.len() as u64);
    }
    Ok(())
}

async fn retire(app: &App, shop: &ShopId, ids: &[ProductId]) -> Result<(), Error> {
    for batch in ids.chunks(BATCH) {
        let mut tx = app.store.begin(shop).await?;
        for id in batch {
            tx.retire_product(id, app.now()).await?;
            tx.mark_unindexed(id, app.now()).await?;
        }
        app.enqueue(&mut tx, &Job::IndexChanges).await?;
        tx.commit().await?;
    }
    Ok(())
}
