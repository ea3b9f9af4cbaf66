//! Putting passages into the search index.

use crate::app::App;
use crate::domain::id::ShopId;
use crate::domain::job::Job;
use crate::domain::passage::Passage;
use crate::knowledge::Error;
use crate::search::{Doc, Kind, hash};
use std::collections::BTreeSet;

/// Which passages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those whose text is another than the index has.
    Changed,
    /// Every one: words are cut otherwise now.
    All,
}

/// Puts passages of the shop into the index and takes out those that are gone. Answers how many were written; their
/// vectors are made afterwards.
pub async fn index(app: &App, shop: &ShopId, which: Which) -> Result<usize, Error> {
    let passages = app.store.read(shop).await?.all_passages().await?;
    let held = app.index.held(shop, Kind::Passage).await?;
    let there: BTreeSet<&str> = passages.iter().map(|passage| passage.id.as_str()).collect();
    let gone: Vec<String> = held.keys().filter(|id| !there.contains(id.as_str())).cloned().collect();
    if !gone.is_empty() {
        app.index.delete(shop, Kind::Passage, &gone).await?;
    }
    let docs: Vec<Doc> =
        passages.iter().map(doc).filter(|doc| which == Which::All || held.get(&doc.id) != Some(&doc.text)).collect();
    let written = docs.len();
    if written > 0 && app.index.upsert(shop, docs).await? > 0 {
        let mut tx = app.store.begin(shop).await?;
        app.enqueue(&mut tx, &Job::EmbedDocuments).await?;
        tx.commit().await?;
        app.work.notify_waiters();
    }
    Ok(written)
}

/// The text whose vector stands for a passage: all there is to be found of it, so that its hash tells whether it changed.
pub fn embedded(passage: &Passage) -> String {
    format!("{}. {} {}", passage.title, passage.heading, passage.text)
}

fn doc(passage: &Passage) -> Doc {
    Doc {
        kind: Kind::Passage,
        id: passage.id.to_string(),
        title: format!("{} {}", passage.title, passage.heading),
        body: passage.text.clone(),
        codes: Vec::new(),
        text: hash::text(&embedded(passage)),
        price_min: 0,
        price_max: 0,
        in_stock: true,
        attributes: Vec::new(),
    }
}
