//! Merchants' product files: any bytes in; products, rejects with a remedy, and warnings out.

pub mod cell;
pub mod csv;
pub mod jsonl;
pub mod note;
pub mod row;

#[cfg(test)]
mod tests;

use crate::catalog::feed::note::{Notes, Reject, Warning};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::Currency;
use crate::domain::product::Product;
use crate::domain::sale::Sale;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a feed at most.
pub const FEED_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// Rows or lines of a feed at most; what follows is left out with a warning.
pub const ROWS_MAX: u64 = 500_000;
/// Rows between two calls of the progress callback.
pub const PROGRESS_ROWS: u64 = 1_000;

/// How much of a feed is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole file.
    pub bytes: u64,
    /// Rows below the header, or lines of JSON.
    pub rows: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: FEED_BYTES_MAX, rows: ROWS_MAX }
    }
}

/// A kind of feed, recognised by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Our own columns, one row a variant.
    Csv,
    /// One JSON object a line, with `attr_t_…` attributes.
    JsonLines,
}

/// A product and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Line of its first row, counted from 1.
    pub line: u64,
    /// The product, with the prices of the present moment.
    pub product: Product,
    /// Reductions with a beginning or an end, by variant.
    pub sales: BTreeMap<VariantId, Sale>,
}

/// What a feed holds.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What the content looked like.
    pub format: Format,
    /// The readable products, in the file's order.
    pub items: Vec<Item>,
    /// The first [`note::NOTES_MAX`] rows that were left out.
    pub rejects: Vec<Reject>,
    /// The first [`note::NOTES_MAX`] things that were read otherwise than written.
    pub warnings: Vec<Warning>,
    /// Rejects that did not fit the list.
    pub rejects_left_off: u64,
    /// Warnings that did not fit the list.
    pub warnings_left_off: u64,
    /// Products the file names but that could not be read at all: a typing error must not retire them.
    pub unread: BTreeSet<ProductId>,
}

/// What the file is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// Some other encoding.
    #[error("line {line} is not UTF-8; save the file as \"CSV UTF-8\"")]
    NotUtf8 {
        /// Line of the first bad byte.
        line: u64,
    },
    /// Neither our CSV nor JSON lines.
    #[error("this is not a product feed Souk can read: {hint}")]
    UnknownFormat {
        /// What it seems to be, and what to do.
        hint: String,
    },
    /// Above [`Limits::bytes`].
    #[error("the file has {bytes} bytes, {max} are read at most; split it")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        max: u64,
    },
    /// The header lacks a column nothing can be sold without.
    #[error("the header has no column \"{column}\"; it has: {found}")]
    MissingColumn {
        /// The name that is missing.
        column: &'static str,
        /// The names that are there.
        found: String,
    },
}

/// Reads a feed. `name` only serves hints; `progress` gets bytes done and bytes in all.
pub fn parse(
    name: &str,
    bytes: &[u8],
    currency: Currency,
    limits: &Limits,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Parsed, Error> {
    let size = bytes.len() as u64;
    if size > limits.bytes {
        return Err(Error::TooLarge { bytes: size, max: limits.bytes });
    }
    if let Some(hint) = binary(bytes) {
        return Err(Error::UnknownFormat { hint: hint.to_owned() });
    }
    let text = std::str::from_utf8(bytes).map_err(|bad| {
        let good = bytes.get(..bad.valid_up_to()).unwrap_or_default();
        Error::NotUtf8 { line: 1 + newlines(good) }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut notes = Notes::default();
    let (format, items, unread) = match text.trim_start().chars().next() {
        None => return Err(Error::Empty),
        Some('{') => {
            let (items, unread) = jsonl::parse(text, currency, limits, progress, &mut notes);
            (Format::JsonLines, items, unread)
        }
        Some('[') => return Err(unknown("it is one JSON list; write one JSON object a line instead")),
        Some('<') => return Err(unknown("it is XML or a web page; export it as CSV")),
        Some(_) => {
            let (items, unread) = csv::parse(name, text, currency, limits, progress, &mut notes)?;
            (Format::Csv, items, unread)
        }
    };
    progress(size, size);
    let Notes { rejects, warnings, rejects_left_off, warnings_left_off } = notes;
    Ok(Parsed { format, items, rejects, warnings, rejects_left_off, warnings_left_off, unread })
}

fn unknown(hint: &str) -> Error {
    Error::UnknownFormat { hint: hint.to_owned() }
}

/// What people drop in by mistake, told by the first bytes.
fn binary(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 6] = [
        (b"PK\x03\x04", "it is a spreadsheet or an archive; export the sheet as CSV (UTF-8)"),
        (b"\xD0\xCF\x11\xE0", "it is an old Excel file; export the sheet as CSV (UTF-8)"),
        (b"\x1F\x8B", "it is compressed; unpack it first"),
        (b"%PDF", "it is a PDF; export the products as CSV"),
        (b"\xFF\xFE", "it is UTF-16; save it as \"CSV UTF-8\""),
        (b"\xFE\xFF", "it is UTF-16; save it as \"CSV UTF-8\""),
    ];
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, hint)| *hint)
}

/// Line ends in bytes: CRLF counts once, a lone CR counts too.
fn newlines(bytes: &[u8]) -> u64 {
    let mut count = 0;
    let mut after_cr = false;
    for byte in bytes {
        match byte {
            b'\n' if after_cr => {}
            b'\n' | b'\r' => count += 1,
            _ => {}
        }
        after_cr = *byte == b'\r';
    }
    count
}
