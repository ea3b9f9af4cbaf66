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
    /// What nearness in meaning counts once more among those that were read: it finds less than words do, and orders better.
    pub meaning: f32,
    /// What the share of the wish counts that a product has.
    pub share: f32,
    /// Extra for what the category names: who asks for a tent does not want pegs first.
    pub category: f32,
    /// Products with less than this share of what the best one has are left out.
    pub tail: f32,
    /// Products from which a word is so usual that other words for the same are not looked for as well.
    pub usual: u32,
}

impl Default for Ranking {
    fn default() -> Self {
        Self { weight: None, read: 60, place: 2.0, meaning: 0.2, share: 1.0, category: 0.3, tail: 0.7, usual: 50 }
    }
}
