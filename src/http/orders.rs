//! An order's page and its receipt: opened by a signed link, also where the shopper lands after paying.

use crate::checkout::order_link::{self, Refused};
use crate::checkout::receipt::{self, Receipt};
use crate::checkout::settle;
use crate::checkout::summary::totals;
use crate::conversation;
use crate::domain::cart::QuoteLine;
use crate::domain::checkout::{Checkout, CheckoutState};
use crate::domain::money::Money;
use crate::domain::order::{Order, OrderState};
use crate::domain::shop::Shop;
use crate::http::Site;
use crate::http::error::Error;
use crate::http::page::{Frames, spoken};
use crate::wording::phrases as p;
use crate::wording::{Phrase, Voice};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use minijinja::{Value, context};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// How long the page waits for the provider before it shows what is known.
const SETTLE_WAIT: Duration = Duration::from_secs(5);

/// How the shopper came here.
#[derive(Debug, Default, Deserialize)]
pub struct Came {
    #[serde(default)]
    paid: Option<String>,
}

/// What the pages show of an order.
struct Seen {
    shop: Shop,
    order: Order,
    checkouts: Vec<Checkout>,
    receipt: Option<Receipt>,
    voice: Voice,
}

/// Shows the order. Coming back from the payment page asks the provider how the payment stands, as the webhook does.
pub async fn show(
    State(site): State<Arc<Site>>,
    Path(link): Path<String>,
    Query(came): Query<Came>,
) -> Result<Response, Error> {
    let token = match order_link::open(&site.app, &link)? {
        Ok(token) => token,
        Err(refused) => return Ok(closed_link(&site, &refused)),
    };
    let Some(mut seen) = look(&site, &token).await? else {
        return Ok(closed_link(&site, &Refused::Wrong));
    };
    if came.paid.is_some() && seen.order.state.holds_stock() {
        ask_provider(&site, &seen).await;
        seen = look(&site, &token).await?.ok_or(Error::NotFound)?;
    }
    render(&site, &link, &seen)
}

/// Shows the receipt, to be read and printed.
pub async fn receipt(State(site): State<Arc<Site>>, Path(link): Path<String>) -> Result<Response, Error> {
    let seen = match opened(&site, &link).await? {
        Ok(seen) => seen,
        Err(response) => return Ok(response),
    };
    let Some(receipt) = &seen.receipt else {
        return Ok(unpaid(&site, &link, &seen));
    };
    let voice = &seen.voice;
    let context = context! {
        shop => context! { name => &receipt.shop, address => &receipt.address },
        link => &link,
        receipt => context! {
            number => &receipt.number,
            placed => voice.date(receipt.placed),
            paid => voice.date(receipt.paid),
            online => receipt.online,
            test => receipt.test,
            lines => receipt.lines.iter().map(|l| line(l, voice)).collect::<Vec<_>>(),
            sums => receipt.sums().iter()
                .map(|s| context! { label => &s.label, amount => &s.amount, strong => s.strong }).collect::<Vec<_>>(),
            ship_to => receipt.ship_to.as_ref().map(receipt::address),
        },
        ..spoken(voice)
    };
    Ok(site.pages.render("receipt", context, Frames::Never)?)
}

/// The receipt as a file.
pub async fn receipt_pdf(State(site): State<Arc<Site>>, Path(link): Path<String>) -> Result<Response, Error> {
    let seen = match opened(&site, &link).await? {
        Ok(seen) => seen,
        Err(response) => return Ok(response),
    };
    let Some(receipt) = seen.receipt else {
        return Ok(unpaid(&site, &link, &seen));
    };
    let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let name: String = receipt.number.chars().filter(plain).collect();
    // Shaping fifty lines takes milliseconds that other requests should not wait for.
    let bytes = tokio::task::spawn_blocking(move || receipt::pdf::pdf(&receipt)).await.map_err(|_| Error::Full)??;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"receipt-{name}.pdf\"")),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// What a link opens, or the page that says why it opens nothing.
async fn opened(site: &Site, link: &str) -> Result<Result<Seen, Response>, Error> {
    let token = match order_link::open(&site.app, link)? {
        Ok(token) => token,
        Err(refused) => return Ok(Err(closed_link(site, &refused))),
    };
    Ok(look(site, &token).await?.ok_or_else(|| closed_link(site, &Refused::Wrong)))
}

async fn look(site: &Site, token: &str) -> Result<Option<Seen>, Error> {
    let mut tx = site.app.store.read(&site.app.shop).await?;
    let Some(order) = tx.order_by_token(token).await? else {
        return Ok(None);
    };
    let shop = tx.shop().await?.ok_or(Error::NotFound)?;
    let checkouts = tx.checkouts_of(&order.id).await?;
    let receipt = receipt::receipt(&mut tx, &shop, &order).await?;
    let voice = match &order.conversation {
        Some(conversation) => conversation::voice(&mut tx, conversation).await?,
        None => Voice::of_tag(&tx.contact(&order.contact).await?.map_or_else(|| shop.locale.clone(), |c| c.locale)),
    };
    let receipt = receipt.map(|receipt| Receipt { locale: voice.locale().to_string(), ..receipt });
    Ok(Some(Seen { shop, order, checkouts, receipt, voice }))
}

async fn ask_provider(site: &Site, seen: &Seen) {
    let app = &site.app;
    for checkout in &seen.checkouts {
        let settled = tokio::time::timeout(SETTLE_WAIT, settle::settle(app, &app.shop, &checkout.id)).await;
        if !matches!(settled, Ok(Ok(()))) {
            tracing::warn!(order = %seen.order.id, "the payment could not be checked on return; the webhook will do it");
        }
    }
    app.work.notify_waiters();
}

fn closed_link(site: &Site, refused: &Refused) -> Response {
    let (status, title, text) = match refused {
        Refused::Expired => (
            StatusCode::GONE,
            "This link has expired",
            "Links to an order are good for a while only. Ask in the chat for a new one: write your order's number there.",
        ),
        Refused::Wrong => (
            StatusCode::NOT_FOUND,
            "This link does not work",
            "It may have been cut off on the way. Open it once more from the chat, or ask there for a new one.",
        ),
    };
    (status, site.pages.message(title, text, "/chat", "Ask in the chat")).into_response()
}

fn unpaid(site: &Site, link: &str, seen: &Seen) -> Response {
    let text = format!(
        "Order {} is {}. There will be a receipt as soon as it is paid.",
        seen.order.number,
        seen.order.status()
    );
    let page = site.pages.message("There is no receipt yet", &text, &format!("/orders/{link}"), "To the order");
    (StatusCode::NOT_FOUND, page).into_response()
}

fn render(site: &Site, link: &str, seen: &Seen) -> Result<Response, Error> {
    let Seen { shop, order, voice, .. } = seen;
    let context = context! {
        shop => context! { name => &shop.name },
        link,
        order => context! {
            number => &order.number,
            state => order.state.word(),
            state_label => capital(&voice.status(order.stands())),
            tone => tone(order.state),
            advice => voice.pick(advice(order)),
            placed => voice.date(shop.day(order.times.placed)),
            lines => order.quote.lines.iter().map(|l| line(l, voice)).collect::<Vec<_>>(),
            totals => seen.receipt.as_ref().map_or_else(
                || totals(&order.quote, voice, |label, amount, strong| context! { label, amount, strong }),
                |r| r.sums().iter().map(|s| context! { label => &s.label, amount => &s.amount, strong => s.strong }).collect(),
            ),
            total => voice.money(order.quote.total),
            steps => steps(seen),
            tracking => order.tracking.as_ref().map(|t| context! { carrier => &t.carrier, number => &t.number }),
            ship_to => order.ship_to.as_ref().map(receipt::address),
            test => seen.receipt.as_ref().is_some_and(|r| r.test),
        },
        pay => pay_page(seen, site.app.now()).map(|(url, amount)| context! { url, amount => voice.money(amount) }),
        receipt => seen.receipt.is_some(),
        chat_url => "/chat",
        ..spoken(voice)
    };
    Ok(site.pages.render("order", context, Frames::Never)?)
}

fn line(l: &QuoteLine, voice: &Voice) -> Value {
    context! {
        title => &l.title, options => &l.options, quantity => l.quantity,
        unit => voice.money(l.unit), total => voice.money(l.total),
    }
}

/// The payment page that is open, while there is something to pay.
fn pay_page(seen: &Seen, now: Timestamp) -> Option<(String, Money)> {
    // Of the order itself, or of what a change to it costs more.
    let open = |c: &&Checkout| {
        let wanted = seen.order.state == OrderState::AwaitingPayment || c.amendment.is_some();
        wanted && c.state == CheckoutState::Open && c.expires_at > now
    };
    seen.checkouts.iter().rev().find(open).and_then(|c| Some((c.url.clone()?, c.amount)))
}

/// What happened and what is to come, oldest first.
fn steps(seen: &Seen) -> Vec<Value> {
    let Seen { shop, order, receipt, voice, .. } = seen;
    let times = &order.times;
    let mut steps = vec![(voice.pick(p::STEP_PLACED), Some(times.placed))];
    match order.state {
        OrderState::Cancelled | OrderState::Expired | OrderState::Refunded => {
            let gone =
                [(p::STEP_PAID, times.paid), (p::STEP_SHIPPED, times.shipped), (p::STEP_DELIVERED, times.delivered)];
            steps.extend(gone.into_iter().filter(|(_, at)| at.is_some()).map(|(label, at)| (voice.pick(label), at)));
            steps.push((capital(&voice.status(order.stands())), times.closed));
        }
        _ => {
            let all =
                [(p::STEP_PAID, times.paid), (p::STEP_SHIPPED, times.shipped), (p::STEP_DELIVERED, times.delivered)];
            steps.extend(all.map(|(label, at)| (voice.pick(label), at)));
        }
    }
    let mut shown: Vec<Value> = steps
        .into_iter()
        .map(|(label, at)| context! { label, at => at.map(|at| voice.date(shop.day(at))), iso => at.map(|at| at.to_string()), done => at.is_some() })
        .collect();
    for refund in receipt.iter().flat_map(|r| &r.refunds) {
        let phrase = if refund.pending { p::STEP_REFUNDING } else { p::STEP_REFUNDED };
        let label = voice.say(phrase, &[("amount", &voice.money(refund.amount))]);
        shown.push(context! { label, at => voice.date(refund.on), done => !refund.pending });
    }
    shown
}

/// How urgent the state looks.
fn tone(state: OrderState) -> &'static str {
    match state {
        OrderState::AwaitingPayment | OrderState::PaymentPending | OrderState::Frozen => "wait",
        OrderState::Expired | OrderState::Cancelled | OrderState::Refunded => "over",
        OrderState::Paid | OrderState::Fulfilled => "good",
    }
}

/// What the state means for the shopper, in a sentence.
fn advice(order: &Order) -> Phrase {
    match (order.state, order.times.delivered) {
        (OrderState::AwaitingPayment, _) => p::ADVICE_AWAITING,
        (OrderState::PaymentPending, _) => p::ADVICE_PENDING,
        (OrderState::Paid, _) => p::ADVICE_PAID,
        (OrderState::Fulfilled, None) => p::ADVICE_SENT,
        (OrderState::Fulfilled, Some(_)) => p::ADVICE_ARRIVED,
        (OrderState::Expired, _) => p::ADVICE_EXPIRED,
        (OrderState::Cancelled, _) => p::ADVICE_CANCELLED,
        (OrderState::Refunded, _) => p::ADVICE_REFUNDED,
        (OrderState::Frozen, _) => p::ADVICE_FROZEN,
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
