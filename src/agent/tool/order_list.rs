//! Lists the shopper's own orders.

use crate::agent::ledger::Ledger;
use crate::agent::tool::{Output, order_get};
use crate::agent::{Error, Thread, known};
use crate::app::App;
use serde_json::json;

/// Orders in one result.
const ORDERS_MAX: i64 = 5;

/// Reads and names the newest orders.
pub async fn run(app: &App, thread: &Thread, ledger: &mut Ledger) -> Result<Output, Error> {
    let orders = app.store.read(&thread.shop.id).await?.orders_of(&thread.contact.id, ORDERS_MAX).await?;
    let mut output = Output::default();
    let mut listed = Vec::new();
    for order in &orders {
        let name = output.named(ledger, 'o', order.id.as_str());
        known::order(&mut output, &name, order, &thread.shop);
        listed.push(json!({
            "ref": name,
            "number": order.number,
            "status": order.status(),
            "placed": order_get::day(order.times.placed, &thread.shop),
            "total": order.quote.total.to_string(),
        }));
    }
    output.content = json!({ "orders": listed });
    Ok(output)
}
