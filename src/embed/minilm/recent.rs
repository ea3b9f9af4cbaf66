//! Vectors of what was asked lately: shoppers ask the same, and one turn asks products and texts the same words.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Vectors of a generation; there are two, so at most 1 MB.
const GENERATION_MAX: usize = 256;

/// Bytes of a text that is worth remembering.
const TEXT_BYTES_MAX: usize = 400;

/// Two generations: what is asked again while it is old is young again; the old go when the young are full.
#[derive(Default)]
pub struct Recent {
    both: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<String, Vec<f32>>,
    old: HashMap<String, Vec<f32>>,
}

impl Recent {
    /// The vector of a text, if it was asked lately.
    pub fn get(&self, text: &str) -> Option<Vec<f32>> {
        let mut both = self.both.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vector) = both.young.get(text) {
            return Some(vector.clone());
        }
        let vector = both.old.remove(text)?;
        both.keep(text, &vector);
        Some(vector)
    }

    /// Remembers the vector of a text.
    pub fn keep(&self, text: &str, vector: &[f32]) {
        if text.len() <= TEXT_BYTES_MAX {
            self.both.lock().unwrap_or_else(PoisonError::into_inner).keep(text, vector);
        }
    }
}

impl Generations {
    fn keep(&mut self, text: &str, vector: &[f32]) {
        if self.young.len() >= GENERATION_MAX {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(text.to_owned(), vector.to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_again_stays_and_the_rest_goes() {
        let recent = Recent::default();
        for n in 0..GENERATION_MAX * 4 {
            recent.keep(&n.to_string(), &[n as f32]);
            assert_eq!(recent.get("0"), Some(vec![0.0]), "at {n}");
        }
        assert_eq!(recent.get("1"), None);
        let both = recent.both.lock().unwrap();
        assert!(both.young.len() <= GENERATION_MAX && both.old.len() <= GENERATION_MAX);
    }

    #[test]
    fn a_long_text_is_not_remembered() {
        let recent = Recent::default();
        let text = "x".repeat(TEXT_BYTES_MAX + 1);
        recent.keep(&text, &[1.0]);
        assert_eq!(recent.get(&text), None);
    }
}
