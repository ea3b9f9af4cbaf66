//! A shopper's bank asks for the money back.

use crate::domain::money::Money;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A dispute as the provider has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// The provider's id.
    pub id: String,
    /// The payment it is about.
    pub intent: Option<String>,
    /// How much is asked for.
    pub amount: Money,
    /// Where it stands.
    pub status: DisputeStatus,
    /// What the bank calls the reason.
    pub reason: String,
    /// What it took from the shop's balance so far, and gave back: the sum of its balance transactions without fees,
    /// negative while the money is gone.
    pub moved: Money,
    /// What the provider charges for it.
    pub fee: Money,
    /// When it was opened.
    pub created: Timestamp,
}

/// Where a dispute stands, in the cases that matter to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    /// A question of the bank (`warning_…`): no money has moved.
    Inquiry,
    /// Open: the shop has to answer, or waits for the bank (`needs_response`, `under_review`).
    Open,
    /// The shop keeps the money (`won`, `warning_closed`, `prevented`).
    Won,
    /// The shopper keeps it (`lost`).
    Lost,
}
