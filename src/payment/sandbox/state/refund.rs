//! Money given back, as remembered.

use crate::domain::money::Money;
use crate::payment::refund::RefundStatus;
use crate::payment::sandbox::table::Named;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A refund, as remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refund {
    /// `re_…`.
    pub id: String,
    /// `pi_…`.
    pub payment: String,
    /// When it was made.
    pub created: Timestamp,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub status: RefundStatus,
    /// Why, in one of Stripe's three words.
    pub reason: Option<String>,
    /// The caller's notes.
    pub metadata: BTreeMap<String, String>,
    /// `txn_…` of the money that left.
    pub movement: String,
    /// `txn_…` of the money that came back, when it failed.
    pub failure_movement: Option<String>,
    /// What becomes of it later, and when.
    pub next: Option<(Timestamp, RefundStatus)>,
}

impl Refund {
    /// Whether its money is away from the shop.
    pub fn counts(&self) -> bool {
        !matches!(self.status, RefundStatus::Failed | RefundStatus::Canceled)
    }
}

impl Named for Refund {
    fn id(&self) -> &str {
        &self.id
    }
}
