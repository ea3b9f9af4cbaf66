//! Deciding whether an order is paid: one function, called for every event, on every return, and when time is over.
//! It believes only what the provider says when asked.

use crate::app::App;
use crate::checkout::Error;
use crate::domain::checkout::{Checkout, CheckoutState, SessionFact, Standing};
use crate::domain::id::{CheckoutId, ShopId};
use crate::domain::job::Job;
use crate::domain::ledger::{Entry, EntryKind};
use crate::domain::order::{Change, Happening, Order, OrderState};
use crate::payment::{Shipping, Subject};
use jiff::Span;

/// Asks the provider how an attempt stands and moves the order accordingly. Bears repeating, in any order.
pub async fn settle(app: &App, shop: &ShopId, id: &CheckoutId) -> Result<(), Error> {
    let mut tx = app.store.read(shop).await?;
    let checkout = tx.checkout(id).await?.ok_or_else(|| Error::Missing(format!("checkout {id}")))?;
    drop(tx);
    let Some(session) = &checkout.session else {
        return Ok(());
    };
    let mut seen = app.payments.session(session).await?;
    if seen.fact().standing == Standing::Open && checkout.expires_at <= app.now() {
        // The stock is given back only after the provider has closed the page.
        seen = app.payments.expire(session).await?;
    }
    apply(app, shop, &checkout, &seen.fact(), seen.shipping.as_ref()).await
}

/// Settles the attempt behind a stored event, if it is one of ours.
pub async fn settle_event(app: &App, shop: &ShopId, event: &str) -> Result<(), Error> {
    let mut tx = app.store.read(shop).await?;
    let Some(Subject::Session(session)) = tx.subject_of_event(event).await? else {
        return Ok(());
    };
    let checkout = tx.checkout_by_session(&session).await?;
    drop(tx);
    match checkout {
        Some(checkout) => settle(app, shop, &checkout.id).await,
        None => {
            // Either another program's page, or an event that overtook our own note of the page: the end of the page
            // is asked for in any case, so nothing is lost.
            tracing::info!(event, "an event about a payment page that is not known here");
            Ok(())
        }
    }
}

async fn apply(
    app: &App,
    shop: &ShopId,
    checkout: &Checkout,
    fact: &SessionFact,
    ship_to: Option<&Shipping>,
) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let order = tx.order(&checkout.order).await?.ok_or_else(|| Error::Missing(format!("order {}", checkout.order)))?;
    let change = order.on_payment(fact);
    let moved = Checkout { state: after(fact.standing, checkout.state), ..checkout.clone() };
    if moved.state != checkout.state && !tx.move_checkout(&moved, checkout.state).await? {
        return Err(crate::store::Error::Conflict { what: format!("checkout {}", checkout.id) }.into());
    }
    if fact.standing == Standing::Paid {
        // Money that moved is booked whatever the order thinks of it.
        tx.book(&Entry::new(EntryKind::Capture, &fact.session, &order.id, fact.amount), app.now()).await?;
    }
    let paid = change == Change::Paid;
    if let Some(address) = ship_to.filter(|_| paid || change == Change::Pending) {
        let text = serde_json::to_string(address).unwrap_or_default();
        tx.set_ship_to(&order.id, &text).await?;
    }
    if fact.standing == Standing::Processing {
        // Slow methods take days: look again tomorrow even if every event is lost.
        let later = app.after(Span::new().hours(24));
        app.enqueue_at(&mut tx, &Job::SettleCheckout { checkout: checkout.id.clone() }, later).await?;
    }
    if let Some(state) = OrderState::after(&change)
        && !carry_out(app, &mut tx, order, state, change).await?
    {
        return Err(crate::store::Error::Conflict { what: format!("order {}", checkout.order) }.into());
    }
    tx.commit().await?;
    Ok(())
}

async fn carry_out(
    app: &App,
    tx: &mut crate::store::Tx,
    mut order: Order,
    state: OrderState,
    change: Change,
) -> Result<bool, Error> {
    let from = order.state;
    order.state = state;
    let what = match change {
        Change::Paid => {
            order.times.paid = Some(app.now());
            tx.sell_stock(&order.id).await?;
            Happening::Paid
        }
        Change::Expired => {
            order.times.closed = Some(app.now());
            tx.release_stock(&order.id).await?;
            let products = order.quote.lines.iter().map(|l| l.product.clone()).collect();
            app.enqueue(tx, &Job::IndexProducts { products }).await?;
            Happening::Expired
        }
        Change::Frozen { why } => {
            order.note = Some(why);
            Happening::Frozen
        }
        Change::Pending => Happening::Pending,
        Change::Nothing => return Ok(true),
    };
    let moved = tx.move_order(&order, from).await?;
    app.enqueue(tx, &Job::Notify { order: order.id, what }).await?;
    Ok(moved)
}

fn after(standing: Standing, now: CheckoutState) -> CheckoutState {
    match (standing, now) {
        (_, CheckoutState::Paid) | (Standing::Paid, _) => CheckoutState::Paid,
        (Standing::Processing, _) => CheckoutState::Pending,
        (Standing::Dead, _) => CheckoutState::Closed,
        (Standing::Open, now) => now,
    }
}
