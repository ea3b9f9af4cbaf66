//! What every command begins with: settings, the program, the demo shop on a first start.

use crate::cli::BoxError;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use souk::app::{App, assemble};
use souk::catalog::index;
use souk::config::{self, Loaded};
use souk::domain::id::ShopId;
use souk::onboard::{self, demo};
use std::io::IsTerminal;
use std::path::PathBuf;

/// Where the program works.
#[derive(Clone, Debug)]
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// The settings file, if named.
    pub config: Option<PathBuf>,
}

/// An environment variable as text.
#[expect(clippy::disallowed_methods, reason = "the edge of the program hands the environment on to config.rs")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Reads the settings.
pub fn settings(place: &Place) -> Result<Loaded, BoxError> {
    Ok(config::load(&place.data, place.config.as_deref(), environment())?)
}

/// The environment as far as it is text.
pub fn environment() -> Vec<(String, String)> {
    std::env::vars_os().filter_map(|(n, v)| Some((n.into_string().ok()?, v.into_string().ok()?))).collect()
}

/// Builds the program and makes sure there is a shop with a current index.
pub async fn program(loaded: &Loaded, public_url: &str) -> Result<App, BoxError> {
    let mut app = assemble::from_config(loaded, public_url).await?;
    if app.shop.as_str().is_empty() {
        if !loaded.config.shop.demo {
            return Err(
                "this data folder has no shop yet; load one with `souk ingest FOLDER` (a folder with shop.toml, \
                        products.csv and texts), or allow the demo shop with shop.demo = true"
                    .into(),
            );
        }
        app.shop = open(&app, &demo::folder()?, true).await?.shop;
    } else if !index::is_current(&app, &app.shop).await? {
        let bar = bar("Indexing with the new embedder");
        let shop = app.shop.clone();
        index::index_shop(&app, &shop, &mut |done, of| set(&bar, done, of)).await?;
        bar.finish_and_clear();
    }
    Ok(app)
}

/// Opens a shop from a folder, with a bar.
pub async fn open(app: &App, folder: &onboard::Folder, demo: bool) -> Result<onboard::Report, BoxError> {
    let what = if demo { "Loading the demo shop" } else { "Loading the shop" };
    let bar = bar(what);
    let report = onboard::open(app, folder, demo, &mut |step, done, of| {
        bar.set_message(format!("{what}: {step}"));
        set(&bar, done, of);
    })
    .await;
    bar.finish_and_clear();
    Ok(report?)
}

/// The shop a command works on.
pub fn shop(app: &App) -> Result<ShopId, BoxError> {
    if app.shop.as_str().is_empty() {
        return Err("there is no shop in this data folder yet; start `souk` once, or run `souk ingest FOLDER`".into());
    }
    Ok(app.shop.clone())
}

/// The program as it is, beside a server that may be running: no demo shop is loaded, nothing is indexed.
pub async fn beside(loaded: &Loaded) -> Result<App, BoxError> {
    Ok(assemble::from_config(loaded, &loaded.config.public_url()).await?)
}

/// Frees jobs a killed process left behind, instead of waiting for their leases. Only for a SQLite data folder whose
/// lock is held: on PostgreSQL another machine may hold them rightly.
pub async fn free_left_jobs(app: &App, loaded: &Loaded) -> Result<(), BoxError> {
    if loaded.config.database.url.expose_secret().is_empty() {
        app.store.free_lost_jobs(Timestamp::MAX).await?;
    }
    Ok(())
}

/// A progress bar; not on a terminal it stays silent, and the caller prints the end.
pub fn bar(message: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}");
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("━╸─"));
    }
    bar.set_message(message.to_owned());
    bar
}

/// Moves a bar.
pub fn set(bar: &ProgressBar, done: u64, of: u64) {
    bar.set_length(of);
    bar.set_position(done);
}
