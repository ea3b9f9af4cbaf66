//! The words a catalogue is written in, and how many products have each: what is rare tells more, and what is unknown may
//! be mistyped.

use crate::domain::product::Product;
use crate::search::analyse;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// Words that are remembered, the most frequent first.
const WORDS_MAX: usize = 12_000;
/// Letters a word needs before a typing error in it is forgiven.
const FORGIVING_LETTERS: usize = 5;
/// Letters from which two errors are forgiven.
const VERY_FORGIVING_LETTERS: usize = 8;
/// Letters of each half of a word that lost its blank.
const HALF_LETTERS_MIN: usize = 3;
/// Products that have each half: a rare one is more likely chance than a lost blank.
const HALF_COUNT_MIN: u32 = 3;
/// The least a word counts, however many products have it.
const WEIGHT_MIN: f32 = 0.2;

/// Word → number of products that have it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    products: u32,
    words: HashMap<String, u32>,
}

impl Known {
    /// Counts one product's words.
    pub fn add(&mut self, product: &Product) {
        self.products = self.products.saturating_add(1);
        let attributes: Vec<&str> =
            product.attributes.iter().map(|(k, v)| if v == "yes" { k.as_str() } else { v.as_str() }).collect();
        let text = format!("{} {} {} {}", product.title, product.category, product.description, attributes.join(" "));
        let words: BTreeSet<String> = analyse::document(&text).into_iter().collect();
        for word in words {
            *self.words.entry(word).or_default() += 1;
        }
    }

    /// Forgets the rarest words beyond the limit.
    pub fn finish(&mut self) {
        if self.words.len() > WORDS_MAX {
            let mut all: Vec<(String, u32)> = self.words.drain().collect();
            all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            self.words = all.into_iter().take(WORDS_MAX).collect();
        }
    }

    /// How many products have a word.
    pub fn count(&self, word: &str) -> u32 {
        self.words.get(word).copied().unwrap_or(0)
    }

    /// What a word of so many products counts; 1 where nothing is known.
    pub fn weight(&self, count: u32) -> f32 {
        if self.products < 2 {
            return 1.0;
        }
        let all = self.products as f32;
        ((all / (count.max(1) as f32)).ln() / all.ln()).clamp(WEIGHT_MIN, 1.0)
    }

    /// What an unknown word may have been meant to be: one of ours with a typing error, or two of ours without a blank.
    pub fn meant(&self, word: &str) -> Option<Vec<String>> {
        if self.count(word) > 0 || word.len() < FORGIVING_LETTERS || !word.chars().all(char::is_alphabetic) {
            return None;
        }
        self.halves(word).or_else(|| self.nearest(word).map(|near| vec![near]))
    }

    fn halves(&self, word: &str) -> Option<Vec<String>> {
        let cuts = word.char_indices().map(|(at, _)| at).filter_map(|at| word.split_at_checked(at));
        cuts.filter(|(a, b)| a.len() >= HALF_LETTERS_MIN && b.len() >= HALF_LETTERS_MIN)
            .filter(|(a, b)| self.count(a).min(self.count(b)) >= HALF_COUNT_MIN)
            .max_by_key(|(a, b)| self.count(a).min(self.count(b)))
            .map(|(a, b)| vec![a.to_owned(), b.to_owned()])
    }

    fn nearest(&self, word: &str) -> Option<String> {
        let allowed = if word.chars().count() >= VERY_FORGIVING_LETTERS { 2 } else { 1 };
        let first = word.chars().next();
        self.words
            .iter()
            .filter(|(known, _)| known.len() >= FORGIVING_LETTERS && known.chars().next() == first)
            .filter(|(known, _)| known.len().abs_diff(word.len()) <= allowed)
            .map(|(known, count)| (strsim::osa_distance(known, word), std::cmp::Reverse(*count), known))
            .filter(|(distance, _, _)| *distance <= allowed)
            .min()
            .map(|(_, _, known)| known.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_are_mended_and_known_ones_left_alone() {
        let words = [("sleeping", 7), ("bag", 9), ("headlamp", 3), ("hiking", 20)];
        let known = Known { products: 100, words: words.map(|(w, n)| (w.to_owned(), n)).into() };
        assert_eq!(known.meant("sleepingbag"), Some(vec!["sleeping".to_owned(), "bag".to_owned()]));
        assert_eq!(known.meant("hedlamp"), Some(vec!["headlamp".to_owned()]));
        assert_eq!(known.meant("hiking"), None);
        assert_eq!(known.meant("guitar"), None);
        assert!(known.weight(1) > known.weight(20));
    }
}
