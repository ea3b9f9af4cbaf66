//! Meta's Graph API over HTTP, for one account: sending, reading marks, files, and whatever commands ask for.

use crate::channel::BoxError;
use crate::channel::whatsapp::refusal::{self, Refusal};
use crate::channel::whatsapp::settings::{Account, GRAPH_VERSION};
use reqwest::header::{AUTHORIZATION, HeaderValue, RETRY_AFTER};
use reqwest::multipart::Form;
use reqwest::{Method, RequestBuilder, Response, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::time::Duration;

pub mod media;
#[cfg(test)]
mod tests;

/// Until the connection must stand.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Until the whole answer of a call must be here.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);
/// Longest answer of a call that is read. A page of templates takes some hundred kB.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Idle connections that are kept.
const IDLE_MAX: usize = 64;
/// What is sent as our name: Meta's file hosts refuse callers without one.
const USER_AGENT: &str = concat!("souk/", env!("CARGO_PKG_VERSION"));

/// A way to the Graph API with the rights of one account. Its token is in no error and no log.
pub struct Client {
    http: reqwest::Client,
    graph: Url,
    number: String,
    token: SecretString,
}

/// Meta took a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Its id there.
    pub id: String,
    /// The receiver's phone id, which is not always the number that was written to.
    pub wa_id: Option<String>,
    /// The receiver's business-scoped id.
    pub user_id: Option<String>,
}

/// Why a call gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It was refused.
    #[error("WhatsApp refused: {} ({})", .0.problem.text, .0.problem.code)]
    Refused(Box<Refusal>),
    /// It never left: no connection.
    #[error("WhatsApp cannot be reached; nothing was sent")]
    NotReached(#[source] BoxError),
    /// It left, and no answer came that says what became of it.
    #[error("no readable answer came from WhatsApp; whether the call was carried out is unknown")]
    Lost(#[source] BoxError),
    /// A file that is not fetched.
    #[error("the file is not fetched: {0}")]
    File(String),
}

/// Why there is no way to the API.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not an address.
    #[error("whatsapp graph_url must start with https:// (or http:// for a server of your own): {0}")]
    GraphUrl(String),
    /// A token that cannot stand in a header.
    #[error("the WhatsApp access_token holds blanks or other signs that no token has; copy it again")]
    Token,
    /// The HTTP client could not be made.
    #[error("the HTTP client for WhatsApp could not be made")]
    Client(#[source] reqwest::Error),
}

impl Client {
    /// A way to the API for an account.
    pub fn new(account: &Account) -> Result<Self, Error> {
        let given = account.graph_url.trim().trim_end_matches('/');
        let graph = Url::parse(given).ok().filter(|url| ["https", "http"].contains(&url.scheme()));
        let graph = graph.filter(Url::has_host).ok_or_else(|| Error::GraphUrl(given.chars().take(200).collect()))?;
        let token = account.access_token.expose_secret().trim();
        if !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::Token);
        }
        // Whoever comes first installs it; a second time is no error for us.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT)
            .pool_max_idle_per_host(IDLE_MAX)
            .user_agent(USER_AGENT)
            // A redirect would carry the token to whom it names.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(Error::Client)?;
        Ok(Self { http, graph, number: account.phone_number_id.clone(), token: token.into() })
    }

    /// Hands one message over. The body is whole but for `messaging_product`.
    pub async fn send(&self, mut body: Value) -> Result<Taken, Failure> {
        if let Some(body) = body.as_object_mut() {
            body.insert("messaging_product".to_owned(), json!("whatsapp"));
        }
        let answer = self.post(&format!("{}/messages", self.number), &body).await?;
        let first = |list: &str| answer.get(list).and_then(|list| list.get(0));
        let word = |of: Option<&Value>, field: &str| {
            of.and_then(|of| of.get(field)).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        // It was probably taken; news of it will tell.
        let id = word(first("messages"), "id");
        let id = id.ok_or_else(|| Failure::Lost("the answer names no message".into()))?;
        let receiver = first("contacts");
        Ok(Taken { id, wa_id: word(receiver, "wa_id"), user_id: word(receiver, "user_id") })
    }

    /// Marks a message of the shopper as read, with all before it; `typing` shows for 25 seconds that an answer is coming.
    pub async fn mark_read(&self, message: &str, typing: bool) -> Result<(), Failure> {
        let mut body = json!({"messaging_product": "whatsapp", "status": "read", "message_id": message});
        if let Some(body) = body.as_object_mut().filter(|_| typing) {
            body.insert("typing_indicator".to_owned(), json!({"type": "text"}));
        }
        self.post(&format!("{}/messages", self.number), &body).await.map(|_| ())
    }

    /// Puts a sign to a message of the shopper; an empty one takes it away. `receiver` is `to` or `recipient` with its id.
    pub async fn react(&self, receiver: (&str, &str), message: &str, emoji: &str) -> Result<Taken, Failure> {
        let mut body = json!({"type": "reaction", "reaction": {"message_id": message, "emoji": emoji}});
        if let Some(body) = body.as_object_mut() {
            body.insert(receiver.0.to_owned(), json!(receiver.1));
        }
        self.send(body).await
    }

    /// Reads: `get("1234/message_templates", &[("limit", "100")])`.
    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let response = self.authorised(Method::GET, self.url(path, query)?).send().await;
        answered(path, response).await
    }

    /// Changes, with JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        let response = self.authorised(Method::POST, self.url(path, &[])?).json(body).send().await;
        answered(path, response).await
    }

    /// Changes, with a form that carries a file.
    pub async fn post_form(&self, path: &str, form: Form) -> Result<Value, Failure> {
        let request = self.authorised(Method::POST, self.url(path, &[])?);
        answered(path, request.multipart(form).send().await).await
    }

    /// Takes away.
    pub async fn delete(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let response = self.authorised(Method::DELETE, self.url(path, query)?).send().await;
        answered(path, response).await
    }

    /// Meta's id of the number this account sends from.
    pub fn number(&self) -> &str {
        &self.number
    }

    fn url(&self, path: &str, query: &[(&str, &str)]) -> Result<Url, Failure> {
        let mut url = self.graph.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        // Set as a path, so that no id can name another host.
        url.set_path(&format!("{base}/{GRAPH_VERSION}/{}", path.trim_start_matches('/')));
        if !query.is_empty() {
            let query = serde_urlencoded::to_string(query).map_err(|error| Failure::NotReached(error.into()))?;
            url.set_query(Some(&query));
        }
        Ok(url)
    }

    fn authorised(&self, method: Method, url: Url) -> RequestBuilder {
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", self.token.expose_secret()))
            .unwrap_or_else(|_| HeaderValue::from_static("Bearer"));
        bearer.set_sensitive(true);
        self.http.request(method, url).header(AUTHORIZATION, bearer)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("graph", &self.graph.as_str()).field("number", &self.number).finish()
    }
}

fn failed(error: reqwest::Error) -> Failure {
    // Only before the connection stands is it sure that nothing left. The address may hold ids: it is no part of the error.
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        Failure::NotReached(error.into())
    } else {
        Failure::Lost(error.into())
    }
}

async fn answered(path: &str, response: Result<Response, reqwest::Error>) -> Result<Value, Failure> {
    let response = response.map_err(failed)?;
    let status = response.status();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = read(response, ANSWER_BYTES_MAX).await?;
    let last = path.rsplit('/').next().unwrap_or_default();
    if status.is_success() {
        tracing::debug!(last, status = status.as_u16(), "WhatsApp answered");
        return serde_json::from_slice(&body).map_err(|_| Failure::Lost("the answer is not JSON".into()));
    }
    let Some(refusal) = refusal::read(status.as_u16(), retry_after.as_deref(), &body) else {
        return Err(Failure::Lost(format!("HTTP status {status} without a reason").into()));
    };
    tracing::warn!(
        last,
        status = status.as_u16(),
        code = refusal.problem.code,
        trace = %refusal.trace,
        "WhatsApp refused a call"
    );
    Err(Failure::Refused(Box::new(refusal)))
}

async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > most {
            return Err(Failure::Lost(format!("the answer is longer than {most} bytes").into()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
