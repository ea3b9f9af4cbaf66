//! One thing handed to a network that charges for each and tells later what became of it: its states and the news of it.

use crate::domain::template::Category;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
