//! Proposes an act about one of the shopper's own orders. The model names things; the server finds them among the order's
//! own lines, works out every amount and shows the summary; only the shopper's own yes commits.

mod name;

use crate::agent::ledger::Ledger;
use crate::agent::literal::{self, Kind};
use crate::agent::tool::{Effect, Output};
use crate::agent::{Error, Thread, clean, known};
use crate::app::App;
use crate::checkout::plan::free;
use crate::checkout::propose::{Proposed, propose};
use crate::domain::address::Address;
use crate::domain::cart::QuoteLine;
use crate::domain::fact::Value;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::proposal::{Act, Pieces, Proposal, Swap, Wish};
use crate::store::Tx;
use name::Named;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Characters of an order's number.
const NUMBER_CHARS_MAX: usize = 40;
/// Things one call names.
const ITEMS_MAX: usize = 20;

/// What the model gives: names and counts, never an amount.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    #[serde(default)]
    number: Option<String>,
    act: What,
    #[serde(default)]
    items: Option<Vec<Item>>,
    #[serde(default)]
    address: Option<Place>,
}

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Call it off.
    Cancel,
    /// Other goods before it is sent.
    ChangeItems,
    /// Another address before it is sent.
    ChangeAddress,
    /// Goods come back.
    Return,
    /// Goods come back, others go out.
    Exchange,
    /// Money back without goods.
    Refund,
    /// An address for the next order.
    KeepAddress,
}

/// One thing of an order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    item: String,
    #[serde(default)]
    to: Option<String>,
    #[serde(default)]
    quantity: Option<u32>,
}

/// A postal address as the shopper wrote it; the summary shows it before anything happens.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Place {
    name: Option<String>,
    line1: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    region: Option<String>,
    country: Option<String>,
}

pub(super) fn parameters() -> serde_json::Value {
    let text = || json!({"type": ["string", "null"]});
    json!({
        "type": "object",
        "properties": {
            "number": text(),
            "act": {"type": "string", "enum": [
                "cancel", "change_items", "change_address", "return", "exchange", "refund", "keep_address",
            ]},
            "items": {"type": ["array", "null"], "maxItems": ITEMS_MAX, "items": {
                "type": "object",
                "properties": {
                    "item": {"type": "string"},
                    "to": text(),
                    "quantity": {"type": ["integer", "null"], "minimum": 1, "maximum": 99},
                },
                "required": ["item", "to", "quantity"],
                "additionalProperties": false,
            }},
            "address": {
                "type": ["object", "null"],
                "properties": {
                    "name": text(), "line1": text(), "postal_code": text(), "city": text(), "region": text(),
                    "country": text(),
                },
                "required": ["name", "line1", "postal_code", "city", "region", "country"],
                "additionalProperties": false,
            },
        },
        "required": ["number", "act", "items", "address"],
        "additionalProperties": false,
    })
}

/// Why there is no wish yet, for the shopper, and what could be chosen.
pub(super) struct Unclear {
    why: String,
    /// What is being chosen, and among what.
    choose: Option<(String, Vec<String>)>,
}

impl Unclear {
    fn because(why: impl Into<String>) -> Self {
        Self { why: why.into(), choose: None }
    }
}

/// Stores a proposal and tells the model what it would do.
pub async fn run(
    app: &App,
    thread: &Thread,
    tx: &mut Tx,
    arguments: Arguments,
    ledger: &mut Ledger,
) -> Result<Output, Error> {
    let order = match &arguments.number {
        Some(number) => {
            let number: String = number.trim().trim_start_matches('#').chars().take(NUMBER_CHARS_MAX).collect();
            tx.order_by_number(&thread.contact.id, &number).await?
        }
        None => None,
    };
    let wish = match (&order, arguments.act) {
        (_, What::KeepAddress) => place(thread, None, arguments.address).map(|address| Wish::KeepAddress { address }),
        (None, _) => Err(Unclear::because("I can't find that order among yours")),
        (Some(order), _) => wish(tx, thread, order, &arguments, ledger).await?,
    };
    let wish = match wish {
        Ok(wish) => wish,
        Err(unclear) => return Ok(refused(&unclear)),
    };
    let proposed = propose(app, tx, &thread.shop, &thread.conversation.id, &thread.contact.id, &wish).await?;
    Ok(match proposed {
        Proposed::Refused(why) => refused(&Unclear::because(why)),
        Proposed::Made(proposal) => made(thread, order.as_ref(), *proposal, ledger),
    })
}

async fn wish(
    tx: &mut Tx,
    thread: &Thread,
    order: &Order,
    arguments: &Arguments,
    ledger: &Ledger,
) -> Result<Result<Wish, Unclear>, Error> {
    let id = order.id.clone();
    Ok(match arguments.act {
        What::Cancel => Ok(Wish::Cancel { order: id }),
        What::ChangeAddress => place(thread, Some(order), arguments.address.clone())
            .map(|address| Wish::ChangeAddress { order: id, address }),
        What::KeepAddress => {
            place(thread, None, arguments.address.clone()).map(|address| Wish::KeepAddress { address })
        }
        What::Return => pieces(tx, order, arguments, ledger).await?.map(|pieces| Wish::Return { order: id, pieces }),
        What::Refund => pieces(tx, order, arguments, ledger).await?.map(|pieces| Wish::Refund { order: id, pieces }),
        What::ChangeItems => {
            swaps(tx, order, arguments, ledger).await?.map(|swaps| Wish::ChangeItems { order: id, swaps })
        }
        What::Exchange => swaps(tx, order, arguments, ledger).await?.map(|swaps| Wish::Exchange { order: id, swaps }),
    })
}

/// The lines the call names, with how many pieces of each.
fn named<'a>(
    lines: &'a [QuoteLine],
    order: &Order,
    arguments: &'a Arguments,
    ledger: &Ledger,
) -> Result<Vec<(&'a QuoteLine, u32, &'a str)>, Unclear> {
    let items = arguments.items.as_deref().unwrap_or_default();
    if items.is_empty() {
        let only = name::lines("", lines, order, ledger)?;
        return Ok(only.into_iter().map(|line| (line, line.quantity, "")).collect());
    }
    let mut found = Vec::new();
    for item in items.iter().take(ITEMS_MAX) {
        for line in name::lines(&item.item, lines, order, ledger)? {
            found.push((line, item.quantity.unwrap_or(line.quantity), item.to.as_deref().unwrap_or_default()));
        }
    }
    Ok(found)
}

async fn pieces(
    tx: &mut Tx,
    order: &Order,
    arguments: &Arguments,
    ledger: &Ledger,
) -> Result<Result<Vec<Pieces>, Unclear>, Error> {
    let lines = free(tx, order).await?;
    Ok(named(&lines, order, arguments, ledger).map(|found| {
        let piece = |(line, quantity, _): (&QuoteLine, u32, &str)| Pieces { variant: line.variant.clone(), quantity };
        found.into_iter().map(piece).collect()
    }))
}

async fn swaps(
    tx: &mut Tx,
    order: &Order,
    arguments: &Arguments,
    ledger: &Ledger,
) -> Result<Result<Vec<Swap>, Unclear>, Error> {
    let lines = free(tx, order).await?;
    let found = match named(&lines, order, arguments, ledger) {
        Ok(found) => found,
        Err(unclear) => return Ok(Err(unclear)),
    };
    let mut swaps = Vec::new();
    for (line, quantity, to) in found {
        let Some(product) = tx.product(&line.product).await? else {
            return Ok(Err(Unclear::because(format!("{} is no longer in the shop", line.title))));
        };
        match name::variant(to, line, &product, ledger) {
            Named::One(to) => swaps.push(Swap { from: line.variant.clone(), to, quantity }),
            Named::Unclear(unclear) => return Ok(Err(unclear)),
        }
    }
    Ok(Ok(swaps))
}

/// The address that was written, completed from what the order and the contact say of the same person.
fn place(thread: &Thread, order: Option<&Order>, written: Option<Place>) -> Result<Address, Unclear> {
    let Some(written) = written else {
        return Err(Unclear::because("I need the whole address"));
    };
    let known = order.and_then(|o| o.ship_to.clone()).or_else(|| thread.contact.address.clone()).unwrap_or_default();
    let or = |text: Option<String>, known: String| text.filter(|t| !t.trim().is_empty()).unwrap_or(known);
    let name = or(Some(known.name), thread.contact.name.clone().unwrap_or_default());
    let address = Address {
        name: or(written.name, name),
        line1: written.line1.unwrap_or_default(),
        postal_code: written.postal_code.unwrap_or_default(),
        city: written.city.unwrap_or_default(),
        region: written.region.unwrap_or_default(),
        country: or(written.country, known.country),
        email: String::new(),
    };
    // A postal address is all that may be given: nothing is ever sent to an e-mail or a link a model wrote.
    let text = address.line();
    let outside = literal::find(&text).iter().any(|l| matches!(l.kind, Kind::Link | Kind::Email));
    if outside || clean::calls(&text) {
        return Err(Unclear::because("only a postal address will do"));
    }
    Ok(address)
}

fn put(content: &mut serde_json::Value, field: &str, value: serde_json::Value) {
    if let Some(fields) = content.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
}

fn refused(unclear: &Unclear) -> Output {
    let mut output = Output::refused(&unclear.why);
    output.fact("order", "refused", &[], Value::Text(unclear.why.clone()));
    if let Some((title, values)) = &unclear.choose {
        // What may be chosen is offered for tapping, sizes in figures included.
        output.fact("order", "choose", &[], Value::Text(format!("{title} | {}", values.join(" | "))));
        put(&mut output.content, "choose", json!({"title": title, "values": values}));
    }
    output
}

fn made(thread: &Thread, order: Option<&Order>, proposal: Proposal, ledger: &mut Ledger) -> Output {
    let mut output = Output::default();
    let mut content = json!({"proposed": true});
    if let Some(order) = order {
        let name = output.named(ledger, 'o', order.id.as_str());
        known::order(&mut output, &name, order, &thread.shop);
        put(&mut content, "ref", json!(name));
        put(&mut content, "number", json!(order.number));
        let called = vec![order.number.clone()];
        for (field, amount) in amounts(&proposal.act) {
            put(&mut content, field, json!(amount.to_string()));
            output.fact(&name, field, &called, Value::Money(amount));
        }
        if let Act::Refund { approval: true, .. } = &proposal.act {
            put(&mut content, "a_colleague_has_to_agree", json!(true));
        }
    }
    output.content = content;
    output.effect = Some(Effect::Proposed { proposal: proposal.id });
    output
}

/// Every amount an act would move.
fn amounts(act: &Act) -> Vec<(&'static str, Money)> {
    match act {
        Act::Cancel { refund, .. } => refund.map(|refund| ("paid_back", refund)).into_iter().collect(),
        Act::Refund { amount, .. } => vec![("paid_back", *amount)],
        Act::ChangeItems { terms, .. } | Act::Return { terms, .. } | Act::Exchange { terms, .. } => {
            let difference = terms.difference;
            if difference.minor < 0 {
                vec![("paid_back", Money::new(-difference.minor, difference.currency))]
            } else {
                vec![("to_pay", difference)]
            }
        }
        Act::Checkout { .. } | Act::ChangeAddress { .. } | Act::KeepAddress { .. } => vec![],
    }
}
