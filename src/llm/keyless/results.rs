//! What tools answer, read leniently: unknown fields are ignored, missing ones are empty.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Of `catalog_search`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Found {
    pub items: Vec<Item>,
    pub total: u64,
    pub relaxed: Vec<String>,
    pub relevant: bool,
}

/// One product of a search.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Item {
    #[serde(rename = "ref")]
    pub name: String,
    pub product: String,
    pub title: String,
    pub price: String,
    pub compare_at: Option<String>,
    pub attributes: BTreeMap<String, serde_json::Value>,
}

/// Of `catalog_get`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Got {
    pub products: Vec<Product>,
}

/// One product in full.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Product {
    #[serde(rename = "ref")]
    pub name: String,
    pub product: String,
    pub title: String,
    pub brand: Option<String>,
    pub category: Option<String>,
    pub description: Option<String>,
    pub attributes: BTreeMap<String, serde_json::Value>,
    pub options: BTreeMap<String, Vec<String>>,
    pub price: Option<String>,
    pub price_from: bool,
    pub compare_at: Option<String>,
    pub variants: Vec<Variant>,
}

/// One variant of a product.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Variant {
    pub variant: String,
    pub options: String,
    pub stock: String,
}

/// Of `knowledge_search`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LookedUp {
    pub passages: Vec<Passage>,
}

/// A piece of the shop's texts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Passage {
    #[serde(rename = "ref")]
    pub name: String,
    pub title: String,
    pub heading: String,
    pub text: String,
    pub valid_until: Option<String>,
    #[serde(rename = "match")]
    pub strength: String,
}

/// Of `cart_view`, and inside `cart_edit`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Cart {
    pub lines: Vec<Line>,
    pub total: Option<String>,
    pub done: Vec<String>,
    pub refused: Option<String>,
    pub choose: Option<Choose>,
}

/// A line of the cart.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Line {
    #[serde(rename = "ref")]
    pub name: Option<String>,
    pub variant: String,
    pub product: Option<String>,
    pub title: String,
    pub options: String,
    pub quantity: u32,
}

/// An option the shopper must still choose.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Choose {
    pub product: String,
    pub title: String,
    pub option: String,
    pub values: Vec<String>,
}

/// Of `checkout_propose`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Proposed {
    pub proposed: bool,
    pub refused: Option<String>,
}

/// Of `order_propose`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProposedChange {
    pub proposed: bool,
    pub refused: Option<String>,
    pub choose: Option<Choose>,
}

/// Of `order_list`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Orders {
    pub orders: Vec<Order>,
}

/// An order; the list leaves the later fields out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Order {
    #[serde(rename = "ref")]
    pub name: String,
    pub number: String,
    pub status: String,
    pub placed: Option<String>,
    pub shipped: Option<String>,
    pub delivered: Option<String>,
    pub carrier: Option<String>,
    pub tracking: Option<String>,
    pub refused: Option<String>,
}

/// Of `hand_off`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct HandedOff {
    pub handed_off: bool,
    pub colleagues: Option<String>,
}
