//! What was found, how it stands and what to do; and what a refusal means to a merchant.

pub use crate::domain::setup::{Finding, Level};

use crate::channel::whatsapp::client::Failure;
use crate::channel::whatsapp::refusal::Class;
use serde::Serialize;
use serde_json::Value;

/// Characters of a text of Meta's that are shown.
const WORDS_MAX: usize = 300;
/// Entries of an answer's list that are looked at.
const LIST_MAX: usize = 1_000;

/// What came of looking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Everything that was looked at.
    pub findings: Vec<Finding>,
    /// What was changed, or would be.
    pub changes: Vec<String>,
}

impl Report {
    /// Whether nothing is broken.
    pub fn is_good(&self) -> bool {
        !self.findings.iter().any(Finding::is_bad)
    }
}

/// A call that gave nothing, as a finding.
pub fn refused(what: &'static str, failure: &Failure) -> Finding {
    Finding::fail(what, failure.to_string(), remedy(failure))
}

/// What to do about a call that gave nothing.
pub fn remedy(failure: &Failure) -> &'static str {
    let Failure::Refused(refusal) = failure else {
        return "check graph_url and the network, then try again";
    };
    match refusal.problem.code {
        190 => "make a new token: Business settings → System users → Generate token; then set access_token",
        3 | 10 | 200..=299 => {
            "give the system user this account with full control, and its token whatsapp_business_messaging and \
             whatsapp_business_management"
        }
        33 | 100 => "check phone_number_id, waba_id and app_id: each is another number on the app's WhatsApp page",
        131_042 => "set a payment method: Business settings → WhatsApp accounts → Payment settings",
        133_010 => "register the number: souk whatsapp register --pin 123456",
        133_005 => "this is not the number's PIN; change it: WhatsApp Manager → Phone numbers → Two-step verification",
        133_016 => "too many registrations; wait 72 hours",
        368 | 131_031 => "the account is locked: see Business Support for the reason and an appeal",
        _ => match refusal.class {
            Class::Transient { .. } | Class::Pair | Class::Wait { .. } => "try again later",
            Class::Operator => "see the account in WhatsApp Manager and Business Support",
            _ => "correct what is named here",
        },
    }
}

/// The entries of an answer.
pub fn list(answer: &Value) -> &[Value] {
    let data = answer.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    data.get(..LIST_MAX).unwrap_or(data)
}

/// A text or number of an answer as one line; empty if there is none.
pub fn word(of: &Value, key: &str) -> String {
    match of.get(key) {
        Some(Value::String(text)) => line(text),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// A text from outside as one line of bounded length, for a terminal.
pub fn line(text: &str) -> String {
    text.chars().take(WORDS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}
