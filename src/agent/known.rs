//! What a product, an order or a cart makes known: its facts, each of the type that says what a reply may do with it.

use crate::agent::card;
use crate::agent::ledger::Ledger;
use crate::agent::tool::Output;
use crate::domain::cart::QuoteLine;
use crate::domain::fact::Value;
use crate::domain::order::{Order, OrderState};
use crate::domain::product::{Product, Variant};
use crate::domain::shop::Shop;
use jiff::{Span, Timestamp};

/// Variants of one product that are named.
pub const VARIANTS_MAX: usize = 40;

/// A thing with its options, as a text would call it: `Fjell 3L (M / Blue)`.
pub fn with_options(title: &str, options: &str) -> String {
    if options.is_empty() { title.to_owned() } else { format!("{title} ({options})") }
}

/// Each variant is a thing of its own, so that "the red one" has a price and a stock of its own.
pub fn variants(output: &mut Output, ledger: &mut Ledger, product: &Product) -> Vec<String> {
    let listed = product.variants.iter().take(VARIANTS_MAX);
    listed.map(|variant| self::variant(output, ledger, &product.title, variant)).collect()
}

/// One variant of a product that is called so.
pub fn variant(output: &mut Output, ledger: &mut Ledger, title: &str, variant: &Variant) -> String {
    let name = output.named(ledger, 'v', variant.id.as_str());
    let options = variant.options_text();
    let called = called(title, &options);
    output.fact(&name, "options", &called, Value::Text(options));
    output.fact(&name, "price", &called, Value::Money(variant.price));
    output.fact(&name, "stock", &called, card::stock_value(&[variant]));
    if let Some(before) = variant.compare_at {
        output.fact(&name, "compare_at", &called, Value::Money(before));
    }
    name
}

/// A line of a cart or an order is a thing of its own: one product may be there in two sizes.
pub fn line(output: &mut Output, ledger: &mut Ledger, line: &QuoteLine) -> String {
    let name = output.named(ledger, 'l', line.variant.as_str());
    let called = called(&line.title, &line.options);
    output.fact(&name, "title", &called, Value::Name(line.title.clone()));
    output.fact(&name, "options", &called, Value::Text(line.options.clone()));
    output.fact(&name, "unit", &called, Value::Money(line.unit));
    output.fact(&name, "total", &called, Value::Money(line.total));
    output.fact(&name, "quantity", &called, Value::Count(i64::from(line.quantity)));
    name
}

/// Everything a reply may say of an order.
pub fn order(output: &mut Output, name: &str, order: &Order, shop: &Shop) {
    let called = vec![order.number.clone()];
    let mut fact = |field: &str, value: Value| output.fact(name, field, &called, value);
    fact("number", Value::Name(order.number.clone()));
    fact("status", Value::Status(order.stands()));
    fact("page", Value::Link(format!("order:{}", order.number)));
    if let Some(tracking) = &order.tracking {
        fact("carrier", Value::Name(tracking.carrier.clone()));
        fact("tracking", Value::Name(tracking.number.clone()));
    }
    for line in &order.quote.lines {
        fact("item", Value::Name(line.title.clone()));
    }
    let pieces: u32 = order.quote.lines.iter().map(|l| l.quantity).sum();
    fact("pieces", Value::Count(i64::from(pieces)));
    fact("subtotal", Value::Money(order.quote.subtotal));
    fact("shipping", Value::Money(order.quote.shipping));
    fact("total", Value::Money(order.quote.total));
    let times = &order.times;
    let moments = [
        ("placed", Some(times.placed)),
        ("paid", times.paid),
        ("shipped", times.shipped),
        ("delivered", times.delivered),
        ("closed", times.closed),
        ("return_until", return_until(order, shop)),
    ];
    for (field, moment) in moments {
        if let Some(moment) = moment {
            fact(field, Value::Date(shop.day(moment)));
        }
    }
}

/// The last day on which delivered goods may come back.
fn return_until(order: &Order, shop: &Shop) -> Option<Timestamp> {
    let delivered = order.times.delivered.filter(|_| order.state == OrderState::Fulfilled)?;
    let hours = i64::from(shop.after_sales.return_days).checked_mul(24)?;
    delivered.checked_add(Span::new().try_hours(hours).ok()?).ok()
}

fn called(title: &str, options: &str) -> Vec<String> {
    let mut called = vec![title.to_owned()];
    if !options.is_empty() {
        called.push(with_options(title, options));
    }
    called
}
