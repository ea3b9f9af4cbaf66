//! A dispute as Stripe has it, in the fields that we rely on.

use crate::domain::money::{Currency, Money, sum};
use crate::payment::dispute::{Dispute, DisputeStatus};
use crate::payment::stripe::answer::{Object, bounded, id_in, is_id, moment, money, text};
use serde_json::Value;

/// Longest reason that is kept.
const REASON_CHARS_MAX: usize = 200;

impl Object for Dispute {
    type Whole = stripe_shared::Dispute;
    const NAME: &'static str = "dispute";

    fn of_whole(whole: stripe_shared::Dispute) -> Result<Self, &'static str> {
        let entry = |e: &stripe_shared::BalanceTransaction| (Some(e.amount), Some(e.fee), Some(e.currency.to_string()));
        Seen {
            id: Some(whole.id.as_str().to_owned()),
            intent: whole.payment_intent.map(|i| i.id().as_str().to_owned()),
            amount: Some(whole.amount),
            currency: Some(whole.currency.to_string()),
            status: Some(whole.status.as_str().to_owned()),
            reason: Some(whole.reason),
            entries: Some(whole.balance_transactions.iter().map(entry).collect()),
            created: Some(whole.created),
        }
        .dispute()
    }

    fn of_fields(value: &Value) -> Result<Self, &'static str> {
        let number = |value: &Value, field: &str| value.get(field).and_then(Value::as_i64);
        let entry = |e: &Value| (number(e, "amount"), number(e, "fee"), text(e, "currency"));
        let entries = value.get("balance_transactions").and_then(Value::as_array);
        Seen {
            id: text(value, "id"),
            intent: id_in(value, "payment_intent"),
            amount: number(value, "amount"),
            currency: text(value, "currency"),
            status: text(value, "status"),
            reason: text(value, "reason"),
            entries: entries.map(|all| all.iter().map(entry).collect()),
            created: number(value, "created"),
        }
        .dispute()
    }
}

/// Amount, fee and currency of one movement on the balance.
type Entry = (Option<i64>, Option<i64>, Option<String>);

struct Seen {
    id: Option<String>,
    intent: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
    status: Option<String>,
    reason: Option<String>,
    entries: Option<Vec<Entry>>,
    created: Option<i64>,
}

impl Seen {
    fn dispute(self) -> Result<Dispute, &'static str> {
        let amount = money(self.amount, self.currency.as_deref())?;
        let entries = self.entries.ok_or("the dispute does not say what it moved")?;
        // The balance may be kept in another currency than the shopper paid in: what moved is said in the balance's.
        let kept_in = match entries.first() {
            Some((_, _, Some(code))) => Currency::parse(code).map_err(|_| "a movement has no currency")?,
            Some(_) => return Err("a movement has no currency"),
            None => amount.currency,
        };
        let total = |part: fn(&Entry) -> Option<i64>| {
            let each = entries.iter().map(|entry| money(part(entry), entry.2.as_deref()));
            let each = each.collect::<Result<Vec<Money>, _>>()?;
            sum(each, kept_in).map_err(|_| "the movements cannot be added up")
        };
        Ok(Dispute {
            id: self.id.filter(|id| is_id(id)).ok_or("the dispute has no id")?,
            intent: self.intent.filter(|id| is_id(id)),
            amount,
            status: status(self.status.as_deref())?,
            reason: bounded(&self.reason.unwrap_or_default(), REASON_CHARS_MAX),
            moved: total(|entry| entry.0)?,
            fee: total(|entry| entry.1)?,
            created: moment(self.created)?,
        })
    }
}

fn status(name: Option<&str>) -> Result<DisputeStatus, &'static str> {
    Ok(match name {
        Some("warning_needs_response" | "warning_under_review") => DisputeStatus::Inquiry,
        Some("needs_response" | "under_review") => DisputeStatus::Open,
        Some("won" | "warning_closed" | "prevented") => DisputeStatus::Won,
        Some("lost") => DisputeStatus::Lost,
        // A word of tomorrow may mean that the money is gone: it is not guessed.
        _ => return Err("the dispute has no status that we know"),
    })
}
