//! The sandbox: a little Stripe in this process, for a shop without a key. It is a fake and says so: no money moves,
//! only test cards are taken, and its ids contain `_test_`. It answers in Stripe's shapes, so that the same client, the
//! same webhook endpoint and the same signature check run with and without a key. One process at a time owns its file.

pub mod api;
pub mod card;
pub mod deliver;
pub mod form;
pub mod mischief;
pub mod page;
pub mod shape;
pub mod state;

#[cfg(test)]
mod tests;

use crate::clock::{Clock, Ids};
use crate::payment::BoxError;
use crate::payment::sandbox::mischief::{Misbehaviour, Mischief};
use crate::payment::sandbox::state::{Error, Happening, Stage, State};
use crate::payment::stripe::transport::{Call, Method, Raw, Transport};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// As shown to operators.
pub const NAME: &str = "sandbox (no money moves)";

/// A little Stripe in this process.
pub struct Sandbox {
    file: Option<PathBuf>,
    public_url: String,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    state: Mutex<State>,
    mischief: Mutex<Mischief>,
    notice: Option<String>,
}

impl Sandbox {
    /// A sandbox whose pages are at `<public_url>/pay/…`. It remembers in `file`, or only while it lives. A broken
    /// file is moved aside, and [`Sandbox::notice`] says so.
    pub fn open(
        file: Option<PathBuf>,
        public_url: &str,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, Error> {
        let (loaded, notice) = match &file {
            Some(path) => State::load(path, clock.now())?,
            None => (None, None),
        };
        if let Some(notice) = &notice {
            tracing::warn!("{notice}");
        }
        let fresh = || State { webhook_secret: format!("whsec_{}", ids.secret()), changed: true, ..State::default() };
        let mut state = loaded.unwrap_or_else(fresh);
        if let (Some(path), true) = (&file, state.changed) {
            state.save(path)?;
            state.changed = false;
        }
        Ok(Self {
            file,
            public_url: public_url.trim_end_matches('/').to_owned(),
            clock,
            ids,
            state: Mutex::new(state),
            mischief: Mutex::default(),
            notice,
        })
    }

    /// What the operator should know about the file, if anything.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// What its events are signed with.
    pub fn webhook_secret(&self) -> SecretString {
        self.with(|state, _| state.secret())
    }

    /// Lets time do its work: closes pages whose time is over.
    pub fn tick(&self) {
        self.with(|_, _| ());
    }

    /// Does something with the state as it stands now, and writes it down if it changed.
    fn with<T>(&self, act: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        self.close_expired(&mut state, now);
        let answer = act(&mut state, now);
        if state.changed {
            state.prune(now);
            state.changed = false;
            // A full disk must not stop a demonstration; the next change tries again.
            if let Some(Err(error)) = self.file.as_ref().map(|path| state.save(path)) {
                tracing::error!("{error}");
            }
        }
        answer
    }

    fn close_expired(&self, state: &mut State, now: Timestamp) {
        let mut late = Vec::new();
        for kept in state.sessions.iter_mut().filter(|s| s.stage == Stage::Open && s.expires_at <= now) {
            kept.stage = Stage::Expired;
            late.push(kept.id.clone());
        }
        for id in late {
            self.emit(state, now, &id, "checkout.session.expired", Stage::Expired);
        }
    }

    /// Writes an event down; it is delivered later.
    fn emit(&self, state: &mut State, now: Timestamp, session: &str, kind: &str, stage: Stage) {
        let mood = self.mischief().webhooks;
        state.events.push(Happening {
            id: format!("evt_{}", self.ids.sortable(now)),
            kind: kind.to_owned(),
            created: now,
            session: session.to_owned(),
            stage,
            due: mood.due(now),
            tries: 0,
            copies: mood.copies(),
        });
        state.changed = true;
    }

    fn mischief(&self) -> MutexGuard<'_, Mischief> {
        self.mischief.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Transport for Sandbox {
    async fn send(&self, call: Call) -> Result<Raw, BoxError> {
        let misbehaviour = self.mischief().calls.pop_front();
        let method = match call.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let request_id = format!("req_{}", self.ids.sortable(self.clock.now()));
        if misbehaviour == Some(Misbehaviour::TooMany) {
            let fault =
                shape::other_fault(429, "invalid_request_error", Some("rate_limit"), None, "Too many requests.");
            return Ok(Raw { status: fault.status, body: serde_json::to_vec(&fault.body)?, request_id });
        }
        let (status, value) = self.handle(method, &call.path, &call.form, call.idempotency_key.as_deref());
        let mut body = serde_json::to_vec(&value)?;
        match misbehaviour {
            Some(Misbehaviour::LoseAnswer) => return Err("the sandbox was told to lose this answer".into()),
            Some(Misbehaviour::GarbleAnswer) => body.truncate(body.len() / 2),
            Some(Misbehaviour::TooMany) | None => {}
        }
        Ok(Raw { status, body, request_id })
    }
}

fn later(now: Timestamp, seconds: i64) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_secs(seconds)).ok()
}
