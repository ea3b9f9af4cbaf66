//! Workbooks: the first sheet with rows, written as a table so that it is read like any other.

use crate::catalog::feed::note::Notes;
use crate::catalog::feed::{Error, cell};
use crate::knowledge::load::workbook::{Problem, Row, Workbook};

/// Columns that are laid out; a cell further out follows the last of them.
const COLUMNS_MAX: usize = 1_000;
/// Sheets that are looked at.
const SHEETS_MAX: usize = 50;

/// The first sheet that has rows, separated by tabs; line numbers are those of the sheet. Others that have rows are named.
pub fn table(bytes: &[u8], max: u64, notes: &mut Notes) -> Result<String, Error> {
    let odd = |reason: &str| Error::UnknownFormat { hint: format!("it {reason}") };
    let mut book = Workbook::open(bytes).map_err(|reason| odd(&reason))?;
    let mut first: Option<(String, String)> = None;
    let mut others: Vec<String> = Vec::new();
    for name in book.sheets().into_iter().take(SHEETS_MAX) {
        let rows = match book.rows(&name, max) {
            Ok(rows) if rows.len() < 2 => continue,
            Ok(rows) => Some(rows),
            Err(Problem::Broken) => continue,
            Err(Problem::TooLong) => None,
        };
        match (&first, rows) {
            (Some(_), _) => others.push(format!("\"{}\"", cell::quote(&name))),
            (None, Some(rows)) => first = Some((name, text(&rows, max)?)),
            (None, None) => return Err(Error::TooLarge { bytes: max.saturating_add(1), max }),
        }
    }
    let (name, text) = first.ok_or(Error::Empty)?;
    if !others.is_empty() {
        let (name, others) = (cell::quote(&name), others.join(", "));
        notes.warn(1, "", format!("only the sheet \"{name}\" was read; export {others} as files of their own"));
    }
    Ok(text)
}

fn text(rows: &[Row], max: u64) -> Result<String, Error> {
    let (mut text, mut at) = (String::new(), 1);
    for (line, cells) in rows {
        text.push_str(&"\n".repeat(line.saturating_sub(at)));
        at = *line;
        let mut column = 0;
        for (place, cell) in cells {
            let gap = (*place).min(COLUMNS_MAX).saturating_sub(column);
            text.push_str(&"\t".repeat(gap));
            column += gap;
            // Behind the last column that is laid out each further cell still has one of its own.
            if *place > COLUMNS_MAX {
                text.push('\t');
            }
            push(&mut text, cell);
        }
        if text.len() as u64 > max {
            return Err(Error::TooLarge { bytes: text.len() as u64, max });
        }
    }
    text.push('\n');
    Ok(text)
}

/// One cell, quoted; line breaks become line separators so that a row stays a line.
fn push(text: &mut String, cell: &str) {
    text.push('"');
    for c in cell.chars() {
        match c {
            '"' => text.push_str("\"\""),
            '\n' => text.push('\u{2028}'),
            '\r' => {}
            other => text.push(other),
        }
    }
    text.push('"');
}
