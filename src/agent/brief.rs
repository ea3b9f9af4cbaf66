//! What a colleague finds when a conversation is handed over: what the shopper wants, what was tried, what is wanted next.

use crate::agent::turn::Ending;
use crate::agent::{HandOffAsked, Thread};
use crate::domain::conversation::HandOffReason;
use crate::domain::message::{Body, Message};
use crate::llm::Call;
use serde_json::Value;

/// Characters of the shopper's words in a summary.
const WORDS_CHARS_MAX: usize = 400;
/// Characters of an earlier message in a summary.
const BEFORE_CHARS_MAX: usize = 300;
/// Things tried that are named.
const TRIED_MAX: usize = 8;
/// Characters of one of them.
const TRIED_CHARS_MAX: usize = 160;

impl HandOffAsked {
    /// A wish for a colleague, with what the thread tells.
    pub fn of(reason: HandOffReason, thread: &Thread) -> Self {
        Self { reason, summary: summary(thread), tried: Vec::new(), wanted: String::new() }
    }

    /// Adds what the turn tried and what the shopper wants next.
    pub fn complete(mut self, thread: &Thread, ending: &Ending) -> Self {
        let tried = ending.calls.iter().zip(&ending.outputs).filter_map(|(call, output)| tried(call, &output.content));
        self.tried.extend(tried);
        if !ending.problems.is_empty() {
            self.tried.push(format!("Wrote {} that could not be checked and was not sent.", replies(ending)));
        }
        self.tried.dedup();
        self.tried.truncate(TRIED_MAX);
        if self.wanted.is_empty() {
            self.wanted = wanted(self.reason, thread, ending);
        }
        self
    }
}

fn replies(ending: &Ending) -> &'static str {
    if ending.draft.is_some() { "a reply" } else { "replies" }
}

/// The shopper's own words, and those before when these say little.
pub fn summary(thread: &Thread) -> String {
    let words: Vec<&str> = thread.asked.iter().map(|m| m.body.words()).collect();
    let words = words.join(" ");
    let mut summary = format!("The shopper wrote: {}", cut(&words, WORDS_CHARS_MAX));
    if words.split_whitespace().count() <= 5
        && let Some(before) = before(thread)
    {
        summary.push_str(&format!(". Before that: {}", cut(before, BEFORE_CHARS_MAX)));
    }
    summary
}

/// The last message of the shopper that says something.
fn before(thread: &Thread) -> Option<&str> {
    thread.history.iter().rev().find_map(|message: &Message| match &message.body {
        Body::Heard(said) if said.words().split_whitespace().count() > 2 => Some(said.words()),
        _ => None,
    })
}

/// One call in a few words.
fn tried(call: &Call, content: &Value) -> Option<String> {
    let arguments: Value = serde_json::from_str(&call.arguments).unwrap_or_default();
    let argument = |name: &str| cut(arguments.get(name).and_then(Value::as_str).unwrap_or_default(), 80);
    let count = |name: &str| content.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    let refused = content.get("refused").and_then(Value::as_str);
    let text = match (call.tool.as_str(), refused) {
        ("hand_off", _) => return None,
        (tool, Some(why)) => format!("{}: refused, {why}", tool.replace('_', " ")),
        ("catalog_search", _) if content.get("relevant") == Some(&Value::Bool(false)) => {
            format!("Searched the catalogue for “{}”: nothing that fits.", argument("query"))
        }
        ("catalog_search", _) => {
            format!("Searched the catalogue for “{}”: {} found.", argument("query"), count("items"))
        }
        ("knowledge_search", _) => {
            let fits = content.pointer("/passages/0/match").and_then(Value::as_str).unwrap_or("none");
            format!("Looked “{}” up in the shop's texts: best match {fits}.", argument("query"))
        }
        ("order_get", _) => {
            let status = content.get("status").and_then(Value::as_str).unwrap_or("found");
            format!("Looked order {} up: {status}.", argument("number"))
        }
        ("order_propose", _) => format!("Proposed to {} order {}.", argument("act"), argument("number")),
        (tool, _) => format!("Used {}.", tool.replace('_', " ")),
    };
    Some(cut(&text, TRIED_CHARS_MAX))
}

/// What the shopper is waiting for.
fn wanted(reason: HandOffReason, thread: &Thread, ending: &Ending) -> String {
    let about = ending.calls.iter().rev().find_map(|call| {
        let arguments: Value = serde_json::from_str(&call.arguments).ok()?;
        let number = arguments.get("number").and_then(Value::as_str)?;
        let act = arguments.get("act").and_then(Value::as_str).unwrap_or("a word about");
        Some(format!("{} order {}", cut(act, 40), cut(number, 40)))
    });
    let words = thread.words();
    let said = match before(thread) {
        Some(before) if words.split_whitespace().count() <= 5 => before,
        _ => words.as_str(),
    };
    let said = cut(said, BEFORE_CHARS_MAX);
    match (reason, about) {
        (HandOffReason::AskedForPerson, _) => format!("To talk to a person about: {said}"),
        (HandOffReason::Complaint | HandOffReason::Legal, _) => format!("That somebody takes care of: {said}"),
        (HandOffReason::Safety, _) => format!("Help at once: {said}"),
        (HandOffReason::Payment, _) => format!("That a payment is looked into: {said}"),
        (_, Some(about)) => about,
        (_, None) => format!("An answer to: {said}"),
    }
}

fn cut(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}
