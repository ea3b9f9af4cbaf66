//! all-MiniLM-L6-v2 inside the program: a small transformer in 8-bit integers, no network and no other process.
//!
//! A text's vector depends on that text alone: texts are run with others of the same number of tokens, without padding, and
//! activations have a scale a token (`assets/embedder/minilm-l6-v2-int8`).

mod lanes;
mod model;
mod recent;
mod tokens;

use crate::embed::minilm::lanes::Lanes;
use crate::embed::minilm::model::{DIMS, Network};
use crate::embed::minilm::recent::Recent;
use crate::embed::minilm::tokens::{Slice, Tokens};
use crate::embed::{BoxError, Embedder, Error};
use futures_util::future::try_join_all;
use std::sync::{LazyLock, OnceLock};

/// As written in `embed.model`.
pub const NAME: &str = "minilm";

/// Measured best share of the dense side for this model; see reference/retrieval.
const WEIGHT: f32 = 0.4;

/// Cosine from which something is near in meaning: a guess until it is calibrated.
const NEAR: f32 = 0.35;

/// Start of the sha256 of `model.onnx`; a test compares it with the file. The tokens' limit belongs to the stamp as well.
const MODEL_HASH: &str = "666bb51a1931e6aa";

/// One copy for the whole process.
static LOADED: OnceLock<Result<Loaded, String>> = OnceLock::new();
/// Where documents are computed.
static DOCUMENTS: LazyLock<Lanes> = LazyLock::new(Lanes::new);
/// Where questions are computed: never behind documents.
static QUESTIONS: LazyLock<Lanes> = LazyLock::new(Lanes::new);

/// The shipped model. Costs nothing until the first text.
#[derive(Default)]
pub struct MiniLm {
    recent: Recent,
}

struct Loaded {
    tokens: Tokens,
    network: Network,
}

impl MiniLm {
    /// The shipped model.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait::async_trait]
impl Embedder for MiniLm {
    fn stamp(&self) -> String {
        format!("minilm-l6-v2-int8:{MODEL_HASH}:{}", tokens::TOKENS_MAX)
    }

    fn name(&self) -> String {
        "all-MiniLM-L6-v2 (int8), shipped".to_owned()
    }

    fn dims(&self) -> usize {
        DIMS
    }

    fn weight(&self) -> f32 {
        WEIGHT
    }

    fn near(&self) -> f32 {
        NEAR
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, Error> {
        let mut vectors = vec![vec![0.0; DIMS]; texts.len()];
        let owned = texts.to_vec();
        let slices = DOCUMENTS.run(move |_| loaded()?.tokens.slices(&owned)).await?;
        for (place, vector) in run_all(slices, &DOCUMENTS).await? {
            if let Some(slot) = vectors.get_mut(place) {
                *slot = vector;
            }
        }
        Ok(vectors)
    }

    async fn embed_query(&self, text: &str) -> Result<Vec<f32>, Error> {
        if let Some(vector) = self.recent.get(text) {
            return Ok(vector);
        }
        let owned = text.to_owned();
        let vector = QUESTIONS
            .run(move |lane| {
                let loaded = loaded()?;
                let slices = loaded.tokens.slices(&[owned])?;
                let Some(slice) = slices.into_iter().next() else { return Ok(vec![0.0; DIMS]) };
                Ok(loaded.run(slice, lane)?.into_iter().next().map_or_else(|| vec![0.0; DIMS], |(_, vector)| vector))
            })
            .await?;
        self.recent.keep(text, &vector);
        Ok(vector)
    }
}

/// Every slice waits for a lane of its own, so works of several shops take turns.
async fn run_all(slices: Vec<Slice>, lanes: &'static Lanes) -> Result<Vec<(usize, Vec<f32>)>, Error> {
    let runs = slices.into_iter().map(|slice| lanes.run(move |lane| loaded()?.run(slice, lane)));
    Ok(try_join_all(runs).await?.into_iter().flatten().collect())
}

impl Loaded {
    fn new() -> Result<Self, BoxError> {
        Ok(Self { tokens: Tokens::load()?, network: Network::load()? })
    }

    /// The vectors of a slice, each with its place in the batch.
    fn run(&self, slice: Slice, lane: &std::sync::Arc<rten::ThreadPool>) -> Result<Vec<(usize, Vec<f32>)>, BoxError> {
        let mut vectors = self.network.run(slice.ids, slice.length, lane)?;
        vectors.iter_mut().for_each(|vector| crate::embed::normalise(vector));
        Ok(slice.places.into_iter().zip(vectors).collect())
    }
}

/// Loads at the first use, on a thread that may wait.
fn loaded() -> Result<&'static Loaded, BoxError> {
    LOADED
        .get_or_init(|| Loaded::new().map_err(|error| format!("{error:#}")))
        .as_ref()
        .map_err(|cause| cause.clone().into())
}

#[cfg(test)]
mod tests;
