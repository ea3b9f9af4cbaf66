//! Refunds over the API. What is refused, and in which words, is what seahaven-stripe-world says of Stripe.

use crate::domain::money::Money;
use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::api::ask::{Asked, integer};
use crate::payment::sandbox::api::read;
use crate::payment::sandbox::later::LATER_SECONDS;
use crate::payment::sandbox::mischief::Refunds;
use crate::payment::sandbox::shape::{Fault, fault, no_such, plain_fault};
use crate::payment::sandbox::state::dispute::Standing;
use crate::payment::sandbox::state::payment::{Fate, Payment};
use crate::payment::sandbox::state::refund::Refund;
use crate::payment::sandbox::state::{Row, Stage, State};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// Why money is given back, in Stripe's words.
const REASONS: [&str; 3] = ["duplicate", "fraudulent", "requested_by_customer"];

impl Sandbox {
    pub(super) fn make_refund(&self, state: &mut State, now: Timestamp, asked: &Asked) -> Result<Value, Fault> {
        asked.only(&["payment_intent", "charge", "amount", "reason", "metadata"])?;
        let reason = asked.one("reason").map(str::to_owned);
        if reason.as_deref().is_some_and(|reason| !REASONS.contains(&reason)) {
            let message = "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer";
            return Err(plain_fault(Some("reason"), message));
        }
        let asked_for = amount(asked)?;
        let mut metadata = BTreeMap::new();
        asked.notes(&mut metadata)?;
        let payment = named(state, asked)?;
        let amount = allowed(state, &payment, asked_for).map_err(Fault::kept)?;
        let mood = match (self.mischief().refunds, payment.fate) {
            (Refunds::Normal, Fate::RefundFails) => Refunds::Failing(LATER_SECONDS.unsigned_abs() as u32),
            (mood, _) => mood,
        };
        let (status, next) = mood.course(now);
        let id = self.id("re", now);
        let movement = self.move_out(state, now, &id, &payment, amount);
        let refund = Refund {
            id,
            payment: payment.id.clone(),
            created: now,
            amount,
            status,
            reason,
            metadata,
            movement,
            failure_movement: None,
            next,
        };
        state.put(Row::Refund(refund.clone()));
        self.tell_refund(state, now, &refund, "refund.created");
        self.tell_charge(state, now, &payment.id, "charge.refunded");
        shown(state, &refund)
    }

    pub(super) fn note_refund(
        &self,
        state: &mut State,
        now: Timestamp,
        asked: &Asked,
        id: &str,
    ) -> Result<Value, Fault> {
        asked.only(&["metadata"])?;
        let mut refund = state.refunds.get(id).cloned().ok_or_else(|| no_such("refund", id, "refund"))?;
        asked.notes(&mut refund.metadata)?;
        state.put(Row::Refund(refund.clone()));
        self.tell_refund(state, now, &refund, "refund.updated");
        shown(state, &refund)
    }

    /// Only a refund that waits for the shopper can be called off, and none of ours does.
    pub(super) fn cancel_refund(&self, state: &State, asked: &Asked, id: &str) -> Result<Value, Fault> {
        asked.only(&[])?;
        state.refunds.get(id).ok_or_else(|| no_such("refund", id, "refund"))?;
        let message = "You can only cancel refunds with a status of requires_action.";
        Err(plain_fault(None, message).kept())
    }
}

fn shown(state: &State, refund: &Refund) -> Result<Value, Fault> {
    read::refund(state, refund).ok_or_else(|| no_such("refund", &refund.id, "refund"))
}

fn amount(asked: &Asked) -> Result<Option<i64>, Fault> {
    let Some(text) = asked.one("amount") else { return Ok(None) };
    match text.parse::<i64>() {
        Ok(minor) if minor >= 1 => Ok(Some(minor)),
        Ok(_) => {
            let message = "This value must be greater than or equal to 1.";
            Err(fault("parameter_invalid_integer", Some("amount"), message))
        }
        Err(_) => Err(integer("amount", text)),
    }
}

fn named(state: &State, asked: &Asked) -> Result<Payment, Fault> {
    match (asked.one("payment_intent"), asked.one("charge")) {
        (Some(id), None) => {
            state.payments.get(id).cloned().ok_or_else(|| no_such("payment_intent", id, "payment_intent"))
        }
        (None, Some(id)) => state.payment_of_charge(id).cloned().ok_or_else(|| no_such("charge", id, "id")),
        (intent, _) => {
            let message = match intent {
                None => "One of the following params should be provided for this request: payment_intent or charge.",
                Some(_) => "You may only specify one of these parameters: payment_intent, charge.",
            };
            Err(plain_fault(None, message))
        }
    }
}

/// How much may be given back: what was asked for, or all that is left.
fn allowed(state: &State, payment: &Payment, asked_for: Option<i64>) -> Result<Money, Fault> {
    if payment.stage != Stage::Paid {
        let message = format!("This PaymentIntent ({}) does not have a successful charge to refund.", payment.id);
        return Err(fault("payment_intent_unexpected_state", Some("payment_intent"), &message));
    }
    if state.dispute_of(&payment.id).is_some_and(|d| d.standing != Standing::Won) {
        let message = format!("Charge {} has been charged back; cannot issue a refund.", payment.charge);
        return Err(fault("charge_disputed", None, &message));
    }
    let left = payment.amount.minor.saturating_sub(state.refunded(&payment.id));
    if left <= 0 {
        let message = format!("Charge {} has already been refunded.", payment.charge);
        return Err(fault("charge_already_refunded", None, &message));
    }
    let money = |minor| Money::new(minor, payment.amount.currency);
    match asked_for {
        Some(minor) if minor > left => {
            let (asked, left) = (money(minor), money(left));
            let message = format!("Refund amount ({asked}) is greater than unrefunded amount on charge ({left})");
            Err(plain_fault(Some("amount"), &message))
        }
        Some(minor) => Ok(money(minor)),
        None => Ok(money(left)),
    }
}
