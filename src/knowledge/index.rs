//! Putting passages into the search index.

use crate::app::App;
use crate::domain::id::ShopId;
use crate::domain::passage::Passage;
use crate::knowledge::Error;
use crate::search::{Doc, Kind};

/// Passages embedded at once.
const BATCH: usize = 128;

/// Puts every passage of the shop into the index and takes out those that are gone.
pub async fn index(app: &App, shop: &ShopId) -> Result<usize, Error> {
    let passages = app.store.read(shop).await?.all_passages().await?;
    let gone = gone(app, shop, &passages).await?;
    app.index.delete(shop, Kind::Passage, &gone).await?;
    for batch in passages.chunks(BATCH) {
        let texts: Vec<String> = batch.iter().map(embedded).collect();
        let vectors = app.embedder.embed(&texts).await?;
        let docs = batch.iter().zip(vectors).map(|(passage, vector)| doc(passage, vector)).collect();
        app.index.upsert(shop, docs).await?;
    }
    Ok(passages.len())
}

// What is indexed but no longer stored: the store forgets ids, so they are kept in a list of what was indexed last.
async fn gone(app: &App, shop: &ShopId, passages: &[Passage]) -> Result<Vec<String>, Error> {
    let mut tx = app.store.begin(shop).await?;
    let gone = tx.swap_indexed_passages(passages.iter().map(|p| p.id.as_str())).await?;
    tx.commit().await?;
    Ok(gone)
}

fn embedded(passage: &Passage) -> String {
    format!("{}. {} {}", passage.title, passage.heading, passage.text)
}

fn doc(passage: &Passage, vector: Vec<f32>) -> Doc {
    Doc {
        kind: Kind::Passage,
        id: passage.id.to_string(),
        title: format!("{} {}", passage.title, passage.heading),
        body: passage.text.clone(),
        codes: Vec::new(),
        vector: Some(vector),
        price_min: 0,
        price_max: 0,
        in_stock: true,
        attributes: Vec::new(),
    }
}
