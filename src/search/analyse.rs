//! Text to tokens, the same for what is stored and what is asked: units made canonical, codes squashed, plurals folded.

mod code;
mod fold;
pub mod language;
mod measure;
mod sieve;
mod stem;
mod stop;
pub mod widen;

pub use crate::search::analyse::code::{CodeWindow, code_windows, is_barcode};
pub use crate::search::analyse::measure::unit;
pub use crate::search::analyse::sieve::Sieve;

use std::collections::HashSet;
use unicode_segmentation::UnicodeSegmentation;

/// Moves whenever the same text gives other tokens, so that what is indexed is cut anew.
pub const VERSION: i64 = 2;

/// Characters read of one document field.
pub const DOCUMENT_CHARS_MAX: usize = 40_000;

/// Tokens made of one document field.
pub const DOCUMENT_TOKENS_MAX: usize = 8_000;

/// Characters read of a question.
pub const QUERY_CHARS_MAX: usize = 1_000;

/// Distinct tokens made of a question.
pub const QUERY_TOKENS_MAX: usize = 64;

/// Characters of one token; longer ones are cut, on both sides alike.
pub const TOKEN_CHARS_MAX: usize = 64;

/// Parts a compound is joined over; a longer chain, such as an address, gives only its parts.
const COMPOUND_PARTS_MAX: usize = 6;

/// Neighbouring words that may be one code typed with blanks, at most.
const WINDOW_MAX: usize = 3;

/// Shortest text that is taken for a code.
const CODE_CHARS_MIN: usize = 4;

/// Digits from which a number may be a barcode, whose leading zeros mean nothing.
const BARCODE_DIGITS_MIN: usize = 8;

/// A stretch of text as the segmentation sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece<'a> {
    /// Has at least one letter or digit.
    Word(&'a str),
    /// Punctuation or a symbol.
    Mark(char),
    /// Blank space.
    Gap,
}

/// One spelling of a text, as everything here compares it: compatibility forms, case and accents are gone.
pub fn fold(text: &str) -> String {
    fold::fold(text, DOCUMENT_CHARS_MAX)
}

/// Which side of the search a text is on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    /// To be found.
    Stored,
    /// Asking.
    Asked,
}

/// The tokens of a text to be found, in order, repeated as often as they occur. No stop words are dropped.
pub fn document(text: &str) -> Vec<String> {
    let folded = fold::fold(text, DOCUMENT_CHARS_MAX);
    tokens(&pieces(&folded), Side::Stored, DOCUMENT_TOKENS_MAX)
}

/// The distinct tokens of a question, words first, then neighbouring words squashed in case they are one code.
pub fn query(text: &str) -> Vec<String> {
    let folded = fold::fold(text, QUERY_CHARS_MAX);
    let pieces = pieces(&folded);
    let stop =
        |at: usize, piece: &Piece| matches!(piece, Piece::Word(word) if stop::is_stop(word) && !tied(&pieces, at));
    let telling: Vec<Piece> =
        pieces.iter().enumerate().filter(|(at, piece)| !stop(*at, piece)).map(|(_, piece)| *piece).collect();
    let mut found = tokens(&telling, Side::Asked, DOCUMENT_TOKENS_MAX);
    if found.is_empty() {
        found = tokens(&pieces, Side::Asked, DOCUMENT_TOKENS_MAX);
    }
    let barcodes: Vec<String> = found.iter().filter_map(|token| barcode(token)).collect();
    found.extend(barcodes);
    found.extend(windows(&pieces));
    let mut seen = HashSet::new();
    found.retain(|token| seen.insert(token.clone()));
    found.truncate(QUERY_TOKENS_MAX);
    found
}

/// What a code (SKU, part number, barcode) is found by: its letters and digits alone.
pub fn code_keys(code: &str) -> Vec<String> {
    let key = squash(&fold::fold(code, DOCUMENT_CHARS_MAX));
    let trimmed = barcode(&key);
    [Some(key), trimmed].into_iter().flatten().filter(|key| !key.is_empty()).collect()
}

/// Whether a text is a token as this module makes them: letters and digits only.
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphanumeric)
}

/// Whether a token could be somebody's code: long enough, and with a digit.
pub fn is_code_like(token: &str) -> bool {
    token.chars().any(|c| c.is_ascii_digit()) && token.chars().count() >= CODE_CHARS_MIN
}

fn pieces(folded: &str) -> Vec<Piece<'_>> {
    folded
        .split_word_bounds()
        .filter_map(|part| {
            let first = part.chars().next()?;
            Some(match part.chars().any(char::is_alphanumeric) {
                true => Piece::Word(part),
                false if first.is_whitespace() => Piece::Gap,
                false => Piece::Mark(first),
            })
        })
        .collect()
}

/// Whether a mark between two words makes them one compound.
fn ties(piece: &Piece) -> bool {
    matches!(piece, Piece::Mark('-' | '.' | '/' | '_' | '&' | '+'))
}

/// Whether a word is part of a compound: the `in` of in-ear says something.
fn tied(pieces: &[Piece], at: usize) -> bool {
    let word = |at: Option<usize>| matches!(at.and_then(|at| pieces.get(at)), Some(Piece::Word(_)));
    let mark = |at: Option<usize>| at.and_then(|at| pieces.get(at)).is_some_and(ties);
    let before = mark(at.checked_sub(1)) && word(at.checked_sub(2));
    let after = mark(at.checked_add(1)) && word(at.checked_add(2));
    before || after
}

fn tokens(pieces: &[Piece], side: Side, max: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = pieces;
    while out.len() < max {
        let used = match rest {
            [] => break,
            [Piece::Word(word), ..] if is_unspaced(word) => unspaced(rest, side, &mut out),
            [Piece::Word(_), ..] => measure::read(rest, &mut out).unwrap_or_else(|| compound(rest, &mut out)),
            _ => 1,
        };
        rest = rest.get(used.max(1)..).unwrap_or_default();
    }
    out.truncate(max);
    out
}

/// Whether a piece is of a script that writes no blanks between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
fn is_unspaced(word: &str) -> bool {
    let unspaced = |c| {
        matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
    };
    word.chars().next().is_some_and(unspaced)
}

/// A run of such a script as its neighbouring pairs, because nobody tells us where its words end. What is stored has each
/// sign as well, for whoever asks with one.
fn unspaced(rest: &[Piece], side: Side, out: &mut Vec<String>) -> usize {
    let run: Vec<&str> = rest
        .iter()
        .map_while(|piece| match piece {
            Piece::Word(word) if is_unspaced(word) => Some(*word),
            _ => None,
        })
        .collect();
    let pairs = run.windows(2).map(<[&str]>::concat);
    let signs = run.iter().filter(|_| run.len() == 1 || side == Side::Stored).map(|sign| (*sign).to_owned());
    out.extend(pairs.chain(signs).map(|text| squash(&text)).filter(|token| !token.is_empty()));
    run.len()
}

/// Words tied by hyphen, dot, slash and the like: the joined form and each part. Returns the pieces used.
fn compound(rest: &[Piece], out: &mut Vec<String>) -> usize {
    let mut parts = Vec::new();
    let mut used = 0;
    let mut tail = rest;
    while let [Piece::Word(word), after @ ..] = tail {
        parts.push(*word);
        used += 1;
        match after {
            [mark, more @ ..] if ties(mark) && matches!(more, [Piece::Word(_), ..]) => {
                used += 1;
                tail = more;
            }
            _ => break,
        }
    }
    if (2..=COMPOUND_PARTS_MAX).contains(&parts.len()) {
        plain(&parts.concat(), out);
    }
    for part in parts {
        word(part, out);
    }
    used
}

/// One word: a measure in one piece, or its letters and digits; what dots or commas tie inside gives its parts too.
fn word(text: &str, out: &mut Vec<String>) {
    if measure::read(&[Piece::Word(text)], out).is_some() {
        return;
    }
    plain(text, out);
    let without: String = text.chars().filter(|c| !matches!(c, '\'' | '’')).collect();
    let parts: Vec<&str> = without.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 {
        for part in parts {
            plain(part, out);
        }
    }
}

fn plain(text: &str, out: &mut Vec<String>) {
    let token = squash(text);
    // What is squashed may look like a measure; then it is one, so that the token finds itself.
    if !token.is_empty() && measure::read(&[Piece::Word(&token)], out).is_none() {
        out.push(stem::singular(token));
    }
}

/// Letters and digits alone, cut to the longest token.
fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).take(TOKEN_CHARS_MAX).collect()
}

/// A long number without its leading zeros, if it has any: shops write the same barcode with 12, 13 or 14 digits.
fn barcode(token: &str) -> Option<String> {
    let digits = token.len() >= BARCODE_DIGITS_MIN && token.bytes().all(|byte| byte.is_ascii_digit());
    let trimmed = token.trim_start_matches('0');
    (digits && !trimmed.is_empty() && trimmed.len() < token.len()).then(|| trimmed.to_owned())
}

/// Two or three neighbouring words as one, where a digit makes it look like a code.
fn windows(pieces: &[Piece]) -> Vec<String> {
    let words: Vec<String> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Word(word) => Some(squash(word)),
            _ => None,
        })
        .collect();
    (2..=WINDOW_MAX)
        .flat_map(|size| words.windows(size))
        .map(|window| squash(&window.concat()))
        .filter(|code| is_code_like(code))
        .flat_map(|code| [barcode(&code), Some(code)])
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests;
