//! A payment and its charge: two objects at Stripe, one thing here, because a card is charged once a page.

use crate::domain::money::Money;
use crate::payment::Shipping;
use crate::payment::sandbox::state::Stage;
use crate::payment::sandbox::table::Named;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A payment, as remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    /// `pi_…`.
    pub id: String,
    /// `ch_…`.
    pub charge: String,
    /// The page it was made on.
    pub session: String,
    /// When the shopper paid.
    pub created: Timestamp,
    /// How much.
    pub amount: Money,
    /// Paid, on its way or failed.
    pub stage: Stage,
    /// The caller's notes.
    pub metadata: BTreeMap<String, String>,
    /// Receiver, address and e-mail.
    pub shipping: Option<Shipping>,
    /// The last four digits of the test card.
    pub last4: String,
    /// `txn_…`, once the money is there.
    pub movement: Option<String>,
    /// What the test card will do later.
    pub fate: Fate,
    /// When the shopper's bank asks for the money back.
    pub disputed_at: Option<Timestamp>,
}

/// What a test card does after it paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Nothing.
    #[default]
    Good,
    /// The payment is disputed.
    Disputed,
    /// Its refunds fail.
    RefundFails,
}

impl Named for Payment {
    fn id(&self) -> &str {
        &self.id
    }
}
