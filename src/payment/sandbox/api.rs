//! The API's side of the sandbox: Stripe's calls answered as Stripe answers them.

use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::form::{self, Wish};
use crate::payment::sandbox::shape::{self, Fault, fault, no_such, other_fault};
use crate::payment::sandbox::state::{Answer, Kept, Stage, State};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Longest idempotency key.
const KEY_CHARS_MAX: usize = 255;
/// Most entries of one page of a list.
const LIST_MAX: usize = 100;
/// Entries of a page of a list when no number is asked for.
const LIST_DEFAULT: usize = 10;

const SESSIONS: &str = "/v1/checkout/sessions";
const EVENTS: &str = "/v1/events";

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

/// A call as it came in.
struct Asked<'a> {
    path: &'a str,
    form: &'a [(String, String)],
    key: Option<&'a str>,
}

impl Sandbox {
    /// Answers a call with status and JSON.
    pub fn handle(&self, method: &str, path: &str, form: &[(String, String)], key: Option<&str>) -> (u16, Value) {
        let reply = self.reply(method, path, form, key);
        (reply.status, reply.body)
    }

    /// Answers a call, and says whether the answer is a repeated one.
    pub fn reply(&self, method: &str, path: &str, form: &[(String, String)], key: Option<&str>) -> Reply {
        let asked = Asked { path, form, key };
        self.with(|state, now| {
            let answer = match method {
                "GET" => self.read(state, &asked).map(|body| (body, false)),
                "POST" => self.act(state, now, &asked),
                _ => Err(unknown_address(method, path)),
            };
            match answer {
                Ok((body, replayed)) => Reply { status: 200, body, replayed },
                Err(Fault { status, body }) => Reply { status, body, replayed: false },
            }
        })
    }

    fn read(&self, state: &State, asked: &Asked) -> Result<Value, Fault> {
        let url = &self.public_url;
        if let Some(id) = asked.path.strip_prefix("/v1/payment_intents/") {
            only(asked.form, &["expand"])?;
            let kept = state.sessions.iter().find(|s| s.intent.as_deref() == Some(id));
            return kept.map(shape::intent).ok_or_else(|| no_such("payment_intent", id));
        }
        if asked.path == EVENTS {
            only(asked.form, &["limit", "starting_after", "ending_before", "type", "types"])?;
            let wanted: Vec<_> = asked.values("type").chain(asked.values("types")).collect();
            let fits = |kind: &str| wanted.is_empty() || wanted.contains(&kind);
            let events = state.events.iter().rev().filter(|e| fits(&e.kind));
            let objects = events.filter_map(|e| Some((e.id.as_str(), shape::event(e, state, url)?)));
            return asked.list(objects.collect());
        }
        if asked.path == SESSIONS {
            only(asked.form, &["limit", "starting_after", "ending_before", "status", "payment_intent"])?;
            let fits = |s: &&Kept| {
                asked.values("status").all(|status| status == shape::status(s.stage))
                    && asked.values("payment_intent").all(|intent| s.intent.as_deref() == Some(intent))
            };
            let sessions = state.sessions.iter().rev().filter(fits);
            return asked.list(sessions.map(|s| (s.id.as_str(), shape::session(s, s.stage, url))).collect());
        }
        let rest = asked.path.strip_prefix(SESSIONS).and_then(|rest| rest.strip_prefix('/'));
        let rest = rest.ok_or_else(|| unknown_address("GET", asked.path))?;
        let (id, lines) = rest.strip_suffix("/line_items").map_or((rest, false), |id| (id, true));
        let kept = state.find(id).ok_or_else(|| no_such("checkout.session", id))?;
        if lines {
            only(asked.form, &["limit", "starting_after", "ending_before"])?;
            let items = kept.lines.iter().enumerate().map(|(n, line)| shape::line_item(kept, n, line));
            let items: Vec<_> = items.collect();
            let named = items.iter().map(|i| (i.get("id").and_then(Value::as_str).unwrap_or_default(), i.clone()));
            return asked.list(named.collect());
        }
        only(asked.form, &["expand"])?;
        let mut session = shape::session(kept, kept.stage, url);
        for field in asked.values("expand") {
            expand(&mut session, kept, field)?;
        }
        Ok(session)
    }

    fn act(&self, state: &mut State, now: Timestamp, asked: &Asked) -> Result<(Value, bool), Fault> {
        let digest = asked.digest();
        if let Some(key) = asked.key {
            if key.is_empty() || key.chars().count() > KEY_CHARS_MAX {
                return Err(fault("idempotency_key_invalid", None, "An idempotency key has 1 to 255 characters."));
            }
            if let Some(earlier) = state.answers.iter().find(|a| a.key == key && a.counts(now)) {
                return self.again(state, earlier, &digest);
            }
        }
        let (session, stage) = if asked.path == SESSIONS {
            (self.create(state, now, form::read(asked.form, now)?), Stage::Open)
        } else {
            (self.close(state, now, asked)?, Stage::Expired)
        };
        if let Some(key) = asked.key {
            let key = key.to_owned();
            state.answers.push(Answer { key, digest, at: now, session: session.clone(), stage });
        }
        state.changed = true;
        let kept = state.find(&session).ok_or_else(|| no_such("checkout.session", &session))?;
        Ok((shape::session(kept, stage, &self.public_url), false))
    }

    fn again(&self, state: &State, earlier: &Answer, digest: &str) -> Result<(Value, bool), Fault> {
        if earlier.digest != digest {
            let message =
                "Keys for idempotent requests can only be used with the same parameters they were first used with.";
            return Err(other_fault(400, "idempotency_error", None, None, message));
        }
        let kept = state.find(&earlier.session).ok_or_else(|| no_such("checkout.session", &earlier.session))?;
        Ok((shape::session(kept, earlier.stage, &self.public_url), true))
    }

    fn create(&self, state: &mut State, now: Timestamp, wish: Wish) -> String {
        let id = format!("cs_test_{}", self.ids.secret());
        state.sessions.push(Kept {
            id: id.clone(),
            created: now,
            expires_at: wish.expires_at,
            lines: wish.lines,
            total: wish.total,
            reference: wish.reference,
            metadata: wish.metadata,
            intent_metadata: wish.intent_metadata,
            success_url: wish.success_url,
            cancel_url: wish.cancel_url,
            locale: wish.locale,
            countries: wish.countries,
            methods: wish.methods,
            stage: Stage::Open,
            intent: None,
            shipping: None,
        });
        id
    }

    fn close(&self, state: &mut State, now: Timestamp, asked: &Asked) -> Result<String, Fault> {
        let inner = asked.path.strip_prefix(SESSIONS).and_then(|rest| rest.strip_prefix('/'));
        let id = inner.and_then(|rest| rest.strip_suffix("/expire"));
        let id = id.ok_or_else(|| unknown_address("POST", asked.path))?;
        only(asked.form, &["expand"])?;
        let kept = state.find_mut(id).ok_or_else(|| no_such("checkout.session", id))?;
        if kept.stage != Stage::Open {
            let message = format!(
                "Only Checkout Sessions with a status in [\"open\"] can be expired. This one has a status of \"{}\".",
                shape::status(kept.stage)
            );
            return Err(other_fault(400, "invalid_request_error", None, None, &message));
        }
        kept.stage = Stage::Expired;
        self.emit(state, now, id, "checkout.session.expired", Stage::Expired);
        Ok(id.to_owned())
    }
}

impl Asked<'_> {
    /// Values of a parameter, written as `name`, `name[]` or `name[0]`.
    fn values<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b str> {
        self.form.iter().filter(move |(given, _)| base(given) == name).map(|(_, value)| value.as_str())
    }

    /// The page of the list that was asked for; entries come newest first.
    fn list(&self, entries: Vec<(&str, Value)>) -> Result<Value, Fault> {
        let limit = match self.values("limit").last() {
            None => LIST_DEFAULT,
            Some(text) => text.parse().ok().filter(|n| (1..=LIST_MAX).contains(n)).ok_or_else(|| {
                fault("parameter_invalid_integer", Some("limit"), "The limit must be between 1 and 100.")
            })?,
        };
        let place = |name: &str| match self.values(name).last() {
            None => Ok(None),
            Some(id) => {
                entries.iter().position(|(known, _)| *known == id).map(Some).ok_or_else(|| no_such("object", id))
            }
        };
        let (after, before) = (place("starting_after")?, place("ending_before")?);
        let end = before.unwrap_or(entries.len());
        // Going backwards, the page is the one right before the cursor.
        let start = match (after, before) {
            (Some(at), _) => at.saturating_add(1),
            (None, Some(at)) => at.saturating_sub(limit),
            (None, None) => 0,
        };
        let more = if before.is_some() && after.is_none() { start > 0 } else { start.saturating_add(limit) < end };
        let page = entries.into_iter().take(end).skip(start).take(limit).map(|(_, value)| value).collect();
        Ok(shape::list(self.path, page, more))
    }

    /// Parameters are compared by this, whatever their order.
    fn digest(&self) -> String {
        let mut sorted: Vec<_> = self.form.iter().collect();
        sorted.sort();
        let text = json!([self.path, sorted]).to_string();
        Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

fn expand(session: &mut Value, kept: &Kept, field: &str) -> Result<(), Fault> {
    let value = match field {
        "payment_intent" => kept.intent.as_ref().map(|_| shape::intent(kept)).unwrap_or_default(),
        "line_items" => {
            let items = kept.lines.iter().enumerate().map(|(n, line)| shape::line_item(kept, n, line)).collect();
            shape::list(&format!("{SESSIONS}/{}/line_items", kept.id), items, false)
        }
        _ => return Err(fault("parameter_invalid", Some("expand"), "This property cannot be expanded.")),
    };
    if let Some(fields) = session.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
    Ok(())
}

fn only(form: &[(String, String)], known: &[&str]) -> Result<(), Fault> {
    match form.iter().find(|(name, _)| !known.contains(&base(name))) {
        Some((name, _)) => Err(form::unknown(name)),
        None => Ok(()),
    }
}

fn base(name: &str) -> &str {
    name.split_once('[').map_or(name, |(base, _)| base)
}

fn unknown_address(method: &str, path: &str) -> Fault {
    let path: String = path.chars().take(200).collect();
    let message = format!("Unrecognized request URL ({method}: {path}).");
    other_fault(404, "invalid_request_error", Some("url_invalid"), None, &message)
}
