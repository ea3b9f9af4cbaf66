//! A shop and a little WhatsApp, both listening, on one clock that is moved by hand. Nothing is posted unless it is told
//! to settle, so that a seed repeats.

use crate::shop::dying::{Dice, at_most};
use crate::world::TestShop;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::{Span, Timestamp};
use serde_json::{Value, json};
use souk::app::App;
use souk::channel::whatsapp::{Account, template};
use souk::clock::{Clock, CountedIds, HandClock};
use souk::config::Config;
use souk::conversation::whatsapp::intake::Intake;
use souk::domain::conversation::Conversation;
use souk::domain::message::Message;
use souk::emulator::Emulator;
use souk::emulator::settings::{APP_SECRET, NUMBER_ID, Number, Settings, TOKEN, WABA_ID};
use souk::emulator::state::Bubble;
use souk::emulator::world::{Shopper, World};
use souk::http::{self, Site};
use souk::llm::keyless::Keyless;
use souk::worker;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::net::TcpListener;
use tower::ServiceExt;

/// The number of the second account.
pub const SECOND: &str = "420000000000009";
/// Rounds of one settling.
const ROUNDS_MAX: usize = 3_000;
/// What is due later than this is not waited for.
const PATIENCE_SECONDS: i64 = 90;
/// Polls after which a webhook is surely taken in.
const POLLS_MAX: u64 = 40;

/// The shop's clock, for a world that is made before it.
#[derive(Default)]
struct Late(OnceLock<Arc<HandClock>>);

impl Clock for Late {
    fn now(&self) -> Timestamp {
        self.0.get().map_or_else(|| "2026-12-14T09:00:00Z".parse().unwrap(), |clock| clock.now())
    }
}

/// Our door: hands webhooks to whichever process lives, which may die over one.
struct Door {
    clock: Arc<Late>,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    router: Router,
    dice: Option<Dice>,
    deaths: u32,
    /// When news of a message were taken in first, by the network's id.
    news: BTreeMap<String, Timestamp>,
}

/// A shop on WhatsApp.
pub struct Street {
    pub shop: TestShop,
    pub world: World,
    door: Arc<Door>,
    served: Arc<App>,
    heard: Mutex<BTreeMap<String, usize>>,
}

impl Street {
    pub async fn open() -> Self {
        Self::with(Settings::default(), |_| ()).await
    }

    pub async fn with(settings: Settings, change: impl FnOnce(&mut Config)) -> Self {
        let clock = Arc::new(Late::default());
        let door = Arc::new(Door { clock: Arc::clone(&clock), inside: Mutex::default() });
        let ours = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let callback = format!("http://{}/webhooks/whatsapp/main", ours.local_addr().unwrap());
        let serve = Router::new().fallback(knock).with_state(Arc::clone(&door));
        tokio::spawn(async move { axum::serve(ours, serve).await });

        let mut numbers =
            vec![Number::new(NUMBER_ID, "5511900000000", "Souk"), Number::new(SECOND, "5511900000009", "Two")];
        numbers[0].coexistence = true;
        let settings = Settings { numbers, callback_url: Some(callback), ..settings };
        let world = World::new(settings, clock.clone(), Arc::new(CountedIds::default())).unwrap();
        let theirs = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", theirs.local_addr().unwrap());
        world.with(|s| s.settings.public_url.clone_from(&address));
        let serve = Emulator::router(&world).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(theirs, serve).await });

        let shop = TestShop::demo_with(Keyless, |config| {
            for (name, number) in [("main", NUMBER_ID), ("second", SECOND)] {
                let account = Account {
                    app_secret: vec![APP_SECRET.into()],
                    verify_token: "open sesame".into(),
                    access_token: TOKEN.into(),
                    phone_number_id: number.into(),
                    waba_id: WABA_ID.into(),
                    graph_url: address.clone(),
                    ..Account::default()
                };
                config.whatsapp.accounts.insert(name.into(), account);
            }
            change(config);
        })
        .await;
        clock.0.set(Arc::clone(&shop.clock)).unwrap();
        world.with(|s| s.settings.hand = Some(Arc::clone(&shop.clock)));
        let served = Arc::clone(&shop.app);
        let mut street = Self { shop, world, door, served, heard: Mutex::default() };
        street.lives(None).await;
        street
    }

    /// Whichever process lives now answers the door; with dice it may die over a webhook.
    pub async fn lives(&mut self, dice: Option<Dice>) {
        self.served = Arc::clone(&self.shop.app);
        let mut site = Site::new(Arc::clone(&self.served), "token".to_owned());
        let mut inside = self.door.lock();
        if dice.is_some() {
            inside.dice = dice;
        }
        // Committed in the request itself, a body dies with it; committed together with others, it may outlive it.
        if inside.dice.as_mut().is_some_and(|dice| dice.one_in(2)) {
            site.intake = Intake::new(Arc::clone(&self.served), 1);
        }
        inside.router = http::router(Arc::new(site));
    }

    /// The door answers for the process that took over, if one did.
    pub async fn follows(&mut self) {
        if !Arc::ptr_eq(&self.served, &self.shop.app) {
            self.lives(None).await;
        }
    }

    /// Nobody dies over a webhook any more.
    pub fn calms_down(&self) {
        self.door.lock().dice = None;
        self.world.misbehave(souk::emulator::mischief::Misbehaviour::default());
    }

    /// How often a process died over a webhook.
    pub fn deaths(&self) -> u32 {
        self.door.lock().deaths
    }

    /// When news of a message were taken in first.
    pub fn news_of(&self, wamid: &str) -> Option<Timestamp> {
        self.door.lock().news.get(wamid).copied()
    }

    pub fn ana(&self) -> Shopper {
        self.world.shopper("5511988887777", "Ana").unwrap()
    }

    /// Works and posts until nothing is due soon.
    pub async fn settles(&self) {
        for _ in 0..ROUNDS_MAX {
            let posts = self.world.settle().await;
            if posts + worker::drain(&self.shop.app, 200).await + self.shop.webhooks().await > 0 {
                continue;
            }
            if !self.waits_a_little().await {
                return;
            }
        }
        panic!("the street does not settle down");
    }

    /// Moves the clock to what is due soon; false when nothing is.
    pub async fn waits_a_little(&self) -> bool {
        let now = self.shop.app.now();
        let theirs = self.world.with(|s| s.later.iter().map(|l| l.due).chain(s.queue.iter().map(|p| p.due)).min());
        let ours = self.shop.app.store.next_due().await.unwrap();
        let Some(due) = theirs.into_iter().chain(ours).filter(|due| *due > now).min() else { return false };
        let soon = due.duration_since(now).as_secs() <= PATIENCE_SECONDS;
        if soon {
            let wait = due.duration_since(now).as_millis() as i64;
            self.shop.clock.advance(Span::new().milliseconds(wait.max(1)));
        }
        soon
    }

    /// Time passes, and everything settles.
    pub async fn passes(&self, minutes: i64) {
        self.shop.clock.advance(Span::new().minutes(minutes));
        self.shop.app.store.free_lost_jobs(self.shop.app.now()).await.unwrap();
        self.settles().await;
    }

    /// A shopper writes, and everything settles.
    pub async fn says(&self, who: &Shopper, text: &str) {
        who.writes(text).unwrap();
        self.settles().await;
    }

    /// A shopper taps the newest thing with this label, and everything settles.
    pub async fn taps(&self, who: &Shopper, label: &str) {
        let chat = who.chat();
        let found =
            chat.iter().rev().find_map(|b| Some((b.id.clone(), offers(b).into_iter().find(|o| o.1 == label)?.0)));
        let (message, id) = found.unwrap_or_else(|| panic!("nothing to tap says {label}:\n{}", told(&chat)));
        who.taps(&message, &id).unwrap();
        self.settles().await;
    }

    /// A shopper fills in the newest payment page, and everything settles.
    pub async fn pays(&self, who: &Shopper, card: &str) {
        let chat = who.chat();
        let page = chat.iter().rev().find_map(page).unwrap_or_else(|| panic!("no page:\n{}", told(&chat)));
        let session = page.rsplit('/').next().unwrap();
        self.shop.app.sandbox.as_ref().unwrap().pay(session, &crate::world::form(card)).unwrap();
        self.settles().await;
    }

    /// The chat since the last time it was asked for, as one reads it.
    pub fn hears(&self, who: &Shopper) -> String {
        let chat = who.chat();
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let key = who.key().to_string();
        let from = heard.insert(key, chat.len()).unwrap_or(0);
        told(&chat[from.min(chat.len())..])
    }

    /// The only talk with the first account.
    pub async fn talk(&self) -> Conversation {
        let talks = crate::http::whatsapp::talks(&self.shop).await;
        talks.into_iter().find(|t| t.channel == "whatsapp:main").unwrap()
    }

    pub async fn messages(&self) -> Vec<Message> {
        crate::http::whatsapp::written(&self.shop, &self.talk().await).await
    }

    /// Our side reads what templates are approved.
    pub async fn reads_templates(&self) {
        let app = &self.shop.app;
        let line = app.whatsapp.get("main").unwrap();
        let list = line.client.get(&format!("{WABA_ID}/message_templates"), &[("limit", "100")]).await.unwrap();
        let (forms, more) = template::parse(&list);
        assert!(more.is_none(), "more than one page of templates");
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        for account in ["main", "second"] {
            tx.replace_templates(account, &forms).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Approves templates and has our side know.
    pub async fn approves(&self, forms: &[Value]) {
        for form in forms {
            self.world.approved_template(form).unwrap();
        }
        self.reads_templates().await;
    }

    /// Nothing that left broke a rule of the network's, and the shop kept its promises.
    pub async fn ends(self) {
        let broken = crate::whatsapp::judge::broken_rules(&self);
        assert!(broken.is_empty(), "{broken:#?}");
        self.shop.finish(&[]).await;
    }
}

impl Door {
    fn lock(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn knock(State(door): State<Arc<Door>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, 8 * 1024 * 1024).await.unwrap();
    let (router, polls, forgets) = {
        let mut inside = door.lock();
        let mut roll = |chances| inside.dice.as_mut().is_some_and(|dice| dice.one_in(chances));
        let (dies, forgets) = (roll(5), roll(12));
        let polls = if dies { inside.dice.as_mut().map_or(u64::MAX, |dice| dice.below(POLLS_MAX)) } else { u64::MAX };
        (inside.router.clone(), polls, forgets)
    };
    let done = at_most(polls, router.oneshot(Request::from_parts(parts, Body::from(bytes.clone())))).await;
    let Some(Ok(answer)) = done else {
        door.lock().deaths += 1;
        return StatusCode::BAD_GATEWAY.into_response();
    };
    if answer.status() == StatusCode::OK {
        let now = door.clock.now();
        let mut inside = door.lock();
        for id in statuses(&bytes) {
            inside.news.entry(id).or_insert(now);
        }
        if forgets {
            // All is kept, only the answer is lost.
            inside.deaths += 1;
            return StatusCode::BAD_GATEWAY.into_response();
        }
    }
    answer
}

/// The messages that a body tells news of.
fn statuses(bytes: &Bytes) -> Vec<String> {
    let body: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let list = |v: &Value, key: &str| v[key].as_array().cloned().unwrap_or_default();
    let changes = list(&body, "entry").into_iter().flat_map(|e| list(&e, "changes"));
    let all = changes.flat_map(|c| list(&c["value"], "statuses"));
    all.filter_map(|s| s["id"].as_str().map(str::to_owned)).collect()
}

/// What can be tapped on a message of ours: id and label.
pub fn offers(bubble: &Bubble) -> Vec<(String, String)> {
    if !bubble.ours {
        return Vec::new();
    }
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let pair = |v: &Value, id: &str, label: &str| Some((v[id].as_str()?.to_owned(), v[label].as_str()?.to_owned()));
    let action = &bubble.body["action"];
    let buttons = list(&action["buttons"]).into_iter().filter_map(|b| pair(&b["reply"], "id", "title"));
    let rows = list(&action["sections"]).into_iter().flat_map(|s| list(&s["rows"]));
    let rows = rows.filter_map(|r| pair(&r, "id", "title"));
    let quick = list(&bubble.body["shown"]["buttons"]).into_iter().filter_map(|b| pair(&b, "payload", "text"));
    buttons.chain(rows).chain(quick).collect()
}

/// The page that a message opens.
pub fn page(bubble: &Bubble) -> Option<String> {
    let url = bubble.body["action"]["parameters"]["url"].as_str().filter(|_| bubble.ours)?;
    url.contains("/pay").then(|| url.to_owned())
}

/// The words of a message.
pub fn words(bubble: &Bubble) -> String {
    let at = |path: &str| bubble.body.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let paths = [
        "/body",
        "/body/text",
        "/shown/body",
        "/caption",
        "/button_reply/title",
        "/list_reply/title",
        "/text",
        "/name",
    ];
    paths.iter().find_map(|path| at(path)).unwrap_or_default()
}

/// A chat as one reads it.
pub fn told(chat: &[Bubble]) -> String {
    let line = |b: &Bubble| {
        let who = if b.ours { "shop" } else { "shopper" };
        let kind = b.body["type"].as_str().unwrap_or(&b.kind).to_owned();
        let labels: Vec<String> = offers(b).into_iter().map(|o| format!("[{}]", o.1)).collect();
        let label = b.body["action"]["parameters"]["display_text"].as_str().map(|l| format!("({l})"));
        let parts = [words(b), labels.join(" "), label.unwrap_or_default()];
        format!("{who} {kind}: {}", parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n    "))
    };
    chat.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A template's form to be approved.
pub fn form(name: &str, category: &str, components: &Value) -> Value {
    json!({"name": name, "language": "en", "category": category, "parameter_format": "NAMED", "components": components})
}
