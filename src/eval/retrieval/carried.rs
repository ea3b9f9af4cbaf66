//! "We don't carry that", measured on questions of which somebody said whether the shop carries it. Half of them, by a hash of
//! the text, were never used to fit anything.

use crate::catalog::find::{self, Search};
use crate::eval::retrieval::house::Progress;
use crate::eval::retrieval::metric::Refusals;
use crate::eval::retrieval::{Error, System, judgement};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::Path;

/// What was said of each question.
pub type Labels = Vec<(String, bool)>;

/// How often it was said, and rightly.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Carried {
    /// On the half that was held out.
    pub held_out: Refusals,
    /// On all of it.
    pub all: Refusals,
    /// Carried, and we said no.
    pub refused: Vec<String>,
    /// Not carried, and offered as if it were.
    pub offered: Vec<String>,
}

/// Reads `query,carried` with `yes` or `no`.
pub fn read(file: &Path) -> Result<Labels, judgement::Error> {
    let rows = judgement::rows(file, &["query", "carried"])?;
    let label = |(line, row): (u64, Vec<String>)| match row.as_slice() {
        [query, said] if said.trim() == "yes" => Ok((query.trim().to_owned(), true)),
        [query, said] if said.trim() == "no" => Ok((query.trim().to_owned(), false)),
        row => Err(judgement::Error::Carried { file: file.to_owned(), line, value: row.join(",") }),
    };
    rows.into_iter().take(judgement::QUERIES_MAX).map(label).collect()
}

/// Whether a question may be used to fit something.
fn is_held_out(query: &str) -> bool {
    Sha256::digest(query).first().is_some_and(|byte| byte % 2 == 1)
}

/// Asks all of them.
pub async fn measure(system: &System<'_>, labels: &Labels, progress: Progress<'_>) -> Result<Carried, Error> {
    let mut made = Carried::default();
    let mut pairs: Vec<(bool, (bool, bool))> = Vec::new();
    for (done, (query, carried)) in (1..).zip(labels) {
        let search = Search::of(query, 1);
        let relevant = find::find_by(system.app, system.shop, &search, &system.ranking).await?.relevant;
        match (carried, relevant) {
            (true, false) => made.refused.push(query.clone()),
            (false, true) => made.offered.push(query.clone()),
            _ => {}
        }
        pairs.push((is_held_out(query), (!carried, !relevant)));
        progress("Asking for what there is and what not", done, labels.len() as u64);
    }
    made.held_out = Refusals::count(pairs.iter().filter(|(held_out, _)| *held_out).map(|(_, pair)| *pair));
    made.all = Refusals::count(pairs.into_iter().map(|(_, pair)| pair));
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_yes_or_no() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("labels.csv");
        std::fs::write(&file, "query,carried\nusb hub,yes\nred wine,no\n").unwrap();
        assert_eq!(read(&file).unwrap(), [("usb hub".to_owned(), true), ("red wine".to_owned(), false)]);
        std::fs::write(&file, "query,carried\nusb hub,maybe\n").unwrap();
        assert!(read(&file).unwrap_err().to_string().contains("line 2: \"usb hub,maybe\""));
    }
}
