//! What a shopper asks for, taken out of a sentence: price limits, sizes, colours, exclusions; the rest is for the search.

pub mod known;
mod lexicon;
mod option;
mod price;
mod token;
mod vocabulary;
mod word;

#[cfg(test)]
mod tests;

pub use crate::catalog::understand::vocabulary::Vocabulary;

use crate::catalog::understand::price::Limit;
use crate::catalog::understand::token::{Kind, Token};
use crate::domain::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Characters of a sentence that are read.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Words that may be excluded at once.
pub const EXCLUDED_MAX: usize = 20;

/// What somebody wants, as far as it can be told without a model.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wish {
    /// The words that remain for the search, as written.
    pub words: String,
    /// The highest price.
    pub at_most: Option<Money>,
    /// The lowest price.
    pub at_least: Option<Money>,
    /// The shop's option → its values, any of which will do: Size → M, Colour → Blue. A colour may also be an attribute.
    pub options: BTreeMap<String, Vec<String>>,
    /// Attribute → values, any of which will do: gender → women or unisex, waterproof → yes.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// What it must not be, in lower case: leather.
    pub not: Vec<String>,
    /// Only what can be bought now.
    pub in_stock: bool,
    /// How to order what is found.
    pub sort: Option<Sort>,
}

/// An order by price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Lowest price first.
    CheapestFirst,
    /// Highest price first.
    DearestFirst,
}

/// Reads a sentence. The last mention of each constraint counts, unless `or`, `and` or a comma joins it to the one before.
pub fn understand(text: &str, currency: Currency, vocabulary: &Vocabulary) -> Wish {
    let end = text.char_indices().nth(TEXT_CHARS_MAX).map_or(text.len(), |(at, _)| at);
    let text = text.get(..end).unwrap_or_default();
    let mut reader = Reader::new(token::tokens(text), currency, vocabulary);
    let mut at = 0;
    while at < reader.tokens.len() {
        at += reader.step(at).max(1);
    }
    reader.wish.words = reader.rest(text);
    reader.wish
}

/// Whether a word says for whom something is made.
pub fn is_gender(low: &str) -> bool {
    lexicon::GENDERS.iter().any(|(word, _)| *word == low)
}

/// Whether a word names a colour.
pub fn is_colour(low: &str) -> bool {
    lexicon::colour(low).is_some()
}

/// Where a constraint was last spoken of.
#[derive(Clone, Copy)]
struct Mention {
    end: usize,
}

/// A sentence being read.
struct Reader<'v> {
    tokens: Vec<Token>,
    used: Vec<bool>,
    currency: Currency,
    vocabulary: &'v Vocabulary,
    mentions: HashMap<String, Mention>,
    wish: Wish,
}

impl<'v> Reader<'v> {
    fn new(mut tokens: Vec<Token>, currency: Currency, vocabulary: &'v Vocabulary) -> Self {
        vocabulary.freeze_brands(&mut tokens);
        let used = vec![false; tokens.len()];
        Self { tokens, used, currency, vocabulary, mentions: HashMap::new(), wish: Wish::default() }
    }

    /// Reads what stands at a token; the number of tokens it took, 0 when it says nothing.
    fn step(&mut self, at: usize) -> usize {
        if self.tokens.get(at).is_none_or(|t| t.frozen) {
            return 1;
        }
        if let Some((length, limit)) = price::limit(&self.tokens, at, self.currency) {
            self.limit(limit);
            self.take(at, length);
            return length;
        }
        // "at most 2 kg" is no price, and no wish for exactly 2 kg either: it stays as words.
        if let Some(length) = price::measure(&self.tokens, at) {
            return length;
        }
        let found = self.sort(at);
        let found = if found > 0 { found } else { self.negation(at) };
        let found = if found > 0 { found } else { self.stock(at) };
        let found = if found > 0 { found } else { self.option(at) };
        let found = if found > 0 { found } else { self.gender(at) };
        if found > 0 { found } else { self.yes_no(at) }
    }

    fn limit(&mut self, limit: Limit) {
        let wish = &mut self.wish;
        match limit {
            Limit::Most(most) => {
                wish.at_most = Some(most);
                wish.at_least = wish.at_least.filter(|least| least.minor <= most.minor);
            }
            Limit::Least(least) => {
                wish.at_least = Some(least);
                wish.at_most = wish.at_most.filter(|most| least.minor <= most.minor);
            }
            Limit::Between(least, most) => {
                wish.at_least = Some(least);
                wish.at_most = Some(most);
            }
        }
    }

    /// Marks tokens as read.
    fn take(&mut self, at: usize, length: usize) {
        for used in self.used.iter_mut().skip(at).take(length) {
            *used = true;
        }
    }

    /// Marks tokens as read, except words of brands and categories, which the search still needs.
    fn take_value(&mut self, at: usize, length: usize) {
        for (used, token) in self.used.iter_mut().zip(&self.tokens).skip(at).take(length) {
            *used = !self.vocabulary.keeps(&token.low);
        }
    }

    fn low(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.low.as_str())
    }

    /// Whether a mention at `start` goes on with the last one of the same name; takes the words that join them.
    fn joins(&mut self, name: &str, start: usize, end: usize) -> bool {
        let last = self.mentions.insert(name.to_owned(), Mention { end });
        let Some(Mention { end: last }) = last else { return false };
        let between = self.tokens.get(last..start).unwrap_or_default();
        let joined = between.iter().all(|t| lexicon::JOINS.contains(&t.low.as_str()));
        if joined {
            self.take(last, start - last);
        }
        joined
    }

    /// The words nobody took, as written; a compound stays one word unless a part of it was taken.
    fn rest(&self, text: &str) -> String {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        let mut last: Option<usize> = None;
        let orphan = |low: &str| lexicon::ORPHANS.contains(&low);
        let some_taken = self.used.iter().any(|used| *used);
        let mut kept: Vec<usize> = (0..self.tokens.len())
            .filter(|at| !self.used.get(*at).copied().unwrap_or(true))
            .filter(|at| self.tokens.get(*at).is_some_and(|t| t.kind != Kind::Symbol))
            .collect();
        if some_taken {
            while kept.last().is_some_and(|at| orphan(self.low(*at))) {
                kept.pop();
            }
            let first = kept.iter().position(|at| !orphan(self.low(*at))).unwrap_or(kept.len());
            kept.drain(..first);
        }
        for at in kept {
            let Some(token) = self.tokens.get(at) else { continue };
            let glued = last.is_some_and(|last| {
                self.tokens.get(last + 1..=at).is_some_and(|between| between.iter().all(|t| t.glued))
                    && !self.used.get(last + 1..at).unwrap_or_default().contains(&true)
            });
            match ranges.last_mut() {
                Some((_, end)) if glued => *end = token.end,
                _ => ranges.push((token.start, token.end)),
            }
            last = Some(at);
        }
        ranges.iter().filter_map(|(start, end)| text.get(*start..*end)).collect::<Vec<_>>().join(" ")
    }
}
