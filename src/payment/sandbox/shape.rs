//! The sandbox's objects in the shapes of Stripe's API: refusals and lists here, one object in each file below. They
//! are held to Stripe's OpenAPI file (`tools/oracles`) and to async-stripe's strict reading (`tests/strict.rs`).

pub mod account;
pub mod dispute;
pub mod endpoint;
pub mod event;
pub mod expand;
pub mod movement;
pub mod payment;
pub mod refund;
pub mod session;

use crate::domain::money::Currency;
use crate::payment::Shipping;
use serde_json::{Value, json};

/// A refusal: status and error envelope.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// HTTP status.
    pub status: u16,
    /// `{"error": …}`.
    pub body: Value,
    /// Whether the call was carried out as far as this refusal, so that it is kept under its key.
    pub is_kept: bool,
}

impl Fault {
    /// The same refusal, kept under the call's key.
    pub fn kept(self) -> Self {
        Self { is_kept: true, ..self }
    }
}

/// An `invalid_request_error` with a code.
pub fn fault(code: &str, param: Option<&str>, message: &str) -> Fault {
    other_fault(400, "invalid_request_error", Some(code), param, message)
}

/// A refusal of any kind.
pub fn other_fault(status: u16, kind: &str, code: Option<&str>, param: Option<&str>, message: &str) -> Fault {
    let mut error = json!({ "type": kind, "message": message });
    let doc_url = code.map(|code| format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-")));
    for (field, text) in [("code", code), ("param", param), ("doc_url", doc_url.as_deref())] {
        if let (Some(text), Some(error)) = (text, error.as_object_mut()) {
            error.insert(field.to_owned(), json!(text));
        }
    }
    Fault { status, body: json!({ "error": error }), is_kept: false }
}

/// A refusal without a code, for something that stands in the way.
pub fn plain_fault(param: Option<&str>, message: &str) -> Fault {
    other_fault(400, "invalid_request_error", None, param, message)
}

/// The answer to an id nobody knows; `param` is where it was named.
pub fn no_such(what: &str, id: &str, param: &str) -> Fault {
    let id: String = id.chars().take(100).collect();
    let message = format!("No such {what}: '{id}'");
    other_fault(404, "invalid_request_error", Some("resource_missing"), Some(param), &message)
}

/// A page of a list.
pub fn list(url: &str, data: Vec<Value>, has_more: bool) -> Value {
    json!({ "object": "list", "data": data, "has_more": has_more, "url": url })
}

/// The object with fields that say nothing.
fn with_nulls(mut object: Value, names: &[&str]) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.extend(names.iter().map(|name| ((*name).to_owned(), Value::Null)));
    }
    object
}

fn street(to: &Shipping) -> Value {
    // An address that was not asked for has no fields at Stripe, not empty ones.
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "city": text(&to.city), "country": text(&to.country), "line1": text(&to.line1), "line2": null,
        "postal_code": text(&to.postal_code), "state": null,
    })
}

fn code(currency: Currency) -> String {
    currency.code().to_ascii_lowercase()
}
