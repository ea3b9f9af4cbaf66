//! A webhook endpoint: who is told of which events, and what the telling is signed with.

use crate::payment::sandbox::table::Named;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The shop's own endpoint.
pub const OWN: &str = "we_test_own";

/// What the shop's own endpoint is told of: what a merchant would tick at Stripe. Everything else is only listed.
pub const OWN_EVENTS: [&str; 13] = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
];

/// An endpoint, as remembered. The shop's own is not: it is always there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    /// `we_…`.
    pub id: String,
    /// When it was made.
    pub created: Timestamp,
    /// Where events are posted.
    pub url: String,
    /// Which; `*` is all.
    pub events: Vec<String>,
    /// What they are signed with; told once, when it is made.
    pub secret: String,
    /// What it is for, in the caller's words.
    pub description: Option<String>,
    /// The caller's notes.
    pub metadata: BTreeMap<String, String>,
    /// Whether it is told nothing.
    pub disabled: bool,
}

impl Endpoint {
    /// Whether it is told of events of this kind.
    pub fn hears(&self, kind: &str) -> bool {
        !self.disabled && self.events.iter().any(|e| e == "*" || e == kind)
    }
}

impl Named for Endpoint {
    fn id(&self) -> &str {
        &self.id
    }
}
