//! The lexical side: which words stand in which documents of one shop, in memory, ranked by BM25 over that shop alone.

use crate::search::Doc;
use crate::search::analyse;
use crate::search::hash::{self, Map};

/// How soon repeating a word stops to count, and how much a long text is discounted: the usual values of BM25.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// A title's words count a little more than others (double measured worse on Chorus), and a code more than a word can reach by repetition.
const TITLE_WEIGHT: f32 = 1.25;
const CODE_WEIGHT: f32 = 6.0;

/// BM25 saturates, so weight alone would let a title that mentions a code beat the thing that has it: a document whose code
/// was typed counts threefold.
const CODE_FACTOR: f32 = 3.0;

/// Bytes of one word as it is stored: its hash, and how often it stands in title, body and codes.
const WORD_BYTES: usize = 11;

/// A word in a document.
#[derive(Clone, Copy)]
struct Posting {
    slot: u32,
    counts: [u8; 3],
}

/// The words of one shop.
#[derive(Default)]
pub struct Words {
    postings: Map<Vec<Posting>>,
    held: usize,
}

/// What is needed to know of the documents that may be found.
pub struct Among {
    /// How many there are.
    pub documents: usize,
    /// How many words they have together.
    pub length: u64,
}

/// The words of a document as they are stored.
pub fn pack(doc: &Doc) -> Vec<u8> {
    let mut counts: Map<[u8; 3]> = Map::default();
    let codes: Vec<String> = doc.codes.iter().flat_map(|code| analyse::code_keys(code)).collect();
    for (field, tokens) in [analyse::document(&doc.title), analyse::document(&doc.body), codes].into_iter().enumerate()
    {
        for token in tokens {
            if let Some(count) = counts.entry(hash::of(&token)).or_default().get_mut(field) {
                *count = count.saturating_add(1);
            }
        }
    }
    let mut sorted: Vec<(u64, [u8; 3])> = counts.into_iter().collect();
    sorted.sort_unstable_by_key(|(hash, _)| *hash);
    let mut bytes = Vec::with_capacity(sorted.len() * WORD_BYTES);
    for (hash, counts) in sorted {
        bytes.extend_from_slice(&hash.to_le_bytes());
        bytes.extend_from_slice(&counts);
    }
    bytes
}

impl Words {
    /// Adds a document's words; answers how many there are in all, or nothing for bytes that are not words.
    pub fn add(&mut self, slot: u32, packed: &[u8]) -> Option<u32> {
        let mut length = 0;
        let mut rest = packed;
        while let Some((word, more)) = rest.split_first_chunk::<WORD_BYTES>() {
            let (hash, counts) = word.split_first_chunk::<8>()?;
            let counts: [u8; 3] = counts.try_into().ok()?;
            length += counts.iter().map(|count| u32::from(*count)).sum::<u32>();
            self.postings.entry(u64::from_le_bytes(*hash)).or_default().push(Posting { slot, counts });
            self.held += 1;
            rest = more;
        }
        rest.is_empty().then_some(length)
    }

    /// Bytes held, near enough to bound the total.
    pub fn bytes(&self) -> usize {
        const WORD: usize = size_of::<(u64, Vec<Posting>)>() + 40;
        self.postings.len() * WORD + self.held * size_of::<Posting>() * 4 / 3
    }

    /// The documents that have any of the tokens, with their scores. `length_of` answers the words of a document, or nothing
    /// for one that is gone or of another kind.
    pub fn score(
        &self,
        tokens: &[String],
        slots: usize,
        among: &Among,
        length_of: impl Fn(u32) -> Option<u32>,
    ) -> Vec<(u32, f32)> {
        let mut scores: Vec<f32> = vec![0.0; slots];
        let mut coded: Vec<u32> = Vec::new();
        let mut found: Vec<u32> = Vec::new();
        let documents = among.documents as f32;
        let usual = (among.length as f32 / documents.max(1.0)).max(1.0);
        let mut asked: Vec<(u64, bool)> = tokens
            .iter()
            .filter(|token| analyse::is_token(token))
            .take(analyse::QUERY_TOKENS_MAX)
            .map(|token| (hash::of(token), analyse::is_code_like(token)))
            .collect();
        asked.sort_unstable();
        asked.dedup();
        for (token, code_like) in asked {
            let Some(postings) = self.postings.get(&token) else { continue };
            let live = || postings.iter().filter_map(|posting| Some((posting, length_of(posting.slot)?)));
            let having = live().count() as f32;
            let rare = (1.0 + (documents - having + 0.5) / (having + 0.5)).ln();
            for (posting, length) in live() {
                let [title, body, codes] = posting.counts;
                let times = TITLE_WEIGHT * f32::from(title) + f32::from(body) + CODE_WEIGHT * f32::from(codes);
                let discount = K1 * (1.0 - B + B * length as f32 / usual);
                let Some(score) = scores.get_mut(posting.slot as usize) else { continue };
                if *score == 0.0 {
                    found.push(posting.slot);
                }
                *score += rare * times * (K1 + 1.0) / (times + discount);
                if code_like && codes > 0 {
                    coded.push(posting.slot);
                }
            }
        }
        coded.sort_unstable();
        coded.dedup();
        for slot in coded {
            if let Some(score) = scores.get_mut(slot as usize) {
                *score *= CODE_FACTOR;
            }
        }
        found.into_iter().filter_map(|slot| Some((slot, *scores.get(slot as usize)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::contract;

    fn words(titles: &[&str]) -> Words {
        let mut words = Words::default();
        for (slot, title) in (0u32..).zip(titles) {
            assert!(words.add(slot, &pack(&contract::doc("d", title))).is_some());
        }
        words
    }

    fn ask(words: &Words, token: &str, documents: usize) -> Vec<(u32, f32)> {
        let among = Among { documents, length: documents as u64 * 2 };
        words.score(&[token.to_owned()], documents, &among, |slot| (slot != 1).then_some(2))
    }

    #[test]
    fn documents_that_are_gone_are_neither_found_nor_counted() {
        let words = words(&["tent blue", "tent red", "stove red"]);
        let found = ask(&words, "tent", 3);
        assert_eq!(found.iter().map(|(slot, _)| *slot).collect::<Vec<_>>(), [0]);
        assert_eq!(found[0].1, ask(&words, "stove", 3)[0].1, "one of those that are there has it, for both");
        assert!(ask(&words, "kettle", 3).is_empty());
    }

    #[test]
    fn what_is_no_list_of_words_is_refused() {
        assert_eq!(Words::default().add(0, &[1, 2, 3]), None);
        assert_eq!(Words::default().add(0, &[]), Some(0));
        let mut doc = contract::doc("d", "tent tent");
        doc.body = "tent ".repeat(1_000);
        assert_eq!(Words::default().add(0, &pack(&doc)), Some(2 + 255), "counts end where a byte does");
    }
}
