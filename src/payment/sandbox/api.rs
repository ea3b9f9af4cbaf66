//! The API's side of the sandbox: Stripe's calls answered as Stripe answers them, with what was told to go wrong.

pub mod ask;
pub mod disputes;
pub mod endpoints;
pub mod read;
pub mod refunds;
pub mod sessions;

use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::api::ask::Asked;
use crate::payment::sandbox::mischief::Misbehaviour;
use crate::payment::sandbox::shape::{Fault, fault, other_fault};
use crate::payment::sandbox::state::answer::Answer;
use crate::payment::sandbox::state::{Origin, Row, State};
use jiff::Timestamp;
use serde_json::Value;

/// Longest idempotency key.
const KEY_CHARS_MAX: usize = 255;

/// A call.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'a str,
    /// `/v1/…`.
    pub path: &'a str,
    /// Parameters.
    pub form: &'a [(String, String)],
    /// The idempotency key.
    pub key: Option<&'a str>,
}

/// An answer of the API.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The object, list or error envelope.
    pub body: Value,
    /// Whether it is the kept answer to an earlier call with the same key (header `Idempotent-Replayed`).
    pub replayed: bool,
}

/// An answer as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// HTTP status.
    pub status: u16,
    /// JSON, or what is left of it.
    pub body: Vec<u8>,
    /// Header `Request-Id`.
    pub request_id: String,
    /// Header `Idempotent-Replayed`.
    pub replayed: bool,
    /// Whether it never arrives.
    pub is_lost: bool,
}

impl Sandbox {
    /// Answers a call as it was told to: rightly, if nothing else was said.
    pub fn answer(&self, incoming: &Incoming) -> Answered {
        let told = self.mischief().calls.pop_front();
        let request_id = self.id("req", self.clock.now());
        let reply = self.carry(incoming, &request_id, told);
        let mut body = reply.body.to_string().into_bytes();
        if told == Some(Misbehaviour::GarbleAnswer) {
            body.truncate(body.len() / 2);
        }
        let is_lost = told == Some(Misbehaviour::LoseAnswer);
        Answered { status: reply.status, body, request_id, replayed: reply.replayed, is_lost }
    }

    /// Answers a call with status and JSON.
    pub fn handle(&self, method: &str, path: &str, form: &[(String, String)], key: Option<&str>) -> (u16, Value) {
        let reply = self.reply(method, path, form, key);
        (reply.status, reply.body)
    }

    /// Answers a call, and says whether the answer is a repeated one.
    pub fn reply(&self, method: &str, path: &str, form: &[(String, String)], key: Option<&str>) -> Reply {
        let request_id = self.id("req", self.clock.now());
        self.carry(&Incoming { method, path, form, key }, &request_id, None)
    }

    fn carry(&self, incoming: &Incoming, request_id: &str, told: Option<Misbehaviour>) -> Reply {
        match told {
            Some(Misbehaviour::TooMany) => return refused(too_many()),
            Some(Misbehaviour::ServerError) => return refused(broken()),
            _ => {}
        }
        let Incoming { method, path, form, key } = *incoming;
        let asked = Asked { method, path, form };
        self.with(|state, now| {
            state.origin = Origin { request: Some(request_id.to_owned()), key: key.map(str::to_owned) };
            let reply = match method {
                "GET" => self.read(state, &asked).map_or_else(refused, done),
                "POST" | "DELETE" => {
                    let breaks = told == Some(Misbehaviour::ServerErrorKept);
                    self.once(state, now, &asked, key, breaks).unwrap_or_else(refused)
                }
                _ => refused(unknown_address(method, path)),
            };
            state.origin = Origin::default();
            reply
        })
    }

    /// Carries a changing call out, unless its key was used before.
    fn once(
        &self,
        state: &mut State,
        now: Timestamp,
        asked: &Asked,
        key: Option<&str>,
        breaks: bool,
    ) -> Result<Reply, Fault> {
        let digest = asked.digest();
        if let Some(key) = key {
            if key.is_empty() || key.chars().count() > KEY_CHARS_MAX {
                return Err(fault("idempotency_key_invalid", None, "An idempotency key has 1 to 255 characters."));
            }
            if let Some(earlier) = state.answers.get(key).filter(|a| a.counts(now)) {
                return again(earlier, &digest);
            }
        }
        let (reply, is_kept) = match self.act(state, now, asked) {
            Ok(_) if breaks => (refused(broken()), true),
            Ok(body) => (done(body), true),
            Err(fault) => (refused(fault.clone()), fault.is_kept),
        };
        if let Some(key) = key.filter(|_| is_kept) {
            // A key that counts as new again is a new row, not an old one mended.
            state.answers.remove(key);
            let body = reply.body.to_string();
            state.put(Row::Answer(Answer { key: key.to_owned(), digest, at: now, status: reply.status, body }));
        }
        Ok(reply)
    }

    fn act(&self, state: &mut State, now: Timestamp, asked: &Asked) -> Result<Value, Fault> {
        let segments = segments(asked);
        let value = match (asked.method, segments.as_slice()) {
            ("POST", ["checkout", "sessions"]) => self.open_session(state, now, asked),
            ("POST", ["checkout", "sessions", id, "expire"]) => self.expire_session(state, now, asked, id),
            ("POST", ["refunds"]) => self.make_refund(state, now, asked),
            ("POST", ["refunds", id]) => self.note_refund(state, now, asked, id),
            ("POST", ["refunds", id, "cancel"]) => self.cancel_refund(state, asked, id),
            ("POST", ["disputes", id]) => self.answer_dispute(state, now, asked, id),
            ("POST", ["disputes", id, "close"]) => self.close_dispute(state, now, asked, id),
            ("POST", ["webhook_endpoints"]) => self.make_endpoint(state, now, asked),
            ("POST", ["webhook_endpoints", id]) => self.change_endpoint(state, asked, id),
            ("DELETE", ["webhook_endpoints", id]) => self.drop_endpoint(state, asked, id),
            _ => Err(unknown_address(asked.method, asked.path)),
        }?;
        asked.expanded(value, state, &self.public_url)
    }
}

/// The parts of the address after `/v1/`; none if it is not one of ours.
fn segments<'a>(asked: &Asked<'a>) -> Vec<&'a str> {
    asked.path.strip_prefix("/v1/").map(|rest| rest.split('/').collect()).unwrap_or_default()
}

fn again(earlier: &Answer, digest: &str) -> Result<Reply, Fault> {
    if earlier.digest != digest {
        let key: String = earlier.key.chars().take(100).collect();
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. \
             Try using a key other than '{key}' if you meant to execute a different request."
        );
        return Err(other_fault(400, "idempotency_error", None, None, &message));
    }
    let body = serde_json::from_str(&earlier.body).unwrap_or_default();
    Ok(Reply { status: earlier.status, body, replayed: true })
}

fn done(body: Value) -> Reply {
    Reply { status: 200, body, replayed: false }
}

fn refused(fault: Fault) -> Reply {
    Reply { status: fault.status, body: fault.body, replayed: false }
}

fn too_many() -> Fault {
    other_fault(429, "invalid_request_error", Some("rate_limit"), None, "Too many requests.")
}

fn broken() -> Fault {
    other_fault(500, "api_error", None, None, "The sandbox was told to break.")
}

fn unknown_address(method: &str, path: &str) -> Fault {
    let path: String = path.chars().take(200).collect();
    let message = format!("Unrecognized request URL ({method}: {path}).");
    other_fault(404, "invalid_request_error", Some("url_invalid"), None, &message)
}
