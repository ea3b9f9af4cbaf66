//! A plain console: colleagues see who waits, read, answer, and give back to the agent.

pub mod catalog;
pub mod memory;
pub mod orders;
pub mod said;
pub mod trace;
pub mod usage;

use crate::agent::budget;
use crate::agent::memory::known;
use crate::channel::whatsapp::NETWORK;
use crate::conversation::hand_off;
use crate::domain::conversation::With;
use crate::domain::finding::Finding;
use crate::domain::id::{ConversationId, OrderId};
use crate::domain::message::Message;

use crate::http::error::Error;
use crate::http::page::Frames;
use crate::http::{Site, session};
use crate::store::conversations::Listed;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use said::Beside;
use serde::Deserialize;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// The cookie of a signed-in colleague.
const COOKIE: &str = "souk_console";
/// Conversations on one page.
const LIST_MAX: i64 = 100;
/// Messages on one page.
const MESSAGES_MAX: i64 = 200;
/// Findings about the money on one page.
const FINDINGS_MAX: i64 = 50;
/// Characters of the last message in the list.
const PREVIEW_CHARS: usize = 120;

/// What the list shows.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    filter: Option<String>,
    #[serde(default)]
    token: Option<String>,
}

/// The sign-in form.
#[derive(Debug, Deserialize)]
pub struct Login {
    #[serde(default)]
    token: String,
}

/// A form on a conversation's page.
#[derive(Debug, Deserialize)]
pub struct Act {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    author: String,
}

/// Who waits, or everybody.
pub async fn list(
    State(site): State<Arc<Site>>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if let Some(token) = wanted.token.as_deref() {
        // The link printed at the start signs in and leaves the address bar clean.
        return sign_in(&site, token);
    }
    if !signed_in(&site, &headers) {
        return form(&site, None);
    }
    let app = &site.app;
    let mut tx = app.store.read(&app.shop).await?;
    let shop = tx.shop().await?.ok_or(Error::NotFound)?;
    let waiting = tx.list_conversations(true, LIST_MAX).await?;
    let all = wanted.filter.as_deref() == Some("all");
    let listed = if all { tx.list_conversations(false, LIST_MAX).await? } else { waiting.clone() };
    let findings = tx.open_findings(FINDINGS_MAX).await?;
    let reached = budget::shop_reached(&mut tx, &app.config.budget, &shop, app.now()).await?;
    let mut rows = Vec::new();
    for one in &listed {
        let last = tx.messages_until(&one.conversation.id, i64::MAX, 1).await?.pop();
        rows.push(row(&site, one, last.as_ref()));
    }
    let context = context! {
        shop => context! { name => &shop.name },
        csrf => csrf(&site),
        reached,
        filter => if all { "all" } else { "waiting" },
        waiting_count => waiting.len(),
        conversations => rows,
        findings => findings.iter().map(finding).collect::<Vec<_>>(),
    };
    Ok(site.pages.render("console_list", context, Frames::Never)?)
}

fn finding(one: &Finding) -> minijinja::Value {
    context! {
        kind => one.kind.word().replace('_', " "), about => &one.about, text => &one.text,
        since => one.first_seen.to_string(), order => one.order.as_ref().map(OrderId::as_str),
    }
}

fn row(site: &Site, listed: &Listed, last: Option<&Message>) -> minijinja::Value {
    let conversation = &listed.conversation;
    let (reason, summary, minutes) = match &conversation.with {
        With::Agent => (None, None, None),
        With::Colleague { hand_off } => {
            let minutes = site.app.now().duration_since(hand_off.at).as_secs() / 60;
            (Some(hand_off.reason.word()), Some(hand_off.summary.as_str()), Some(minutes))
        }
    };
    context! {
        id => conversation.id.as_str(),
        contact => name(listed.name.as_deref(), &conversation.alias),
        channel => &conversation.channel,
        with => conversation.with.word(),
        reason,
        summary,
        last_text => last.map(|m| m.body.words().chars().take(PREVIEW_CHARS).collect::<String>()),
        last_from => last.map(|m| m.author.word()),
        last_at => last.map(|m| m.at.to_string()),
        waiting_minutes => minutes,
    }
}

fn name(name: Option<&str>, alias: &str) -> String {
    name.map_or_else(|| format!("Visitor {}", alias.chars().take(6).collect::<String>()), str::to_owned)
}

/// The number a shopper writes from, where the network tells it.
fn phone(aliases: &[String]) -> Option<String> {
    aliases.iter().find_map(|alias| alias.strip_prefix("wa:")).map(|digits| format!("+{digits}"))
}

/// One conversation.
pub async fn conversation(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    if !signed_in(&site, &headers) {
        return form(&site, None);
    }
    let app = &site.app;
    let id = ConversationId::new(id);
    let mut tx = app.store.read(&app.shop).await?;
    let shop = tx.shop().await?.ok_or(Error::NotFound)?;
    let conversation = tx.conversation(&id).await?.ok_or(Error::NotFound)?;
    let contact = tx.contact(&conversation.contact).await?.ok_or(Error::NotFound)?;
    let messages = tx.messages_until(&id, i64::MAX, MESSAGES_MAX).await?;
    let beside = Beside::of(&mut tx, &id, &messages).await?;
    let phone = phone(&tx.aliases_of(&contact.id, NETWORK).await?);
    let known = known(&mut tx, &shop, &contact).await?;
    let hand_off = match &conversation.with {
        With::Agent => None,
        With::Colleague { hand_off } => Some(context! {
            reason => hand_off.reason.word(), summary => &hand_off.summary, at => hand_off.at.to_string(),
            tried => hand_off.tried.join(" "), wanted => &hand_off.wanted,
        }),
    };
    let context = context! {
        shop => context! { name => &shop.name },
        csrf => csrf(&site),
        conversation => context! {
            id => id.as_str(),
            contact => name(contact.name.as_deref(), &conversation.alias),
            channel => &conversation.channel,
            phone,
            with => conversation.with.word(),
            hand_off,
        },
        known => memory::lines(&known),
        messages => messages.iter().map(|m| beside.spoken(m)).collect::<Vec<_>>(),
        saved => false,
    };
    Ok(site.pages.render("console_conversation", context, Frames::Never)?)
}

/// Signs a colleague in.
pub async fn login(State(site): State<Arc<Site>>, Form(login): Form<Login>) -> Result<Response, Error> {
    sign_in(&site, &login.token)
}

/// A colleague's words to the shopper.
pub async fn reply(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(act): Form<Act>,
) -> Result<Response, Error> {
    check(&site, &headers, &act)?;
    hand_off::answer(&site.app, &site.app.shop, &ConversationId::new(id.clone()), &act.author, &act.text).await?;
    Ok(back(&id))
}

/// A colleague takes the conversation.
pub async fn take(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(act): Form<Act>,
) -> Result<Response, Error> {
    check(&site, &headers, &act)?;
    hand_off::take(&site.app, &site.app.shop, &ConversationId::new(id.clone())).await?;
    Ok(back(&id))
}

/// The agent answers again.
pub async fn give_back(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(act): Form<Act>,
) -> Result<Response, Error> {
    check(&site, &headers, &act)?;
    hand_off::give_back(&site.app, &site.app.shop, &ConversationId::new(id.clone())).await?;
    Ok(back(&id))
}

fn back(id: &str) -> Response {
    Redirect::to(&format!("/console/conversations/{id}")).into_response()
}

fn form(site: &Site, error: Option<&str>) -> Result<Response, Error> {
    Ok(site.pages.render("console_login", context! { error }, Frames::Never)?)
}

fn sign_in(site: &Site, token: &str) -> Result<Response, Error> {
    if !bool::from(token.trim().as_bytes().ct_eq(site.console_token.as_bytes())) {
        return form(site, Some("That is not the token of this shop."));
    }
    let secure = if site.app.public_url.starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={}; Path=/console; HttpOnly; SameSite=Strict{secure}", site.console_token);
    let mut response = Redirect::to("/console").into_response();
    if let Ok(value) = cookie.parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

fn signed_in(site: &Site, headers: &HeaderMap) -> bool {
    let token = session::cookie(headers, COOKIE).unwrap_or_default();
    token.as_bytes().ct_eq(site.console_token.as_bytes()).into()
}

fn csrf(site: &Site) -> String {
    session::hash(&format!("csrf {}", site.console_token))
}

fn check(site: &Site, headers: &HeaderMap, act: &Act) -> Result<(), Error> {
    check_form(site, headers, &act.csrf)
}

/// Whether a form comes from a page of ours and from a colleague who is signed in.
fn check_form(site: &Site, headers: &HeaderMap, token: &str) -> Result<(), Error> {
    let ours = bool::from(token.as_bytes().ct_eq(csrf(site).as_bytes()));
    if signed_in(site, headers) && ours { Ok(()) } else { Err(Error::Forbidden) }
}
