//! Labelled messages: what somebody writes, and from which section or category the right answer comes.

use crate::eval::calibrate::seen::Half;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Questions and the sections that answer them.
pub const QUESTIONS: &str = "questions.tsv";
/// Wishes and the categories that meet them.
pub const WISHES: &str = "wishes.tsv";
/// Nothing in the shop answers it.
const NOTHING: &str = "-";
/// Any goods do.
const ANY: &str = "*";
/// Bytes of one file.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Messages taken from one file.
const MESSAGES_MAX: usize = 20_000;

/// Why the labels cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file is missing or too large.
    #[error("{} cannot be read; it holds a message, a tab and what answers it on every line", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A line without two columns.
    #[error("{} line {line}: a message, a tab and what answers it are needed", file.display())]
    Line {
        /// Which file.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
    },
    /// Two empty files.
    #[error("there is no labelled message in {}", .0.display())]
    Empty(PathBuf),
}

/// What the right answer comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One of these sections.
    Section(Vec<String>),
    /// Goods of one of these categories; none named means any.
    Goods(Vec<String>),
    /// Nothing here: any answer is wrong.
    Nothing,
}

/// A labelled message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What is written.
    pub asked: String,
    /// What answers it.
    pub wanted: Wanted,
    /// Whether weights are fitted to it or judged by it.
    pub half: Half,
}

/// Reads both files of a folder.
pub fn load(folder: &Path) -> Result<Vec<Label>, Error> {
    let mut labels = Vec::new();
    for (name, wanted) in [(QUESTIONS, Wanted::Section as fn(Vec<String>) -> Wanted), (WISHES, Wanted::Goods)] {
        let file = folder.join(name);
        let text = read(&file).map_err(|source| Error::File { file: file.clone(), source })?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        for (at, line) in lines.take(MESSAGES_MAX) {
            let Some((asked, right)) = line.split_once('\t') else {
                return Err(Error::Line { file, line: at + 1 });
            };
            labels.push(Label { asked: asked.to_owned(), wanted: of(right, wanted), half: half(asked) });
        }
    }
    if labels.is_empty() { Err(Error::Empty(folder.to_owned())) } else { Ok(labels) }
}

fn read(file: &Path) -> std::io::Result<String> {
    let bytes = std::fs::metadata(file)?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, format!("{bytes} bytes are too many")));
    }
    std::fs::read_to_string(file)
}

fn of(right: &str, wanted: fn(Vec<String>) -> Wanted) -> Wanted {
    match right.trim() {
        NOTHING => Wanted::Nothing,
        ANY => Wanted::Goods(Vec::new()),
        names => wanted(names.split('|').map(|name| name.trim().to_owned()).collect()),
    }
}

/// By a hash of the text, so that a message stays in its half when others come and go.
fn half(asked: &str) -> Half {
    let even = Sha256::digest(asked.as_bytes()).first().is_some_and(|byte| byte % 2 == 0);
    if even { Half::Fit } else { Half::HeldOut }
}
