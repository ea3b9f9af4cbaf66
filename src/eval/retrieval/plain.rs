//! The yardstick: plain BM25 over title, brand and description, made anew here so that no change of our own index moves it.

use crate::domain::product::Product;
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::HashMap;
use unicode_segmentation::UnicodeSegmentation;

/// How soon more of the same word counts no more.
const K1: f64 = 1.2;
/// How much a long text counts less.
const B: f64 = 0.75;

/// A catalogue by words.
pub struct Plain {
    ids: Vec<String>,
    lengths: Vec<f64>,
    mean_length: f64,
    /// Word → products with how often each has it.
    postings: HashMap<String, Vec<(usize, f64)>>,
    stemmer: Stemmer,
}

impl Plain {
    /// Reads a catalogue.
    pub fn of<'a>(products: impl IntoIterator<Item = &'a Product>) -> Self {
        let mut made = Self {
            ids: Vec::new(),
            lengths: Vec::new(),
            mean_length: 1.0,
            postings: HashMap::new(),
            stemmer: Stemmer::create(Algorithm::English),
        };
        for (at, product) in products.into_iter().enumerate() {
            let words = made.words(&format!("{} {} {}", product.title, product.brand, product.description));
            let mut counts: HashMap<String, f64> = HashMap::new();
            made.lengths.push(words.len() as f64);
            words.into_iter().for_each(|word| *counts.entry(word).or_default() += 1.0);
            for (word, count) in counts {
                made.postings.entry(word).or_default().push((at, count));
            }
            made.ids.push(product.id.to_string());
        }
        made.mean_length = made.lengths.iter().sum::<f64>() / made.lengths.len().max(1) as f64;
        made
    }

    /// The best products for a question, best first: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and
    /// Beyond", 2009, with an inverse document frequency that is never negative, as Lucene has it.
    pub fn find(&self, query: &str, limit: usize) -> Vec<String> {
        let mut scores: HashMap<usize, f64> = HashMap::new();
        let all = self.ids.len() as f64;
        for word in self.words(query) {
            let Some(having) = self.postings.get(&word) else { continue };
            let rarity = (1.0 + (all - having.len() as f64 + 0.5) / (having.len() as f64 + 0.5)).ln();
            for (at, count) in having {
                let length = self.lengths.get(*at).copied().unwrap_or(1.0) / self.mean_length;
                *scores.entry(*at).or_default() += rarity * count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length));
            }
        }
        let mut ranked: Vec<(f64, &String)> =
            scores.into_iter().filter_map(|(at, score)| Some((score, self.ids.get(at)?))).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        ranked.into_iter().take(limit).map(|(_, id)| id.clone()).collect()
    }

    fn words(&self, text: &str) -> Vec<String> {
        let low = text.to_lowercase();
        low.unicode_words().map(|word| self.stemmer.stem(word).into_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::ProductId;
    use std::collections::BTreeMap;

    fn product(id: &str, title: &str) -> Product {
        Product {
            id: ProductId::new(id),
            title: title.to_owned(),
            brand: String::new(),
            category: String::new(),
            description: String::new(),
            attributes: BTreeMap::new(),
            picture: None,
            more_pictures: Vec::new(),
            url: None,
            variants: Vec::new(),
        }
    }

    #[test]
    fn rare_words_in_short_texts_come_first() {
        let goods = [
            product("a", "camera bag"),
            product("b", "camera"),
            product("c", "red camera bag for one tripod"),
            product("d", "hub"),
        ];
        let plain = Plain::of(&goods);
        assert_eq!(plain.find("Bags", 10), ["a", "c"], "stems and length");
        assert_eq!(plain.find("camera tripod", 10), ["c", "b", "a"], "the rare word counts more");
        assert_eq!(plain.find("camera", 1), ["b"]);
        assert!(plain.find("printer", 10).is_empty());
    }
}
