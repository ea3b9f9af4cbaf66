//! What the agent did in a conversation, for colleagues.

use crate::agent::{past, trace};
use crate::domain::id::ConversationId;
use crate::http::Site;
use crate::http::console::{form, name, signed_in};
use crate::http::error::Error;
use crate::http::page::Frames;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{Value, context};
use std::sync::Arc;

/// Turns on one page; of more, the newest.
const TURNS_MAX: usize = 30;

/// The turns of one conversation.
pub async fn show(
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
    let turns = past::turns(&mut tx, &id, None).await?;
    let more = turns.len() > TURNS_MAX;
    let newest = turns.iter().rev().take(TURNS_MAX).rev();
    let context = context! {
        shop => context! { name => &shop.name },
        id => id.as_str(),
        contact => name(contact.name.as_deref(), &conversation.alias),
        more,
        turns => newest.map(|past| Value::from(Serde(trace::trace(past)))).collect::<Vec<_>>(),
    };
    Ok(site.pages.render("console_trace", context, Frames::Never)?)
}
