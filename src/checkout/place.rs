//! Placing an order: stock is held, the order stands, and a payment page is asked for, in one transaction.

use crate::app::App;
use crate::checkout::attempt::{attempt, hold_end, page_end};
use crate::checkout::{Error, effects};
use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::order::{Order, OrderState, Times};
use crate::domain::proposal::Proposal;
use crate::domain::reservation::Holder;
use crate::domain::shop::Shop;
use crate::store::{self, Tx};
use jiff::Timestamp;

/// Places what a proposal says and empties the cart it came from.
pub async fn place(
    app: &App,
    tx: &mut Tx,
    shop: &Shop,
    proposal: &Proposal,
    quote: &Quote,
    cart_version: i64,
) -> Result<Order, Error> {
    let number = format!("{}-{}", shop.order_prefix, tx.next_order_number().await?);
    let times =
        Times { placed: app.now(), paid: None, shipped: None, delivered: None, closed: None, cancel_asked: None };
    let contact = tx.contact(&proposal.contact).await?;
    let order = Order {
        id: app.new_id(),
        number,
        contact: proposal.contact.clone(),
        conversation: Some(proposal.conversation.clone()),
        state: OrderState::AwaitingPayment,
        quote: quote.clone(),
        times,
        tracking: None,
        note: None,
        before_freeze: None,
        ship_to: contact.and_then(|c| c.address),
        token: app.ids.secret(),
    };
    tx.insert_order(&order).await?;
    let end = page_end(app);
    if !hold_all(app, tx, &Holder::Order(order.id.clone()), &order, &quote.lines, hold_end(end)).await? {
        // It was there a moment ago in this very transaction; the whole of it is undone and tried again.
        return Err(store::Error::Conflict { what: format!("the stock of order {}", order.number) }.into());
    }
    attempt(app, tx, shop, &order, None, end).await?;
    let mut emptied = tx.cart(&proposal.contact).await?;
    emptied.clear();
    tx.save_cart(&proposal.contact, &emptied, cart_version, app.now()).await?;
    Ok(order)
}

/// Holds all of these goods, or none of them.
pub async fn hold_all(
    app: &App,
    tx: &mut Tx,
    holder: &Holder,
    order: &Order,
    lines: &[QuoteLine],
    until: Timestamp,
) -> Result<bool, Error> {
    let all = by_variant(lines);
    for line in &all {
        if !tx.hold_stock(holder, &order.id, &line.variant, line.quantity, until).await? {
            tx.release_stock(holder).await?;
            return Ok(false);
        }
    }
    effects::index(app, tx, &all).await?;
    Ok(true)
}

/// One line a variant, in the order of their ids: rows are locked in that order, so that two orders never wait for each
/// other.
pub fn by_variant(lines: &[QuoteLine]) -> Vec<QuoteLine> {
    let mut all: Vec<QuoteLine> = Vec::new();
    for line in lines {
        match all.iter_mut().find(|l| l.variant == line.variant) {
            Some(first) => first.quantity = first.quantity.saturating_add(line.quantity),
            None => all.push(line.clone()),
        }
    }
    all.sort_by(|a, b| a.variant.cmp(&b.variant));
    all
}
