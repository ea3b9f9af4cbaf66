//! What WhatsApp says about a payment (India, connected gateways): a hint that something happened, never that money is
//! there. It names an attempt of ours, and the provider is asked how that stands.

use crate::channel::whatsapp::order_message::reference::Reference;
use crate::domain::id::CheckoutId;
use crate::domain::job::Job;
use crate::domain::money::{AMOUNT_MINOR_MAX, Currency, Money};
use jiff::Timestamp;
use serde_json::Value;

/// Statuses of one delivery that are looked at.
pub const STATUSES_MAX: usize = 1_000;
/// Transactions of one payment that are looked at; a failed one leaves the order payable, so there can be several.
pub const TRANSACTIONS_MAX: usize = 20;
/// Characters of a word of the gateway's that is kept.
const WORD_CHARS_MAX: usize = 64;

/// Something happened to the payment behind an order message. It has no way to say that an order is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentHint {
    /// The attempt it names.
    pub checkout: CheckoutId,
    /// What WhatsApp says of it; for people who look for a mistake.
    pub stage: Stage,
    /// What it says was paid.
    pub amount: Option<Money>,
    /// When, as it says.
    pub at: Option<Timestamp>,
    /// What it says of each try.
    pub transactions: Vec<Transaction>,
}

/// One try to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The gateway's id.
    pub id: String,
    /// How it went.
    pub stage: Stage,
    /// `upi`, `card`, `wallet`, `netbanking`.
    pub method: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// How many times something of it was given back.
    pub refunds: usize,
}

/// How a payment or a try stands, in WhatsApp's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// `captured` of a payment, `success` of a try.
    Captured,
    /// Begun.
    Pending,
    /// Did not work; may be tried again.
    Failed,
    /// A word that is not known here.
    Other(String),
}

impl PaymentHint {
    /// The only thing that follows from it: asking the provider.
    pub fn job(&self) -> Job {
        Job::SettleCheckout { checkout: self.checkout.clone() }
    }
}

/// The payments among the statuses of one webhook value. What is not about a payment of ours is left out; nothing in it
/// can make this fail.
pub fn read(value: &Value) -> Vec<PaymentHint> {
    let statuses = value.get("statuses").and_then(Value::as_array);
    statuses.into_iter().flatten().take(STATUSES_MAX).filter_map(hint).collect()
}

fn hint(status: &Value) -> Option<PaymentHint> {
    if text(status, "type") != Some("payment") {
        return None;
    }
    let payment = status.get("payment")?;
    let reference = Reference::parse(text(payment, "reference_id")?)?;
    // One transaction as Meta prints it, several as vendors pass it on.
    let several = payment.get("transactions").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let one = payment.get("transaction");
    Some(PaymentHint {
        checkout: reference.checkout().clone(),
        stage: stage(text(status, "status")),
        amount: amount(payment).or_else(|| one.and_then(amount)),
        at: status.get("timestamp").and_then(moment),
        transactions: one.into_iter().chain(several).take(TRANSACTIONS_MAX).filter_map(transaction).collect(),
    })
}

fn transaction(value: &Value) -> Option<Transaction> {
    let error = value.get("error");
    let why = error.and_then(|e| text(e, "reason").or_else(|| text(e, "code"))).map(word);
    let method = value.get("method").and_then(|m| text(m, "type")).or_else(|| text(value, "methodType")).map(word);
    Some(Transaction {
        id: word(text(value, "id")?),
        stage: stage(text(value, "status")),
        method,
        error: why,
        refunds: value.get("refunds").and_then(Value::as_array).map_or(0, Vec::len),
    })
}

fn stage(text: Option<&str>) -> Stage {
    match text.unwrap_or_default() {
        "captured" | "success" => Stage::Captured,
        "pending" => Stage::Pending,
        "failed" => Stage::Failed,
        other => Stage::Other(word(other)),
    }
}

fn amount(value: &Value) -> Option<Money> {
    let currency = Currency::parse(text(value, "currency")?).ok()?;
    let amount = value.get("amount")?;
    let minor = amount.get("value")?.as_i64().filter(|minor| (0..=AMOUNT_MINOR_MAX).contains(minor))?;
    // Any other offset would be another amount.
    (amount.get("offset")?.as_i64() == Some(100)).then_some(Money::new(minor, currency))
}

// Seconds as text in printed samples, as a number in the tables.
fn moment(value: &Value) -> Option<Timestamp> {
    let seconds = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
    Timestamp::from_second(seconds).ok()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

fn word(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(WORD_CHARS_MAX).collect()
}
