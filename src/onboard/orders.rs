//! `orders.json`: past orders, dated by how many days ago things happened, so that a demo never grows old.

use crate::app::App;
use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::contact::Contact;
use crate::domain::id::{ContactId, OrderId, VariantId};
use crate::domain::ledger::{Entry, EntryKind};
use crate::domain::money::Money;
use crate::domain::order::{Order, OrderState, Times, Tracking};
use crate::domain::shop::Shop;
use crate::onboard::Error;
use crate::onboard::profile::Persona;
use crate::store::Tx;
use jiff::{Span, Timestamp};
use serde::Deserialize;

/// The channel under which personas have their alias.
pub const PERSONA_CHANNEL: &str = "persona";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Past {
    number: String,
    persona: String,
    state: OrderState,
    lines: Vec<PastLine>,
    shipping: String,
    placed_days_ago: i64,
    #[serde(default)]
    paid_days_ago: Option<i64>,
    #[serde(default)]
    shipped_days_ago: Option<i64>,
    #[serde(default)]
    delivered_days_ago: Option<i64>,
    #[serde(default)]
    closed_days_ago: Option<i64>,
    #[serde(default)]
    tracking: Option<Tracking>,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PastLine {
    sku: String,
    quantity: u32,
    unit_price: String,
}

/// Adds personas and their past orders; what is there already stays as it is. Answers how many orders were added.
pub async fn load(app: &App, shop: &Shop, personas: &[Persona], text: &str) -> Result<usize, Error> {
    let past: Vec<Past> = serde_json::from_str(text).map_err(|e| problem(&e))?;
    let mut tx = app.store.begin(&shop.id).await?;
    for persona in personas {
        if tx.contact_by_alias(PERSONA_CHANNEL, &persona.id).await?.is_none() {
            let id: ContactId = app.new_id();
            let name = Some(persona.name.clone());
            let contact = Contact::new(id, name, &persona.locale);
            tx.save_contact(&contact, app.now()).await?;
            tx.add_alias(&contact.id, PERSONA_CHANNEL, &persona.id).await?;
        }
    }
    let mut added = 0;
    for one in past {
        let contact = tx.contact_by_alias(PERSONA_CHANNEL, &one.persona).await?;
        let contact =
            contact.ok_or_else(|| problem(&format!("{}: there is no persona {}", one.number, one.persona)))?;
        if tx.order_by_number(&contact.id, &one.number).await?.is_none() {
            let order = order(app, &mut tx, shop, contact.id, one).await?;
            tx.insert_order(&order).await?;
            book(app, &mut tx, &order).await?;
            added += 1;
        }
    }
    tx.commit().await?;
    Ok(added)
}

async fn order(app: &App, tx: &mut Tx, shop: &Shop, contact: ContactId, past: Past) -> Result<Order, Error> {
    let number = past.number.clone();
    let wrong = |e: &dyn std::fmt::Display| problem(&format!("{number}: {e}"));
    let mut lines = Vec::new();
    for line in &past.lines {
        let variant = VariantId::new(line.sku.clone());
        let product =
            tx.product_of(&variant).await?.ok_or_else(|| wrong(&format!("{variant} is no SKU of this shop")))?;
        let unit = Money::parse(&line.unit_price, shop.currency).map_err(|e| wrong(&e))?;
        let options =
            product.variant(&variant).map(super::super::domain::product::Variant::options_text).unwrap_or_default();
        let line = QuoteLine::new(product.id, variant, product.title, options, line.quantity, unit);
        lines.push(line.map_err(|e| wrong(&e))?);
    }
    let shipping = Money::parse(&past.shipping, shop.currency).map_err(|e| wrong(&e))?;
    let rule = crate::domain::shop::Shipping { fee: shipping, free_from: None, ..shop.shipping.clone() };
    let quote = Quote::new(lines, shop.currency, &rule).map_err(|e| wrong(&e))?;
    let ago = |days: i64| -> Timestamp { app.after(Span::new().hours(-24 * days)) };
    let closed = matches!(past.state, OrderState::Refunded | OrderState::Cancelled | OrderState::Expired)
        .then(|| ago(past.closed_days_ago.unwrap_or((past.placed_days_ago - 1).max(0))));
    Ok(Order {
        id: app.new_id::<OrderId>(),
        number: past.number,
        contact,
        conversation: None,
        state: past.state,
        quote,
        times: Times {
            placed: ago(past.placed_days_ago),
            paid: past.paid_days_ago.map(ago),
            shipped: past.shipped_days_ago.map(ago),
            delivered: past.delivered_days_ago.map(ago),
            closed,
            cancel_asked: None,
        },
        tracking: past.tracking,
        note: past.note,
        before_freeze: None,
        ship_to: None,
        token: app.ids.secret(),
    })
}

/// Past orders were paid somewhere else: the ledger knows of it under a name of its own, so that what is given back is never
/// more than what came in.
async fn book(app: &App, tx: &mut Tx, order: &Order) -> Result<(), Error> {
    if order.times.paid.is_none() {
        return Ok(());
    }
    let name = format!("import:{}", order.number);
    let total = order.quote.total;
    let mut kinds = vec![EntryKind::Capture, EntryKind::Sale];
    if matches!(order.state, OrderState::Cancelled | OrderState::Refunded) {
        kinds.extend([EntryKind::Credit, EntryKind::Refund]);
    }
    for kind in kinds {
        tx.book(&Entry::new(kind, &name, &order.id, total), app.now()).await?;
    }
    Ok(())
}

fn problem(e: &dyn std::fmt::Display) -> Error {
    Error::File { file: "orders.json".to_owned(), problem: e.to_string() }
}
