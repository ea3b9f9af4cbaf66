//! The sandbox's payment page: looks like the real thing, moves no money, works without scripts.

use crate::domain::money::Money;
use crate::http::error::Error;
use crate::http::page::Frames;
use crate::http::{Site, sandbox};
use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::card::{FieldError, PayForm, TEST_CARDS};
use crate::payment::sandbox::page::{Page, PageState};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
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
    let shop = site.app.store.read(&site.app.shop).await?.shop().await?.ok_or(Error::NotFound)?;
    let line = |l: &crate::payment::Line| {
        let total = l.unit.times(l.quantity).unwrap_or(Money::zero(l.unit.currency));
        context! { title => &l.name, options => "", quantity => l.quantity, total => total.to_string() }
    };
    let lines: Vec<_> = page.lines.iter().map(line).collect();
    let total = page.total.to_string();
    let context = context! {
        shop => context! { name => &shop.name },
        session => context! { id => session, order => &page.number, state => state(page.state) },
        lines,
        totals => vec![context! { label => "Total", amount => &total, strong => true }],
        total => &total,
        error => error.map(|e| context! { field => e.field, message => &e.message }),
        form => context! {
            email => &form.email, name => &form.name, line1 => &form.line1, postal_code => &form.postal_code,
            city => &form.city, country => &form.country,
        },
        countries => countries(&page.countries),
        test_cards => TEST_CARDS.iter().map(|(number, label)| context! { number => *number, label => *label }).collect::<Vec<_>>(),
        minutes_left => page.minutes_left,
        chat_url => "/chat",
        order_url => page.success_url.starts_with(&site.app.public_url).then_some(&page.success_url),
    };
    Ok(site.pages.render("pay", context, Frames::Never)?)
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

/// Names of the countries the page offers.
const NAMES: [(&str, &str); 44] = [
    ("AU", "Australia"),
    ("AT", "Austria"),
    ("BE", "Belgium"),
    ("BR", "Brazil"),
    ("BG", "Bulgaria"),
    ("CA", "Canada"),
    ("HR", "Croatia"),
    ("CY", "Cyprus"),
    ("CZ", "Czechia"),
    ("DK", "Denmark"),
    ("EE", "Estonia"),
    ("FI", "Finland"),
    ("FR", "France"),
    ("DE", "Germany"),
    ("GR", "Greece"),
    ("HU", "Hungary"),
    ("IS", "Iceland"),
    ("IN", "India"),
    ("IE", "Ireland"),
    ("IT", "Italy"),
    ("JP", "Japan"),
    ("LV", "Latvia"),
    ("LI", "Liechtenstein"),
    ("LT", "Lithuania"),
    ("LU", "Luxembourg"),
    ("MT", "Malta"),
    ("MX", "Mexico"),
    ("NL", "Netherlands"),
    ("NZ", "New Zealand"),
    ("NO", "Norway"),
    ("PL", "Poland"),
    ("PT", "Portugal"),
    ("RO", "Romania"),
    ("SG", "Singapore"),
    ("SK", "Slovakia"),
    ("SI", "Slovenia"),
    ("ZA", "South Africa"),
    ("ES", "Spain"),
    ("SE", "Sweden"),
    ("CH", "Switzerland"),
    ("TR", "Türkiye"),
    ("AE", "United Arab Emirates"),
    ("GB", "United Kingdom"),
    ("US", "United States"),
];

/// The offered countries by name; a code without a name stands for itself, at the end.
fn countries(codes: &[String]) -> Vec<minijinja::Value> {
    let offered = |code: &str| codes.iter().any(|c| c == code);
    let named =
        NAMES.iter().filter(|(code, _)| offered(code)).map(|(code, name)| context! { code => *code, name => *name });
    let bare = codes.iter().filter(|code| !NAMES.iter().any(|(known, _)| known == code));
    named.chain(bare.map(|code| context! { code, name => code })).collect()
}
