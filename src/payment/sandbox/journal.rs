//! The sandbox's file: one line for each act, with all it changed, so that a kill leaves whole acts only. A line is
//! handed to the operating system before the act is answered; from time to time the file is written anew, and short.

use crate::payment::BoxError;
use crate::payment::sandbox::old;
use crate::payment::sandbox::state::{Row, State};
use jiff::Timestamp;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Largest file that is read.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Bytes of changes after which the file is written anew, if they are also more than the rest of it.
const CHANGES_BYTES_MIN: u64 = 4 * 1024 * 1024;
/// Rows of one line when the file is written anew.
const LINE_ROWS: usize = 100;

/// Why the sandbox's file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk or the rights on it.
    #[error("the sandbox's file {path} could not be used: {source}")]
    Disk {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A file that is written to.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Option<File>,
    base_bytes: u64,
    changes_bytes: u64,
}

/// What was found in the file.
#[derive(Debug)]
pub struct Found {
    /// What it tells.
    pub state: State,
    /// What the operator should know, if anything.
    pub notice: Option<String>,
}

/// Reads the file. One that is not ours any more is moved aside, and the notice says where to; then, and when there is
/// none, the state has no secret yet.
pub fn load(path: &Path, public_url: &str, now: Timestamp) -> Result<Found, Error> {
    let disk = |source| Error::Disk { path: path.to_owned(), source };
    let nothing = |notice| Found { state: State::default(), notice };
    let reason: BoxError = match std::fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(nothing(None)),
        Err(error) => return Err(disk(error)),
        Ok(meta) if meta.len() > FILE_BYTES_MAX => format!("{} bytes are too many", meta.len()).into(),
        Ok(_) => match read(&std::fs::read(path).map_err(disk)?, public_url) {
            Ok(state) if state.is_founded() => return Ok(Found { state, notice: None }),
            Ok(_) => "it has no webhook secret".into(),
            Err(error) => error.into(),
        },
    };
    let aside = sibling(path, &format!("broken-{}", now.as_second()));
    std::fs::rename(path, &aside).map_err(disk)?;
    Ok(nothing(Some(format!(
        "the sandbox's file {} could not be read ({reason}); it was moved to {} and the sandbox starts empty",
        path.display(),
        aside.display()
    ))))
}

/// Reads whole lines; what stands after the last line's end was cut off by a crash, and was never answered.
fn read(bytes: &[u8], public_url: &str) -> Result<State, serde_json::Error> {
    if let Some(state) = old::read(bytes, public_url) {
        return Ok(state);
    }
    let mut state = State::default();
    for line in bytes.split_inclusive(|b| *b == b'\n').filter_map(|line| line.strip_suffix(b"\n")) {
        for row in serde_json::from_slice::<Vec<Row>>(line)? {
            state.apply(row);
        }
    }
    Ok(state)
}

impl Journal {
    /// A file with this in it, and nothing else.
    pub fn begin(path: &Path, state: &State) -> Result<Self, Error> {
        let mut journal = Self { path: path.to_owned(), file: None, base_bytes: 0, changes_bytes: 0 };
        journal.rewrite(state)?;
        Ok(journal)
    }

    /// Adds one act. After an error the next call writes everything.
    pub fn append(&mut self, rows: &[Row], state: &State) -> Result<(), Error> {
        let Some(file) = &mut self.file else { return self.rewrite(state) };
        let written = line(rows).and_then(|line| file.write_all(&line).map(|()| line.len()));
        match written {
            Ok(bytes) => self.changes_bytes = self.changes_bytes.saturating_add(bytes as u64),
            Err(source) => {
                // Half a line may stand there now, so nothing may be added behind it.
                self.file = None;
                return Err(Error::Disk { path: self.path.clone(), source });
            }
        }
        if self.changes_bytes > CHANGES_BYTES_MIN.max(self.base_bytes) {
            return self.rewrite(state);
        }
        Ok(())
    }

    /// Writes a new file first, then gives it the name, so that a crash leaves the old or the new one, never half.
    fn rewrite(&mut self, state: &State) -> Result<(), Error> {
        self.file = None;
        let beside = sibling(&self.path, "new");
        let write = || {
            if let Some(folder) = self.path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let mut file = private(&beside)?;
            let mut bytes = 0u64;
            let mut rows = state.rows().peekable();
            while rows.peek().is_some() {
                let line = line(&rows.by_ref().take(LINE_ROWS).collect::<Vec<_>>())?;
                file.write_all(&line)?;
                bytes = bytes.saturating_add(line.len() as u64);
            }
            std::fs::rename(&beside, &self.path)?;
            Ok((file, bytes))
        };
        let (file, bytes) = write().map_err(|source| Error::Disk { path: self.path.clone(), source })?;
        (self.file, self.base_bytes, self.changes_bytes) = (Some(file), bytes, 0);
        Ok(())
    }
}

fn line(rows: &[Row]) -> std::io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(rows)?;
    line.push(b'\n');
    Ok(line)
}

fn sibling(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

/// A file only its owner reads: addresses are in it.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
