//! JSON lines as product-data suppliers write them: one object a line, flat `attr_t_…`, `attr_n_…`, `attr_b_…` attributes.

use crate::catalog::feed::cell;
use crate::catalog::feed::cell::Place;
use crate::catalog::feed::note::{Complaint, Notes};
use crate::catalog::feed::{Item, Limits, PROGRESS_ROWS};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::{AMOUNT_MINOR_MAX, Currency, Money};
use crate::domain::product::{Product, Variant};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Attributes kept of one object; suppliers list hundreds, and the first ones matter most.
pub const ATTRIBUTES_KEPT: usize = 40;
/// Where the maker's part number goes, so that it is found as a code.
pub const PART_NUMBER: &str = "part number";
/// Attributes that name what kind of thing a product is, best first.
const CATEGORY_KEYS: [&str; 3] = ["attr_t_product_type", "attr_t_category", "attr_t_type"];

/// Reads lines into products of one variant each.
pub fn parse(
    text: &str,
    currency: Currency,
    limits: &Limits,
    progress: &mut dyn FnMut(u64, u64),
    notes: &mut Notes,
) -> (Vec<Item>, BTreeSet<ProductId>) {
    let total = text.len() as u64;
    let mut done = 0;
    let mut items = Vec::new();
    let mut unread = BTreeSet::new();
    let mut seen: HashMap<String, u64> = HashMap::new();
    for (line, json) in (1..).zip(text.split('\n')) {
        if line > limits.rows {
            notes.warn(line, "", format!("only the first {} lines were read; split the file", limits.rows));
            break;
        }
        done += json.len() as u64 + 1;
        if line % PROGRESS_ROWS == 0 {
            progress(done.min(total), total);
        }
        if json.trim().is_empty() {
            continue;
        }
        match object(line, json, currency, &mut seen, notes) {
            Ok(product) => items.push(Item { line, product, sales: BTreeMap::new() }),
            Err((id, complaint)) => {
                notes.reject(line, &cell::quote(&id), complaint);
                if !id.is_empty() && !seen.contains_key(&id) {
                    unread.insert(ProductId::new(id));
                }
            }
        }
    }
    unread.retain(|id| !seen.contains_key(id.as_str()));
    (items, unread)
}

/// Reads one line; an error carries the id, empty when there is none.
fn object(
    line: u64,
    json: &str,
    currency: Currency,
    seen: &mut HashMap<String, u64>,
    notes: &mut Notes,
) -> Result<Product, (String, Complaint)> {
    let map: Map<String, Value> = serde_json::from_str(json.trim()).map_err(|error| {
        let reason = format!("the line is not a JSON object ({error})");
        (String::new(), Complaint::new("line", reason, "write one JSON object a line"))
    })?;
    let id = cell::code(&scalar(&map, "id"), "id").map_err(|complaint| (String::new(), complaint))?;
    if let Some(first) = seen.get(&id) {
        let reason = format!("the id stands already in line {first}");
        return Err((id, Complaint::new("id", reason, "give every product its own id")));
    }
    let place = Place { line, what: &id };
    let title = cell::line(&scalar(&map, "title"), "title", cell::TITLE_CHARS_MAX, &place, notes);
    if title.is_empty() {
        return Err((id, Complaint::new("title", "the title is missing", "give the product a title")));
    }
    let price = match price(&map, currency) {
        Ok(price) => price,
        Err(complaint) => return Err((id, complaint)),
    };
    let category = CATEGORY_KEYS.iter().map(|key| scalar(&map, key)).find(|c| !c.is_empty()).unwrap_or_default();
    let codes = map.get("ean").and_then(Value::as_array);
    let barcode = codes.and_then(|codes| codes.first()).map(shown);
    let barcode = barcode.map(|code| cell::line(&code, "ean", cell::CODE_CHARS_MAX, &place, notes));
    let stock = None;
    let product = Product {
        id: ProductId::new(id.clone()),
        title,
        brand: cell::line(&scalar(&map, "supplier"), "supplier", cell::NAME_CHARS_MAX, &place, notes),
        category: cell::line(&category, "category", cell::NAME_CHARS_MAX, &place, notes),
        description: cell::prose(
            &scalar(&map, "short_description"),
            "short_description",
            cell::DESCRIPTION_CHARS_MAX,
            &place,
            notes,
        ),
        attributes: attributes(&map, &place, notes),
        picture: cell::picture(&scalar(&map, "img_500x500"), &place, notes),
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

fn scalar(map: &Map<String, Value>, key: &str) -> String {
    map.get(key).map(shown).unwrap_or_default()
}

/// A single value as text: numbers without a useless `.0`, yes and no for truth values, nothing for the rest.
fn shown(value: &Value) -> String {
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
