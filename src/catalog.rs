//! What the shop sells: reading feeds, telling what changed, understanding what a shopper asks for, finding it.

pub mod diff;
pub mod feed;
pub mod find;
pub mod index;
pub mod ingest;
pub mod understand;

use crate::embed;
use crate::knowledge;
use crate::search;
use crate::store;

/// Why the catalogue could not be read, written or searched.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rows could not be read or written.
    #[error("the catalogue could not be stored")]
    Store(#[from] store::Error),
    /// The index did not answer.
    #[error("the catalogue could not be searched")]
    Search(#[from] search::Error),
    /// No vectors.
    #[error("the text could not be turned into vectors")]
    Embed(#[from] embed::Error),
    /// The shop's texts failed.
    #[error("the shop's texts failed")]
    Knowledge(#[from] knowledge::Error),
    /// The file is no feed.
    #[error("the feed cannot be read: {0}")]
    Feed(#[from] feed::Error),
    /// A feed that would empty the shop.
    #[error(
        "this feed would retire {retired} of {known} products; use --keep to keep what it does not name, or --retire to \
         retire it"
    )]
    WouldEmpty {
        /// Products it does not name.
        retired: usize,
        /// Products the shop has.
        known: usize,
    },
    /// The shop is not there.
    #[error("the shop {0} does not exist")]
    NoShop(String),
}
