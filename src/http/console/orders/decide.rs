//! A colleague's decisions: each names who made it, and what cannot be done comes back as a sentence on the same page.

use crate::checkout::{self, amend, colleague, refund as refunds};
use crate::domain::id::{AmendmentId, OrderId, RefundId};
use crate::domain::order::Tracking;
use crate::domain::refund::RefundEvent;
use crate::http::Site;
use crate::http::console::check_form;
use crate::http::console::orders::{Said, render};
use crate::http::error::Error;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::sync::Arc;

/// Characters of a colleague's name.
const NAME_CHARS_MAX: usize = 40;
/// Characters of a carrier or of its number.
const TRACKING_CHARS_MAX: usize = 60;

/// A form on an order's page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Decision {
    csrf: String,
    /// Who decides, as the record names them.
    colleague: String,
    carrier: String,
    tracking: String,
}

/// What was done, in a sentence for the top of the page.
pub(super) fn done(word: &str) -> Option<&'static str> {
    Some(match word {
        "ship" => "Marked as shipped. The shopper is told.",
        "deliver" => "Marked as delivered. The shopper is told.",
        "resume" => "The order goes on.",
        "call-off" => "The order is called off. What was paid goes back.",
        "approve" => "Approved. The money is on its way back.",
        "decline" => "Declined. The shopper is told.",
        "by-hand" => "Noted as paid by hand.",
        "received" => "The goods are back. What follows from that is under way.",
        "refuse" => "Not accepted. The shopper is told.",
        _ => return None,
    })
}

/// Something about the order itself.
pub async fn order(
    State(site): State<Arc<Site>>,
    Path((id, word)): Path<(String, String)>,
    headers: HeaderMap,
    Form(form): Form<Decision>,
) -> Result<Response, Error> {
    check_form(&site, &headers, &form.csrf)?;
    let short = |text: &str| text.trim().chars().take(TRACKING_CHARS_MAX).collect::<String>();
    let decision = match word.as_str() {
        "ship" => colleague::Decision::Ship(Tracking { carrier: short(&form.carrier), number: short(&form.tracking) }),
        "deliver" => colleague::Decision::Deliver,
        "resume" => colleague::Decision::Resume,
        "call-off" => colleague::Decision::CallOff,
        _ => return Err(Error::NotFound),
    };
    let Some(who) = named(&form) else { return nobody(&site, &id).await };
    if let colleague::Decision::Ship(Tracking { carrier, number }) = &decision
        && (carrier.is_empty() || number.is_empty())
    {
        return not(&site, &id, "Name the carrier and its tracking number: the shopper reads both.").await;
    }
    let app = &site.app;
    let decided = colleague::decide(app, &app.shop, &OrderId::new(id.clone()), &decision).await;
    answer(&site, &id, &word, &who, decided.map(drop)).await
}

/// Something about a refund.
pub async fn refund(
    State(site): State<Arc<Site>>,
    Path((id, refund, word)): Path<(String, String, String)>,
    headers: HeaderMap,
    Form(form): Form<Decision>,
) -> Result<Response, Error> {
    check_form(&site, &headers, &form.csrf)?;
    let event = match word.as_str() {
        "approve" => RefundEvent::Approved,
        "decline" => RefundEvent::Declined,
        "by-hand" => RefundEvent::PaidByHand,
        _ => return Err(Error::NotFound),
    };
    let Some(who) = named(&form) else { return nobody(&site, &id).await };
    let app = &site.app;
    let decided = refunds::decide(app, &app.shop, &RefundId::new(refund), &event, &who).await;
    answer(&site, &id, &word, &who, decided.map(drop)).await
}

/// Something about a return or an exchange.
pub async fn amendment(
    State(site): State<Arc<Site>>,
    Path((id, amendment, word)): Path<(String, String, String)>,
    headers: HeaderMap,
    Form(form): Form<Decision>,
) -> Result<Response, Error> {
    check_form(&site, &headers, &form.csrf)?;
    let received = match word.as_str() {
        "received" => true,
        "refuse" => false,
        _ => return Err(Error::NotFound),
    };
    let Some(who) = named(&form) else { return nobody(&site, &id).await };
    let app = &site.app;
    let decided = amend::decide(app, &app.shop, &AmendmentId::new(amendment), received).await;
    answer(&site, &id, &word, &who, decided.map(drop)).await
}

fn named(form: &Decision) -> Option<String> {
    let name: String = form.colleague.trim().chars().take(NAME_CHARS_MAX).collect();
    (!name.is_empty()).then_some(name)
}

async fn nobody(site: &Site, id: &str) -> Result<Response, Error> {
    not(site, id, "Write your name first: every decision names who made it.").await
}

/// The page once more, with what stood in the way.
async fn not(site: &Site, id: &str, why: &str) -> Result<Response, Error> {
    let page = render(site, id, Said::Not(why.to_owned())).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

async fn answer(
    site: &Site,
    id: &str,
    word: &str,
    who: &str,
    decided: Result<(), checkout::Error>,
) -> Result<Response, Error> {
    match decided {
        Ok(()) => {
            tracing::info!(order = id, decision = word, colleague = who, "a colleague decided");
            Ok(Redirect::to(&format!("/console/orders/{id}?done={word}")).into_response())
        }
        Err(checkout::Error::Refused(refusal)) => not(site, id, &format!("Not possible: {refusal}.")).await,
        Err(checkout::Error::Missing(_)) => Err(Error::NotFound),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, order = id, "a decision was not carried out");
            not(site, id, "It was not carried out: something else happened to this order. Look again, then decide.")
                .await
        }
    }
}
