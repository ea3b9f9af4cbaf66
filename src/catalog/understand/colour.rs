//! The colour of a product, whatever its shop calls that property, and where only its title tells it.

use crate::catalog::understand::lexicon::{self, COLOUR_NAMES, UNSURE_COLOURS};
use crate::catalog::understand::token::{Kind, fold, tokens};
use crate::domain::product::{Product, Variant};

/// The name all names for colours are compared as.
const COLOUR: &str = "colour";

/// A property's name as it is compared: `Color` and `Farbe` are one, others differ by more than capitals.
pub fn property(name: &str) -> String {
    if is_name(name) { COLOUR.to_owned() } else { name.to_lowercase() }
}

/// Whether a property of this name holds colours.
pub(super) fn is_name(name: &str) -> bool {
    COLOUR_NAMES.contains(&fold(name).as_str())
}

/// The colours a title tells, where no property does: "Ocean Blue Shirt".
pub fn titled(product: &Product) -> Vec<String> {
    let options = product.variants.iter().flat_map(|v| &v.options).map(|choice| &choice.name);
    if options.chain(product.attributes.keys()).any(|name| is_name(name)) {
        return Vec::new();
    }
    let brand: Vec<String> = tokens(&product.brand).into_iter().map(|token| token.low).collect();
    let words = tokens(&product.title).into_iter().filter(|token| token.kind == Kind::Word).map(|token| token.low);
    let sure = |word: &String| lexicon::colour(word).is_some() && !UNSURE_COLOURS.contains(&word.as_str());
    words.filter(|word| sure(word) && !brand.contains(word)).collect()
}

/// Whether a variant has one of the values of a property: as an option, as a property of its product, or by the title.
pub fn has(product: &Product, variant: &Variant, name: &str, values: &[String]) -> bool {
    let is = |own: &str| values.iter().any(|value| value.eq_ignore_ascii_case(own));
    if !is_name(name) {
        let own = variant.option(name).or_else(|| product.attributes.get(&name.to_lowercase()).map(String::as_str));
        return own.is_some_and(is);
    }
    let mut own = variant.options.iter().filter(|choice| is_name(&choice.name)).map(|choice| choice.value.as_str());
    let mut kept = product.attributes.iter().filter(|(key, _)| is_name(key)).map(|(_, value)| value.as_str());
    match own.next().or_else(|| kept.next()) {
        Some(own) => is(own),
        None => titled(product).iter().any(|own| is(own)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{ProductId, VariantId};
    use crate::domain::money::{Currency, Money};
    use crate::domain::product::Choice;

    fn shirt(title: &str, options: &[(&str, &str)], attributes: &[(&str, &str)]) -> Product {
        let text = |text: &str| text.to_owned();
        Product {
            id: ProductId::new("s"),
            title: text(title),
            brand: text("Red Fox"),
            category: String::new(),
            description: String::new(),
            attributes: attributes.iter().map(|(key, value)| (text(key), text(value))).collect(),
            picture: None,
            more_pictures: Vec::new(),
            url: None,
            variants: vec![Variant {
                id: VariantId::new("s1"),
                options: options.iter().map(|(name, value)| Choice { name: text(name), value: text(value) }).collect(),
                price: Money::new(5_000, Currency::EUR),
                compare_at: None,
                stock: None,
                barcode: None,
                mpn: None,
            }],
        }
    }

    #[test]
    fn a_colour_is_a_colour_by_every_name_and_in_a_title() {
        let blue = ["Blue".to_owned(), "Blau".to_owned()];
        for (product, expected) in [
            (shirt("Shirt", &[("Farbe", "Blau")], &[]), true),
            (shirt("Shirt", &[], &[("color", "blue")]), true),
            (shirt("Ocean Blue Shirt", &[("Size", "M")], &[]), true),
            (shirt("Ocean Blue Shirt", &[("Color", "White")], &[]), false),
            (shirt("Shirt", &[("Size", "M")], &[]), false),
            (shirt("Blueberry Shirt", &[], &[]), false),
        ] {
            let variant = &product.variants[0];
            assert_eq!(has(&product, variant, "Colour", &blue), expected, "{product:?}");
        }
        let foxes = shirt("Red Fox Shirt", &[], &[]);
        assert_eq!(titled(&foxes), Vec::<String>::new(), "the brand is no colour");
        assert_eq!(property("COLOR"), property("Farbe"));
        assert_ne!(property("Size"), property("Farbe"));
        let medium = shirt("Shirt", &[("Size", "M")], &[]);
        assert!(has(&medium, &medium.variants[0], "size", &["m".to_owned()]));
    }
}
