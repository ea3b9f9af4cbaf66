//! One thing handed to a network that charges for each and tells later what became of it: its states and the news of it.

use crate::domain::id::{ConversationId, MessageId, SendId};
use crate::domain::template::Category;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// One thing handed to a network, or to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Send {
    /// Ours; the network gives it back with its news.
    pub id: SendId,
    /// Where.
    pub conversation: ConversationId,
    /// The message it carries, or a part of it.
    pub message: MessageId,
    /// The message's number in its conversation.
    pub seq: i64,
    /// Its place among what carries the message.
    pub part: i64,
    /// The account it leaves by.
    pub account: String,
    /// What it is to the network: `text`, `interactive`, `template`; or one of [`HELD`] and [`WAITING`].
    pub kind: String,
    /// What it counts as.
    pub category: Category,
    /// How far it has come.
    pub state: SendState,
    /// What is handed over, without the receiver; nothing for what is held.
    pub body: serde_json::Value,
    /// The network's id of it.
    pub outside_id: Option<String>,
    /// Whether the shopper may as well get it twice as not at all.
    pub doubles: bool,
    /// How often the network was asked.
    pub tries: u32,
    /// When it is its turn; never, if nothing follows by itself.
    pub due_at: Option<Timestamp>,
    /// What it is expected to cost, in millionths of the currency.
    pub estimate: Option<i64>,
    /// The currency's code, or nothing.
    pub currency: String,
    /// Why it is expected to cost nothing, or nothing.
    pub free_why: String,
    /// What the network says it charges.
    pub pricing: Option<Pricing>,
    /// What went wrong last.
    pub problem: Option<Problem>,
    /// Whether another send was written down in its place.
    pub superseded: bool,
    /// When it was written down.
    pub created_at: Timestamp,
}

/// The kind of a send that stands for a message that could not leave yet: it becomes others when it can.
pub const HELD: &str = "held";
/// The kind of a send that tells the shopper that something is waiting for them.
pub const WAITING: &str = "waiting";

/// How far a send has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendState {
    /// Written down; nothing was asked of the network.
    Queued,
    /// Waits until the shopper writes again: the window is closed and no approved template fits.
    Held,
    /// The network is being asked right now; after a crash this means that nobody knows.
    Sending,
    /// The answer was lost: the network may have it or not. News of it or time decides.
    Unknown,
    /// The network took it.
    Accepted,
    /// On its way.
    Sent,
    /// On the shopper's device.
    Delivered,
    /// Looked at.
    Read,
    /// The network said that it did not arrive.
    Failed,
    /// Given up by us before it was sent.
    Dropped,
}

/// What can happen to a send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The network is about to be asked.
    Begin,
    /// The network took it.
    Took,
    /// The network refused it, and it is worth another try later.
    Later,
    /// The network refused it for good.
    Refused,
    /// No answer came, or none that can be read.
    Lost,
    /// What was lost is to be sent again.
    Again,
    /// It is not to leave any more.
    Drop,
    /// News: on its way.
    Sent,
    /// News: on the shopper's device.
    Delivered,
    /// News: looked at.
    Read,
    /// News: it did not arrive.
    Failed,
}

impl Event {
    /// Every event, for tables.
    pub const ALL: [Self; 11] = [
        Self::Begin,
        Self::Took,
        Self::Later,
        Self::Refused,
        Self::Lost,
        Self::Again,
        Self::Drop,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Failed,
    ];

    /// The event of a piece of news, if anything follows from it.
    pub fn of(became: &Became) -> Option<Self> {
        match became {
            Became::Sent => Some(Self::Sent),
            Became::Delivered => Some(Self::Delivered),
            Became::Read => Some(Self::Read),
            Became::Failed => Some(Self::Failed),
            Became::Other(_) => None,
        }
    }
}

impl SendState {
    /// Every state, for tables.
    pub const ALL: [Self; 10] = [
        Self::Queued,
        Self::Held,
        Self::Sending,
        Self::Unknown,
        Self::Accepted,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Failed,
        Self::Dropped,
    ];

    /// The word stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Held => "held",
            Self::Sending => "sending",
            Self::Unknown => "unknown",
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }

    /// Reads the stored word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// What an event makes of it; the same state when nothing follows. Whatever the network tells is the largest of all it
    /// told, in the order accepted, sent, failed, delivered, read: so news may come in any order and any number of times.
    /// A failure ranks between because a message may reach one of several devices after it failed on another, while "sent"
    /// that comes after the failure says nothing new.
    #[must_use]
    pub fn on(self, event: Event) -> Self {
        match (self, event) {
            // Never handed over, and never will be.
            (Self::Held | Self::Dropped, Event::Drop) => Self::Dropped,
            (Self::Held | Self::Dropped, _) => self,
            (Self::Queued, Event::Begin) => Self::Sending,
            (Self::Queued, Event::Drop) => Self::Dropped,
            // A worker that was thought dead tells what it was answered.
            (Self::Queued | Self::Sending | Self::Unknown, Event::Took) => Self::Accepted,
            (Self::Sending, Event::Later) | (Self::Unknown, Event::Again) => Self::Queued,
            (Self::Sending, Event::Refused) => Self::Failed,
            (Self::Sending, Event::Lost) => Self::Unknown,
            (_, Event::Sent) => self.at_least(Self::Sent),
            (_, Event::Delivered) => self.at_least(Self::Delivered),
            (_, Event::Read) => self.at_least(Self::Read),
            (_, Event::Failed) => self.at_least(Self::Failed),
            (
                _,
                Event::Begin | Event::Took | Event::Later | Event::Refused | Event::Lost | Event::Again | Event::Drop,
            ) => self,
        }
    }

    fn at_least(self, other: Self) -> Self {
        if self.rank() < other.rank() { other } else { self }
    }

    fn rank(self) -> u8 {
        match self {
            Self::Queued | Self::Held | Self::Dropped => 0,
            Self::Sending | Self::Unknown => 1,
            Self::Accepted => 2,
            Self::Sent => 3,
            Self::Failed => 4,
            Self::Delivered => 5,
            Self::Read => 6,
        }
    }

    /// Whether the network has it, as far as we know.
    pub fn is_taken(self) -> bool {
        matches!(self, Self::Accepted | Self::Sent | Self::Delivered | Self::Read)
    }
}

/// News of a send, as a network tells it: at least once, in any order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The network's id of the message.
    pub outside_id: String,
    /// The id we gave it, if the network gives it back.
    pub ours: Option<String>,
    /// What became of it.
    pub what: Became,
    /// When, by the network's clock.
    pub at: Timestamp,
    /// Why it failed.
    pub problem: Option<Problem>,
    /// What the network charges for it.
    pub pricing: Option<Pricing>,
}

/// What became of a send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// On its way.
    Sent,
    /// On the shopper's device.
    Delivered,
    /// Looked at, or listened to.
    Read,
    /// It did not arrive.
    Failed,
    /// A word nobody here knows: kept, and nothing follows from it.
    Other(String),
}

/// Why a network did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The network's number of it.
    pub code: i64,
    /// In the network's words, without anything of the shopper's.
    pub text: String,
}

/// What a network says it charges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pricing {
    /// Whether anything is charged, if it says so.
    pub billable: Option<bool>,
    /// `PMP`, `CBP`.
    pub model: String,
    /// `regular`, `free_customer_service`, `free_entry_point`.
    pub kind: String,
    /// The network's word for the category.
    pub category: String,
}

impl Pricing {
    /// The category, if it is one we know.
    pub fn known_category(&self) -> Option<Category> {
        Category::of_word(&self.category)
    }

    /// Whether the network charges for it: what it says, else what its words mean.
    pub fn is_charged(&self) -> bool {
        self.billable.unwrap_or(self.kind == "regular")
    }
}
