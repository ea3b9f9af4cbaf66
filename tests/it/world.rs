//! A shop one can talk to: real store, real index, real turns, a sandbox, a fake network, a clock by hand.

pub mod graph;
pub mod past;
mod promises;

use crate::talk;
use jiff::{Span, Timestamp};
use souk::app::App;
use souk::channel::{Channel, Inbound, fake::Fake, web::Web};
use souk::checkout::receive as event;
use souk::clock::{Clock, CountedIds, HandClock, Ids};
use souk::config::Config;
use souk::conversation::receive::receive;
use souk::domain::conversation::Conversation;
use souk::domain::enclosed::Sent;
use souk::domain::id::{ShopId, VariantId};
use souk::domain::message::{Author, Body, Button, Message, Reply, Said};
use souk::domain::order::Order;
use souk::domain::risk::Calibration;
use souk::embed::local::Local;
use souk::llm::ChatModel;
use souk::llm::keyless::Keyless;
use souk::onboard::{self, demo};
use souk::payment::choose;
use souk::payment::sandbox::{card::PayForm, page::PageState};
use souk::search::embedded::Embedded;
use souk::store::Store;
use souk::worker;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use tokio::sync::{Notify, OnceCell};

/// The address in links.
pub const URL: &str = "http://shop.example";
/// Jobs one settling may take.
const JOBS_MAX: usize = 2_000;
/// Jobs due later than this are not waited for when the shop settles down.
const PATIENCE_SECONDS: i64 = 90;

/// Ids that count up from a start, the same in every run.
struct Numbered(AtomicU64);

impl Ids for Numbered {
    fn sortable(&self, _now: Timestamp) -> String {
        format!("{:06}", self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn secret(&self) -> String {
        format!("secret{:026}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// A shop to talk to.
pub struct TestShop {
    /// The program; made anew when it dies.
    pub app: Arc<App>,
    /// Its time.
    pub clock: Arc<HandClock>,
    /// The network it writes on.
    pub network: Arc<Fake>,
    /// Its files.
    folder: tempfile::TempDir,
    ids: Arc<dyn Ids>,
    stock: BTreeMap<VariantId, i64>,
    heard: Mutex<BTreeMap<String, i64>>,
    finished: bool,
}

struct Parts {
    folder: PathBuf,
    clock: Arc<HandClock>,
    ids: Arc<dyn Ids>,
    network: Arc<Fake>,
    model: Arc<dyn ChatModel>,
    config: Config,
    shop: ShopId,
}

async fn assemble(parts: Parts) -> App {
    static EMBEDDER: OnceLock<Arc<Local>> = OnceLock::new();
    let file = parts.folder.join("souk.db");
    let place = choose::Place {
        file: Some(parts.folder.join("sandbox.json")),
        public_url: URL.to_owned(),
        clock: parts.clock.clone(),
        ids: Arc::clone(&parts.ids),
    };
    let chosen = choose::provider(&parts.config.stripe, place).unwrap();
    let web = Arc::new(Web::new("web"));
    let clock: Arc<dyn Clock> = parts.clock.clone();
    let whatsapp = souk::app::assemble::whatsapp(&parts.config, &parts.folder, &clock).unwrap();
    let mut channels: Vec<Arc<dyn Channel>> = vec![Arc::clone(&web) as _, parts.network];
    channels.extend(whatsapp.values().map(|line| Arc::clone(line) as Arc<dyn Channel>));
    App {
        config: parts.config,
        data: parts.folder,
        public_url: URL.to_owned(),
        shop: parts.shop,
        store: Store::sqlite_fast(&file).await.unwrap(),
        clock: parts.clock,
        ids: parts.ids,
        calibration: Calibration::default(),
        model: parts.model,
        corrections: Arc::default(),
        outage: Arc::default(),
        speech: None,
        fetcher: souk::fetch::Fetcher::new(&Default::default()),
        embedder: EMBEDDER.get_or_init(|| Arc::new(Local::new())).clone(),
        index: Arc::new(Embedded::open(&file).await.unwrap()),
        reranker: None,
        payments: chosen.payments,
        sandbox: chosen.sandbox,
        web,
        whatsapp,
        channels: channels.into_iter().map(|c| (c.name().to_owned(), c)).collect(),
        work: Arc::new(Notify::new()),
    }
}

fn morning() -> Arc<HandClock> {
    Arc::new(HandClock::at("2026-12-14T09:00:00Z".parse().unwrap()))
}

/// The demo shop's files, made once for the whole run.
async fn demo_files() -> &'static Path {
    static FILES: OnceCell<PathBuf> = OnceCell::const_new();
    FILES
        .get_or_init(|| async {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo-shop");
            let _ = std::fs::remove_dir_all(&folder);
            open_files(&folder, &demo::folder().unwrap()).await;
            folder
        })
        .await
}

async fn open_files(folder: &Path, shop: &onboard::Folder) {
    std::fs::create_dir_all(folder).unwrap();
    let parts = Parts {
        folder: folder.to_owned(),
        clock: morning(),
        ids: Arc::new(CountedIds::default()),
        network: Arc::new(Fake::default()),
        model: Arc::new(Keyless),
        config: Config::default(),
        shop: ShopId::new(""),
    };
    let app = assemble(parts).await;
    onboard::open(&app, shop, true, &mut |_, _, _| {}).await.unwrap();
    app.store.close().await;
}

impl TestShop {
    /// The demo shop with the keyless planner.
    pub async fn demo() -> Self {
        Self::demo_with(Keyless, |_| ()).await
    }

    /// The demo shop with another model and changed settings.
    pub async fn demo_with(model: impl ChatModel + 'static, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(demo_files().await).unwrap() {
            let from = entry.unwrap().path();
            std::fs::copy(&from, folder.path().join(from.file_name().unwrap())).unwrap();
        }
        Self::open(folder, model, change).await
    }

    /// A shop of one's own.
    pub async fn with_folder(shop: &onboard::Folder) -> Self {
        let folder = tempfile::tempdir().unwrap();
        open_files(folder.path(), shop).await;
        Self::open(folder, Keyless, |_| ()).await
    }

    async fn open(
        folder: tempfile::TempDir,
        model: impl ChatModel + 'static,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let mut config = Config::default();
        change(&mut config);
        let (clock, network) = (morning(), Arc::new(Fake::default()));
        let ids: Arc<dyn Ids> = Arc::new(Numbered(AtomicU64::new(500_000)));
        let parts = Parts {
            folder: folder.path().to_owned(),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
            network: Arc::clone(&network),
            model: Arc::new(model),
            config,
            shop: ShopId::new(""),
        };
        let mut app = assemble(parts).await;
        app.shop = app.store.shops().await.unwrap().first().unwrap().id.clone();
        let app = Arc::new(app);
        let stock = stock(&app).await;
        Self { app, clock, network, folder, ids, stock, heard: Mutex::default(), finished: false }
    }

    /// The process dies and starts again on the same files.
    pub async fn dies(&mut self) {
        self.app = self.another(|_| ()).await;
    }

    /// Another process on the same files, with something exchanged.
    pub async fn another(&self, change: impl FnOnce(&mut App)) -> Arc<App> {
        let parts = Parts {
            folder: self.folder.path().to_owned(),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
            network: Arc::clone(&self.network),
            model: Arc::clone(&self.app.model),
            config: self.app.config.clone(),
            shop: self.app.shop.clone(),
        };
        let mut app = assemble(parts).await;
        change(&mut app);
        Arc::new(app)
    }

    /// A message comes in; nothing is answered yet.
    pub async fn writes(&self, who: &str, id: &str, said: Said) {
        let inbound = Inbound {
            channel: "fake".into(),
            alias: who.into(),
            external_id: id.into(),
            said,
            name: Some(who.to_owned()),
        };
        receive(&self.app, &self.app.shop, inbound).await.unwrap();
    }

    /// A shopper writes, and the shop settles down.
    pub async fn says(&self, who: &str, text: &str) {
        self.writes(who, &self.ids.secret(), Said::Text(text.to_owned())).await;
        self.settles_down().await;
    }

    /// A shopper sends more than words, and the shop settles down.
    pub async fn sends(&self, who: &str, sent: Sent) {
        self.writes(who, &self.ids.secret(), Said::Sent(Box::new(sent))).await;
        self.settles_down().await;
    }

    /// A shopper taps the newest button with this label, and the shop settles down.
    pub async fn taps(&self, who: &str, label: &str) {
        let button = self.button(who, label).await.unwrap_or_else(|| panic!("{who} sees no button {label}"));
        self.writes(who, &self.ids.secret(), Said::Tap { id: button.id, label: button.label }).await;
        self.settles_down().await;
    }

    /// The newest button with this label.
    pub async fn button(&self, who: &str, label: &str) -> Option<Button> {
        let replies = self.replies(who).await;
        replies.iter().rev().flat_map(talk::buttons).find(|b| b.label == label)
    }

    /// Works until nothing is due soon, moving the clock over short waits.
    pub async fn settles_down(&self) {
        for _ in 0..JOBS_MAX {
            if worker::drain(&self.app, JOBS_MAX).await + self.webhooks().await > 0 {
                continue;
            }
            let now = self.app.now();
            match self.app.store.next_due().await.unwrap() {
                Some(due) if due.duration_since(now).as_secs() <= PATIENCE_SECONDS => self.move_to(due),
                _ => return,
            }
        }
        panic!("the shop does not settle down");
    }

    fn move_to(&self, moment: Timestamp) {
        let wait = moment.duration_since(self.app.now()).as_millis().max(0) as i64;
        self.clock.advance(Span::new().milliseconds(wait));
    }

    /// Delivers what the sandbox has to tell; answers how much it was.
    pub async fn webhooks(&self) -> usize {
        let sandbox = self.app.sandbox.as_ref().unwrap();
        sandbox.tick();
        let due = sandbox.due_deliveries(self.app.now());
        for delivery in &due {
            let taken = event::receive(&self.app, &self.app.shop, &delivery.body, &delivery.signature_header).await;
            sandbox.delivered(&delivery.event_id, taken.is_ok());
        }
        due.len()
    }

    /// Time passes, and the shop settles down.
    pub async fn waits(&self, minutes: i64) {
        self.clock.advance(Span::new().minutes(minutes));
        self.app.store.free_lost_jobs(self.app.now()).await.unwrap();
        self.settles_down().await;
    }

    /// A shopper fills in the newest payment page.
    pub async fn pays(&self, who: &str, card: &str) -> PageState {
        let stage = self.fills_in(who, card).await;
        self.settles_down().await;
        stage
    }

    /// The same without anything happening after.
    pub async fn fills_in(&self, who: &str, card: &str) -> PageState {
        let replies = self.replies(who).await;
        let url = replies.iter().rev().find_map(|r| r.payment.as_ref()).expect("a payment page").url.clone();
        let session = url.rsplit('/').next().unwrap().to_owned();
        self.app.sandbox.as_ref().unwrap().pay(&session, &form(card)).unwrap()
    }

    /// The conversation of a shopper.
    pub async fn conversation(&self, who: &str) -> Conversation {
        let mut tx = self.app.store.read(&self.app.shop).await.unwrap();
        tx.conversation_of("fake", who).await.unwrap().unwrap()
    }

    /// Every message of a shopper's conversation.
    pub async fn messages(&self, who: &str) -> Vec<Message> {
        let id = self.conversation(who).await.id;
        self.app.store.read(&self.app.shop).await.unwrap().messages_after(&id, 0, 10_000).await.unwrap()
    }

    /// Everything that was said to a shopper.
    pub async fn replies(&self, who: &str) -> Vec<Reply> {
        let replies = self.messages(who).await.into_iter().filter_map(|m| match m.body {
            Body::Reply(reply) => Some(*reply),
            Body::Heard(_) => None,
        });
        replies.collect()
    }

    /// The talk since the last time it was asked for, as one reads it.
    pub async fn hears(&self, who: &str) -> String {
        let messages = self.messages(who).await;
        let mut heard = self.heard.lock().unwrap();
        let from = heard.insert(who.to_owned(), messages.last().map_or(0, |m| m.seq)).unwrap_or(0);
        messages.iter().filter(|m| m.seq > from).map(talk::spoken).collect::<Vec<_>>().join("\n")
    }

    /// Orders that came out of conversations.
    pub async fn orders(&self) -> Vec<Order> {
        let mut tx = self.app.store.read(&self.app.shop).await.unwrap();
        let all = tx.all_orders(10_000).await.unwrap();
        all.into_iter().filter(|o| o.conversation.is_some()).collect()
    }

    /// The story is over, and whoever told it has checked what it was about.
    pub fn over(mut self) {
        self.finished = true;
    }

    /// What must hold in the end: its promises, and nobody was left without an answer.
    pub async fn finish(mut self, shoppers: &[&str]) {
        self.finished = true;
        self.keeps_its_promises().await;
        past::comes_out_the_same(&self.app).await;
        for who in shoppers {
            let conversation = self.conversation(who).await;
            let messages = self.messages(who).await;
            let asked = messages.iter().rev().find(|m| m.author == Author::Shopper).map_or(0, |m| m.seq);
            assert!(conversation.answered_seq >= asked, "{who} waits for an answer");
            let silent = messages.last().is_some_and(|m| m.author == Author::Shopper);
            assert!(!silent || conversation.with.is_colleague(), "{who} got no answer");
        }
    }
}

impl Drop for TestShop {
    fn drop(&mut self) {
        assert!(self.finished || std::thread::panicking(), "a story ends with finish()");
    }
}

/// A filled-in form.
pub fn form(card: &str) -> PayForm {
    PayForm {
        email: "maya@example.org".into(),
        name: "Maya Lindqvist".into(),
        line1: "Birkenweg 4".into(),
        postal_code: "79100".into(),
        city: "Freiburg".into(),
        country: "DE".into(),
        number: card.into(),
        expiry: "12/30".into(),
        cvc: "123".into(),
    }
}

async fn stock(app: &App) -> BTreeMap<VariantId, i64> {
    let mut tx = app.store.read(&app.shop).await.unwrap();
    let ids = tx.product_ids_after("", 10_000).await.unwrap();
    let products = tx.products(&ids).await.unwrap();
    let variants = products.into_iter().flat_map(|p| p.variants);
    variants.filter_map(|v| Some((v.id, v.stock?))).collect()
}
