//! The request as the planner reads it: what was said, what is known, what tools have answered in this turn.

use crate::llm::keyless::intent::Scene;
use crate::llm::keyless::language::Language;
use crate::llm::keyless::phrases::{AS_LISTED, CHOOSE_MARKS, COLLEAGUE_OFFERS, WHICH, WRITE_ADDRESS};
use crate::llm::keyless::words::{CHARS_MAX, Words};
use crate::llm::{Message, Request, WITH_IT};
use serde::Deserialize;
use serde_json::Value;

/// Earlier messages that are looked at.
const HISTORY_MAX: usize = 12;

/// The situation, written by the server.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct State {
    pub shop: Shop,
    pub language: Option<String>,
    pub today: Option<String>,
    pub shown: Vec<Shown>,
    pub about: Option<String>,
    pub last_search: Option<Search>,
    pub cart: CartNow,
    pub orders: Vec<OrderNow>,
    pub asked_back: u32,
}

/// The shop.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Shop {
    pub name: String,
    pub colleagues: Option<String>,
}

/// A product shown before.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Shown {
    pub n: u32,
    pub product: String,
    pub title: String,
}

/// The last search.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    pub query: String,
    pub quantity: Option<u32>,
}

/// The cart before this turn.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CartNow {
    pub lines: Vec<crate::llm::keyless::results::Line>,
}

/// An order of the shopper.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OrderNow {
    pub number: String,
}

/// A tool's answer.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The call's id.
    pub call: String,
    /// The tool.
    pub tool: String,
    /// JSON, not yet read.
    pub content: String,
}

/// An earlier message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// By the shopper.
    Shopper(String),
    /// By our side.
    Agent(String),
}

/// Everything a step is decided from.
#[derive(Clone, Debug)]
pub struct Talk {
    /// Oldest first.
    pub history: Vec<Earlier>,
    /// The situation.
    pub state: State,
    /// What the shopper said in this turn.
    pub said: String,
    /// What tools answered in this turn.
    pub answered: Vec<Answered>,
    /// How often the server refused a reply in this turn.
    pub remarks: usize,
    /// The tools offered.
    pub tools: Vec<String>,
    /// Whether tools may still be called.
    pub may_call: bool,
    /// Spoken here.
    pub language: Language,
}

impl Talk {
    /// Reads a request.
    pub fn read(request: &Request) -> Self {
        let mut talk = Self {
            history: Vec::new(),
            state: State::default(),
            said: String::new(),
            answered: Vec::new(),
            remarks: 0,
            tools: request.tools.iter().map(|tool| tool.name.clone()).collect(),
            may_call: request.may_call,
            language: Language::En,
        };
        let turn = request.messages.iter().rposition(|message| matches!(message, Message::State { .. }));
        // The shopper's messages of this turn stand directly before the situation, or behind it.
        let before = |at: usize| {
            let said = |message: &&Message| matches!(message, Message::Shopper { .. });
            at - request.messages.get(..at).unwrap_or_default().iter().rev().take_while(said).count()
        };
        let begins = turn.map(before).or_else(|| last_said(request)).unwrap_or(0);
        for message in request.messages.iter().take(begins) {
            talk.read_earlier(message);
        }
        for message in request.messages.iter().skip(begins) {
            talk.read_now(message);
        }
        let surplus = talk.history.len().saturating_sub(HISTORY_MAX);
        talk.history.drain(..surplus);
        talk.language = talk.spoken();
        talk
    }

    fn read_earlier(&mut self, message: &Message) {
        match message {
            Message::Shopper { text } => self.history.push(Earlier::Shopper(bounded(text))),
            Message::Agent { text } => self.history.push(Earlier::Agent(bounded(text))),
            _ => {}
        }
    }

    fn read_now(&mut self, message: &Message) {
        match message {
            Message::Shopper { text } if self.said.chars().count() < CHARS_MAX => {
                if !self.said.is_empty() {
                    self.said.push('\n');
                }
                self.said.push_str(&bounded(text));
            }
            Message::State { state } => self.state = read_state(state),
            Message::Result { call, tool, content } => {
                // A reader's ids carry its reading behind the planner's own id.
                let call = call.split_once('~').map_or(call.as_str(), |(id, _)| id).to_owned();
                self.answered.push(Answered { call, tool: tool.clone(), content: content.clone() });
            }
            Message::Remark { .. } => self.remarks += 1,
            _ => {}
        }
    }

    fn spoken(&self) -> Language {
        let earlier = self.history.iter().rev().filter_map(|earlier| match earlier {
            Earlier::Shopper(text) => Some(text.as_str()),
            Earlier::Agent(_) => None,
        });
        std::iter::once(self.said.as_str())
            .chain(earlier)
            .find_map(Language::of)
            .unwrap_or_else(|| Language::from_tag(self.state.language.as_deref().unwrap_or("en")))
    }

    /// What reading a message needs to know.
    pub fn scene(&self) -> Scene {
        let words = |title: &str| Words::read(title).plains().map(str::to_owned).collect();
        Scene {
            shown: self.state.shown.iter().map(|shown| words(&shown.title)).collect(),
            about: self.state.about.is_some(),
            searched: self.state.last_search.is_some(),
            offered_cheaper: self.last_agent().is_some_and(|text| AS_LISTED.iter().any(|listed| text.contains(listed))),
            cart: !self.state.cart.lines.is_empty(),
            offered_colleague: self
                .last_agent()
                .is_some_and(|text| COLLEAGUE_OFFERS.iter().any(|offer| text.contains(offer))),
        }
    }

    /// What our side said last.
    pub fn last_agent(&self) -> Option<&str> {
        match self.history.last() {
            Some(Earlier::Agent(text)) => Some(text),
            _ => None,
        }
    }

    /// The wish we asked back about, with the answers given since: "add the first one", "M", and now "Blue".
    pub fn asked_about(&self) -> Option<Asked> {
        let mut answers = vec![self.said.clone()];
        let mut question = String::new();
        let mut rest = self.history.as_slice();
        while let [before @ .., Earlier::Shopper(wish), Earlier::Agent(text)] = rest {
            let chooses = CHOOSE_MARKS.iter().any(|mark| text.contains(mark));
            if !chooses && !WHICH.iter().chain(&WRITE_ADDRESS).any(|which| text.contains(which)) {
                break;
            }
            if question.is_empty() {
                question.clone_from(text);
            }
            answers.push(wish.clone());
            rest = before;
        }
        let wish = answers.pop().filter(|_| !question.is_empty())?;
        answers.reverse();
        let option = CHOOSE_MARKS.iter().any(|mark| question.contains(mark));
        Some(Asked { wish, answers, question, option })
    }
}

/// An open question of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What the shopper wanted at first.
    pub wish: String,
    /// What was answered, the newest last.
    pub answers: Vec<String>,
    /// Our last question.
    pub question: String,
    /// Whether it was about an option, such as a size.
    pub option: bool,
}

// What came with the words is the server's remark, and nothing the shopper said.
fn bounded(text: &str) -> String {
    let text = text.split_once(WITH_IT).map_or(text, |(words, _)| words);
    text.chars().take(CHARS_MAX).collect()
}

fn last_said(request: &Request) -> Option<usize> {
    request.messages.iter().rposition(|message| matches!(message, Message::Shopper { .. }))
}

/// Each field on its own, so that one odd field does not hide the others.
fn read_state(state: &Value) -> State {
    fn field<T: serde::de::DeserializeOwned + Default>(state: &Value, name: &str) -> T {
        state.get(name).and_then(|value| serde_json::from_value(value.clone()).ok()).unwrap_or_default()
    }
    State {
        shop: field(state, "shop"),
        language: field(state, "language"),
        today: field(state, "today"),
        shown: field(state, "shown"),
        about: field(state, "about"),
        last_search: field(state, "last_search"),
        cart: field(state, "cart"),
        orders: field(state, "orders"),
        asked_back: field(state, "asked_back"),
    }
}
