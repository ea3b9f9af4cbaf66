//! Reads products in full: description, attributes, every variant with price and stock as they are now.

use crate::agent::ledger::Ledger;
use crate::agent::tool::Output;
use crate::agent::{Error, Thread, card, known};
use crate::app::App;
use crate::domain::fact::Value;
use crate::domain::id::ProductId;
use crate::domain::product::Product;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Products in one call.
const PRODUCTS_MAX: usize = 4;

/// What the model gives.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    products: Vec<String>,
}

pub(super) fn parameters() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": {"products": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": PRODUCTS_MAX}},
        "required": ["products"],
        "additionalProperties": false,
    })
}

/// Reads the products and names their figures.
pub async fn run(app: &App, thread: &Thread, arguments: Arguments, ledger: &mut Ledger) -> Result<Output, Error> {
    let ids: Vec<ProductId> =
        arguments.products.iter().take(PRODUCTS_MAX).map(|id| ProductId::new(ledger.id_of(id).unwrap_or(id))).collect();
    let products = app.store.read(&thread.shop.id).await?.products(&ids).await?;
    if products.is_empty() {
        return Ok(Output::refused("no such product; search for it first"));
    }
    let mut output = Output::default();
    let mut listed = Vec::new();
    for product in &products {
        let name = output.named(ledger, 'p', product.id.as_str());
        listed.push(full(&mut output, ledger, &name, product));
    }
    output.content = json!({ "products": listed });
    Ok(output)
}

/// A product in full, with its figures as facts of `name` and of a thing for each variant.
pub fn full(output: &mut Output, ledger: &mut Ledger, name: &str, product: &Product) -> serde_json::Value {
    let all: Vec<_> = product.variants.iter().map(|v| v.id.clone()).collect();
    let mut item = card::item(output, name, product, &all);
    let called = vec![product.title.clone()];
    output.fact(name, "description", &called, Value::Text(product.description.clone()));
    let refs = known::variants(output, ledger, product);
    let variants: Vec<_> = product
        .variants
        .iter()
        .zip(refs)
        .enumerate()
        .map(|(n, (v, named))| {
            json!({
                "n": n + 1,
                "ref": named,
                "variant": v.id,
                "options": v.options_text(),
                "price": v.price.to_string(),
                "compare_at": v.compare_at.map(|m| m.to_string()),
                "stock": card::stock(v),
            })
        })
        .collect();
    if let Some(item) = item.as_object_mut() {
        item.insert("description".to_owned(), json!(product.description));
        item.insert("variants".to_owned(), json!(variants));
    }
    item
}
