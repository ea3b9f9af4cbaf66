//! Making the vectors that are missing, a slice at a time: whoever is stopped goes on where the index says.

use crate::app::App;
use crate::catalog::Error;
use crate::catalog::index::{document, keep_up};
use crate::domain::id::{PassageId, ProductId, ShopId};
use crate::domain::job::Job;
use crate::knowledge;
use crate::search::{Kind, Lack, Made, hash};
use std::collections::HashMap;

/// Texts of one run of the job; others come in between.
const SLICE: usize = 512;

/// Makes some of the missing vectors, and writes the rest down.
pub async fn embed_some(app: &App, shop: &ShopId) -> Result<(), Error> {
    keep_up(app, shop).await?;
    if embed_slice(app, shop).await? {
        let mut tx = app.store.begin(shop).await?;
        app.enqueue(&mut tx, &Job::EmbedDocuments).await?;
        tx.commit().await?;
        app.work.notify_waiters();
    }
    Ok(())
}

/// Makes a slice of the missing vectors. Answers whether it is worth while to ask again.
pub async fn embed_slice(app: &App, shop: &ShopId) -> Result<bool, Error> {
    let lacking = app.index.lacking(shop, SLICE).await?;
    if lacking.is_empty() {
        return Ok(false);
    }
    let mut texts = texts(app, shop, &lacking).await?;
    let mut ready: Vec<(Lack, String)> = Vec::new();
    let (mut gone, mut changed) = (Vec::new(), Vec::new());
    for lack in lacking {
        match texts.remove(&(lack.kind, lack.id.clone())) {
            Some(text) if hash::text(&text) == lack.text => ready.push((lack, text)),
            Some(_) => changed.push(lack),
            None => gone.push(lack),
        }
    }
    set_right(app, shop, &gone, &changed).await?;
    // Neighbours of one length fill an embedder's batches without padding.
    ready.sort_by_key(|(_, text)| text.len());
    let (of, texts): (Vec<Lack>, Vec<String>) = ready.into_iter().unzip();
    let mut taken = 0;
    if !texts.is_empty() {
        let (stamp, vectors) = (app.embedder.stamp(), app.embedder.embed(&texts).await?);
        let made = of.into_iter().zip(vectors).map(|(of, vector)| Made { of, vector }).collect();
        taken = app.index.set_vectors(shop, &stamp, made).await?;
    }
    // Where nothing moved, the jobs written down for what changed have to come first.
    Ok(taken > 0 || !gone.is_empty())
}

/// The texts of documents, as the shop has them now.
async fn texts(app: &App, shop: &ShopId, lacking: &[Lack]) -> Result<HashMap<(Kind, String), String>, Error> {
    let of = |kind: Kind| lacking.iter().filter(move |lack| lack.kind == kind).map(|lack| lack.id.clone());
    let (products, passages): (Vec<ProductId>, Vec<PassageId>) =
        (of(Kind::Product).map(ProductId::new).collect(), of(Kind::Passage).map(PassageId::new).collect());
    let mut tx = app.store.read(shop).await?;
    let (products, passages) = (tx.products(&products).await?, tx.passages(&passages).await?);
    let products = products.iter().map(|p| ((Kind::Product, p.id.to_string()), document::embedded(p)));
    let passages = passages.iter().map(|p| ((Kind::Passage, p.id.to_string()), knowledge::index::embedded(p)));
    Ok(products.chain(passages).collect())
}

/// Takes out what the shop does not have any more, and has written anew what the index shows otherwise than it is.
async fn set_right(app: &App, shop: &ShopId, gone: &[Lack], changed: &[Lack]) -> Result<(), Error> {
    for kind in [Kind::Product, Kind::Passage] {
        let ids: Vec<String> = gone.iter().filter(|lack| lack.kind == kind).map(|lack| lack.id.clone()).collect();
        if !ids.is_empty() {
            app.index.delete(shop, kind, &ids).await?;
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let products = changed.iter().filter(|lack| lack.kind == Kind::Product);
    let products: Vec<ProductId> = products.map(|lack| ProductId::new(lack.id.clone())).collect();
    let mut tx = app.store.begin(shop).await?;
    tx.mark_unindexed_all_of(&products, app.now()).await?;
    app.enqueue(&mut tx, &Job::IndexChanges).await?;
    app.enqueue(&mut tx, &Job::IndexPassages).await?;
    tx.commit().await?;
    Ok(())
}
