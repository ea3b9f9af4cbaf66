//! A new attempt to be paid: what the provider will be asked for is written down whole before it is asked.

use crate::app::App;
use crate::checkout::Error;
use crate::checkout::order_link;
use crate::domain::checkout::{Checkout, CheckoutState};
use crate::domain::id::AmendmentId;
use crate::domain::job::Job;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::shop::Shop;
use crate::payment;
use crate::store::Tx;
use jiff::{Span, Timestamp};

/// How long goods stay held after the page has closed: the provider's clock is not ours, and answers take time.
const HOLD_MINUTES_AFTER_PAGE: i64 = 10;

/// When a page opened now closes.
pub fn page_end(app: &App) -> Timestamp {
    app.after(Span::new().minutes(i64::from(app.config.stripe.page_minutes)))
}

/// Until when goods are held for a page that closes then.
pub fn hold_end(page_end: Timestamp) -> Timestamp {
    page_end.checked_add(Span::new().minutes(HOLD_MINUTES_AFTER_PAGE)).unwrap_or(page_end)
}

/// Writes an attempt down, for the order itself or for what an amendment costs more, and asks for its page.
pub async fn attempt(
    app: &App,
    tx: &mut Tx,
    shop: &Shop,
    order: &Order,
    difference: Option<(&AmendmentId, Money)>,
    expires_at: Timestamp,
) -> Result<Checkout, Error> {
    let place = i64::try_from(tx.checkouts_of(&order.id).await?.len()).unwrap_or(i64::MAX).saturating_add(1);
    let checkout = Checkout {
        id: app.new_id(),
        order: order.id.clone(),
        amendment: difference.map(|(id, _)| id.clone()),
        place,
        amount: difference.map_or(order.quote.total, |(_, amount)| amount),
        state: CheckoutState::Requested,
        session: None,
        intent: None,
        url: None,
        expires_at,
    };
    let lines = match difference {
        Some((_, amount)) => {
            let name = format!("Difference for order {}", order.number);
            vec![payment::Line { name, unit: amount, quantity: 1 }]
        }
        None => lines(order),
    };
    let request = payment::OpenRequest {
        checkout: checkout.id.clone(),
        order: order.id.clone(),
        number: order.number.clone(),
        lines,
        total: checkout.amount,
        expires_at,
        success_url: format!("{}?paid=1", order_link::url(app, order)?),
        cancel_url: format!("{}/chat", app.public_url),
        locale: tx.contact(&order.contact).await?.map_or_else(|| shop.locale.clone(), |contact| contact.locale),
    };
    let body = serde_json::to_string(&request).map_err(|_| Error::Missing("a payment request".to_owned()))?;
    tx.insert_checkout(&checkout, &body, app.now()).await?;
    app.enqueue(tx, &Job::OpenCheckout { checkout: checkout.id.clone() }).await?;
    Ok(checkout)
}

/// Our lines and our delivery: nothing the page could change.
fn lines(order: &Order) -> Vec<payment::Line> {
    let goods = order.quote.lines.iter().map(|l| {
        let name = if l.options.is_empty() { l.title.clone() } else { format!("{} ({})", l.title, l.options) };
        payment::Line { name, unit: l.unit, quantity: l.quantity }
    });
    let mut lines: Vec<_> = goods.collect();
    if order.quote.shipping.minor > 0 {
        let name = order.quote.shipping_label.clone();
        lines.push(payment::Line { name, unit: order.quote.shipping, quantity: 1 });
    }
    lines
}
