//! Our own JSON of a product with its variants: prices as in the CSV, attributes and options as maps.

use crate::catalog::feed::cell;
use crate::catalog::feed::jsonl::{scalar, shown};
use crate::catalog::feed::note::{Complaint, Notes};
use crate::catalog::feed::row::{Row, Shelf, VARIANTS_MAX};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Puts one object on the shelf.
pub fn put(line: u64, map: &Map<String, Value>, shelf: &mut Shelf, notes: &mut Notes) {
    let first =
        |names: &[&str]| names.iter().map(|n| scalar(map, n)).find(|v| !v.trim().is_empty()).unwrap_or_default();
    let handle = first(&["handle", "id"]);
    let Some(variants) = map.get("variants").and_then(Value::as_array).filter(|list| !list.is_empty()) else {
        shelf.mention(&handle);
        let complaint = Complaint::new(
            "variants",
            "the product has no list of variants",
            "write at least one variant with sku and price",
        );
        return notes.reject(line, &cell::quote(&handle), complaint);
    };
    let [title, brand, category, description, url] =
        ["title", "brand", "category", "description", "url"].map(|name| scalar(map, name));
    let pairs = |value: Option<&Value>| -> Vec<(String, String)> {
        let map = value.and_then(Value::as_object);
        map.into_iter().flatten().map(|(key, value)| (key.clone(), shown(value))).collect()
    };
    let attributes = pairs(map.get("attributes"));
    let mut pictures = vec![scalar(map, "picture")];
    for list in ["pictures", "more_pictures"] {
        pictures.extend(map.get(list).and_then(Value::as_array).into_iter().flatten().map(shown));
    }
    for variant in variants.iter().take(VARIANTS_MAX) {
        let Some(variant) = variant.as_object() else {
            let complaint =
                Complaint::new("variants", "a variant is not an object", "write it as {\"sku\": …, \"price\": …}");
            notes.reject(line, &cell::quote(&handle), complaint);
            continue;
        };
        let names = [
            "sku",
            "barcode",
            "mpn",
            "price",
            "compare_at_price",
            "sale_price",
            "sale_from",
            "sale_until",
            "currency",
            "stock",
        ];
        let [sku, barcode, mpn, price, compare_at, sale_price, sale_from, sale_until, currency, stock] =
            names.map(|name| scalar(variant, name));
        let options = pairs(variant.get("options"));
        let row = Row {
            handle: &handle,
            title: &title,
            brand: &brand,
            category: &category,
            description: &description,
            more_attributes: attributes.iter().map(|(k, v)| (Cow::from(k), Cow::from(v))).collect(),
            pictures: pictures.iter().map(String::as_str).collect(),
            url: &url,
            options: options.iter().map(|(name, value)| (name.as_str(), value.as_str(), "options")).collect(),
            sku: &sku,
            barcode: &barcode,
            mpn: &mpn,
            price: &price,
            compare_at: &compare_at,
            sale_price: &sale_price,
            sale_from: &sale_from,
            sale_until: &sale_until,
            currency: &currency,
            stock: &stock,
            ..Row::default()
        };
        shelf.put(line, &row, notes);
    }
}
