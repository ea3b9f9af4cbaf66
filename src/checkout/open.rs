//! Asking the provider for a payment page, after the order stands and outside any transaction.

use crate::app::App;
use crate::app::failpoint;
use crate::checkout::settle::is_wanted;
use crate::checkout::{Error, amend, effects};
use crate::domain::amendment::AmendmentEvent;
use crate::domain::checkout::{Checkout, CheckoutState, Standing};
use crate::domain::id::{CheckoutId, ShopId};
use crate::domain::job::Job;
use crate::domain::order::engine::Event;
use crate::domain::order::{Happening, Order};
use crate::payment;
use crate::store::Tx;
use jiff::Span;

/// How long after a page's end its state is asked for: the provider's clock is not ours.
const GRACE_SECONDS: i64 = 30;

/// Opens the page of an attempt and lets the shopper know. Bears repeating: the attempt's id is the idempotency key.
pub async fn open(app: &App, shop: &ShopId, id: &CheckoutId) -> Result<(), Error> {
    let mut tx = app.store.read(shop).await?;
    let checkout = tx.checkout(id).await?.ok_or_else(|| Error::Missing(format!("checkout {id}")))?;
    let body = tx.checkout_request(id).await?.unwrap_or_default();
    drop(tx);
    if checkout.state != CheckoutState::Requested {
        return Ok(());
    }
    let request: payment::OpenRequest =
        serde_json::from_str(&body).map_err(|_| Error::Missing(format!("the request of checkout {id}")))?;
    let answer = app.payments.open(&request).await;
    failpoint::reach("page_opened");
    match answer {
        Ok(session) => opened(app, shop, checkout, &session).await,
        Err(error @ payment::Error::Unknown(_)) => Err(error.into()),
        // Refused or unreadable: asking again will not help, and the second may have made a page. A person decides.
        Err(error) => {
            tracing::error!(checkout = %id, %error, "the payment page could not be opened");
            freeze(app, shop, checkout, &error).await
        }
    }
}

/// Stops asking: the provider has not answered for too long. The page may exist all the same, so the order is frozen, the
/// stock stays held, and a person decides.
pub async fn give_up(app: &App, shop: &ShopId, id: &CheckoutId) -> Result<(), Error> {
    let mut tx = app.store.read(shop).await?;
    let checkout = tx.checkout(id).await?.ok_or_else(|| Error::Missing(format!("checkout {id}")))?;
    drop(tx);
    if checkout.state != CheckoutState::Requested {
        return Ok(());
    }
    freeze(app, shop, checkout, &payment::Error::Unknown("it was asked for too long".into())).await
}

async fn opened(app: &App, shop: &ShopId, checkout: Checkout, session: &payment::Session) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let order = load(&mut tx, &checkout).await?;
    let open = Checkout {
        state: CheckoutState::Open,
        session: Some(session.id.clone()),
        intent: session.intent.clone(),
        url: session.url.clone(),
        ..checkout.clone()
    };
    if !tx.move_checkout(&open, CheckoutState::Requested).await? {
        return Ok(());
    }
    // What the page was for may have ended while the provider was working: then nobody hears of the page, and settling
    // closes it. That job is in this transaction, so a crash here leaves no open page behind.
    if is_wanted(&mut tx, &open, &order).await? {
        let what = match &checkout.amendment {
            None => Happening::PageOpen,
            Some(amendment) => Happening::DifferenceOpen(amendment.clone()),
        };
        app.enqueue(&mut tx, &Job::Notify { order: order.id, what }).await?;
        let end = checkout.expires_at.checked_add(Span::new().seconds(GRACE_SECONDS)).unwrap_or(checkout.expires_at);
        app.enqueue_at(&mut tx, &Job::SettleCheckout { checkout: checkout.id }, end).await?;
    } else {
        app.enqueue(&mut tx, &Job::SettleCheckout { checkout: checkout.id }).await?;
    }
    tx.commit().await?;
    failpoint::reach("page_noted");
    app.work.notify_waiters();
    Ok(())
}

// The attempt ends here, but nobody knows whether the page exists: the goods stay held, and a person decides.
async fn freeze(app: &App, shop: &ShopId, checkout: Checkout, error: &payment::Error) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let order = load(&mut tx, &checkout).await?;
    let why = format!("the payment page could not be opened: {error}");
    let closed = Checkout { state: CheckoutState::Closed, ..checkout };
    if !tx.move_checkout(&closed, CheckoutState::Requested).await? {
        return Ok(());
    }
    if let payment::Error::Unreadable { answer, .. } = error {
        tx.keep_answer(&closed.id, answer).await?;
    }
    if let Some(id) = &closed.amendment {
        // Nobody was given the page's address, so nobody can pay what it was for: that is off, and its goods are free.
        let amendment = tx.amendment(id).await?.ok_or_else(|| Error::Missing(format!("amendment {id}")))?;
        let dead =
            AmendmentEvent::Payment { standing: Standing::Dead, amount: closed.amount, news: false, open: false };
        amend::happen(app, &mut tx, order.clone(), amendment, &dead).await?;
    }
    // What freezes an order is never refused.
    let _ = effects::happen(app, &mut tx, order, &Event::DoesNotAddUp { why }).await?;
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(())
}

async fn load(tx: &mut Tx, checkout: &Checkout) -> Result<Order, Error> {
    tx.lock_order(&checkout.order).await?.ok_or_else(|| Error::Missing(format!("order {}", checkout.order)))
}
