//! Products as cards and as tool results; every figure is read from the product as it is in the store now.

use crate::agent::clean::label;
use crate::agent::tool::Output;
use crate::domain::fact::{Status, Unit, Value};
use crate::domain::id::VariantId;
use crate::domain::message::{Button, Card, Left};
use crate::domain::product::{Product, Variant};
use crate::wording::Voice;
use crate::wording::phrases::CARD_FROM;
use serde_json::json;

/// Pieces from which the exact number is not told.
const FEW: i64 = 5;
/// Attributes on a card.
const ATTRIBUTES_SHOWN: usize = 2;
/// Attributes in a tool's result.
const ATTRIBUTES_LISTED: usize = 20;
/// Characters of a summary.
const SUMMARY_CHARS_MAX: usize = 180;

/// The variants of a product that a wish is about, or all of them.
fn meant<'a>(product: &'a Product, matching: &[VariantId]) -> Vec<&'a Variant> {
    let found: Vec<&Variant> = product.variants.iter().filter(|v| matching.contains(&v.id)).collect();
    if found.is_empty() { product.variants.iter().collect() } else { found }
}

/// Lowest price first, then what it cost before.
fn cheapest<'a>(variants: &[&'a Variant]) -> Option<&'a Variant> {
    variants.iter().copied().min_by_key(|v| (!v.in_stock(), v.price.minor))
}

/// `in stock`, `2 left`, `sold out`.
pub fn stock(variant: &Variant) -> String {
    stock_value(&[variant]).show()
}

fn stock_of(variants: &[&Variant]) -> String {
    stock_value(variants).show()
}

/// How much is left, for pages that show it in a colour.
fn left(variants: &[&Variant]) -> Left {
    match stock_value(variants) {
        Value::Quantity { .. } => Left::Few,
        Value::Status(Status::SoldOut) => Left::None,
        _ => Left::Enough,
    }
}

/// The stock of what is meant, as a fact: the exact number only where few are left.
pub fn stock_value(variants: &[&Variant]) -> Value {
    match variants {
        [Variant { stock: Some(left), .. }] if (1..FEW).contains(left) => {
            Value::Quantity { amount: *left, unit: Unit::Left }
        }
        several if several.iter().any(|v| v.in_stock()) => Value::Status(Status::InStock),
        _ => Value::Status(Status::SoldOut),
    }
}

/// A product as a tool's result, with its figures as facts of `name`.
pub fn item(output: &mut Output, name: &str, product: &Product, matching: &[VariantId]) -> serde_json::Value {
    let variants = meant(product, matching);
    let title = label(&product.title);
    let called = vec![title.clone()];
    let mut fact = |field: &str, value: Value| {
        output.facts.push(crate::domain::fact::Fact {
            entity: name.to_owned(),
            field: field.to_owned(),
            called: called.clone(),
            value,
        });
    };
    fact("title", Value::Name(title));
    fact("brand", Value::Name(label(&product.brand)));
    fact("stock", stock_value(&variants));
    for (key, value) in product.attributes.iter().take(ATTRIBUTES_LISTED) {
        fact(&format!("attributes.{key}"), Value::Text(value.clone()));
    }
    let best = cheapest(&variants);
    if let Some(best) = best {
        fact("price", Value::Money(best.price));
        if let Some(before) = best.compare_at {
            fact("compare_at", Value::Money(before));
        }
    }
    let mut names: Vec<&str> = Vec::new();
    for choice in product.variants.iter().flat_map(|v| &v.options) {
        if !names.contains(&choice.name.as_str()) {
            names.push(&choice.name);
        }
    }
    let mut options = serde_json::Map::new();
    for option in names {
        let values = product.option_values(option);
        fact(&format!("option_{}", option.to_lowercase()), Value::Text(values.join(", ")));
        options.insert(option.to_owned(), json!(values));
    }
    let summary = first_sentence(&product.description);
    fact("summary", Value::Text(summary.clone()));
    json!({
        "ref": name,
        "product": product.id,
        "title": product.title,
        "brand": product.brand,
        "category": product.category,
        "price": best.map(|v| v.price.to_string()),
        "price_from": variants.iter().any(|v| Some(v.price) != best.map(|b| b.price)),
        "compare_at": best.and_then(|v| v.compare_at).map(|m| m.to_string()),
        "stock": stock_of(&variants),
        "options": options,
        "attributes": product.attributes.iter().take(ATTRIBUTES_LISTED).collect::<std::collections::BTreeMap<_, _>>(),
        "summary": summary,
    })
}

/// A product as a card with its buttons.
pub fn card(product: &Product, matching: &[VariantId], voice: &Voice) -> Card {
    let variants = meant(product, matching);
    let best = cheapest(&variants);
    let from = variants.iter().any(|v| Some(v.price) != best.map(|b| b.price));
    let price = best.map_or_else(String::new, |v| voice.money(v.price));
    let mut parts: Vec<String> = Vec::new();
    let chosen = in_common(product, &variants);
    if !chosen.is_empty() {
        parts.push(chosen);
    }
    if !product.brand.is_empty() {
        parts.push(product.brand.clone());
    }
    for (key, value) in product.attributes.iter().filter(|(k, _)| telling(k)).take(ATTRIBUTES_SHOWN) {
        match value.as_str() {
            "yes" => parts.push(key.clone()),
            "no" => {}
            other => parts.push(other.to_owned()),
        }
    }
    Card {
        product: product.id.clone(),
        title: label(&product.title),
        subtitle: label(&parts.join(" · ")),
        price: if from { voice.say(CARD_FROM, &[("price", &price)]) } else { price },
        compare_at: best.filter(|_| !from).and_then(|v| v.compare_at).map(|m| voice.money(m)),
        stock: voice.value(&stock_value(&variants)),
        left: left(&variants),
        picture: product
            .picture
            .as_ref()
            .map(|p| if p.starts_with("https://") { p.clone() } else { format!("/pictures/{p}") }),
        choices: buttons(product, &variants),
        // Where there are sizes to choose from, the choice is ours to offer: nobody is to buy the first one by mistake.
        article: match variants.as_slice() {
            [only] => Some(only.id.clone()),
            _ => None,
        },
    }
}

/// The option values that all variants meant have in common, where the product comes in others as well: `M / Blue`.
fn in_common(product: &Product, variants: &[&Variant]) -> String {
    if variants.len() == product.variants.len() {
        return String::new();
    }
    let Some((first, rest)) = variants.split_first() else { return String::new() };
    let common = first.options.iter().filter(|c| rest.iter().all(|v| v.option(&c.name) == Some(c.value.as_str())));
    common.map(|choice| choice.value.as_str()).collect::<Vec<_>>().join(" / ")
}

fn buttons(product: &Product, variants: &[&Variant]) -> Vec<Button> {
    let mut buttons = vec![Button::new(format!("show:{}", product.id), "Details")];
    if let [only] = variants {
        if only.in_stock() {
            // What the button adds is written on it: a cart with the wrong size in it is found out too late.
            let options = label(&only.options_text());
            let hint = (product.variants.len() > 1 && !options.is_empty()).then_some(options);
            buttons.push(Button { hint, ..Button::new(format!("add:{}", only.id), "Add to cart") });
        }
    } else if variants.iter().any(|v| v.in_stock()) {
        buttons.push(Button::new(format!("pick:{}", product.id), "Choose & add"));
    }
    buttons
}

// The attributes a shopper decides by; the rest is one tap away.
fn telling(key: &str) -> bool {
    ["waterproof", "weight", "temperature", "comfort temperature", "capacity", "volume", "gender", "warmth", "type"]
        .contains(&key)
}

fn first_sentence(text: &str) -> String {
    let end = text
        .char_indices()
        .find(|(at, c)| *c == '.' && text.get(at + 1..).is_none_or(|t| t.starts_with(' ') || t.is_empty()));
    let sentence = end.map_or(text, |(at, _)| text.get(..=at).unwrap_or(text));
    sentence.chars().take(SUMMARY_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::{Currency, Money};
    use crate::domain::product::Choice;

    fn jacket() -> Product {
        let variant = |size: &str, colour: &str| Variant {
            id: VariantId::new(format!("{size}-{colour}")),
            options: vec![
                Choice { name: "Size".into(), value: size.into() },
                Choice { name: "Colour".into(), value: colour.into() },
            ],
            price: Money::new(9_900, Currency::EUR),
            compare_at: None,
            stock: Some(9),
            barcode: None,
            mpn: None,
        };
        Product {
            id: crate::domain::id::ProductId::new("fjell"),
            title: "Fjell".into(),
            brand: "Nordvik".into(),
            category: "Jackets".into(),
            description: String::new(),
            attributes: Default::default(),
            picture: None,
            more_pictures: Vec::new(),
            url: None,
            variants: vec![variant("M", "Blue"), variant("M", "Red"), variant("L", "Blue")],
        }
    }

    #[test]
    fn a_card_says_which_variant_it_adds() {
        let english = Voice::of_tag("en");
        let one = card(&jacket(), &[VariantId::new("M-Blue")], &english);
        assert_eq!(one.subtitle, "M / Blue · Nordvik");
        assert_eq!(one.choices.last().unwrap().hint.as_deref(), Some("M / Blue"));
        let some = card(&jacket(), &[VariantId::new("M-Blue"), VariantId::new("M-Red")], &english);
        assert_eq!(some.subtitle, "M · Nordvik");
        assert_eq!(card(&jacket(), &[], &english).subtitle, "Nordvik");
    }
}
