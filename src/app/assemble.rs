//! From settings to a running program: the one place that names real adapters.

use crate::app::App;
use crate::channel::Channel;
use crate::channel::web::Web;
use crate::channel::whatsapp::client;
use crate::channel::whatsapp::line::Line;
use crate::channel::whatsapp::price::{self, RateCards};
use crate::clock::{Clock, Ids, RandomIds, SystemClock};
use crate::config::{Config, Loaded};
use crate::domain::id::ShopId;
use crate::domain::risk::Calibration;
use crate::embed;
use crate::fetch::Fetcher;
use crate::llm::{self, ChatModel};
use crate::payment::choose;
use crate::search::embedded::Embedded;
use crate::search::qdrant::Qdrant;
use crate::search::{self, Index};
use crate::store::{self, Store};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Notify;

/// The file of weights and thresholds in the data folder.
pub const CALIBRATION: &str = "calibration.json";
/// Shop id that stands for "none yet".
const NO_SHOP: &str = "";

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder cannot be used.
    #[error("the data folder {} cannot be used; check that it is writable and that the disk has room", folder.display())]
    Folder {
        /// Which folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Weights and thresholds that cannot be read.
    #[error("{} cannot be read; run souk agent calibrate again, or delete it to use what is shipped", file.display())]
    Calibration {
        /// Which file.
        file: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// Another process serves from this folder.
    #[error(
        "another souk is running on the data folder {}; stop it, or choose another folder with --data or SOUK_DATA",
        .0.display()
    )]
    Running(PathBuf),
    /// The rows.
    #[error("the database could not be opened")]
    Store(#[from] store::Error),
    /// The index.
    #[error("the search index could not be opened")]
    Search(#[from] search::Error),
    /// The second opinion.
    #[error("the reranker could not be set up")]
    Rerank(#[from] search::rerank::Error),
    /// The vectors.
    #[error("the embedder could not be set up")]
    Embed(#[from] embed::Error),
    /// The model.
    #[error("the model endpoint's settings cannot be used")]
    Model(#[from] crate::llm::choose::Error),
    /// Being paid.
    #[error("the payment settings cannot be used")]
    Payment(#[from] choose::Error),
    /// Writing on WhatsApp.
    #[error("the WhatsApp settings cannot be used")]
    WhatsApp(#[from] client::Error),
    /// What messages cost there.
    #[error("the WhatsApp rate cards cannot be used")]
    RateCards(#[from] price::Error),
    /// Several shops, none chosen.
    #[error("this data folder holds several shops ({0}); choose one with shop.id")]
    WhichShop(String),
}

/// Keeps other servers off a data folder as long as it lives.
#[derive(Debug)]
pub struct Lock {
    _file: std::fs::File,
}

/// Takes a data folder for this process.
pub fn lock(data: &Path) -> Result<Lock, Error> {
    let failed = |source| Error::Folder { folder: data.to_owned(), source };
    std::fs::create_dir_all(data).map_err(failed)?;
    let file = std::fs::File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(data.join("souk.lock"))
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::Running(data.to_owned())),
        Err(std::fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Builds the program these settings ask for.
pub async fn from_config(loaded: &Loaded, public_url: &str) -> Result<App, Error> {
    let (config, data) = (&loaded.config, &loaded.data);
    std::fs::create_dir_all(data).map_err(|source| Error::Folder { folder: data.clone(), source })?;
    use_one_tls();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids: Arc<dyn Ids> = Arc::new(RandomIds::default());
    let store = open_store(loaded).await?;
    let embedder = embed::choose(&config.embed)?;
    let index = open_index(loaded, embedder.dims()).await?;
    let model = model(config)?;
    let place = choose::Place {
        file: Some(data.join("sandbox.json")),
        public_url: public_url.to_owned(),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
    };
    let chosen = choose::provider(&config.stripe, place)?;
    let web = Arc::new(Web::new("web"));
    let whatsapp = whatsapp(config, data, &clock)?;
    let mut channels: Vec<Arc<dyn Channel>> = vec![Arc::clone(&web) as _, Arc::new(Web::new("terminal"))];
    channels.extend(whatsapp.values().map(|line| Arc::clone(line) as Arc<dyn Channel>));
    let shop = which_shop(&store, &config.shop.id).await?;
    Ok(App {
        config: config.clone(),
        data: data.clone(),
        public_url: public_url.to_owned(),
        shop,
        store,
        clock,
        ids,
        calibration: calibration(data)?,
        model,
        corrections: Arc::default(),
        speech: speech(config)?,
        embedder,
        outage: Arc::default(),
        fetcher: Fetcher::new(&config.fetch),
        index,
        reranker: search::rerank::Reranker::of(&config.search)?.map(Arc::new),
        payments: chosen.payments,
        sandbox: chosen.sandbox,
        web,
        whatsapp,
        channels: channels.into_iter().map(|c| (c.name().to_owned(), c)).collect(),
        work: Arc::new(Notify::new()),
    })
}

/// The WhatsApp accounts of these settings, ready to send.
pub fn whatsapp(config: &Config, data: &Path, clock: &Arc<dyn Clock>) -> Result<BTreeMap<String, Arc<Line>>, Error> {
    let settings = &config.whatsapp;
    let mut cards = RateCards::default();
    if !settings.rate_cards.is_empty() {
        let (read, warnings) = price::read(&data.join(&settings.rate_cards))?;
        for warning in warnings {
            tracing::warn!(?warning, "a part of the WhatsApp rate cards is left out");
        }
        cards = read;
    }
    let cards = Arc::new(cards);
    let line = |(name, account): (&String, _)| {
        Ok((name.clone(), Arc::new(Line::new(name, account, Arc::clone(&cards), Arc::clone(clock))?)))
    };
    settings.accounts.iter().map(line).collect()
}

/// What `souk agent calibrate` wrote into the data folder, else what is shipped.
fn calibration(data: &Path) -> Result<Calibration, Error> {
    let file = data.join(CALIBRATION);
    match std::fs::read_to_string(&file) {
        Ok(text) => Calibration::read(&text).map_err(|source| Error::Calibration { file, source }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Calibration::default()),
        Err(source) => Err(Error::Folder { folder: data.to_owned(), source }),
    }
}

/// Who answers by these settings: an endpoint, or the keyless planner.
pub fn model(config: &Config) -> Result<Arc<dyn ChatModel>, Error> {
    Ok(llm::choose::model(&config.llm, Arc::new(SystemClock))?)
}

fn speech(config: &Config) -> Result<Option<Arc<dyn llm::speech::Speech>>, Error> {
    Ok(llm::speech::of(&config.llm).map_err(llm::choose::Error::from)?)
}

/// One TLS stack for everything that leaves this process; a second call in one process is no error.
pub fn use_one_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

async fn open_store(loaded: &Loaded) -> Result<Store, Error> {
    let url = loaded.config.database.url.expose_secret();
    Ok(if url.is_empty() { Store::sqlite(&loaded.data.join("souk.db")).await? } else { Store::postgres(url).await? })
}

async fn open_index(loaded: &Loaded, dims: usize) -> Result<Arc<dyn Index>, Error> {
    let settings = &loaded.config.search;
    if !settings.qdrant_url.is_empty() {
        return Ok(Arc::new(Qdrant::open(settings, dims).await?));
    }
    // With the rows in SQLite, rows and vectors are one file; otherwise the vectors have one of their own.
    let file = if loaded.config.database.url.expose_secret().is_empty() { "souk.db" } else { "search.db" };
    Ok(Arc::new(Embedded::open(&loaded.data.join(file)).await?))
}

/// The shop that is set, or the only one there is.
async fn which_shop(store: &Store, set: &str) -> Result<ShopId, Error> {
    if !set.is_empty() {
        return Ok(ShopId::new(set));
    }
    let shops = store.shops().await?;
    match shops.as_slice() {
        [] => Ok(ShopId::new(NO_SHOP)),
        [only] => Ok(only.id.clone()),
        several => Err(Error::WhichShop(several.iter().map(|s| s.id.to_string()).collect::<Vec<_>>().join(", "))),
    }
}
