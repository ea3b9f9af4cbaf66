//! A picture a model may look at. Its bytes travel beside what is written down: journals and cassettes keep its name.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Bytes of a picture that are shown to a model.
pub const BYTES_MAX: usize = 5 * 1024 * 1024;

/// A picture of the shopper's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Picture {
    /// Names it: ours.
    pub id: String,
    /// `image/jpeg`.
    pub mime: String,
    /// What is shown; empty in what was read back.
    #[serde(skip)]
    pub bytes: Arc<[u8]>,
}

impl Picture {
    /// As a `data:` address, the form in which endpoints take pictures.
    pub fn address(&self) -> String {
        format!("data:{};base64,{}", self.mime, STANDARD.encode(&self.bytes))
    }
}

// Read back from a journal, it is the same picture.
impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.mime == other.mime
    }
}
