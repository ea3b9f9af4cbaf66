//! What counts how much when goods are ranked: few numbers, each measured by `souk eval retrieval`.

use serde::{Deserialize, Serialize};

/// What the ranking weighs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ranking {
    /// How much the dense side counts, 0 to 1; unset takes the settings' or the embedder's own.
    pub weight: Option<f32>,
    /// Products read and checked for one wish.
    pub read: usize,
    /// What the place in the fused list counts.
    pub place: f32,
    /// What the share of the wish counts that a product has.
    pub share: f32,
    /// Extra for what the category names: who asks for a tent does not want pegs first.
    pub category: f32,
    /// Products with less than this share of what the best one has are left out.
    pub tail: f32,
}

impl Default for Ranking {
    fn default() -> Self {
        Self { weight: None, read: 80, place: 0.4, share: 1.0, category: 0.3, tail: 0.7 }
    }
}
