//! The checks: each a name, how it stands, what was found, and what to do.

use crate::cli::doctor::outside;
use crate::cli::{chain, start};
use serde::Serialize;
use souk::app::{App, assemble};
use souk::catalog::index;
use souk::config::Loaded;
pub use souk::domain::setup::Level;
use std::io::Write;
use std::path::Path;

/// Free space below which a shop should worry.
const FREE_BYTES_LOW: u64 = 1024 * 1024 * 1024;
/// Free space below which it will stop soon.
const FREE_BYTES_MIN: u64 = 100 * 1024 * 1024;

/// One finding.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it stands.
    pub level: Level,
    /// What was found.
    pub finding: String,
    /// What to do.
    pub remedy: Option<String>,
}

impl Check {
    /// Good.
    pub fn ok(name: &'static str, finding: impl Into<String>) -> Self {
        Self { name, level: Level::Ok, finding: finding.into(), remedy: None }
    }

    /// Worth a look.
    pub fn warn(name: &'static str, finding: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, level: Level::Warn, finding: finding.into(), remedy: Some(remedy.into()) }
    }

    /// Broken.
    pub fn fail(name: &'static str, finding: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, level: Level::Fail, finding: finding.into(), remedy: Some(remedy.into()) }
    }
}

/// Looks at everything.
pub async fn all(loaded: &Loaded) -> Vec<Check> {
    let mut checks = vec![folder(&loaded.data)];
    if !loaded.data.exists() {
        // Examining must not leave a folder behind, which a mistyped name would.
        checks.push(Check::warn("database", "nothing there yet", "start `souk` once, or check --data"));
    } else if checks.iter().all(|c| c.level != Level::Fail) {
        checks.push(server(loaded));
        match start::beside(loaded).await {
            Ok(app) => {
                inside(&app, &mut checks).await;
                app.store.close().await;
            }
            Err(error) => checks.push(Check::fail("program", chain(error.as_ref()), "correct what is named here")),
        }
    }
    outside::all(loaded, &mut checks).await;
    checks
}

fn folder(data: &Path) -> Check {
    const NAME: &str = "data folder";
    let shown = data.display();
    if !data.exists() {
        return Check::warn(
            NAME,
            format!("{shown} does not exist"),
            "the first `souk` makes it; or choose with --data",
        );
    }
    let file = data.join(".souk-doctor");
    let written = std::fs::File::create(&file).and_then(|mut f| f.write_all(b"x"));
    let _ = std::fs::remove_file(&file);
    if let Err(error) = written {
        return Check::fail(
            NAME,
            format!("{shown} is not writable: {error}"),
            "give this user the right to write there",
        );
    }
    match free_bytes(data) {
        None => Check::ok(NAME, format!("{shown} is writable")),
        Some(free) => {
            let finding = format!("{shown} is writable, {} MB free", free / 1_000_000);
            if free < FREE_BYTES_MIN {
                Check::fail(NAME, finding, "free some space: the shop stops when the disk is full")
            } else if free < FREE_BYTES_LOW {
                Check::warn(NAME, finding, "free some space soon")
            } else {
                Check::ok(NAME, finding)
            }
        }
    }
}

// POSIX `df` says it without another library.
fn free_bytes(folder: &Path) -> Option<u64> {
    let output = std::process::Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let available = text.lines().last()?.split_whitespace().nth(3)?;
    available.parse::<u64>().ok()?.checked_mul(1024)
}

fn server(loaded: &Loaded) -> Check {
    const NAME: &str = "server";
    match assemble::lock(&loaded.data) {
        Ok(_) => Check::ok(NAME, "none is running on this data folder"),
        Err(assemble::Error::Running(_)) => Check::ok(NAME, "one is running on this data folder"),
        Err(error) => Check::fail(NAME, chain(&error), "check the data folder"),
    }
}

/// Rows, jobs, index.
async fn inside(app: &App, checks: &mut Vec<Check>) {
    checks.push(Check::ok("database", format!("{} opens, its schema is current", app.store.name())));
    // How sure an answer has to be, and from what that was made.
    checks.push(Check::ok("calibration", app.calibration.made_from.clone()));
    checks.push(match app.store.count_jobs().await {
        Err(error) => Check::fail("jobs", chain(&error), "check the database"),
        Ok(jobs) => {
            let finding = format!("{} waiting, {} running, {} parked", jobs.waiting, jobs.running, jobs.parked);
            match jobs.parked {
                0 => Check::ok("jobs", finding),
                _ => Check::warn("jobs", finding, "parked jobs failed for good; the log says why"),
            }
        }
    });
    if app.shop.as_str().is_empty() {
        checks.push(Check::warn("shop", "none yet", "start `souk` for the demo shop, or `souk ingest FOLDER`"));
        return;
    }
    match shop(app).await {
        Ok(found) => checks.extend(found),
        Err(error) => {
            checks.push(Check::fail("search index", error, "see the remedy above; Qdrant: check search.qdrant_url"));
        }
    }
}

async fn shop(app: &App) -> Result<Vec<Check>, String> {
    let failed = |e: &dyn std::error::Error| e.to_string();
    let mut tx = app.store.read(&app.shop).await.map_err(|e| failed(&e))?;
    let Some(shop) = tx.shop().await.map_err(|e| failed(&e))? else {
        let finding = format!("{} is set, but not in this data folder", app.shop);
        return Ok(vec![Check::fail("shop", finding, "correct shop.id, or load the shop with `souk ingest FOLDER`")]);
    };
    let (products, variants) = tx.catalog_size().await.map_err(|e| failed(&e))?;
    drop(tx);
    let mut checks = vec![Check::ok("shop", format!("{}: {products} products, {variants} variants", shop.name))];
    let standing = index::standing(app, &app.shop).await.map_err(|e| chain(&e))?;
    checks.push(search_index(&app.index.name(), &standing));
    if shop.demo && app.config.shop.personas && outside::is_public(&app.config) {
        checks.push(Check::warn(
            "personas",
            "visitors from outside may try the demo shop as its past customers",
            "set shop.personas = false for anything but a demonstration",
        ));
    }
    Ok(checks)
}

fn search_index(name: &str, standing: &index::Standing) -> Check {
    let index::Standing { products, indexed, unindexed, documents, lacking, current } = *standing;
    let finding = format!("{name}: {indexed} of {products} products");
    let rebuild = "`souk ingest --reindex` rebuilds it";
    if !current {
        let finding = format!("{finding}, made with another embedder or an earlier version");
        Check::warn("search index", finding, "`souk serve` brings it up to date")
    } else if indexed != products || unindexed > 0 {
        let finding = format!("{finding}, {unindexed} changed since");
        Check::warn("search index", finding, format!("the worker may be at it; otherwise {rebuild}"))
    } else if lacking > 0 {
        let finding = format!("{finding}, {lacking} of {documents} vectors still to make");
        Check::warn("search index", finding, "found by words meanwhile; the worker of `souk serve` makes them")
    } else {
        Check::ok("search index", finding)
    }
}
