//! Opening a shop from a folder: `shop.toml`, `products.csv`, texts in Markdown, past orders. The demo shop is such a
//! folder inside the program.

pub mod demo;
pub mod orders;
pub mod profile;
#[cfg(test)]
mod tests;

use crate::app::App;
use crate::catalog::{self, index, ingest};
use crate::domain::id::ShopId;
use crate::domain::shop::Shop;
use crate::knowledge;
use crate::store;
use std::path::Path;

/// Where the texts of a shop's own folder come from.
const ORIGIN: &str = "shop";

/// Why a shop could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the folder is missing or broken.
    #[error("{file}: {problem}")]
    File {
        /// Which file.
        file: String,
        /// What is wrong with it and what to do.
        problem: String,
    },
    /// The rows.
    #[error("the shop could not be stored")]
    Store(#[from] store::Error),
    /// The products.
    #[error("the products could not be taken in")]
    Catalog(#[from] catalog::Error),
    /// The texts.
    #[error("the texts could not be taken in")]
    Knowledge(#[from] knowledge::Error),
}

/// A shop's folder, read.
#[derive(Clone, Debug)]
pub struct Folder {
    /// `shop.toml`.
    pub profile: profile::Profile,
    /// `products.csv` or another feed, with its name.
    pub feed: Option<(String, Vec<u8>)>,
    /// Source and Markdown.
    pub texts: knowledge::load::Loaded,
    /// `orders.json`.
    pub orders: Option<String>,
}

/// What became of a folder.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Report {
    /// The shop.
    pub shop: ShopId,
    /// Its products.
    pub products: Option<ingest::Report>,
    /// Its texts.
    pub texts: knowledge::ingest::Report,
    /// Past orders taken in.
    pub orders: usize,
}

/// What the products of a shop's folder are called; the last of those that are there is read.
pub const FEEDS: [&str; 3] = ["products.csv", "products.tsv", "products.jsonl"];

/// Reads a shop's folder from disk.
pub fn read(folder: &Path) -> Result<Folder, Error> {
    let problem = |file: &str, problem: String| Error::File { file: file.to_owned(), problem };
    let text = |name: &str| std::fs::read_to_string(folder.join(name));
    let profile = text("shop.toml").map_err(|e| problem("shop.toml", e.to_string()))?;
    let profile = profile::parse(&profile)?;
    let mut texts = knowledge::load::read_folder(folder).map_err(knowledge::Error::from)?;
    // A shop's own folder is the same one wherever it lies.
    ORIGIN.clone_into(&mut texts.origin);
    let mut feed = None;
    for name in FEEDS {
        if let Ok(bytes) = std::fs::read(folder.join(name)) {
            feed = Some((name.to_owned(), bytes));
        }
    }
    Ok(Folder { profile, feed, texts, orders: text("orders.json").ok() })
}

/// Opens a shop, or brings an open one up to date, index included; where there are many vectors to make, the worker does. `progress` names the step and counts.
pub async fn open(
    app: &App,
    folder: &Folder,
    demo: bool,
    progress: &mut (dyn FnMut(&str, u64, u64) + Send),
) -> Result<Report, Error> {
    let report = take_in(app, folder, demo, ingest::Missing::Retire, progress).await?;
    index::catch_up(app, &report.shop, &mut |done, of| progress("index", done, of)).await?;
    Ok(report)
}

/// Stores what a folder says; the index follows by the jobs this writes down.
pub async fn take_in(
    app: &App,
    folder: &Folder,
    demo: bool,
    missing: ingest::Missing,
    progress: &mut (dyn FnMut(&str, u64, u64) + Send),
) -> Result<Report, Error> {
    let shop: Shop = folder.profile.shop(demo)?;
    let id = shop.id.clone();
    let mut tx = app.store.begin(&id).await?;
    tx.save_shop(&shop).await?;
    tx.commit().await?;
    let mut products = None;
    if let Some((name, bytes)) = &folder.feed {
        let mut told = |done, of| progress("products", done, of);
        products = Some(ingest::ingest(app, &id, name, bytes, missing, &mut told).await?);
    }
    let texts = knowledge::ingest::ingest(app, &id, &folder.texts).await?;
    let orders = match &folder.orders {
        Some(text) => orders::load(app, &shop, &folder.profile.personas, text).await?,
        None => 0,
    };
    Ok(Report { shop: id, products, texts, orders })
}
