//! A reply in the network's own form, in as few bubbles as it bears: each costs the merchant, and a shopper reads one
//! better than three.
//!
//! The words go with whatever can be tapped. Up to three choices are buttons, up to ten a list; where a bubble has no room
//! for them (it opens a page, or asks where somebody is) they are named in the words, and [`typed`] tells which one a
//! shopper wrote. What is reachable by a tap is shortened; everything else is said.

pub mod fit;
pub mod marks;
mod plan;
mod spoken;
mod tail;
#[cfg(test)]
mod tests;
mod words;

pub use spoken::typed;
pub use tail::is_public;

use crate::domain::message::Reply;
use crate::domain::template::Category;
use crate::wording::Voice;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Bubbles that the words of a reply may take; what is still left is one tap away.
pub const WORD_BUBBLES_MAX: usize = 4;
/// Bubbles of one reply: its words, two pages, something to share, a file and a way to the rest.
pub const BUBBLES_MAX: usize = WORD_BUBBLES_MAX + 5;

/// What a reply is rendered for.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The network's id of the catalogue, if the products are in it under our own numbers.
    pub catalog: Option<&'a str>,
    /// The network's id of the message that is answered, to be shown above the first bubble.
    pub quote: Option<&'a str>,
    /// How the shopper is spoken to.
    pub voice: &'a Voice,
    /// Now.
    pub now: Timestamp,
}

/// One message for the network, without its receiver.
#[derive(Clone, Debug, PartialEq)]
pub struct Bubble {
    /// `text`, `image`, `document`, `template`, or the kind of an interactive message: `button`, `list`, `cta_url`.
    pub kind: &'static str,
    /// `type` and the object of that name.
    pub body: Value,
    /// As what it is charged.
    pub category: Category,
    /// Whether it bears being sent twice when nobody knows whether it arrived.
    pub doubles: bool,
}

impl Bubble {
    /// A bubble of a type with its object.
    pub(super) fn of(kind: &'static str, object: Value) -> Self {
        let mut body = serde_json::Map::new();
        body.insert("type".to_owned(), kind.into());
        body.insert(kind.to_owned(), object);
        Self { kind, body: Value::Object(body), category: Category::Service, doubles: true }
    }

    /// An interactive bubble.
    fn interactive(kind: &'static str, object: Value) -> Self {
        Self { kind, ..Self::of("interactive", object) }
    }

    /// Words and nothing else.
    fn text(words: &str) -> Self {
        Self::of("text", json!({ "body": words }))
    }
}

/// A reply as bubbles; none only if there is nothing to say.
pub fn render(reply: &Reply, situation: &Situation<'_>) -> Vec<Bubble> {
    let mut bubbles = plan::Plan::of(reply, situation).bubbles(situation);
    // Money is asked for once, and a summary is confirmed once: whoever sees either twice wonders which one counts.
    let about_money = reply.payment.is_some() || reply.summary.is_some();
    for bubble in &mut bubbles {
        bubble.doubles = !about_money;
    }
    if let (Some(first), Some(quoted)) = (bubbles.first_mut(), situation.quote.filter(|id| !id.is_empty()))
        && let Some(body) = first.body.as_object_mut()
    {
        body.insert("context".to_owned(), json!({ "message_id": quoted }));
    }
    bubbles
}

/// Tells the network that a message was read, and, if wished, that an answer is being written.
pub fn read_mark(message_id: &str, typing: bool) -> Value {
    let mut body = json!({ "status": "read", "message_id": message_id });
    if let (true, Some(body)) = (typing, body.as_object_mut()) {
        body.insert("typing_indicator".to_owned(), json!({ "type": "text" }));
    }
    body
}

/// A reaction to a message of the shopper's; an empty sign takes it back.
pub fn reaction(message_id: &str, emoji: &str) -> Value {
    json!({ "type": "reaction", "reaction": { "message_id": message_id, "emoji": emoji } })
}
