//! Merchants' product files: any bytes in; products, rejects with a remedy, and warnings out.

pub mod cell;
pub mod csv;
pub mod date;
pub mod encoding;
pub mod google;
pub mod jsonl;
mod names;
pub mod note;
pub mod price;
pub mod pricing;
pub mod quality;
pub mod rich;
pub mod row;
pub mod sheet;
pub mod shopify;
pub mod table;
pub mod unpack;
pub mod woo;
pub mod xml;

#[cfg(test)]
mod tests;

use crate::catalog::feed::note::{Notes, Reject, Warning};
use crate::catalog::feed::table::Table;
use crate::catalog::feed::unpack::Content;
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::Currency;
use crate::domain::product::Product;
use crate::domain::sale::Sale;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a feed at most.
pub const FEED_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// Rows or lines of a feed at most; what follows is left out with a warning.
pub const ROWS_MAX: u64 = 500_000;
/// Rows between two calls of the progress callback.
pub const PROGRESS_ROWS: u64 = 1_000;
/// Rows among which one has to be a product, where it is not said that they are.
const RECOGNISED_BY: u64 = 100;

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
    /// JSON objects, one a line or in a list.
    JsonLines,
    /// Shopify's product export.
    Shopify,
    /// WooCommerce's product export.
    WooCommerce,
    /// A Google Merchant feed as a table.
    GoogleTable,
    /// A Google Merchant feed as RSS or Atom.
    GoogleXml,
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
    /// Whether the file was read to its end; what stands behind the end of reading must not be retired.
    pub whole: bool,
}

/// What a reader is asked for.
pub struct Wish<'w> {
    /// The shop's.
    currency: Currency,
    /// The moment whose prices are wanted.
    now: Timestamp,
    limits: &'w Limits,
    progress: &'w mut dyn FnMut(u64, u64),
}

/// What a reader found.
pub struct Read {
    items: Vec<Item>,
    unread: BTreeSet<ProductId>,
    whole: bool,
}

/// What the file is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// None of the formats.
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
    #[error("the header has no column \"{column}\" (nor {others}); it has: {found}")]
    MissingColumn {
        /// The name that is missing.
        column: &'static str,
        /// Names that would have done as well.
        others: String,
        /// The names that are there.
        found: String,
    },
}

/// Whether a file of any name is a product feed: its first rows hold a product.
pub fn recognise(name: &str, bytes: &[u8]) -> Option<Format> {
    let limits = Limits { rows: RECOGNISED_BY, ..Limits::default() };
    let parsed = parse(name, bytes, Currency::EUR, Timestamp::UNIX_EPOCH, &limits, &mut |_, _| {}).ok()?;
    // Prices in another currency are prices too; but not all that is JSON and has an id is for sale.
    let rows = if parsed.format == Format::JsonLines { 0 } else { parsed.unread.len() };
    (parsed.items.len() + rows > 0).then_some(parsed.format)
}

/// Reads a feed, with the prices of the moment `now`. `name` only serves hints; `progress` gets bytes done and bytes in all.
pub fn parse(
    name: &str,
    bytes: &[u8],
    currency: Currency,
    now: Timestamp,
    limits: &Limits,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Parsed, Error> {
    let size = bytes.len() as u64;
    if size > limits.bytes {
        return Err(Error::TooLarge { bytes: size, max: limits.bytes });
    }
    let mut notes = Notes::default();
    let content = unpack::unpack(bytes, limits.bytes)?;
    let text = match &content {
        Content::Text(text) => {
            if let Some(hint) = binary(text) {
                return Err(unknown(hint));
            }
            encoding::decode(text, &mut notes)
        }
        Content::Workbook(book) => sheet::table(book, limits.bytes, &mut notes)?.into(),
    };
    let mut wish = Wish { currency, now, limits, progress };
    let (format, read) = match text.trim_start().chars().next() {
        None => return Err(Error::Empty),
        Some('{' | '[') => (Format::JsonLines, jsonl::parse(&text, &mut wish, &mut notes)),
        Some('<') => {
            xml::recognise(&text)?;
            (Format::GoogleXml, xml::parse(&text, &mut wish, &mut notes))
        }
        Some(_) => rows(name, &text, &mut wish, &mut notes)?,
    };
    (wish.progress)(size, size);
    quality::look(&read.items, &mut notes);
    notes.gather();
    let Read { items, unread, whole } = read;
    let Notes { rejects, warnings, rejects_left_off, warnings_left_off, .. } = notes;
    Ok(Parsed { format, items, rejects, warnings, rejects_left_off, warnings_left_off, unread, whole })
}

/// Whose table it is, told by the names of its columns.
fn rows(name: &str, text: &str, wish: &mut Wish<'_>, notes: &mut Notes) -> Result<(Format, Read), Error> {
    let table = Table::open(text)?;
    let header = &table.header;
    Ok(if shopify::fits(header) {
        (Format::Shopify, shopify::parse(&table, wish, notes))
    } else if woo::fits(header) {
        (Format::WooCommerce, woo::parse(&table, wish, notes))
    } else if google::fits(header) && !header.has("handle") {
        (Format::GoogleTable, google::table(&table, wish, notes))
    } else if csv::fits(header) && !woo::translated(header) {
        (Format::Csv, csv::parse(&table, wish, notes)?)
    } else if woo::translated(header) {
        let hint = "it seems to be a WooCommerce export with translated columns; set your own language to English in \
            WordPress and export it again. Its columns are: ";
        return Err(unknown(&format!("{hint}{}", header.shown())));
    } else {
        let hint = format!("the first line of {} must name columns: {}", cell::quote(name), csv::COLUMNS.join(","));
        return Err(unknown(&hint));
    })
}

fn unknown(hint: &str) -> Error {
    Error::UnknownFormat { hint: hint.to_owned() }
}

/// What people drop in by mistake, told by the first bytes.
fn binary(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 5] = [
        (b"PK\x03\x04", "it is packed more than once; unpack it first"),
        (b"\xD0\xCF\x11\xE0", "it is an old Excel file; export the sheet as CSV (UTF-8)"),
        (b"\x1F\x8B", "it is packed more than once; unpack it first"),
        (b"%PDF", "it is a PDF; export the products as CSV"),
        (b"\x89PNG", "it is a picture; export the products as CSV"),
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
