//! Exact identifiers: what was typed against SKUs, part numbers and barcodes, letters and digits alone.

use crate::catalog::feed::jsonl::PART_NUMBER;
use crate::domain::product::Product;
use crate::search::analyse;
use serde::Serialize;

/// Words looked at for codes.
const WORDS_MAX: usize = 24;
/// Neighbouring words that may be one code.
const WINDOW_MAX: usize = 3;
/// Digits a code needs that has no letters: a year or a size is none.
const DIGITS_MIN: usize = 6;

/// Characters a code needs that has no digits.
const LETTERS_MIN: usize = 6;

/// What was typed that may be somebody's code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Typed {
    /// All of it as one code.
    whole: Vec<String>,
    /// Words, and neighbouring words as one.
    parts: Vec<String>,
}

/// How a product's code was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pin {
    /// Among other words.
    Part,
    /// And nothing else.
    Whole,
}

impl Typed {
    /// Reads what was typed.
    pub fn read(query: &str) -> Self {
        let words: Vec<&str> = query.split_whitespace().take(WORDS_MAX).collect();
        let windows = (1..=WINDOW_MAX).flat_map(|size| words.windows(size));
        let mut parts: Vec<String> = windows.flat_map(|window| keys(&window.concat())).collect();
        parts.dedup();
        let whole = keys(query);
        Self { whole, parts }
    }

    /// As tokens for the index.
    pub fn tokens(&self) -> Vec<String> {
        let mut tokens = self.whole.clone();
        tokens.extend(self.parts.iter().filter(|part| !self.whole.contains(part)).cloned());
        tokens
    }

    /// Whether a code of the product was typed.
    pub fn pin(&self, product: &Product) -> Option<Pin> {
        let codes = codes(product);
        let has = |typed: &[String]| typed.iter().any(|key| codes.contains(key));
        if has(&self.whole) {
            return Some(Pin::Whole);
        }
        has(&self.parts).then_some(Pin::Part)
    }
}

/// The product's codes as they are compared.
pub fn codes(product: &Product) -> Vec<String> {
    let of = product.variants.iter().flat_map(|v| [Some(v.id.as_str()), v.barcode.as_deref(), v.mpn.as_deref()]);
    let all = of.chain([product.attributes.get(PART_NUMBER).map(String::as_str)]);
    all.flatten().flat_map(analyse::code_keys).collect()
}

/// A text as the codes it may be. Without a digit it takes a hyphen: every other word would have to be looked up.
fn keys(text: &str) -> Vec<String> {
    let tied = text.contains(['-', '_']) && !text.contains(' ');
    let is_code = |key: &String| {
        let (letters, length) = (key.chars().any(char::is_alphabetic), key.chars().count());
        let numbered = analyse::is_code_like(key) && (letters || length >= DIGITS_MIN);
        numbered || (tied && length >= LETTERS_MIN)
    };
    analyse::code_keys(text).into_iter().filter(is_code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{ProductId, VariantId};
    use crate::domain::money::{Currency, Money};
    use crate::domain::product::Variant;

    fn printer() -> Product {
        let variant = Variant {
            id: VariantId::new("99-A"),
            options: Vec::new(),
            price: Money::new(100, Currency::EUR),
            compare_at: None,
            stock: None,
            barcode: Some("0095205603217".to_owned()),
            mpn: Some("FS-9130DN".to_owned()),
        };
        Product {
            id: ProductId::new("p"),
            title: "Printer".to_owned(),
            brand: String::new(),
            category: String::new(),
            description: String::new(),
            attributes: [(PART_NUMBER.to_owned(), "KYO 77-X".to_owned())].into(),
            picture: None,
            more_pictures: Vec::new(),
            url: None,
            variants: vec![variant],
        }
    }

    #[test]
    fn codes_are_known_however_they_are_typed() {
        let pin = |query: &str| Typed::read(query).pin(&printer());
        for whole in ["FS-9130DN", "fs9130dn", "FS 9130 DN", "fs-9130-dn", "95205603217", "kyo77x", "K Y O 7 7 X"] {
            assert_eq!(pin(whole), Some(Pin::Whole), "{whole}");
        }
        assert_eq!(pin("toner for FS 9130DN"), Some(Pin::Part));
        assert_eq!(pin("have you got the fs-9130dn in stock?"), Some(Pin::Part));
        for other in ["printer", "9130", "FS-9130", "laser printer 2020", ""] {
            assert_eq!(pin(other), None, "{other}");
        }
    }
}
