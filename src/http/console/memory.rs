//! What the shop keeps in mind about a shopper, on the conversation's page, and the button that deletes it.

use crate::agent::memory::{self, Known};
use crate::domain::id::ConversationId;
use crate::http::Site;
use crate::http::console::{Act, back, check};
use crate::http::error::Error;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;

/// What is kept in mind, one line each.
pub(super) fn lines(known: &Known) -> Vec<String> {
    let line = |name: &str, value: &str| format!("{name}: {value}");
    let mut lines: Vec<String> = known.language.iter().map(|tag| line("Language", tag)).collect();
    lines.extend(known.sizes.iter().map(|(name, sizes)| line(name, &sizes.join(", "))));
    if !known.orders.is_empty() {
        lines.push(line("Last orders", &known.orders.join(", ")));
    }
    lines.extend(known.address.iter().map(|address| line("Usual address", address)));
    lines
}

/// Deletes it for the shopper.
pub async fn forget(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(act): Form<Act>,
) -> Result<Response, Error> {
    check(&site, &headers, &act)?;
    let app = &site.app;
    let mut tx = app.store.begin(&app.shop).await?;
    let shop = tx.shop().await?.ok_or(Error::NotFound)?;
    let conversation = tx.conversation(&ConversationId::new(id.clone())).await?.ok_or(Error::NotFound)?;
    memory::forget(&mut tx, &shop, &conversation.contact, app.now()).await?;
    tx.commit().await?;
    Ok(back(&id))
}
