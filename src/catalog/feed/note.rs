//! What is said about rows that could not be read, or not as written.

use serde::{Deserialize, Serialize};

/// Entries of one list at most; more are only counted.
pub const NOTES_MAX: usize = 1_000;
/// Names that a line about many gives.
const NAMES_MAX: usize = 5;

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

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something was read otherwise than written.
    Read,
    /// Something is not sold, as the file itself says.
    NotSold,
    /// Something was read as written and will make answers worse.
    Answers,
}

/// Something that was read otherwise than written, or that will hurt answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Line in the file, counted from 1; of the first one where it tells of many.
    pub line: u64,
    /// Handle, SKU or column; empty where it tells of many.
    pub what: String,
    /// What was found and what was made of it.
    pub text: String,
    /// What it is about.
    pub kind: Kind,
    /// How many rows, variants or products it tells of.
    pub count: u64,
}

/// What may be true of many products, so that they are told in one line.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Saying {
    /// What it is about.
    pub kind: Kind,
    /// After "1 ".
    pub one: &'static str,
    /// After a larger number.
    pub many: &'static str,
    /// What to do or what follows; may be empty.
    pub then: &'static str,
}

/// Everything one saying is true of.
#[derive(Debug)]
struct Crowd {
    saying: &'static Saying,
    line: u64,
    count: u64,
    names: Vec<String>,
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
    crowds: Vec<Crowd>,
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
    /// What was said of a feed, for more to be said of it: rejects, warnings, and how many of each were left off.
    pub fn of(rejects: Vec<Reject>, warnings: Vec<Warning>, left_off: (u64, u64)) -> Self {
        let (rejects_left_off, warnings_left_off) = left_off;
        Self { rejects, warnings, rejects_left_off, warnings_left_off, crowds: Vec::new() }
    }

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
        let (what, text) = (what.to_owned(), text.into());
        self.warnings.push(Warning { line, what, text, kind: Kind::Read, count: 1 });
    }

    /// Says something that may be true of many; [`Notes::gather`] makes one line of it.
    pub fn say(&mut self, saying: &'static Saying, line: u64, what: &str) {
        let known = self.crowds.iter_mut().find(|crowd| crowd.saying == saying);
        let crowd = match known {
            Some(crowd) => crowd,
            None => {
                self.crowds.push(Crowd { saying, line, count: 0, names: Vec::new() });
                let Some(crowd) = self.crowds.last_mut() else { return };
                crowd
            }
        };
        crowd.count += 1;
        if crowd.names.len() < NAMES_MAX {
            crowd.names.push(what.to_owned());
        }
    }

    /// Takes in what was said elsewhere, behind what was said here.
    pub fn append(&mut self, other: Self) {
        self.rejects_left_off += other.rejects_left_off;
        self.warnings_left_off += other.warnings_left_off;
        for reject in other.rejects {
            match self.rejects.len() {
                ..NOTES_MAX => self.rejects.push(reject),
                _ => self.rejects_left_off += 1,
            }
        }
        for warning in other.warnings {
            match self.warnings.len() {
                ..NOTES_MAX => self.warnings.push(warning),
                _ => self.warnings_left_off += 1,
            }
        }
        for crowd in other.crowds {
            match self.crowds.iter_mut().find(|known| known.saying == crowd.saying) {
                Some(known) => {
                    known.count += crowd.count;
                    let room = NAMES_MAX.saturating_sub(known.names.len());
                    known.names.extend(crowd.names.into_iter().take(room));
                }
                None => self.crowds.push(crowd),
            }
        }
    }

    /// Makes a line of everything that was said of one or many, behind the other warnings.
    pub fn gather(&mut self) {
        for Crowd { saying, line, count, names } in std::mem::take(&mut self.crowds) {
            let words = if count == 1 { saying.one } else { saying.many };
            let more = if count > names.len() as u64 { " …" } else { "" };
            let then = if saying.then.is_empty() { String::new() } else { format!("; {}", saying.then) };
            let text = format!("{count} {words}: {}{more}{then}", names.join(", "));
            self.warnings.push(Warning { line, what: String::new(), text, kind: saying.kind, count });
        }
    }
}
