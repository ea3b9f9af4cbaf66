//! A product as the search index sees it: what is found by words, what filters ask for, and the text that is embedded.

use crate::catalog::feed::jsonl::PART_NUMBER;
use crate::catalog::understand::colour;
use crate::domain::product::Product;
use crate::search::{Doc, Kind, hash};

/// Moves whenever the same product gives another document, so that all are written anew.
pub const VERSION: i64 = 2;
/// Characters of the description that are embedded: attribute dumps and long tails make vectors worse.
const EMBEDDED_CHARS: usize = 600;

/// The text whose vector stands for a product.
pub fn embedded(product: &Product) -> String {
    let description: String = product.description.chars().take(EMBEDDED_CHARS).collect();
    format!("{}. {}. {}", product.title, product.category, description)
}

/// A product as a document: attributes and options as filters, and once more as words.
pub fn doc(product: &Product) -> Doc {
    let mut attributes: Vec<(String, String)> = Vec::new();
    let mut add = |key: &str, value: &str| {
        let pair = (colour::property(key), value.to_lowercase());
        if !value.is_empty() && !attributes.contains(&pair) {
            attributes.push(pair);
        }
    };
    add("category", &product.category);
    add("brand", &product.brand);
    product.attributes.iter().for_each(|(key, value)| add(key, value));
    product.variants.iter().flat_map(|v| &v.options).for_each(|c| add(&c.name, &c.value));
    colour::titled(product).iter().for_each(|value| add("colour", value));
    // Properties are filters. As words they drown the text: dozens of them cost a tenth of what BM25 ranks rightly.
    let named = [&product.category, &product.brand].into_iter().map(String::as_str);
    let choices = product.variants.iter().flat_map(|v| &v.options).map(|choice| choice.value.as_str());
    let mut properties: Vec<&str> = named.chain(choices).collect();
    properties.dedup();
    let mut codes: Vec<String> = product.variants.iter().map(|v| v.id.to_string()).collect();
    codes.extend(product.variants.iter().filter_map(|v| v.barcode.clone()));
    codes.extend(product.variants.iter().filter_map(|v| v.mpn.clone()));
    codes.extend(product.attributes.get(PART_NUMBER).cloned());
    let (low, high) = product.price_range().map_or((0, 0), |(low, high)| (low.minor, high.minor));
    Doc {
        kind: Kind::Product,
        id: product.id.to_string(),
        title: product.title.clone(),
        body: format!("{} {}", product.description, properties.join(" ")),
        codes,
        text: hash::text(&embedded(product)),
        price_min: low,
        price_max: high,
        in_stock: product.in_stock(),
        attributes,
    }
}
