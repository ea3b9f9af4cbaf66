//! Changes the cart: what and how many; prices are not its business.

use crate::agent::ledger::Ledger;
use crate::agent::tool::{Effect, Output, cart_view};
use crate::agent::{Error, Thread};
use crate::app::App;
use crate::catalog::understand::is_colour;
use crate::domain::cart::Cart;
use crate::domain::fact::Value;
use crate::domain::id::{ProductId, VariantId};
use crate::domain::product::{Product, Variant};
use crate::store::Tx;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Changes in one call.
const OPERATIONS_MAX: usize = 10;
/// Characters of the wished options.
const OPTIONS_CHARS_MAX: usize = 100;

/// What the model gives.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    operations: Vec<Operation>,
}

/// One change.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    r#do: Do,
    #[serde(default)]
    product: Option<String>,
    #[serde(default)]
    variant: Option<String>,
    #[serde(default)]
    options: Option<String>,
    #[serde(default)]
    quantity: Option<u32>,
}

/// What to do with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Do {
    /// More of it.
    Add,
    /// So many of it.
    Set,
    /// None of it.
    Remove,
    /// Nothing at all.
    Clear,
}

pub(super) fn parameters() -> serde_json::Value {
    let text = || json!({"type": ["string", "null"]});
    json!({
        "type": "object",
        "properties": {"operations": {"type": "array", "minItems": 1, "maxItems": OPERATIONS_MAX, "items": {
            "type": "object",
            "properties": {
                "do": {"type": "string", "enum": ["add", "set", "remove", "clear"]},
                "product": text(),
                "variant": text(),
                "options": text(),
                "quantity": {"type": ["integer", "null"], "minimum": 0, "maximum": 99},
            },
            "required": ["do", "product", "variant", "options", "quantity"],
            "additionalProperties": false,
        }}},
        "required": ["operations"],
        "additionalProperties": false,
    })
}

/// A change of the tool's own making, for the reflexes.
pub fn add(variant: &str) -> String {
    json!({"operations": [{"do": "add", "product": null, "variant": variant, "options": null, "quantity": 1}]})
        .to_string()
}

/// What one operation came to.
enum Done {
    Said(String),
    Refused { why: String, choose: Option<serde_json::Value> },
}

/// Changes the cart. The first operation that is not possible stops the rest; what was done before it stays.
pub async fn run(
    app: &App,
    thread: &Thread,
    tx: &mut Tx,
    arguments: Arguments,
    ledger: &mut Ledger,
) -> Result<Output, Error> {
    let contact = &thread.contact.id;
    let mut cart = tx.cart(contact).await?;
    let read = cart.version;
    let mut done = Vec::new();
    let mut refused = None;
    for operation in arguments.operations.iter().take(OPERATIONS_MAX) {
        match one(tx, &mut cart, operation, ledger).await? {
            Done::Said(what) => done.push(what),
            Done::Refused { why, choose } => {
                refused = Some((why, choose));
                break;
            }
        }
    }
    let mut output = Output::default();
    if cart.version != read {
        tx.save_cart(contact, &cart, read, app.now()).await?;
        output.effect = Some(Effect::CartChanged);
    }
    for (n, what) in done.iter().enumerate() {
        output.fact("cart", &format!("done{}", n + 1), &[], Value::Text(what.clone()));
    }
    let view = cart_view::view(thread, tx, &cart, &mut output, ledger).await?;
    output.content = match refused {
        None => {
            let mut view = view;
            if let Some(view) = view.as_object_mut() {
                view.insert("done".to_owned(), json!(done));
            }
            view
        }
        Some((why, choose)) => {
            output.fact("cart", "refused", &[], Value::Text(why.clone()));
            // What may be chosen is offered for tapping, sizes in figures included.
            let values = choose.as_ref().and_then(|c| c.get("values")).and_then(|v| v.as_array());
            let values: Vec<&str> = values.into_iter().flatten().filter_map(|v| v.as_str()).collect();
            output.fact("cart", "choose", &[], Value::Text(values.join(" | ")));
            json!({ "refused": why, "choose": choose, "done": done, "cart": view })
        }
    };
    Ok(output)
}

async fn one(tx: &mut Tx, cart: &mut Cart, operation: &Operation, ledger: &Ledger) -> Result<Done, Error> {
    if operation.r#do == Do::Clear {
        cart.clear();
        return Ok(Done::Said("the cart is empty".to_owned()));
    }
    let (product, variant) = match pick(tx, cart, operation, ledger).await? {
        Ok(picked) => picked,
        Err(refused) => return Ok(refused),
    };
    let had = cart.quantity(&variant.id);
    let asked = operation.quantity;
    let wanted = match operation.r#do {
        Do::Add => had.saturating_add(asked.unwrap_or(1)),
        Do::Set => asked.unwrap_or(1),
        Do::Remove | Do::Clear => asked.map_or(0, |n| had.saturating_sub(n)),
    };
    if wanted > had && !variant.has(wanted) {
        let left = variant.stock.unwrap_or(0);
        let name = product.name_of(&variant);
        let why = if left == 0 { format!("{name} is sold out") } else { format!("only {left} of {name} left") };
        return Ok(Done::Refused { why, choose: None });
    }
    match cart.set(&variant.id, wanted) {
        Err(refusal) => Ok(Done::Refused { why: refusal.to_string(), choose: None }),
        Ok(_) => Ok(Done::Said(if wanted == 0 {
            format!("removed {}", product.name_of(&variant))
        } else if operation.r#do == Do::Add {
            format!("{} × {}", wanted - had, product.name_of(&variant))
        } else {
            format!("{wanted} × {}", product.name_of(&variant))
        })),
    }
}

async fn pick(
    tx: &mut Tx,
    cart: &Cart,
    operation: &Operation,
    ledger: &Ledger,
) -> Result<Result<(Product, Variant), Done>, Error> {
    let refused = |why: &str| Ok(Err(Done::Refused { why: why.to_owned(), choose: None }));
    if let Some(id) = operation.variant.as_deref().filter(|id| !id.is_empty()) {
        let id = VariantId::new(id);
        let product = tx.product_of(&id).await?;
        return Ok(match product.and_then(|p| p.variant(&id).cloned().map(|v| (p, v))) {
            Some(found) => Ok(found),
            None => Err(Done::Refused { why: "there is no such variant".to_owned(), choose: None }),
        });
    }
    let Some(id) = operation.product.as_deref().filter(|id| !id.is_empty()) else {
        return refused("name the product or the variant");
    };
    let Some(product) = tx.product(&ProductId::new(ledger.id_of(id).unwrap_or(id))).await? else {
        return refused("there is no such product");
    };
    let options = operation.options.as_deref().unwrap_or_default();
    let wished = words(options);
    let mut fitting: Vec<&Variant> = product.variants.iter().filter(|v| fits(v, &wished, &product)).collect();
    if operation.r#do != Do::Add {
        // What is in the cart is what is meant.
        let in_cart: Vec<&Variant> = fitting.iter().copied().filter(|v| cart.quantity(&v.id) > 0).collect();
        if !in_cart.is_empty() {
            fitting = in_cart;
        }
    }
    match fitting.as_slice() {
        [] => {
            let why = format!("{} is not made in {options}", product.title);
            let all: Vec<&Variant> = product.variants.iter().collect();
            Ok(Err(Done::Refused { why, choose: choose(&product, &all) }))
        }
        [only] => {
            let variant = (*only).clone();
            Ok(Ok((product, variant)))
        }
        several => {
            let choose = choose(&product, several);
            Ok(Err(Done::Refused { why: format!("which {}?", product.title), choose }))
        }
    }
}

/// The first option in which the remaining variants differ, with the values that can be bought.
fn choose(product: &Product, variants: &[&Variant]) -> Option<serde_json::Value> {
    let names = variants.first()?.options.iter().map(|c| c.name.clone());
    for option in names {
        let values = |stocked: bool| {
            let mut values: Vec<&str> = Vec::new();
            for variant in variants.iter().filter(|v| !stocked || v.in_stock()) {
                if let Some(value) = variant.option(&option).filter(|v| !values.contains(v)) {
                    values.push(value);
                }
            }
            values
        };
        if values(false).len() > 1 {
            let stocked = values(true);
            return Some(json!({"product": product.id, "title": product.title, "option": option, "values": stocked}));
        }
    }
    None
}

fn fits(variant: &Variant, wished: &[String], product: &Product) -> bool {
    // A wished word counts only if the product has such a value at all: "please" is no size.
    let values = |v: &Variant| v.options.iter().flat_map(|c| whole_and_words(&c.value)).collect::<Vec<_>>();
    let all: Vec<String> = product.variants.iter().flat_map(values).collect();
    // A colour counts even when the product has no such colour: nobody who wants black is sent blue.
    let coloured = all.iter().any(|value| is_colour(value));
    let known = |w: &&String| all.contains(w) || (coloured && is_colour(w));
    let own = values(variant);
    // Words that are no value at all, such as the product's own name, decide nothing: then the shopper is asked.
    wished.iter().filter(known).all(|w| own.contains(w))
}

fn whole_and_words(value: &str) -> Vec<String> {
    let mut all = words(value);
    all.push(value.to_lowercase());
    all
}

fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().take(OPTIONS_CHARS_MAX).collect();
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '.')
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}
