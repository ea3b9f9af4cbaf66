//! Who is in front of the web chat: a cookie nobody can guess, and how fast it may write.

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

/// The cookie's name.
const COOKIE: &str = "souk_session";
/// How long a browser keeps it: a year.
const SECONDS: u32 = 31_536_000;
/// Length of the secret; anything else is not ours.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 20..=64;
/// Sessions whose pace is remembered.
const PACED_MAX: usize = 10_000;

/// A cookie's value by name.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The session's alias: a hash, so that what the database holds does not open a conversation.
pub fn alias(headers: &HeaderMap) -> Option<String> {
    let secret = cookie(headers, COOKIE)?;
    let plain = secret.chars().all(|c| c.is_ascii_alphanumeric());
    (SECRET_CHARS.contains(&secret.len()) && plain).then(|| hash(secret))
}

/// The alias of a secret.
pub fn hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A header that gives a browser its session. Over https it also works inside another site's frame.
pub fn set_cookie(secret: &str, public_url: &str) -> String {
    let site = if public_url.starts_with("https://") { "SameSite=None; Secure; Partitioned" } else { "SameSite=Lax" };
    format!("{COOKIE}={secret}; Path=/; Max-Age={SECONDS}; HttpOnly; {site}")
}

/// How often each session wrote in the current minute.
#[derive(Debug)]
pub struct Pace {
    per_minute: u32,
    written: Mutex<HashMap<String, (i64, u32)>>,
}

impl Pace {
    /// So many messages a minute.
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute, written: Mutex::new(HashMap::new()) }
    }

    /// Counts a message; false when it is one too many.
    pub fn allows(&self, alias: &str, now: Timestamp) -> bool {
        let minute = now.as_second() / 60;
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.len() >= PACED_MAX {
            written.retain(|_, (at, _)| *at == minute);
        }
        let entry = written.entry(alias.to_owned()).or_insert((minute, 0));
        if entry.0 != minute {
            *entry = (minute, 0);
        }
        entry.1 += 1;
        entry.1 <= self.per_minute
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_secret_of_ours_is_a_session() {
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, value.parse().unwrap());
            alias(&headers)
        };
        let secret = "0123456789abcdefghjkmnpqrstvwxyz";
        assert_eq!(with(&format!("a=b; souk_session={secret}")), Some(hash(secret)));
        assert_eq!(with("souk_session=short"), None);
        assert_eq!(with(&format!("souk_session={secret}%00")), None);
        assert_eq!(with(&format!("other={secret}")), None);
        assert_ne!(hash(secret), hash("0123456789abcdefghjkmnpqrstvwxyy"));
    }

    #[test]
    fn a_fast_writer_waits_for_the_next_minute() {
        let pace = Pace::new(2);
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(pace.allows("a", at(0)) && pace.allows("a", at(1)) && !pace.allows("a", at(2)));
        assert!(pace.allows("b", at(2)) && pace.allows("a", at(60)));
    }
}
