//! What a shopper asks for, taken out of a sentence: limits of price and measure, sizes, colours, codes, pieces, exclusions; the
//! rest is for the search.

pub mod colour;
pub mod known;
mod lexicon;
pub mod measure;
mod number;
mod option;
mod price;
mod quantity;
mod shown;
mod token;
mod unwanted;
mod vocabulary;
mod wish;
mod word;

#[cfg(test)]
mod tests;

pub use crate::catalog::understand::measure::{Measure, by, meets, variant_meets};
pub use crate::catalog::understand::shown::Shown;
pub use crate::catalog::understand::unwanted::{is_doubtful, is_unwanted};
pub use crate::catalog::understand::vocabulary::Vocabulary;
pub use crate::catalog::understand::wish::{By, Constraint, Note, Sort, Wish};

use crate::catalog::understand::measure::{Demand, MEASURES_MAX};
use crate::catalog::understand::price::Limit;
use crate::catalog::understand::token::{Kind, Token};
use crate::domain::money::Currency;
use crate::search::analyse;
use std::collections::HashMap;

/// Characters of a sentence that are read.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Words that may be excluded at once.
pub const EXCLUDED_MAX: usize = 20;
/// Codes of one wish.
const CODES_MAX: usize = 8;
/// Products that have a word from which on it is no code, whatever it looks like.
const CODE_COUNT_MAX: u32 = 3;

/// Reads a sentence. The last mention of each constraint counts, unless `or`, `and` or a comma joins it to the one before.
pub fn understand(text: &str, currency: Currency, vocabulary: &Vocabulary) -> Wish {
    understand_after(text, currency, vocabulary, &[])
}

/// Reads a sentence that may lean on what was shown last, best first: "cheaper ones", "the second, but in M".
pub fn understand_after(text: &str, currency: Currency, vocabulary: &Vocabulary, shown: &[Shown]) -> Wish {
    let end = text.char_indices().nth(TEXT_CHARS_MAX).map_or(text.len(), |(at, _)| at);
    let text = text.get(..end).unwrap_or_default();
    let mut reader = Reader::new(token::tokens(text), currency, vocabulary, shown);
    reader.wish.codes = codes(text, vocabulary);
    reader.wish.brands = vocabulary.brands_in(&reader.tokens);
    let mut at = 0;
    while at < reader.tokens.len() {
        at += reader.step(at).max(1);
    }
    reader.wish.words = reader.rest(text);
    reader.wish
}

/// What was typed and can hardly be anything but a code.
fn codes(text: &str, vocabulary: &Vocabulary) -> Vec<String> {
    let windows = analyse::code_windows(text).into_iter().filter(|window| window.sure);
    let rare = windows.filter(|window| window.keys.iter().all(|key| vocabulary.known().count(key) <= CODE_COUNT_MAX));
    rare.flat_map(|window| window.keys).take(CODES_MAX).collect()
}

/// Whether a word says for whom something is made.
pub fn is_gender(low: &str) -> bool {
    lexicon::GENDERS.has(low)
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
    shown: &'v [Shown],
    mentions: HashMap<String, Mention>,
    wish: Wish,
}

impl<'v> Reader<'v> {
    fn new(mut tokens: Vec<Token>, currency: Currency, vocabulary: &'v Vocabulary, shown: &'v [Shown]) -> Self {
        vocabulary.freeze_brands(&mut tokens);
        let used = vec![false; tokens.len()];
        Self { tokens, used, currency, vocabulary, shown, mentions: HashMap::new(), wish: Wish::default() }
    }

    /// Reads what stands at a token; the number of tokens it took, 0 when it says nothing.
    fn step(&mut self, at: usize) -> usize {
        if self.tokens.get(at).is_none_or(|t| t.frozen) {
            return 1;
        }
        if lexicon::begins_amount(&self.tokens, at)
            && let Some(length) = self.amount(at)
        {
            return length;
        }
        let readers = [
            Self::compared,
            Self::place,
            Self::sort,
            Self::negation,
            Self::stock,
            Self::quantity,
            Self::option,
            Self::gender,
            Self::yes_no,
        ];
        for read in readers {
            let found = read(self, at);
            if found > 0 {
                return found;
            }
        }
        if self.tokens.get(at).is_some_and(|t| t.kind != Kind::Word) { self.exact(at) } else { 0 }
    }

    /// A limit of the price or of a measure; the number of tokens it took.
    fn amount(&mut self, at: usize) -> Option<usize> {
        if let Some((length, limit)) = price::limit(&self.tokens, at, self.currency) {
            self.limit(limit);
            self.take(at, length);
            return Some(length);
        }
        if let Some((length, amount)) = price::foreign(&self.tokens, at, self.currency) {
            self.note(Note::OtherCurrency(amount));
            self.take(at, length);
            return Some(length);
        }
        if let Some(Demand { length, measures }) = measure::bounded(&self.tokens, at)
            && self.vocabulary.value_at(&self.tokens, at).is_none()
        {
            measures.into_iter().for_each(|measure| self.demand(measure));
            self.take(at, length);
            return Some(length);
        }
        // "At most 4 persons" is no price, and no wish for exactly 4 either: it stays as words.
        price::bound(&self.tokens, at)
    }

    /// "500GB", "17 inch": a measure that the search needs as words, too.
    fn exact(&mut self, at: usize) -> usize {
        let Some(Demand { length, measures }) = measure::exact(&self.tokens, at) else { return 0 };
        measures.into_iter().for_each(|measure| self.demand(measure));
        length
    }

    /// Writes a measure down; the last word on the same thing counts.
    fn demand(&mut self, measure: Measure) {
        let same = |m: &Measure| m.dimension == measure.dimension && m.key == measure.key && m.op == measure.op;
        self.wish.measures.retain(|known| !same(known));
        if self.wish.measures.len() < MEASURES_MAX {
            self.wish.measures.push(measure);
        }
    }

    fn note(&mut self, note: Note) {
        if !self.wish.notes.contains(&note) {
            self.wish.notes.push(note);
        }
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

    /// Whether a minus belongs to the number behind it: without it "-10" would be another wish.
    fn is_sign(&self, at: usize) -> bool {
        let free = |at: usize| !self.used.get(at).copied().unwrap_or(true);
        let minus = matches!(self.low(at), "-" | "−" | "–") && self.tokens.get(at).is_some_and(|t| !t.glued);
        minus && free(at + 1) && self.tokens.get(at + 1).is_some_and(|t| t.glued && t.kind == Kind::Number)
    }

    /// The words nobody took, as written; a compound stays one word unless a part of it was taken.
    fn rest(&self, text: &str) -> String {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        let mut last: Option<usize> = None;
        let orphan = |low: &str| lexicon::ORPHANS.contains(&low);
        let some_taken = self.used.iter().any(|used| *used);
        let mut kept: Vec<usize> = (0..self.tokens.len())
            .filter(|at| !self.used.get(*at).copied().unwrap_or(true))
            .filter(|at| self.tokens.get(*at).is_some_and(|t| t.kind != Kind::Symbol) || self.is_sign(*at))
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
