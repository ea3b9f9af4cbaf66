//! Hearing: from a recording to the words that were said in it.

use crate::llm::Error;
use crate::llm::Settings;
use crate::llm::openai::{OpenAi, SettingsError};
use std::sync::Arc;

/// Something that writes down what is said in a recording.
#[async_trait::async_trait]
pub trait Speech: Send + Sync {
    /// The words of a recording, in the language that was spoken; may be empty.
    async fn transcribe(&self, bytes: Arc<[u8]>, mime: &str, name: &str) -> Result<String, Error>;
}

/// Who hears by these settings: nobody, unless an endpoint and a model for it are set.
pub fn of(settings: &Settings) -> Result<Option<Arc<dyn Speech>>, SettingsError> {
    if !settings.has_endpoint() || settings.transcription_model.trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(Arc::new(OpenAi::new(&settings.addressed())?)))
}
