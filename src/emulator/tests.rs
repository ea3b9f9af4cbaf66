//! The emulator as a whole: over real sockets, with a little receiver of webhooks and time moved by hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test may fail by panicking")]

mod page;
mod receiver;
mod roads;
mod webhooks;

use crate::clock::{CountedIds, HandClock};
use crate::emulator::settings::{NUMBER_ID, Settings, TOKEN};
use crate::emulator::{Emulator, Running};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

/// 1 November 2026, 12:00 UTC.
pub fn noon() -> Timestamp {
    Timestamp::from_second(1_793_534_400).unwrap()
}

pub async fn start(settings: Settings) -> Running {
    let clock = Arc::new(HandClock::at(noon()));
    let settings = Settings { hand: Some(Arc::clone(&clock)), ..settings };
    Emulator::start(settings, clock, Arc::new(CountedIds::default())).await.unwrap()
}

pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().timeout(std::time::Duration::from_secs(20)).build().unwrap()
}

pub async fn call(running: &Running, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let url = format!("{}{path}", running.address);
    let mut request = client().request(method.parse().unwrap(), url).bearer_auth(TOKEN);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

pub async fn post(running: &Running, path: &str, body: Value) -> (u16, Value) {
    call(running, "POST", path, Some(body)).await
}

pub async fn send(running: &Running, body: Value) -> (u16, Value) {
    post(running, &format!("/v23.0/{NUMBER_ID}/messages"), body).await
}

pub fn text(to: &str, body: &str) -> Value {
    json!({"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}})
}
