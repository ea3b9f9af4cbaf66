//! The smallest model shipped inside the program: token vectors looked up and averaged, no network and no wait.

use crate::embed::Embedder;
use crate::embed::Error;
use model2vec_rs::model::StaticModel;
use std::sync::OnceLock;

/// As written in `embed.model`.
pub const NAME: &str = "static";

/// Length of the vectors.
const DIMS: usize = 256;

/// Measured best share of the dense side for this model; see reference/retrieval.
const WEIGHT: f32 = 0.3;

/// Tokens read of one text; the rest of a long text adds little and costs time.
const TOKENS_MAX: usize = 512;

/// Characters read of one text, so that a hostile megabyte without spaces costs nothing.
const TEXT_CHARS_MAX: usize = 8_000;

/// Texts embedded on the caller's thread; a larger batch would hold up other tasks and moves to a blocking one.
const INLINE_MAX: usize = 8;

/// Start of the sha256 of `model.safetensors`; a test compares it with the file.
const MODEL_HASH: &str = "a2a6e68b059aa779";

static TOKENIZER: &[u8] = include_bytes!("../../assets/embedder/static-256/tokenizer.json");
static WEIGHTS: &[u8] = include_bytes!("../../assets/embedder/static-256/model.safetensors");
static CONFIG: &[u8] = include_bytes!("../../assets/embedder/static-256/config.json");

/// One copy for the whole process; loading takes tens of milliseconds and 8 MB.
static MODEL: OnceLock<Result<StaticModel, String>> = OnceLock::new();

/// The shipped model. Costs nothing until the first text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Local;

impl Local {
    /// The shipped model.
    pub fn new() -> Self {
        Self
    }
}

#[async_trait::async_trait]
impl Embedder for Local {
    fn stamp(&self) -> String {
        format!("static-256:{MODEL_HASH}")
    }

    fn name(&self) -> String {
        "static-256, shipped".to_owned()
    }

    fn dims(&self) -> usize {
        DIMS
    }

    fn weight(&self) -> f32 {
        WEIGHT
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, Error> {
        let loaded = matches!(MODEL.get(), Some(Ok(_)));
        if loaded && texts.len() <= INLINE_MAX {
            return encode_all(texts);
        }
        let texts = texts.to_vec();
        tokio::task::spawn_blocking(move || encode_all(&texts)).await.map_err(|error| Error::Load(error.into()))?
    }
}

fn encode_all(texts: &[String]) -> Result<Vec<Vec<f32>>, Error> {
    let model = model()?;
    Ok(texts.iter().map(|text| encode(model, text)).collect())
}

fn encode(model: &StaticModel, text: &str) -> Vec<f32> {
    let bounded: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let mut rows = model.encode_with_args(&[bounded], Some(TOKENS_MAX), 1);
    let mut vector = rows.pop().unwrap_or_default();
    vector.resize(DIMS, 0.0);
    crate::embed::normalise(&mut vector);
    vector
}

fn model() -> Result<&'static StaticModel, Error> {
    MODEL
        .get_or_init(|| {
            StaticModel::from_bytes(TOKENIZER, WEIGHTS, CONFIG, Some(true)).map_err(|error| format!("{error:#}"))
        })
        .as_ref()
        .map_err(|cause| Error::Load(cause.clone().into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sha2::Digest;
    use std::fmt::Write;

    fn sha256(bytes: &[u8]) -> String {
        sha2::Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("text takes any write");
            hex
        })
    }

    fn dot(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(x, y)| x * y).sum()
    }

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn the_shipped_files_are_the_pinned_ones() {
        let model = sha256(WEIGHTS);
        assert_eq!(model, "a2a6e68b059aa7798fb8594d5f875978e7fa7f3b548ff8302a03996cf35105c1");
        assert!(model.starts_with(MODEL_HASH));
        assert_eq!(sha256(TOKENIZER), "b9860cf7ce3c1086e5b30a22dff62edf78b5261c90e8cd9614800818f6acb812");
        assert_eq!(sha256(CONFIG), "80f3011e4f55dcf9b7b30017c9b69b740006488d8906a64298bb7f34abad2ab7");
    }

    #[tokio::test]
    async fn what_means_the_same_lies_near() {
        let list = texts(&["rain jacket", "waterproof coat", "laser printer toner"]);
        let vectors = Local::new().embed(&list).await.unwrap();
        assert!(vectors.iter().all(|vector| vector.len() == DIMS));
        let near = dot(&vectors[0], &vectors[1]);
        let far = dot(&vectors[0], &vectors[2]);
        assert!(near > far + 0.2, "near {near}, far {far}");
    }

    #[tokio::test]
    async fn a_text_without_words_is_all_zero() {
        let vectors = Local::new().embed(&texts(&["", "   ", "tent"])).await.unwrap();
        assert!(vectors[0].iter().all(|x| *x == 0.0));
        assert!(vectors[1].iter().all(|x| *x == 0.0));
        assert!((dot(&vectors[2], &vectors[2]) - 1.0).abs() < 1e-4);
    }

    #[tokio::test]
    async fn batches_and_single_texts_agree() {
        let list: Vec<String> = (0..40).map(|n| format!("tent for {n} people")).collect();
        let together = Local::new().embed(&list).await.unwrap();
        let alone = Local::new().embed(&list[7..8]).await.unwrap();
        assert_eq!(together[7], alone[0]);
        assert_eq!(together.len(), 40);
    }

    #[test]
    fn a_very_long_text_is_cut() {
        let vector = encode(model().unwrap(), &"x".repeat(2_000_000));
        assert_eq!(vector.len(), DIMS);
    }

    proptest! {
        #[test]
        fn any_text_gives_unit_length_or_zero(text in ".*") {
            let vector = encode(model().unwrap(), &text);
            let length = dot(&vector, &vector);
            prop_assert!(length == 0.0 || (length - 1.0).abs() < 1e-3, "length {}", length);
        }
    }
}
