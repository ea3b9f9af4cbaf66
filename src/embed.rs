//! Text to vectors: two small models shipped with the program, or any OpenAI-compatible embeddings endpoint.

pub mod local;
pub mod minilm;
pub mod openai;

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Something that turns text into vectors.
#[async_trait::async_trait]
pub trait Embedder: Send + Sync {
    /// Names model, dimensions and version. An index made with another stamp is rebuilt.
    fn stamp(&self) -> String;

    /// As shown to operators.
    fn name(&self) -> String;

    /// Length of each vector.
    fn dims(&self) -> usize;

    /// How much the dense side counts when fused with BM25, 0 to 1 (measured per model: reference/retrieval).
    fn weight(&self) -> f32;

    /// Cosine from which something is near in meaning.
    fn near(&self) -> f32 {
        NEAR
    }

    /// One vector a document, in order, each of unit length (or all zero for a text without known words).
    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, Error>;

    /// The vector of what somebody asks. Some models want questions marked, and none should wait behind documents.
    async fn embed_query(&self, text: &str) -> Result<Vec<f32>, Error> {
        let vectors = self.embed(&[text.to_owned()]).await?;
        Ok(vectors.into_iter().next().unwrap_or_else(|| vec![0.0; self.dims()]))
    }
}

/// What is near for a model nobody has measured.
const NEAR: f32 = 0.5;

/// Why there are no vectors.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Try again later.
    #[error("the embeddings endpoint is busy or not reachable")]
    Busy(#[source] BoxError),
    /// An answer came, but not vectors for these texts.
    #[error("the embeddings endpoint answered with something unreadable")]
    Unreadable(#[source] BoxError),
    /// The shipped model could not be loaded.
    #[error("the embedding model could not be loaded")]
    Load(#[source] BoxError),
}

/// A cause of any kind.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Which embedder makes the vectors.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `minilm` or `static` (shipped with the program), or the name of a model at `base_url`.
    pub model: String,
    /// Base address of an OpenAI-compatible endpoint; only used when `model` is not a shipped one.
    pub base_url: String,
    /// Its key.
    #[serde(skip_serializing)]
    pub api_key: secrecy::SecretString,
    /// Length of the vectors the endpoint's model makes.
    pub dims: usize,
    /// How much the dense side counts, 0 to 1; unset takes the embedder's own.
    pub weight: Option<f32>,
    /// Cosine from which something is near in meaning, for the endpoint's model; unset is a cautious guess.
    pub near: Option<f32>,
    /// What the endpoint's model wants before a question, such as `query: `.
    pub query_prefix: String,
    /// What it wants before a product or passage, such as `passage: `.
    pub document_prefix: String,
    /// The model asked for questions, where the server tells them by its name; empty means `model`.
    pub query_model: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: minilm::NAME.to_owned(),
            base_url: String::new(),
            api_key: secrecy::SecretString::from(""),
            dims: 1024,
            weight: None,
            near: None,
            query_prefix: String::new(),
            document_prefix: String::new(),
            query_model: String::new(),
        }
    }
}

impl Settings {
    /// Whether the model is inside the program.
    pub fn is_shipped(&self) -> bool {
        [minilm::NAME, local::NAME].contains(&self.model.as_str())
    }
}

/// The embedder the settings name; nothing is loaded or asked yet.
pub fn choose(settings: &Settings) -> Result<Arc<dyn Embedder>, Error> {
    Ok(match settings.model.as_str() {
        minilm::NAME => Arc::new(minilm::MiniLm::new()),
        local::NAME => Arc::new(local::Local::new()),
        _ => Arc::new(openai::OpenAi::new(settings)?),
    })
}

/// Brings a vector to unit length; one of zeros, or with anything that is no number, becomes all zero.
fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
    let usable = length.is_finite() && length > 0.0;
    for x in vector {
        *x = if usable { (f64::from(*x) / length) as f32 } else { 0.0 };
    }
}
