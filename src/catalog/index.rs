//! Keeping the search index in step with the shop: words, prices and stock of what changed at once, vectors afterwards.

mod document;
mod vectors;

pub use vectors::embed_some;

use crate::app::App;
use crate::catalog::Error;
use crate::catalog::understand::Vocabulary;
use crate::domain::id::{ProductId, ShopId};
use crate::domain::job::Job;
use crate::knowledge;
use crate::search::{Doc, Kind, Stamp, analyse};
use std::collections::BTreeSet;

/// Products written at once.
const BATCH: i64 = 1_000;
/// Products of the list that are looked at together.
const LIST: i64 = 5_000;
/// Products of one run of the job; others in the lane come in between.
const RUN: u64 = 5_000;
/// Vectors made while somebody waits for a shop to open; more are left to the job.
const VECTORS_AT_ONCE_MAX: u64 = 2_000;

/// How a shop stands in the index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// Products of the shop.
    pub products: u64,
    /// Of them, in the index.
    pub indexed: u64,
    /// Products whose change the index does not show yet.
    pub unindexed: u64,
    /// Products and passages in the index.
    pub documents: u64,
    /// Of them, without a vector of the embedder in use.
    pub lacking: u64,
    /// Whether words and vectors are made with what is in use now.
    pub current: bool,
}

/// How a shop stands in the index now.
pub async fn standing(app: &App, shop: &ShopId) -> Result<Standing, Error> {
    let mut tx = app.store.read(shop).await?;
    let ((products, _), unindexed) = (tx.catalog_size().await?, tx.count_unindexed().await?);
    drop(tx);
    let indexed = app.index.count(shop, Kind::Product).await?;
    let passages = app.index.count(shop, Kind::Passage).await?;
    let current = is_current(app, shop).await?;
    let mut lacking = indexed + passages;
    if current {
        lacking =
            app.index.count_lacking(shop, Kind::Product).await? + app.index.count_lacking(shop, Kind::Passage).await?;
    }
    Ok(Standing {
        products: products.unsigned_abs(),
        indexed,
        unindexed: unindexed.unsigned_abs(),
        documents: indexed + passages,
        lacking,
        current,
    })
}

fn stamp(app: &App) -> Stamp {
    Stamp { words: analyse::VERSION * 1_000 + document::VERSION, vectors: app.embedder.stamp() }
}

/// Whether the shop's documents are made with the analyser and the embedder in use, as far as they are made.
pub async fn is_current(app: &App, shop: &ShopId) -> Result<bool, Error> {
    Ok(app.index.stamp(shop).await? == Some(stamp(app)))
}

/// Sees to it that the index is made with the analyser and the embedder in use: writes down what is to be done anew. What
/// is there stays findable by its words meanwhile.
pub async fn keep_up(app: &App, shop: &ShopId) -> Result<(), Error> {
    let (held, now) = (app.index.stamp(shop).await?, stamp(app));
    if held.as_ref() == Some(&now) {
        return Ok(());
    }
    let anew = held.is_none_or(|held| held.words != now.words);
    if anew {
        let listed: BTreeSet<String> = all_ids(app, shop).await?.into_iter().map(|id| id.to_string()).collect();
        let there = app.index.held(shop, Kind::Product).await?;
        let gone: Vec<String> = there.into_keys().filter(|id| !listed.contains(id)).collect();
        app.index.delete(shop, Kind::Product, &gone).await?;
        knowledge::index::index(app, shop, knowledge::index::Which::All).await?;
    }
    let mut tx = app.store.begin(shop).await?;
    if anew {
        tx.mark_all_unindexed(app.now()).await?;
        app.enqueue(&mut tx, &Job::IndexChanges).await?;
    }
    app.enqueue(&mut tx, &Job::EmbedDocuments).await?;
    tx.commit().await?;
    // Last, so that whoever dies before does all of it again.
    app.index.set_stamp(shop, &now).await?;
    app.work.notify_waiters();
    Ok(())
}

/// Puts some of the products on the list of what is not indexed yet into the index; writes the rest down.
pub async fn index_some_changes(app: &App, shop: &ShopId) -> Result<(), Error> {
    keep_up(app, shop).await?;
    if index_changes(app, shop, RUN, &mut |_, _| {}).await? {
        let mut tx = app.store.begin(shop).await?;
        app.enqueue(&mut tx, &Job::IndexChanges).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Puts products on the list into the index, up to so many. Answers whether there are more.
async fn index_changes(
    app: &App,
    shop: &ShopId,
    most: u64,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<bool, Error> {
    let of = app.store.read(shop).await?.count_unindexed().await?.unsigned_abs();
    let mut done = 0;
    while done < most {
        let marked = app.store.read(shop).await?.unindexed(LIST).await?;
        if marked.is_empty() {
            return Ok(false);
        }
        let mut batches = marked.chunks(BATCH as usize);
        let mut batch = changed(app, shop, batches.next()).await?;
        // While one batch is written, the next is read.
        while let Some(Changed { marked, gone, docs }) = batch {
            let (written, ahead) = tokio::join!(put(app, shop, marked, gone, docs), changed(app, shop, batches.next()));
            (batch, done) = (ahead?, done + written?);
            progress(done, of.max(done));
        }
    }
    app.work.notify_waiters();
    Ok(true)
}

/// Products on the list, and what the index is to be told of them.
struct Changed<'m> {
    marked: &'m [(ProductId, i64)],
    gone: Vec<String>,
    docs: Vec<Doc>,
}

async fn changed<'m>(
    app: &App,
    shop: &ShopId,
    marked: Option<&'m [(ProductId, i64)]>,
) -> Result<Option<Changed<'m>>, Error> {
    let Some(marked) = marked else { return Ok(None) };
    let ids: Vec<ProductId> = marked.iter().map(|(id, _)| id.clone()).collect();
    let products = app.store.read(shop).await?.products(&ids).await?;
    let there: BTreeSet<&ProductId> = products.iter().map(|product| &product.id).collect();
    let gone = ids.iter().filter(|id| !there.contains(id)).map(ToString::to_string).collect();
    Ok(Some(Changed { marked, gone, docs: products.iter().map(document::doc).collect() }))
}

/// Writes products into the index and takes them off the list, but for those that changed again meanwhile.
async fn put(
    app: &App,
    shop: &ShopId,
    marked: &[(ProductId, i64)],
    gone: Vec<String>,
    docs: Vec<Doc>,
) -> Result<u64, Error> {
    if !gone.is_empty() {
        app.index.delete(shop, Kind::Product, &gone).await?;
    }
    let lacking = app.index.upsert(shop, docs).await?;
    let mut tx = app.store.begin(shop).await?;
    tx.clear_unindexed(marked).await?;
    if lacking > 0 {
        app.enqueue(&mut tx, &Job::EmbedDocuments).await?;
    }
    tx.commit().await?;
    Ok(marked.len() as u64)
}

/// Puts the shop's passages that changed into the index.
pub async fn index_passages(app: &App, shop: &ShopId) -> Result<(), Error> {
    knowledge::index::index(app, shop, knowledge::index::Which::Changed).await?;
    Ok(())
}

/// Brings the index of a shop up to date while somebody waits: all words, and the vectors if they are not many.
pub async fn catch_up(app: &App, shop: &ShopId, progress: &mut (dyn FnMut(u64, u64) + Send)) -> Result<(), Error> {
    keep_up(app, shop).await?;
    index_changes(app, shop, u64::MAX, progress).await?;
    index_passages(app, shop).await?;
    if standing(app, shop).await?.lacking <= VECTORS_AT_ONCE_MAX {
        while vectors::embed_slice(app, shop).await? {}
    }
    Ok(())
}

/// Rebuilds the index of a shop from nothing: all words at once, vectors by the job where they are many.
pub async fn index_shop(app: &App, shop: &ShopId, progress: &mut (dyn FnMut(u64, u64) + Send)) -> Result<(), Error> {
    app.index.clear(shop).await?;
    catch_up(app, shop, progress).await
}

async fn all_ids(app: &App, shop: &ShopId) -> Result<Vec<ProductId>, Error> {
    let mut all: Vec<ProductId> = Vec::new();
    loop {
        let after = all.last().map(ToString::to_string).unwrap_or_default();
        let ids = app.store.read(shop).await?.product_ids_after(&after, BATCH).await?;
        if ids.is_empty() {
            return Ok(all);
        }
        all.extend(ids);
    }
}

/// Collects the words the shop's products use for sizes, colours and properties.
pub async fn collect_vocabulary(app: &App, shop: &ShopId) -> Result<(), Error> {
    let mut products = Vec::new();
    let mut after = String::new();
    loop {
        let mut tx = app.store.read(shop).await?;
        let ids = tx.product_ids_after(&after, BATCH).await?;
        let Some(last) = ids.last() else { break };
        after = last.to_string();
        products.extend(tx.products(&ids).await?);
    }
    let collect = move || serde_json::to_string(&Vocabulary::from_products(&products)).unwrap_or_default();
    let body = tokio::task::spawn_blocking(collect).await?;
    let mut tx = app.store.begin(shop).await?;
    tx.save_vocabulary(&body).await?;
    tx.commit().await?;
    Ok(())
}
