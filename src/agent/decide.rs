//! What becomes of a checked reply: an answer, a question back, a proposal, a refusal, or a colleague. Hard triggers come
//! first (`trigger`), then the calibrated risk of what would be said (`signs`, `domain::risk`).

pub mod enough;
pub mod signs;
pub mod trigger;

use crate::agent::turn::Ending;
use crate::agent::{HandOffAsked, Thread};
use crate::domain::conversation::{HandOffReason, Memory};
use crate::domain::risk::{Band, Calibration, Class, Signs};
use serde::{Deserialize, Serialize};

/// Questions back in a row; instead of one more, a colleague is asked.
pub const ASK_BACK_MAX: u32 = 2;

/// What was decided about a turn, and why; kept with the turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What was done.
    pub did: Did,
    /// What the answer is about.
    pub class: Class,
    /// Signs of a bad answer.
    pub signs: Signs,
    /// The probability that it is wrong, as calibrated.
    pub risk: f64,
    /// What the thresholds of its class say to that.
    pub band: Band,
}

/// What a turn does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// Answers.
    Answer,
    /// Answers and offers a colleague.
    AnswerAndOffer,
    /// Asks the shopper something.
    AskBack,
    /// Shows a summary that waits for a yes.
    Propose,
    /// Says no: not the shop's business.
    Refuse,
    /// Calls a colleague.
    HandOff,
}

/// What a decision means for the reply.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What is kept of it.
    pub decision: Decision,
    /// Whether the draft is not to be sent, and the server asks back in its own words.
    pub unsure: bool,
    /// Set when a colleague is needed.
    pub hand_off: Option<HandOffAsked>,
}

/// Decides about an ended turn. Counts questions back in `memory`.
pub fn decide(
    thread: &Thread,
    ending: &Ending,
    calibration: &Calibration,
    asked: Option<HandOffAsked>,
    proposes: bool,
    memory: &mut Memory,
) -> Verdict {
    let draft = ending.draft.as_ref();
    let (class, signs) = signs::of(thread, ending);
    let risk = calibration.risk(&signs);
    let band = calibration.band(class, risk);
    let outcome = draft.map(|d| d.outcome.as_str()).unwrap_or_default();
    let mut unsure = false;
    let mut hand_off = asked;
    let did = if hand_off.is_some() {
        Did::HandOff
    } else if proposes {
        Did::Propose
    } else if outcome == "refuse" {
        Did::Refuse
    } else if outcome == "ask_back" {
        Did::AskBack
    } else if band == Band::HandOff && memory.asked_back == 0 {
        // Once the shopper may say it in other words; a second answer as doubtful goes to a colleague.
        unsure = true;
        Did::AskBack
    } else if band == Band::HandOff {
        hand_off = Some(HandOffAsked::of(HandOffReason::Unsure, thread));
        Did::HandOff
    } else if band == Band::Offer {
        Did::AnswerAndOffer
    } else {
        Did::Answer
    };
    memory.asked_back = if did == Did::AskBack { memory.asked_back + 1 } else { 0 };
    let mut decision = Decision { did, class, signs, risk, band };
    if memory.asked_back > ASK_BACK_MAX {
        memory.asked_back = 0;
        unsure = false;
        let mut asked = HandOffAsked::of(HandOffReason::NotKnown, thread);
        asked.tried.push(format!("Asked back {ASK_BACK_MAX} times without getting further."));
        hand_off = Some(asked);
        decision.did = Did::HandOff;
    }
    Verdict { decision, unsure, hand_off }
}
