//! Reads one of the shopper's own orders by the number people say.

use crate::agent::ledger::Ledger;
use crate::agent::tool::Output;
use crate::agent::{Error, Thread, known};
use crate::app::App;
use crate::domain::fact::Value;
use crate::domain::order::OrderState;
use crate::domain::product::Variant;
use crate::domain::shop::Shop;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Characters of an order's number.
const NUMBER_CHARS_MAX: usize = 40;
/// Other variants of a line's product that are named.
const VARIANTS_MAX: usize = 20;

/// What the model gives.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    number: String,
}

pub(super) fn parameters() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": {"number": {"type": "string"}},
        "required": ["number"],
        "additionalProperties": false,
    })
}

/// Reads the order; another shopper's order does not exist here.
pub async fn run(app: &App, thread: &Thread, arguments: Arguments, ledger: &mut Ledger) -> Result<Output, Error> {
    let number: String = arguments.number.trim().trim_start_matches('#').chars().take(NUMBER_CHARS_MAX).collect();
    let mut tx = app.store.read(&thread.shop.id).await?;
    let Some(order) = tx.order_by_number(&thread.contact.id, &number).await? else {
        return Ok(Output::refused("no such order of yours"));
    };
    let mut output = Output::default();
    let name = output.named(ledger, 'o', order.id.as_str());
    known::order(&mut output, &name, &order, &thread.shop);
    let mut lines = Vec::new();
    for line in &order.quote.lines {
        let named = known::line(&mut output, ledger, line);
        // What it could be changed for: only where something can still be changed.
        let mut variants = Vec::new();
        if matches!(order.state, OrderState::Paid | OrderState::Fulfilled) {
            let product = tx.product(&line.product).await?;
            let others = product.iter().flat_map(|p| &p.variants).filter(|v| v.id != line.variant && v.in_stock());
            for other in others.take(VARIANTS_MAX) {
                variants.push(variant(&mut output, ledger, &line.title, other));
            }
        }
        lines.push(json!({
            "ref": named, "title": line.title, "options": line.options, "quantity": line.quantity,
            "unit": line.unit.to_string(), "total": line.total.to_string(), "variants": variants,
        }));
    }
    let day = |at: Option<Timestamp>| at.map(|at| day(at, &thread.shop));
    output.content = json!({
        "ref": name,
        "number": order.number,
        "status": order.status(),
        "placed": day(Some(order.times.placed)),
        "paid": day(order.times.paid),
        "shipped": day(order.times.shipped),
        "delivered": day(order.times.delivered),
        "closed": day(order.times.closed),
        "carrier": order.tracking.as_ref().map(|t| &t.carrier),
        "tracking": order.tracking.as_ref().map(|t| &t.number),
        "subtotal": order.quote.subtotal.to_string(),
        "shipping": order.quote.shipping.to_string(),
        "total": order.quote.total.to_string(),
        "lines": lines,
    });
    Ok(output)
}

fn variant(output: &mut Output, ledger: &mut Ledger, title: &str, variant: &Variant) -> serde_json::Value {
    let named = known::variant(output, ledger, title, variant);
    json!({"ref": named, "options": variant.options_text(), "price": variant.price.to_string()})
}

/// A moment as a day in the shop's time zone.
pub fn date(at: Timestamp, shop: &Shop) -> Date {
    let zone = TimeZone::get(&shop.time_zone).unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).date()
}

/// A moment as a reply writes it.
pub(super) fn day(at: Timestamp, shop: &Shop) -> String {
    Value::Date(date(at, shop)).show()
}
