//! Search measured: real questions and people's judgements, through the very path a shopper's question takes and through each
//! part of it, beside a plain BM25 over the same catalogue in the same run.

pub mod answer;
pub mod carried;
pub mod choice;
pub mod code;
pub mod house;
pub mod interval;
pub mod judgement;
mod kept;
pub mod metric;
mod plain;
pub mod plot;
pub mod report;

use crate::app::App;
use crate::catalog::find::Ranking;
use crate::domain::product::Product;
use crate::domain::shop::Shop;
use crate::eval::retrieval::answer::Answer;
use crate::eval::retrieval::carried::Labels;
use crate::eval::retrieval::house::Progress;
use crate::eval::retrieval::judgement::Question;
use crate::eval::retrieval::plain::Plain;
use crate::eval::retrieval::report::{Measured, Report};
use std::collections::HashMap;
use std::path::PathBuf;

/// Products read at once.
const BATCH: i64 = 500;
/// Products measured over at most.
const PRODUCTS_MAX: usize = 2_000_000;
/// Part numbers that are typed in three ways.
const CODES: usize = 200;

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Questions or ratings.
    #[error(transparent)]
    Judgements(#[from] judgement::Error),
    /// The feed's file.
    #[error("{} cannot be read; check the path", file.display())]
    Feed {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The folder it is kept in.
    #[error("{} cannot be used; choose another folder with --out", folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A configuration nobody knows.
    #[error("{0}")]
    Choice(String),
    /// An empty data folder.
    #[error("{} holds no shop; take one in with souk ingest, or name a feed with --data", .0.display())]
    NoShop(PathBuf),
    /// Work was left.
    #[error("{found} of {of} products came into the index; the log says why")]
    NotIndexed {
        /// In the index.
        found: u64,
        /// In the shop.
        of: u64,
    },
    /// The program.
    #[error("the shop to measure in could not be opened")]
    Assemble(#[from] crate::app::assemble::Error),
    /// The rows.
    #[error("the rows could not be read or written")]
    Store(#[from] crate::store::Error),
    /// The index.
    #[error("the index could not be read")]
    Search(#[from] crate::search::Error),
    /// Taking in or finding.
    #[error("the catalogue could not be taken in or searched")]
    Catalog(#[from] crate::catalog::Error),
}

/// A shop as one configuration sees it.
pub struct System<'a> {
    /// As it was asked for.
    pub name: String,
    /// The program.
    pub app: &'a App,
    /// The shop.
    pub shop: &'a Shop,
    /// What the ranking weighs.
    pub ranking: Ranking,
}

/// What is asked.
pub struct Asked<'a> {
    /// Questions with judged products.
    pub questions: &'a [Question],
    /// Questions of which somebody said whether the shop carries it.
    pub labels: &'a Labels,
    /// Products of each list that are looked at.
    pub depth: usize,
}

/// Measures a configuration, and another beside it.
pub async fn run(
    asked: &Asked<'_>,
    system: &System<'_>,
    against: Option<&System<'_>>,
    progress: Progress<'_>,
) -> Result<Report, Error> {
    let products = products(system, progress).await?;
    let plain = Plain::of(&products);
    let titles: HashMap<&str, &str> = products.iter().map(|p| (p.id.as_str(), p.title.as_str())).collect();
    let first = measure(asked, system, &plain, &products, progress).await?;
    let second = match against {
        Some(other) => Some(measure(asked, other, &plain, &products, progress).await?),
        None => None,
    };
    Ok(Report::new(asked.questions, products.len(), first, second, &titles))
}

async fn measure(
    asked: &Asked<'_>,
    system: &System<'_>,
    plain: &Plain,
    products: &[Product],
    progress: Progress<'_>,
) -> Result<Measured, Error> {
    let mut answers: Vec<Answer> = Vec::new();
    for (done, question) in (1..).zip(asked.questions) {
        answers.push(answer::answer(system, plain, &question.query, asked.depth).await?);
        progress("Asking", done, asked.questions.len() as u64);
    }
    let codes = code::measure(system, products, CODES, progress).await?;
    let carried = carried::measure(system, asked.labels, progress).await?;
    Ok(Measured { name: system.name.clone(), embedder: system.app.embedder.name(), answers, codes, carried })
}

async fn products(system: &System<'_>, progress: Progress<'_>) -> Result<Vec<Product>, Error> {
    let (store, shop) = (&system.app.store, &system.shop.id);
    let of = store.read(shop).await?.catalog_size().await?.0.unsigned_abs();
    let mut products: Vec<Product> = Vec::new();
    while products.len() < PRODUCTS_MAX {
        let mut tx = store.read(shop).await?;
        let after = products.last().map(|p| p.id.to_string()).unwrap_or_default();
        let ids = tx.product_ids_after(&after, BATCH).await?;
        if ids.is_empty() {
            break;
        }
        products.extend(tx.products(&ids).await?);
        progress("Reading the catalogue", products.len() as u64, of);
    }
    Ok(products)
}
