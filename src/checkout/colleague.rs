//! What colleagues do with orders: ship, mark as arrived, let a frozen one go on, call one off.

use crate::app::App;
use crate::checkout::plan::left;
use crate::checkout::{Error, effects};
use crate::domain::amendment::AmendmentState;
use crate::domain::id::{OrderId, ShopId};
use crate::domain::money::Money;
use crate::domain::order::engine::{Event, Refusal};
use crate::domain::order::{Order, Tracking};
use crate::store::Tx;

/// What a colleague decides about an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The parcel was given to the carrier.
    Ship(Tracking),
    /// The parcel arrived.
    Deliver,
    /// A frozen order goes on.
    Resume,
    /// The order is called off, and everything that was paid goes back.
    CallOff,
}

/// Carries a decision out. What cannot be done as the order stands is refused, and nothing changes.
pub async fn decide(app: &App, shop: &ShopId, id: &OrderId, decision: &Decision) -> Result<Order, Error> {
    let mut tx = app.store.begin(shop).await?;
    let mut order = tx.lock_order(id).await?.ok_or_else(|| Error::Missing(format!("order {id}")))?;
    let event = match decision {
        Decision::Ship(tracking) => {
            // The goods in the parcel are settled first.
            let amendments = tx.amendments_of(&order.id).await?;
            if amendments.iter().any(|a| a.state == AmendmentState::AwaitingPayment) {
                return Err(Refusal::BeingChanged.into());
            }
            order.tracking = Some(tracking.clone());
            Event::Shipped
        }
        Decision::Deliver => Event::Delivered,
        Decision::Resume => Event::Resumed { there: there(&mut tx, &order).await? },
        Decision::CallOff if order.before_freeze.is_some() => {
            let left = left(&mut tx, &order).await?;
            Event::GivenUp { there: there(&mut tx, &order).await?, left }
        }
        Decision::CallOff => Event::CancelAsked { left: left(&mut tx, &order).await? },
    };
    let order = effects::happen(app, &mut tx, order, &event).await??;
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(order)
}

/// What the shopper paid for an order and has not got back, nor is about to.
async fn there(tx: &mut Tx, order: &Order) -> Result<Money, Error> {
    let captured: i64 = tx.captures_of(&order.id).await?.iter().map(|(_, minor)| minor).sum();
    let refunds = tx.refunds_of(&order.id).await?;
    let back: i64 = refunds.iter().filter(|r| r.state.counts()).map(|r| r.amount.minor).sum();
    Ok(Money::new(captured.saturating_sub(back), order.quote.total.currency))
}
