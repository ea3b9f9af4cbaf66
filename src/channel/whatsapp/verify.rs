//! Believing what claims to come from Meta: the signature over a body's raw bytes, and the word that sets an address up.

use crate::channel::whatsapp::Account;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use std::fmt::Write;
use subtle::{Choice, ConstantTimeEq};

/// The header with the signature.
pub const HEADER: &str = "x-hub-signature-256";
/// What stands before the digits in it.
const SCHEME: &str = "sha256=";
/// Letters of a signature in hexadecimal.
const HEX_CHARS: usize = 64;

/// Whether one of the secrets signed these bytes. Every secret is tried, whichever fits, and each is compared in constant
/// time; an empty secret signs nothing.
pub fn is_signed(body: &[u8], header: &str, secrets: &[SecretString]) -> bool {
    let Some(given) = header.trim().strip_prefix(SCHEME).filter(|hex| hex.len() == HEX_CHARS) else {
        return false;
    };
    let mut fits = Choice::from(0);
    for secret in secrets.iter().map(|s| s.expose_secret().trim()).filter(|s| !s.is_empty()) {
        fits |= digest(body, secret).as_bytes().ct_eq(given.as_bytes());
    }
    fits.into()
}

/// The header Meta would send with this body.
pub fn sign(body: &[u8], secret: &SecretString) -> String {
    format!("{SCHEME}{}", digest(body, secret.expose_secret().trim()))
}

/// Whether somebody who asks for this address to be set up knows the account's word. This request bears no signature.
pub fn knows_word(mode: &str, token: &str, account: &Account) -> bool {
    let word = account.verify_token.expose_secret();
    let same = word.as_bytes().ct_eq(token.as_bytes());
    mode == "subscribe" && !word.is_empty() && bool::from(same)
}

fn digest(body: &[u8], secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("an HMAC key may have any length");
    mac.update(body);
    mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::string_slice, reason = "a test may fail by panicking")]

    use super::*;
    use proptest::prelude::*;

    fn secrets(all: &[&str]) -> Vec<SecretString> {
        all.iter().map(|s| SecretString::from((*s).to_owned())).collect()
    }

    #[test]
    fn the_signature_is_the_known_one() {
        // The second test case of RFC 4231.
        let header = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let body = b"what do ya want for nothing?";
        assert_eq!(sign(body, &SecretString::from("Jefe")), header);
        assert!(is_signed(body, header, &secrets(&["Jefe"])));
        assert!(is_signed(body, header, &secrets(&["newer", "Jefe"])), "while a secret is replaced, both sign");
        assert!(!is_signed(b"what do ya want for something?", header, &secrets(&["Jefe"])));
        for bad in ["", "sha256=", &header["sha256=".len()..], &header.to_uppercase(), &header[..60], "sha1=5bdc"] {
            assert!(!is_signed(body, bad, &secrets(&["Jefe"])), "{bad}");
        }
    }

    #[test]
    fn an_empty_secret_signs_nothing() {
        for none in [&[][..], &[""], &["  "]] {
            let header = sign(b"{}", &SecretString::from(""));
            assert!(!is_signed(b"{}", &header, &secrets(none)));
        }
    }

    #[test]
    fn the_word_is_asked_for() {
        let account = Account { verify_token: "open sesame".to_owned().into(), ..Account::default() };
        assert!(knows_word("subscribe", "open sesame", &account));
        assert!(!knows_word("subscribe", "open", &account));
        assert!(!knows_word("", "open sesame", &account));
        assert!(!knows_word("subscribe", "", &Account::default()), "an account without a word is set up by nobody");
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(body: Vec<u8>, header in ".*") {
            prop_assert!(!is_signed(&body, &header, &secrets(&["secret"])));
            prop_assert!(is_signed(&body, &sign(&body, &SecretString::from("secret")), &secrets(&["x", "secret"])));
        }
    }
}
