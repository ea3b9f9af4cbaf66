//! What a comparison looked at, put right and found.

use crate::domain::finding::Finding;
use serde::Serialize;

/// Lines of each kind that a report keeps.
const LINES_MAX: usize = 1_000;

/// What a comparison looked at, put right and found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// How many things were compared.
    pub compared: Compared,
    /// What was put right, or would be.
    pub repaired: Vec<Repair>,
    /// What was found for the first time, or would be.
    pub found: Vec<Finding>,
    /// Everything that is open now, found today or before; empty for a rehearsal.
    pub open: Vec<Finding>,
    /// What the provider did not answer, or what could not be done now.
    pub failed: Vec<String>,
    /// Whether the long comparison came to its end, or was not due.
    pub ended: bool,
    /// Whether the provider did not answer for so often that this run stopped asking.
    pub silent: bool,
}

/// How many things were compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Unfinished attempts that were asked for.
    pub attempts: u32,
    /// Events of the provider.
    pub events: u32,
    /// Payment pages of the provider.
    pub sessions: u32,
    /// Refunds.
    pub refunds: u32,
    /// Disputes.
    pub disputes: u32,
    /// Rules asked of our own rows.
    pub rules: u32,
}

/// Something that was put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// What was done.
    pub what: &'static str,
    /// To which thing.
    pub about: String,
}

impl Report {
    /// Adds something that was put right.
    pub fn repair(&mut self, what: &'static str, about: impl Into<String>) {
        if self.repaired.len() < LINES_MAX {
            self.repaired.push(Repair { what, about: about.into() });
        }
    }

    /// Adds something that could not be done.
    pub fn fail(&mut self, what: String) {
        if self.failed.len() < LINES_MAX {
            self.failed.push(what);
        }
    }

    /// Says what mattered.
    pub fn log(&self) {
        for one in &self.repaired {
            tracing::info!(what = one.what, about = one.about, "reconciliation put something right");
        }
        if let Some(first) = self.failed.first() {
            tracing::warn!(failed = self.failed.len(), first, "reconciliation could not look at everything");
        }
    }
}
