//! A `refund`.

use crate::payment::refund::RefundStatus;
use crate::payment::sandbox::shape::code;
use crate::payment::sandbox::state::payment::Payment;
use crate::payment::sandbox::state::refund::Refund;
use serde_json::{Value, json};

/// A `refund` of a payment.
pub fn object(refund: &Refund, payment: &Payment) -> Value {
    let mut object = json!({
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount.minor,
        "balance_transaction": refund.movement,
        "charge": payment.charge,
        "created": refund.created.as_second(),
        "currency": code(refund.amount.currency),
        "customer": null,
        "customer_account": null,
        "destination_details": {
            "card": { "reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund" },
            "type": "card",
        },
        "metadata": refund.metadata,
        "payment_intent": refund.payment,
        "payment_method": super::payment::method_id(payment),
        "reason": refund.reason,
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": word(refund.status),
        "transfer_reversal": null,
    });
    // Stripe has these only where they say something.
    if let Some(fields) = object.as_object_mut() {
        if let Some(back) = &refund.failure_movement {
            fields.insert("failure_balance_transaction".to_owned(), json!(back));
            fields.insert("failure_reason".to_owned(), json!("expired_or_canceled_card"));
        }
        if refund.status == RefundStatus::Pending {
            fields.insert("pending_reason".to_owned(), json!("processing"));
        }
    }
    object
}

fn word(status: RefundStatus) -> &'static str {
    match status {
        RefundStatus::Pending => "pending",
        RefundStatus::RequiresAction => "requires_action",
        RefundStatus::Succeeded => "succeeded",
        RefundStatus::Failed => "failed",
        RefundStatus::Canceled => "canceled",
    }
}
