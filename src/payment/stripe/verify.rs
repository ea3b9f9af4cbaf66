//! Believing an event: its signature over the raw bytes, its age, and which session it names.

use crate::payment::stripe::transport::Mode;
use crate::payment::{Event, Subject, VerifyError};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;
use std::fmt::Write;
use subtle::{Choice, ConstantTimeEq};

/// How far a signature's time may be off, to either side.
pub const TOLERANCE_SECONDS: i64 = 300;
/// Longest header that is looked at; Stripe's has about 150 bytes.
const HEADER_BYTES_MAX: usize = 2000;
/// Most signatures in one header; Stripe sends one for each secret in use.
const SIGNATURES_MAX: usize = 10;
/// Longest id or type that is believed.
const NAME_CHARS_MAX: usize = 255;

/// Checks the `Stripe-Signature` header over the raw bytes and reads what the event names. An event of the other mode is
/// refused although its signature is right: test money must never pay a live order, nor live money be taken for play.
pub fn verify(
    body: &[u8],
    header: &str,
    secrets: &[SecretString],
    mode: Mode,
    now: Timestamp,
) -> Result<Event, VerifyError> {
    let (time, signatures) = parts(header)?;
    let seconds: i64 = time.parse().map_err(|_| VerifyError::Header)?;
    let mut matches = Choice::from(0);
    for secret in secrets.iter().map(|s| s.expose_secret().trim()).filter(|s| !s.is_empty()) {
        let expected = signature(secret, time, body);
        for given in &signatures {
            matches |= expected.as_bytes().ct_eq(given.as_bytes());
        }
    }
    if !bool::from(matches) {
        return Err(VerifyError::Mismatch);
    }
    if now.as_second().abs_diff(seconds) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(VerifyError::Time(TOLERANCE_SECONDS));
    }
    let event: Value = serde_json::from_slice(body).map_err(|e| VerifyError::Unreadable(e.to_string()))?;
    let live = event.get("livemode").and_then(Value::as_bool).unwrap_or(false);
    if live != (mode == Mode::Live) {
        return Err(VerifyError::Mode);
    }
    read(&event)
}

/// The header Stripe would send for this body at this time.
pub fn sign(body: &[u8], secret: &SecretString, now: Timestamp) -> String {
    let time = now.as_second().to_string();
    format!("t={time},v1={}", signature(secret.expose_secret().trim(), &time, body))
}

fn parts(header: &str) -> Result<(&str, Vec<&str>), VerifyError> {
    if header.len() > HEADER_BYTES_MAX {
        return Err(VerifyError::Header);
    }
    let pairs = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let time = pairs().find_map(|(name, value)| (name == "t").then_some(value)).ok_or(VerifyError::Header)?;
    let signatures: Vec<_> =
        pairs().filter_map(|(name, value)| (name == "v1").then_some(value)).take(SIGNATURES_MAX).collect();
    if signatures.is_empty() {
        return Err(VerifyError::Header);
    }
    Ok((time, signatures))
}

fn signature(secret: &str, time: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("an HMAC key may have any length");
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Reads what an event names.
pub fn read(event: &Value) -> Result<Event, VerifyError> {
    let text = |pointer: &str| {
        event.pointer(pointer).and_then(Value::as_str).filter(|t| !t.is_empty() && t.chars().count() <= NAME_CHARS_MAX)
    };
    let needed = |pointer: &str| {
        text(pointer).map(str::to_owned).ok_or_else(|| VerifyError::Unreadable(format!("it has no usable {pointer}")))
    };
    Ok(Event { id: needed("/id")?, kind: needed("/type")?, subject: subject(event)? })
}

/// What an event's object is about, by its own kind: events are named in many ways, objects in few.
pub fn subject(event: &Value) -> Result<Option<Subject>, VerifyError> {
    let text = |pointer: &str| {
        event.pointer(pointer).and_then(Value::as_str).filter(|t| !t.is_empty() && t.chars().count() <= NAME_CHARS_MAX)
    };
    let id = || text("/data/object/id").map(str::to_owned);
    let subject = match text("/data/object/object") {
        Some("checkout.session") => {
            let id = id().ok_or_else(|| VerifyError::Unreadable("it names no session".to_owned()))?;
            Some(Subject::Session(id))
        }
        Some("dispute") => id().map(Subject::Dispute),
        Some("refund" | "charge") => text("/data/object/payment_intent").map(|id| Subject::Refunds(id.to_owned())),
        _ => None,
    };
    Ok(subject)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Span;
    use proptest::prelude::*;

    const BODY: &[u8] = br#"{"id":"evt_1","type":"checkout.session.completed","data":{"object":{"id":"cs_test_1","object":"checkout.session"}}}"#;
    /// Made with Python's hmac module from BODY, the time 1790000000 and the secret `whsec_test`.
    const KNOWN: &str = "871c364972257f3e11ab860faf679f4716876b735dd5f3b607c2e4425fc70858";

    fn secrets(texts: &[&str]) -> Vec<SecretString> {
        texts.iter().map(|t| SecretString::from(*t)).collect()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("a moment")
    }

    fn check(header: &str, secret: &[&str], now: i64) -> Result<Event, VerifyError> {
        verify(BODY, header, &secrets(secret), Mode::Test, at(now))
    }

    #[test]
    fn a_known_signature_is_believed() {
        let event = Event {
            id: "evt_1".into(),
            kind: "checkout.session.completed".into(),
            subject: Some(Subject::Session("cs_test_1".into())),
        };
        let header = format!("t=1790000000,v1={KNOWN},v0=ignored");
        assert_eq!(check(&header, &["whsec_test"], 1_790_000_000), Ok(event.clone()));
        assert_eq!(check(&header, &["whsec_old", "whsec_test"], 1_790_000_000), Ok(event.clone()));
        let rolled = format!("t=1790000000, v1={}, v1={KNOWN}", "0".repeat(64));
        assert_eq!(check(&rolled, &["whsec_test"], 1_790_000_000), Ok(event));
        assert_eq!(
            sign(BODY, &SecretString::from("whsec_test"), at(1_790_000_000)),
            format!("t=1790000000,v1={KNOWN}")
        );
    }

    #[test]
    fn age_counts_both_ways() {
        let header = format!("t=1790000000,v1={KNOWN}");
        for off in [-300, 300] {
            assert!(check(&header, &["whsec_test"], 1_790_000_000 + off).is_ok(), "{off}");
        }
        for off in [-301, 301] {
            assert_eq!(check(&header, &["whsec_test"], 1_790_000_000 + off), Err(VerifyError::Time(300)), "{off}");
        }
    }

    #[test]
    fn headers_that_are_none_and_wrong_secrets_are_refused() {
        for bad in ["", "t=1790000000", &format!("v1={KNOWN}"), &format!("t=soon,v1={KNOWN}"), "t=1790000000,v0=1"] {
            assert_eq!(check(bad, &["whsec_test"], 1_790_000_000), Err(VerifyError::Header), "{bad}");
        }
        let header = format!("t=1790000000,v1={KNOWN}");
        assert_eq!(check(&header, &["whsec_other"], 1_790_000_000), Err(VerifyError::Mismatch));
        assert_eq!(check(&header, &[], 1_790_000_000), Err(VerifyError::Mismatch));
        // An empty secret is a setting left empty, never a key that anybody could sign with.
        let signed_with_nothing = sign(BODY, &SecretString::from(""), at(1_790_000_000));
        assert_eq!(check(&signed_with_nothing, &[""], 1_790_000_000), Err(VerifyError::Mismatch));
    }

    #[test]
    fn events_about_other_things_name_no_session() {
        let secret = SecretString::from("whsec_test");
        let read = |body: &str| {
            let header = sign(body.as_bytes(), &secret, at(0));
            verify(body.as_bytes(), &header, &secrets(&["whsec_test"]), Mode::Test, at(0))
        };
        let other = read(r#"{"id":"evt_2","type":"refund.created","data":{"object":{"id":"re_1","object":"refund"}}}"#);
        assert_eq!(other.map(|e| e.subject), Ok(None));
        for bad in [
            "",
            "[]",
            "{}",
            r#"{"id":"evt_3"}"#,
            r#"{"id":7,"type":"x"}"#,
            r#"{"id":"e","type":"t","data":{"object":{"object":"checkout.session"}}}"#,
        ] {
            assert!(matches!(read(bad), Err(VerifyError::Unreadable(_))), "{bad}");
        }
    }

    #[test]
    fn an_event_of_the_other_mode_is_refused() {
        let secret = SecretString::from("whsec_test");
        let read = |livemode: &str, mode: Mode| {
            let body = format!(r#"{{"id":"evt_1","type":"t"{livemode}}}"#);
            let header = sign(body.as_bytes(), &secret, at(0));
            verify(body.as_bytes(), &header, std::slice::from_ref(&secret), mode, at(0)).map(|e| e.id)
        };
        let (live, test) = (r#","livemode":true"#, r#","livemode":false"#);
        assert_eq!(read(live, Mode::Live), Ok("evt_1".to_owned()));
        assert_eq!(read(test, Mode::Test), Ok("evt_1".to_owned()));
        assert_eq!(read(live, Mode::Test), Err(VerifyError::Mode));
        for not_live in [test, "", r#","livemode":1"#] {
            assert_eq!(read(not_live, Mode::Live), Err(VerifyError::Mode), "{not_live}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(body: Vec<u8>, header in ".*", seconds in -1_000_000_000i64..4_000_000_000) {
            prop_assert!(verify(&body, &header, &secrets(&["whsec_test"]), Mode::Test, at(seconds)).is_err());
            let header = sign(&body, &SecretString::from("whsec_test"), at(seconds));
            let _ = verify(&body, &header, &secrets(&["whsec_test"]), Mode::Test, at(seconds));
        }

        #[test]
        fn one_altered_byte_is_seen(place in 0..BODY.len(), flip in 1u8..=255, later in -300i64..=300) {
            let secret = SecretString::from("whsec_test");
            let signed = at(1_790_000_000);
            let header = sign(BODY, &secret, signed);
            let now = signed + Span::new().seconds(later);
            let mut body = BODY.to_vec();
            prop_assert!(verify(&body, &header, std::slice::from_ref(&secret), Mode::Test, now).is_ok());
            body[place] ^= flip;
            prop_assert_eq!(verify(&body, &header, &[secret], Mode::Test, now), Err(VerifyError::Mismatch));
        }
    }
}
