//! Calls that only read: one object by its id, or a page of a list.

use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::api::ask::{Asked, Rows};
use crate::payment::sandbox::api::{segments, unknown_address};
use crate::payment::sandbox::shape::{self, Fault, fault, no_such};
use crate::payment::sandbox::state::State;
use crate::payment::sandbox::state::dispute::Dispute;
use crate::payment::sandbox::state::event::Happening;
use crate::payment::sandbox::state::payment::Payment;
use crate::payment::sandbox::state::refund::Refund;
use crate::payment::sandbox::table::{Named, Table};
use serde_json::Value;

/// Most kinds of events one list is narrowed to, as at Stripe.
const KINDS_MAX: usize = 20;

impl Sandbox {
    pub(super) fn read(&self, state: &State, asked: &Asked) -> Result<Value, Fault> {
        let segments = segments(asked);
        let value = match segments.as_slice() {
            ["checkout", "sessions"] => self.list_sessions(state, asked),
            ["checkout", "sessions", id] => self.one_session(state, asked, id),
            ["checkout", "sessions", id, "line_items"] => line_items(state, asked, id),
            [lists] => self.list(state, asked, lists),
            [of, id] => {
                asked.only(&[])?;
                self.one(state, asked, of, id)
            }
            _ => Err(unknown_address("GET", asked.path)),
        }?;
        asked.expanded(value, state, &self.public_url)
    }

    fn one(&self, state: &State, asked: &Asked, of: &str, id: &str) -> Result<Value, Fault> {
        let lacks = |what: &str| no_such(what, id, what);
        match of {
            "payment_intents" => {
                let found = state.payments.get(id).map(shape::payment::intent);
                found.ok_or_else(|| no_such("payment_intent", id, "intent"))
            }
            "charges" => {
                let found = state.payment_of_charge(id).map(|p| shape::payment::charge(p, state));
                found.ok_or_else(|| no_such("charge", id, "id"))
            }
            "refunds" => {
                let found = state.refunds.get(id).and_then(|r| refund(state, r));
                found.ok_or_else(|| lacks("refund"))
            }
            "disputes" => {
                let found = state.disputes.get(id).and_then(|d| dispute(state, d));
                found.ok_or_else(|| lacks("dispute"))
            }
            "events" => {
                let found = state.events.get(id).map(shape::event::object);
                found.ok_or_else(|| no_such("event", id, "id"))
            }
            "balance_transactions" => {
                let found = state.movements.get(id).map(shape::movement::object);
                found.ok_or_else(|| no_such("balance_transaction", id, "id"))
            }
            "accounts" if id == shape::account::ID => Ok(shape::account::object()),
            "accounts" => Err(lacks("account")),
            "webhook_endpoints" => self.one_endpoint(state, id),
            _ => Err(unknown_address("GET", asked.path)),
        }
    }

    fn list(&self, state: &State, asked: &Asked, of: &str) -> Result<Value, Fault> {
        match of {
            "payment_intents" | "charges" => payments(state, asked, of == "charges"),
            "refunds" | "disputes" => given_back(state, asked, of == "refunds"),
            "events" => events(state, asked),
            "balance_transactions" => movements(state, asked),
            "webhook_endpoints" => self.list_endpoints(state, asked),
            "account" | "balance" => {
                asked.only(&[])?;
                let account = of == "account";
                Ok(if account { shape::account::object() } else { shape::account::balance(state) })
            }
            _ => Err(unknown_address("GET", asked.path)),
        }
    }
}

/// The rows of a table that fit, newest first.
pub(super) fn newest<T: Named>(table: &Table<T>, fits: impl Fn(&T) -> bool) -> Vec<(u64, &T)> {
    table.placed().rev().filter(|(_, row)| fits(row)).collect()
}

fn payments(state: &State, asked: &Asked, charges: bool) -> Result<Value, Fault> {
    asked.only_list(if charges { &["created", "payment_intent"] } else { &["created"] })?;
    let (created, intent) = (asked.created()?, asked.one("payment_intent"));
    let fitting = newest(&state.payments, |p| created(p.created) && intent.is_none_or(|id| p.id == id));
    if charges {
        let place = |id: &str| state.payments.place(&state.payment_of_charge(id)?.id);
        let show = |p: &Payment| shape::payment::charge(p, state);
        return asked.list(&Rows { what: "charge", fitting, place: &place, show: &show });
    }
    let place = |id: &str| state.payments.place(id);
    asked.list(&Rows { what: "payment_intent", fitting, place: &place, show: &shape::payment::intent })
}

fn given_back(state: &State, asked: &Asked, refunds: bool) -> Result<Value, Fault> {
    asked.only_list(&["created", "payment_intent", "charge"])?;
    let (created, intent) = (asked.created()?, asked.one("payment_intent"));
    let of_charge = asked.one("charge").map(|id| state.payment_of_charge(id).map(|p| p.id.as_str()));
    let of = |payment: &str| intent.is_none_or(|id| payment == id) && of_charge.is_none_or(|id| id == Some(payment));
    if refunds {
        let fitting = newest(&state.refunds, |r| created(r.created) && of(&r.payment));
        let place = |id: &str| state.refunds.place(id);
        let show = |r: &Refund| refund(state, r).unwrap_or_default();
        return asked.list(&Rows { what: "refund", fitting, place: &place, show: &show });
    }
    let fitting = newest(&state.disputes, |d| created(d.created) && of(&d.payment));
    let place = |id: &str| state.disputes.place(id);
    let show = |d: &Dispute| dispute(state, d).unwrap_or_default();
    asked.list(&Rows { what: "dispute", fitting, place: &place, show: &show })
}

fn events(state: &State, asked: &Asked) -> Result<Value, Fault> {
    asked.only_list(&["created", "type", "types", "delivery_success"])?;
    let created = asked.created()?;
    let wanted: Vec<_> = asked.values("type").chain(asked.values("types")).collect();
    if wanted.len() > KINDS_MAX {
        return Err(fault("parameter_invalid", Some("types"), "At most 20 types can be asked for."));
    }
    let success = match asked.one("delivery_success") {
        None => None,
        Some("true") => Some(true),
        Some("false") => Some(false),
        Some(_) => {
            return Err(fault("parameter_invalid", Some("delivery_success"), "Invalid boolean."));
        }
    };
    let kind = |kind: &str| {
        let fits = |w: &&str| *w == kind || w.strip_suffix('*').is_some_and(|start| kind.starts_with(start));
        wanted.is_empty() || wanted.iter().any(fits)
    };
    let fits = |e: &Happening| created(e.created) && kind(&e.kind) && success.is_none_or(|s| e.arrived() == s);
    let fitting = newest(&state.events, fits);
    let place = |id: &str| state.events.place(id);
    asked.list(&Rows { what: "event", fitting, place: &place, show: &shape::event::object })
}

fn movements(state: &State, asked: &Asked) -> Result<Value, Fault> {
    asked.only_list(&["created", "currency", "source", "type"])?;
    let created = asked.created()?;
    let (currency, source, kind) = (asked.one("currency"), asked.one("source"), asked.one("type"));
    let fitting = newest(&state.movements, |m| {
        created(m.created)
            && currency.is_none_or(|c| m.amount.currency.code().eq_ignore_ascii_case(c))
            && source.is_none_or(|id| m.source == id)
            && kind.is_none_or(|k| m.cause.words().0 == k)
    });
    let place = |id: &str| state.movements.place(id);
    asked.list(&Rows { what: "balance_transaction", fitting, place: &place, show: &shape::movement::object })
}

fn line_items(state: &State, asked: &Asked, id: &str) -> Result<Value, Fault> {
    asked.only_list(&[])?;
    let kept = state.sessions.get(id).ok_or_else(|| no_such("checkout.session", id, "session"))?;
    let items = shape::session::line_items(kept);
    // The first row is shown first, so it has the highest place.
    let places = (0..items.len() as u64).rev();
    let fitting: Vec<(u64, &Value)> = places.zip(&items).collect();
    let is = |item: &Value, id: &str| item.get("id").and_then(Value::as_str) == Some(id);
    let place = |id: &str| fitting.iter().find(|(_, item)| is(item, id)).map(|(at, _)| *at);
    asked.list(&Rows { what: "line item", fitting: fitting.clone(), place: &place, show: &Value::clone })
}

/// A refund with what it needs of its payment.
pub(super) fn refund(state: &State, refund: &Refund) -> Option<Value> {
    Some(shape::refund::object(refund, state.payments.get(&refund.payment)?))
}

/// A dispute with what it needs of its payment.
pub(super) fn dispute(state: &State, dispute: &Dispute) -> Option<Value> {
    Some(shape::dispute::object(dispute, state.payments.get(&dispute.payment)?, state))
}
