//! Workbooks: the first sheet with rows, written as a table so that it is read like any other.

use crate::catalog::feed::Error;
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// Cells of a sheet at most.
const CELLS_MAX: usize = 20_000_000;

/// The first sheet that has rows, separated by tabs; line numbers are those of the sheet.
pub fn table(bytes: &[u8], max: u64) -> Result<String, Error> {
    let broken =
        |_| Error::UnknownFormat { hint: "it is a damaged spreadsheet; export the sheet as CSV (UTF-8)".into() };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    for name in book.sheet_names() {
        let Ok(range) = book.worksheet_range(&name) else { continue };
        if range.height() < 2 {
            continue;
        }
        if range.height().saturating_mul(range.width()) > CELLS_MAX {
            let hint = format!("its sheet has {} rows and {} columns; export it as CSV", range.height(), range.width());
            return Err(Error::UnknownFormat { hint });
        }
        let above = range.start().map_or(0, |(row, _)| row);
        let mut text = "\n".repeat(usize::try_from(above).unwrap_or_default());
        for row in range.rows() {
            for (n, cell) in row.iter().enumerate() {
                if n > 0 {
                    text.push('\t');
                }
                push(&mut text, &shown(cell));
            }
            text.push('\n');
            if text.len() as u64 > max {
                return Err(Error::TooLarge { bytes: text.len() as u64, max });
            }
        }
        return Ok(text);
    }
    Err(Error::Empty)
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

fn shown(cell: &Data) -> String {
    match cell {
        // Sums of a spreadsheet are not exact: 79.9 may be stored as 79.90000000000001.
        Data::Float(number) => {
            let text = format!("{number:.6}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Data::DateTime(moment) => moment.as_f64().to_string(),
        Data::Error(_) => String::new(),
        other => other.to_string(),
    }
}
