//! `souk ingest`: products and texts in, and an honest report of what became of them.

pub mod report;
mod source;

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use report::{Indexed, Report};
use souk::app::{App, assemble};
use souk::catalog::ingest::{self, Missing};
use souk::catalog::{self, index};
use souk::config::Loaded;
use souk::domain::id::ShopId;
use souk::domain::job::Job;
use souk::fetch::Fetcher;
use souk::knowledge;
use souk::onboard;
use souk::search::Kind;
use souk::worker;
use source::Source;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Jobs this command does itself at most when no server runs.
const JOBS_MAX: u64 = 100_000;
/// Products of one index job, for the bar.
const PRODUCTS_PER_JOB: u64 = 500;

/// What to take in.
#[derive(Debug, clap::Args)]
pub struct Ingest {
    /// A product feed (exports of Shopify and WooCommerce, Google Merchant, our CSV or JSON; `-` for standard input, or an
    /// https address), a text (Markdown, HTML, plain text, PDF, Word, a table of questions and answers), a folder of
    /// texts, or a shop's folder (with shop.toml).
    #[arg(required_unless_present = "reindex")]
    path: Option<PathBuf>,
    /// Keep products that the feed does not name.
    #[arg(long, conflicts_with = "retire")]
    keep: bool,
    /// Retire products that the feed does not name, even when that is most of them.
    #[arg(long)]
    retire: bool,
    /// Which shop, when there are several.
    #[arg(long, value_name = "ID")]
    shop: Option<String>,
    /// Read the texts of a whole web site: its pages by its sitemap, as its robots.txt allows.
    #[arg(long, requires = "path")]
    site: bool,
    /// Rebuild the whole search index.
    #[arg(long)]
    reindex: bool,
    /// Only say what a feed would change.
    #[arg(long, requires = "path")]
    dry_run: bool,
    /// Print the report as one JSON object.
    #[arg(long)]
    json: bool,
}

/// Takes in what was named, has it indexed, and reports.
pub async fn ingest(place: &Place, asked: &Ingest) -> Result<ExitCode, BoxError> {
    let mut loaded = start::settings(place)?;
    let source = match asked.path.as_deref() {
        Some(path) => Some(source::read(path, asked.site, &Fetcher::new(&loaded.config.fetch)).await?),
        None => None,
    };
    if let Some(id) = &asked.shop {
        loaded.config.shop.id.clone_from(id);
    } else if let Some(Source::Shop { id, .. }) = &source {
        loaded.config.shop.id = id.to_string();
    }
    // Held while this process indexes; with a server running the jobs are left to it.
    let lock = match assemble::lock(&place.data) {
        Ok(lock) => Some(lock),
        Err(assemble::Error::Running(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let app = Arc::new(start::beside(&loaded).await?);
    let begun = Instant::now();
    let mut report = match &source {
        Some(source) => store(&app, source, asked).await.map_err(|e| named(asked, e))?,
        None => Report::of(start::shop(&app)?),
    };
    report.store_seconds = begun.elapsed().as_secs_f64();
    if !asked.dry_run && !report.stopped() {
        let begun = Instant::now();
        let of = report.products.as_ref().map_or(0, |p| (p.added + p.changed + p.retired) as u64);
        report.index = Some(follow(&app, &loaded, &report.shop, of, asked.reindex, lock.is_some()).await?);
        report.index_seconds = begun.elapsed().as_secs_f64();
        report.other_shops = app.store.shops().await?.into_iter().map(|s| s.id).filter(|s| *s != report.shop).collect();
    }
    app.store.close().await;
    print!("{}", if asked.json { report.json() } else { report.text() });
    Ok(if report.nothing_readable() || (report.stopped() && !asked.dry_run) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// An error with the name of the file it is about.
fn named(asked: &Ingest, error: BoxError) -> BoxError {
    let path = asked.path.as_ref().map(|p| p.display().to_string()).unwrap_or_default();
    let path = if path == source::STDIN { "standard input" } else { &path };
    format!("{path}: {}", crate::cli::chain(error.as_ref())).into()
}

async fn store(app: &App, source: &Source, asked: &Ingest) -> Result<Report, BoxError> {
    let missing = match (asked.keep, asked.retire) {
        (true, _) => Missing::Keep,
        (_, true) => Missing::Retire,
        _ => Missing::Careful,
    };
    if asked.dry_run && matches!(source, Source::Shop { .. }) {
        return Err("--dry-run compares a product feed or texts; give those themselves".into());
    }
    match source {
        Source::Feed { name, bytes } => {
            let mut report = Report::of(existing(app).await?);
            report.dry_run = asked.dry_run;
            let bar = start::bar("Storing products");
            let products = if asked.dry_run {
                ingest::preview(app, &report.shop, name, bytes, missing).await
            } else {
                ingest::ingest(app, &report.shop, name, bytes, missing, &mut |done, of| start::set(&bar, done, of))
                    .await
            };
            bar.finish_and_clear();
            report.products = Some(match products {
                Err(catalog::Error::Stopped(stopped)) => *stopped,
                other => other?,
            });
            Ok(report)
        }
        Source::Texts(loaded) => texts(app, loaded, asked.dry_run).await,
        Source::Site(url) => {
            let bar = start::bar("Reading pages");
            let loaded =
                knowledge::site::read(app, &existing(app).await?, url, &mut |n, of| start::set(&bar, n, of)).await;
            bar.finish_and_clear();
            texts(app, &loaded?, asked.dry_run).await
        }
        Source::Shop { folder, .. } => {
            let bar = start::bar("Storing the shop");
            let taken =
                onboard::take_in(app, folder, false, missing, &mut |_, done, of| start::set(&bar, done, of)).await;
            bar.finish_and_clear();
            let taken = taken?;
            let mut report = Report::of(taken.shop);
            report.products = taken.products;
            report.texts = Some(taken.texts);
            report.orders = folder.orders.is_some().then_some(taken.orders);
            Ok(report)
        }
    }
}

async fn texts(app: &App, loaded: &knowledge::load::Loaded, dry_run: bool) -> Result<Report, BoxError> {
    let mut report = Report::of(existing(app).await?);
    report.dry_run = dry_run;
    report.texts = Some(if dry_run {
        knowledge::ingest::preview(app, &report.shop, loaded).await?
    } else {
        knowledge::ingest::ingest(app, &report.shop, loaded).await?
    });
    Ok(report)
}

async fn existing(app: &App) -> Result<ShopId, BoxError> {
    let shop = start::shop(app)?;
    match app.store.read(&shop).await?.shop().await? {
        Some(_) => Ok(shop),
        None => Err(format!("there is no shop {shop} here; `souk ingest FOLDER` with a shop.toml opens one").into()),
    }
}

/// Brings the index up to date, or leaves that to the running server.
pub(super) async fn follow(
    app: &Arc<App>,
    loaded: &Loaded,
    shop: &ShopId,
    of: u64,
    reindex: bool,
    alone: bool,
) -> Result<Indexed, BoxError> {
    if !alone {
        if reindex {
            let mut tx = app.store.begin(shop).await?;
            app.enqueue(&mut tx, &Job::IndexShop).await?;
            tx.commit().await?;
        }
        return Ok(Indexed::LeftToServer);
    }
    start::free_left_jobs(app, loaded).await?;
    if reindex {
        let bar = start::bar("Rebuilding the index");
        let rebuilt = index::index_shop(app, shop, &mut |done, of| start::set(&bar, done, of)).await;
        bar.finish_and_clear();
        rebuilt?;
    }
    // Words first: with them products are found.
    let begun = Instant::now();
    let bar = start::bar("Indexing products");
    start::set(&bar, 0, of);
    let indexed = index::catch_up(app, shop, &mut |done, of| start::set(&bar, done, of)).await;
    bar.finish_and_clear();
    indexed?;
    let words_seconds = begun.elapsed().as_secs_f64();
    let bar = start::bar("Making vectors");
    start::set(&bar, 0, of);
    let done = AtomicU64::new(0);
    let lane = || async {
        while done.load(Ordering::Relaxed) < JOBS_MAX && worker::drain(app, 1).await > 0 {
            let jobs = done.fetch_add(1, Ordering::Relaxed) + 1;
            start::set(&bar, (jobs * PRODUCTS_PER_JOB).min(of), of);
        }
    };
    // Two at a time: while vectors are made, the shop's own words are collected. Who finds nothing to do may be too early.
    let mut before = None;
    while before != Some(done.load(Ordering::Relaxed)) {
        before = Some(done.load(Ordering::Relaxed));
        tokio::join!(lane(), lane());
    }
    bar.finish_and_clear();
    let (products, _) = app.store.read(shop).await?.catalog_size().await?;
    let found = app.index.count(shop, Kind::Product).await?;
    Ok(if found == products.unsigned_abs() {
        Indexed::Done { words_seconds }
    } else {
        Indexed::Behind { found, of: products }
    })
}
