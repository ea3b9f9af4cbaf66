//! Links to an order's page. Whoever has one sees the order, so it is signed, it ends, and it is made in one place.

use crate::app::{App, secret};
use crate::checkout::Error;
use crate::domain::order::Order;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{Span, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use std::fmt::Write;
use subtle::{Choice, ConstantTimeEq};

/// The file of the data folder that holds the keys, unless the settings name some.
pub const KEY_FILE: &str = "order-links.key";
/// Longest link that is looked at; ours have about 80 characters.
const LINK_CHARS_MAX: usize = 200;
/// Bytes of the signature that are kept: 160 bits, as many as the token has.
const SEAL_BYTES: usize = 20;

/// Why a link opens nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// It was ours, but its time is over.
    Expired,
    /// It was never ours.
    Wrong,
}

/// The address of an order's page, good from now for as long as the settings say.
pub fn url(app: &App, order: &Order) -> Result<String, Error> {
    let until = app.after(Span::new().hours(i64::from(app.config.orders.link_days).saturating_mul(24)));
    let keys = keys(app)?;
    let key = keys.first().ok_or_else(|| Error::Missing("the key of order links".to_owned()))?;
    Ok(format!("{}/orders/{}", app.public_url, seal(key, app.shop.as_str(), &order.token, until)))
}

/// The token in a link's last part, when the link is ours and still good.
pub fn open(app: &App, text: &str) -> Result<Result<String, Refused>, Error> {
    Ok(unseal(&keys(app)?, app.shop.as_str(), text, app.now()))
}

fn keys(app: &App) -> Result<Vec<SecretString>, Error> {
    let set = &app.config.orders.link_secrets;
    if !set.is_empty() {
        return Ok(set.clone());
    }
    let kept = secret::kept(&app.data.join(KEY_FILE), app.ids.as_ref()).map_err(Error::Secret)?;
    Ok(kept.into_iter().map(SecretString::from).collect())
}

fn seal(key: &SecretString, shop: &str, token: &str, until: Timestamp) -> String {
    let until = format!("{:x}", until.as_second().max(0));
    let signature = signature(key, shop, token, &until);
    format!("{token}.{until}.{signature}")
}

fn unseal(keys: &[SecretString], shop: &str, text: &str, now: Timestamp) -> Result<String, Refused> {
    if text.len() > LINK_CHARS_MAX {
        return Err(Refused::Wrong);
    }
    let mut parts = text.split('.');
    let (Some(token), Some(until), Some(given), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(Refused::Wrong);
    };
    // Every key is tried, so that the time taken says nothing about which one fits.
    let fits = keys.iter().fold(Choice::from(0), |fits, key| {
        fits | signature(key, shop, token, until).as_bytes().ct_eq(given.as_bytes())
    });
    if !bool::from(fits) {
        return Err(Refused::Wrong);
    }
    match i64::from_str_radix(until, 16) {
        Ok(until) if until > now.as_second() => Ok(token.to_owned()),
        _ => Err(Refused::Expired),
    }
}

fn signature(key: &SecretString, shop: &str, token: &str, until: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()).expect("an HMAC key may have any length");
    // No part may hold the sign that parts them, so that two different links never sign the same text.
    for part in ["order link", shop, token, until] {
        mac.update(part.replace('\n', " ").as_bytes());
        mac.update(b"\n");
    }
    mac.finalize().into_bytes().iter().take(SEAL_BYTES).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(texts: &[&str]) -> Vec<SecretString> {
        texts.iter().map(|t| SecretString::from(*t)).collect()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    #[test]
    fn a_link_opens_its_own_order_in_its_own_shop_until_it_ends() {
        let key = keys(&["first"]);
        let link = seal(&key[0], "fjellheim", "token-of-one", at(1_000));
        // Made with Python's hmac module from the same parts.
        assert_eq!(link, "token-of-one.3e8.7c36418efa760e4c1658cc2373cf1a7188d175f4");
        assert_eq!(unseal(&key, "fjellheim", &link, at(999)), Ok("token-of-one".to_owned()));
        assert_eq!(unseal(&key, "fjellheim", &link, at(1_000)), Err(Refused::Expired));
        assert_eq!(unseal(&key, "another", &link, at(999)), Err(Refused::Wrong));
        assert_eq!(unseal(&keys(&["second"]), "fjellheim", &link, at(999)), Err(Refused::Wrong));
        assert_eq!(unseal(&[], "fjellheim", &link, at(999)), Err(Refused::Wrong));
        // A signature belongs to one order and one end.
        let (_, signature) = link.rsplit_once('.').expect("three parts");
        for other in ["token-of-two.3e8", "token-of-one.fff", "token-of-one.3e9"] {
            assert_eq!(unseal(&key, "fjellheim", &format!("{other}.{signature}"), at(999)), Err(Refused::Wrong));
        }
        // An end that is over is told only to who holds a link of ours.
        assert_eq!(unseal(&key, "fjellheim", "token-of-one.1.00", at(999)), Err(Refused::Wrong));
    }

    #[test]
    fn an_old_key_is_good_while_it_is_listed() {
        let old = seal(&keys(&["old"])[0], "s", "token", at(1_000));
        assert_eq!(unseal(&keys(&["new", "old"]), "s", &old, at(1)), Ok("token".to_owned()));
        assert_eq!(unseal(&keys(&["new"]), "s", &old, at(1)), Err(Refused::Wrong));
    }

    proptest! {
        #[test]
        fn a_changed_link_is_wrong(at_byte in 0usize..60, with in any::<char>()) {
            let key = keys(&["key"]);
            let link = seal(&key[0], "s", "0123456789abcdefghjk", at(2_000_000_000));
            let mut chars: Vec<char> = link.chars().collect();
            prop_assume!(chars[at_byte] != with);
            chars[at_byte] = with;
            let changed: String = chars.into_iter().collect();
            prop_assert_eq!(unseal(&key, "s", &changed, at(1)), Err(Refused::Wrong));
        }

        #[test]
        fn anything_may_be_sent(text in "\\PC*", now in 0i64..4_000_000_000) {
            prop_assert_eq!(unseal(&keys(&["key"]), "s", &text, at(now)), Err(Refused::Wrong));
        }
    }
}
