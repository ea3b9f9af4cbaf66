//! What the shop sells: reading feeds, telling what changed, understanding what a shopper asks for, finding it.

pub mod changes;
pub mod diff;
pub mod feed;
pub mod find;
pub mod index;
pub mod ingest;
pub mod prices;
pub mod report;
pub mod sources;
mod stage;
pub mod understand;
pub mod undo;

use crate::app::App;
use crate::catalog::report::Report;
use crate::embed;
use crate::fetch;
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
    /// A feed that would do too much; nothing was changed.
    #[error("{}", .0.stopped.as_deref().unwrap_or("stopped"))]
    Stopped(Box<Report>),
    /// Nothing that can be undone.
    #[error("{0}")]
    NotUndone(String),
    /// A source or its feed.
    #[error("{0}")]
    Fetch(#[from] fetch::Error),
    /// No such source, or an address that cannot be one.
    #[error("{0}")]
    Source(String),
    /// A task that only computes ended early.
    #[error("the words of the catalogue could not be collected")]
    Lost(#[from] tokio::task::JoinError),
    /// The shop is not there.
    #[error("the shop {0} does not exist")]
    NoShop(String),
}

impl Error {
    /// Whether somebody else changed the catalogue at the same moment: the same again may well succeed.
    fn is_race(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_race())
    }
}

/// What time brings: prices that turn, feeds to be fetched, leftovers of runs that died.
pub async fn upkeep(app: &App) -> Result<(), Error> {
    prices::step(app).await?;
    sources::step(app).await?;
    stage::sweep_left(app).await?;
    Ok(())
}
