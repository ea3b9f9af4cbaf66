//! What the shop sells: reading feeds, telling what changed, understanding what a shopper asks for.

pub mod diff;
pub mod feed;
pub mod understand;
