//! What is said about rows that could not be read, or not as written.

use serde::{Deserialize, Serialize};

/// Entries of one list at most; more are only counted.
pub const NOTES_MAX: usize = 1_000;

/// A row, or a product, that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// Handle or SKU; empty when the row does not even say that.
    pub what: String,
    /// The column.
    pub field: String,
    /// What is wrong, with the value.
    pub reason: String,
    /// What to write instead.
    pub remedy: String,
}

/// Something that was read otherwise than written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// Handle, SKU or column.
    pub what: String,
    /// What was found and what was made of it.
    pub text: String,
}

/// Both lists, bounded.
#[derive(Debug, Default)]
pub struct Notes {
    /// See [`Reject`].
    pub rejects: Vec<Reject>,
    /// See [`Warning`].
    pub warnings: Vec<Warning>,
    /// Rejects beyond [`NOTES_MAX`].
    pub rejects_left_off: u64,
    /// Warnings beyond [`NOTES_MAX`].
    pub warnings_left_off: u64,
}

/// A complaint about one field, before line and name are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The column.
    pub field: &'static str,
    /// What is wrong.
    pub reason: String,
    /// What to write instead.
    pub remedy: String,
}

impl Complaint {
    /// A complaint in one line.
    pub fn new(field: &'static str, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { field, reason: reason.into(), remedy: remedy.into() }
    }
}

impl Notes {
    /// Leaves something out.
    pub fn reject(&mut self, line: u64, what: &str, complaint: Complaint) {
        if self.rejects.len() >= NOTES_MAX {
            self.rejects_left_off += 1;
            return;
        }
        let Complaint { field, reason, remedy } = complaint;
        self.rejects.push(Reject { line, what: what.to_owned(), field: field.to_owned(), reason, remedy });
    }

    /// Says that something was read otherwise than written.
    pub fn warn(&mut self, line: u64, what: &str, text: impl Into<String>) {
        if self.warnings.len() >= NOTES_MAX {
            self.warnings_left_off += 1;
            return;
        }
        self.warnings.push(Warning { line, what: what.to_owned(), text: text.into() });
    }
}
