//! What came of a labelled message, and whether it was right.

use crate::agent::Outcome;
use crate::agent::decide::Did;
use crate::domain::risk::fit::Labelled;
use crate::domain::risk::{Class, Signs};
use crate::eval::calibrate::labels::{Label, Wanted};
use serde::Serialize;

/// Saying that the shop has no such thing, in small letters and the languages the shop's own words are in.
const NOES: [&str; 22] = [
    "don't carry",
    "do not carry",
    "don't sell",
    "do not sell",
    "don't stock",
    "do not stock",
    "don't offer",
    "do not offer",
    "don't have",
    "do not have",
    "couldn't find",
    "could not find",
    "no information",
    "not something we",
    "no lo tenemos",
    "no tenemos",
    "no vendemos",
    "no encontré",
    "nós não temos",
    "não temos",
    "não vendemos",
    "não encontrei",
];

/// The two halves of the labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// Weights and thresholds are made from it.
    Fit,
    /// They are judged by it.
    HeldOut,
}

/// What was done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Answered: something is claimed.
    Answered,
    /// Told that the shop has no such thing.
    SaidNo,
    /// Asked back.
    AskedBack,
    /// Refused as no business of the shop.
    Refused,
    /// Given to a colleague.
    HandedOff,
    /// Answered by a reflex before anything was weighed.
    Reflex,
}

/// A message that was played.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    /// What was written.
    pub asked: String,
    /// Its half.
    pub half: Half,
    /// Whether something in the shop answers it; if not, only a no, a question back or a colleague is right.
    pub answerable: bool,
    /// What was done.
    pub how: How,
    /// Whether an answer was wrong; never set where nothing was answered.
    pub wrong: bool,
    /// What the answer was about.
    pub class: Class,
    /// Its signs.
    pub signs: Signs,
    /// What it was answered from.
    pub from: String,
}

impl Seen {
    /// Grades an outcome. `category` is that of the first card.
    pub fn grade(label: &Label, outcome: &Outcome, category: Option<&str>) -> Self {
        let how = how(outcome);
        let headings: Vec<&str> = outcome.reply.sources.iter().map(|source| source.heading.as_str()).collect();
        let right = match &label.wanted {
            Wanted::Nothing => false,
            Wanted::Section(right) => headings.iter().any(|heading| right.iter().any(|name| name == heading)),
            Wanted::Goods(right) => category.is_some_and(|c| right.is_empty() || right.iter().any(|name| name == c)),
        };
        let from = if headings.is_empty() { category.unwrap_or("").to_owned() } else { headings.join(", ") };
        Self {
            asked: label.asked.clone(),
            half: label.half,
            answerable: label.wanted != Wanted::Nothing,
            how,
            wrong: how == How::Answered && !right,
            class: outcome.decision.as_ref().map_or(Class::Talk, |decision| decision.class),
            signs: outcome.decision.as_ref().map_or_else(Signs::default, |decision| decision.signs),
            from,
        }
    }

    /// Whether something was claimed.
    pub fn answered(&self) -> bool {
        self.how == How::Answered
    }

    /// As weights are fitted to it.
    pub fn labelled(&self) -> Labelled {
        Labelled { signs: self.signs, wrong: self.wrong }
    }
}

fn how(outcome: &Outcome) -> How {
    if outcome.hand_off.is_some() {
        return How::HandedOff;
    }
    match outcome.decision.as_ref().map(|decision| decision.did) {
        None => How::Reflex,
        Some(Did::HandOff) => How::HandedOff,
        Some(Did::Refuse) => How::Refused,
        Some(Did::AskBack | Did::Propose) => How::AskedBack,
        Some(Did::Answer | Did::AnswerAndOffer) if says_no(&outcome.reply.text) => How::SaidNo,
        Some(Did::Answer | Did::AnswerAndOffer) => How::Answered,
    }
}

// Only the opening counts: "the boots fit; we don't have red ones" is an answer.
fn says_no(text: &str) -> bool {
    let lower = text.to_lowercase().replace('’', "'");
    let first = lower.split(['.', '!', '?', ';', '\n']).next().unwrap_or_default();
    NOES.iter().any(|no| first.contains(no))
}
