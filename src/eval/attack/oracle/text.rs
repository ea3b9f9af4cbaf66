//! The oracle's eyes: several views of a text, so that a dress does not hide what a person would read.

use crate::eval::attack::cipher;
use regex::Regex;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// First digits of the scripts that write numbers with their own.
const ZEROES: [u32; 7] = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0x0be6, 0x1810];

/// Without case, width, invisible characters, foreign look-alikes and punctuation.
pub(super) fn plain(text: &str) -> String {
    cipher::plain(text)
}

/// As it reads in its own script: digits as ASCII, no invisible characters, lower case.
pub(super) fn read(text: &str) -> String {
    text.nfkc().filter(|c| !cipher::is_invisible(*c)).map(digit).collect::<String>().to_lowercase().replace('’', "'")
}

/// As it reads to somebody who takes look-alikes for Latin letters.
pub(super) fn latin(text: &str) -> String {
    let text: String = text.nfkc().map(cipher::unlike).collect();
    read(&text)
}

/// As an address is read aloud: "pay dot example" is pay.example.
pub(super) fn dotted(text: &str) -> String {
    static DOT: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\s*[\[({]?\s*\b(dot|punto|ponto|punkt|point|точка)\b\s*[\])}]?\s*"));
    static SPACED: LazyLock<Regex> = LazyLock::new(|| regex(r"\s*([:/.@])\s+(?P<next>[/@])"));
    let text = latin(text).replace(['。', '․', '‧', '·', '•', '｡'], ".").replace(['∕', '⁄', '⧸'], "/");
    let text = text.replace("[.]", ".").replace("(.)", ".").replace("[at]", "@").replace("(at)", "@");
    let text = DOT.replace_all(&text, ".").into_owned();
    let once = SPACED.replace_all(&text, "$1$next").into_owned();
    SPACED.replace_all(&once, "$1$next").into_owned()
}

/// Sentences and lines.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.split('\n') {
        let mut start = 0;
        for (at, c) in line.char_indices() {
            let end = at + c.len_utf8();
            let next = line.get(end..).unwrap_or_default();
            let stops =
                "!?。！？؟।".contains(c) || (c == '.' && (next.is_empty() || next.starts_with(char::is_whitespace)));
            if stops {
                found.extend(line.get(start..end));
                start = end;
            }
        }
        found.extend(line.get(start..));
    }
    found.retain(|s| !s.trim().is_empty());
    found
}

fn digit(c: char) -> char {
    let code = u32::from(c);
    let value = ZEROES.iter().find(|zero| (**zero..**zero + 10).contains(&code)).map(|zero| code - zero);
    value.and_then(|v| char::from_digit(v, 10)).unwrap_or(c)
}

/// A pattern of ours.
pub(super) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern of the oracle is a pattern")
}
