//! Single values of a feed: text, prices, stock, attributes, pictures.

use crate::catalog::feed::note::{Complaint, Kind, Notes, Saying};
use crate::knowledge::html;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// Characters of a title at most.
pub const TITLE_CHARS_MAX: usize = 300;
/// Characters of a description at most.
pub const DESCRIPTION_CHARS_MAX: usize = 10_000;
/// Characters of a brand, category, option name or option value at most.
pub const NAME_CHARS_MAX: usize = 100;
/// Characters of a handle, SKU or barcode at most.
pub const CODE_CHARS_MAX: usize = 200;
/// Attributes of a product at most.
pub const ATTRIBUTES_MAX: usize = 60;
/// Characters of an attribute's value at most.
pub const ATTRIBUTE_CHARS_MAX: usize = 300;
/// Characters of a picture's name or address at most.
pub const PICTURE_CHARS_MAX: usize = 500;
/// Bytes of a web address at most.
const URL_BYTES_MAX: usize = 2_000;
/// Pictures of a product beside the first.
pub const MORE_PICTURES_MAX: usize = 20;
/// Bytes of a cell that are looked at; more is no text about a product.
const CELL_BYTES_MAX: usize = 256 * 1024;
/// Characters of a bad value that a complaint quotes.
const QUOTE_CHARS_MAX: usize = 40;

static NEGATIVE: Saying = Saying {
    kind: Kind::Answers,
    one: "variant has a negative stock, read as sold out",
    many: "variants have a negative stock, read as sold out",
    then: "",
};
static LONG: Saying = Saying {
    kind: Kind::Read,
    one: "cell is longer than 256 kB and was cut",
    many: "cells are longer than 256 kB and were cut",
    then: "",
};

/// Where a value stands, for warnings.
pub struct Place<'a> {
    /// Line in the file.
    pub line: u64,
    /// Handle or SKU.
    pub what: &'a str,
}

/// A text on one line: composed letters, single spaces, no control characters, cut at `max` characters with a warning.
pub fn line(raw: &str, field: &str, max: usize, place: &Place<'_>, notes: &mut Notes) -> String {
    let raw = short(raw, place, notes);
    if is_plain_line(raw) {
        return cut(raw.to_owned(), field, max, place, notes);
    }
    let words: Vec<&str> = raw.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    cut(composed(words.join(" ")), field, max, place, notes)
}

/// Whether a text is ASCII on one line with single spaces, as most values are: nothing is to be made of it.
fn is_plain_line(text: &str) -> bool {
    let mut last = b' ';
    for &byte in text.as_bytes() {
        if !matches!(byte, b' '..=b'~') || (byte == b' ' && last == b' ') {
            return false;
        }
        last = byte;
    }
    last != b' ' || text.is_empty()
}

/// A text that may keep its line breaks.
pub fn prose(raw: &str, field: &str, max: usize, place: &Place<'_>, notes: &mut Notes) -> String {
    // A sheet's cells keep their line breaks as line separators, see `sheet`.
    let plain = short(raw, place, notes).trim().replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n");
    let mut text = composed(plain);
    text.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    cut(text, field, max, place, notes)
}

/// A text that may be HTML: shoppers read plain words.
pub fn body(raw: &str, field: &str, max: usize, place: &Place<'_>, notes: &mut Notes) -> String {
    let raw = short(raw, place, notes);
    let tag = |at: usize| {
        raw.get(at + 1..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(|c| c.is_alphabetic() || matches!(c, '/' | '!'))
    };
    if raw.match_indices('<').any(|(at, _)| tag(at)) {
        prose(&html::text(raw), field, max, place, notes)
    } else if raw.contains('&') {
        let lines: Vec<String> = raw.lines().map(html::text).collect();
        prose(&lines.join("\n"), field, max, place, notes)
    } else {
        prose(raw, field, max, place, notes)
    }
}

/// The beginning of a cell; nobody writes more about a product, and normalising megabytes takes time.
fn short<'a>(raw: &'a str, place: &Place<'_>, notes: &mut Notes) -> &'a str {
    if raw.len() <= CELL_BYTES_MAX {
        return raw;
    }
    notes.say(&LONG, place.line, place.what);
    let end = (0..=CELL_BYTES_MAX).rev().find(|at| raw.is_char_boundary(*at)).unwrap_or_default();
    raw.get(..end).unwrap_or_default()
}

fn composed(text: String) -> String {
    // Plain ASCII is composed already, and most values are nothing else.
    if text.is_ascii() { text } else { text.nfc().collect() }
}

fn cut(text: String, field: &str, max: usize, place: &Place<'_>, notes: &mut Notes) -> String {
    // Bytes are never fewer than characters, so that most texts need no counting.
    if text.len() <= max || text.chars().count() <= max {
        return text;
    }
    notes.warn(place.line, place.what, format!("{field} is longer than {max} characters and was cut"));
    text.chars().take(max).collect()
}

/// A handle or SKU: kept as written, never cut, since half a code names something else.
pub fn code(raw: &str, field: &'static str) -> Result<String, Complaint> {
    let text = raw.trim();
    if text.is_empty() {
        return Err(Complaint::new(field, format!("the {field} is missing"), format!("give the row a {field}")));
    }
    if text.chars().any(char::is_control) || text.chars().count() > CODE_CHARS_MAX {
        let reason = format!("the {field} \"{}\" is too long or has control characters", quote(text));
        return Err(Complaint::new(field, reason, format!("write at most {CODE_CHARS_MAX} plain characters")));
    }
    Ok(text.to_owned())
}

/// What stands where nobody counts.
#[rustfmt::skip]
const IN_STOCK: [&str; 17] = [
    "yes", "y", "true", "in stock", "instock", "in_stock", "available", "ja", "auf lager", "verfügbar", "lieferbar", "sí", "si", "sim",
    "oui", "en stock", "disponible",
];
#[rustfmt::skip]
const OUT_OF_STOCK: [&str; 15] = [
    "no", "n", "false", "out of stock", "outofstock", "out_of_stock", "sold out", "nein", "ausverkauft", "nicht lieferbar", "agotado",
    "não", "esgotado", "non", "épuisé",
];

/// Pieces; an empty cell means that the shop does not count them.
pub fn stock(raw: &str, place: &Place<'_>, notes: &mut Notes) -> Result<Option<i64>, Complaint> {
    let text = raw.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let complaint = |reason: &str| {
        let reason = format!("\"{}\" {reason}", quote(text));
        Complaint::new("stock", reason, "write a whole number of pieces, or leave it empty when they are not counted")
    };
    let told = text.to_lowercase();
    if IN_STOCK.contains(&told.as_str()) {
        return Ok(None);
    } else if OUT_OF_STOCK.contains(&told.as_str()) {
        return Ok(Some(0));
    }
    // Spreadsheets and some shops count with decimals.
    let whole =
        text.split_once(['.', ',']).filter(|(_, part)| part.bytes().all(|b| b == b'0')).map_or(text, |(w, _)| w);
    match whole.parse::<i64>() {
        Ok(pieces @ 0..=1_000_000_000) => Ok(Some(pieces)),
        // Shops that sold more than they had write this; what they have is nothing.
        Ok(pieces) if pieces < 0 => {
            notes.say(&NEGATIVE, place.line, place.what);
            Ok(Some(0))
        }
        Ok(_) => Err(complaint("is too large a stock")),
        Err(_) => Err(complaint("is not a whole number")),
    }
}

/// `waterproof: yes; weight: 310 g` as a map with keys in lower case.
pub fn attributes(raw: &str, place: &Place<'_>, notes: &mut Notes) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    for pair in raw.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        let Some((key, value)) = pair.split_once(':') else {
            notes.warn(
                place.line,
                place.what,
                format!("attribute \"{}\" has no \"key: value\"; left out", quote(pair)),
            );
            continue;
        };
        attribute(&mut map, key, value, ATTRIBUTES_MAX, place, notes);
    }
    map
}

/// Adds one attribute; empty, double and surplus ones are left out with a warning.
pub fn attribute(
    map: &mut BTreeMap<String, String>,
    key: &str,
    value: &str,
    max: usize,
    place: &Place<'_>,
    notes: &mut Notes,
) {
    let key = line(key, "an attribute's key", NAME_CHARS_MAX, place, notes).to_lowercase();
    let value = line(value, "an attribute's value", ATTRIBUTE_CHARS_MAX, place, notes);
    let trouble = if key.is_empty() || value.is_empty() {
        "has an empty key or value"
    } else if map.contains_key(&key) {
        "stands twice"
    } else if map.len() >= max {
        "is one too many"
    } else {
        map.insert(key, value);
        return;
    };
    notes.warn(place.line, place.what, format!("attribute \"{}\" {trouble}; left out", quote(&key)));
}

/// A file name below `/pictures/` or an https address; anything else is left out with a warning.
pub fn picture(raw: &str, place: &Place<'_>, notes: &mut Notes) -> Option<String> {
    let text = raw.trim();
    if text.is_empty() {
        return None;
    }
    let fits = text.chars().count() <= PICTURE_CHARS_MAX && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    // Pages are served over https, where a browser would refuse the plain address anyway.
    let upgraded = text.strip_prefix("http://").map(|rest| format!("https://{rest}"));
    let picture = upgraded.unwrap_or_else(|| text.to_owned());
    let file = !picture.contains(['/', '\\', ':', '?', '#', '%']) && !picture.starts_with('.');
    if fits && (file || picture.starts_with("https://")) {
        return Some(picture);
    }
    let text = format!("picture \"{}\" is neither a file name nor an https address; left out", quote(text));
    notes.warn(place.line, place.what, text);
    None
}

/// The page of a product in the merchant's own shop; anything but a web address is left out with a warning.
pub fn url(raw: &str, place: &Place<'_>, notes: &mut Notes) -> Option<String> {
    let text = raw.trim();
    if text.is_empty() {
        return None;
    }
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace()) && text.len() <= URL_BYTES_MAX;
    if plain && (text.starts_with("https://") || text.starts_with("http://")) {
        return Some(text.to_owned());
    }
    notes.warn(place.line, place.what, format!("\"{}\" is no web address; left out", quote(text)));
    None
}

/// The beginning of a value, for messages.
pub fn quote(text: &str) -> String {
    let short: String = text.chars().take(QUOTE_CHARS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(QUOTE_CHARS_MAX).is_some() { format!("{short}…") } else { short }
}
