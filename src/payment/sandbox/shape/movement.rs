//! A `balance_transaction`.

use crate::payment::sandbox::shape::code;
use crate::payment::sandbox::state::movement::{Cause, Movement};
use serde_json::{Value, json};

/// Seconds until money can be paid out.
const AVAILABLE_SECONDS: i64 = 2 * 24 * 60 * 60;

/// A `balance_transaction`.
pub fn object(movement: &Movement) -> Value {
    let (kind, category) = movement.cause.words();
    let currency = code(movement.amount.currency);
    let (description, of_fee) = match movement.cause {
        Cause::Charge => (None, "Stripe processing fees"),
        Cause::Refund => (Some("REFUND FOR CHARGE".to_owned()), ""),
        Cause::RefundFailure => (Some("REFUND FAILURE".to_owned()), ""),
        Cause::Dispute => (Some(format!("Chargeback withdrawal for {}", movement.source)), "Dispute fee"),
        Cause::DisputeReversal => (Some(format!("Chargeback reversal for {}", movement.source)), ""),
    };
    let fees = (movement.fee != 0).then(|| {
        json!({
            "amount": movement.fee, "application": null, "currency": currency, "description": of_fee,
            "type": "stripe_fee",
        })
    });
    json!({
        "id": movement.id,
        "object": "balance_transaction",
        "amount": movement.amount.minor,
        "available_on": movement.created.as_second().saturating_add(AVAILABLE_SECONDS),
        "balance_type": "payments",
        "created": movement.created.as_second(),
        "currency": currency,
        "description": description,
        "exchange_rate": null,
        "fee": movement.fee,
        "fee_details": Vec::from_iter(fees),
        "net": movement.amount.minor.saturating_sub(movement.fee),
        "reporting_category": category,
        "source": movement.source,
        "status": "pending",
        "type": kind,
    })
}
