//! A text as words without case and accents, cut into sentences and clauses: what claims and promises are looked for in.

use crate::agent::literal::date;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words of a text that are looked at.
const WORDS_MAX: usize = 2_000;
/// Words before a claim in which a "not" takes it back.
const NOT_WITHIN: usize = 6;
/// Words after it, where a language says "not" last.
const NOT_AFTER: usize = 5;

/// Words that take back what follows.
const NOT: &str = "not no never cannot without neither nor none nobody nothing isn't aren't wasn't weren't don't doesn't didn't won't can't couldn't wouldn't hasn't haven't unable \
    nunca tampoco sin ningun ninguna ningunos jamas nao nem sem nenhum nenhuma nicht kein keine keinen keiner nie niemals ohne ne n' pas aucun aucune jamais sans non nessun niet geen لا لن ليس नहीं";
/// Words that take back what stands before them.
const NOT_LAST: &str = "nicht nie niemals pas jamais नहीं";
/// Words after a "not" that make it none: "no problem", "not only".
const IDLE_NOT: &str = "problem problema problemas probleme doubt duda duvida worries worry preocupes preocupe only solo so apenas nur seulement solamente somente matter";
/// What abbreviations end with a point that ends no sentence.
const ABBREVIATED: &str = "e.g i.e approx ca nr no z.b bzw inkl usw etc p.ej aprox sr sra dr st n vs incl excl";

/// What stands for a word that is not the model's own.
pub const MUTED: &str = "\u{b7}";

/// One word.
#[derive(Clone, Debug)]
pub struct Word {
    /// Where it stands.
    pub place: Range<usize>,
    /// Without case and accents.
    pub plain: String,
    /// Which sentence it belongs to.
    pub sentence: usize,
    /// Which clause, counted through the text.
    pub clause: usize,
}

/// A text in words.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// In order.
    pub words: Vec<Word>,
    /// Sentences that ask.
    questions: Vec<usize>,
}

/// Without case and accents: `Größe` → `große`, `días` → `dias`.
pub fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, '’' | '‘' | '`') { '\'' } else { c })
        .collect()
}

/// Whether a table of words separated by blanks has this one.
pub fn has(table: &str, word: &str) -> bool {
    !word.is_empty() && table.split_ascii_whitespace().any(|known| known == word)
}

/// Whether a word begins with one of a table's stems; a trailing `=` means the whole word.
pub fn begins(table: &str, word: &str) -> bool {
    table.split_ascii_whitespace().any(|known| match known.strip_suffix('=') {
        Some(whole) => whole == word,
        None => word.starts_with(known),
    })
}

impl Words {
    /// Reads a text.
    pub fn read(text: &str) -> Self {
        Self::around(text, &[])
    }

    /// Reads a text in which some places are names: no sentence ends within one.
    pub fn around(text: &str, names: &[Range<usize>]) -> Self {
        let mut read = Self::default();
        let (mut start, mut sentence, mut clause) = (None, 0, 0);
        for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
            let part = c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '\'' | '’' | '%');
            match start {
                Some(from) if !part => {
                    if read.words.len() < WORDS_MAX {
                        let plain = fold(text.get(from..at).unwrap_or_default()).trim_matches('\'').to_owned();
                        if !plain.is_empty() {
                            read.words.push(Word { place: from..at, plain, sentence, clause });
                        }
                    }
                    start = None;
                }
                None if part => start = Some(at),
                _ => {}
            }
            if names.iter().any(|n| n.contains(&at)) {
                continue;
            }
            if ends_sentence(text, at, c) {
                if matches!(c, '?' | '？' | '؟') {
                    read.questions.push(sentence);
                }
                sentence += 1;
                clause += 1;
            } else if matches!(c, ',' | ';' | ':' | '–' | '—' | '،' | '(' | ')') && !between_digits(text, at, c) {
                clause += 1;
            }
        }
        read
    }

    /// The words of one sentence.
    pub fn sentence(&self, sentence: usize) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(move |w| w.sentence == sentence)
    }

    /// Whether a sentence asks.
    pub fn asks(&self, sentence: usize) -> bool {
        self.questions.contains(&sentence)
    }

    /// Whether the word at `n` is taken back by a "not" in its clause.
    pub fn negated(&self, n: usize) -> bool {
        let Some(word) = self.words.get(n) else { return false };
        let same = |w: &&Word| w.clause == word.clause;
        let idle = |at: usize| self.words.get(at + 1).is_some_and(|w| has(IDLE_NOT, &w.plain));
        let from = n.saturating_sub(NOT_WITHIN);
        let is_not = |w: &Word| has(NOT, &w.plain) || w.plain.ends_with("n't") || w.plain.starts_with("n'");
        let before = self.words.iter().enumerate().skip(from).take(n - from);
        let after = self.words.iter().skip(n + 1).take(NOT_AFTER).take_while(same);
        before.filter(|(_, w)| same(w)).any(|(at, w)| is_not(w) && !idle(at))
            || after.into_iter().any(|w| has(NOT_LAST, &w.plain))
    }

    /// Whether the words from `n` on are these, each a stem or, with `=`, a whole word.
    pub fn reads(&self, n: usize, phrase: &str) -> Option<usize> {
        let mut taken = 0;
        for known in phrase.split_ascii_whitespace() {
            let word = self.words.get(n + taken)?;
            if !begins(known, &word.plain) {
                return None;
            }
            taken += 1;
        }
        (taken > 0).then_some(taken)
    }
}

fn between_digits(text: &str, at: usize, c: char) -> bool {
    let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    digit(text.get(..at).and_then(|t| t.chars().next_back()))
        && digit(text.get(at + c.len_utf8()..).and_then(|t| t.chars().next()))
}

/// Whether a sentence ends at this character.
pub fn ends_sentence(text: &str, at: usize, c: char) -> bool {
    if matches!(c, '\n' | '。' | '！' | '？' | '؟' | '।') {
        return true;
    }
    let after = text.get(at + c.len_utf8()..).unwrap_or_default();
    if !matches!(c, '.' | '!' | '?' | '…') || !(after.is_empty() || after.starts_with(char::is_whitespace)) {
        return false;
    }
    if c != '.' {
        return true;
    }
    let before = text.get(..at).unwrap_or_default().rsplit(char::is_whitespace).next().unwrap_or_default();
    let next = after.split_whitespace().next().unwrap_or_default();
    // "12. Dezember", "approx. 3".
    let ordinal = before.chars().count() <= 2
        && before.chars().all(char::is_numeric)
        && date::month(next.trim_end_matches(|c: char| !c.is_alphabetic())).is_some();
    !ordinal && !has(ABBREVIATED, &before.trim_start_matches('(').to_lowercase())
}

/// Every sentence's place; none ends within a name.
pub fn sentences(text: &str, names: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if ends_sentence(text, at, c) && !names.iter().any(|n| n.contains(&at)) {
            found.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    found.push(start..text.len());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_clauses_and_negations_are_seen() {
        let words =
            Words::read("It comes on 12. Dezember, e.g. by post. We can't give you a discount! No problem, a refund?");
        assert_eq!(words.words.last().map(|w| w.sentence), Some(2));
        assert!(words.asks(2) && !words.asks(1));
        let at = |plain: &str| words.words.iter().position(|w| w.plain == plain).unwrap();
        assert!(words.negated(at("discount")) && !words.negated(at("refund")) && !words.negated(at("post")));
        assert!(Words::read("Wir erstatten das leider nicht").negated(1));
        assert_eq!(words.reads(at("we"), "we can't giv"), Some(3));
        assert_eq!(fold("Größe DÍAS Can’t"), "große dias can't");
    }
}
