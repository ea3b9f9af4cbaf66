//! A request as it is in every run: what changes from run to run is given a name.

use crate::llm::Answer;
use crate::llm::Message;
use crate::llm::Request;
use regex::Captures;
use regex::Regex;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;

/// Ids that the program makes (`prd_01j9…`, `ord_000012`), moments, and ids of calls that were named before.
static VOLATILE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let id = r"\b(?<kind>[a-z]{3})_[0-9][0-9a-z]{5,39}\b";
    let moment = r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)";
    Regex::new(&format!("{id}|{moment}")).ok()
});
/// Bytes of the fingerprint of a front.
const FRONT_BYTES: usize = 6;

/// A request in the form in which it is looked up.
#[derive(Debug)]
pub(super) struct Canonical {
    /// Names the front.
    pub(super) front: String,
    /// The front's instructions.
    pub(super) system: String,
    /// The front's tools.
    pub(super) tools: Value,
    /// The rest.
    pub(super) asked: Value,
    /// What stands for what: the volatile text and its name.
    names: Names,
    /// Ids of calls in the talk.
    calls: Vec<String>,
}

#[derive(Debug, Default)]
struct Names {
    by_value: HashMap<String, String>,
    in_order: Vec<(String, String)>,
}

impl Names {
    /// The text with names in the place of what is volatile; new ones are named in order.
    fn put(&mut self, text: &str) -> String {
        let Some(volatile) = VOLATILE.as_ref() else { return text.to_owned() };
        let name = |found: &Captures<'_>| {
            let value = found.get(0).map_or("", |whole| whole.as_str());
            let kind = found.name("kind").map_or("time", |kind| kind.as_str());
            if let Some(name) = self.by_value.get(value) {
                return name.clone();
            }
            let name = format!("⟦{kind}_{}⟧", self.in_order.len() + 1);
            self.by_value.insert(value.to_owned(), name.clone());
            self.in_order.push((value.to_owned(), name.clone()));
            name
        };
        volatile.replace_all(text, name).into_owned()
    }

    /// The text with names for what is known; nothing new is named.
    fn known(&self, text: &str) -> String {
        self.in_order.iter().fold(text.to_owned(), |text, (value, name)| text.replace(value, name))
    }

    fn take(&self, text: &str) -> String {
        self.in_order.iter().fold(text.to_owned(), |text, (value, name)| text.replace(name, value))
    }
}

impl Canonical {
    /// Of a request.
    pub(super) fn of(request: &Request) -> Self {
        let tools = json!(request.tools);
        let mut digest = Sha256::new();
        digest.update(request.system.as_bytes());
        digest.update([0]);
        digest.update(tools.to_string().as_bytes());
        let front = digest.finalize().iter().take(FRONT_BYTES).fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        let mut calls = Vec::new();
        let messages: Vec<Message> = request.messages.iter().map(|message| renumbered(message, &mut calls)).collect();
        let mut names = Names::default();
        let messages = strings(&json!(messages), &mut |text| names.put(text));
        let mut asked = json!({"front": front, "may_call": request.may_call, "messages": messages});
        if !request.only.is_empty()
            && let Some(asked) = asked.as_object_mut()
        {
            asked.insert("only".to_owned(), json!(request.only));
        }
        Self { front, system: request.system.clone(), tools, asked, names, calls }
    }

    /// An answer as it is written down: with names, and calls numbered on from those of the talk.
    pub(super) fn named(&self, answer: &Answer) -> Answer {
        let mut answer = answer.clone();
        answer.text = self.names.known(&answer.text);
        for (place, call) in answer.calls.iter_mut().enumerate() {
            call.id = number(self.calls.len() + place);
            call.arguments = self.names.known(&call.arguments);
        }
        answer
    }

    /// An answer as it would be in this run.
    pub(super) fn unnamed(&self, answer: &Answer) -> Answer {
        let mut answer = answer.clone();
        answer.text = self.names.take(&answer.text);
        let mut free = (self.calls.len()..).map(number).filter(|id| !self.calls.contains(id));
        for call in &mut answer.calls {
            call.id = free.next().unwrap_or_default();
            call.arguments = self.names.take(&call.arguments);
        }
        answer
    }
}

/// A message with calls numbered in the order of their first appearance.
fn renumbered(message: &Message, calls: &mut Vec<String>) -> Message {
    let mut numbered = |id: &str| {
        let place = calls.iter().position(|known| known == id).unwrap_or_else(|| {
            calls.push(id.to_owned());
            calls.len() - 1
        });
        number(place)
    };
    let mut message = message.clone();
    match &mut message {
        Message::Calls { calls } => calls.iter_mut().for_each(|call| call.id = numbered(&call.id)),
        Message::Result { call, .. } => *call = numbered(call),
        Message::Shopper { .. }
        | Message::Picture { .. }
        | Message::Agent { .. }
        | Message::State { .. }
        | Message::Remark { .. } => {}
    }
    message
}

fn number(place: usize) -> String {
    format!("call{place:05}")
}

/// The same JSON with every text changed, names of fields too.
fn strings(value: &Value, change: &mut dyn FnMut(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(text)),
        Value::Array(items) => items.iter().map(|item| strings(item, change)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, field)| (change(name), strings(field, change))).collect())
        }
        other => other.clone(),
    }
}
