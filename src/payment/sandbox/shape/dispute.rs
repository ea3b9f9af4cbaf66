//! A `dispute`.

use crate::payment::sandbox::shape::{code, movement};
use crate::payment::sandbox::state::State;
use crate::payment::sandbox::state::dispute::{Dispute, Standing};
use crate::payment::sandbox::state::payment::Payment;
use serde_json::{Map, Value, json};

/// Seconds a shop has to answer the bank.
const ANSWER_SECONDS: i64 = 8 * 24 * 60 * 60;

/// Texts and files a shop can send to the bank, by Stripe's names.
pub const EVIDENCE: [&str; 27] = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
];

/// A `dispute` over a payment.
pub fn object(dispute: &Dispute, payment: &Payment, state: &State) -> Value {
    let mut evidence: Map<String, Value> =
        EVIDENCE.iter().map(|name| ((*name).to_owned(), json!(dispute.evidence.get(*name)))).collect();
    evidence.insert("enhanced_evidence".to_owned(), json!({}));
    let moved = dispute.movements.iter().filter_map(|id| state.movements.get(id)).map(movement::object);
    json!({
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount.minor,
        "balance_transactions": moved.collect::<Vec<_>>(),
        "charge": payment.charge,
        "created": dispute.created.as_second(),
        "currency": code(dispute.amount.currency),
        "enhanced_eligibility_types": [],
        "evidence": evidence,
        "evidence_details": {
            "due_by": dispute.created.as_second().saturating_add(ANSWER_SECONDS),
            "enhanced_eligibility": {},
            "has_evidence": !dispute.evidence.is_empty(),
            "past_due": false,
            "submission_count": i32::from(dispute.standing != Standing::NeedsResponse && !dispute.evidence.is_empty()),
        },
        "is_charge_refundable": false,
        "livemode": false,
        "metadata": dispute.metadata,
        "payment_intent": dispute.payment,
        "payment_method_details": {
            "card": { "brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "10.4" },
            "type": "card",
        },
        "reason": "fraudulent",
        "status": dispute.standing.word(),
    })
}
