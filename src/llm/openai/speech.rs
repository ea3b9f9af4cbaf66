//! What was said in a recording: `/audio/transcriptions`, which servers of many makers speak.

use crate::llm::Error;
use crate::llm::openai::OpenAi;
use crate::llm::openai::exchange;
use crate::llm::speech::Speech;
use async_openai::config::Config;
use reqwest::multipart::Form;
use reqwest::multipart::Part;
use secrecy::ExposeSecret;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// How long a transcription may take.
const WAIT_MAX: Duration = Duration::from_secs(30);

#[async_trait::async_trait]
impl Speech for OpenAi {
    async fn transcribe(&self, bytes: Arc<[u8]>, mime: &str, name: &str) -> Result<String, Error> {
        let heard = async {
            let rejected = |error: reqwest::Error| Error::Rejected(error.without_url().into());
            let file = Part::bytes(bytes.to_vec()).file_name(name.to_owned()).mime_str(mime).map_err(rejected)?;
            let form = Form::new()
                .text("model", self.settings.transcription_model.trim().to_owned())
                .text("response_format", "json")
                .part("file", file);
            let request = self
                .http
                .post(self.endpoint.url("/audio/transcriptions"))
                .headers(self.endpoint.headers())
                .multipart(form)
                .build()
                .map_err(rejected)?;
            let body = exchange::exchange(&self.http, request, self.endpoint.api_key().expose_secret()).await?;
            let body: Value = serde_json::from_slice(&body).map_err(|error| Error::Unreadable(error.into()))?;
            match body.get("text").and_then(Value::as_str) {
                Some(text) => Ok(text.trim().to_owned()),
                None => Err(Error::Unreadable("the transcription has no text".into())),
            }
        };
        tokio::time::timeout(WAIT_MAX, heard).await.map_err(|_| Error::TimedOut(WAIT_MAX))?
    }
}
