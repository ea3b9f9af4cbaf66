//! Questions and what people said of the products for each: CSV files as judgement lists are handed around.

use crate::eval::retrieval::metric::Ratings;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Questions read of one file.
pub const QUERIES_MAX: usize = 20_000;
/// Judgements read of one file.
const ROWS_MAX: usize = 5_000_000;
/// Characters of one question.
const QUERY_CHARS_MAX: usize = 500;

/// Why there is nothing to measure by.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file that is not there, or no CSV.
    #[error("{} cannot be read as CSV", file.display())]
    Unreadable {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: csv::Error,
    },
    /// A file without the column.
    #[error("{} has no column \"{column}\"; its first line has to name its columns: query,product_id,rating", file.display())]
    Column {
        /// Which.
        file: PathBuf,
        /// What is missing.
        column: &'static str,
    },
    /// A rating that is none.
    #[error("{} line {line}: \"{value}\" is no rating; write a number from 0 to 3", file.display())]
    Rating {
        /// Which.
        file: PathBuf,
        /// Where.
        line: u64,
        /// What stands there.
        value: String,
    },
    /// A label that is none.
    #[error("{} line {line}: \"{value}\" does not say whether the shop carries it; write query,yes or query,no", file.display())]
    Carried {
        /// Which.
        file: PathBuf,
        /// Where.
        line: u64,
        /// What stands there.
        value: String,
    },
    /// Nothing in it.
    #[error("{} names no question{}", file.display(), filter.as_ref().map(|f| format!(" with \"{f}\"")).unwrap_or_default())]
    Empty {
        /// Which.
        file: PathBuf,
        /// What was looked for.
        filter: Option<String>,
    },
}

/// A question and what is known of its answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// As somebody typed it.
    pub query: String,
    /// What was judged for it.
    pub ratings: Ratings,
}

/// Reads questions (any CSV with a column `query`; each distinct one once, in order) and their ratings
/// (`query,product_id,rating`). Both may be the same file.
pub fn read(queries: &Path, ratings: &Path, filter: Option<&str>) -> Result<Vec<Question>, Error> {
    let rated = rated(ratings)?;
    let mut seen = BTreeSet::new();
    let mut questions = Vec::new();
    for (_, row) in rows(queries, &["query"])? {
        let [query] = row.as_slice() else { continue };
        let query: String = query.trim().chars().take(QUERY_CHARS_MAX).collect();
        let wanted = filter.is_none_or(|filter| query.contains(filter));
        if !query.is_empty() && wanted && seen.insert(query.clone()) && questions.len() < QUERIES_MAX {
            let ratings = rated.get(&query).cloned().unwrap_or_default();
            questions.push(Question { query, ratings });
        }
    }
    if questions.is_empty() {
        return Err(Error::Empty { file: queries.to_owned(), filter: filter.map(str::to_owned) });
    }
    Ok(questions)
}

fn rated(file: &Path) -> Result<BTreeMap<String, Ratings>, Error> {
    let mut rated: BTreeMap<String, Ratings> = BTreeMap::new();
    for (line, row) in rows(file, &["query", "product_id", "rating"])? {
        let [query, product, rating] = row.as_slice() else { continue };
        let number: Option<f64> = rating.trim().parse().ok().filter(|number: &f64| (0.0..=3.0).contains(number));
        let Some(number) = number else {
            return Err(Error::Rating { file: file.to_owned(), line, value: rating.chars().take(40).collect() });
        };
        let query: String = query.trim().chars().take(QUERY_CHARS_MAX).collect();
        rated.entry(query).or_default().insert(product.trim().to_owned(), number);
    }
    Ok(rated)
}

/// The named columns of every row, with its line.
pub(super) fn rows(file: &Path, columns: &[&'static str]) -> Result<Vec<(u64, Vec<String>)>, Error> {
    let unreadable = |source| Error::Unreadable { file: file.to_owned(), source };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(file).map_err(unreadable)?;
    let header = reader.headers().map_err(unreadable)?.clone();
    let plain = |cell: &str| cell.trim().trim_start_matches('\u{feff}').to_lowercase();
    let place = |column: &&'static str| {
        let at = header.iter().position(|cell| plain(cell) == **column);
        at.ok_or(Error::Column { file: file.to_owned(), column })
    };
    let places = columns.iter().map(place).collect::<Result<Vec<usize>, Error>>()?;
    let mut out = Vec::new();
    for record in reader.records().take(ROWS_MAX) {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        out.push((line, places.iter().map(|at| record.get(*at).unwrap_or_default().to_owned()).collect()));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    #[test]
    fn questions_come_once_with_their_ratings() {
        let folder = tempfile::tempdir().unwrap();
        let both =
            file(&folder, "r.csv", "\u{feff}query,product_id,rating\nlaptop,1,3\n\"hub, usb\",2,0\nlaptop,3,1.5\n");
        let read_all = read(&both, &both, None).unwrap();
        assert_eq!(read_all.len(), 2);
        assert_eq!(read_all[0].ratings, [("1".to_owned(), 3.0), ("3".to_owned(), 1.5)].into());
        assert_eq!(read(&both, &both, Some("usb")).unwrap()[0].query, "hub, usb");
        let own = file(&folder, "q.csv", "query\nmouse\n");
        assert_eq!(read(&own, &both, None).unwrap(), [Question { query: "mouse".into(), ratings: Ratings::new() }]);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let bad = file(&folder, "bad.csv", "query,product_id,rating\nlaptop,1,good\n");
        assert!(read(&bad, &bad, None).unwrap_err().to_string().contains("line 2: \"good\" is no rating"));
        let short = file(&folder, "short.csv", "question,id\nlaptop,1\n");
        assert!(read(&short, &short, None).unwrap_err().to_string().contains("has no column \"query\""));
        assert!(read(&bad, &folder.path().join("none"), None).unwrap_err().to_string().contains("none cannot be read"));
        let none = file(&folder, "none.csv", "query,product_id,rating\n");
        assert!(read(&none, &none, None).unwrap_err().to_string().contains("names no question"));
    }
}
