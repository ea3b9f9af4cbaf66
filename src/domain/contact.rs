//! Shoppers as the shop stores them.

use crate::domain::address::Address;
use crate::domain::id::ContactId;
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
}
