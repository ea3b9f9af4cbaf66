//! What is written down of a turn, step by step: enough to show it, to resume it, and to run it again bit for bit.

use crate::agent::Outcome;
use crate::agent::room::Room;
use crate::agent::tool::Output;
use crate::agent::turn::Limits;
use crate::domain::contact::Contact;
use crate::domain::conversation::Memory;
use crate::llm::{self, Answer, Call, Message, Request};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Bytes of a hash that name a text: nobody finds a second text for 128 bits by chance.
const HASH_BYTES: usize = 16;

/// A recorded step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// What the turn started from; the first entry.
    Began(Box<Began>),
    /// Something the server read on its own account, beside the tools.
    Looked {
        /// What: `state`, `product jacket`.
        what: String,
        /// What was found.
        found: serde_json::Value,
    },
    /// Something worth telling that decides nothing.
    Noted(Note),
    /// The model was asked.
    Asked(Box<Asked>),
    /// A tool was called.
    Called(Box<Called>),
    /// The server did something on the shopper's own word.
    Did(Box<Did>),
    /// How the turn ended; the last entry.
    Ended(Box<Ended>),
    /// An answer, as it was recorded before turns could be run again.
    Answered(Answered),
    /// A result, as it was recorded before turns could be run again.
    Result(Box<Output>),
}

/// What a turn started from. Messages are not repeated: they never change once they are stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Began {
    /// When.
    pub at: Timestamp,
    /// Hash of the shop's settings.
    pub shop: String,
    /// Who asked, without the address, which no turn reads but through a tool.
    pub contact: Contact,
    /// What earlier turns had left behind.
    pub memory: Memory,
    /// Numbers of the messages to answer.
    pub asked: Vec<i64>,
    /// Numbers of the earlier messages that were read.
    pub history: Vec<i64>,
    /// What the turn might use up.
    pub limits: Limits,
    /// Who answers, as operators see it.
    pub model: String,
    /// Tokens of earlier messages; nothing when no language model reads them.
    pub history_tokens: Option<usize>,
    /// How much of everything the model sees; turns from before there were budgets for it have none.
    #[serde(default)]
    pub room: Option<Room>,
}

impl Began {
    /// How much of everything the model sees.
    pub fn room(&self) -> Option<Room> {
        self.room.or_else(|| self.history_tokens.map(Room::of_history))
    }
}

/// Something worth telling that decides nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The shopper's word needed no model; which reflex it was.
    Reflex(String),
    /// A reply was not sent, and why.
    NotSent(Vec<String>),
    /// The keyless planner answers instead of the model, and why.
    Planner(String),
}

/// One question to the model and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// What was sent.
    pub sent: Sent,
    /// What came.
    pub answered: Answered,
    /// When it was sent.
    pub at: Timestamp,
    /// Milliseconds until the answer.
    pub ms: i64,
}

/// What came of asking the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// An answer.
    Answer(Answer),
    /// None, since the request does not fit the model's window, as the endpoint says.
    TooLong(String),
    /// None, and why.
    Failed(String),
    /// The turn's time was over, so nobody was asked.
    OutOfTime,
}

impl Answered {
    /// That there is no answer.
    pub fn not(error: &llm::Error) -> Self {
        match error {
            llm::Error::TooLong(_) => Self::TooLong(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

/// A request, without what it shares with the one before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// Hash of the instructions.
    pub system: String,
    /// Hash of the tools' descriptions.
    pub tools: String,
    /// How many messages of the request before this one it begins with.
    pub kept: usize,
    /// The messages after those.
    pub added: Vec<Message>,
    /// Everything else of the request.
    pub rest: serde_json::Map<String, serde_json::Value>,
}

/// A tool call and its result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Called {
    /// The call.
    pub call: Call,
    /// What came of it.
    pub output: Output,
    /// The short names it gave, in the order of the things it named.
    pub names: Vec<String>,
    /// When.
    pub at: Timestamp,
    /// Milliseconds it took.
    pub ms: i64,
}

/// An act of the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Did {
    /// What came of it.
    pub output: Output,
    /// When.
    pub at: Timestamp,
}

/// How a turn ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// `answer`, `ask_back`, `propose`, `refuse`, `hand_off`.
    pub decision: String,
    /// Everything that leaves the turn.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
}

/// A text and the hash it is kept under.
pub type Text = (String, String);

/// The name of a text.
pub fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(HASH_BYTES).fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}

/// A value as a text to be kept once.
pub fn text<T: Serialize>(value: &T) -> Text {
    let body = serde_json::to_string(value).expect("our own values have text keys");
    (hash(&body), body)
}

impl Sent {
    /// A request as it is recorded after one that ended with these messages, and the texts it points to.
    pub fn of(request: &Request, before: &[Message]) -> (Self, [Text; 2]) {
        let kept = before.iter().zip(&request.messages).take_while(|(old, new)| old == new).count();
        let (system, tools) = (text(&request.system), text(&request.tools));
        let mut rest = match serde_json::to_value(request) {
            Ok(serde_json::Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        };
        for shared in ["system", "tools", "messages"] {
            rest.shift_remove(shared);
        }
        let added = request.messages.get(kept..).unwrap_or_default().to_vec();
        (Self { system: system.0.clone(), tools: tools.0.clone(), kept, added, rest }, [system, tools])
    }

    /// The request's messages, given those of the request before.
    pub fn messages(&self, before: &[Message]) -> Vec<Message> {
        before.iter().take(self.kept).chain(&self.added).cloned().collect()
    }

    /// The whole request again; nothing when a text of it is missing.
    pub fn request(&self, before: &[Message], text: impl Fn(&str) -> Option<String>) -> Option<Request> {
        let mut fields = serde_json::Map::new();
        fields.insert("system".to_owned(), serde_json::from_str(&text(&self.system)?).ok()?);
        fields.insert("messages".to_owned(), serde_json::to_value(self.messages(before)).ok()?);
        fields.insert("tools".to_owned(), serde_json::from_str(&text(&self.tools)?).ok()?);
        fields.extend(self.rest.clone());
        serde_json::from_value(serde_json::Value::Object(fields)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_request_comes_back_byte_for_byte() {
        let said = |text: &str| Message::Shopper { text: text.to_owned() };
        let tool = crate::llm::ToolSpec {
            name: "find".into(),
            description: "Finds".into(),
            parameters: serde_json::json!({"z": 1, "a": {"y": 2, "b": 3}}),
        };
        let state = Message::State { state: serde_json::json!({"shop": "x", "a": 1.5}) };
        let request = |messages: &[Message], may_call| Request {
            system: "You sell.".into(),
            messages: messages.to_vec(),
            tools: vec![tool.clone()],
            may_call,
            only: Vec::new(),
        };
        let requests = [
            request(&[said("a"), state.clone()], true),
            request(&[said("a"), state.clone(), said("b")], true),
            request(&[said("c"), state], false),
        ];
        let (mut texts, mut before, mut again) = (BTreeMap::new(), Vec::new(), Vec::new());
        for one in &requests {
            let (sent, needed) = Sent::of(one, &again);
            again = sent.messages(&again);
            texts.extend(needed);
            let back = sent.request(&before, |hash| texts.get(hash).cloned()).unwrap();
            before = back.messages.clone();
            assert_eq!(serde_json::to_vec(&back).unwrap(), serde_json::to_vec(one).unwrap());
        }
        assert_eq!(texts.len(), 2, "what requests share is kept once");
        let (sent, _) = Sent::of(&requests[1], &requests[0].messages);
        assert_eq!((sent.kept, &sent.added), (2, &vec![said("b")]));
        assert_eq!(sent.rest.len(), 1);
        assert!(sent.request(&[], |_| None).is_none());
    }
}
