//! Pages over the API: opened, read, listed and closed.

use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::api::ask::{Asked, Rows};
use crate::payment::sandbox::api::read::newest;
use crate::payment::sandbox::form::{self, Wish};
use crate::payment::sandbox::shape::{self, Fault, no_such, plain_fault};
use crate::payment::sandbox::state::session::Kept;
use crate::payment::sandbox::state::{Row, Stage, State};
use jiff::Timestamp;
use serde_json::Value;

impl Sandbox {
    pub(super) fn one_session(&self, state: &State, asked: &Asked, id: &str) -> Result<Value, Fault> {
        asked.only(&[])?;
        let kept = state.sessions.get(id).ok_or_else(|| no_such("checkout.session", id, "session"))?;
        Ok(self.session(kept))
    }

    pub(super) fn list_sessions(&self, state: &State, asked: &Asked) -> Result<Value, Fault> {
        asked.only_list(&["created", "status", "payment_intent"])?;
        let (created, status, intent) = (asked.created()?, asked.one("status"), asked.one("payment_intent"));
        let fitting = newest(&state.sessions, |s: &Kept| {
            created(s.created)
                && status.is_none_or(|status| status == shape::session::status(s.stage))
                && intent.is_none_or(|id| s.intent.as_deref() == Some(id))
        });
        let place = |id: &str| state.sessions.place(id);
        let show = |s: &Kept| self.session(s);
        asked.list(&Rows { what: "checkout.session", fitting, place: &place, show: &show })
    }

    pub(super) fn open_session(&self, state: &mut State, now: Timestamp, asked: &Asked) -> Result<Value, Fault> {
        let form: Vec<_> = asked.form.iter().filter(|(name, _)| !name.starts_with("expand")).cloned().collect();
        let wish: Wish = form::read(&form, now)?;
        let kept = Kept {
            id: format!("cs_test_{}", self.ids.secret()),
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
        };
        let shown = self.session(&kept);
        state.put(Row::Session(kept));
        Ok(shown)
    }

    pub(super) fn expire_session(
        &self,
        state: &mut State,
        now: Timestamp,
        asked: &Asked,
        id: &str,
    ) -> Result<Value, Fault> {
        asked.only(&[])?;
        let mut kept = state.sessions.get(id).cloned().ok_or_else(|| no_such("checkout.session", id, "session"))?;
        if kept.stage != Stage::Open {
            let message = format!(
                "Only Checkout Sessions with a status in [\"open\"] can be expired. This one has a status of \"{}\".",
                shape::session::status(kept.stage)
            );
            return Err(plain_fault(None, &message).kept());
        }
        self.close(state, now, kept.clone());
        kept.stage = Stage::Expired;
        Ok(self.session(&kept))
    }

    fn session(&self, kept: &Kept) -> Value {
        shape::session::object(kept, kept.stage, &self.public_url)
    }
}
