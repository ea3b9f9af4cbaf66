//! A movement of the shop's balance: what came, what went, and the fee of it.

use crate::domain::money::Money;
use crate::payment::sandbox::table::Named;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A movement (Stripe: balance transaction), as remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Movement {
    /// `txn_…`.
    pub id: String,
    /// Why.
    pub cause: Cause,
    /// What it is about: `ch_…`, `re_…` or `du_…`.
    pub source: String,
    /// The payment it belongs to.
    pub payment: String,
    /// When.
    pub created: Timestamp,
    /// How much; negative when it left.
    pub amount: Money,
    /// What the provider keeps, in the same currency.
    pub fee: i64,
}

/// Why the balance moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A payment.
    Charge,
    /// Money given back.
    Refund,
    /// A refund that came back.
    RefundFailure,
    /// A dispute took it.
    Dispute,
    /// A dispute gave it back.
    DisputeReversal,
}

impl Cause {
    /// Stripe's `type` and `reporting_category`.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Charge => ("charge", "charge"),
            Self::Refund => ("refund", "refund"),
            Self::RefundFailure => ("refund_failure", "refund_failure"),
            Self::Dispute => ("adjustment", "dispute"),
            Self::DisputeReversal => ("adjustment", "dispute_reversal"),
        }
    }
}

impl Named for Movement {
    fn id(&self) -> &str {
        &self.id
    }
}
