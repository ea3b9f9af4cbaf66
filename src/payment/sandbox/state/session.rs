//! A page, as remembered.

use crate::domain::money::{Currency, Money};
use crate::payment::sandbox::state::Stage;
use crate::payment::sandbox::table::Named;
use crate::payment::{Line, Shipping};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A page, as remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// `cs_test_…`.
    pub id: String,
    /// When it was opened.
    pub created: Timestamp,
    /// When it closes.
    pub expires_at: Timestamp,
    /// What it charges for.
    pub lines: Vec<Line>,
    /// Sum of the lines; less after a payment that was told to be too small.
    pub total: Money,
    /// The caller's reference.
    pub reference: Option<String>,
    /// The caller's notes on the session.
    pub metadata: BTreeMap<String, String>,
    /// The caller's notes on the payment.
    pub intent_metadata: BTreeMap<String, String>,
    /// Where the shopper goes after paying.
    pub success_url: String,
    /// Where the shopper goes without paying.
    pub cancel_url: Option<String>,
    /// Language of the page.
    pub locale: Option<String>,
    /// Countries that can be typed; empty asks for no address.
    pub countries: Vec<String>,
    /// Ways to pay, as asked for.
    pub methods: Vec<String>,
    /// Where it stands.
    pub stage: Stage,
    /// `pi_…`, once the shopper paid.
    pub intent: Option<String>,
    /// Where the goods go, once the shopper paid.
    pub shipping: Option<Shipping>,
}

impl Kept {
    /// What it is priced in.
    pub fn currency(&self) -> Currency {
        self.total.currency
    }
}

impl Named for Kept {
    fn id(&self) -> &str {
        &self.id
    }
}
