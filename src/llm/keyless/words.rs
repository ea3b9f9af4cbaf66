//! A text as a bounded list of words, and matching of phrases that forgives small typing errors.

use crate::llm::keyless::lexicon::NOT_TYPOS;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// Characters of one message that are read.
pub const CHARS_MAX: usize = 1_000;
/// Words of one message that are read.
pub const WORDS_MAX: usize = 120;
/// Letters a command word needs before a typing error in it is forgiven.
const FORGIVING_LETTERS: usize = 5;
/// Letters from which two errors are forgiven.
const VERY_FORGIVING_LETTERS: usize = 9;

/// One word: as written, and folded for matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As the shopper wrote it.
    pub written: String,
    /// Lower case, without accents, apostrophes and currency signs.
    pub plain: String,
}

/// A text as words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// In order.
    pub list: Vec<Word>,
}

/// Lower case without accents and apostrophes.
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c) && !matches!(c, '\'' | '’' | '‘' | '`'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a written word is the command word, perhaps mistyped. Both are folded.
pub fn same(written: &str, command: &str) -> bool {
    if written == command {
        return true;
    }
    let letters = command.chars().count();
    if letters < FORGIVING_LETTERS || written.chars().count() + 1 < letters || NOT_TYPOS.contains(&written) {
        return false;
    }
    let allowed = if letters >= VERY_FORGIVING_LETTERS { 2 } else { 1 };
    written.chars().next() == command.chars().next() && strsim::osa_distance(written, command) <= allowed
}

impl Words {
    /// Reads a text, as far as the limits allow.
    pub fn read(text: &str) -> Self {
        let bounded: String = text.chars().take(CHARS_MAX).collect();
        let list = bounded
            .split(|c: char| {
                c.is_whitespace() || matches!(c, '/' | ',' | '(' | ')' | '!' | '?' | ';' | '—' | '–' | '…')
            })
            .filter_map(Word::read)
            .take(WORDS_MAX)
            .collect();
        Self { list }
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many words.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The folded word at a place.
    pub fn plain(&self, at: usize) -> &str {
        self.list.get(at).map_or("", |word| word.plain.as_str())
    }

    /// The folded words.
    pub fn plains(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|word| word.plain.as_str())
    }

    /// Where the first of the phrases stands.
    pub fn find(&self, phrases: &[&str]) -> Option<Range<usize>> {
        phrases.iter().find_map(|phrase| (0..self.len()).find_map(|at| self.phrase_at(at, phrase)))
    }

    /// Whether one of the phrases stands anywhere.
    pub fn has(&self, phrases: &[&str]) -> bool {
        self.find(phrases).is_some()
    }

    /// Whether one of these words stands anywhere, exactly as spelled.
    pub fn has_exactly(&self, words: &[&str]) -> bool {
        self.plains().any(|word| words.contains(&word))
    }

    /// Whether the text begins with one of the phrases.
    pub fn starts(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.phrase_at(0, phrase).is_some())
    }

    /// The words without every occurrence of the phrases; longer phrases should stand first.
    pub fn without(&self, phrases: &[&str]) -> Self {
        let mut rest = self.clone();
        for phrase in phrases {
            while let Some(range) = (0..rest.len()).find_map(|at| rest.phrase_at(at, phrase)) {
                rest.list.drain(range);
            }
        }
        rest
    }

    /// The words without those that are, letter by letter, in the list.
    pub fn without_exactly(&self, words: &[&str]) -> Self {
        let list = self.list.iter().filter(|word| !words.contains(&word.plain.as_str())).cloned().collect();
        Self { list }
    }

    /// The words without the phrases at their front, as often as one stands there.
    pub fn after(&self, phrases: &[&str]) -> Self {
        let mut rest = self.clone();
        while let Some(range) = phrases.iter().find_map(|phrase| rest.phrase_at(0, phrase)) {
            rest.list.drain(range);
        }
        rest
    }

    /// The words as written, in one line.
    pub fn written(&self) -> String {
        let words: Vec<&str> = self.list.iter().map(|word| word.written.as_str()).collect();
        words.join(" ")
    }

    fn phrase_at(&self, at: usize, phrase: &str) -> Option<Range<usize>> {
        let mut end = at;
        for command in phrase.split(' ') {
            if !same(&self.list.get(end)?.plain, command) {
                return None;
            }
            end += 1;
        }
        (end > at).then_some(at..end)
    }
}

impl Word {
    fn read(raw: &str) -> Option<Self> {
        let edge = |c: char| !c.is_alphanumeric() && !is_sign(c);
        let mut written = raw.trim_matches(edge).to_owned();
        // A minus before a figure says something: "sleeping bag -10".
        if raw.starts_with(['-', '−']) && written.starts_with(|c: char| c.is_ascii_digit()) {
            written.insert(0, '-');
        }
        let plain: String = fold(&written).chars().filter(|c| !is_sign(*c)).collect();
        (!plain.is_empty()).then_some(Self { written, plain })
    }
}

fn is_sign(c: char) -> bool {
    matches!(c, '€' | '$' | '£' | '%' | '#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_but_keep_their_writing() {
        let words = Words::read("¿Cuánto cuesta el  «Fjell» I’m under €150.50?");
        assert_eq!(words.plains().collect::<Vec<_>>(), ["cuanto", "cuesta", "el", "fjell", "im", "under", "150.50"]);
        assert_eq!(words.written(), "Cuánto cuesta el Fjell I’m under €150.50");
    }

    #[test]
    fn command_words_may_be_mistyped_and_goods_are_not_commands() {
        for (written, command) in [("chekout", "checkout"), ("retrun", "return"), ("comapre", "compare")] {
            assert!(same(written, command), "{written}");
        }
        for (written, command) in [("think", "thank"), ("there", "three"), ("shoe", "show"), ("tanks", "thanks")] {
            assert!(!same(written, command), "{written}");
        }
    }

    #[test]
    fn phrases_are_found_cut_out_and_cut_off() {
        let words = Words::read("please show me the jackets please");
        assert_eq!(words.find(&["show me"]), Some(1..3));
        assert_eq!(words.without(&["please"]).written(), "show me the jackets");
        assert_eq!(words.after(&["please", "show me", "the"]).written(), "jackets please");
    }
}
