//! The Graph API over HTTP: who may call, which object is meant, and what comes back.

pub mod account;
pub mod callback;
pub mod number;

use crate::emulator::look::{Checked, Json};
use crate::emulator::mischief::take;
use crate::emulator::multipart;
use crate::emulator::refusal::Refusal;
use crate::emulator::state::{Entry, State};
use crate::emulator::world::World;
use axum::body::Body;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::time::Duration;
use subtle::ConstantTimeEq;

/// Bytes of a call, unless it uploads a file.
const CALL_MAX: usize = 256 * 1024;
/// Bytes of a call that uploads a file.
const UPLOAD_MAX: usize = 101 * 1024 * 1024;
/// The longest a slow answer may take.
const SLOW_MAX: u64 = 120_000;

/// What is needed to send and to fetch files.
pub const MESSAGING: &str = "whatsapp_business_messaging";
/// What is needed for templates, profile and settings.
pub const MANAGEMENT: &str = "whatsapp_business_management";

/// A call, read.
#[derive(Clone, Debug)]
pub struct Call {
    /// GET, POST, DELETE.
    pub method: Method,
    /// The path without the version.
    pub path: Vec<String>,
    /// Name and value.
    pub query: Vec<(String, String)>,
    /// The bearer token, or that of the query.
    pub token: String,
    /// `Content-Type`
    pub content_type: String,
    /// What was sent.
    pub bytes: Bytes,
}

impl Call {
    /// A value of the query.
    pub fn asked(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// The body: JSON, or a form whose values are texts or JSON.
    pub fn body(&self) -> Checked<Value> {
        if self.bytes.is_empty() {
            return Ok(json!({}));
        }
        if self.content_type.starts_with("application/x-www-form-urlencoded") {
            let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&self.bytes).unwrap_or_default();
            return Ok(Value::Object(pairs.into_iter().map(|(k, v)| (k, Value::String(v))).collect()));
        }
        serde_json::from_slice(&self.bytes).map_err(|_| Refusal::param("The body is not valid JSON."))
    }

    /// A parameter of the body or else of the query.
    pub fn given(&self, body: &Value, key: &str) -> Option<String> {
        body.of(key).as_str().map(str::to_owned).or_else(|| self.asked(key).map(str::to_owned))
    }
}

/// Answers any path the emulator does not use itself.
pub async fn answer(Shared(world): Shared<World>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = segments(head.uri.path());
    let query: Vec<(String, String)> =
        serde_urlencoded::from_str(head.uri.query().unwrap_or_default()).unwrap_or_default();
    let most = if path.last().is_some_and(|p| p == "media") { UPLOAD_MAX } else { CALL_MAX };
    let Ok(bytes) = axum::body::to_bytes(body, most).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let content_type = text_of(&head.headers, header::CONTENT_TYPE);
    let token = token(&head.headers, &query);
    let call = Call { method: head.method, path, query, token, content_type, bytes };
    let outcome = match callback::asked(&call) {
        true => callback::subscribe(&world, &call).await,
        false => world.with(|s| route(s, &call)),
    };
    note(&world, &call, &outcome);
    let sends = call.method == Method::POST && call.path.last().is_some_and(|p| p == "messages");
    if sends { sent(&world, outcome).await } else { respond(&world, outcome) }
}

fn segments(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = path.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect();
    let version = |p: &String| p.strip_prefix('v').is_some_and(|v| v.split('.').all(|n| n.parse::<u16>().is_ok()));
    if parts.first().is_some_and(version) {
        parts.remove(0);
    }
    parts
}

fn text_of(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}

fn token(headers: &HeaderMap, query: &[(String, String)]) -> String {
    let header = text_of(headers, header::AUTHORIZATION);
    match header.strip_prefix("Bearer ") {
        Some(token) => token.to_owned(),
        None => query.iter().find(|(k, _)| k == "access_token").map(|(_, v)| v.clone()).unwrap_or_default(),
    }
}

/// Refuses a token that is wrong, expired or lacks a permission.
pub fn authorize(state: &State, token: &str, scope: &str) -> Checked<()> {
    let same = |text: &str| bool::from(text.as_bytes().ct_eq(token.as_bytes()));
    let known = state.settings.tokens.iter().find(|t| same(t.text.expose_secret()));
    match known {
        None => Err(Refusal::new(190, "Invalid OAuth access token.")),
        Some(token) if token.expired => Err(Refusal::new(190, "Error validating access token: it has expired.")),
        Some(token) if !token.scopes.iter().any(|s| s == scope) => {
            Err(Refusal::new(200, format!("The token lacks the permission {scope}.")))
        }
        Some(_) => Ok(()),
    }
}

fn route(state: &mut State, call: &Call) -> Checked<Value> {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    if call.method == Method::GET && path.as_slice() == [state.settings.app_id.as_str(), "subscriptions"] {
        return account::subscriptions(state, call);
    }
    if path.as_slice() == ["debug_token"] {
        return account::debug_token(state, call);
    }
    let [id, edge @ ..] = path.as_slice() else { return Err(unknown(call)) };
    if edge.len() > 1 {
        return Err(unknown(call));
    }
    let edge = edge.first().copied().unwrap_or_default();
    if state.line(id).is_some() {
        return number::route(state, call, id, edge);
    }
    if *id == state.settings.waba_id || *id == state.settings.business_id {
        return account::route(state, call, id, edge);
    }
    if edge.is_empty() && (call.method == Method::GET || call.method == Method::DELETE) {
        authorize(state, &call.token, MESSAGING)?;
        let number = call.asked("phone_number_id");
        let found = match call.method {
            Method::GET => state.look_up(id, number),
            _ => state.delete_file(id).then(|| json!({"success": true})),
        };
        return found.ok_or_else(|| unknown(call));
    }
    authorize(state, &call.token, MESSAGING)?;
    Err(unknown(call))
}

/// Meta's answer to a path it does not know.
pub fn unknown(call: &Call) -> Refusal {
    let path = call.path.join("/");
    let details = format!(
        "Unsupported {} request. Object '{path}' does not exist, cannot be loaded due to missing permissions, or does \
         not support this operation.",
        call.method.as_str().to_ascii_lowercase()
    );
    Refusal::param(details)
}

/// `POST /{number}/media`.
pub fn upload(state: &mut State, call: &Call, number: &str) -> Checked<Value> {
    let fields = multipart::fields(&call.content_type, &call.bytes);
    let fields = fields.ok_or_else(|| Refusal::param("The body must be multipart/form-data."))?;
    let find = |name: &str| fields.iter().find(|f| f.name == name);
    let text = |name: &str| find(name).map(|f| String::from_utf8_lossy(&f.bytes).into_owned());
    if text("messaging_product").as_deref() != Some("whatsapp") {
        return Err(Refusal::param("The parameter messaging_product is required."));
    }
    let file = find("file").ok_or_else(|| Refusal::param("The parameter file is required."))?;
    let mime = file.mime.clone().or_else(|| text("type"));
    let mime = mime.ok_or_else(|| Refusal::param("The parameter type is required."))?;
    state.upload(number, &mime, file.bytes.clone())
}

fn note(world: &World, call: &Call, outcome: &Checked<Value>) {
    let query: Vec<String> =
        call.query.iter().filter(|(k, _)| k != "access_token").map(|(k, v)| format!("{k}={v}")).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    let title = format!("{} /{}{mark}{}", call.method, call.path.join("/"), query.join("&"));
    let plain = call.content_type.starts_with("application/json") || call.bytes.is_empty();
    let request = match plain {
        true => String::from_utf8_lossy(&call.bytes).into_owned(),
        false => format!("({} bytes, {})", call.bytes.len(), call.content_type.split(';').next().unwrap_or_default()),
    };
    world.with(|s| {
        let at = s.now();
        let (status, answer, why) = match outcome {
            Ok(value) => (200, value.to_string(), None),
            Err(refusal) => (refusal.http().as_u16(), refusal.body("").to_string(), Some(refusal.to_string())),
        };
        s.note(Entry { seq: 0, at, kind: "call", title, status, request, answer, why });
    });
}

fn respond(world: &World, outcome: Checked<Value>) -> Response {
    match outcome {
        Ok(value) => axum::Json(value).into_response(),
        Err(refusal) => {
            let trace = world.with(|s| format!("A{}", s.serial()));
            (refusal.http(), axum::Json(refusal.body(&trace))).into_response()
        }
    }
}

/// The answer to a send, with what was told to go wrong with it.
async fn sent(world: &World, outcome: Checked<Value>) -> Response {
    let (slow, first, lose, cut) = world.with(|s| {
        // A mark of reading is no message: whoever looks for lost answers means messages.
        let carried_out = outcome.as_ref().is_ok_and(|value| value.get("messages").is_some());
        let m = &mut s.mischief;
        let lose = carried_out && take(&mut m.lose_answers);
        let cut = carried_out && !lose && take(&mut m.cut_answers);
        (m.slow_ms.min(SLOW_MAX), m.statuses_first, lose, cut)
    });
    if slow > 0 {
        tokio::time::sleep(Duration::from_millis(slow)).await;
    }
    if first {
        world.pump(u64::MAX).await;
    }
    if lose {
        return respond(world, Err(Refusal::new(131000, "The answer was lost: the message was accepted.")));
    }
    if cut {
        let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let stream = futures_util::stream::once(async move { Err::<Bytes, _>(broken) });
        return Body::from_stream(stream).into_response();
    }
    respond(world, outcome)
}
