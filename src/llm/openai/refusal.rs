//! What a refusal of the endpoint means, whatever form its body has.

use crate::llm::BoxError;
use crate::llm::Error;
use http::HeaderMap;
use http::StatusCode;
use http::header;
use serde_json::Value;
use std::time::Duration;

/// The longest wait a server can ask of us.
pub(super) const RETRY_AFTER_MAX: Duration = Duration::from_secs(60);
/// Characters of the server's own words that are kept for the operator.
const WORDS_MAX: usize = 300;

/// Codes and types with which servers say that the request is too long.
const TOO_LONG_CODES: [&str; 3] = ["context_length_exceeded", "exceed_context_size_error", "string_above_max_length"];
/// Sentences of servers that have no code for it.
const TOO_LONG_WORDS: [&str; 6] = [
    "maximum context length",
    "context length exceeded",
    "context window",
    "exceeds the available context size",
    "prompt is too long",
    "too many tokens",
];

/// What the server said: for the operator's eyes; it can quote the request.
#[derive(Debug, thiserror::Error)]
#[error("HTTP {status}: {words}")]
struct Said {
    status: StatusCode,
    words: String,
}

/// The error that an answer with this status is. `key` is blotted out of the words: servers like to quote it.
pub(super) fn classify(status: StatusCode, headers: &HeaderMap, body: &[u8], key: &str) -> Error {
    let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let codes = codes(&body);
    let words = words(&body);
    let too_long = too_long(status, &codes, &words);
    let said: BoxError = Box::new(Said { status, words: printable(&words, key) });
    if too_long {
        return Error::TooLong(said);
    }
    // The bill is not paid: waiting does not help, although the status says so.
    if codes.contains(&"insufficient_quota") {
        return Error::Rejected(said);
    }
    match status.as_u16() {
        501 => Error::Rejected(said),
        408 | 409 | 425 | 429 | 500.. => Error::Busy { retry_after: retry_after(headers), source: said },
        _ => Error::Rejected(said),
    }
}

/// An error told in the body of a success, as some gateways do.
pub(super) fn in_success(body: &Value, key: &str) -> Option<Error> {
    let error = body.get("error").filter(|error| !error.is_null())?;
    let status = error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    let status = status.filter(|code| (400..600).contains(code)).and_then(|code| StatusCode::from_u16(code).ok());
    let bytes = serde_json::to_vec(body).unwrap_or_default();
    Some(classify(status.unwrap_or(StatusCode::BAD_GATEWAY), &HeaderMap::new(), &bytes, key))
}

fn too_long(status: StatusCode, codes: &[&str], words: &str) -> bool {
    if codes.iter().any(|code| TOO_LONG_CODES.contains(code)) || status == StatusCode::PAYLOAD_TOO_LARGE {
        return true;
    }
    let words = words.to_lowercase();
    matches!(status.as_u16(), 400 | 422) && TOO_LONG_WORDS.iter().any(|sentence| words.contains(sentence))
}

fn codes(body: &Value) -> Vec<&str> {
    let error = body.get("error").unwrap_or(body);
    ["code", "type"].iter().filter_map(|field| error.get(field)?.as_str()).collect()
}

/// `{"error":{"message":…}}`, `{"error":"…"}`, `{"message":…}`, `{"detail":…}` and `{"detail":[{"msg":…}]}` are all in use.
fn words(body: &Value) -> String {
    let error = body.get("error").unwrap_or(body);
    let found = [error.get("message"), body.get("message"), body.get("detail"), Some(error)];
    match found.into_iter().flatten().find(|value| !value.is_null()) {
        Some(Value::String(words)) => words.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

fn printable(words: &str, key: &str) -> String {
    let words = if key.is_empty() { words.to_owned() } else { words.replace(key, "***") };
    words.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(WORDS_MAX).collect()
}

/// In seconds; a date is not read, since the clocks need not agree.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(RETRY_AFTER_MAX))
}

#[cfg(test)]
mod tests {
    use super::RETRY_AFTER_MAX;
    use super::classify;
    use super::in_success;
    use crate::llm::Error;
    use http::HeaderMap;
    use http::StatusCode;
    use proptest::prelude::any;
    use proptest::prelude::proptest;
    use std::error::Error as _;

    fn kind(error: &Error) -> &'static str {
        match error {
            Error::Busy { .. } => "busy",
            Error::TimedOut(_) => "timed out",
            Error::TooLong(_) => "too long",
            Error::Unreadable(_) => "unreadable",
            Error::Rejected(_) => "rejected",
        }
    }

    fn classified(status: u16, body: &str) -> Error {
        classify(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), body.as_bytes(), "sk-secret")
    }

    #[test]
    fn knows_the_bodies_that_are_in_use() {
        let llama = r#"{"error":{"code":400,"message":"request (9000 tokens) exceeds","type":"exceed_context_size_error","n_ctx":4096}}"#;
        let openai = r#"{"error":{"message":"too long","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#;
        let vllm = r#"{"object":"error","message":"This model's maximum context length is 4096 tokens.","code":400}"#;
        let number = r#"{"error":{"code":400,"message":"tools must be an array","type":"invalid_request_error"}}"#;
        let quota = r#"{"error":{"code":"insufficient_quota","message":"You exceeded your quota","type":"x"}}"#;
        let cases = [
            (400, llama, "too long"),
            (400, openai, "too long"),
            (400, vllm, "too long"),
            (413, "", "too long"),
            (400, number, "rejected"),
            (401, r#"{"detail":"no"}"#, "rejected"),
            (403, "<html>", "rejected"),
            (404, r#"{"error":"model not found"}"#, "rejected"),
            (307, "", "rejected"),
            (422, r#"{"detail":[{"msg":"field required"}]}"#, "rejected"),
            (429, quota, "rejected"),
            (429, "slow down", "busy"),
            (408, "", "busy"),
            (409, "", "busy"),
            (425, "", "busy"),
            (500, "oops", "busy"),
            (501, "", "rejected"),
            (503, "[]", "busy"),
            (529, "", "busy"),
        ];
        for (status, body, expected) in cases {
            assert_eq!(kind(&classified(status, body)), expected, "{status} {body}");
        }
    }

    #[test]
    fn keeps_the_servers_words_without_the_key() {
        let error = classified(401, r#"{"error":{"message":"Incorrect key: sk-secret\nsee"}}"#);
        assert_eq!(error.source().unwrap().to_string(), "HTTP 401 Unauthorized: Incorrect key: *** see");
        let error = classified(422, r#"{"detail":[{"msg":"field required"}]}"#);
        assert_eq!(error.source().unwrap().to_string(), r#"HTTP 422 Unprocessable Entity: [{"msg":"field required"}]"#);
        let error = classified(400, &serde_json::json!({"detail": "é".repeat(5000)}).to_string());
        assert!(error.source().unwrap().to_string().chars().count() < 400);
    }

    #[test]
    fn caps_the_wait() {
        let wait = |text: &str| {
            let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, text.parse().unwrap())]);
            match classify(StatusCode::TOO_MANY_REQUESTS, &headers, b"", "") {
                Error::Busy { retry_after, .. } => retry_after,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(wait("2").map(|wait| wait.as_secs()), Some(2));
        assert_eq!(wait("3600"), Some(RETRY_AFTER_MAX));
        assert_eq!(wait("99999999999999999999999"), None);
        assert_eq!(wait("Wed, 21 Oct 2026 07:28:00 GMT"), None);
    }

    #[test]
    fn finds_an_error_in_a_success() {
        let body = serde_json::json!({"error": {"code": 429, "message": "upstream"}});
        assert_eq!(kind(&in_success(&body, "").unwrap()), "busy");
        assert_eq!(kind(&in_success(&serde_json::json!({"error": "boom"}), "").unwrap()), "busy");
        assert!(in_success(&serde_json::json!({"error": null, "choices": []}), "").is_none());
    }

    proptest! {
        #[test]
        fn survives_any_body(status in 100_u16..1000, body in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = classify(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), &body, "k");
        }
    }
}
