//! The web chat: its page, what the shopper writes, and what the shop answers as it happens.

mod events;

use crate::channel::Inbound;
use crate::conversation;
use crate::conversation::receive::receive;
use crate::domain::conversation::Conversation;
use crate::domain::message::{Said, TEXT_CHARS_MAX};
use crate::http::error::Error;
use crate::http::page::{Frames, spoken};
use crate::http::{Site, session, wire};
use crate::onboard::demo;
use crate::onboard::orders::PERSONA_CHANNEL;
use crate::wording::phrases::{CHAT_BY_MODEL, CHAT_BY_PLANNER};
use crate::wording::{Language, Voice};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
pub use events::events;
use minijinja::context;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// Languages of a browser that are looked at.
const LANGUAGES_MAX: usize = 10;

/// The channel of this page.
pub const CHANNEL: &str = "web";
/// Messages a page shows when it opens.
const HISTORY_MAX: i64 = 200;
/// Characters of the client's own id of a message.
const ID_CHARS_MAX: usize = 80;

/// How the page was asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    embed: Option<String>,
    #[serde(default)]
    r#as: Option<String>,
}

/// What a page sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    text: Option<String>,
    tap: Option<String>,
    label: Option<String>,
    id: Option<String>,
}

/// The front door leads to the chat.
pub async fn home() -> Redirect {
    Redirect::temporary("/chat")
}

/// The page. It gives a browser its session, and in the demo shop lets it try being a past customer.
pub async fn page(
    State(site): State<Arc<Site>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let app = &site.app;
    let shop = app.store.read(&app.shop).await?.shop().await?.ok_or(Error::NotFound)?;
    let personas = if shop.demo && app.config.shop.personas { demo::folder()?.profile.personas } else { Vec::new() };
    if let Some(persona) = asked.r#as.as_deref()
        && personas.iter().any(|p| p.id == persona)
    {
        return become_persona(&site, persona).await;
    }
    let voice = reader(&site, &headers, &shop.locale).await?;
    let embed = asked.embed.is_some();
    let footer = if app.model.is_language_model() {
        voice.say(CHAT_BY_MODEL, &[("name", &app.model.name())])
    } else {
        voice.pick(CHAT_BY_PLANNER)
    };
    let personas: Vec<_> = personas.iter().map(|p| context! { id => &p.id, name => &p.name }).collect();
    let context = context! {
        shop => context! { name => &shop.name },
        greeting => &shop.greeting,
        starters => &shop.starters,
        footer,
        embed,
        personas,
        max_chars => TEXT_CHARS_MAX,
        ..spoken(&voice)
    };
    let mut response = site.pages.render("chat", context, Frames::On(&app.config.http.embed_on))?;
    if session::alias(&headers).is_none() {
        give_session(&mut response, &app.ids.secret(), &app.public_url);
    }
    Ok(response)
}

/// How the reader of the page is spoken to: as in the talk so far, else in the first language of the browser that there
/// are words in, else in the shop's.
async fn reader(site: &Site, headers: &HeaderMap, shop: &str) -> Result<Voice, Error> {
    if let Some(alias) = session::alias(headers) {
        let mut tx = site.app.store.read(&site.app.shop).await?;
        if let Some(talk) = tx.conversation_of(CHANNEL, &alias).await? {
            return Ok(conversation::voice(&mut tx, &talk.id).await?);
        }
    }
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tags = wanted.split(',').take(LANGUAGES_MAX).filter_map(|part| part.split(';').next()).map(str::trim);
    let known = tags.filter(|tag| Language::from_tag(tag).is_some()).map(Voice::of_tag).next();
    Ok(known.unwrap_or_else(|| Voice::of_tag(shop)))
}

async fn become_persona(site: &Site, persona: &str) -> Result<Response, Error> {
    let app = &site.app;
    let secret = app.ids.secret();
    let mut tx = app.store.begin(&app.shop).await?;
    let contact = tx.contact_by_alias(PERSONA_CHANNEL, persona).await?.ok_or(Error::NotFound)?;
    tx.add_alias(&contact.id, CHANNEL, &session::hash(&secret)).await?;
    tx.commit().await?;
    let mut response = Redirect::to("/chat").into_response();
    give_session(&mut response, &secret, &app.public_url);
    Ok(response)
}

fn give_session(response: &mut Response, secret: &str, public_url: &str) {
    if let Ok(value) = session::set_cookie(secret, public_url).parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Everything said so far in this session.
pub async fn history(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Error> {
    let alias = session::alias(&headers).ok_or(Error::Forbidden)?;
    let app = &site.app;
    let mut tx = app.store.read(&app.shop).await?;
    let Some(conversation) = tx.conversation_of(CHANNEL, &alias).await? else {
        return Ok(Json(json!({ "with": "agent", "messages": [] })).into_response());
    };
    let messages = tx.messages_until(&conversation.id, i64::MAX, HISTORY_MAX).await?;
    let messages: Vec<_> = messages.iter().map(wire::message).collect();
    Ok(Json(json!({ "with": conversation.with.word(), "messages": messages })).into_response())
}

/// Takes a message in. It is answered later, by the worker; a repeat of the same id is answered like the first.
pub async fn write(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    body: Result<Json<Written>, JsonRejection>,
) -> Result<Response, Error> {
    let app = &site.app;
    let alias = session::alias(&headers).ok_or(Error::Forbidden)?;
    let Json(written) = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Ok((StatusCode::PAYLOAD_TOO_LARGE, Json(too_long())).into_response());
        }
        Err(_) => return Err(Error::Bad("Send JSON such as {\"text\": \"…\"} or {\"tap\": \"<button id>\"}.")),
    };
    let said = said(&written)?;
    if matches!(&said, Said::Text(text) if text.chars().count() > TEXT_CHARS_MAX) {
        return Ok((StatusCode::PAYLOAD_TOO_LARGE, Json(too_long())).into_response());
    }
    if !site.pace.allows(&alias, app.now()) {
        return Err(Error::TooFast);
    }
    let external_id = match written.id.filter(|id| !id.is_empty() && id.chars().count() <= ID_CHARS_MAX) {
        Some(id) => id,
        None => app.ids.secret(),
    };
    let inbound = Inbound { channel: CHANNEL.to_owned(), alias: alias.clone(), external_id, said, name: None };
    let received = receive(app, &app.shop, inbound).await?;
    app.web.wake(&received.conversation);
    let answer = match received.message {
        Some(message) => json!({ "id": message.id, "seq": message.seq }),
        None => json!({ "id": null, "seq": null }),
    };
    Ok((StatusCode::ACCEPTED, Json(answer)).into_response())
}

fn said(written: &Written) -> Result<Said, Error> {
    match (&written.text, &written.tap) {
        (Some(text), None) if !text.trim().is_empty() => Ok(Said::Text(text.trim().to_owned())),
        (None, Some(tap)) if !tap.is_empty() => {
            let label = written.label.clone().unwrap_or_else(|| tap.clone());
            // A choice offered as words is the words, whatever the client says stood on it.
            let label = tap.strip_prefix("say:").map_or(label, str::to_owned);
            Ok(Said::Tap { id: tap.clone(), label })
        }
        (Some(_), Some(_)) => Err(Error::Bad("Send either \"text\" or \"tap\", not both.")),
        _ => Err(Error::Bad("The message is empty.")),
    }
}

fn too_long() -> serde_json::Value {
    json!({"code": "too_long", "message": format!("That is too long; {TEXT_CHARS_MAX} characters fit in one message.")})
}

/// The conversation of a session, if it has begun.
async fn conversation(site: &Site, alias: &str) -> Result<Option<Conversation>, Error> {
    Ok(site.app.store.read(&site.app.shop).await?.conversation_of(CHANNEL, alias).await?)
}
