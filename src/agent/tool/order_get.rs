//! Reads one of the shopper's own orders by the number people say.

use crate::agent::ledger::Ledger;
use crate::agent::tool::Output;
use crate::agent::{Error, Thread};
use crate::app::App;
use crate::domain::fact::Value;
use crate::domain::order::{Order, OrderState};
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
    facts(&mut output, &name, &order, &thread.shop);
    let mut lines = Vec::new();
    for line in &order.quote.lines {
        let named = output.named(ledger, 'l', line.variant.as_str());
        let called = vec![line.title.clone()];
        output.fact(&named, "title", &called, Value::Text(line.title.clone()));
        output.fact(&named, "options", &called, Value::Text(line.options.clone()));
        output.fact(&named, "quantity", &called, Value::Count(i64::from(line.quantity)));
        output.fact(&named, "total", &called, Value::Money(line.total));
        // What it could be changed for: only where something can still be changed.
        let mut variants = Vec::new();
        if matches!(order.state, OrderState::Paid | OrderState::Fulfilled) {
            let product = tx.product(&line.product).await?;
            let others = product.iter().flat_map(|p| &p.variants).filter(|v| v.id != line.variant && v.in_stock());
            for other in others.take(VARIANTS_MAX) {
                variants.push(variant(&mut output, ledger, &called, other));
            }
        }
        lines.push(json!({
            "ref": named, "title": line.title, "options": line.options, "quantity": line.quantity, "variants": variants,
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
        "total": order.quote.total.to_string(),
        "lines": lines,
    });
    Ok(output)
}

fn variant(output: &mut Output, ledger: &mut Ledger, called: &[String], variant: &Variant) -> serde_json::Value {
    let named = output.named(ledger, 'v', variant.id.as_str());
    output.fact(&named, "options", called, Value::Text(variant.options_text()));
    output.fact(&named, "price", called, Value::Money(variant.price));
    json!({"ref": named, "options": variant.options_text(), "price": variant.price.to_string()})
}

/// Everything a reply may say of an order.
pub(super) fn facts(output: &mut Output, name: &str, order: &Order, shop: &Shop) {
    let called = vec![order.number.clone()];
    let mut text = |field: &str, value: &str| output.fact(name, field, &called, Value::Text(value.to_owned()));
    text("number", &order.number);
    text("status", order.status());
    if let Some(tracking) = &order.tracking {
        text("carrier", &tracking.carrier);
        text("tracking", &tracking.number);
    }
    for line in &order.quote.lines {
        text("item", &line.title);
    }
    output.fact(name, "total", &called, Value::Money(order.quote.total));
    let times = &order.times;
    let moments = [
        ("placed", Some(times.placed)),
        ("paid", times.paid),
        ("shipped", times.shipped),
        ("delivered", times.delivered),
        ("closed", times.closed),
    ];
    for (field, moment) in moments {
        if let Some(moment) = moment {
            output.fact(name, field, &called, Value::Date(date(moment, shop)));
        }
    }
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
