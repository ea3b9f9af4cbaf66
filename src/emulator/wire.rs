//! The bytes of a webhook as Meta writes and signs them.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// JSON with everything beyond ASCII as `\uXXXX` in lower case, and slashes escaped.
pub fn bytes(value: &Value) -> Vec<u8> {
    let plain = value.to_string();
    let mut text = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            // A slash stands only inside strings.
            '/' => text.push_str("\\/"),
            c if c.is_ascii() => text.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.into_bytes()
}

/// The value of `X-Hub-Signature-256`.
pub fn signature(secret: &str, bytes: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("an HMAC key may have any length");
    mac.update(bytes);
    format!("sha256={}", hex(&mac.finalize().into_bytes()))
}

/// The SHA-256 of bytes.
pub fn digest(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Made with Python: `json.dumps(v, separators=(",", ":")).replace("/", "\\/")`, and its hmac module.
    #[test]
    fn bytes_and_signature_are_metas() {
        let value = json!({"text": {"body": "Olá ✓ 😀 a/b \"q\""}, "n": 1.5});
        let expected = r#"{"text":{"body":"Ol\u00e1 \u2713 \ud83d\ude00 a\/b \"q\""},"n":1.5}"#;
        assert_eq!(String::from_utf8(bytes(&value)).unwrap(), expected);
        assert_eq!(serde_json::from_slice::<Value>(&bytes(&value)).unwrap(), value);
        let signed = "sha256=85aafe2dfe13b01975f87be209f432d79e981810b07632b794943da22e8d580f";
        assert_eq!(signature("emulator-app-secret", expected.as_bytes()), signed);
    }
}
