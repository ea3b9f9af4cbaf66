//! A dispute, as remembered.

use crate::domain::money::Money;
use crate::payment::sandbox::table::Named;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A dispute, as remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dispute {
    /// `du_…`.
    pub id: String,
    /// `pi_…`.
    pub payment: String,
    /// When the bank opened it.
    pub created: Timestamp,
    /// How much is asked for.
    pub amount: Money,
    /// Where it stands.
    pub standing: Standing,
    /// The caller's notes.
    pub metadata: BTreeMap<String, String>,
    /// What the shop wrote to the bank, by Stripe's names.
    pub evidence: BTreeMap<String, String>,
    /// `txn_…` of what it moved.
    pub movements: Vec<String>,
}

/// Where a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The shop has to answer.
    NeedsResponse,
    /// The bank thinks.
    UnderReview,
    /// The shop keeps the money.
    Won,
    /// The shopper keeps it.
    Lost,
}

impl Standing {
    /// Stripe's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::NeedsResponse => "needs_response",
            Self::UnderReview => "under_review",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    /// Whether nothing can change any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Won | Self::Lost)
    }
}

impl Named for Dispute {
    fn id(&self) -> &str {
        &self.id
    }
}
