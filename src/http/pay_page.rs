//! The sandbox's payment page: looks like the real thing, moves no money, works without scripts.

mod countries;
mod refusal;

use crate::checkout::summary::totals;
use crate::conversation;
use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::money::Money;
use crate::http::error::Error;
use crate::http::page::{Frames, spoken};
use crate::http::{Site, sandbox};
use crate::payment;
use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::card::{FieldError, PayForm, TEST_CARDS};
use crate::payment::sandbox::page::{Page, PageState};
use crate::wording::Voice;
use crate::wording::phrases::SUM_TOTAL;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::{Value, context};
use std::sync::Arc;

/// Shows the page. Looking at it changes nothing: link previews look, too.
pub async fn show(State(site): State<Arc<Site>>, Path(session): Path<String>) -> Result<Response, Error> {
    let page = sandbox(&site)?.page(&session);
    match page {
        Some(page) => render(&site, &session, &page, None, &PayForm::default()).await,
        None => Ok(unknown(&site)),
    }
}

/// Takes the form.
pub async fn pay(
    State(site): State<Arc<Site>>,
    Path(session): Path<String>,
    form: Result<Form<PayForm>, FormRejection>,
) -> Result<Response, Error> {
    let Ok(Form(form)) = form else {
        return Err(Error::Bad("The form could not be read. Go back and try again."));
    };
    let sandbox = sandbox(&site)?;
    if sandbox.page(&session).is_none() {
        return Ok(unknown(&site));
    }
    match sandbox.pay(&session, &form) {
        Ok(state) => {
            sandbox::ring(&site);
            let page = sandbox.page(&session).ok_or(Error::NotFound)?;
            let back = state == PageState::Paid && page.success_url.starts_with(&site.app.public_url);
            let to = if back { page.success_url } else { format!("/pay/{session}") };
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let page = sandbox.page(&session).ok_or(Error::NotFound)?;
            let mut response = render(&site, &session, &page, Some(&error), &form).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

/// The slow payment arrives.
pub async fn settle(State(site): State<Arc<Site>>, Path(session): Path<String>) -> Result<Response, Error> {
    sandbox(&site)?.settle(&session).ok_or(Error::NotFound)?;
    sandbox::ring(&site);
    Ok(Redirect::to(&format!("/pay/{session}")).into_response())
}

/// The slow payment does not arrive.
pub async fn fail(State(site): State<Arc<Site>>, Path(session): Path<String>) -> Result<Response, Error> {
    sandbox(&site)?.fail(&session).ok_or(Error::NotFound)?;
    sandbox::ring(&site);
    Ok(Redirect::to(&format!("/pay/{session}")).into_response())
}

fn sandbox(site: &Site) -> Result<&Sandbox, Error> {
    site.app.sandbox.as_deref().ok_or(Error::NotFound)
}

fn unknown(site: &Site) -> Response {
    let text = "This payment page does not exist. Ask in the chat for a new one.";
    let page = site.pages.message("No such payment page", text, "/chat", "Back to the chat");
    (StatusCode::NOT_FOUND, page).into_response()
}

async fn render(
    site: &Site,
    session: &str,
    page: &Page,
    error: Option<&FieldError>,
    form: &PayForm,
) -> Result<Response, Error> {
    let mut tx = site.app.store.read(&site.app.shop).await?;
    let shop = tx.shop().await?.ok_or(Error::NotFound)?;
    let checkout = tx.checkout_by_session(session).await?;
    let order = match &checkout {
        Some(checkout) => tx.order(&checkout.order).await?,
        None => None,
    };
    let voice = match order.as_ref().and_then(|order| order.conversation.as_ref()) {
        Some(conversation) => conversation::voice(&mut tx, conversation).await?,
        None => Voice::of_tag(page.locale.as_deref().unwrap_or(&shop.locale)),
    };
    drop(tx);
    let seconds = checkout.map(|c| c.expires_at.as_second().saturating_sub(site.app.now().as_second()).max(0));
    let (lines, totals) = bill(page, order.as_ref().map(|order| &order.quote), &voice);
    let total = voice.money(page.total);
    let context = context! {
        shop => context! { name => &shop.name },
        session => context! { id => session, order => &page.number, state => state(page.state) },
        lines,
        totals,
        total => &total,
        error => error.map(|e| context! {
            field => e.field, message => &e.message, title => refusal::title(e), next => refusal::next_step(e),
        }),
        form => context! {
            email => &form.email, name => &form.name, line1 => &form.line1, postal_code => &form.postal_code,
            city => &form.city, country => &form.country, expiry => &form.expiry,
        },
        countries => countries::offered(&page.countries),
        asks_address => !page.countries.is_empty(),
        test_cards => TEST_CARDS.iter().map(|(number, label)| context! { number => *number, label => *label }).collect::<Vec<_>>(),
        minutes_left => page.minutes_left,
        seconds_left => seconds.unwrap_or_else(|| i64::from(page.minutes_left).saturating_mul(60)),
        encrypted => site.app.public_url.starts_with("https://"),
        chat_url => "/chat",
        order_url => page.success_url.starts_with(&site.app.public_url).then_some(&page.success_url),
        ..spoken(&voice)
    };
    Ok(site.pages.render("pay", context, Frames::Never)?)
}

/// What is paid for, and what it adds up to. The order tells it best; where the page charges something else than the whole
/// order, the page's own lines are shown.
fn bill(page: &Page, quote: Option<&Quote>, voice: &Voice) -> (Vec<Value>, Vec<Value>) {
    let sum = |label: &str, amount: String, strong| context! { label, amount, strong };
    if let Some(quote) = quote.filter(|q| q.total == page.total) {
        let line = |l: &QuoteLine| {
            context! {
                title => &l.title, options => &l.options, quantity => l.quantity,
                unit => voice.money(l.unit), total => voice.money(l.total),
            }
        };
        return (quote.lines.iter().map(line).collect(), totals(quote, voice, sum));
    }
    let line = |l: &payment::Line| {
        let total = l.unit.times(l.quantity).unwrap_or(Money::zero(l.unit.currency));
        context! { title => &l.name, quantity => l.quantity, unit => voice.money(l.unit), total => voice.money(total) }
    };
    (page.lines.iter().map(line).collect(), vec![sum(&voice.pick(SUM_TOTAL), voice.money(page.total), true)])
}

fn state(state: PageState) -> &'static str {
    match state {
        PageState::Open => "open",
        PageState::Paid => "paid",
        PageState::Pending => "processing",
        PageState::Failed => "failed",
        PageState::Expired => "expired",
    }
}
