//! Any endpoint that speaks Chat Completions or Responses: OpenAI itself, a gateway, or a llama.cpp in the cellar.

mod action;
mod chat;
mod endpoint;
mod exchange;
mod read;
mod refusal;
mod responses;
mod speech;
mod spoken;
mod talk;

pub use endpoint::Error as SettingsError;
pub use talk::REMARK_MARK;
pub use talk::RESULT_MARK;
pub use talk::STATE_MARK;

use crate::llm::Answer;
use crate::llm::ChatModel;
use crate::llm::Codec;
use crate::llm::Error;
use crate::llm::Request;
use crate::llm::Settings;
use crate::llm::price::Prices;
use async_openai::config::Config;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use async_openai::traits::RequestOptionsBuilder;
use endpoint::Endpoint;
use secrecy::ExposeSecret;
use serde_json::Value;
use std::time::Duration;

/// How long [`OpenAi::probe`] waits.
const PROBE_WAIT_MAX: Duration = Duration::from_secs(10);

/// A model behind an OpenAI-compatible endpoint.
pub struct OpenAi {
    settings: Settings,
    endpoint: Endpoint,
    prices: Option<Prices>,
    http: reqwest::Client,
    client: async_openai::Client<Endpoint>,
}

impl OpenAi {
    /// Checks the settings; sends nothing yet.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let endpoint = Endpoint::new(settings)?;
        let prices = settings.prices()?;
        let http = exchange::client().map_err(SettingsError::Client)?;
        let (sender, key) = (http.clone(), endpoint.api_key().clone());
        // A transport of our own: the library's would sleep as long as a `Retry-After` says, forget the status of
        // refusals with an unusual body, read bodies without end and log them.
        let service = tower::service_fn(move |request: HttpRequestFactory| {
            let (sender, key) = (sender.clone(), key.clone());
            async move {
                let body = exchange::exchange(&sender, request.build().await?, key.expose_secret()).await;
                body.map(|body| reqwest::Response::from(http::Response::new(body))).map_err(boxed)
            }
        });
        let client = async_openai::Client::build(http.clone(), endpoint.clone()).with_http_service(service);
        Ok(Self { settings: settings.clone(), endpoint, prices, http, client })
    }

    /// Asks for the list of models: whether the endpoint answers, and whether it has the configured one.
    pub async fn probe(&self) -> Result<String, Error> {
        let request = self.http.get(self.endpoint.url("/models")).headers(self.endpoint.headers()).build();
        let request = request.map_err(|error| Error::Rejected(error.into()))?;
        let exchange = exchange::exchange(&self.http, request, self.endpoint.api_key().expose_secret());
        let body = tokio::time::timeout(PROBE_WAIT_MAX, exchange).await;
        let body = body.map_err(|_| Error::TimedOut(PROBE_WAIT_MAX))??;
        let body: Value = serde_json::from_slice(&body).map_err(|error| Error::Unreadable(error.into()))?;
        let models = body.get("data").or_else(|| body.get("models")).unwrap_or(&body);
        let models = models.as_array().ok_or_else(|| Error::Unreadable("no list of models".into()))?;
        let model = self.settings.model.trim();
        let listed = models.iter().any(|listed| {
            ["id", "name", "model"].iter().any(|field| listed.get(field).is_some_and(|name| name == model))
        });
        let host = self.endpoint.host();
        Ok(match listed {
            true => format!("{host} is reachable and lists {model}"),
            false => format!("{host} is reachable, but {model} is not among its {} models", models.len()),
        })
    }

    async fn once(&self, request: &Request) -> Result<Answer, Error> {
        let (path, body) = match self.settings.codec {
            Codec::Chat => (chat::PATH, chat::body(&self.settings, request)),
            Codec::Responses => (responses::PATH, responses::body(&self.settings, request)),
        };
        let body = self.post(path, &body).await?;
        let raw = match self.settings.codec {
            Codec::Chat => chat::read(&body),
            Codec::Responses => responses::read(&body),
        }?;
        let mut answer = read::answer(raw, self.settings.answers, request)?;
        if answer.model.is_empty() {
            answer.model = self.settings.model.trim().to_owned();
        }
        answer.endpoint = self.endpoint.host().to_owned();
        answer.cost = self.prices.map(|prices| prices.price(answer.usage));
        answer.attempts = 1;
        Ok(answer)
    }

    /// Sends a body of our own, through the library's one call that takes any: its feature for Responses is 8,000 lines
    /// of derived types that compile four times as long as all the rest of it, and none of them would be used.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, Error> {
        let chat = self.client.chat().path(path).map_err(unboxed)?;
        let answer: Result<Value, OpenAIError> = chat.create_byot(body).await;
        let answer = answer.map_err(unboxed)?;
        match refusal::in_success(&answer, self.endpoint.api_key().expose_secret()) {
            Some(error) => Err(error),
            None => Ok(answer),
        }
    }
}

#[async_trait::async_trait]
impl ChatModel for OpenAi {
    fn name(&self) -> String {
        format!("{} at {}", self.settings.model.trim(), self.endpoint.host())
    }

    fn is_language_model(&self) -> bool {
        true
    }

    fn is_small(&self) -> bool {
        self.settings.small
    }

    /// One request and no other: who asks again, and whom, is decided in [`crate::llm::endpoints`].
    async fn answer(&self, request: &Request) -> Result<Answer, Error> {
        let deadline = Duration::from_secs(self.settings.answer_seconds_max);
        match tokio::time::timeout(deadline, self.once(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(Error::TimedOut(deadline)),
        }
    }
}

fn boxed(error: Error) -> OpenAIError {
    OpenAIError::Boxed(Box::new(error))
}

/// Our own error out of the library's. Of the library's own kinds none carries a body here: the transport has read
/// every body before.
fn unboxed(error: OpenAIError) -> Error {
    match error {
        OpenAIError::Boxed(error) => match error.downcast::<Error>() {
            Ok(error) => *error,
            Err(error) => Error::Unreadable(error),
        },
        OpenAIError::Reqwest(error) => Error::Busy { retry_after: None, source: error.into() },
        OpenAIError::JSONDeserialize(error, _) => Error::Unreadable(error.into()),
        error => Error::Rejected(error.into()),
    }
}

#[cfg(test)]
mod tests;
