//! A world for one scenario: a fresh shop with fakes around it, copied from a template that is built once.

pub mod model;
pub mod scratch;

use crate::app::App;
use crate::channel::Channel;
use crate::channel::fake::Fake;
use crate::channel::web::Web;
use crate::checkout::receive;
use crate::clock::{Clock, CountedIds, HandClock, Ids};
use crate::config::Config;
use crate::domain::id::ShopId;
use crate::domain::risk::Calibration;
use crate::embed::local::Local;
use crate::eval::Error;
use crate::eval::world::model::Mortal;
use crate::eval::world::scratch::Scratch;
use crate::llm::ChatModel;
use crate::llm::keyless::Keyless;
use crate::onboard::{self, demo};
use crate::payment::choose;
use crate::payment::sandbox::deliver::Delivery;
use crate::search::embedded::Embedded;
use crate::store::{self, Store};
use crate::worker;
use jiff::{SignedDuration, Span, Timestamp};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// The file of rows and vectors.
const FILE: &str = "souk.db";
/// The address payment links begin with.
pub const PUBLIC_URL: &str = "https://shop.example";
/// Jobs between two looks at the payment provider.
const JOBS_MAX: usize = 200;
/// Rounds until a world has to be quiet.
const ROUNDS_MAX: usize = 100;
/// A job due sooner than this is waited for: a retry. Others belong to the scenario's own waiting.
const RETRY_SECONDS_MAX: i64 = 60;
/// How long the template's connections may take to let go of their file.
const CLOSE_TRIES_MAX: u32 = 400;
/// Between two looks whether they did.
const CLOSE_WAIT: Duration = Duration::from_millis(5);
/// Looks after which the file is opened and closed once more.
const CLOSE_AGAIN_EVERY: u32 = 40;

/// The demo shop as it stands at a moment, ready to be copied.
pub struct Template {
    folder: Scratch,
    shop: ShopId,
    at: Timestamp,
}

/// A shop of its own, with time by hand and a network in memory.
pub struct World {
    /// The program.
    pub app: Arc<App>,
    /// Its time.
    pub clock: Arc<HandClock>,
    /// What was sent.
    pub network: Arc<Fake>,
    /// Who answers, and can be made to die.
    pub model: Arc<Mortal>,
    last_delivery: Mutex<Option<Delivery>>,
    _folder: Scratch,
}

/// Ids of the template, so that none of them meets one of a story.
struct OldIds(CountedIds);

impl Ids for OldIds {
    fn sortable(&self, now: Timestamp) -> String {
        format!("0{}", self.0.sortable(now))
    }

    fn secret(&self) -> String {
        format!("old{}", self.0.secret())
    }
}

impl Template {
    /// Opens the demo shop at a moment and closes it again.
    pub async fn build(at: Timestamp) -> Result<Self, Error> {
        Self::filled(at, async |app| {
            let report = onboard::open(app, &demo::folder()?, true, &mut |_, _, _| {}).await?;
            Ok(report.shop)
        })
        .await
    }

    /// A shop of its own making: what `fill` puts into an empty store, closed again.
    pub async fn filled<E: From<Error>>(
        at: Timestamp,
        fill: impl AsyncFnOnce(&App) -> Result<ShopId, E>,
    ) -> Result<Self, E> {
        let (folder, app) = Self::empty(at).await?;
        let shop = fill(&app).await?;
        worker::drain(&app, JOBS_MAX).await;
        Ok(Self::closed(folder, app, shop, at).await?)
    }

    async fn empty(at: Timestamp) -> Result<(Scratch, Arc<App>), Error> {
        let folder = Scratch::new()?;
        let ids = Arc::new(OldIds(CountedIds::default()));
        let clock = Arc::new(HandClock::at(at));
        let parts = Parts {
            clock,
            ids,
            model: Arc::new(Keyless),
            network: Arc::new(Fake::default()),
            calibration: Calibration::default(),
        };
        let app = Arc::new(assemble(folder.path(), ShopId::new(""), parts).await?);
        Ok((folder, app))
    }

    async fn closed(folder: Scratch, app: Arc<App>, shop: ShopId, at: Timestamp) -> Result<Self, Error> {
        app.store.close().await;
        drop(app);
        // The last connection takes the write-ahead log back into the file and removes it.
        for tried in 1..=CLOSE_TRIES_MAX {
            if !folder.path().join(format!("{FILE}-wal")).exists() {
                return Ok(Self { folder, shop, at });
            }
            tokio::time::sleep(CLOSE_WAIT).await;
            if tried % CLOSE_AGAIN_EVERY == 0 {
                // Two connections that end at the same moment take each other for the last one; now there is but one.
                Store::sqlite_fast(&folder.path().join(FILE)).await?.close().await;
            }
        }
        Err(Error::Template)
    }
}

struct Parts {
    clock: Arc<HandClock>,
    ids: Arc<dyn Ids>,
    model: Arc<dyn ChatModel>,
    network: Arc<Fake>,
    calibration: Calibration,
}

async fn assemble(folder: &Path, shop: ShopId, parts: Parts) -> Result<App, Error> {
    let file = folder.join(FILE);
    let mut config = Config::default();
    // Time stands still here, so nothing more would come within the burst.
    config.conversation.debounce_ms = 0;
    let store = Store::sqlite_fast(&file).await?;
    let index = Embedded::open(&file).await?;
    let clock: Arc<dyn Clock> = parts.clock;
    let place = choose::Place {
        file: None,
        public_url: PUBLIC_URL.to_owned(),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&parts.ids),
    };
    let chosen = choose::provider(&config.stripe, place)?;
    let network: Arc<dyn Channel> = parts.network;
    Ok(App {
        config,
        data: folder.to_owned(),
        public_url: PUBLIC_URL.to_owned(),
        shop,
        store,
        clock,
        ids: parts.ids,
        calibration: parts.calibration,
        model: parts.model,
        corrections: Arc::default(),
        speech: None,
        embedder: Arc::new(Local::new()),
        outage: Arc::default(),
        fetcher: crate::fetch::Fetcher::new(&crate::fetch::Settings::default()),
        index: Arc::new(index),
        reranker: None,
        payments: chosen.payments,
        sandbox: chosen.sandbox,
        web: Arc::new(Web::new("web")),
        whatsapp: Default::default(),
        channels: [(network.name().to_owned(), network)].into_iter().collect(),
        work: Arc::new(Notify::new()),
    })
}

impl World {
    /// A copy of the template with a model of its own.
    pub async fn open(template: &Template, model: Arc<dyn ChatModel>) -> Result<Self, Error> {
        Self::open_calibrated(template, model, Calibration::default()).await
    }

    /// A copy of the template with a model and a calibration of its own.
    pub async fn open_calibrated(
        template: &Template,
        model: Arc<dyn ChatModel>,
        calibration: Calibration,
    ) -> Result<Self, Error> {
        let folder = Scratch::new()?;
        let (from, to) = (template.folder.path().join(FILE), folder.path().join(FILE));
        std::fs::copy(&from, &to).map_err(Error::Scratch)?;
        let clock = Arc::new(HandClock::at(template.at));
        let network = Arc::new(Fake::default());
        let model = Arc::new(Mortal::new(model));
        let parts = Parts {
            clock: Arc::clone(&clock),
            ids: Arc::new(CountedIds::default()),
            model: Arc::clone(&model) as _,
            network: Arc::clone(&network),
            calibration,
        };
        let app = Arc::new(assemble(folder.path(), template.shop.clone(), parts).await?);
        Ok(Self { app, clock, network, model, last_delivery: Mutex::new(None), _folder: folder })
    }

    /// Works until nothing is due: jobs, retries, and events of the payment provider.
    pub async fn settle(&self) -> Result<(), Error> {
        for _ in 0..ROUNDS_MAX {
            let done = worker::drain(&self.app, JOBS_MAX).await;
            let delivered = self.deliver_due().await?;
            if done > 0 || delivered > 0 {
                continue;
            }
            let now = self.app.now();
            match self.app.store.next_due().await? {
                Some(due) if due.duration_since(now) <= SignedDuration::from_secs(RETRY_SECONDS_MAX) => {
                    self.move_to(due);
                }
                _ => return Ok(()),
            }
        }
        Err(Error::Restless)
    }

    /// Lets time pass, doing on the way whatever falls due.
    pub async fn wait(&self, wait: SignedDuration) -> Result<(), Error> {
        let end = self.app.now().checked_add(wait).unwrap_or(Timestamp::MAX);
        for _ in 0..ROUNDS_MAX {
            let due = self.app.store.next_due().await?.filter(|due| *due < end);
            self.move_to(due.unwrap_or(end));
            if let Some(sandbox) = &self.app.sandbox {
                sandbox.tick();
            }
            self.settle().await?;
            if due.is_none() {
                return Ok(());
            }
        }
        Err(Error::Restless)
    }

    /// Sends the provider's last event once more, with its first signature.
    pub async fn repeat_delivery(&self) -> Result<bool, Error> {
        let last = self.last_delivery.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(delivery) = last else { return Ok(false) };
        receive::receive(&self.app, &self.app.shop, &delivery.body, &delivery.signature_header).await?;
        Ok(true)
    }

    async fn deliver_due(&self) -> Result<usize, Error> {
        let Some(sandbox) = &self.app.sandbox else { return Ok(0) };
        let due = sandbox.due_deliveries(self.app.now());
        let count = due.len();
        for delivery in due {
            let kept = receive::receive(&self.app, &self.app.shop, &delivery.body, &delivery.signature_header).await;
            sandbox.delivered(&delivery.event_id, kept.is_ok());
            *self.last_delivery.lock().unwrap_or_else(PoisonError::into_inner) = Some(delivery);
            kept?;
        }
        Ok(count)
    }

    fn move_to(&self, moment: Timestamp) {
        let ahead = moment.duration_since(self.app.now()).as_millis();
        if let Ok(milliseconds) = i64::try_from(ahead)
            && milliseconds > 0
        {
            self.clock.advance(Span::new().milliseconds(milliseconds));
        }
    }

    /// Ends the world and gives its file back.
    pub async fn close(self) {
        self.app.store.close().await;
    }

    /// The rows as they are.
    pub async fn rows(&self) -> Result<store::Tx, store::Error> {
        self.app.store.read(&self.app.shop).await
    }
}
