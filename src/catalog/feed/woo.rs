//! WooCommerce's product export: simple products, and variable ones with their variations by parent.

use crate::catalog::feed::cell;
use crate::catalog::feed::note::{Kind, Notes, Saying};
use crate::catalog::feed::row::{Row, Shelf};
use crate::catalog::feed::shopify::last_step;
use crate::catalog::feed::table::{Header, Table, cell as at};
use crate::catalog::feed::{Read, Wish};
use std::borrow::Cow;
use std::collections::HashMap;

/// Attributes of a row at most.
const ATTRIBUTES_MAX: usize = 30;

static UNSOLD: Saying = Saying {
    kind: Kind::NotSold,
    one: "row is private, a draft or a variation of one",
    many: "rows are private, drafts or variations of one",
    then: "they are not sold here",
};
static ELSEWHERE: Saying = Saying {
    kind: Kind::NotSold,
    one: "product is grouped or sold in another shop",
    many: "products are grouped or sold in another shop",
    then: "only what can be bought by itself is taken in",
};
static SHARED: Saying = Saying {
    kind: Kind::Answers,
    one: "variation shares the stock of its product",
    many: "variations share the stock of their product",
    then: "each is shown with all of it",
};

/// Columns by their names in English and German; exports carry the language of whoever makes them.
const NAMES: [&[&str]; 22] = [
    &["id"],
    &["type", "typ"],
    &["sku", "artikelnummer"],
    &["gtin, upc, ean, or isbn", "gtin, upc, ean oder isbn", "gtin"],
    &["name"],
    &["published", "veröffentlicht"],
    &["short description", "kurzbeschreibung"],
    &["description", "beschreibung"],
    &["date sale price starts", "datum, an dem angebotspreis beginnt"],
    &["date sale price ends", "datum, an dem angebotspreis endet"],
    &["in stock?", "vorrätig?", "auf lager?"],
    &["stock", "lager", "lagerbestand", "bestand"],
    &["backorders allowed?", "lieferrückstände erlaubt?", "lieferrückstand erlaubt?"],
    &["sale price", "angebotspreis"],
    &["regular price", "regulärer preis"],
    &["categories", "kategorien"],
    &["tags", "schlagwörter"],
    &["images", "bilder"],
    &["parent", "übergeordnetes produkt", "eltern"],
    &["external url", "externe url"],
    &["brands", "marken", "brand"],
    &["visibility in catalog", "sichtbarkeit im katalog"],
];
/// Columns that say nothing to shoppers, by the beginnings of their names.
const QUIET: [&str; 34] = [
    "meta:",
    "is featured?",
    "tax ",
    "low stock",
    "sold individually?",
    "allow customer reviews?",
    "purchase note",
    "shipping class",
    "download",
    "grouped products",
    "upsells",
    "cross-sells",
    "button text",
    "position",
    "attribute ",
    "attribut ",
    "weight (",
    "length (",
    "width (",
    "height (",
    "gewicht (",
    "länge (",
    "breite (",
    "höhe (",
    "ist hervorgehoben?",
    "steuer",
    "geringe lagermenge",
    "nur einzeln verkaufen?",
    "kundenrezensionen",
    "hinweis zum kauf",
    "versandklasse",
    "gruppierte produkte",
    "zusatzverkäufe",
    "button-text",
];

/// Whether a header is WooCommerce's, in a language we know.
pub fn fits(header: &Header) -> bool {
    let has = |names: &[&str]| header.find(names).is_some();
    let [_, kind, ..] = NAMES;
    has(kind) && has(&["name"]) && has(&["regular price", "regulärer preis"])
}

/// Whether a header looks like WooCommerce's in some other language.
pub fn translated(header: &Header) -> bool {
    let numbered = header.names.iter().filter(|n| n.contains(" 1 ")).count();
    header.has("id") && (header.names.iter().any(|n| n.starts_with("meta:")) || numbered >= 3)
}

/// A variable product, known before its variations are read.
struct Parent {
    handle: String,
    stock: String,
    backorders: bool,
    sold: bool,
}

/// Reads rows into products.
pub fn parse(table: &Table<'_>, wish: &mut Wish<'_>, notes: &mut Notes) -> Read {
    let header = &table.header;
    let columns = NAMES.map(|names| header.find(names));
    let [id, kind, sku, gtin, name, published, short, long, from, until, in_stock, ..] = columns;
    let [.., stock, backorders, sale, price, categories, tags, images, parent, _, brand, _] = columns;
    let known = |n: &str| {
        columns.iter().flatten().any(|c| header.names.get(*c).is_some_and(|name| name == n))
            || QUIET.iter().any(|start| n.starts_with(start))
    };
    header.leave(table.line, &known, notes);
    let sizes = sizes(header);
    let attributes = attributes(header);
    let handle = |record: &csv::StringRecord| {
        let (sku, id) = (at(record, sku).trim(), at(record, id).trim());
        if sku.is_empty() && !id.is_empty() { format!("id-{id}") } else { sku.to_owned() }
    };
    let is_sold = |record: &csv::StringRecord| matches!(at(record, published).trim(), "" | "1" | "true");
    let mut parents: HashMap<String, Parent> = HashMap::new();
    table.skim(wish.limits.rows, &mut |record| {
        if at(record, kind).contains("variable") {
            let make = || Parent {
                handle: handle(record),
                stock: at(record, stock).trim().to_owned(),
                backorders: allowed(at(record, backorders)),
                sold: is_sold(record),
            };
            for key in [format!("id:{}", at(record, id).trim()), at(record, sku).trim().to_owned()] {
                if !key.is_empty() && key != "id:" {
                    parents.entry(key).or_insert_with(make);
                }
            }
        }
    });
    let mut shelf = Shelf::new(wish.currency, wish.now, table.marks(&[price, sale])).coining();
    let whole = table.walk(wish.limits, wish.progress, notes, &mut |line, record, fits, notes| {
        let get = |column| at(record, column).trim();
        let own = handle(record);
        if let Err(complaint) = fits {
            shelf.mention(&own);
            return notes.reject(line, &cell::quote(&own), complaint);
        }
        let kinds = get(kind).to_lowercase();
        let is = |wanted: &str| kinds.split(',').any(|k| k.trim() == wanted);
        let above = if is("variation") { parents.get(get(parent)) } else { None };
        if !is_sold(record) || above.is_some_and(|parent| !parent.sold) {
            return notes.say(&UNSOLD, line, &own);
        }
        if is("grouped") || is("external") {
            return notes.say(&ELSEWHERE, line, &own);
        }
        if is("variation") && above.is_none() {
            shelf.mention(get(parent));
            let reason =
                format!("the product \"{}\" it is a variation of is not in the file", cell::quote(get(parent)));
            let remedy = "export the variable products with their variations";
            return notes.reject(line, &own, crate::catalog::feed::note::Complaint::new("parent", reason, remedy));
        }
        let set = attributes.iter().map(|(name, value)| (get(Some(*name)), get(Some(*value))));
        let set: Vec<(&str, &str)> = set.filter(|(name, value)| !name.is_empty() && !value.is_empty()).collect();
        let counted = if get(stock).eq_ignore_ascii_case("parent") {
            notes.say(&SHARED, line, &own);
            above.map_or("", |parent| parent.stock.as_str())
        } else {
            get(stock)
        };
        let later = allowed(get(backorders)) || (get(backorders).is_empty() && above.is_some_and(|p| p.backorders));
        let pieces = match (get(in_stock), later) {
            (_, true) => "",
            ("0", false) => "0",
            _ => counted,
        };
        let path = categories_path(get(categories));
        let mut more: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
        for (column, key, unit) in &sizes {
            let size = get(Some(*column));
            if !size.is_empty() {
                more.push((key.into(), format!("{size} {unit}").into()));
            }
        }
        let variation = above.is_some();
        if !variation {
            more.extend(set.iter().map(|(name, value)| (Cow::from(*name), Cow::from(*value))));
            more.push(("tags".into(), get(tags).into()));
            if path != last_step(&path) {
                more.push(("categories".into(), get(categories).into()));
            }
        }
        let description = [get(short), get(long)].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
        let html = description.iter().any(|text| text.contains('<'));
        let description = description.join(if html { "<p>" } else { "\n\n" });
        // Written as two signs in the file, where a line break is meant.
        let description = description.replace("\\n", "\n");
        let row = Row {
            handle: above.map_or(own.as_str(), |parent| parent.handle.as_str()),
            title: if variation { "" } else { get(name) },
            brand: get(brand),
            category: last_step(&path),
            description: if variation { "" } else { &description },
            more_attributes: more,
            pictures: get(images).split(',').collect(),
            options: if variation {
                set.iter().map(|(n, v)| (*n, *v, "attribute value")).collect()
            } else {
                Vec::new()
            },
            sku: if get(sku).is_empty() { &own } else { get(sku) },
            barcode: get(gtin),
            price: get(price),
            sale_price: get(sale),
            sale_from: get(from),
            sale_until: get(until),
            stock: pieces,
            bare: is("variable"),
            ..Row::default()
        };
        shelf.put(line, &row, notes);
    });
    shelf.clear(whole, notes)
}

fn allowed(backorders: &str) -> bool {
    matches!(backorders.trim().to_lowercase().as_str(), "1" | "yes" | "notify")
}

/// The deepest of the categories `A > B, C`; a comma inside a name is written `\,`.
fn categories_path(raw: &str) -> String {
    let hidden = raw.replace("\\,", "\u{1}");
    let deepest = hidden.split(',').map(str::trim).rev().max_by_key(|path| path.matches('>').count());
    deepest.unwrap_or_default().replace('\u{1}', ",")
}

/// Name and value columns of the numbered attributes.
fn attributes(header: &Header) -> Vec<(usize, usize)> {
    let pair = |n: usize| {
        let find = |names: &[String]| header.names.iter().position(|have| names.contains(have));
        let name = find(&[format!("attribute {n} name"), format!("attribut {n} name")])?;
        let value =
            find(&[format!("attribute {n} value(s)"), format!("attribut {n} wert(e)"), format!("attribut {n} wert")])?;
        Some((name, value))
    };
    (1..=ATTRIBUTES_MAX).filter_map(pair).collect()
}

/// Columns such as `Weight (kg)`: where, what, and the unit.
fn sizes(header: &Header) -> Vec<(usize, String, String)> {
    let size = |(index, name): (usize, &String)| {
        let (what, unit) = name.strip_suffix(')')?.split_once(" (")?;
        let what = match what {
            "weight" | "gewicht" => "weight",
            "length" | "länge" => "length",
            "width" | "breite" => "width",
            "height" | "höhe" => "height",
            _ => return None,
        };
        Some((index, what.to_owned(), unit.to_owned()))
    };
    header.names.iter().enumerate().filter_map(size).collect()
}
