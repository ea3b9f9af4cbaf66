//! Where the endpoint is and how to greet it: settings checked once, so that no request can panic over them.

use crate::llm::Settings;
use async_openai::config::Config;
use http::HeaderMap;
use http::HeaderValue;
use http::header;
use reqwest::Url;
use secrecy::ExposeSecret;
use secrecy::SecretString;

/// Bytes a key may have.
const KEY_BYTES_MAX: usize = 4096;
/// Bytes a model's name may have.
const MODEL_BYTES_MAX: usize = 200;
/// Seconds an answer may be waited for at most, whatever the settings say.
const ANSWER_SECONDS_MAX: u64 = 600;
/// Requests at the same time at most.
const CONCURRENT_MAX: u32 = 1000;
/// Requests for one answer at most.
const TRIES_MAX: u32 = 5;
/// Seconds an endpoint is left alone at most.
const REST_SECONDS_MAX: u64 = 3600;
/// The two names under which endpoints know the limit on answered tokens.
const TOKEN_FIELDS: [&str; 2] = ["max_tokens", "max_completion_tokens"];

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not an http(s) address.
    #[error("llm.base_url must be an http or https address such as http://127.0.0.1:8093/v1")]
    Address,
    /// A query, a fragment or a password in the address.
    #[error("llm.base_url must hold no user, password, query or fragment; the key belongs in llm.api_key")]
    AddressParts,
    /// A key that cannot be a header.
    #[error("llm.api_key holds characters that no key can have, such as a line break")]
    Key,
    /// No model, or an odd one.
    #[error("llm.model must name a model of the endpoint, in at most {MODEL_BYTES_MAX} bytes")]
    Model,
    /// A limit without sense.
    #[error("llm.{0} is out of range")]
    Range(&'static str),
    /// An unknown name of the limit.
    #[error("llm.token_field must be max_tokens or max_completion_tokens")]
    TokenField,
    /// A fallback of a fallback.
    #[error("llm.fallback has no fallback of its own")]
    Fallback,
    /// A price that is none.
    #[error("{0}")]
    Price(#[from] crate::llm::price::Error),
    /// The HTTP client could not be made.
    #[error("the HTTP client for the model endpoint could not be made")]
    Client(#[source] reqwest::Error),
}

/// An endpoint with its key. Our own [`Config`], because the library's reads key, organisation and project from the
/// environment, and one shop's key must not reach another shop's endpoint.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    base: String,
    host: String,
    key: SecretString,
    headers: HeaderMap,
}

impl Endpoint {
    /// Checks everything in the settings, so that later nothing has to be.
    pub(super) fn new(settings: &Settings) -> Result<Self, Error> {
        check(settings)?;
        let base = settings.base_url.trim().trim_end_matches('/');
        let url = Url::parse(base).map_err(|_| Error::Address)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Error::Address);
        }
        let bare = url.username().is_empty() && url.password().is_none();
        if !bare || url.query().is_some() || url.fragment().is_some() {
            return Err(Error::AddressParts);
        }
        let host = url.host_str().ok_or(Error::Address)?;
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let key = settings.api_key.expose_secret().trim();
        Ok(Self { base: base.to_owned(), host, headers: greeting(key)?, key: SecretString::from(key) })
    }

    /// Host, and port when it is not the usual one.
    pub(super) fn host(&self) -> &str {
        &self.host
    }
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

fn check(settings: &Settings) -> Result<(), Error> {
    let model = settings.model.trim();
    if model.is_empty() || model.len() > MODEL_BYTES_MAX || model.chars().any(char::is_control) {
        return Err(Error::Model);
    }
    if settings.answer_tokens_max == 0 {
        return Err(Error::Range("answer_tokens_max"));
    }
    if !(1..=ANSWER_SECONDS_MAX).contains(&settings.answer_seconds_max) {
        return Err(Error::Range("answer_seconds_max"));
    }
    if !(1..=CONCURRENT_MAX).contains(&settings.concurrent_max) {
        return Err(Error::Range("concurrent_max"));
    }
    if !(1..=TRIES_MAX).contains(&settings.tries_max) {
        return Err(Error::Range("tries_max"));
    }
    if settings.failures_max == 0 {
        return Err(Error::Range("failures_max"));
    }
    if !(1..=REST_SECONDS_MAX).contains(&settings.rest_seconds) {
        return Err(Error::Range("rest_seconds"));
    }
    if settings.temperature.is_some_and(|degree| !(0.0..=2.0).contains(&degree)) {
        return Err(Error::Range("temperature"));
    }
    if !TOKEN_FIELDS.contains(&settings.token_field.as_str()) {
        return Err(Error::TokenField);
    }
    settings.prices()?;
    Ok(())
}

/// No key, no header: some servers refuse an empty `Bearer`.
fn greeting(key: &str) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    if key.is_empty() {
        return Ok(headers);
    }
    if key.len() > KEY_BYTES_MAX || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::Key);
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| Error::Key)?;
    value.set_sensitive(true);
    headers.insert(header::AUTHORIZATION, value);
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::Endpoint;
    use super::Error;
    use crate::llm::Settings;
    use async_openai::config::Config;
    use proptest::prelude::proptest;
    use secrecy::SecretString;

    fn settings(base_url: &str, key: &str) -> Settings {
        let (base_url, api_key) = (base_url.to_owned(), SecretString::from(key));
        Settings { base_url, api_key, model: "m".to_owned(), ..Settings::default() }
    }

    #[test]
    fn trims_address_and_key() {
        let endpoint = Endpoint::new(&settings(" http://127.0.0.1:8093/v1// ", " k-1\n")).unwrap();
        assert_eq!(endpoint.url("/chat/completions"), "http://127.0.0.1:8093/v1/chat/completions");
        assert_eq!(endpoint.host(), "127.0.0.1:8093");
        assert_eq!(endpoint.headers()["authorization"], "Bearer k-1");
        assert!(!format!("{endpoint:?}").contains("k-1"), "the key must not be printed");
    }

    #[test]
    fn without_a_key_sends_none() {
        assert!(Endpoint::new(&settings("https://llm.example/v1", " ")).unwrap().headers().is_empty());
    }

    #[test]
    fn refuses_what_could_fail_later() {
        let refused = |base: &str, key: &str| Endpoint::new(&settings(base, key)).unwrap_err();
        assert!(matches!(refused("https://llm.example/v1", "a\nb"), Error::Key));
        assert!(matches!(refused("https://llm.example/v1", "schlüssel"), Error::Key));
        assert!(matches!(refused("llm.example/v1", ""), Error::Address));
        assert!(matches!(refused("", ""), Error::Address));
        assert!(matches!(refused("file:///etc/passwd", ""), Error::Address));
        assert!(matches!(refused("https://me:word@llm.example/v1", ""), Error::AddressParts));
        assert!(matches!(refused("https://llm.example/v1?key=1", ""), Error::AddressParts));
        let odd = |change: fn(&mut Settings)| {
            let mut settings = settings("https://llm.example/v1", "");
            change(&mut settings);
            Endpoint::new(&settings).unwrap_err()
        };
        assert!(matches!(odd(|s| s.model = " ".to_owned()), Error::Model));
        assert!(matches!(odd(|s| s.token_field = "messages".to_owned()), Error::TokenField));
        assert!(matches!(odd(|s| s.answer_seconds_max = 0), Error::Range("answer_seconds_max")));
        assert!(matches!(odd(|s| s.answer_tokens_max = 0), Error::Range("answer_tokens_max")));
        assert!(matches!(odd(|s| s.concurrent_max = 0), Error::Range("concurrent_max")));
        assert!(matches!(odd(|s| s.tries_max = 0), Error::Range("tries_max")));
        assert!(matches!(odd(|s| s.input_price = "1,2".to_owned()), Error::Price(_)));
        assert!(matches!(odd(|s| s.temperature = Some(f32::NAN)), Error::Range("temperature")));
    }

    proptest! {
        #[test]
        fn survives_any_settings(base in ".{0,40}", key in ".{0,40}") {
            let _ = Endpoint::new(&settings(&base, &key)).map(|endpoint| endpoint.headers());
        }
    }
}
