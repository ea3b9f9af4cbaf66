//! The model these settings ask for.

use crate::clock::Clock;
use crate::llm::ChatModel;
use crate::llm::Recording;
use crate::llm::Settings;
use crate::llm::cassette;
use crate::llm::endpoints::Endpoints;
use crate::llm::keyless::Keyless;
use crate::llm::openai::SettingsError;
use crate::llm::small::Small;
use secrecy::ExposeSecret;
use std::sync::Arc;

/// Where an OpenAI key goes when no address is set.
pub const OPENAI_BASE_URL: &str = "https://api.openai.com/v1";

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The endpoint's settings.
    #[error("the model endpoint's settings cannot be used")]
    Endpoint(#[from] SettingsError),
    /// The recorded answers.
    #[error("the recorded answers cannot be used")]
    Cassette(#[from] cassette::Error),
}

impl Settings {
    /// Whether a language model endpoint is set.
    pub fn has_endpoint(&self) -> bool {
        !self.base_url.is_empty() || !self.api_key.expose_secret().is_empty()
    }

    /// With the address that is meant when only a key is set.
    pub fn addressed(&self) -> Self {
        let mut settings = self.clone();
        if settings.base_url.is_empty() {
            settings.base_url = OPENAI_BASE_URL.to_owned();
        }
        settings
    }
}

/// Recorded answers where they are set; the planner without an endpoint, else the endpoint with its fallback.
pub fn model(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Arc<dyn ChatModel>, Error> {
    let model = answering(settings, clock)?;
    // A small model reads and the planner speaks; what is recorded is what the model itself was asked.
    Ok(if settings.small && model.is_language_model() { Arc::new(Small::new(model)) } else { model })
}

fn answering(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Arc<dyn ChatModel>, Error> {
    let cassette = settings.cassette.as_ref();
    if let Some(cassette) = cassette.filter(|cassette| cassette.mode == Recording::Replay) {
        return Ok(Arc::new(cassette::Replay::open(&cassette.file)?));
    }
    let model: Arc<dyn ChatModel> = if settings.has_endpoint() {
        Arc::new(Endpoints::new(&settings.addressed(), clock)?)
    } else {
        Arc::new(Keyless)
    };
    Ok(match cassette {
        Some(cassette) => Arc::new(cassette::Record::open(model, &cassette.file)?),
        None => model,
    })
}
