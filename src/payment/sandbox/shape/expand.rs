//! Expansion: a name in an object replaced by what it names.

use crate::payment::sandbox::shape::{Fault, dispute, fault, movement, payment, refund, session};
use crate::payment::sandbox::state::State;
use serde_json::Value;

/// Deepest expansion, as at Stripe.
const DEPTH_MAX: usize = 4;
/// Most expansions of one call.
pub const EXPANSIONS_MAX: usize = 20;

/// Fields that hold a name of another object, or nothing.
const NAMES: [&str; 11] = [
    "balance_transaction",
    "charge",
    "customer",
    "failure_balance_transaction",
    "latest_charge",
    "payment_intent",
    "payment_link",
    "review",
    "source",
    "transfer_reversal",
    "on_behalf_of",
];

/// Expands `a.b.c` in an object or a list.
pub fn expand(value: &mut Value, wanted: &str, state: &State, public_url: &str) -> Result<(), Fault> {
    let path: Vec<&str> = wanted.split('.').collect();
    let depth = path.iter().filter(|p| **p != "data").count();
    let refused = || {
        let wanted: String = wanted.chars().take(100).collect();
        fault("parameter_invalid", Some("expand"), &format!("This property cannot be expanded ({wanted})."))
    };
    if depth > DEPTH_MAX || !enter(value, &path, state, public_url) {
        return Err(refused());
    }
    Ok(())
}

/// Answers whether the path leads anywhere.
fn enter(value: &mut Value, path: &[&str], state: &State, public_url: &str) -> bool {
    let Some((name, rest)) = path.split_first() else { return true };
    let into = |value: &mut Value| enter(value, rest, state, public_url);
    match value {
        Value::Object(fields) if *name == "data" => match fields.get_mut("data") {
            Some(Value::Array(rows)) => !rest.is_empty() && rows.iter_mut().all(into),
            _ => false,
        },
        Value::Object(fields) => {
            if matches!(*name, "line_items" | "refunds") && !fields.contains_key(*name) {
                let id = fields.get("id").and_then(Value::as_str).unwrap_or_default();
                let Some(list) = hidden(name, id, state) else { return false };
                fields.insert((*name).to_owned(), list);
            }
            let known = NAMES.contains(name) || matches!(*name, "line_items" | "refunds");
            match fields.get_mut(*name).filter(|_| known) {
                Some(Value::Null) => true,
                Some(field) => {
                    if let Some(object) = field.as_str().and_then(|id| find(id, state, public_url)) {
                        *field = object;
                    }
                    field.is_object() && into(field)
                }
                None => false,
            }
        }
        _ => false,
    }
}

/// Lists that are only shown when they are asked for.
fn hidden(name: &str, id: &str, state: &State) -> Option<Value> {
    if name == "line_items" {
        return state.sessions.get(id).map(session::line_list);
    }
    let payment = state.payment_of_charge(id)?;
    let refunds = state.refunds_of(&payment.id).rev().map(|r| refund::object(r, payment));
    Some(super::list(&format!("/v1/charges/{id}/refunds"), refunds.collect(), false))
}

/// Whatever has this id.
fn find(id: &str, state: &State, public_url: &str) -> Option<Value> {
    let (kind, _) = id.split_once('_')?;
    match kind {
        "cs" => state.sessions.get(id).map(|s| session::object(s, s.stage, public_url)),
        "pi" => state.payments.get(id).map(payment::intent),
        "ch" => state.payment_of_charge(id).map(|p| payment::charge(p, state)),
        "txn" => state.movements.get(id).map(movement::object),
        "re" => {
            let refund = state.refunds.get(id)?;
            Some(refund::object(refund, state.payments.get(&refund.payment)?))
        }
        "du" => {
            let dispute = state.disputes.get(id)?;
            Some(dispute::object(dispute, state.payments.get(&dispute.payment)?, state))
        }
        _ => None,
    }
}
