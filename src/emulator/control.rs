//! Playing over HTTP, from this machine only: what the page and other programs can do, and what they can see.

use crate::emulator::graph::{MESSAGING, authorize};
use crate::emulator::mischief::Misbehaviour;
use crate::emulator::refusal::Refusal;
use crate::emulator::shopper::say::Saying;
use crate::emulator::shopper::{NewPerson, Unable};
use crate::emulator::state::State;
use crate::emulator::world::World;
use axum::extract::{ConnectInfo, FromRequestParts, Path, Query, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::SocketAddr;

/// Bytes of an order to the emulator: a file as base64 and a little.
pub const BODY_MAX: usize = 24 * 1024 * 1024;
/// Messages and journal lines a page gets.
const SHOWN_MAX: (usize, usize) = (200, 60);
/// The furthest jump, in hours: a year.
const JUMP_MAX: u32 = 24 * 366;

/// Something the emulator is told to do.
#[expect(missing_docs, reason = "the names of the fields say it")]
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Order {
    /// Make somebody.
    Person(NewPerson),
    /// Let somebody say or do something in the chat.
    Say {
        person: String,
        #[serde(default)]
        number: Option<String>,
        saying: Saying,
    },
    /// Switch what somebody is like; what is left out stays.
    Change {
        person: String,
        #[serde(default)]
        reads: Option<bool>,
        #[serde(default)]
        receipts: Option<bool>,
        #[serde(default)]
        reachable: Option<bool>,
        #[serde(default)]
        blocks: Option<bool>,
    },
    /// Stop or resume marketing.
    Marketing {
        person: String,
        #[serde(default)]
        number: Option<String>,
        stop: bool,
    },
    /// Move to a new phone, or get a new id only.
    Move {
        person: String,
        #[serde(default)]
        number: Option<String>,
        #[serde(default)]
        phone: Option<String>,
    },
    /// Open the chat.
    Open {
        person: String,
        #[serde(default)]
        number: Option<String>,
    },
    /// Staff write from the Business app.
    Echo {
        person: String,
        #[serde(default)]
        number: Option<String>,
        body: String,
    },
    /// What goes wrong from now on.
    Misbehave { how: Misbehaviour },
    /// Jump forward.
    Jump { hours: u32 },
    /// Set a template's status.
    Template {
        name: String,
        language: String,
        status: String,
        #[serde(default)]
        reason: Option<String>,
    },
    /// Set a template's quality.
    TemplateQuality { name: String, language: String, quality: String },
    /// Set a number's quality.
    NumberQuality {
        #[serde(default)]
        number: Option<String>,
        quality: String,
        event: String,
        limit: String,
    },
    /// Tell any field.
    Announce { field: String, value: Value },
    /// Tell of a mishap of the number.
    Fault {
        #[serde(default)]
        number: Option<String>,
        code: u32,
    },
}

/// A caller on this machine who asked for this machine by name, so that no page elsewhere can ask in their stead.
pub struct Here;

impl<S: Sync> FromRequestParts<S> for Here {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let near = peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback());
        let host = parts.headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
        if near && is_here(host) && from_here(&parts.headers) { Ok(Self) } else { Err(StatusCode::FORBIDDEN) }
    }
}

fn is_here(host: &str) -> bool {
    let bare = if host.ends_with(']') { host } else { host.rsplit_once(':').map_or(host, |(name, _)| name) };
    crate::emulator::look::is_loopback(bare)
}

fn from_here(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    origin.to_str().ok().and_then(|o| o.split_once("://")).is_some_and(|(_, host)| is_here(host))
}

/// `POST /emulator/control`
pub async fn control(_: Here, Shared(world): Shared<World>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/json").into_response();
    }
    let order: Order = match serde_json::from_slice(&body) {
        Ok(order) => order,
        Err(error) => {
            return (StatusCode::BAD_REQUEST, axum::Json(json!({"error": error.to_string()}))).into_response();
        }
    };
    match world.with(|s| s.obey(order)) {
        Ok(answer) => axum::Json(answer).into_response(),
        Err(unable) => (StatusCode::CONFLICT, axum::Json(json!({"error": unable.to_string()}))).into_response(),
    }
}

impl State {
    /// Does what it is told.
    pub fn obey(&mut self, order: Order) -> Result<Value, Unable> {
        let first = self.numbers.first().map(|l| l.number.id.clone()).unwrap_or_default();
        let or_first = |number: Option<String>| number.unwrap_or_else(|| first.clone());
        let done = json!({"ok": true});
        self.revision += 1;
        match order {
            Order::Person(person) => return Ok(json!({"person": self.make_person(&person)?})),
            Order::Say { person, number, saying } => {
                return Ok(json!({"id": self.says(&person, &or_first(number), &saying)?}));
            }
            Order::Change { person, reads, receipts, reachable, blocks } => {
                let who = self.person_mut(&person).ok_or(Unable::Nobody(person))?;
                who.reads = reads.unwrap_or(who.reads);
                who.receipts = receipts.unwrap_or(who.receipts);
                who.reachable = reachable.unwrap_or(who.reachable);
                who.blocks = blocks.unwrap_or(who.blocks);
            }
            Order::Marketing { person, number, stop } => self.prefers(&person, &or_first(number), stop)?,
            Order::Move { person, number, phone } => self.moves(&person, &or_first(number), phone.as_deref())?,
            Order::Open { person, number } => self.opens_chat(&person, &or_first(number)),
            Order::Echo { person, number, body } => {
                return Ok(json!({"id": self.echo(&person, &or_first(number), &body)?}));
            }
            Order::Misbehave { how } => self.mischief = how,
            Order::Jump { hours } => self.jump(hours.min(JUMP_MAX).saturating_mul(60)),
            Order::Template { name, language, status, reason } => {
                if !self.set_template(&name, &language, &status, reason.as_deref()) {
                    return Err(Unable::Nobody(format!("template {name} in {language}")));
                }
            }
            Order::TemplateQuality { name, language, quality } => {
                if !self.rate_template(&name, &language, &quality) {
                    return Err(Unable::Nobody(format!("template {name} in {language}")));
                }
            }
            Order::NumberQuality { number, quality, event, limit } => {
                self.rate_number(&or_first(number), &quality, &event, &limit)?;
            }
            Order::Announce { field, value } => self.announce(&field, value),
            Order::Fault { number, code } => self.announce_error(&or_first(number), code),
        }
        Ok(done)
    }

    /// What the page shows.
    pub fn shown(&mut self) -> Value {
        self.tick();
        let last = |n: usize, len: usize| len.saturating_sub(n);
        let bubbles: Vec<_> = self.bubbles.iter().skip(last(SHOWN_MAX.0, self.bubbles.len())).collect();
        let journal: Vec<_> = self.journal.iter().skip(last(SHOWN_MAX.1, self.journal.len())).collect();
        let numbers: Vec<Value> = self
            .numbers
            .iter()
            .map(|l| json!({"id": l.number.id, "phone": l.number.phone, "name": l.number.name, "coexistence": l.number.coexistence}))
            .collect();
        let open: Vec<String> = self
            .people
            .iter()
            .filter(|p| self.numbers.first().is_some_and(|l| self.window_open(&l.number.id, &p.key)))
            .map(|p| p.key.clone())
            .collect();
        json!({
            "revision": self.revision,
            "now": self.now(),
            "numbers": numbers,
            "people": self.people,
            "open": open,
            "bubbles": bubbles,
            "journal": journal,
            "waiting": self.queue.len(),
            "callback": self.hooks.app,
            "mischief": self.mischief,
            "catalogue": self.settings.catalogue,
        })
    }
}

/// What a page knows already.
#[derive(Debug, Deserialize)]
pub struct Known {
    #[serde(default)]
    since: u64,
}

/// `GET /emulator/state`: everything the page shows, or only the revision when it knows that.
pub async fn state(_: Here, Shared(world): Shared<World>, Query(known): Query<Known>) -> Response {
    let shown = world.with(|s| {
        s.tick();
        if s.revision == known.since { json!({"revision": s.revision, "now": s.now()}) } else { s.shown() }
    });
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(shown)).into_response()
}

/// A file as bytes that can never run as a page.
fn plain(mime: &str, bytes: Bytes) -> Response {
    let policy = "default-src 'none'; sandbox";
    let headers = [(header::CONTENT_TYPE, mime), (header::CONTENT_SECURITY_POLICY, policy)];
    let mut response = (headers, bytes).into_response();
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    response
}

/// `GET /emulator/file/{id}`: a file of a chat, for the page.
pub async fn file(_: Here, Shared(world): Shared<World>, Path(id): Path<String>) -> Response {
    let found = world.with(|s| s.shelf.find(&id, s.now()).cloned());
    found.map_or(StatusCode::NOT_FOUND.into_response(), |f| plain(&f.mime, f.bytes))
}

/// `GET /emulator/media/{token}`: what a look-up or a webhook named, for five minutes and with the token.
pub async fn media(Shared(world): Shared<World>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let bearer =
        headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    let allowed = world.with(|s| authorize(s, bearer.unwrap_or_default(), MESSAGING));
    if let Err(refusal) = allowed {
        return (refusal.http(), axum::Json(refusal.body(""))).into_response();
    }
    let found = world.with(|s| s.at_address(&token).cloned());
    match found {
        Some(file) => plain(&file.mime, file.bytes),
        None => {
            let gone = Refusal::param("The address has expired: look the media up again.");
            (StatusCode::NOT_FOUND, axum::Json(gone.body(""))).into_response()
        }
    }
}
