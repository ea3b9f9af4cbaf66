//! Reads the cart with today's prices.

use crate::agent::ledger::Ledger;
use crate::agent::tool::Output;
use crate::agent::{Error, Thread, known};
use crate::app::App;
use crate::checkout::price::{Priced, price};
use crate::domain::cart::{Cart, Quote};
use crate::domain::fact::Value;
use crate::store::Tx;
use serde_json::json;

/// Reads and names the cart's figures.
pub async fn run(app: &App, thread: &Thread, ledger: &mut Ledger) -> Result<Output, Error> {
    let mut tx = app.store.read(&thread.shop.id).await?;
    let cart = tx.cart(&thread.contact.id).await?;
    let mut output = Output::default();
    output.content = view(thread, &mut tx, &cart, &mut output, ledger).await?;
    Ok(output)
}

/// The cart as a model reads it; its figures become facts of `cart`.
pub(super) async fn view(
    thread: &Thread,
    tx: &mut Tx,
    cart: &Cart,
    output: &mut Output,
    ledger: &mut Ledger,
) -> Result<serde_json::Value, Error> {
    let pieces: u32 = cart.lines.iter().map(|l| l.quantity).sum();
    output.fact("cart", "pieces", &[], Value::Count(i64::from(pieces)));
    match price(tx, &thread.shop, cart).await? {
        Priced::Refused(why) => Ok(json!({
            "problem": why,
            "pieces": pieces,
            "lines": cart.lines.iter().map(|l| json!({"variant": l.variant, "quantity": l.quantity})).collect::<Vec<_>>(),
        })),
        Priced::Quote(quote) => Ok(figures(&quote, pieces, output, ledger)),
    }
}

fn figures(quote: &Quote, pieces: u32, output: &mut Output, ledger: &mut Ledger) -> serde_json::Value {
    let fields = [("subtotal", quote.subtotal), ("shipping", quote.shipping), ("total", quote.total)];
    for (field, amount) in fields {
        output.fact("cart", field, &[], Value::Money(amount));
    }
    let mut lines = Vec::new();
    for (n, line) in quote.lines.iter().enumerate() {
        let name = known::line(output, ledger, line);
        lines.push(json!({
            "n": n + 1,
            "ref": name,
            "variant": line.variant,
            "product": line.product,
            "title": line.title,
            "options": line.options,
            "quantity": line.quantity,
            "unit": line.unit.to_string(),
            "total": line.total.to_string(),
        }));
    }
    json!({
        "lines": lines,
        "pieces": pieces,
        "subtotal": quote.subtotal.to_string(),
        "shipping": quote.shipping.to_string(),
        "total": quote.total.to_string(),
    })
}
