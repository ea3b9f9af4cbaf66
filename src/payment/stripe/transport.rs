//! How a call reaches Stripe's API: over HTTP, or into anything else that answers like it.

use crate::payment::BoxError;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// The version every call asks for. `wire.rs` writes requests for exactly this one: from `endive` on, payment methods
/// are chosen with `allowed_payment_method_types`.
pub const API_VERSION: &str = "2026-09-30.endive";

/// Until the connection must stand.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Until the whole answer must be here.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(20);
/// Longest answer that is read. A session takes about 6 kB, a list has a hundred; a dispute may carry its evidence.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Longest request id that is kept.
const REQUEST_ID_CHARS_MAX: usize = 100;
/// Longest key that is believed to be one.
const KEY_BYTES_MAX: usize = 300;

/// Something that answers like Stripe's API.
#[async_trait::async_trait]
pub trait Transport: Send + Sync {
    /// Carries one call. An error means that no whole answer came back: whether the call was carried out is unknown.
    async fn send(&self, call: Call) -> Result<Raw, BoxError>;
}

/// What a call does to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Changes.
    Post,
}

/// One call of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Reading or changing.
    pub method: Method,
    /// Such as `/v1/checkout/sessions`.
    pub path: String,
    /// Parameters: the body of a POST, the query of a GET.
    pub form: Vec<(String, String)>,
    /// The same key with the same parameters gives the same answer, and acts once.
    pub idempotency_key: Option<String>,
}

/// An answer, not yet read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// HTTP status.
    pub status: u16,
    /// JSON, if all is well.
    pub body: Vec<u8>,
    /// Stripe's name of the request, for its support.
    pub request_id: String,
}

/// Whether a key moves real money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Test cards only.
    Test,
    /// Real money.
    Live,
}

/// Why there is no way to the API.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not a secret or restricted key.
    #[error("the Stripe key must start with sk_test_, rk_test_, sk_live_ or rk_live_ and have no blanks inside")]
    Key,
    /// Not an address.
    #[error("the payment base_url must start with https:// (or http:// for a server of your own): {0}")]
    BaseUrl(String),
    /// The HTTP client could not be made.
    #[error("the HTTP client for payments could not be made")]
    Client(#[source] reqwest::Error),
}

/// Reads from a key whether it moves real money. The key's text is in no error.
pub fn key_mode(key: &SecretString) -> Result<Mode, Error> {
    let key = key.expose_secret().trim();
    if key.len() > KEY_BYTES_MAX || !key.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Error::Key);
    }
    let starts =
        |prefixes: [&str; 2]| prefixes.iter().any(|p| key.strip_prefix(p).is_some_and(|rest| !rest.is_empty()));
    match () {
        () if starts(["sk_test_", "rk_test_"]) => Ok(Mode::Test),
        () if starts(["sk_live_", "rk_live_"]) => Ok(Mode::Live),
        () => Err(Error::Key),
    }
}

/// Stripe's API over HTTP, with pooled connections.
#[derive(Debug)]
pub struct Http {
    client: reqwest::Client,
    base_url: String,
}

impl Http {
    /// A way to the API at `base_url`, with this key.
    pub fn new(base_url: &str, key: &SecretString) -> Result<Self, Error> {
        key_mode(key)?;
        let base_url = base_url.trim().trim_end_matches('/');
        if !base_url.starts_with("https://") && !base_url.starts_with("http://") {
            return Err(Error::BaseUrl(base_url.chars().take(200).collect()));
        }
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {}", key.expose_secret().trim())).map_err(|_| Error::Key)?;
        bearer.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert(reqwest::header::AUTHORIZATION, bearer);
        headers.insert("stripe-version", HeaderValue::from_static(API_VERSION));
        // Whoever comes first installs it; a second time is no error for us.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .default_headers(headers)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Error::Client)?;
        Ok(Self { client, base_url: base_url.to_owned() })
    }

    fn request(&self, call: &Call) -> Result<reqwest::RequestBuilder, BoxError> {
        let parameters = serde_urlencoded::to_string(&call.form)?;
        let url = format!("{}{}", self.base_url, call.path);
        let mut request = match call.method {
            Method::Get if parameters.is_empty() => self.client.get(url),
            Method::Get => self.client.get(format!("{url}?{parameters}")),
            Method::Post => {
                self.client.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(parameters)
            }
        };
        if let Some(key) = &call.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        Ok(request)
    }
}

#[async_trait::async_trait]
impl Transport for Http {
    async fn send(&self, call: Call) -> Result<Raw, BoxError> {
        let mut response = self.request(&call)?.send().await?;
        let status = response.status().as_u16();
        let request_id = response
            .headers()
            .get("request-id")
            .and_then(|id| id.to_str().ok())
            .map_or_else(String::new, |id| id.chars().take(REQUEST_ID_CHARS_MAX).collect());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            // An answer this long is not Stripe's. It stays cut, so that it is taken for unreadable, not for missing.
            let room = ANSWER_BYTES_MAX.saturating_sub(body.len());
            body.extend(chunk.iter().take(room));
            if chunk.len() > room {
                break;
            }
        }
        tracing::debug!(path = %call.path, status, %request_id, "the payment provider answered");
        Ok(Raw { status, body, request_id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mode_is_read_from_the_key() {
        let mode = |key: &str| key_mode(&SecretString::from(key)).ok();
        assert_eq!(mode(" sk_test_1\n"), Some(Mode::Test));
        assert_eq!(mode("rk_test_1"), Some(Mode::Test));
        assert_eq!(mode("sk_live_1"), Some(Mode::Live));
        assert_eq!(mode("rk_live_1"), Some(Mode::Live));
        for bad in ["", "pk_test_1", "sk_test_", "sk_test_1 2", "whsec_1", "sk_test_é"] {
            assert_eq!(mode(bad), None, "{bad} was taken for a key");
        }
    }

    #[test]
    fn an_error_never_holds_the_key() {
        let error = Http::new("https://api.stripe.com", &SecretString::from("pk_live_secret")).expect_err("refused");
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}
