//! Products and their variants, as a merchant lists them.

use crate::domain::id::{ProductId, VariantId};
use crate::domain::money::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something the shop sells, in one or more variants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The merchant's handle.
    pub id: ProductId,
    /// The name shoppers see.
    pub title: String,
    /// The maker; empty when unknown.
    pub brand: String,
    /// The merchant's category; empty when unknown.
    pub category: String,
    /// Plain text.
    pub description: String,
    /// Properties such as `waterproof` → `yes`, keys in lower case.
    pub attributes: BTreeMap<String, String>,
    /// File name below `/pictures/`, or an https address.
    pub picture: Option<String>,
    /// Further pictures, in the merchant's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_pictures: Vec<String>,
    /// Its page in the merchant's own shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// At least one.
    pub variants: Vec<Variant>,
}

/// What is actually bought: one size, one colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// The merchant's SKU.
    pub id: VariantId,
    /// Such as Size → M, in the merchant's order.
    pub options: Vec<Choice>,
    /// What it costs now.
    pub price: Money,
    /// What it cost before, when it is reduced.
    pub compare_at: Option<Money>,
    /// Pieces that can still be sold; `None` when the shop does not count them.
    pub stock: Option<i64>,
    /// EAN, UPC or similar.
    pub barcode: Option<String>,
    /// The maker's part number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mpn: Option<String>,
}

/// One option of a variant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Size, Colour…
    pub name: String,
    /// M, Blue…
    pub value: String,
}

impl Product {
    /// Lowest and highest price of the variants; `None` only for a product without variants.
    pub fn price_range(&self) -> Option<(Money, Money)> {
        let low = self.variants.iter().map(|v| v.price).min_by_key(|m| m.minor)?;
        let high = self.variants.iter().map(|v| v.price).max_by_key(|m| m.minor)?;
        Some((low, high))
    }

    /// Whether any variant can be bought.
    pub fn in_stock(&self) -> bool {
        self.variants.iter().any(Variant::in_stock)
    }

    /// The variant with this id.
    pub fn variant(&self, id: &VariantId) -> Option<&Variant> {
        self.variants.iter().find(|v| &v.id == id)
    }

    /// The distinct values of one option (named without case), in listing order.
    pub fn option_values(&self, name: &str) -> Vec<&str> {
        let mut values: Vec<&str> = Vec::new();
        for choice in self.variants.iter().flat_map(|v| &v.options) {
            if choice.name.eq_ignore_ascii_case(name) && !values.contains(&choice.value.as_str()) {
                values.push(&choice.value);
            }
        }
        values
    }

    /// What one of its variants is called: `Fjord Jacket (M / Blue)`, or only the title when it has no options.
    pub fn name_of(&self, variant: &Variant) -> String {
        let options = variant.options_text();
        if options.is_empty() { self.title.clone() } else { format!("{} ({options})", self.title) }
    }
}

impl Variant {
    /// Whether at least one piece can be sold.
    pub fn in_stock(&self) -> bool {
        self.stock.is_none_or(|pieces| pieces > 0)
    }

    /// Whether `quantity` pieces can be sold.
    pub fn has(&self, quantity: u32) -> bool {
        self.stock.is_none_or(|pieces| pieces >= i64::from(quantity))
    }

    /// The options as one short text: `M / Blue`; empty when there are none.
    pub fn options_text(&self) -> String {
        self.options.iter().map(|c| c.value.as_str()).collect::<Vec<_>>().join(" / ")
    }

    /// The value of one option, named without case.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|c| c.name.eq_ignore_ascii_case(name)).map(|c| c.value.as_str())
    }
}
