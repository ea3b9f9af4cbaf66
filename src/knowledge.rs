//! What the shop says about itself: its own texts, cut into passages that can be quoted.

pub mod chunk;
pub mod load;
