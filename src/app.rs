//! The assembled program: store, ports, clock and ids. `assemble` is the one place that names real adapters.

pub mod assemble;
pub mod failpoint;
pub mod meaning;
pub mod media;
pub mod secret;

use crate::app::meaning::Outage;
use crate::channel::Channel;
use crate::channel::web::Web;
use crate::channel::whatsapp::line::Line;
use crate::clock::{Clock, Ids, new_id};
use crate::config::Config;
use crate::domain::id::{Id, ShopId};
use crate::domain::job::Job;
use crate::domain::risk::Calibration;
use crate::embed::Embedder;
use crate::fetch::Fetcher;
use crate::llm::ChatModel;
use crate::llm::correction::Corrections;
use crate::llm::speech::Speech;
use crate::payment::Payments;
use crate::payment::sandbox::Sandbox;
use crate::search::Index;
use crate::search::rerank::Reranker;
use crate::store::{self, Store, Tx};
use jiff::{Span, Timestamp};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Notify;

/// Everything a use case needs. Public fields, no behaviour beyond naming what is used all the time.
pub struct App {
    /// Settings in force.
    pub config: Config,
    /// The data folder.
    pub data: PathBuf,
    /// The address shoppers use, without a slash at the end.
    pub public_url: String,
    /// The shop the web pages show.
    pub shop: ShopId,
    /// Rows.
    pub store: Store,
    /// Now.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// How sure an answer has to be.
    pub calibration: Calibration,
    /// Who answers.
    pub model: Arc<dyn ChatModel>,
    /// How far our count of tokens is from that of who answers.
    pub corrections: Arc<Corrections>,
    /// Who writes down recordings, if anybody.
    pub speech: Option<Arc<dyn Speech>>,
    /// Who makes vectors.
    pub embedder: Arc<dyn Embedder>,
    /// Whether they are away, and how often that was felt.
    pub outage: Arc<Outage>,
    /// Fetches what lies outside.
    pub fetcher: Fetcher,
    /// Who finds.
    pub index: Arc<dyn Index>,
    /// Who gives a second opinion on the order of what was found, if anybody.
    pub reranker: Option<Arc<Reranker>>,
    /// Who is paid through.
    pub payments: Arc<dyn Payments>,
    /// The little Stripe in this process, when it is the one in use.
    pub sandbox: Option<Arc<Sandbox>>,
    /// The web chat, whose pages listen in this process.
    pub web: Arc<Web>,
    /// The WhatsApp accounts by name.
    pub whatsapp: BTreeMap<String, Arc<Line>>,
    /// Every channel by name.
    pub channels: BTreeMap<String, Arc<dyn Channel>>,
    /// Rung when there may be work.
    pub work: Arc<Notify>,
}

impl App {
    /// The same program with another model, for trying things out: it commits nothing, and no channel is there to write
    /// to anybody.
    pub fn rehearsal(&self, model: Arc<dyn ChatModel>) -> Self {
        Self {
            config: self.config.clone(),
            data: self.data.clone(),
            public_url: self.public_url.clone(),
            shop: self.shop.clone(),
            store: self.store.rehearsal(),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
            calibration: self.calibration.clone(),
            model,
            corrections: Arc::default(),
            speech: None,
            embedder: Arc::clone(&self.embedder),
            outage: Arc::clone(&self.outage),
            fetcher: self.fetcher.clone(),
            index: Arc::clone(&self.index),
            reranker: self.reranker.clone(),
            payments: Arc::clone(&self.payments),
            sandbox: None,
            web: Arc::new(Web::new("rehearsal")),
            whatsapp: BTreeMap::new(),
            channels: BTreeMap::new(),
            work: Arc::new(Notify::new()),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id of a kind.
    pub fn new_id<T: Id>(&self) -> T {
        new_id(self.ids.as_ref(), self.now())
    }

    /// Writes a job down in a transaction, to be done as soon as it is committed.
    pub async fn enqueue(&self, tx: &mut Tx, job: &Job) -> Result<(), store::Error> {
        self.enqueue_at(tx, job, self.now()).await
    }

    /// Writes a job down in a transaction, to be done from a moment on.
    pub async fn enqueue_at(&self, tx: &mut Tx, job: &Job, due: Timestamp) -> Result<(), store::Error> {
        tx.enqueue(self.new_id(), job, due, self.now()).await
    }

    /// A moment from now.
    pub fn after(&self, span: Span) -> Timestamp {
        self.now().checked_add(span).unwrap_or(Timestamp::MAX)
    }
}
