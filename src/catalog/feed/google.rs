//! What Google Merchant feeds say of a product, whether it stands in a table or in XML.

use crate::catalog::feed::cell;
use crate::catalog::feed::note::{Kind, Notes, Saying};
use crate::catalog::feed::row::{Row, Shelf};
use crate::catalog::feed::shopify::last_step;
use crate::catalog::feed::table::{Header, Table, cell as at};
use crate::catalog::feed::{Read, Wish};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

static LATER: Saying = Saying {
    kind: Kind::Answers,
    one: "variant can be ordered before it is there",
    many: "variants can be ordered before they are there",
    then: "its stock counts as uncounted",
};

/// What may differ between the variants of one group, in the order shoppers are asked.
const VARYING: [&str; 6] = ["color", "size", "material", "pattern", "gender", "age_group"];
/// What is told as an attribute, beside what varies.
const TOLD: [&str; 17] = [
    "condition",
    "shipping_weight",
    "product_weight",
    "product_length",
    "product_width",
    "product_height",
    "size_type",
    "size_system",
    "multipack",
    "energy_efficiency_class",
    "unit_pricing_measure",
    "product_type",
    "availability_date",
    "certification",
    "is_bundle",
    "material",
    "pattern",
];
/// What is read elsewhere or says nothing to shoppers.
const QUIET: [&str; 19] = [
    "id",
    "title",
    "description",
    "link",
    "mobile_link",
    "image_link",
    "additional_image_link",
    "availability",
    "price",
    "sale_price",
    "sale_price_effective_date",
    "brand",
    "gtin",
    "mpn",
    "item_group_id",
    "google_product_category",
    "identifier_exists",
    "adult",
    "product_detail",
];
const QUIET_STARTS: [&str; 16] = [
    "custom_label",
    "shipping",
    "tax",
    "ads_",
    "excluded_",
    "included_",
    "promotion",
    "shopping_ads",
    "min_",
    "max_",
    "expiration",
    "cost_of_goods",
    "installment",
    "subscription",
    "loyalty",
    "pause",
];

/// One entry of a feed: values by the attribute's name, `additional_image_link` and `product_detail` more than once.
#[derive(Debug, Default)]
pub struct Entry {
    /// Line it begins in.
    pub line: u64,
    /// Names without `g:`, with underscores.
    pub fields: Vec<(String, String)>,
}

impl Entry {
    /// The first value of a name.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.trim()).unwrap_or_default()
    }

    fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e str> {
        self.fields.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.trim())
    }
}

/// A column's name as the specification writes it.
pub fn field(name: &str) -> String {
    let name = name.trim().to_lowercase();
    name.strip_prefix("g:").unwrap_or(&name).replace([' ', '-'], "_").replace("image_links", "image_link")
}

/// Whether a header is that of a Merchant feed.
pub fn fits(header: &Header) -> bool {
    let names: HashSet<String> = header.names.iter().map(|n| field(n)).collect();
    let has = |name: &str| names.contains(name);
    has("id") && has("title") && has("price") && (has("link") || has("image_link") || has("availability"))
}

/// Reads the rows of a table.
pub fn table(table: &Table<'_>, wish: &mut Wish<'_>, notes: &mut Notes) -> Read {
    let names: Vec<String> = table.header.names.iter().map(|n| field(n)).collect();
    let known = |name: &str| is_known(&field(name));
    table.header.leave(table.line, &known, notes);
    let mut entries = Vec::new();
    let mut broken = Vec::new();
    let whole = table.walk(wish.limits, wish.progress, notes, &mut |line, record, fits, notes| {
        let id = names.iter().position(|n| n == "id");
        let group = at(record, names.iter().position(|n| n == "item_group_id")).trim();
        if let Err(complaint) = fits {
            let id = at(record, id).trim();
            broken.push(if group.is_empty() { id } else { group }.to_owned());
            return notes.reject(line, &cell::quote(id), complaint);
        }
        let fields = names.iter().zip(record).filter(|(_, value)| !value.trim().is_empty());
        let mut entry = Entry { line, fields: Vec::new() };
        for (name, value) in fields {
            if name == "additional_image_link" {
                entry.fields.extend(value.split(',').map(|v| (name.clone(), v.to_owned())));
            } else {
                entry.fields.push((name.clone(), value.to_owned()));
            }
        }
        entries.push(entry);
    });
    products(entries, broken, whole, wish, notes)
}

fn is_known(name: &str) -> bool {
    [&VARYING[..], &TOLD[..], &QUIET[..]].iter().any(|list| list.contains(&name))
        || QUIET_STARTS.iter().any(|start| name.starts_with(start))
}

/// Puts entries together into products; `broken` are ids or groups that could not be read.
pub fn products(entries: Vec<Entry>, broken: Vec<String>, whole: bool, wish: &mut Wish<'_>, notes: &mut Notes) -> Read {
    let mut marks = crate::catalog::feed::price::Marks::default();
    // What differs within a group is an option, what does not is an attribute: known only once all entries are.
    let mut groups: HashMap<String, BTreeMap<&'static str, HashSet<String>>> = HashMap::new();
    for (n, entry) in entries.iter().enumerate() {
        if n < crate::catalog::feed::price::PRICES_LOOKED_AT {
            marks.look(entry.get("price"));
        }
        let group = entry.get("item_group_id");
        if !group.is_empty() {
            let seen = groups.entry(group.to_owned()).or_default();
            for name in VARYING {
                seen.entry(name).or_default().insert(entry.get(name).to_lowercase());
            }
        }
    }
    let mut shelf = Shelf::new(wish.currency, wish.now, marks).titles_vary();
    for id in broken {
        shelf.mention(&id);
    }
    for entry in &entries {
        let (id, group) = (entry.get("id"), entry.get("item_group_id"));
        let seen = groups.get(group);
        let varies = |name: &str| seen.and_then(|seen| seen.get(name)).is_some_and(|values| values.len() > 1);
        let (options, same): (Vec<&str>, Vec<&str>) = VARYING.iter().partition(|name| varies(name));
        let options = options.into_iter().map(|name| (name, shown(name), entry.get(name)));
        let options: Vec<(&str, String, &str)> = options.filter(|(_, _, value)| !value.is_empty()).collect();
        let availability = field(entry.get("availability"));
        let mut more: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
        for name in same.into_iter().chain(TOLD.into_iter().filter(|name| !VARYING.contains(name))) {
            more.push((shown(name).to_lowercase().into(), entry.get(name).into()));
        }
        for detail in entry.all("product_detail") {
            // `section:name:value`, the section often empty.
            let mut parts = detail.splitn(3, ':').skip(1);
            if let (Some(name), Some(value)) = (parts.next(), parts.next()) {
                more.push((name.into(), value.into()));
            }
        }
        if matches!(availability.as_str(), "preorder" | "backorder" | "pre_order" | "back_order") {
            notes.say(&LATER, entry.line, id);
            more.push(("availability".into(), entry.get("availability").into()));
        }
        let (from, until) = entry.get("sale_price_effective_date").split_once('/').unwrap_or_default();
        let (path, google) = (entry.get("product_type"), entry.get("google_product_category"));
        // Google's categories may be bare numbers, which are no words for shoppers.
        let google = if google.bytes().all(|b| b.is_ascii_digit()) { "" } else { google };
        let row = Row {
            handle: if group.is_empty() { id } else { group },
            title: entry.get("title"),
            brand: entry.get("brand"),
            category: last_step(if path.is_empty() { google } else { path }),
            description: entry.get("description"),
            more_attributes: more,
            pictures: [entry.get("image_link")].into_iter().chain(entry.all("additional_image_link")).collect(),
            url: entry.get("link"),
            options: options.iter().map(|(field, name, value)| (name.as_str(), *value, label(field))).collect(),
            sku: id,
            barcode: entry.get("gtin"),
            mpn: entry.get("mpn"),
            price: entry.get("price"),
            sale_price: entry.get("sale_price"),
            sale_from: from,
            sale_until: until,
            stock: if matches!(availability.as_str(), "out_of_stock" | "sold_out") { "0" } else { "" },
            ..Row::default()
        };
        shelf.put(entry.line, &row, notes);
    }
    shelf.clear(whole, notes)
}

fn label(field: &str) -> &'static str {
    VARYING.into_iter().find(|name| *name == field).unwrap_or("option")
}

/// `age_group` as shoppers read it.
fn shown(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
