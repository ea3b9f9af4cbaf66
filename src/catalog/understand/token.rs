//! A sentence as words, numbers and symbols that know where they stood.

use crate::catalog::understand::lexicon;
use crate::search::analyse;
use std::collections::HashMap;
use unicode_normalization::char::is_combining_mark;

/// Tokens of a sentence at most.
const TOKENS_MAX: usize = 600;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters, with apostrophes inside.
    Word,
    /// Digits, with points or commas inside.
    Number,
    /// Any other single character.
    Symbol,
}

/// A piece of a sentence.
#[derive(Clone, Debug)]
pub struct Token {
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
    /// Without case, accents and apostrophes; numbers as plain decimals.
    pub low: String,
    /// What it is made of.
    pub kind: Kind,
    /// Whether it follows the token before without white space.
    pub glued: bool,
    /// Whether its letters are all capitals.
    pub upper: bool,
    /// Whether it is part of a code, an address or a brand, where nothing is read into it.
    pub frozen: bool,
}

/// Without case, accents and apostrophes: `Größe` → `grosse`, `women's` → `womens`. As the search folds, so that both meet.
pub fn fold(text: &str) -> String {
    let mut low = analyse::fold(text);
    low.retain(|c| c != '\'');
    low
}

/// Cuts a sentence.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut letters = text.char_indices().peekable();
    while let Some((start, first)) = letters.next() {
        if first.is_whitespace() || first.is_control() {
            continue;
        }
        if tokens.len() >= TOKENS_MAX {
            break;
        }
        let kind = kind(first);
        let mut end = start + first.len_utf8();
        while let Some((at, next)) = letters.peek().copied() {
            let after = text.get(at + next.len_utf8()..).and_then(|rest| rest.chars().next());
            let goes_on = match kind {
                Kind::Word => {
                    next.is_alphabetic()
                        || is_combining_mark(next)
                        || (matches!(next, '\'' | '’') && after.is_some_and(char::is_alphabetic))
                }
                Kind::Number => {
                    is_digit(next) || (matches!(next, '.' | ',' | '٫' | '٬') && after.is_some_and(is_digit))
                }
                Kind::Symbol => false,
            };
            if !goes_on {
                break;
            }
            end = at + next.len_utf8();
            letters.next();
        }
        let raw = text.get(start..end).unwrap_or_default();
        let low = match kind {
            Kind::Number => decimal(&fold(raw)),
            // A compatibility form may fold to several pieces; a word stays one.
            _ => fold(raw).split_whitespace().collect(),
        };
        let upper = kind == Kind::Word && raw.chars().all(char::is_uppercase);
        let glued = tokens.last().is_some_and(|before| before.end == start);
        tokens.push(Token { start, end, low, kind, glued, upper, frozen: false });
    }
    freeze_codes(&mut tokens);
    tokens
}

/// Digits of ours, of Arabic and of Devanagari.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '٠'..='٩' | '۰'..='۹' | '०'..='९')
}

fn kind(first: char) -> Kind {
    if first.is_alphabetic() {
        Kind::Word
    } else if is_digit(first) {
        Kind::Number
    } else {
        Kind::Symbol
    }
}

/// `1.299,00` → `1299.00`, `1,299` → `1299`, `12,5` → `12.5`.
fn decimal(raw: &str) -> String {
    let Some(last) = raw.rfind(['.', ',']) else { return raw.to_owned() };
    let mark = raw.get(last..=last).unwrap_or_default();
    let (whole, part) = (raw.get(..last).unwrap_or_default(), raw.get(last + 1..).unwrap_or_default());
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let thousands = part.len() == 3 && (whole.contains(mark) || !whole.contains(['.', ',']));
    // "0.750" is no thousand.
    if (thousands && digits != "0") || whole.contains(mark) {
        format!("{digits}{part}")
    } else {
        format!("{digits}.{part}")
    }
}

/// Part numbers, SKUs and addresses: `006R90321`, `SK-DRRJW-M-NVY`, `me@x.example`.
fn freeze_codes(tokens: &mut [Token]) {
    for chunk in tokens.chunk_by_mut(|_, next| next.glued) {
        let dashes = chunk.iter().filter(|t| matches!(t.low.as_str(), "-" | "_")).count();
        let capitals = chunk.iter().any(|t| t.upper && t.low.len() > 1);
        let address = chunk.iter().any(|t| t.low == "@") || chunk.windows(2).any(both_slashes);
        let mixed = chunk.windows(2).any(|pair| match pair {
            [a, b] => match (a.kind, b.kind) {
                (Kind::Word, Kind::Number) => !lexicon::is_currency(&a.low) && !lexicon::precedes_number(&a.low),
                (Kind::Number, Kind::Word) => !lexicon::follows_number(&b.low),
                _ => false,
            },
            _ => false,
        });
        if address || mixed || (dashes > 1 && capitals) {
            chunk.iter_mut().for_each(|t| t.frozen = true);
        }
    }
}

fn both_slashes(pair: &[Token]) -> bool {
    pair.iter().all(|t| t.low == "/")
}

/// How many tokens from `at` make up a phrase of folded words; hyphens between words do not count.
pub fn phrase(tokens: &[Token], at: usize, phrase: &str) -> Option<usize> {
    let length = spelled(tokens, at, phrase)?;
    let frozen = tokens.iter().skip(at).take(length).any(|t| t.frozen);
    (!frozen).then_some(length)
}

/// The same, also within codes, addresses and brands.
pub fn spelled(tokens: &[Token], at: usize, phrase: &str) -> Option<usize> {
    let mut length = 0;
    for (index, word) in phrase.split(' ').enumerate() {
        if index > 0 && tokens.get(at + length).is_some_and(|t| t.low == "-" && t.glued) {
            length += 1;
        }
        if tokens.get(at + length).is_none_or(|t| t.low != word) {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// Phrases and what they mean, looked up by their first word.
pub struct Table<T> {
    rows: HashMap<String, Vec<(String, T)>>,
}

impl Table<()> {
    /// Phrases that all mean the same.
    pub fn of(phrases: &[&str]) -> Self {
        Self::new(phrases.iter().map(|words| (*words, ())))
    }
}

impl<T: Copy> Table<T> {
    /// Phrases with their meanings; they are folded here, so that they may be written as people write them.
    pub fn new<'a>(rows: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        Self { rows: HashMap::new() }.with(rows)
    }

    /// Further phrases.
    pub fn with<'a>(mut self, rows: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        for (words, meaning) in rows {
            let words = fold(words);
            let first = words.split(' ').next().unwrap_or_default().to_owned();
            self.rows.entry(first).or_default().push((words, meaning));
        }
        self
    }

    /// The first words of the phrases.
    pub fn beginnings(&self) -> impl Iterator<Item = &String> {
        self.rows.keys()
    }

    /// Whether a word is one of the phrases.
    pub fn has(&self, low: &str) -> bool {
        self.rows.get(low).is_some_and(|rows| rows.iter().any(|(words, _)| words == low))
    }

    /// The longest phrase that stands at a token, and what it means.
    pub fn longest(&self, tokens: &[Token], at: usize) -> Option<(usize, T)> {
        let rows = self.rows.get(tokens.get(at)?.low.as_str())?;
        rows.iter().filter_map(|(words, meaning)| Some((phrase(tokens, at, words)?, *meaning))).max_by_key(|(n, _)| *n)
    }
}
