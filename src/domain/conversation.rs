//! A conversation: one contact on one channel account, with the agent or with a colleague.

use crate::domain::id::{ContactId, ConversationId, ProductId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Products remembered as shown, so that "the first one" has a meaning.
pub const SHOWN_MAX: usize = 10;

/// Wishes for goods that are remembered; of more, the newest.
pub const WISHES_MAX: usize = 5;
/// Characters of a wish.
const WISH_CHARS_MAX: usize = 200;
/// Options of a wish.
const CONSTRAINTS_MAX: usize = 8;

/// One contact on one channel account.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    /// Ours.
    pub id: ConversationId,
    /// Who writes.
    pub contact: ContactId,
    /// `web`, `terminal`…
    pub channel: String,
    /// The contact's id on that channel.
    pub alias: String,
    /// Who answers.
    pub with: With,
    /// What earlier turns leave behind for the next.
    pub memory: Memory,
    /// Number of the last message.
    pub last_seq: i64,
    /// Number of the last shopper message that was answered, handed off or left to a colleague.
    pub answered_seq: i64,
}

/// Who answers the shopper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum With {
    /// The agent.
    Agent,
    /// A colleague, since the hand-off.
    Colleague {
        /// Why and since when.
        hand_off: HandOff,
    },
}

/// A conversation given to a colleague.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOff {
    /// The kind of reason, for counting.
    pub reason: HandOffReason,
    /// What the shopper wants, in a sentence or two.
    pub summary: String,
    /// What was tried before.
    pub tried: Vec<String>,
    /// What the shopper is waiting for.
    #[serde(default)]
    pub wanted: String,
    /// When.
    pub at: Timestamp,
}

/// Why a conversation went to a colleague.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOffReason {
    /// The shopper asked for a person.
    AskedForPerson,
    /// Nothing found that answers the question.
    NotKnown,
    /// There is an answer, but it is too likely to be wrong.
    Unsure,
    /// The agent has no tool for what is wanted.
    CannotDo,
    /// Anger, a complaint, a legal or safety matter.
    Complaint,
    /// Something about money does not add up.
    Payment,
    /// Law, or the threat of it.
    Legal,
    /// Somebody may come to harm.
    Safety,
    /// A limit of the turn was reached.
    Limit,
    /// The model did not answer, or nothing it wrote could be sent.
    ModelFailed,
    /// A colleague took over unasked.
    TakenOver,
    /// What was said did not reach the shopper.
    NotDelivered,
}

/// What earlier turns leave behind: ids and constraints, never prices, which are read again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// Products shown last, in order.
    pub shown: Vec<ProductId>,
    /// The product that was talked about last.
    pub about: Option<ProductId>,
    /// Arguments of the last catalogue search.
    pub search: Option<serde_json::Value>,
    /// How often in a row the agent asked back instead of answering.
    pub asked_back: u32,
    /// What was searched for, the newest last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<Wished>,
}

/// A wish for goods: the shopper's own words, never a model's, and how the shop's options and attributes put them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wished {
    /// Number of the message.
    pub seq: i64,
    /// The words.
    pub words: String,
    /// Option or attribute → values; no price.
    pub constraints: BTreeMap<String, Vec<String>>,
}

impl With {
    /// Whether a colleague answers.
    pub fn is_colleague(&self) -> bool {
        matches!(self, Self::Colleague { .. })
    }

    /// `agent` or `colleague`, as pages and clients read it.
    pub fn word(&self) -> &'static str {
        if self.is_colleague() { "colleague" } else { "agent" }
    }
}

impl HandOffReason {
    /// Every reason, for prompts and documentation.
    pub const ALL: [Self; 12] = [
        Self::AskedForPerson,
        Self::NotKnown,
        Self::Unsure,
        Self::CannotDo,
        Self::Complaint,
        Self::Payment,
        Self::Legal,
        Self::Safety,
        Self::Limit,
        Self::ModelFailed,
        Self::TakenOver,
        Self::NotDelivered,
    ];

    /// The word stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::AskedForPerson => "asked_for_person",
            Self::NotKnown => "not_known",
            Self::Unsure => "unsure",
            Self::CannotDo => "cannot_do",
            Self::Complaint => "complaint",
            Self::Payment => "payment",
            Self::Legal => "legal",
            Self::Safety => "safety",
            Self::Limit => "limit",
            Self::ModelFailed => "model_failed",
            Self::TakenOver => "taken_over",
            Self::NotDelivered => "not_delivered",
        }
    }
}

impl Memory {
    /// Remembers what was searched for.
    pub fn wish(&mut self, mut wished: Wished) {
        wished.words = wished.words.chars().take(WISH_CHARS_MAX).collect();
        while wished.constraints.len() > CONSTRAINTS_MAX {
            wished.constraints.pop_last();
        }
        self.wishes.push(wished);
        if self.wishes.len() > WISHES_MAX {
            self.wishes.remove(0);
        }
    }

    /// Remembers what a reply showed. One out of those shown before is talked about, and the others keep their places.
    pub fn show(&mut self, products: &[ProductId]) {
        if let Some(first) = products.first() {
            if products.len() > 1 || !self.shown.contains(first) {
                self.shown = products.iter().take(SHOWN_MAX).cloned().collect();
            }
            self.about = (products.len() == 1).then(|| first.clone());
        }
    }
}
