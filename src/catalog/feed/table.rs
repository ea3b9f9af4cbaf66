//! Files of rows and columns: separators, headers, line numbers, and rows that a broken quotation mark swallowed.

use crate::catalog::feed::cell;
use crate::catalog::feed::note::{Complaint, Notes};
use crate::catalog::feed::price::{Marks, PRICES_LOOKED_AT};
use crate::catalog::feed::{Error, Limits, PROGRESS_ROWS, newlines};
use csv::{Position, Reader, ReaderBuilder, StringRecord};

/// Columns of a file at most; more means that this is no table.
const COLUMNS_MAX: usize = 1_000;
/// Broken quotation marks that are mended; each may mean reading the rest of the file once more.
const MENDED_MAX: u32 = 20;

/// What is done with a row: its line, its cells, and whether it has as many as the header.
type EachRow<'r> = dyn FnMut(u64, &StringRecord, Result<(), Complaint>, &mut Notes) + 'r;

/// A table as text.
pub struct Table<'t> {
    text: &'t str,
    separator: u8,
    /// What the first line calls the columns.
    pub header: Header,
    /// Line of the header.
    pub line: u64,
    /// Where the rows begin.
    body: usize,
}

/// What the columns are called: lower case, single spaces.
pub struct Header {
    /// In the file's order.
    pub names: Vec<String>,
}

impl<'t> Table<'t> {
    /// Reads the header.
    pub fn open(text: &'t str) -> Result<Self, Error> {
        // Excel writes and reads a first line such as `sep=;`.
        let first = text.lines().next().unwrap_or_default();
        let told = first.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=") && first.len() == 5);
        let skipped = told.map_or(0, |_| first.len());
        let rest = text.get(skipped..).unwrap_or_default();
        let separator = told.and_then(|_| first.bytes().last()).unwrap_or_else(|| separator(rest));
        let mut reader = reader(rest, separator);
        let mut record = StringRecord::new();
        if !reader.read_record(&mut record).unwrap_or(false) {
            return Err(Error::Empty);
        }
        let start = skipped + position(&record);
        let line = Lines::new(text).at(start);
        let body = skipped + usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let name = |raw: &str| {
            let raw = raw.trim_start_matches('\u{feff}').to_lowercase();
            raw.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let header = Header { names: record.iter().map(name).collect() };
        if header.names.len() > COLUMNS_MAX {
            return Err(Error::UnknownFormat { hint: format!("its first line has {} columns", header.names.len()) });
        }
        Ok(Self { text, separator, header, line, body })
    }

    /// Looks through the rows without a word, for what has to be known before they are read.
    pub fn skim(&self, rows: u64, row: &mut dyn FnMut(&StringRecord)) {
        let mut reader = reader(self.text.get(self.body..).unwrap_or_default(), self.separator);
        let mut record = StringRecord::new();
        let mut left = rows;
        while left > 0 && reader.read_record(&mut record).unwrap_or(false) {
            left -= 1;
            row(&record);
        }
    }

    /// How the prices in some columns look.
    pub fn marks(&self, columns: &[Option<usize>]) -> Marks {
        let mut marks = Marks::default();
        self.skim(PRICES_LOOKED_AT as u64, &mut |record| {
            for raw in columns.iter().flatten().filter_map(|column| record.get(*column)) {
                marks.look(raw);
            }
        });
        marks
    }

    /// Hands out the rows with their line numbers; whether all of them were read.
    pub fn walk(
        &self,
        limits: &Limits,
        progress: &mut dyn FnMut(u64, u64),
        notes: &mut Notes,
        row: &mut EachRow<'_>,
    ) -> bool {
        let total = self.text.len() as u64;
        let mut lines = Lines::new(self.text);
        let mut record = StringRecord::new();
        let (mut base, mut rows, mut mended) = (self.body, 0, 0);
        let mut reader = reader(self.text.get(base..).unwrap_or_default(), self.separator);
        // The text is UTF-8 already and rows may have any length, so that reading cannot fail; an error would end it.
        while reader.read_record(&mut record).unwrap_or(false) {
            let start = base + position(&record);
            let line = lines.at(start);
            rows += 1;
            if rows > limits.rows {
                notes.warn(line, "", format!("only the first {} rows were read; split the file", limits.rows));
                return false;
            }
            if rows % PROGRESS_ROWS == 0 {
                progress(start as u64, total);
            }
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let end = base + usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            let mut fits = self.fits(&record);
            if fits.is_ok() && self.open_ended(&record, end) {
                fits = Err(unclosed("the row has a quotation mark that is never closed"));
            }
            // The row swallowed the ones below it: it alone is lost, and reading goes on in its second line.
            let swallowed = fits.is_err() && record.iter().any(|cell| cell.contains(['\n', '\r']));
            row(line, &record, fits, notes);
            if swallowed {
                mended += 1;
                if mended > MENDED_MAX {
                    notes.warn(line, "", "too many quotation marks are never closed; the rest was not read");
                    return false;
                }
                base = lines.next(lines.byte);
                reader = self::reader(self.text.get(base..).unwrap_or_default(), self.separator);
            }
        }
        true
    }

    fn fits(&self, record: &StringRecord) -> Result<(), Complaint> {
        let width = self.header.names.len();
        // Spreadsheets like to pad rows with empty cells, which do no harm; tab-separated exports leave them off.
        let surplus = record.iter().skip(width).any(|cell| !cell.trim().is_empty());
        let short = record.len() < width && self.separator != b'\t';
        if !surplus && !short {
            return Ok(());
        }
        let reason = format!("the row has {} cells, the header has {width}", record.len());
        Err(if record.iter().any(|cell| cell.contains('\n')) {
            unclosed(&reason)
        } else {
            let remedy = "put texts that contain the separator in quotation marks, and keep empty cells";
            Complaint::new("row", reason, remedy)
        })
    }

    /// Whether a row runs to the end of the file inside a quotation.
    fn open_ended(&self, record: &StringRecord, end: usize) -> bool {
        let last = record.iter().next_back().unwrap_or_default();
        end >= self.text.len() && last.contains(['\n', '\r']) && !self.text.trim_end().ends_with('"')
    }
}

impl Header {
    /// The first column with one of these names, the earlier names first.
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.names.iter().position(|n| n == name))
    }

    /// Whether a column has this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|n| n == name)
    }

    /// The names, for messages.
    pub fn shown(&self) -> String {
        self.names.iter().take(40).map(|n| cell::quote(n)).collect::<Vec<_>>().join(", ")
    }

    /// Says which columns were not read, in one line.
    pub fn leave(&self, line: u64, known: &dyn Fn(&str) -> bool, notes: &mut Notes) {
        let left: Vec<String> = self
            .names
            .iter()
            .filter(|n| !n.is_empty() && !known(n))
            .map(|n| format!("\"{}\"", cell::quote(n)))
            .collect();
        let shown = left.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
        let more = if left.len() > 10 { " …" } else { "" };
        match left.len() {
            0 => {}
            1 => notes.warn(line, "", format!("the column {shown} is not known and was not read")),
            many => notes.warn(line, "", format!("{many} columns are not known and were not read: {shown}{more}")),
        }
    }
}

/// One cell, empty where the column or the cell is missing.
pub fn cell(record: &StringRecord, column: Option<usize>) -> &str {
    column.and_then(|column| record.get(column)).unwrap_or_default()
}

fn unclosed(reason: &str) -> Complaint {
    Complaint::new("row", reason, "close the quotation mark that was opened in this row")
}

fn reader(text: &str, separator: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(text.as_bytes())
}

fn position(record: &StringRecord) -> usize {
    record.position().map(Position::byte).and_then(|byte| usize::try_from(byte).ok()).unwrap_or_default()
}

/// The separator that stands most often in the first line that says anything.
fn separator(text: &str) -> u8 {
    let first = text.split(['\n', '\r']).find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| first.bytes().filter(|b| *b == separator).count();
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|s| count(*s)).unwrap_or(b',')
}

/// Turns byte positions into line numbers, going forward only; the reader's own count is off after CRLF and blank lines.
struct Lines<'a> {
    text: &'a [u8],
    byte: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), byte: 0, line: 1 }
    }

    fn at(&mut self, position: usize) -> u64 {
        let from = position.max(self.byte);
        let blank = self.text.get(from..).unwrap_or_default();
        let from = from + blank.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        self.line += newlines(self.text.get(self.byte..from).unwrap_or_default());
        self.byte = from;
        self.line
    }

    /// Where the line after a position begins.
    fn next(&self, position: usize) -> usize {
        let rest = self.text.get(position..).unwrap_or_default();
        rest.iter().position(|b| matches!(b, b'\n' | b'\r')).map_or(self.text.len(), |at| position + at + 1)
    }
}
