//! Shoppers as the shop stores them.

use crate::domain::address::Address;
use crate::domain::id::ContactId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A stored shopper. Identity comes from the channel (an alias), never from what somebody or some model says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Ours.
    pub id: ContactId,
    /// As the channel gave it, if it did.
    pub name: Option<String>,
    /// Language tag: `en`.
    pub locale: String,
    /// Whether the shopper said STOP: no message that was not asked for.
    pub stopped: bool,
    /// Where goods usually go, if the shopper had it kept.
    #[serde(default)]
    pub address: Option<Address>,
    /// Set when the shopper had it deleted what the shop keeps in mind about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgotten: Option<Forgotten>,
}

/// A line drawn by the shopper: what lies before it is not kept in mind again. Rows the law asks for stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    /// Orders and messages up to here do not count.
    pub at: Timestamp,
    /// The cart does not count as long as it has this version.
    pub cart: i64,
}

impl Contact {
    /// Somebody new, of whom nothing else is known.
    pub fn new(id: ContactId, name: Option<String>, locale: impl Into<String>) -> Self {
        Self { id, name, locale: locale.into(), stopped: false, address: None, forgotten: None }
    }

    /// Whether something of that moment may be kept in mind.
    pub fn remembers(&self, at: Timestamp) -> bool {
        self.forgotten.is_none_or(|line| at > line.at)
    }
}
