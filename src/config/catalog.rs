//! How carefully feeds are taken in.

use crate::config::Error;
use serde::{Deserialize, Serialize};

/// What a feed may do unasked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Catalog {
    /// A feed that would retire more than this share of the products stops and asks.
    pub retire_share_max: f64,
    /// A feed of whose rows more than this share cannot be read stops.
    pub reject_share_max: f64,
    /// Runs that can be undone.
    pub undo_runs: u32,
}

impl Default for Catalog {
    fn default() -> Self {
        Self { retire_share_max: 0.2, reject_share_max: 0.5, undo_runs: 10 }
    }
}

impl Catalog {
    /// Whether these can work.
    pub(super) fn check(&self) -> Result<(), Error> {
        let invalid = |key: &str, problem: &str| {
            Err(Error::Invalid { key: format!("catalog.{key}"), problem: problem.to_owned() })
        };
        if !(0.0..=1.0).contains(&self.retire_share_max) || !(0.0..=1.0).contains(&self.reject_share_max) {
            return invalid("retire_share_max, reject_share_max", "choose a share from 0 to 1, such as 0.2");
        }
        if !(1..=100).contains(&self.undo_runs) {
            return invalid("undo_runs", "choose 1 to 100");
        }
        Ok(())
    }
}
