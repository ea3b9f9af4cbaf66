//! The payment provider's webhook: raw bytes, signature, rows, 200; everything else later.

use crate::checkout::receive;
use crate::http::Site;
use crate::http::error::Error;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use std::sync::Arc;

/// Takes an event in.
pub async fn receive(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Error> {
    let signature = headers.get("stripe-signature").and_then(|v| v.to_str().ok()).unwrap_or_default();
    receive::receive(&site.app, &site.app.shop, &body, signature).await?;
    Ok(StatusCode::OK)
}
