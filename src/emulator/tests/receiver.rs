//! A little receiver: keeps what it gets, answers the handshake, and fails as often as it is told.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// What came in, and how it answers.
#[derive(Clone, Default)]
pub struct Receiver(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    posts: Vec<(String, Bytes)>,
    failures: usize,
}

impl Receiver {
    /// Listens. Answers itself and its address.
    pub async fn start() -> (Self, String) {
        let receiver = Self::default();
        let router = Router::new().route("/hook", get(shake).post(take)).with_state(receiver.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, url)
    }

    pub fn fail(&self, times: usize) {
        self.0.lock().unwrap().failures = times;
    }

    /// Signature and bytes of each POST.
    pub fn posts(&self) -> Vec<(String, Bytes)> {
        self.0.lock().unwrap().posts.clone()
    }

    pub fn bodies(&self) -> Vec<Value> {
        self.posts().iter().map(|(_, bytes)| serde_json::from_slice(bytes).unwrap()).collect()
    }

    /// Every value of every change, in the order it came.
    pub fn values(&self) -> Vec<Value> {
        let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
        let changes =
            self.bodies().into_iter().flat_map(move |b| list(&b["entry"])).flat_map(move |e| list(&e["changes"]));
        changes.map(|c| c["value"].clone()).collect()
    }

    pub fn statuses(&self) -> Vec<String> {
        let all = self.values().into_iter().flat_map(|v| v["statuses"].as_array().cloned().unwrap_or_default());
        all.map(|s| s["status"].as_str().unwrap().to_owned()).collect()
    }

    pub fn messages(&self) -> Vec<Value> {
        self.values().into_iter().flat_map(|v| v["messages"].as_array().cloned().unwrap_or_default()).collect()
    }

    pub fn clear(&self) {
        self.0.lock().unwrap().posts.clear();
    }
}

async fn shake(Query(query): Query<HashMap<String, String>>) -> Result<String, StatusCode> {
    let good = query.get("hub.mode").is_some_and(|m| m == "subscribe")
        && query.get("hub.verify_token").is_some_and(|t| t == "my-word");
    query.get("hub.challenge").filter(|_| good).cloned().ok_or(StatusCode::FORBIDDEN)
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, bytes: Bytes) -> StatusCode {
    let mut inner = receiver.0.lock().unwrap();
    let signature = headers["x-hub-signature-256"].to_str().unwrap().to_owned();
    inner.posts.push((signature, bytes));
    if inner.failures > 0 {
        inner.failures -= 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    StatusCode::OK
}
