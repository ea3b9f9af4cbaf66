//! Webhook endpoints over the API. The shop's own is always there and cannot be changed. Others get events only when
//! they are on this machine: the sandbox never sends anything off it, whoever asks.

use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::api::ask::{Asked, Rows};
use crate::payment::sandbox::api::read::newest;
use crate::payment::sandbox::form;
use crate::payment::sandbox::shape::{self, Fault, fault, no_such, plain_fault};
use crate::payment::sandbox::state::endpoint::{Endpoint, OWN};
use crate::payment::sandbox::state::{ENDPOINTS_MAX, Row, State};
use crate::payment::sandbox::table::Kind;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Most kinds of events of one endpoint.
const KINDS_MAX: usize = 300;

impl Sandbox {
    pub(super) fn one_endpoint(&self, state: &State, id: &str) -> Result<Value, Fault> {
        if id == OWN {
            return Ok(shape::endpoint::own(&self.public_url));
        }
        let found = state.endpoints.get(id).map(|e| shape::endpoint::object(e, false));
        found.ok_or_else(|| no_such("webhook endpoint", id, "webhook_endpoint"))
    }

    pub(super) fn list_endpoints(&self, state: &State, asked: &Asked) -> Result<Value, Fault> {
        asked.only_list(&[])?;
        let made = newest(&state.endpoints, |_| true);
        let made = made.into_iter().map(|(at, e)| (at.saturating_add(1), shape::endpoint::object(e, false)));
        let shown: Vec<(u64, Value)> = made.chain([(0, shape::endpoint::own(&self.public_url))]).collect();
        let fitting = shown.iter().map(|(at, value)| (*at, value)).collect();
        let place = |id: &str| match id {
            OWN => Some(0),
            _ => state.endpoints.place(id).map(|at| at.saturating_add(1)),
        };
        asked.list(&Rows { what: "webhook endpoint", fitting, place: &place, show: &Value::clone })
    }

    pub(super) fn make_endpoint(&self, state: &mut State, now: Timestamp, asked: &Asked) -> Result<Value, Fault> {
        asked.only(&["url", "enabled_events", "description", "metadata", "api_version"])?;
        if state.endpoints.len() >= ENDPOINTS_MAX {
            return Err(plain_fault(None, "You have reached the maximum of 16 test webhook endpoints."));
        }
        let mut endpoint = Endpoint {
            id: self.id("we", now),
            created: now,
            url: form::link("url", asked.one("url").ok_or_else(|| form::missing("url"))?)?,
            events: Vec::new(),
            secret: format!("whsec_{}", self.ids.secret()),
            description: None,
            metadata: BTreeMap::new(),
            disabled: false,
        };
        change(&mut endpoint, asked)?;
        if endpoint.events.is_empty() {
            return Err(form::missing("enabled_events"));
        }
        let shown = shape::endpoint::object(&endpoint, true);
        state.put(Row::Endpoint(endpoint));
        Ok(shown)
    }

    pub(super) fn change_endpoint(&self, state: &mut State, asked: &Asked, id: &str) -> Result<Value, Fault> {
        asked.only(&["url", "enabled_events", "description", "metadata", "disabled"])?;
        let mut endpoint = made(state, id)?;
        if let Some(url) = asked.one("url") {
            endpoint.url = form::link("url", url)?;
        }
        if let Some(disabled) = asked.one("disabled") {
            endpoint.disabled = disabled == "true";
        }
        change(&mut endpoint, asked)?;
        let shown = shape::endpoint::object(&endpoint, false);
        state.put(Row::Endpoint(endpoint));
        Ok(shown)
    }

    pub(super) fn drop_endpoint(&self, state: &mut State, asked: &Asked, id: &str) -> Result<Value, Fault> {
        asked.only(&[])?;
        let endpoint = made(state, id)?;
        state.put(Row::Gone(Kind::Endpoint, endpoint.id));
        Ok(json!({ "id": id, "object": "webhook_endpoint", "deleted": true }))
    }
}

fn made(state: &State, id: &str) -> Result<Endpoint, Fault> {
    if id == OWN {
        return Err(plain_fault(None, "This endpoint belongs to the shop and cannot be changed here."));
    }
    state.endpoints.get(id).cloned().ok_or_else(|| no_such("webhook endpoint", id, "webhook_endpoint"))
}

fn change(endpoint: &mut Endpoint, asked: &Asked) -> Result<(), Fault> {
    let events: Vec<String> = asked.values("enabled_events").map(str::to_owned).collect();
    if events.len() > KINDS_MAX || events.iter().any(|e| e.is_empty() || e.chars().count() > 100) {
        return Err(fault("parameter_invalid", Some("enabled_events"), "These are no kinds of events."));
    }
    if !events.is_empty() {
        endpoint.events = events;
    }
    if let Some(text) = asked.one("description") {
        endpoint.description = Some(form::text("description", text)?);
    }
    asked.notes(&mut endpoint.metadata)
}
