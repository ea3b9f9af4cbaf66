//! The sandbox seen from outside: Stripe's HTTP for other programs, and the delivery of its signed events to our own
//! webhook, as Stripe would.

use crate::http::Site;
use crate::http::error::Error;
use crate::payment::sandbox::Sandbox;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

/// How often the sandbox looks for events to deliver when nobody rings.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long one delivery may take.
const DELIVERY: Duration = Duration::from_secs(10);

/// Stripe's API, answered by the sandbox.
pub async fn api(
    State(site): State<Arc<Site>>,
    method: Method,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    let sandbox = site.app.sandbox.as_deref().ok_or(Error::NotFound)?;
    if !allowed(&headers) {
        return Err(Error::Forbidden);
    }
    let text = if method == Method::GET { query.unwrap_or_default().into_bytes() } else { body.to_vec() };
    let form: Vec<(String, String)> =
        serde_urlencoded::from_bytes(&text).map_err(|_| Error::Bad("The form could not be read."))?;
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok());
    let reply = sandbox.reply(method.as_str(), &format!("/v1/{path}"), &form, key);
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let replayed = if reply.replayed { "true" } else { "false" };
    Ok((status, [("idempotent-replayed", replayed)], Json(reply.body)).into_response())
}

// Any test key will do, as long as it is one: what runs against the sandbox should run against the real thing.
fn allowed(headers: &HeaderMap) -> bool {
    let key = headers.get("authorization").and_then(|v| v.to_str().ok()).unwrap_or_default();
    key.strip_prefix("Bearer ").is_some_and(|k| k.starts_with("sk_test_") || k.starts_with("rk_test_"))
}

/// Lets the delivery look at once.
pub fn ring(site: &Site) {
    site.app.work.notify_waiters();
}

/// Delivers the sandbox's events to our own webhook until told to stop.
pub async fn deliver(site: Arc<Site>, address: String, mut stop: tokio::sync::watch::Receiver<bool>) {
    let Some(sandbox) = site.app.sandbox.clone() else { return };
    let client = reqwest::Client::builder().timeout(DELIVERY).redirect(reqwest::redirect::Policy::none()).build();
    let Ok(client) = client else {
        tracing::error!("the sandbox cannot deliver its events: no HTTP client could be made");
        return;
    };
    while !*stop.borrow() {
        deliver_due(&site, &sandbox, &client, &address).await;
        let rung = site.app.work.notified();
        tokio::select! {
            _ = stop.changed() => {}
            () = rung => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn deliver_due(site: &Site, sandbox: &Sandbox, client: &reqwest::Client, address: &str) {
    sandbox.tick();
    for delivery in sandbox.due_deliveries(site.app.now()) {
        let sent = client
            .post(format!("{address}/webhooks/stripe"))
            .header("stripe-signature", &delivery.signature_header)
            .header("content-type", "application/json")
            .body(delivery.body)
            .send()
            .await;
        let ok = sent.is_ok_and(|answer| answer.status().is_success());
        sandbox.delivered(&delivery.event_id, ok);
    }
}
