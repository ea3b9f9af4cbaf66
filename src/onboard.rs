//! Opening a shop from a folder: `shop.toml`, a product feed, texts, past orders. The demo shop is such a
//! folder inside the program.

pub mod demo;
pub mod orders;
pub mod profile;
#[cfg(test)]
mod tests;

use crate::app::App;
use crate::catalog::feed::{self, FEED_BYTES_MAX};
use crate::catalog::{self, index, ingest};
use crate::domain::id::ShopId;
use crate::domain::shop::Shop;
use crate::knowledge;
use crate::store;
use std::io::Read;
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

/// What is a product feed by its name, whatever it holds.
const FEEDS: [&str; 3] = ["products.csv", "products.tsv", "products.jsonl"];
/// How the names of product feeds end.
const ENDINGS: [&str; 9] = ["csv", "tsv", "txt", "jsonl", "json", "xml", "gz", "zip", "xlsx"];
/// Not a feed, though it is JSON.
const ORDERS: &str = "orders.json";

/// Reads a shop's folder from disk.
pub fn read(folder: &Path) -> Result<Folder, Error> {
    let problem = |file: &str, problem: String| Error::File { file: file.to_owned(), problem };
    let text = |name: &str| std::fs::read_to_string(folder.join(name));
    let profile = text("shop.toml").map_err(|e| problem("shop.toml", e.to_string()))?;
    let profile = profile::parse(&profile)?;
    let mut texts = knowledge::load::read_folder(folder).map_err(knowledge::Error::from)?;
    // A shop's own folder is the same one wherever it lies.
    ORIGIN.clone_into(&mut texts.origin);
    let mut feeds = feeds(folder)?;
    let feed = feeds.pop();
    if let (Some((one, _)), Some((other, _))) = (&feed, feeds.first()) {
        let itself = folder.join(other);
        let remedy =
            format!("keep one of them here, and give the other by itself: souk ingest {} --keep", itself.display());
        return Err(problem(other, format!("is a product feed, and so is {one}; {remedy}")));
    }
    feed.iter().for_each(|(name, _)| texts.leave_out(name));
    Ok(Folder { profile, feed, texts, orders: text(ORDERS).ok() })
}

/// The product feeds that lie in a folder, with their names, told by what they hold: an export may keep the name it has.
pub fn feeds(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let named = FEEDS.iter().map(|name| (*name).to_owned()).filter(|name| folder.join(name).is_file());
    let mut found = named.map(|name| Ok((name.clone(), bytes(folder, &name)?))).collect::<Result<Vec<_>, Error>>()?;
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let ends = |name: &String| name.rsplit('.').next().is_some_and(|end| ENDINGS.contains(&&*end.to_lowercase()));
    let ours = |name: &String| name == ORDERS || name.starts_with('.') || FEEDS.contains(&&**name);
    for name in files.filter_map(|entry| entry.file_name().into_string().ok()).filter(|name| ends(name) && !ours(name))
    {
        // What cannot be read is told with the texts.
        if let Ok(bytes) = bytes(folder, &name)
            && feed::recognise(&name, &bytes).is_some()
        {
            found.push((name, bytes));
        }
    }
    found.sort();
    Ok(found)
}

/// A feed's bytes; one more than a feed may have tells whoever parses them that there are more.
fn bytes(folder: &Path, name: &str) -> Result<Vec<u8>, Error> {
    let problem = |e: std::io::Error| Error::File { file: name.to_owned(), problem: format!("cannot be read: {e}") };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(folder.join(name)).map_err(problem)?;
    file.take(FEED_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(problem)?;
    Ok(bytes)
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
