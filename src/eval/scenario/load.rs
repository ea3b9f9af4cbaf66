//! Reading scenarios from files: every mistake is named with file, line and field before anything runs.

use crate::eval::scenario::{STEPS_MAX, Scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files of one run.
const FILES_MAX: usize = 2_000;
/// Folders below the given one.
const DEPTH_MAX: usize = 6;
/// Bytes of one file.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Characters of an id.
const ID_CHARS_MAX: usize = 80;

/// Why scenarios could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A mistake in a file.
    #[error("{}: {problem}", file.display())]
    Mistake {
        /// Which file.
        file: PathBuf,
        /// Line, field and what to do.
        problem: String,
    },
    /// Nothing to run.
    #[error("{}: there is no scenario here; scenarios are .yaml files", .0.display())]
    None(PathBuf),
    /// More than a run takes.
    #[error("{}: more than {FILES_MAX} files", .0.display())]
    TooMany(PathBuf),
}

/// Reads one file, or every `.yaml` file below a folder, sorted by path.
pub fn load(path: &Path) -> Result<Vec<Scenario>, Error> {
    let mut scenarios = Vec::new();
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    for file in files(path)? {
        for scenario in read(&file)? {
            if let Some(other) = seen.insert(scenario.id.clone(), file.clone()) {
                let problem = format!("the id {} is used in {}, too", scenario.id, other.display());
                return Err(Error::Mistake { file, problem });
            }
            scenarios.push(scenario);
        }
    }
    if scenarios.is_empty() { Err(Error::None(path.to_owned())) } else { Ok(scenarios) }
}

/// One file, or every `.yaml` file below a folder, sorted by path.
pub(in crate::eval) fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    collect(path, 0, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    if !std::fs::metadata(path).map_err(unreadable)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    if depth > DEPTH_MAX {
        return Ok(());
    }
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let inner = entry.map_err(unreadable)?.path();
        let is_yaml = inner.extension().is_some_and(|e| e == "yaml" || e == "yml");
        if inner.is_dir() || is_yaml {
            collect(&inner, depth + 1, files)?;
        }
        if files.len() > FILES_MAX {
            return Err(Error::TooMany(path.to_owned()));
        }
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<Scenario>, Error> {
    let unreadable = |source| Error::Unreadable { path: file.to_owned(), source };
    if std::fs::metadata(file).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        let problem = format!("longer than {FILE_BYTES_MAX} bytes");
        return Err(Error::Mistake { file: file.to_owned(), problem });
    }
    let text = std::fs::read_to_string(file).map_err(unreadable)?;
    let mut scenarios = parse(&text).map_err(|problem| Error::Mistake { file: file.to_owned(), problem })?;
    scenarios.iter_mut().for_each(|s| s.file = file.to_owned());
    Ok(scenarios)
}

/// Reads the documents of one file.
pub fn parse(text: &str) -> Result<Vec<Scenario>, String> {
    let scenarios: Vec<Scenario> = serde_saphyr::from_multiple(text).map_err(|e| e.to_string())?;
    for scenario in &scenarios {
        check(scenario).map_err(|problem| format!("{}: {problem}", scenario.id))?;
    }
    Ok(scenarios)
}

fn check(scenario: &Scenario) -> Result<(), String> {
    let id = &scenario.id;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let named = id.split_once('.').is_some_and(|(area, name)| !area.is_empty() && !name.is_empty());
    if id.len() > ID_CHARS_MAX || !named || !id.chars().all(plain) {
        return Err("an id is area.name in lower-case letters, digits and dashes".to_owned());
    }
    if scenario.steps.is_empty() || scenario.steps.len() > STEPS_MAX {
        return Err(format!("a scenario has 1 to {STEPS_MAX} steps"));
    }
    for (at, step) in scenario.steps.iter().enumerate() {
        step.act().map_err(|problem| format!("step {}: {problem}", at + 1))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "id: search.x\nsteps:\n  - says: hello\n    expect: {text_has: [hi], cards: {min: 1, all: {price_at_most: \"9.00\"}}}\n";

    fn problem(text: &str) -> String {
        parse(text).map(|_| ()).unwrap_err()
    }

    #[test]
    fn a_file_may_hold_several() {
        let two = format!(
            "{GOOD}---\nid: faq.y\nsteps:\n  - waits: 36 minutes\n  - colleague: returns\n  - colleague: {{says: hi}}\n"
        );
        let read = parse(&two).unwrap();
        assert_eq!(read.iter().map(super::super::Scenario::area).collect::<Vec<_>>(), ["search", "faq"]);
    }

    #[test]
    fn mistakes_are_named_with_line_and_field() {
        let unknown = problem(&GOOD.replace("text_has", "text_hass"));
        assert!(unknown.contains("text_hass") && unknown.contains("line 4"), "{unknown}");
        assert!(problem(&GOOD.replace("says: hello", "waits: a while")).contains("36 minutes"));
        assert!(problem(&GOOD.replace("says: hello", "says: a\n    taps: b")).contains("two things"));
        assert!(problem(&GOOD.replace("says: hello", "settles: false")).contains("does nothing"));
        assert!(problem(&GOOD.replace("search.x", "Search")).contains("area.name"));
        assert!(problem(&format!("{GOOD}never_says: ['(']\n")).contains("regular expression"));
        assert!(problem("id: a.b\nsteps: []\n").contains("steps"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
            let _ = parse(&text);
        }
    }
}
