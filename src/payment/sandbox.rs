//! The sandbox: a little Stripe in this process, for a shop without a key. It is a fake and says so: no money moves,
//! only test cards are taken, and its ids contain `_test_`. It answers in Stripe's shapes, so that the same client, the
//! same webhook endpoint and the same signature check run with and without a key. One process at a time owns its file.

pub mod api;
pub mod balance;
pub mod card;
pub mod control;
pub mod deliver;
pub mod form;
pub mod happen;
pub mod journal;
pub mod later;
pub mod mischief;
pub mod old;
pub mod page;
pub mod shape;
pub mod state;
pub mod table;

#[cfg(test)]
mod tests;

use crate::clock::{Clock, Ids};
use crate::payment::BoxError;
use crate::payment::sandbox::api::Incoming;
use crate::payment::sandbox::journal::{Error, Found, Journal};
use crate::payment::sandbox::mischief::Mischief;
use crate::payment::sandbox::state::{Row, State};
use crate::payment::stripe::transport::{Call, Method, Raw, Transport};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// As shown to operators.
pub const NAME: &str = "sandbox (no money moves)";

/// A little Stripe in this process.
pub struct Sandbox {
    public_url: String,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    kept: Mutex<Memory>,
    mischief: Mutex<Mischief>,
    notice: Option<String>,
}

/// What it remembers, and the file it is written to.
struct Memory {
    state: State,
    journal: Option<Journal>,
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
        let public_url = public_url.trim_end_matches('/').to_owned();
        let Found { mut state, notice } = match &file {
            Some(path) => journal::load(path, &public_url, clock.now())?,
            None => Found { state: State::default(), notice: None },
        };
        if let Some(notice) = &notice {
            tracing::warn!("{notice}");
        }
        if !state.is_founded() {
            state.apply(Row::Secret(format!("whsec_{}", ids.secret())));
        }
        let journal = file.map(|path| Journal::begin(&path, &state)).transpose()?;
        let kept = Mutex::new(Memory { state, journal });
        Ok(Self { public_url, clock, ids, kept, mischief: Mutex::default(), notice })
    }

    /// What the operator should know about the file, if anything.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    /// What its events are signed with.
    pub fn webhook_secret(&self) -> SecretString {
        self.with(|state, _| state.secret())
    }

    /// Lets time do its work: closes pages whose time is over, lets refunds fail and payments be disputed.
    pub fn tick(&self) {
        self.with(|_, _| ());
    }

    /// Does something with the state as it stands now. What it changed is written down as one act before it is answered.
    fn with<T>(&self, act: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let mut memory = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Memory { state, journal } = &mut *memory;
        let now = self.clock.now();
        self.pass_time(state, now);
        let answer = act(state, now);
        if state.is_changed() {
            state.prune(now);
            let rows = state.take_unwritten();
            // A full disk must not stop a demonstration; the next change tries again.
            if let Some(Err(error)) = journal.as_mut().map(|j| j.append(&rows, state)) {
                tracing::error!("{error}");
            }
        }
        answer
    }

    /// A new id of Stripe's kind.
    fn id(&self, prefix: &str, now: Timestamp) -> String {
        format!("{prefix}_{}", self.ids.sortable(now))
    }

    fn mischief(&self) -> MutexGuard<'_, Mischief> {
        self.mischief.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Transport for Sandbox {
    async fn send(&self, call: Call) -> Result<Raw, BoxError> {
        let method = match call.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let key = call.idempotency_key.as_deref();
        let answer = self.answer(&Incoming { method, path: &call.path, form: &call.form, key });
        match answer.is_lost {
            true => Err("the sandbox was told to lose this answer".into()),
            false => Ok(Raw { status: answer.status, body: answer.body, request_id: answer.request_id }),
        }
    }
}

fn after(now: Timestamp, seconds: i64) -> Option<Timestamp> {
    now.checked_add(SignedDuration::from_secs(seconds)).ok()
}
