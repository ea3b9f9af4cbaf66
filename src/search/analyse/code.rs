//! Which stretches of a question look like somebody's code: part numbers, SKUs, barcodes, however they were typed.

use crate::search::analyse::{Piece, is_code_like, pieces, squash, ties};
use crate::search::analyse::{QUERY_CHARS_MAX, WINDOW_MAX, code_keys, fold, measure};

/// Characters from which one word of letters and digits is taken for a code by itself: `ps4` is none, `06r90` may be one.
const SURE_CHARS_MIN: usize = 5;
/// Digits from which a bare number is taken for a code.
const SURE_DIGITS_MIN: usize = 7;
/// Digits of the barcodes that carry a check digit: EAN-8, UPC-A, EAN-13 and GTIN-14.
const BARCODE_DIGITS: [usize; 4] = [8, 12, 13, 14];
/// Words that are put together with a number and are no code: "usb 3.0", "windows 10", "size 42".
#[rustfmt::skip]
const NUMBERED: &[&str] = &[
    "usb", "hdmi", "bluetooth", "wifi", "windows", "iphone", "ipad", "ipod", "galaxy", "pixel", "xbox", "playstation", "ps", "size", "sizes", "type",
    "version", "gen", "generation", "mark", "mk", "series", "pack", "set", "level", "grade", "class", "ddr", "mp", "cat", "office", "under", "over",
    "below", "above", "from", "for", "of", "max", "min", "about", "around", "than", "macos", "ios", "android", "core", "ryzen", "season", "talla",
    "person", "people", "step", "model", "number", "no", "nr", "article", "part", "sku", "ean", "code", "order", "item", "ref",
];

/// Neighbouring words of a question that may be one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeWindow {
    /// What it would be found by, as [`code_keys`] makes it: the key, and a barcode without its leading zeros.
    pub keys: Vec<String>,
    /// How many words were put together.
    pub words: usize,
    /// Whether it can hardly be anything else, so that not having it is an answer. Others count only where a product has
    /// exactly this code.
    pub sure: bool,
}

/// The stretches of a question that look like codes, those that can hardly be anything else first. A code is found by
/// being the same, never by being similar.
pub fn code_windows(text: &str) -> Vec<CodeWindow> {
    let folded = fold::fold(text, QUERY_CHARS_MAX);
    let pieces = pieces(&folded);
    let chunks = chunks(&pieces);
    let mut found: Vec<CodeWindow> = Vec::new();
    for size in 1..=WINDOW_MAX {
        for window in chunks.windows(size) {
            let joined: String = window.iter().map(|chunk| chunk.key.as_str()).collect();
            if !is_code_like(&joined) || joined.len() < window.len() {
                continue;
            }
            let keys = code_keys(&joined);
            let sure = match window {
                [only] => only.is_sure(),
                _ => is_barcode(&joined) && window.iter().all(Chunk::is_digits),
            };
            let plain = window.iter().any(|chunk| NUMBERED.contains(&chunk.key.as_str()));
            if !plain && !found.iter().any(|known| known.keys == keys) {
                found.push(CodeWindow { keys, words: size, sure });
            }
        }
    }
    found.sort_by_key(|window| !window.sure);
    found
}

/// Whether digits are a barcode: their number is one of those in use and the last is the check digit of the others.
pub fn is_barcode(digits: &str) -> bool {
    let read: Option<Vec<u32>> = digits.chars().map(|c| c.to_digit(10)).collect();
    let Some(read) = read.filter(|read| BARCODE_DIGITS.contains(&read.len())) else { return false };
    let sum: u32 = read.iter().rev().enumerate().map(|(at, digit)| digit * if at % 2 == 1 { 3 } else { 1 }).sum();
    sum.is_multiple_of(10) && read.iter().any(|digit| *digit > 0)
}

/// What stands without a blank in it.
struct Chunk {
    /// Letters and digits alone.
    key: String,
    /// Whether hyphens, dots or slashes tied it.
    tied: bool,
    /// Whether it is a number, a measure or dimensions.
    measure: bool,
}

impl Chunk {
    fn is_digits(&self) -> bool {
        self.key.bytes().all(|b| b.is_ascii_digit())
    }

    fn is_sure(&self) -> bool {
        if self.is_digits() {
            return self.key.len() >= SURE_DIGITS_MIN && !self.measure || is_barcode(&self.key);
        }
        let digits = self.key.chars().filter(char::is_ascii_digit).count();
        let letters = self.key.chars().count() - digits;
        let shaped = digits >= 2 && letters >= 1 && self.key.chars().count() >= SURE_CHARS_MIN;
        // "iphone12" and "windows10" are words with their number; a code mixes more, or is tied, or is mostly digits.
        let word = self.key.chars().take_while(|c| c.is_alphabetic()).count();
        let ends = self.key.chars().skip(word).all(|c| c.is_ascii_digit()) && word >= 4 && digits <= 3;
        shaped && !self.measure && (self.tied || !ends)
    }
}

fn chunks(pieces: &[Piece]) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut rest = pieces;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        let Piece::Word(word) = first else { continue };
        let mut key = squash(word);
        let mut tied = false;
        let mut measure = measure::read(&[Piece::Word(word)], &mut Vec::new()).is_some();
        while let [mark, Piece::Word(next), more @ ..] = rest {
            if !ties(mark) {
                break;
            }
            key = squash(&format!("{key}{next}"));
            // "2-person" and "17-inch" are measures; "dv7-1211ea" is none.
            measure = measure && (measure::unit(next).is_some() || next.chars().all(char::is_alphabetic));
            tied = true;
            rest = more;
        }
        if !key.is_empty() {
            chunks.push(Chunk { key, tied, measure });
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(text: &str) -> Vec<String> {
        code_windows(text).into_iter().filter(|w| w.sure).flat_map(|w| w.keys).collect()
    }

    #[test]
    fn codes_are_told_from_words_with_numbers() {
        for (text, keys) in [
            ("006R90321", &["006r90321"][..]),
            ("do you have the 006r-903-21?", &["006r90321"]),
            ("dv7-1211ea", &["dv71211ea"]),
            ("SK-DRRJW-M-NVY-2", &[]),
            ("0095205603217", &["0095205603217", "95205603217"]),
            ("9520 5603 217", &[]),
            ("4052305121993", &["4052305121993"]),
            ("4052 3051 21993", &["4052305121993"]),
        ] {
            assert_eq!(sure(text), keys, "{text}");
        }
        for text in [
            "iphone 12",
            "iphone12",
            "usb 3.0",
            "windows 10",
            "ps4 pro",
            "mp3 player",
            "500gb ssd",
            "2-person tent",
            "17-inch laptop",
            "18x24 frame",
            "under 150 in M",
            "1.299,00",
            "boots 42",
            "a 2021 model",
            "3.5mm jack",
            "t-shirt",
            "in-ear",
            "1/2 inch pipe",
            "3 1/2",
            "4k tv",
            "wd-40",
        ] {
            assert_eq!(sure(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn neighbours_are_only_candidates() {
        let windows = code_windows("hp dv7 1211 ea notebook");
        let keys: Vec<&str> = windows.iter().flat_map(|w| &w.keys).map(String::as_str).collect();
        assert!(keys.contains(&"dv71211ea") && keys.contains(&"dv71211"), "{keys:?}");
        assert!(windows.iter().all(|w| !w.sure || w.words == 1));
        assert_eq!(
            code_windows("usb 3.0 hub").iter().filter(|w| w.words > 1 && w.keys[0].starts_with("usb")).count(),
            0
        );
    }

    #[test]
    fn check_digits_are_checked() {
        assert!(is_barcode("4052305121993") && is_barcode("96385074") && is_barcode("036000291452"));
        assert!(
            !is_barcode("4052305121994") && !is_barcode("123") && !is_barcode("0000000000000") && !is_barcode("٤٠")
        );
    }
}
