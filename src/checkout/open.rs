//! Asking the provider for a payment page, after the order stands and outside any transaction.

use crate::app::App;
use crate::checkout::Error;
use crate::domain::checkout::{Checkout, CheckoutState};
use crate::domain::id::{CheckoutId, ShopId};
use crate::domain::job::Job;
use crate::domain::order::{Happening, Order, OrderState};
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
    match app.payments.open(&request).await {
        Ok(session) => opened(app, shop, checkout, &session).await,
        Err(error @ payment::Error::Unknown(_)) => Err(error.into()),
        // Refused or unreadable: asking again will not help, and the second may have made a page. A person decides.
        Err(error) => {
            tracing::error!(checkout = %id, %error, "the payment page could not be opened");
            freeze(app, shop, checkout, &error.to_string()).await
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
    freeze(app, shop, checkout, "the payment provider did not answer").await
}

async fn opened(app: &App, shop: &ShopId, checkout: Checkout, session: &payment::Session) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let order = load(&mut tx, &checkout).await?;
    // The order may have ended while the provider was working: then the page must not stay open.
    let orphaned = order.state != OrderState::AwaitingPayment;
    let open = Checkout {
        state: if orphaned { CheckoutState::Closed } else { CheckoutState::Open },
        session: Some(session.id.clone()),
        url: session.url.clone(),
        ..checkout.clone()
    };
    if !tx.move_checkout(&open, CheckoutState::Requested).await? {
        return Ok(());
    }
    if !orphaned {
        app.enqueue(&mut tx, &Job::Notify { order: order.id, what: Happening::PageOpen }).await?;
        let end = checkout.expires_at.checked_add(Span::new().seconds(GRACE_SECONDS)).unwrap_or(checkout.expires_at);
        app.enqueue_at(&mut tx, &Job::SettleCheckout { checkout: checkout.id }, end).await?;
    }
    tx.commit().await?;
    if orphaned {
        app.payments.expire(&session.id).await?;
    }
    Ok(())
}

async fn freeze(app: &App, shop: &ShopId, checkout: Checkout, why: &str) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let mut order = load(&mut tx, &checkout).await?;
    let closed = Checkout { state: CheckoutState::Closed, ..checkout };
    tx.move_checkout(&closed, CheckoutState::Requested).await?;
    let from = order.state;
    order.state = OrderState::Frozen;
    order.note = Some(why.to_owned());
    if tx.move_order(&order, from).await? {
        app.enqueue(&mut tx, &Job::Notify { order: order.id, what: Happening::Frozen }).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn load(tx: &mut Tx, checkout: &Checkout) -> Result<Order, Error> {
    tx.order(&checkout.order).await?.ok_or_else(|| Error::Missing(format!("order {}", checkout.order)))
}
