//! Everything the little world remembers, in memory and bounded.

use crate::clock::{Clock, Ids};
use crate::emulator::happen::Later;
use crate::emulator::hook::{Hooks, Pending};
use crate::emulator::media::Shelf;
use crate::emulator::mischief::{Dice, Misbehaviour};
use crate::emulator::settings::{Number, Settings};
use crate::emulator::template::Template;
use crate::emulator::throttle::Throttle;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// People it knows.
pub const PEOPLE_MAX: usize = 1_000;
/// Messages it remembers, over all chats; the oldest are forgotten.
pub const BUBBLES_MAX: usize = 5_000;
/// Bytes of all of them; the oldest are forgotten.
pub const CHAT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Things that will happen by themselves; the oldest are forgotten.
pub const LATER_MAX: usize = 20_000;
/// Calls and webhooks the inspector remembers.
pub const JOURNAL_MAX: usize = 300;
/// Characters of a body the inspector keeps.
pub const JOURNAL_BODY_MAX: usize = 16_000;
/// Hours the service window stays open.
pub const WINDOW_HOURS: i64 = 24;
/// Hours everything is free after an answer to somebody who came by an ad.
pub const FREE_ENTRY_HOURS: i64 = 72;

/// The world's memory.
pub struct State {
    /// What it was told before it started.
    pub settings: Settings,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    offset: SignedDuration,
    serial: u64,
    /// Counts changes, so that a page knows when to look.
    pub revision: u64,
    /// Repeatable chance.
    pub dice: Dice,
    /// The business's numbers.
    pub numbers: Vec<Line>,
    /// Who uses WhatsApp.
    pub people: Vec<Person>,
    /// What was written, oldest first.
    pub bubbles: VecDeque<Bubble>,
    chat_bytes: usize,
    /// Number and person → when they last wrote, and until when all is free.
    pub windows: BTreeMap<(String, String), Window>,
    /// Files.
    pub shelf: Shelf,
    /// Message templates.
    pub templates: Vec<Template>,
    /// Names of deleted templates, and since when they are blocked.
    pub deleted_templates: Vec<(String, Timestamp)>,
    /// Where webhooks go.
    pub hooks: Hooks,
    /// What will happen by itself.
    pub later: Vec<Later>,
    /// Webhooks that wait.
    pub queue: Vec<Pending>,
    /// What went over the wire, oldest first.
    pub journal: VecDeque<Entry>,
    /// What goes wrong.
    pub mischief: Misbehaviour,
    /// What throughput is used up.
    pub throttle: Throttle,
    /// Number and month → service messages that were free.
    pub free_used: BTreeMap<(String, String), u32>,
}

/// A number of the business as it stands.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is.
    pub number: Number,
    /// False: 133010 on every send.
    pub registered: bool,
    /// GREEN, YELLOW, RED, UNKNOWN.
    pub quality: String,
    /// The business profile.
    pub profile: Map<String, Value>,
    /// Cart and catalogue switches.
    pub commerce: Map<String, Value>,
    /// Ice breakers and commands.
    pub automation: Map<String, Value>,
    /// Keys of people the business has blocked.
    pub blocked: Vec<String>,
}

/// Somebody with WhatsApp.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Person {
    /// The emulator's own name for them.
    pub key: String,
    /// Digits with the country code.
    pub phone: Option<String>,
    /// False: the business sees only the `user_id`.
    pub shows_phone: bool,
    /// Chosen by themselves: not to be trusted.
    pub name: String,
    /// Chosen by themselves.
    pub username: Option<String>,
    /// The business-scoped id.
    pub user_id: String,
    /// Opens chats by themselves, so that messages get read.
    pub reads: bool,
    /// Lets the business see what was read.
    pub receipts: bool,
    /// False: off the network.
    pub reachable: bool,
    /// Has blocked the business.
    pub blocks: bool,
    /// Has stopped marketing of this business.
    pub stopped: bool,
    /// Until when the business is shown as writing.
    pub typing_until: Option<Timestamp>,
}

/// One message in a chat.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Bubble {
    /// `wamid.…`
    pub id: String,
    /// The business number's id.
    pub number: String,
    /// Whose chat.
    pub person: String,
    /// True: written by the business.
    pub ours: bool,
    /// When.
    pub at: Timestamp,
    /// `text`, `interactive`…
    pub kind: String,
    /// The object of that name; for a template with the filled texts beside it.
    pub body: Value,
    /// The message it quotes.
    pub quotes: Option<String>,
    /// `accepted`, `sent`, `delivered`, `read`, `failed`; for the shopper's `received`, `read`.
    pub status: String,
    /// Why it failed.
    pub error: Option<Value>,
    /// `biz_opaque_callback_data`.
    pub opaque: Option<String>,
    /// What is charged.
    pub pricing: Option<Value>,
    /// Taken back by its writer.
    pub revoked: bool,
}

/// Since when, and until when.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window {
    /// The last message of the person.
    pub wrote: Option<Timestamp>,
    /// The last message that came by an ad.
    pub came_by_ad: Option<Timestamp>,
    /// All is free until then.
    pub free_until: Option<Timestamp>,
}

/// A line of the inspector.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Entry {
    /// Counts up.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// `call` or `webhook`.
    pub kind: &'static str,
    /// Method and path, or address.
    pub title: String,
    /// The HTTP status; 0 when there was none.
    pub status: u16,
    /// What was sent.
    pub request: String,
    /// What was answered.
    pub answer: String,
    /// Why it was refused or not delivered.
    pub why: Option<String>,
}

impl State {
    /// A fresh world.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        let line = |number: &Number| Line {
            number: number.clone(),
            registered: true,
            quality: "GREEN".into(),
            profile: Map::new(),
            commerce: Map::from_iter([
                ("is_cart_enabled".into(), true.into()),
                ("is_catalog_visible".into(), false.into()),
            ]),
            automation: Map::new(),
            blocked: Vec::new(),
        };
        Self {
            offset: SignedDuration::ZERO,
            serial: 0,
            revision: 1,
            dice: Dice::new(settings.seed),
            numbers: settings.numbers.iter().map(line).collect(),
            people: Vec::new(),
            bubbles: VecDeque::new(),
            chat_bytes: 0,
            windows: BTreeMap::new(),
            shelf: Shelf::default(),
            templates: Vec::new(),
            deleted_templates: Vec::new(),
            hooks: Hooks::new(&settings),
            later: Vec::new(),
            queue: Vec::new(),
            journal: VecDeque::new(),
            mischief: Misbehaviour::default(),
            throttle: Throttle::default(),
            free_used: BTreeMap::new(),
            settings,
            clock,
            ids,
        }
    }

    /// The world's time.
    pub fn now(&self) -> Timestamp {
        self.clock.now().checked_add(self.offset).unwrap_or_else(|_| self.clock.now())
    }

    /// Jumps forward: with the hand clock it was given, else by an offset of its own.
    pub fn jump(&mut self, minutes: u32) {
        self.revision += 1;
        let by = SignedDuration::from_mins(i64::from(minutes));
        match &self.settings.hand {
            Some(hand) => hand.advance(jiff::Span::new().minutes(i64::from(minutes))),
            None => self.offset = self.offset.checked_add(by).unwrap_or(self.offset),
        }
    }

    /// A new message id.
    pub fn wamid(&self) -> String {
        format!("wamid.HBg{}", self.ids.secret())
    }

    /// Letters nobody can guess.
    pub fn secret(&self) -> String {
        self.ids.secret()
    }

    /// A number that was not used before.
    pub fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// A numeric id in Meta's style.
    pub fn numeric_id(&mut self, kind: u64) -> String {
        format!("{}", kind * 100_000_000_000_000 + self.serial())
    }

    /// A number of the business.
    pub fn line(&self, id: &str) -> Option<&Line> {
        self.numbers.iter().find(|l| l.number.id == id)
    }

    /// A number of the business, to change it.
    pub fn line_mut(&mut self, id: &str) -> Option<&mut Line> {
        self.numbers.iter_mut().find(|l| l.number.id == id)
    }

    /// Somebody by the emulator's own name for them.
    pub fn person(&self, key: &str) -> Option<&Person> {
        self.people.iter().find(|p| p.key == key)
    }

    /// Somebody, to change them.
    pub fn person_mut(&mut self, key: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|p| p.key == key)
    }

    /// Digits as Meta knows them: as dialled, or rewritten for the countries where it does.
    pub fn wa_id(&self, digits: &str) -> String {
        if self.settings.rewrite_numbers { rewritten(digits) } else { digits.to_owned() }
    }

    /// Who has a phone number.
    pub fn by_phone(&self, digits: &str) -> Option<&Person> {
        let wa_id = self.wa_id(digits);
        self.people.iter().find(|p| p.phone.as_deref().is_some_and(|own| self.wa_id(own) == wa_id))
    }

    /// The `wa_id` the business may see.
    pub fn shown_wa_id(&self, person: &Person) -> Option<String> {
        person.phone.as_deref().filter(|_| person.shows_phone).map(|phone| self.wa_id(phone))
    }

    /// Adds a message to a chat.
    pub fn add(&mut self, bubble: Bubble) {
        self.revision += 1;
        self.chat_bytes += bubble.body.to_string().len();
        self.bubbles.push_back(bubble);
        while self.bubbles.len() > BUBBLES_MAX || (self.bubbles.len() > 1 && self.chat_bytes > CHAT_BYTES_MAX) {
            let Some(gone) = self.bubbles.pop_front() else { break };
            self.chat_bytes = self.chat_bytes.saturating_sub(gone.body.to_string().len());
        }
    }

    /// A message by its id.
    pub fn bubble(&self, id: &str) -> Option<&Bubble> {
        self.bubbles.iter().rev().find(|b| b.id == id)
    }

    /// A message, to change it.
    pub fn bubble_mut(&mut self, id: &str) -> Option<&mut Bubble> {
        self.revision += 1;
        self.bubbles.iter_mut().rev().find(|b| b.id == id)
    }

    /// What is known of a number and a person.
    pub fn window(&self, number: &str, person: &str) -> Window {
        self.windows.get(&(number.to_owned(), person.to_owned())).copied().unwrap_or_default()
    }

    /// True while free-form messages may be sent.
    pub fn window_open(&self, number: &str, person: &str) -> bool {
        let open = SignedDuration::from_hours(WINDOW_HOURS);
        self.window(number, person).wrote.is_some_and(|wrote| self.now().duration_since(wrote) < open)
    }

    /// Writes a line for the inspector.
    pub fn note(&mut self, mut entry: Entry) {
        entry.seq = self.serial();
        entry.request = entry.request.chars().take(JOURNAL_BODY_MAX).collect();
        entry.answer = entry.answer.chars().take(JOURNAL_BODY_MAX).collect();
        self.revision += 1;
        self.journal.push_back(entry);
        while self.journal.len() > JOURNAL_MAX {
            self.journal.pop_front();
        }
    }
}

/// Brazil loses the ninth digit, Mexico the 1 and Argentina the 9 of mobile numbers.
fn rewritten(digits: &str) -> String {
    let parts = |country: &str, area: usize, mark: char, rest: usize| -> Option<String> {
        let local = digits.strip_prefix(country)?;
        let (area, tail) = local.split_at_checked(area)?;
        let tail = tail.strip_prefix(mark)?;
        (tail.len() == rest).then(|| format!("{country}{area}{tail}"))
    };
    let short = parts("55", 2, '9', 8).or_else(|| parts("52", 0, '1', 10)).or_else(|| parts("54", 0, '9', 10));
    short.unwrap_or_else(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mobile_numbers_are_rewritten_where_meta_does() {
        let table = [
            ("5511988887777", "551188887777"),
            ("551188887777", "551188887777"),
            ("5215512345678", "525512345678"),
            ("5491112345678", "541112345678"),
            ("4915112345678", "4915112345678"),
            ("55", "55"),
        ];
        for (dialled, known) in table {
            assert_eq!(rewritten(dialled), known);
        }
    }
}
