//! JSON: one object a line or a list of them, flat with `attr_t_…` attributes as suppliers write them, or with variants.

use crate::catalog::feed::cell;
use crate::catalog::feed::cell::Place;
use crate::catalog::feed::note::{Complaint, Notes};
use crate::catalog::feed::price::Marks;
use crate::catalog::feed::row::Shelf;
use crate::catalog::feed::{Item, PROGRESS_ROWS, Read, Wish, newlines, rich};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::{AMOUNT_MINOR_MAX, Currency, Money};
use crate::domain::product::{Product, Variant};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Attributes kept of one object; suppliers list hundreds, and the first ones matter most.
pub const ATTRIBUTES_KEPT: usize = 40;
/// Where the maker's part number goes, so that it is found as a code.
pub const PART_NUMBER: &str = "part number";
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
    for (line, done, json) in Pieces::new(text) {
        if json.trim().is_empty() {
            continue;
        }
        rows += 1;
        if rows > wish.limits.rows {
            notes.warn(line, "", format!("only the first {} lines were read; split the file", wish.limits.rows));
            whole = false;
            break;
        }
        if rows % PROGRESS_ROWS == 0 {
            (wish.progress)(done.min(total), total);
        }
        let map: Map<String, Value> = match serde_json::from_str(json.trim()) {
            Ok(map) => map,
            Err(error) => {
                let reason = format!("the line is not a JSON object ({error})");
                notes.reject(line, "", Complaint::new("line", reason, "write one JSON object a line"));
                continue;
            }
        };
        if map.contains_key("variants") {
            rich::put(line, &map, &mut shelf, notes);
            continue;
        }
        match object(line, &map, wish.currency, &mut seen, notes) {
            Ok(product) => items.push(Item { line, product, sales: BTreeMap::new() }),
            Err((id, complaint)) => {
                notes.reject(line, &cell::quote(&id), complaint);
                if !id.is_empty() && !seen.contains_key(&id) {
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
    seen: &mut HashMap<String, u64>,
    notes: &mut Notes,
) -> Result<Product, (String, Complaint)> {
    let id = cell::code(&scalar(map, "id"), "id").map_err(|complaint| (String::new(), complaint))?;
    if let Some(first) = seen.get(&id) {
        let reason = format!("the id stands already in line {first}");
        return Err((id, Complaint::new("id", reason, "give every product its own id")));
    }
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
    let product = Product {
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
    };
    seen.insert(id, line);
    Ok(product)
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
