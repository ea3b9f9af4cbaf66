//! What Meta answers when it refuses: its codes, their HTTP status and their words.

use axum::http::StatusCode;
use serde_json::{Value, json};

/// A refusal in Meta's terms, at once or as a `failed` status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("(#{code}) {}: {details}", self.title())]
pub struct Refusal {
    /// Meta's code.
    pub code: u32,
    /// What exactly, for people.
    pub details: String,
}

/// Code, HTTP status, title.
const TABLE: [(u32, u16, &str); 43] = [
    (1, 400, "An unknown error occurred"),
    (2, 503, "Service temporarily unavailable"),
    (4, 400, "Application request limit reached"),
    (10, 403, "Application does not have permission for this action"),
    (33, 400, "Parameter value is not valid"),
    (100, 400, "Invalid parameter"),
    (190, 401, "Access token is not valid or has expired"),
    (200, 403, "Permission missing"),
    (368, 403, "Temporarily blocked for policies violations"),
    (2200, 400, "Callback verification failed"),
    (80007, 400, "Rate limit issues"),
    (130429, 400, "Rate limit hit"),
    (130472, 400, "User's number is part of an experiment"),
    (131000, 500, "Something went wrong"),
    (131005, 403, "Access denied"),
    (131008, 400, "Required parameter is missing"),
    (131009, 400, "Parameter value is not valid"),
    (131016, 500, "Service unavailable"),
    (131021, 400, "Recipient cannot be sender"),
    (131026, 400, "Message undeliverable"),
    (131030, 400, "Recipient phone number not in allowed list"),
    (131031, 403, "Account has been locked"),
    (131042, 400, "Business eligibility payment issue"),
    (131047, 400, "Re-engagement message"),
    (131048, 400, "Spam rate limit hit"),
    (131049, 400, "This message was not delivered to maintain healthy ecosystem engagement"),
    (131050, 400, "User has stopped marketing messages from this business"),
    (131051, 400, "Unsupported message type"),
    (131052, 400, "Media download error"),
    (131053, 400, "Media upload error"),
    (131056, 400, "Pair rate limit hit"),
    (131057, 500, "Account in maintenance mode"),
    (131059, 400, "Invalid paging cursor"),
    (131062, 400, "Business-scoped user id is not supported for this message"),
    (132000, 400, "Number of parameters does not match the expected number of params"),
    (132001, 404, "Template name does not exist in the translation"),
    (132005, 400, "Translated text too long"),
    (132012, 400, "Parameter format does not match format in the created template"),
    (132015, 400, "Template is paused"),
    (132016, 400, "Template is disabled"),
    (132018, 400, "Template parameter is not valid"),
    (133010, 400, "Phone number not registered"),
    (139100, 400, "Failed to block some users"),
];

impl Refusal {
    /// A refusal with its details.
    pub fn new(code: u32, details: impl Into<String>) -> Self {
        Self { code, details: details.into() }
    }

    /// Something required is not there.
    pub fn missing(path: &str) -> Self {
        Self::new(131008, format!("The parameter {path} is required."))
    }

    /// A value that breaks a rule.
    pub fn value(details: impl Into<String>) -> Self {
        Self::new(131009, details)
    }

    /// A parameter of the wrong shape or name.
    pub fn param(details: impl Into<String>) -> Self {
        Self::new(100, details)
    }

    /// The HTTP status it is answered with.
    pub fn http(&self) -> StatusCode {
        let known = TABLE.iter().find(|(code, ..)| *code == self.code).map(|(_, http, _)| *http);
        // The told-to answer of an overloaded gateway stands for itself.
        let http = if self.code == 429 { 429 } else { known.unwrap_or(400) };
        StatusCode::from_u16(http).unwrap_or(StatusCode::BAD_REQUEST)
    }

    /// Its short name.
    pub fn title(&self) -> &'static str {
        TABLE.iter().find(|(code, ..)| *code == self.code).map_or("Unknown error", |(.., title)| title)
    }

    /// The body of an API answer.
    pub fn body(&self, trace: &str) -> Value {
        json!({"error": {
            "message": format!("(#{}) {}", self.code, self.title()),
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": trace,
        }})
    }

    /// The element of `errors[]` in a webhook.
    pub fn in_webhook(&self) -> Value {
        json!({
            "code": self.code,
            "title": self.title(),
            "message": self.title(),
            "error_data": {"details": self.details},
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_answer_with_their_status() {
        let table = [(100, 400), (190, 401), (131000, 500), (132001, 404), (10, 403), (429, 429), (424242, 400)];
        for (code, http) in table {
            assert_eq!(Refusal::new(code, "").http().as_u16(), http, "{code}");
        }
        let refusal = Refusal::missing("text.body");
        assert_eq!(refusal.body("t")["error"]["code"], 131008);
        assert_eq!(refusal.in_webhook()["title"], refusal.in_webhook()["message"]);
    }
}
