//! The answer to a call with a key, kept for a repeat.

use crate::payment::sandbox::table::Named;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A key older than this counts as new, as at Stripe.
const ANSWER_SECONDS: i64 = 24 * 60 * 60;

/// The answer to a call with a key. Only calls that were carried out are kept, as at Stripe: also those that were then
/// refused, but not those with a wrong parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The key.
    pub key: String,
    /// Digest of method, path and parameters.
    pub digest: String,
    /// When.
    pub at: Timestamp,
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
}

impl Answer {
    /// Whether a repeat still gets it.
    pub fn counts(&self, now: Timestamp) -> bool {
        now.as_second().saturating_sub(self.at.as_second()) < ANSWER_SECONDS
    }
}

impl Named for Answer {
    fn id(&self) -> &str {
        &self.key
    }
}
