//! A refund as Stripe has it, in the fields that we rely on.

use crate::domain::id::RefundId;
use crate::payment::refund::{Refund, RefundStatus};
use crate::payment::stripe::answer::{ID_CHARS_MAX, Object, bounded, id_in, is_id, moment, money, note, text};
use serde_json::Value;

/// Where our refund's id is kept.
pub const REFUND_NOTE: &str = "refund_id";
/// Longest reason that is kept.
const REASON_CHARS_MAX: usize = 200;

impl Object for Refund {
    type Whole = stripe_shared::Refund;
    const NAME: &'static str = "refund";

    fn of_whole(whole: stripe_shared::Refund) -> Result<Self, &'static str> {
        Seen {
            id: Some(whole.id.as_str().to_owned()),
            intent: whole.payment_intent.map(|i| i.id().as_str().to_owned()),
            amount: Some(whole.amount),
            currency: Some(whole.currency.to_string()),
            status: whole.status,
            ours: whole.metadata.and_then(|mut notes| notes.remove(REFUND_NOTE)),
            failure: whole.failure_reason,
            created: Some(whole.created),
        }
        .refund()
    }

    fn of_fields(value: &Value) -> Result<Self, &'static str> {
        Seen {
            id: text(value, "id"),
            intent: id_in(value, "payment_intent"),
            amount: value.get("amount").and_then(Value::as_i64),
            currency: text(value, "currency"),
            status: text(value, "status"),
            ours: note(value, REFUND_NOTE),
            failure: text(value, "failure_reason"),
            created: value.get("created").and_then(Value::as_i64),
        }
        .refund()
    }
}

struct Seen {
    id: Option<String>,
    intent: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
    status: Option<String>,
    ours: Option<String>,
    failure: Option<String>,
    created: Option<i64>,
}

impl Seen {
    fn refund(self) -> Result<Refund, &'static str> {
        let status = match self.status.as_deref() {
            Some("pending") => RefundStatus::Pending,
            Some("requires_action") => RefundStatus::RequiresAction,
            Some("succeeded") => RefundStatus::Succeeded,
            Some("failed") => RefundStatus::Failed,
            Some("canceled") => RefundStatus::Canceled,
            _ => return Err("the refund has no status that we know"),
        };
        let amount = money(self.amount, self.currency.as_deref())?;
        if amount.minor <= 0 {
            return Err("the refund gives nothing back");
        }
        Ok(Refund {
            id: self.id.filter(|id| is_id(id)).ok_or("the refund has no id")?,
            intent: self.intent.filter(|id| is_id(id)),
            amount,
            status,
            ours: self.ours.filter(|id| !id.is_empty()).map(|id| RefundId::new(bounded(&id, ID_CHARS_MAX))),
            failure: self.failure.map(|reason| bounded(&reason, REASON_CHARS_MAX)),
            created: moment(self.created)?,
        })
    }
}
