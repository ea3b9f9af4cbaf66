//! The sheets of an Excel file, one cell after the other. A sheet is never laid out as a rectangle: a single stray cell in its
//! last corner makes that one of 17 thousand million cells.

use crate::knowledge::load::packed;
use calamine::{Data, Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::Cursor;

/// What one cell costs beside its text, towards the limit of bytes.
const CELL_BYTES: u64 = 16;

/// The cells of one row that say something: its line, counted from 1, and each with its column, counted from 0.
pub type Row = (usize, Vec<(usize, String)>);

/// An Excel file.
pub struct Workbook<'b> {
    book: Xlsx<Cursor<&'b [u8]>>,
}

/// Why a sheet is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is no sheet of cells, or damaged.
    Broken,
    /// Its cells together are longer than they may be: one text can stand in very many of them.
    TooLong,
}

impl<'b> Workbook<'b> {
    /// Opens a file within the limits of a packed one; an error says what it is, and what to do.
    pub fn open(bytes: &'b [u8]) -> Result<Self, String> {
        packed::open(bytes)?;
        let book = Xlsx::new(Cursor::new(bytes));
        let broken = |_| "cannot be read as an Excel file; save it as .xlsx again, or as CSV".to_owned();
        Ok(Self { book: book.map_err(broken)? })
    }

    /// The names of its sheets.
    pub fn sheets(&self) -> Vec<String> {
        self.book.sheet_names()
    }

    /// The rows of one sheet that say something, of at most `max` bytes.
    pub fn rows(&mut self, sheet: &str, max: u64) -> Result<Vec<Row>, Problem> {
        let mut reader = self.book.worksheet_cells_reader(sheet).map_err(|_| Problem::Broken)?;
        let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
        let mut left = max;
        while let Some(cell) = reader.next_cell().map_err(|_| Problem::Broken)? {
            let (row, column) = cell.get_position();
            let text = shown(&cell.get_value().clone().into());
            if !text.trim().is_empty() {
                left = left.checked_sub(text.len() as u64 + CELL_BYTES).ok_or(Problem::TooLong)?;
                rows.entry(row).or_default().insert(column, text);
            }
        }
        let sparse = |cells: BTreeMap<u32, String>| cells.into_iter().map(|(at, text)| (at as usize, text)).collect();
        Ok(rows.into_iter().map(|(row, cells)| (row as usize + 1, sparse(cells))).collect())
    }
}

/// A cell as text: what a program made a day of is written as a day, so that it is never taken for an amount.
fn shown(cell: &Data) -> String {
    match cell {
        // Sums of a spreadsheet are not exact: 79.9 may be stored as 79.90000000000001.
        Data::Float(number) => {
            let text = format!("{number:.6}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) { day } else { format!("{day} {hour:02}:{minute:02}:{second:02}") }
        }
        Data::Error(_) => String::new(),
        other => other.to_string(),
    }
}
