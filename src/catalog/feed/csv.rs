//! Our own CSV: one row a variant, rows of one handle make a product. Comma, semicolon and tab are told apart by the header.

use crate::catalog::feed::cell;
use crate::catalog::feed::note::{Complaint, Notes};
use crate::catalog::feed::row::{Row, Shelf};
use crate::catalog::feed::{Error, Item, Limits, PROGRESS_ROWS, newlines};
use crate::domain::id::ProductId;
use crate::domain::money::Currency;
use std::collections::BTreeSet;

/// The columns we read, in the order we write them.
pub const COLUMNS: [&str; 17] = [
    "handle",
    "title",
    "brand",
    "category",
    "description",
    "attributes",
    "picture",
    "option1_name",
    "option1_value",
    "option2_name",
    "option2_value",
    "sku",
    "barcode",
    "price",
    "compare_at_price",
    "currency",
    "stock",
];
/// The columns nothing can be sold without.
const REQUIRED: [&str; 4] = ["handle", "title", "sku", "price"];
/// Columns of a file at most; more means that this is no table.
const COLUMNS_MAX: usize = 1_000;

/// Reads rows into products.
pub fn parse(
    name: &str,
    text: &str,
    currency: Currency,
    limits: &Limits,
    progress: &mut dyn FnMut(u64, u64),
    notes: &mut Notes,
) -> Result<(Vec<Item>, BTreeSet<ProductId>), Error> {
    let separator = separator(text);
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut lines = Lines { text: text.as_bytes(), byte: 0, line: 1 };
    let mut record = ::csv::StringRecord::new();
    if !reader.read_record(&mut record).unwrap_or(false) {
        return Err(Error::Empty);
    }
    let header = Header::read(name, &record, lines.at(position(&record)), notes)?;
    let total = text.len() as u64;
    let mut shelf = Shelf::new(currency);
    let mut rows = 0;
    // The text is UTF-8 already and rows may have any length, so that reading cannot fail; an error would end it.
    while reader.read_record(&mut record).unwrap_or(false) {
        let line = lines.at(position(&record));
        rows += 1;
        if rows > limits.rows {
            notes.warn(line, "", format!("only the first {} rows were read; split the file", limits.rows));
            break;
        }
        if rows % PROGRESS_ROWS == 0 {
            progress(position(&record), total);
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match header.cells(&record) {
            Ok(row) => shelf.put(line, &row, notes),
            Err(complaint) => {
                let what = header.cell(&record, "handle").trim();
                shelf.mention(what);
                notes.reject(line, &cell::quote(what), complaint);
            }
        }
    }
    Ok(shelf.clear(notes))
}

fn position(record: &::csv::StringRecord) -> u64 {
    record.position().map_or(0, ::csv::Position::byte)
}

/// The separator that stands most often in the first line that says anything.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| first.bytes().filter(|b| *b == separator).count();
    [b'\t', b';', b','].into_iter().max_by_key(|s| count(*s)).unwrap_or(b',')
}

/// Turns byte positions into line numbers, going forward only; the reader's own count is off after CRLF and blank lines.
struct Lines<'a> {
    text: &'a [u8],
    byte: usize,
    line: u64,
}

impl Lines<'_> {
    fn at(&mut self, position: u64) -> u64 {
        let from = usize::try_from(position).unwrap_or(usize::MAX).max(self.byte);
        let blank = self.text.get(from..).unwrap_or_default();
        let from = from + blank.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        self.line += newlines(self.text.get(self.byte..from).unwrap_or_default());
        self.byte = from;
        self.line
    }
}

/// Which column stands where.
struct Header {
    places: [Option<usize>; COLUMNS.len()],
    width: usize,
}

impl Header {
    fn read(name: &str, record: &::csv::StringRecord, line: u64, notes: &mut Notes) -> Result<Self, Error> {
        let names: Vec<String> = record.iter().map(|n| n.trim().to_lowercase()).collect();
        if names.len() > COLUMNS_MAX {
            return Err(Error::UnknownFormat { hint: format!("its first line has {} columns", names.len()) });
        }
        if names.iter().any(|n| n == "variant sku") {
            let hint = "it is a Shopify export; rename its columns to handle, title, sku, price, …";
            return Err(Error::UnknownFormat { hint: hint.to_owned() });
        }
        if !names.iter().any(|n| COLUMNS.contains(&n.as_str())) {
            let hint = format!("the first line of {} must name columns: {}", cell::quote(name), COLUMNS.join(","));
            return Err(Error::UnknownFormat { hint });
        }
        let places = COLUMNS.map(|column| names.iter().position(|n| n == column));
        let header = Self { places, width: names.len() };
        if let Some(column) = REQUIRED.into_iter().find(|c| header.place(c).is_none()) {
            let found = names.iter().take(COLUMNS.len() * 2).map(|n| cell::quote(n)).collect::<Vec<_>>().join(", ");
            return Err(Error::MissingColumn { column, found });
        }
        for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if !COLUMNS.contains(&name.as_str()) {
                notes.warn(line, &cell::quote(name), "this column is not known and was not read");
            } else if header.place(name) != Some(index) {
                notes.warn(line, &cell::quote(name), "this column stands twice; the first is read");
            }
        }
        Ok(header)
    }

    fn place(&self, column: &str) -> Option<usize> {
        COLUMNS.iter().zip(self.places).find(|(name, _)| **name == column).and_then(|(_, place)| place)
    }

    fn cell<'r>(&self, record: &'r ::csv::StringRecord, column: &str) -> &'r str {
        self.place(column).and_then(|place| record.get(place)).unwrap_or_default()
    }

    fn cells<'r>(&self, record: &'r ::csv::StringRecord) -> Result<Row<'r>, Complaint> {
        // Spreadsheets like to pad rows with empty cells, which do no harm.
        let surplus = record.iter().skip(self.width).any(|cell| !cell.trim().is_empty());
        if surplus || record.len() < self.width {
            let reason = format!("the row has {} cells, the header has {}", record.len(), self.width);
            let remedy = if record.iter().any(|cell| cell.contains('\n')) {
                "close the quotation mark that was opened in this row"
            } else {
                "put texts that contain the separator in quotation marks, and keep empty cells"
            };
            return Err(Complaint::new("row", reason, remedy));
        }
        let get = |column| self.cell(record, column);
        Ok(Row {
            handle: get("handle"),
            title: get("title"),
            brand: get("brand"),
            category: get("category"),
            description: get("description"),
            attributes: get("attributes"),
            picture: get("picture"),
            options: [
                (get("option1_name"), get("option1_value"), "option1_value"),
                (get("option2_name"), get("option2_value"), "option2_value"),
            ],
            sku: get("sku"),
            barcode: get("barcode"),
            price: get("price"),
            compare_at: get("compare_at_price"),
            currency: get("currency"),
            stock: get("stock"),
        })
    }
}
