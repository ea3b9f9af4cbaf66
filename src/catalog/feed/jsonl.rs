//! JSON: one object a line or a list of them, flat with `attr_t_…` attributes as suppliers write them, or with variants.

use crate::catalog::feed::cell;
use crate::catalog::feed::cell::Place;
use crate::catalog::feed::note::{Complaint, Notes};
use crate::catalog::feed::price::Marks;
use crate::catalog::feed::row::Shelf;
use crate::catalog::feed::{Item, PROGRESS_ROWS, Read, Wish, newlines, rich};
use crate::cores;
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::{AMOUNT_MINOR_MAX, Currency, Money};
use crate::domain::product::{Product, Variant};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Attributes kept of one object; suppliers list hundreds, and the first ones matter most.
pub const ATTRIBUTES_KEPT: usize = 40;
/// Where the maker's part number goes, so that it is found as a code.
pub const PART_NUMBER: &str = "part number";
/// Lines read together, and how many are worth a thread of their own.
const ROWS_AT_ONCE: usize = 4_000;
const PART_MIN: usize = 100;
/// Attributes that name what kind of thing a product is, best first.
const CATEGORY_KEYS: [&str; 3] = ["attr_t_product_type", "attr_t_category", "attr_t_type"];

/// Reads lines, or the objects of a list, into products.
pub fn parse(text: &str, wish: &mut Wish<'_>, notes: &mut Notes) -> Read {
    let total = text.len() as u64;
    let mut items = Vec::new();
    let mut unread = BTreeSet::new();
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut shelf = Shelf::new(wish.currency, wish.now, Marks::default());
    // A list that is not closed was torn off on its way here.
    let mut whole = !text.trim_start().starts_with('[') || text.trim_end().ends_with(']');
    let mut rows = 0;
    let currency = wish.currency;
    let mut pieces = Pieces::new(text).filter(|(_, _, json)| !json.trim().is_empty());
    // Lines are read on all cores, some at a time, and put together in their order.
    let mut ready = Vec::new().into_iter();
    while let Some((line, done, row)) = ready.next().or_else(|| {
        ready = some_rows(&mut pieces, currency).into_iter();
        ready.next()
    }) {
        rows += 1;
        if rows > wish.limits.rows {
            notes.warn(line, "", format!("only the first {} lines were read; split the file", wish.limits.rows));
            whole = false;
            break;
        }
        if rows % PROGRESS_ROWS == 0 {
            (wish.progress)(done.min(total), total);
        }
        let (product, said) = match row {
            Row::Unreadable(reason) => {
                notes.reject(line, "", Complaint::new("line", reason, "write one JSON object a line"));
                continue;
            }
            Row::Rich(map) => {
                rich::put(line, &map, &mut shelf, notes);
                continue;
            }
            Row::Flat(product, said) => (*product, said),
        };
        let id = match &product {
            Ok(product) => product.id.as_str(),
            Err((id, _)) => id,
        };
        if let Some(first) = seen.get(id) {
            let reason = format!("the id stands already in line {first}");
            notes.reject(line, &cell::quote(id), Complaint::new("id", reason, "give every product its own id"));
            continue;
        }
        notes.append(said);
        match product {
            Ok(product) => {
                seen.insert(product.id.to_string(), line);
                items.push(Item { line, product, sales: BTreeMap::new() });
            }
            Err((id, complaint)) => {
                notes.reject(line, &cell::quote(&id), complaint);
                if !id.is_empty() {
                    unread.insert(ProductId::new(id));
                }
            }
        }
    }
    let rich = shelf.clear(whole, notes);
    for item in rich.items {
        if seen.contains_key(item.product.id.as_str()) {
            let complaint =
                Complaint::new("id", "the id stands already in another line", "give every product its own id");
            notes.reject(item.line, &cell::quote(item.product.id.as_str()), complaint);
        } else {
            items.push(item);
        }
    }
    items.sort_by_key(|item| item.line);
    unread.extend(rich.unread);
    let read: HashSet<&str> = items.iter().map(|item| item.product.id.as_str()).collect();
    unread.retain(|id| !read.contains(id.as_str()));
    Read { items, unread, whole }
}

/// A line as it was read, before anybody knows what stands in the others.
enum Row {
    /// No object, and why.
    Unreadable(String),
    /// A product with variants, which other lines may add to.
    Rich(Map<String, Value>),
    /// A product of its own, or its id (empty when there is none) and what is wrong with it; and what is to be said of it.
    Flat(Box<Result<Product, (String, Complaint)>>, Notes),
}

/// Reads the next lines.
fn some_rows<'t>(pieces: &mut impl Iterator<Item = (u64, u64, &'t str)>, currency: Currency) -> Vec<(u64, u64, Row)> {
    let some: Vec<(u64, u64, &str)> = pieces.take(ROWS_AT_ONCE).collect();
    let read = cores::in_parts(&some, PART_MIN, |_, part| {
        part.iter().map(|(line, done, json)| (*line, *done, row(*line, json, currency))).collect::<Vec<_>>()
    });
    read.into_iter().flatten().collect()
}

fn row(line: u64, json: &str, currency: Currency) -> Row {
    let map: Map<String, Value> = match serde_json::from_str(json.trim()) {
        Ok(map) => map,
        Err(error) => return Row::Unreadable(format!("the line is not a JSON object ({error})")),
    };
    if map.contains_key("variants") {
        return Row::Rich(map);
    }
    let mut said = Notes::default();
    let product = object(line, &map, currency, &mut said);
    Row::Flat(Box::new(product), said)
}

/// The objects of a file: its lines, or what stands between the brackets of a list.
struct Pieces<'t> {
    rest: &'t str,
    done: u64,
    line: u64,
    list: bool,
}

impl<'t> Pieces<'t> {
    fn new(text: &'t str) -> Self {
        let start = text.trim_start();
        let list = start.starts_with('[');
        let rest = if list { start.get(1..).unwrap_or_default() } else { text };
        let skipped = text.len() - rest.len();
        let line = 1 + newlines(text.as_bytes().get(..skipped).unwrap_or_default());
        Self { rest, done: skipped as u64, line, list }
    }

    fn take(&mut self, bytes: usize) -> &'t str {
        let (piece, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.done += piece.len() as u64;
        piece
    }
}

impl<'t> Iterator for Pieces<'t> {
    type Item = (u64, u64, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.list {
            let between = self.rest.find(|c: char| !c.is_whitespace() && c != ',').unwrap_or(self.rest.len());
            let skipped = self.take(between);
            self.line += newlines(skipped.as_bytes());
            if self.rest.is_empty() || self.rest.trim() == "]" {
                return None;
            }
        } else if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let end =
            if self.list { object_end(self.rest) } else { self.rest.find('\n').map_or(self.rest.len(), |at| at + 1) };
        let piece = self.take(end);
        self.line += newlines(piece.as_bytes());
        Some((line, self.done, piece))
    }
}

/// Where the object at the beginning ends, told by its brackets; at least one character is taken.
fn object_end(text: &str) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_u64, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            b',' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Reads one line; an error carries the id, empty when there is none.
fn object(
    line: u64,
    map: &Map<String, Value>,
    currency: Currency,
    notes: &mut Notes,
) -> Result<Product, (String, Complaint)> {
    let id = cell::code(&scalar(map, "id"), "id").map_err(|complaint| (String::new(), complaint))?;
    let place = Place { line, what: &id };
    let title = cell::line(&scalar(map, "title"), "title", cell::TITLE_CHARS_MAX, &place, notes);
    if title.is_empty() {
        return Err((id, Complaint::new("title", "the title is missing", "give the product a title")));
    }
    let price = match price(map, currency) {
        Ok(price) => price,
        Err(complaint) => return Err((id, complaint)),
    };
    let category = CATEGORY_KEYS.iter().map(|key| scalar(map, key)).find(|c| !c.is_empty()).unwrap_or_default();
    let codes = map.get("ean").and_then(Value::as_array);
    let barcode = codes.and_then(|codes| codes.first()).map(shown);
    let barcode = barcode.map(|code| cell::line(&code, "ean", cell::CODE_CHARS_MAX, &place, notes));
    let stock = None;
    Ok(Product {
        id: ProductId::new(id.clone()),
        title,
        brand: cell::line(&scalar(map, "supplier"), "supplier", cell::NAME_CHARS_MAX, &place, notes),
        category: cell::line(&category, "category", cell::NAME_CHARS_MAX, &place, notes),
        description: cell::body(
            &scalar(map, "short_description"),
            "short_description",
            cell::DESCRIPTION_CHARS_MAX,
            &place,
            notes,
        ),
        attributes: attributes(map, &place, notes),
        picture: cell::picture(&scalar(map, "img_500x500"), &place, notes),
        more_pictures: Vec::new(),
        url: None,
        variants: vec![Variant {
            id: VariantId::new(id.clone()),
            options: Vec::new(),
            price,
            compare_at: None,
            stock,
            barcode: barcode.filter(|code| !code.is_empty()),
            mpn: None,
        }],
    })
}

/// The price in minor units, a whole number.
fn price(map: &Map<String, Value>, currency: Currency) -> Result<Money, Complaint> {
    let remedy = "write the price as a whole number of minor units, 1250 for 12.50";
    let written = match map.get("price") {
        None | Some(Value::Null) => return Err(Complaint::new("price", "the price is missing", remedy)),
        Some(value) => value,
    };
    let text = shown(written);
    match text.trim().parse::<i64>() {
        Ok(minor @ 0..=AMOUNT_MINOR_MAX) => Ok(Money::new(minor, currency)),
        _ => Err(Complaint::new("price", format!("\"{}\" is not a price in minor units", cell::quote(&text)), remedy)),
    }
}

/// The part number and the first flat attributes, in the supplier's order.
fn attributes(map: &Map<String, Value>, place: &Place<'_>, notes: &mut Notes) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    let part = scalar(map, "name");
    if !part.trim().is_empty() {
        cell::attribute(&mut attributes, PART_NUMBER, &part, ATTRIBUTES_KEPT, place, notes);
    }
    for (key, value) in map {
        let Some(key) = ["attr_t_", "attr_n_", "attr_b_"].iter().find_map(|kind| key.strip_prefix(kind)) else {
            continue;
        };
        if attributes.len() >= ATTRIBUTES_KEPT {
            break;
        }
        let key = key.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase();
        let value = shown(value);
        // Suppliers fill in nothing, or one key twice under two kinds: no news to the merchant, whose file it is not.
        if !key.is_empty() && !value.trim().is_empty() && !attributes.contains_key(&key) {
            cell::attribute(&mut attributes, &key, &value, ATTRIBUTES_KEPT, place, notes);
        }
    }
    attributes
}

pub(super) fn scalar(map: &Map<String, Value>, key: &str) -> String {
    map.get(key).map(shown).unwrap_or_default()
}

/// A single value as text: numbers without a useless `.0`, yes and no for truth values, nothing for the rest.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
        }
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::feed::{self, Limits};

    /// Many lines, of which some are no objects, some say an id again and some have a value that is too long.
    #[test]
    fn lines_read_on_several_cores_are_told_of_in_their_order() {
        let many = PART_MIN as u64 * 5;
        let long = "x".repeat(cell::ATTRIBUTE_CHARS_MAX + 1);
        let line = |n: u64| match n {
            250 => "{torn".to_owned(),
            400 => format!("{{\"id\":\"p3\",\"title\":\"Again\",\"price\":1,\"attr_t_a\":\"{long}\"}}"),
            410 => "{\"id\":\"p410\",\"price\":1}".to_owned(),
            n if n % 100 == 7 => format!("{{\"id\":\"p{n}\",\"title\":\"T\",\"price\":1,\"attr_t_a\":\"{long}\"}}"),
            n => format!("{{\"id\":\"p{n}\",\"title\":\"Tent {n}\",\"price\":{n}}}"),
        };
        let text: String = (1..=many).map(|n| line(n) + "\n").collect();
        let now = jiff::Timestamp::UNIX_EPOCH;
        let read = feed::parse("t.jsonl", text.as_bytes(), Currency::EUR, now, &Limits::default(), &mut |_, _| {});
        let read = read.unwrap();
        let lines: Vec<u64> = read.items.iter().map(|item| item.line).collect();
        assert_eq!(lines, (1..=many).filter(|n| ![250, 400, 410].contains(n)).collect::<Vec<_>>());
        assert!(read.items.iter().all(|item| item.product.id.as_str() == format!("p{}", item.line)));
        let rejects: Vec<(u64, &str)> = read.rejects.iter().map(|r| (r.line, r.field.as_str())).collect();
        assert_eq!(rejects, [(250, "line"), (400, "id"), (410, "title")]);
        assert!(read.rejects[1].reason.ends_with("in line 3"), "{}", read.rejects[1].reason);
        let cut: Vec<u64> = read.warnings.iter().filter(|w| w.text.ends_with("was cut")).map(|w| w.line).collect();
        assert_eq!(
            cut,
            (0..many / 100).map(|n| n * 100 + 7).collect::<Vec<_>>(),
            "of what was left out nothing is told"
        );
        assert!(read.unread == BTreeSet::from([ProductId::new("p410")]));
    }
}
