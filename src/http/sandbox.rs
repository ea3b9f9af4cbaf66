//! The sandbox seen from outside: Stripe's HTTP for other programs, and the delivery of its signed events to our own
//! webhook, as Stripe would.

use crate::http::Site;
use crate::http::error::Error;
use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::api::{Answered, Incoming};
use crate::payment::sandbox::deliver::Delivery;
use crate::payment::stripe::transport::API_VERSION;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
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
    let sandbox = opened(&site, &headers)?;
    let text = if method == Method::GET { query.unwrap_or_default().into_bytes() } else { body.to_vec() };
    let form = form(&text)?;
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok());
    let path = format!("/v1/{path}");
    let answer = sandbox.answer(&Incoming { method: method.as_str(), path: &path, form: &form, key });
    if method != Method::GET {
        ring(&site);
    }
    Ok(on_the_wire(answer, key))
}

/// The sandbox's own drawer: `POST /sandbox/control`.
pub async fn control(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Result<Response, Error> {
    let sandbox = opened(&site, &headers)?;
    let done = sandbox.control(&form(&body)?);
    ring(&site);
    Ok(match done {
        Ok(done) => Json(done).into_response(),
        Err(error) => {
            let error = json!({ "error": { "type": "invalid_request_error", "message": error.to_string() } });
            (StatusCode::BAD_REQUEST, Json(error)).into_response()
        }
    })
}

/// The sandbox, for callers on this machine with any test key. Its lists hold addresses and its drawer breaks things, so
/// a shop that is shown to others keeps both closed: it speaks to its sandbox without HTTP anyway.
fn opened<'a>(site: &'a Site, headers: &HeaderMap) -> Result<&'a Sandbox, Error> {
    let sandbox = site.app.sandbox.as_deref().ok_or(Error::NotFound)?;
    let host = headers.get("host").and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !is_here(&site.app.public_url) || !is_here(&format!("http://{host}")) || headers.contains_key("origin") {
        return Err(Error::NotFound);
    }
    // Any test key will do, as long as it is one: what runs against the sandbox should run against the real thing.
    let given = headers.get("authorization").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let is_test = given.strip_prefix("Bearer ").is_some_and(|k| k.starts_with("sk_test_") || k.starts_with("rk_test_"));
    if is_test { Ok(sandbox) } else { Err(Error::Forbidden) }
}

/// Whether an address is on this machine.
fn is_here(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn form(text: &[u8]) -> Result<Vec<(String, String)>, Error> {
    serde_urlencoded::from_bytes(text).map_err(|_| Error::Bad("The form could not be read."))
}

/// The answer with Stripe's headers; one that is lost ends in the middle.
fn on_the_wire(answer: Answered, key: Option<&str>) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = match answer.is_lost {
        true => Body::from_stream(futures_util::stream::iter([
            Ok(Bytes::from_static(b"{")),
            Err(std::io::Error::other("the sandbox was told to lose this answer")),
        ])),
        false => Body::from(answer.body),
    };
    let mut response = (status, [("content-type", "application/json")], body).into_response();
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    put("request-id", &answer.request_id);
    put("stripe-version", API_VERSION);
    key.into_iter().for_each(|key| put("idempotency-key", key));
    if answer.replayed {
        put("idempotent-replayed", "true");
    }
    response
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
        let ok = post(client, &format!("{address}/webhooks/stripe"), &delivery).await;
        sandbox.delivered(&delivery.event_id, ok);
    }
    for delivery in sandbox.due_elsewhere(site.app.now()) {
        // Whoever names an endpoint over the API must not make this machine call others.
        let url = delivery.url.as_deref().filter(|url| is_here(url));
        let ok = match url {
            Some(url) => post(client, url, &delivery).await,
            None => false,
        };
        sandbox.delivered_to(&delivery.event_id, &delivery.endpoint, ok);
    }
}

async fn post(client: &reqwest::Client, url: &str, delivery: &Delivery) -> bool {
    let sent = client
        .post(url)
        .header("stripe-signature", &delivery.signature_header)
        .header("content-type", "application/json")
        .body(delivery.body.clone())
        .send()
        .await;
    sent.is_ok_and(|answer| answer.status().is_success())
}
