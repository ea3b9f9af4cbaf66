//! One request out, one bounded answer back, and nothing of either in a log.

use crate::llm::Error;
use crate::llm::openai::refusal;
use http::HeaderMap;
use reqwest::Client;
use reqwest::Request;
use std::time::Duration;

/// Bytes of an answer that are read; more is no answer.
pub(super) const BODY_BYTES_MAX: usize = 2_000_000;
/// How long a connection may take to stand.
const CONNECT_WAIT_MAX: Duration = Duration::from_secs(3);
/// Idle connections are closed before the usual server closes them under our hands.
const IDLE_MAX: Duration = Duration::from_secs(20);

/// A client that follows no redirect: it would carry the conversation to where nobody sent it.
///
/// It has no time limit for the whole answer; the caller's deadline covers the retry as well.
pub(super) fn client() -> Result<Client, reqwest::Error> {
    // The first one to install a provider wins, and all of this program install the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .connect_timeout(CONNECT_WAIT_MAX)
        .pool_idle_timeout(IDLE_MAX)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("souk/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Sends a request and reads the JSON of a success.
pub(super) async fn exchange(client: &Client, request: Request, key: &str) -> Result<Vec<u8>, Error> {
    let response = client.execute(request).await.map_err(unreachable)?;
    let (status, headers): (_, HeaderMap) = (response.status(), response.headers().clone());
    let body = read(response).await;
    if !status.is_success() {
        // Even without its body a refusal says enough.
        return Err(refusal::classify(status, &headers, &body.unwrap_or_default(), key));
    }
    let body = body?;
    // Checked here because the library writes a body that it cannot parse to the log, with the shopper's words in it.
    match serde_json::from_slice::<serde_json::Value>(&body) {
        Ok(_) => Ok(body),
        Err(error) => Err(Error::Unreadable(error.into())),
    }
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Error::Unreadable(error.without_url().into()))? {
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(Error::Unreadable(format!("the answer has more than {BODY_BYTES_MAX} bytes").into()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Nothing came back at all.
fn unreachable(error: reqwest::Error) -> Error {
    if error.is_builder() {
        return Error::Rejected(error.into());
    }
    Error::Busy { retry_after: None, source: error.into() }
}
