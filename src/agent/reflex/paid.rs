//! "I have paid": the one function that decides what is paid is asked, and the shopper hears what the provider says.

use crate::agent::reflex::say::{outcome, status};
use crate::agent::wording::{self as w, Voice, language, say};
use crate::agent::{Error, Outcome, Thread};
use crate::app::App;
use crate::checkout::settle::settle;
use crate::domain::checkout::{Checkout, CheckoutState};
use crate::domain::message::{PaymentRequest, Reply};
use crate::domain::order::Order;
use std::time::Duration;

/// Orders that are looked through for one that waits.
const ORDERS_MAX: i64 = 5;
/// How long the shopper waits for the provider's word.
const SETTLE_WAIT: Duration = Duration::from_secs(8);

/// Asks the provider about the newest page that is still open. `None` when the shopper has no order at all.
pub(super) async fn look(app: &App, thread: &Thread) -> Result<Option<Outcome>, Error> {
    let tongue = language(thread);
    let mut tx = app.store.read(&thread.shop.id).await?;
    let orders = tx.orders_of(&thread.contact.id, ORDERS_MAX).await?;
    let Some(newest) = orders.first().cloned() else {
        return Ok(None);
    };
    let mut waiting = None;
    for order in &orders {
        let alive = tx.checkouts_of(&order.id).await?.into_iter().rev().find(|c| c.state.is_alive());
        if let Some(checkout) = alive {
            waiting = Some((order.clone(), checkout));
            break;
        }
    }
    drop(tx);
    let Some((before, attempt)) = waiting else {
        // Nothing is open: where the newest order stands is the answer.
        return Ok(Some(outcome(thread, status(app, thread, &newest))));
    };
    let asked = tokio::time::timeout(SETTLE_WAIT, settle(app, &thread.shop.id, &attempt.id)).await;
    if !matches!(asked, Ok(Ok(()))) {
        tracing::warn!(order = %before.id, "the payment could not be checked when the shopper said so");
        return Ok(Some(outcome(thread, Reply::text(tongue.pick(w::order::NOT_REACHED)))));
    }
    let mut tx = app.store.read(&thread.shop.id).await?;
    let (order, now) = (tx.order(&before.id).await?, tx.checkout(&attempt.id).await?);
    let (Some(order), Some(now)) = (order, now) else {
        return Ok(None);
    };
    let reply = match now.state {
        // A message about what happened follows by itself.
        _ if order.state != before.state || now.state != attempt.state => Reply::default(),
        CheckoutState::Open => still_open(&tongue, &order, &now),
        _ => status(app, thread, &order),
    };
    Ok(Some(outcome(thread, reply)))
}

fn still_open(language: &Voice, order: &Order, attempt: &Checkout) -> Reply {
    let text = say(language, w::order::NOT_PAID_YET, &[("number", &order.number)]);
    let amount = language.money(attempt.amount);
    let payment = attempt.url.clone().map(|url| PaymentRequest {
        order: order.number.clone(),
        total: amount.clone(),
        url,
        label: say(language, w::order::PAY, &[("amount", &amount)]),
        expires_at: attempt.expires_at,
    });
    Reply { payment, ..Reply::text(text) }
}
