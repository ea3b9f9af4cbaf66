//! Reading a webhook's body: leniently, to the end, and within limits. No field is trusted to be there, no list to have one
//! element, no number to be a number; what nobody here knows is told as such, with its text.

mod account;
mod json;
mod message;
mod said;
mod status;
#[cfg(test)]
mod tests;
mod who;

use crate::channel::whatsapp::event::{Event, Told};
use jiff::Timestamp;
use json::{Fields, Node};

/// Things that are read from one body; Meta names 1,000.
pub const EVENTS_MAX: usize = 4_000;
/// Letters of an id that are kept; longer ones are no ids.
const ID_CHARS_MAX: usize = 300;
/// Letters of a word of the network's.
const WORD_CHARS_MAX: usize = 100;
/// Seconds above which a moment was written in milliseconds.
const SECONDS_MAX: i64 = 100_000_000_000;

/// What a body says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// What happened, in the body's order.
    pub told: Vec<Told>,
    /// Set when the body is not what Meta sends: no JSON, or about something else.
    pub strange: bool,
    /// Set when the body tells more than is read.
    pub cut: bool,
}

/// Reads a body. Any bytes will do.
pub fn parse(body: &[u8]) -> Parsed {
    let text = String::from_utf8_lossy(body);
    let Some(whole) = Node::read(&text) else {
        return Parsed { strange: true, ..Parsed::default() };
    };
    let fields = whole.fields();
    if fields.text("object").as_deref() != Some("whatsapp_business_account") {
        return Parsed { strange: true, ..Parsed::default() };
    }
    let mut told = List { told: Vec::new(), cut: false };
    for entry in fields.nodes("entry") {
        let inner = entry.fields();
        let changes = inner.nodes("changes");
        // Some notices come without the list around them.
        let changes = if changes.is_empty() { vec![entry] } else { changes };
        for change in changes {
            read_change(change, &mut told);
        }
    }
    Parsed { told: told.told, strange: false, cut: told.cut }
}

/// The list under way.
struct List {
    told: Vec<Told>,
    cut: bool,
}

/// What one change has in common.
struct Change<'a> {
    field: String,
    number: Option<String>,
    value: Fields<'a>,
    raw: Node<'a>,
}

impl List {
    fn add(&mut self, change: &Change<'_>, event: Event, raw: Node<'_>) {
        if self.told.len() >= EVENTS_MAX {
            self.cut = true;
            return;
        }
        self.told.push(Told {
            event,
            field: change.field.clone(),
            number: change.number.clone(),
            raw: raw.raw().to_owned(),
        });
    }
}

fn read_change(raw: Node<'_>, told: &mut List) {
    let outer = raw.fields();
    let value = outer.inner("value");
    let field = outer.short("field", WORD_CHARS_MAX).or_else(|| value.short("field", WORD_CHARS_MAX));
    let number = value.inner("metadata").short("phone_number_id", WORD_CHARS_MAX);
    let change = Change { field: field.unwrap_or_default(), number, value, raw };
    let before = told.told.len();
    match change.field.as_str() {
        // The same three lists, whatever else a change without a name may be.
        "messages" | "" => messages(&change, told),
        "smb_message_echoes" => echoes(&change, told),
        _ => account::read(&change, told),
    }
    if told.told.len() == before && !told.cut {
        told.add(&change, Event::Other { kind: String::new() }, raw);
    }
}

fn messages(change: &Change<'_>, told: &mut List) {
    let people = who::People::read(&change.value);
    for raw in change.value.nodes("messages") {
        let message = raw.fields();
        told.add(change, message::read(&message, people.sender(&message)), raw);
    }
    let mut paid = false;
    for raw in change.value.nodes("statuses") {
        let status = raw.fields();
        match status::read(&status) {
            // The payment's own reader looks at the whole change, once.
            Event::Payment if paid => {}
            Event::Payment => {
                paid = true;
                told.add(change, Event::Payment, change.raw);
            }
            event => told.add(change, event, raw),
        }
    }
    let errors = change.value.nodes("errors");
    if let (Some(raw), false) = (change.value.get("errors"), errors.is_empty()) {
        let codes = change.value.items("errors").iter().filter_map(|e| e.text("code")?.parse().ok()).collect();
        told.add(change, Event::Errors { codes }, raw);
    }
}

fn echoes(change: &Change<'_>, told: &mut List) {
    let people = who::People::read(&change.value);
    for raw in change.value.nodes("message_echoes") {
        let message = raw.fields();
        told.add(change, message::echo(&message, people.receiver(&message)), raw);
    }
}

/// An id; one that is too long is none.
fn id(fields: &Fields<'_>, name: &str) -> Option<String> {
    let text = fields.text(name)?.trim().to_owned();
    (text.chars().count() <= ID_CHARS_MAX).then_some(text)
}

/// A moment: seconds since 1970, as text or number, sometimes milliseconds.
fn moment(fields: &Fields<'_>, name: &str) -> Option<Timestamp> {
    let digits: i64 = fields.text(name)?.split('.').next()?.trim().parse().ok()?;
    match digits {
        ..=0 => None,
        1..SECONDS_MAX => Timestamp::from_second(digits).ok(),
        _ => Timestamp::from_millisecond(digits).ok(),
    }
}
