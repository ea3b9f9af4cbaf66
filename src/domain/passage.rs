//! Pieces of the shop's own texts, small enough to quote.

use crate::domain::id::PassageId;
use serde::{Deserialize, Serialize};

/// A section of a knowledge text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Stable while the source and the heading stay the same.
    pub id: PassageId,
    /// The file or page it came from: `returns.md`, `https://shop.example/returns`.
    pub source: String,
    /// The text's title: `Returns`.
    pub title: String,
    /// The section's heading; empty for what stands above the first one.
    pub heading: String,
    /// The section as plain text.
    pub text: String,
    /// First day it holds, as `YYYY-MM-DD` in the shop's time zone.
    pub valid_from: Option<String>,
    /// Last day it holds, as `YYYY-MM-DD` in the shop's time zone.
    pub valid_until: Option<String>,
    /// The language it is written in, as `de`, when that is certain.
    #[serde(default)]
    pub language: Option<String>,
}

impl Passage {
    /// Whether the passage holds on a day (`YYYY-MM-DD`): text dates compare in order.
    pub fn holds_on(&self, day: &str) -> bool {
        self.valid_from.as_deref().is_none_or(|from| from <= day)
            && self.valid_until.as_deref().is_none_or(|until| day <= until)
    }
}
