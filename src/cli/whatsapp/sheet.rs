//! A list of people from a CSV file, for commands that do one thing for each.

use crate::cli::BoxError;
use std::collections::BTreeMap;
use std::path::Path;

/// Rows of one file.
pub const ROWS_MAX: usize = 100_000;
/// Bytes of one file.
const FILE_MAX: u64 = 64 * 1024 * 1024;
/// The column that every file has.
const TO: &str = "to";

/// A row: its line, its number, and the other columns that are not empty.
pub struct Row {
    /// From 1; the titles are line 1.
    pub line: u64,
    /// As it stands there.
    pub to: String,
    /// Column → text.
    pub others: BTreeMap<String, String>,
}

/// Reads it.
pub fn read(path: &Path) -> Result<Vec<Row>, BoxError> {
    let shown = path.display();
    let size = std::fs::metadata(path).map_err(|error| format!("{shown} cannot be read: {error}"))?.len();
    if size > FILE_MAX {
        return Err(format!("{shown} is longer than {} MB; split it", FILE_MAX / 1024 / 1024).into());
    }
    let mut file = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_path(path)?;
    // Spreadsheets put a mark before the first title.
    let titles: Vec<String> =
        file.headers()?.iter().map(|title| title.trim_start_matches('\u{feff}').trim().to_lowercase()).collect();
    if !titles.iter().any(|title| title == TO) {
        return Err(format!("{shown} has no column `{TO}` with numbers such as +5511987654321").into());
    }
    let mut rows = Vec::new();
    for record in file.records() {
        let record = record.map_err(|error| format!("{shown}: {error}"))?;
        if rows.len() == ROWS_MAX {
            return Err(format!("{shown} has more than {ROWS_MAX} rows; split it").into());
        }
        let line = record.position().map_or(0, csv::Position::line);
        let cells = titles.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty());
        let mut others: BTreeMap<String, String> = cells.map(|(t, c)| (t.clone(), c.to_owned())).collect();
        let to = others.remove(TO).unwrap_or_default();
        rows.push(Row { line, to, others });
    }
    Ok(rows)
}

/// A number as it may stand in a report on a screen that others see: its ends.
pub fn masked(phone: &str) -> String {
    let all: Vec<char> = phone.chars().take(20).collect();
    if all.len() < 8 {
        return "…".to_owned();
    }
    let part = |chars: &[char]| chars.iter().collect::<String>();
    format!("{}…{}", part(all.get(..4).unwrap_or_default()), part(all.get(all.len() - 2..).unwrap_or_default()))
}
