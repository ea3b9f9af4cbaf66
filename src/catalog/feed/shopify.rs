//! Shopify's product export: rows of variants under one handle, and rows that only bring a picture.

use crate::catalog::feed::cell;
use crate::catalog::feed::note::{Kind, Notes, Saying};
use crate::catalog::feed::row::{Row, Shelf};
use crate::catalog::feed::table::{Header, Table, cell as at};
use crate::catalog::feed::{Read, Wish};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

static UNSOLD: Saying = Saying {
    kind: Kind::NotSold,
    one: "product is a draft, archived or not published",
    many: "products are drafts, archived or not published",
    then: "they are not sold here",
};

/// Columns that say nothing to shoppers, by the beginnings of their names.
const QUIET: [&str; 25] = [
    "published",
    "option",
    "variant fulfillment service",
    "variant requires shipping",
    "variant taxable",
    "variant tax code",
    "variant grams",
    "variant image",
    "image position",
    "image alt text",
    "gift card",
    "seo ",
    "google shopping / ",
    "variant weight unit",
    "cost per item",
    "included / ",
    "price / ",
    "compare at price / ",
    "charge tax",
    "tax code",
    "unit price ",
    "requires shipping",
    "fulfillment service",
    "weight ",
    "collection",
];

/// Whether a header is Shopify's, old or new.
pub fn fits(header: &Header) -> bool {
    let old = header.has("handle") && header.names.iter().any(|n| n.starts_with("variant ") || n == "body (html)");
    old || (header.has("url handle") && header.has("title"))
}

/// Reads rows into products.
pub fn parse(table: &Table<'_>, wish: &mut Wish<'_>, notes: &mut Notes) -> Read {
    let header = &table.header;
    let names: [&[&str]; 22] = [
        &["handle", "url handle"],
        &["title"],
        &["body (html)", "body html", "description"],
        &["vendor"],
        &["type", "custom product type"],
        &["product category", "standard product type", "google shopping / google product category"],
        &["tags"],
        &["status"],
        &["published", "published on online store"],
        &["variant sku", "sku"],
        &["variant barcode", "barcode"],
        &["google shopping / mpn"],
        &["variant price", "price"],
        &["variant compare at price", "compare-at price", "compare at price"],
        &["variant inventory tracker", "inventory tracker"],
        &["variant inventory qty", "inventory quantity"],
        &["variant inventory policy", "continue selling when out of stock"],
        &["image src", "product image url"],
        &["variant image", "variant image url"],
        &["variant grams", "weight value (grams)"],
        &["variant weight unit", "weight unit for display"],
        &["gift card"],
    ];
    let columns = names.map(|names| header.find(names));
    let [handle, title, body, vendor, kind, category, tags, status, published, sku, barcode, mpn, price, ..] = columns;
    let [.., compare_at, tracker, quantity, policy, image, variant_image, grams, unit, _gift] = columns;
    let options = [1, 2, 3].map(|n| {
        let fields = ["option1 value", "option2 value", "option3 value"];
        let find = |what: &str| header.find(&[format!("option{n} {what}").as_str()]);
        (find("name"), find("value"), fields.into_iter().nth(n - 1).unwrap_or("option"))
    });
    let extra = extra(header);
    let read = |name: &str| columns.iter().flatten().any(|c| header.names.get(*c).is_some_and(|n| n == name));
    let quiet = |name: &str| QUIET.iter().any(|start| name.starts_with(start)) || name.contains("metafield");
    header.leave(table.line, &|name| read(name) || quiet(name) || extra.iter().any(|(_, n, _)| n == name), notes);
    let mut names: HashMap<String, [String; 3]> = HashMap::new();
    let mut unsold: HashSet<String> = HashSet::new();
    let mut shelf = Shelf::new(wish.currency, wish.now, table.marks(&[price, compare_at])).coining();
    let whole = table.walk(wish.limits, wish.progress, notes, &mut |line, record, fits, notes| {
        let get = |column| at(record, column).trim();
        let id = get(handle);
        if let Err(complaint) = fits {
            shelf.mention(id);
            return notes.reject(line, &cell::quote(id), complaint);
        }
        let hidden = matches!(get(status).to_lowercase().as_str(), "draft" | "archived" | "unlisted")
            || (get(status).is_empty() && get(published).eq_ignore_ascii_case("false"));
        // The status stands on the first row of a product only.
        if !get(title).is_empty() && hidden && unsold.insert(id.to_owned()) {
            notes.say(&UNSOLD, line, id);
        }
        if unsold.contains(id) {
            return;
        }
        let remembered = names.entry(id.to_owned()).or_default();
        for ((name, _, _), remembered) in options.iter().zip(remembered.iter_mut()) {
            if !get(*name).is_empty() {
                remembered.clear();
                remembered.push_str(get(*name));
            }
        }
        // A product without options has one that says nothing.
        let real = |value: &str| !value.eq_ignore_ascii_case("default title");
        let chosen =
            options.iter().zip(remembered.iter()).map(|((_, value, field), name)| (name.as_str(), get(*value), *field));
        let chosen = chosen.filter(|(_, value, _)| !value.is_empty() && real(value)).collect();
        let path = get(category);
        let weight = weight(get(grams), get(unit));
        let mut more: Vec<(Cow<'_, str>, Cow<'_, str>)> = vec![("tags".into(), get(tags).into())];
        if path.contains('>') || get(kind).is_empty() {
            more.push(("product category".into(), path.into()));
        }
        more.push(("weight".into(), weight.into()));
        more.extend(extra.iter().map(|(column, _, key)| (Cow::from(key), Cow::from(get(Some(*column))))));
        let count = (tracker.is_none() || !get(tracker).is_empty()) && !continues(get(policy));
        let row = Row {
            handle: id,
            title: get(title),
            brand: get(vendor),
            category: if get(kind).is_empty() { last_step(path) } else { get(kind) },
            description: get(body),
            more_attributes: more,
            pictures: vec![get(image), get(variant_image)],
            options: chosen,
            sku: get(sku).trim_start_matches('\''),
            barcode: get(barcode).trim_start_matches('\''),
            mpn: get(mpn),
            price: get(price),
            compare_at: get(compare_at),
            // A tracker without a figure is the export of a shop with several stores: the figures are another file.
            stock: if count { get(quantity) } else { "" },
            bare: get(price).is_empty() && get(options[0].1).is_empty() && get(sku).is_empty(),
            ..Row::default()
        };
        shelf.put(line, &row, notes);
    });
    shelf.clear(whole, notes)
}

/// Metafields and Google's columns that shoppers ask for, as attributes.
fn extra(header: &Header) -> Vec<(usize, String, String)> {
    let named = header.names.iter().enumerate().filter_map(|(index, name)| {
        let key = match name.as_str() {
            "google shopping / gender" => "gender",
            "google shopping / age group" => "age group",
            "google shopping / condition" => "condition",
            _ => name.split_once(" (product.metafields.").map(|(key, _)| key)?,
        };
        Some((index, name.clone(), key.to_owned()))
    });
    named.filter(|(_, _, key)| !key.is_empty()).take(cell::ATTRIBUTES_MAX).collect()
}

fn continues(policy: &str) -> bool {
    matches!(policy.to_lowercase().as_str(), "continue" | "true" | "yes")
}

/// The last and narrowest step of `Apparel > Clothing > Dresses`.
pub fn last_step(path: &str) -> &str {
    path.rsplit('>').map(str::trim).find(|step| !step.is_empty()).unwrap_or_default()
}

/// Grams in the unit the shop shows; nothing for nothing.
fn weight(grams: &str, unit: &str) -> String {
    let Ok(grams) = grams.parse::<f64>() else { return String::new() };
    let (share, unit) = match unit.to_lowercase().as_str() {
        "kg" => (1_000.0, "kg"),
        "lb" => (453.592_37, "lb"),
        "oz" => (28.349_523_125, "oz"),
        _ => (1.0, "g"),
    };
    if !(grams.is_finite() && grams > 0.0 && grams < 1e9) {
        return String::new();
    }
    format!("{} {unit}", (grams / share * 1_000.0).round() / 1_000.0)
}
