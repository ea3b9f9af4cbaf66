//! Any endpoint that speaks Chat Completions: OpenAI itself, a gateway, or a llama.cpp in the cellar.

mod endpoint;
mod exchange;
mod read;
mod refusal;
mod spoken;
mod wire;

pub use endpoint::Error as SettingsError;
pub use wire::REMARK_MARK;
pub use wire::STATE_MARK;

use crate::llm::Answer;
use crate::llm::ChatModel;
use crate::llm::Error;
use crate::llm::Request;
use crate::llm::Settings;
use async_openai::config::Config;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use endpoint::Endpoint;
use secrecy::ExposeSecret;
use serde_json::Value;
use std::time::Duration;

/// The wait before the one retry when the endpoint names none.
const RETRY_WAIT: Duration = Duration::from_millis(300);
/// An endpoint that asks for a longer wait is not asked again within the turn.
const RETRY_WAIT_MAX: Duration = Duration::from_secs(2);
/// How long [`OpenAi::probe`] waits.
const PROBE_WAIT_MAX: Duration = Duration::from_secs(10);

/// A model behind an OpenAI-compatible endpoint.
pub struct OpenAi {
    settings: Settings,
    endpoint: Endpoint,
    http: reqwest::Client,
    client: async_openai::Client<Endpoint>,
}

impl OpenAi {
    /// Checks the settings; sends nothing yet.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let endpoint = Endpoint::new(settings)?;
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
        Ok(Self { settings: settings.clone(), endpoint, http, client })
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

    /// Asks, and asks once more when that may help and the wait is short.
    async fn patiently(&self, request: &Request) -> Result<Answer, Error> {
        let body = wire::body(&self.settings, request);
        match self.once(&body, request).await {
            Err(Error::Busy { retry_after, source }) => {
                let wait = retry_after.unwrap_or(RETRY_WAIT);
                if wait > RETRY_WAIT_MAX {
                    return Err(Error::Busy { retry_after, source });
                }
                tracing::warn!(host = self.endpoint.host(), ?wait, "the model endpoint is busy; asking once more");
                tokio::time::sleep(wait).await;
                self.once(&body, request).await
            }
            answer => answer,
        }
    }

    async fn once(&self, body: &Value, request: &Request) -> Result<Answer, Error> {
        let answer: Result<Value, OpenAIError> = self.client.chat().create_byot(body).await;
        let answer = answer.map_err(unboxed)?;
        match refusal::in_success(&answer, self.endpoint.api_key().expose_secret()) {
            Some(error) => Err(error),
            None => read::answer(&answer, request),
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

    async fn answer(&self, request: &Request) -> Result<Answer, Error> {
        let deadline = Duration::from_secs(self.settings.answer_seconds_max);
        match tokio::time::timeout(deadline, self.patiently(request)).await {
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
