//! WhatsApp's webhook: raw bytes, signature, rows, 200; everything else later.

use crate::channel::whatsapp::{Account, verify};
use crate::conversation::whatsapp::Delivery;
use crate::http::Site;
use crate::http::error::Error;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Letters of a challenge; Meta's has about ten.
const CHALLENGE_CHARS_MAX: usize = 200;

/// Meta tries the address before it uses it.
pub async fn handshake(
    State(site): State<Arc<Site>>,
    Path(account): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let account = account_of(&site, &account)?;
    let said = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let challenge = said("hub.challenge");
    if challenge.chars().count() > CHALLENGE_CHARS_MAX {
        return Err(Error::Bad("the challenge is too long"));
    }
    if !verify::knows_word(said("hub.mode"), said("hub.verify_token"), account) {
        return Err(Error::Forbidden);
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], challenge.to_owned()).into_response())
}

/// Takes a body in. It is answered after its rows are committed; if they cannot be, Meta sends it again.
pub async fn receive(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Error> {
    let account = account_of(&site, &name)?;
    let signature = headers.get(verify::HEADER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !verify::is_signed(&body, signature, &account.app_secret) {
        site.intake.counts.rejected.fetch_add(1, Ordering::Relaxed);
        return Err(Error::NotSigned);
    }
    site.intake.take(Delivery::read(&name, body)).await?;
    Ok(StatusCode::OK)
}

fn account_of<'a>(site: &'a Site, name: &str) -> Result<&'a Account, Error> {
    site.app.config.whatsapp.accounts.get(name).ok_or(Error::NotFound)
}
