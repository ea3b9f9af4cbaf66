//! A folder that is gone when nobody needs it any more.

use crate::clock::{Ids, RandomIds};
use crate::eval::Error;
use std::path::{Path, PathBuf};

/// A folder for one world.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// A new, empty folder among the system's temporary files.
    pub fn new() -> Result<Self, Error> {
        let path = std::env::temp_dir().join(format!("souk-eval-{}", RandomIds::default().secret()));
        std::fs::create_dir(&path).map_err(Error::Scratch)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the system some day.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
