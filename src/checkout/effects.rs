//! Carrying out what follows from an event, in the transaction that saw it.

use crate::app::App;
use crate::checkout::attempt::{attempt, page_end};
use crate::checkout::place::by_variant;
use crate::checkout::{Error, refund};
use crate::domain::cart::QuoteLine;
use crate::domain::id::ProductId;
use crate::domain::job::Job;
use crate::domain::ledger::{Entry, EntryKind};
use crate::domain::order::engine::{Event, Refusal};
use crate::domain::order::{Change, Effect, Order, OrderState, OutOf};
use crate::domain::refund::{AskedBy, Details};
use crate::domain::reservation::Holder;
use crate::store::{self, Tx};

/// Lets an event happen to an order: its new state and everything that follows are one transaction. Answers the order
/// as it stands then, or why it was refused.
pub async fn happen(app: &App, tx: &mut Tx, order: Order, event: &Event) -> Result<Result<Order, Refusal>, Error> {
    let change = match order.on(event) {
        Ok(change) => change,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let from = order.state;
    let moved = stamped(app, &order, event, &change);
    if moved != order {
        save(tx, &moved, from).await?;
    }
    for effect in &change.effects {
        carry_out(app, tx, &moved, event, effect).await?;
    }
    Ok(Ok(moved))
}

/// Writes an order down as it stands now; an error when somebody else moved it meanwhile.
pub async fn save(tx: &mut Tx, order: &Order, from: OrderState) -> Result<(), Error> {
    if tx.move_order(order, from).await? {
        return Ok(());
    }
    Err(store::Error::Conflict { what: format!("order {}", order.id) }.into())
}

fn stamped(app: &App, order: &Order, event: &Event, change: &Change) -> Order {
    let mut moved = Order { state: change.state, ..order.clone() };
    let now = app.now();
    if let Some(why) = &change.why {
        moved.note = Some(why.clone());
    }
    match (order.state, change.state) {
        (from, OrderState::Frozen) if from != OrderState::Frozen => moved.before_freeze = Some(from),
        (OrderState::Frozen, to) if to != OrderState::Frozen => moved.before_freeze = None,
        _ => {}
    }
    if order.state != change.state {
        match change.state {
            OrderState::Paid => {
                moved.times.paid = moved.times.paid.or(Some(now));
                moved.times.closed = None;
            }
            OrderState::Fulfilled => moved.times.shipped = moved.times.shipped.or(Some(now)),
            OrderState::Cancelled | OrderState::Expired | OrderState::Refunded => moved.times.closed = Some(now),
            OrderState::AwaitingPayment | OrderState::PaymentPending | OrderState::Frozen => {}
        }
    }
    match event {
        Event::Delivered if !change.effects.is_empty() => moved.times.delivered = Some(now),
        Event::CancelAsked { .. } if change.state == order.state => moved.times.cancel_asked = Some(now),
        _ => {}
    }
    moved
}

async fn carry_out(app: &App, tx: &mut Tx, order: &Order, event: &Event, effect: &Effect) -> Result<(), Error> {
    let holder = Holder::Order(order.id.clone());
    match effect {
        Effect::Sell => tx.sell_stock(&holder).await?,
        Effect::Release => {
            tx.release_stock(&holder).await?;
            index(app, tx, &order.quote.lines).await?;
        }
        Effect::Restock => {
            restock(app, tx, &Holder::CalledOff(order.id.clone()), order, &order.quote.lines).await?;
        }
        Effect::BookSale(amount) => {
            tx.book(&Entry::new(EntryKind::Sale, order.id.as_str(), &order.id, *amount), app.now()).await?;
        }
        Effect::GiveBack { amount, of } => {
            let details = Details::new(*of, why(event, *of), AskedBy::Rule);
            refund::give_back(app, tx, order, *amount, details, false).await?;
        }
        Effect::ClosePage => {
            for checkout in tx.checkouts_of(&order.id).await? {
                if checkout.state.is_alive() {
                    app.enqueue(tx, &Job::SettleCheckout { checkout: checkout.id }).await?;
                }
            }
        }
        Effect::OpenPage => {
            let alive = tx.checkouts_of(&order.id).await?.into_iter().find(|c| c.state.is_alive());
            match alive {
                Some(checkout) => app.enqueue(tx, &Job::SettleCheckout { checkout: checkout.id }).await?,
                None => {
                    let shop = tx.shop().await?.ok_or_else(|| Error::Missing("the shop".to_owned()))?;
                    attempt(app, tx, &shop, order, None, page_end(app)).await?;
                }
            }
        }
        Effect::Tell(what) => {
            app.enqueue(tx, &Job::Notify { order: order.id.clone(), what: what.clone() }).await?;
        }
        // Only amendments have lines to apply.
        Effect::Apply => {}
    }
    Ok(())
}

fn why(event: &Event, of: OutOf) -> &'static str {
    match (event, of) {
        (Event::CancelAsked { .. } | Event::GivenUp { .. }, _) => "the order was cancelled",
        (Event::Payment { .. }, _) => "paid for an order that did not need it any more",
        (_, OutOf::Sale) => "goods were given back",
        (_, OutOf::Surplus) => "more was paid than was owed",
    }
}

/// Puts goods that were sold back on the shelf, once per holder.
pub async fn restock(app: &App, tx: &mut Tx, holder: &Holder, order: &Order, lines: &[QuoteLine]) -> Result<(), Error> {
    for line in by_variant(lines) {
        tx.restock(holder, &order.id, &line.variant, line.quantity).await?;
    }
    index(app, tx, lines).await
}

/// The goods' stock changed: the index learns of it.
pub async fn index(app: &App, tx: &mut Tx, lines: impl IntoIterator<Item = &QuoteLine>) -> Result<(), Error> {
    let products: Vec<ProductId> = lines.into_iter().map(|l| l.product.clone()).collect();
    tx.mark_unindexed_all_of(&products, app.now()).await?;
    app.enqueue(tx, &Job::IndexChanges).await?;
    Ok(())
}
