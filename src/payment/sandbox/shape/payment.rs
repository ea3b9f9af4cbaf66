//! A `payment_intent` and its `charge`.

use crate::payment::sandbox::shape::{code, street, with_nulls};
use crate::payment::sandbox::state::payment::Payment;
use crate::payment::sandbox::state::{Stage, State};
use serde_json::{Value, json};

/// Fields of a charge that say nothing here.
const CHARGE_NULLS: [&str; 16] = [
    "application",
    "application_fee",
    "application_fee_amount",
    "customer",
    "description",
    "failure_balance_transaction",
    "on_behalf_of",
    "receipt_email",
    "receipt_number",
    "receipt_url",
    "review",
    "source_transfer",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
];

/// The `payment_intent` of a page that the shopper finished.
pub fn intent(payment: &Payment) -> Value {
    let (status, received) = match payment.stage {
        Stage::Paid => ("succeeded", payment.amount.minor),
        Stage::Pending => ("processing", 0),
        Stage::Open | Stage::Failed => ("requires_payment_method", 0),
        Stage::Expired => ("canceled", 0),
    };
    let failed = (payment.stage == Stage::Failed).then(|| {
        json!({
            "type": "card_error", "code": "payment_intent_payment_attempt_failed", "message": "The payment failed.",
        })
    });
    json!({
        "id": payment.id,
        "object": "payment_intent",
        "allowed_payment_method_types": null,
        "amount": payment.amount.minor,
        "amount_capturable": 0,
        "amount_details": { "tip": {} },
        "amount_received": received,
        "application": null,
        "application_fee_amount": null,
        "automatic_payment_methods": null,
        "canceled_at": null,
        "cancellation_reason": null,
        "capture_method": "automatic_async",
        "client_secret": null,
        "confirmation_method": "automatic",
        "created": payment.created.as_second(),
        "currency": code(payment.amount.currency),
        "customer": null,
        "customer_account": null,
        "description": null,
        "excluded_payment_method_types": null,
        "last_payment_error": failed,
        "latest_charge": payment.charge,
        "livemode": false,
        "metadata": payment.metadata,
        "next_action": null,
        "on_behalf_of": null,
        "payment_method": (payment.stage != Stage::Failed).then(|| method_id(payment)),
        "payment_method_configuration_details": null,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "processing": null,
        "receipt_email": null,
        "review": null,
        "setup_future_usage": null,
        "shipping": shipping(payment),
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": status,
        "transfer_data": null,
        "transfer_group": null,
    })
}

/// The `charge` of a payment, with what was given back of it.
pub fn charge(payment: &Payment, state: &State) -> Value {
    let paid = payment.stage == Stage::Paid;
    let captured = if paid { payment.amount.minor } else { 0 };
    let refunded = state.refunded(&payment.id);
    let is_refunded = paid && refunded >= payment.amount.minor;
    let disputed = state.dispute_of(&payment.id).is_some();
    let failure = (payment.stage == Stage::Failed).then_some("card_declined");
    let (created, currency) = (payment.created.as_second(), code(payment.amount.currency));
    let (status, kind, network) = match payment.stage {
        Stage::Paid => ("succeeded", "authorized", "approved_by_network"),
        Stage::Failed | Stage::Expired => ("failed", "issuer_declined", "declined_by_network"),
        Stage::Open | Stage::Pending => ("pending", "authorized", "approved_by_network"),
    };
    let outcome = json!({
        "advice_code": null, "network_advice_code": null, "network_decline_code": null, "network_status": network,
        "reason": null, "risk_level": "normal", "seller_message": null, "type": kind,
    });
    let (method, address) = (method_id(payment), shipping(payment));
    let details = json!({ "type": "card", "card": card(payment) });
    let object = json!({
        "id": payment.charge,
        "object": "charge",
        "amount": payment.amount.minor,
        "amount_captured": captured,
        "amount_refunded": refunded,
        "balance_transaction": payment.movement,
        "billing_details": billing(payment),
        "calculated_statement_descriptor": "SANDBOX",
        "captured": paid,
        "created": created,
        "currency": currency,
        "disputed": disputed,
        "failure_code": failure,
        "failure_message": failure,
        "fraud_details": {},
        "livemode": false,
        "metadata": payment.metadata,
        "outcome": outcome,
        "paid": paid,
        "payment_intent": payment.id,
        "payment_method": method,
        "payment_method_details": details,
        "radar_options": {},
        "refunded": is_refunded,
        "shipping": address,
        "status": status,
    });
    with_nulls(object, &CHARGE_NULLS)
}

/// The id of the card that was used, made from the payment's.
pub fn method_id(payment: &Payment) -> String {
    format!("pm_{}", payment.id.trim_start_matches("pi_"))
}

fn card(payment: &Payment) -> Value {
    json!({
        "amount_authorized": payment.amount.minor,
        "authorization_code": null,
        "brand": "visa",
        "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass" },
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": null,
        "funding": "credit",
        "installments": null,
        "last4": payment.last4,
        "mandate": null,
        "network": "visa",
        "network_token": { "used": false },
        "network_transaction_id": null,
        "regulated_status": "unregulated",
        "three_d_secure": null,
        "transaction_link_id": null,
        "wallet": null,
    })
}

fn billing(payment: &Payment) -> Value {
    let to = payment.shipping.as_ref();
    json!({
        "address": to.map(street), "email": to.map(|to| &to.email), "name": to.map(|to| &to.name), "phone": null,
        "tax_id": null,
    })
}

fn shipping(payment: &Payment) -> Option<Value> {
    let to = payment.shipping.as_ref().filter(|to| !to.line1.is_empty())?;
    Some(json!({ "address": street(to), "carrier": null, "name": to.name, "phone": null, "tracking_number": null }))
}
