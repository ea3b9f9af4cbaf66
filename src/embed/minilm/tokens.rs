//! Text to token ids, and token ids to slices of work.

use crate::embed::BoxError;
use tokenizers::{Tokenizer, TruncationParams};

/// Tokens read of one text, its two frames included: what the model is published with. None of 19,406 product texts, cut
/// as the index cuts them, has more; 64 would rank nearly as well and save a sixteenth of the time.
pub const TOKENS_MAX: usize = 256;

/// Characters read of one text, so that a hostile megabyte costs nothing: 256 tokens are some 1,200 characters of prose.
const TEXT_CHARS_MAX: usize = 4_000;

/// Tokens of one slice of work, some 20 ms: after it a core is free for something else.
const SLICE_TOKENS_MAX: usize = 512;

/// The token of what the vocabulary lacks.
const UNKNOWN: &str = "[UNK]";

pub(super) static TOKENIZER: &[u8] = include_bytes!("../../../assets/embedder/minilm-l6-v2-int8/tokenizer.json");

/// WordPiece, cut at `TOKENS_MAX`.
pub struct Tokens {
    tokenizer: Tokenizer,
    unknown: u32,
}

/// Texts of the same number of tokens, to be run at once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// The places of these texts in the batch.
    pub places: Vec<usize>,
    /// Their token ids, one text after the other.
    pub ids: Vec<i32>,
    /// Tokens of each.
    pub length: usize,
}

impl Tokens {
    /// Reads the shipped vocabulary.
    pub fn load() -> Result<Self, BoxError> {
        let mut tokenizer = Tokenizer::from_bytes(TOKENIZER)?;
        let cut = TruncationParams { max_length: TOKENS_MAX, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(cut))?;
        let unknown = tokenizer.token_to_id(UNKNOWN).ok_or("the vocabulary has no token for the unknown")?;
        Ok(Self { tokenizer, unknown })
    }

    /// The ids of a text between its two frames; empty when the model knows nothing in it.
    pub fn ids(&self, text: &str) -> Result<Vec<u32>, BoxError> {
        let bounded: String = text.chars().take(TEXT_CHARS_MAX).collect();
        let encoding = self.tokenizer.encode_fast(bounded, true)?;
        let inner = encoding.get_special_tokens_mask().iter().zip(encoding.get_ids()).filter(|(frame, _)| **frame == 0);
        let known = inner.into_iter().any(|(_, id)| *id != self.unknown);
        Ok(if known { encoding.get_ids().to_vec() } else { Vec::new() })
    }

    /// Sorts texts into slices of equal length, so that nothing is padded; texts without tokens are in none.
    pub fn slices(&self, texts: &[String]) -> Result<Vec<Slice>, BoxError> {
        let mut rows = Vec::with_capacity(texts.len());
        for (place, text) in texts.iter().enumerate() {
            let ids = self.ids(text)?;
            if !ids.is_empty() {
                rows.push((place, ids));
            }
        }
        rows.sort_by_key(|(place, ids)| (ids.len(), *place));
        let mut slices: Vec<Slice> = Vec::new();
        for (place, ids) in rows {
            let fits = |slice: &Slice| slice.length == ids.len() && slice.ids.len() + ids.len() <= SLICE_TOKENS_MAX;
            if !slices.last().is_some_and(fits) {
                slices.push(Slice { length: ids.len(), ..Slice::default() });
            }
            if let Some(slice) = slices.last_mut() {
                slice.places.push(place);
                slice.ids.extend(ids.into_iter().map(|id| id as i32));
            }
        }
        Ok(slices)
    }
}
