//! A little Graph API: takes messages, refuses them, loses answers, and remembers what it took.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use souk::channel::whatsapp::Account;
use souk::config::Config;
use souk::domain::send::{Became, News, Problem};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// What the network does with the next message.
#[derive(Clone, Copy, Debug)]
pub enum Does {
    /// Takes it, but the answer is lost.
    TakesAndLoses,
    /// Loses it, and nobody knows.
    Loses,
    /// Says no.
    Refuses(i64),
}

/// A message that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The network's id.
    pub id: String,
    /// As it came.
    pub body: Value,
}

#[derive(Default)]
struct Memory {
    taken: Vec<Taken>,
    read: Vec<Value>,
    asked: usize,
    plan: VecDeque<Does>,
}

/// A network in this process.
#[derive(Clone)]
pub struct Graph {
    url: String,
    memory: Arc<Mutex<Memory>>,
}

impl Graph {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let memory = Arc::new(Mutex::new(Memory::default()));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&memory));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, memory }
    }

    /// Settings with one account that sends through this network.
    pub fn settings(&self, config: &mut Config) {
        let account = Account {
            app_secret: vec!["secret".into()],
            access_token: "token".into(),
            phone_number_id: "42".into(),
            waba_id: "31".into(),
            graph_url: self.url.clone(),
            ..Account::default()
        };
        config.whatsapp.accounts.insert("main".into(), account);
    }

    /// What it does with the next messages; after that it takes them.
    pub fn will(&self, does: impl IntoIterator<Item = Does>) {
        self.memory.lock().unwrap().plan.extend(does);
    }

    /// Every message that was taken, oldest first.
    pub fn taken(&self) -> Vec<Taken> {
        self.memory.lock().unwrap().taken.clone()
    }

    /// How often it was asked to take one.
    pub fn asked(&self) -> usize {
        self.memory.lock().unwrap().asked
    }

    /// Marks of reading.
    pub fn read(&self) -> Vec<Value> {
        self.memory.lock().unwrap().read.clone()
    }
}

impl Taken {
    /// Its words.
    pub fn text(&self) -> String {
        let at = |path: &str| self.body.pointer(path).and_then(Value::as_str).map(str::to_owned);
        at("/text/body").or_else(|| at("/interactive/body/text")).or_else(|| at("/template/name")).unwrap_or_default()
    }

    /// Our id in it.
    pub fn ours(&self) -> String {
        self.body["biz_opaque_callback_data"].as_str().unwrap().to_owned()
    }

    /// News of it.
    pub fn news(&self, what: Became) -> News {
        News {
            outside_id: self.id.clone(),
            ours: Some(self.ours()),
            what,
            at: jiff::Timestamp::UNIX_EPOCH,
            problem: None,
            pricing: None,
        }
    }

    /// News that it did not arrive.
    pub fn failed(&self, code: i64) -> News {
        News { problem: Some(Problem { code, text: "a reason".into() }), ..self.news(Became::Failed) }
    }
}

async fn answer(State(memory): State<Arc<Mutex<Memory>>>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut memory = memory.lock().unwrap();
    if body.get("status").is_some() {
        memory.read.push(body);
        return axum::Json(json!({"success": true})).into_response();
    }
    memory.asked += 1;
    let does = memory.plan.pop_front();
    let id = format!("wamid.{}", memory.asked);
    if !matches!(does, Some(Does::Loses | Does::Refuses(_))) {
        memory.taken.push(Taken { id: id.clone(), body: body.clone() });
    }
    match does {
        None => axum::Json(json!({"messaging_product": "whatsapp", "messages": [{"id": id}],
            "contacts": [{"input": body["to"], "wa_id": "5511988887777"}]}))
        .into_response(),
        Some(Does::Refuses(code)) => {
            let error = json!({"error": {"code": code, "message": "no", "fbtrace_id": "A"}});
            (StatusCode::BAD_REQUEST, axum::Json(error)).into_response()
        }
        Some(Does::TakesAndLoses | Does::Loses) => (StatusCode::BAD_GATEWAY, "<html>").into_response(),
    }
}
