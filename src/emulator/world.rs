//! A handle on the world for tests and pages: play shoppers, misbehave, look at what was sent.

use crate::clock::{Clock, Ids};
use crate::emulator::Error;
use crate::emulator::look::Json;
use crate::emulator::mischief::Misbehaviour;
use crate::emulator::settings::Settings;
use crate::emulator::shopper::say::Saying;
use crate::emulator::shopper::{NewPerson, Unable};
use crate::emulator::state::{Bubble, Entry, Person, State};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a receiver of webhooks may take.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// The little world. Clones are the same world.
#[derive(Clone)]
pub struct World(pub(in crate::emulator) Arc<Inner>);

/// What clones share.
pub(in crate::emulator) struct Inner {
    state: Mutex<State>,
    /// Asks and posts to the business.
    pub(in crate::emulator) http: reqwest::Client,
    /// Held while webhooks go out.
    pub(in crate::emulator) delivering: tokio::sync::Mutex<()>,
}

/// Somebody with a phone, in the chat with one number of the business.
#[derive(Clone)]
pub struct Shopper {
    world: World,
    key: String,
    number: String,
}

impl World {
    /// A fresh world that nobody listens to yet.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Result<Self, Error> {
        // A second installation answers the first, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(ANSWER_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Error::Client)?;
        if settings.numbers.is_empty() {
            return Err(Error::NoNumber);
        }
        let state = Mutex::new(State::new(settings, clock, ids));
        Ok(Self(Arc::new(Inner { state, http, delivering: tokio::sync::Mutex::default() })))
    }

    /// Looks at or changes anything.
    pub fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The first number of the business.
    pub fn number(&self) -> String {
        self.with(|s| s.numbers.first().map(|l| l.number.id.clone()).unwrap_or_default())
    }

    /// Somebody with a phone, made if nobody has it, in the chat with the business's first number.
    pub fn shopper(&self, phone: &str, name: &str) -> Result<Shopper, Unable> {
        self.meet(&NewPerson { phone: Some(phone.into()), username: None, name: name.into() })
    }

    /// Somebody with a username, whose phone the business does not see.
    pub fn username(&self, username: &str, name: &str) -> Result<Shopper, Unable> {
        self.meet(&NewPerson { phone: None, username: Some(username.into()), name: name.into() })
    }

    fn meet(&self, new: &NewPerson) -> Result<Shopper, Unable> {
        let key = self.with(|s| s.make_person(new))?;
        Ok(Shopper { world: self.clone(), key, number: self.number() })
    }

    /// What goes wrong from now on.
    pub fn misbehave(&self, mischief: Misbehaviour) {
        self.with(|s| {
            s.mischief = mischief;
            s.revision += 1;
        });
    }

    /// Jumps forward in time.
    pub fn jump_hours(&self, hours: u32) {
        self.with(|s| s.jump(hours.saturating_mul(60)));
    }

    /// Every message of the business, oldest first.
    pub fn sent(&self) -> Vec<Bubble> {
        self.with(|s| s.bubbles.iter().filter(|b| b.ours).cloned().collect())
    }

    /// What went over the wire, oldest first.
    pub fn journal(&self) -> Vec<Entry> {
        self.with(|s| s.journal.iter().cloned().collect())
    }

    /// Tells a field with a value as they are.
    pub fn announce(&self, field: &str, value: Value) {
        self.with(|s| s.announce(field, value));
    }

    /// Adds a template that is approved already.
    pub fn approved_template(&self, body: &Value) -> Result<(), crate::emulator::refusal::Refusal> {
        self.with(|s| {
            let made = s.create_template(body)?;
            let id = made.of("id").as_str().unwrap_or_default().to_owned();
            s.review(&id);
            Ok(())
        })
    }
}

impl Shopper {
    /// The emulator's own name for them.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The same person in the chat with another number of the business.
    pub fn at(&self, number: &str) -> Shopper {
        Shopper { number: number.to_owned(), ..self.clone() }
    }

    /// Says or does something. Answers the message's id.
    pub fn says(&self, saying: &Saying) -> Result<String, Unable> {
        self.world.with(|s| s.says(&self.key, &self.number, saying))
    }

    /// Writes words.
    pub fn writes(&self, body: &str) -> Result<String, Unable> {
        self.says(&Saying::text(body))
    }

    /// Taps on what a message offers.
    pub fn taps(&self, message: &str, id: &str) -> Result<String, Unable> {
        self.says(&Saying::Tap { message: message.into(), id: id.into() })
    }

    /// Changes the person: receipts, reads, blocks, reachable…
    pub fn change(&self, change: impl FnOnce(&mut Person)) {
        self.world.with(|s| {
            s.revision += 1;
            s.person_mut(&self.key).map(change);
        });
    }

    /// The person as they are now.
    pub fn person(&self) -> Option<Person> {
        self.world.with(|s| s.person(&self.key).cloned())
    }

    /// Stops (or resumes) marketing in the app.
    pub fn stops_marketing(&self, stop: bool) -> Result<(), Unable> {
        self.world.with(|s| s.prefers(&self.key, &self.number, stop))
    }

    /// Moves to a new phone, or only gets a new business-scoped id.
    pub fn moves(&self, phone: Option<&str>) -> Result<(), Unable> {
        self.world.with(|s| s.moves(&self.key, &self.number, phone))
    }

    /// Staff answer them from the Business app.
    pub fn hears_staff(&self, body: &str) -> Result<String, Unable> {
        self.world.with(|s| s.echo(&self.key, &self.number, body))
    }

    /// Opens the chat: what was delivered is read.
    pub fn opens_chat(&self) {
        self.world.with(|s| s.opens_chat(&self.key, &self.number));
    }

    /// The chat, oldest first.
    pub fn chat(&self) -> Vec<Bubble> {
        self.world
            .with(|s| s.bubbles.iter().filter(|b| b.person == self.key && b.number == self.number).cloned().collect())
    }
}
