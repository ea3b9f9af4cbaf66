//! What the shop says about itself: its own texts, cut into passages that can be quoted.

pub mod block;
pub mod chunk;
mod day;
pub mod decode;
pub mod html;
pub mod index;
pub mod ingest;
mod language;
pub mod load;
pub mod look_up;
pub mod site;
pub mod warn;

use crate::embed;
use crate::fetch;
use crate::search;
use crate::store;

/// Why the texts could not be read, written or searched.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rows could not be read or written.
    #[error("the texts could not be stored")]
    Store(#[from] store::Error),
    /// The index did not answer.
    #[error("the texts could not be searched")]
    Search(#[from] search::Error),
    /// No vectors.
    #[error("the text could not be turned into vectors")]
    Embed(#[from] embed::Error),
    /// The site could not be read.
    #[error("the site could not be read")]
    Fetch(#[from] fetch::Error),
    /// The folder could not be read.
    #[error("the folder could not be read")]
    Load(#[from] load::Error),
}
