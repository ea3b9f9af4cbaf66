//! Letters that look like others or like nothing, and numbers to call: no honest writer needs them, so a text with them is not sent. The names of
//! the shop's own goods may have what they like.

use crate::agent::clean::{self, visible};
use crate::agent::literal::{self, Kind};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// Single letters in a row that make a word spelled out.
const SPELLED_MIN: usize = 4;
/// Signs of code, handles and markup.
const SIGNS: &str = "@_\\<>`{}[]|#^~";

/// The first disguise in the model's own words.
pub(super) fn find(text: &str, is_ours: &dyn Fn(&Range<usize>) -> bool) -> Option<String> {
    let own = |at: usize, c: char| !is_ours(&(at..at + c.len_utf8()));
    let letters = text.char_indices().filter(|(at, c)| own(*at, *c));
    for (_, c) in letters {
        let wide = c.is_alphanumeric() && !is_plain(c);
        if wide || SIGNS.contains(c) || (visible(&c.to_string()).is_empty() && !c.is_whitespace()) {
            return Some(c.escape_unicode().to_string());
        }
    }
    let others =
        literal::find(text).into_iter().filter(|l| l.kind != Kind::Figure).map(|l| l.place).collect::<Vec<_>>();
    let plain = |at: usize, c: char| if own(at, c) && !others.iter().any(|o| o.contains(&at)) { c } else { ',' };
    let plain: String = text.char_indices().map(|(at, c)| plain(at, c)).collect();
    spelled(&plain).or_else(|| clean::calls(&plain).then(|| "+".to_owned()))
}

/// Whether a letter or digit is what it looks like: Latin, and the same in its simplest form. Other scripts are told by the
/// tables, which do not have them.
fn is_plain(c: char) -> bool {
    let folded: String = c.nfkc().collect();
    let superscript = matches!(c, '²' | '³' | '½' | '¼' | '¾' | 'º' | 'ª');
    (folded.chars().eq([c]) || superscript) && (!c.is_numeric() || c.is_ascii_digit() || superscript)
}

/// "f r e e".
fn spelled(text: &str) -> Option<String> {
    let mut row: Vec<&str> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || ".-·*".contains(c)) {
        if word.chars().count() == 1 && word.chars().all(char::is_alphabetic) {
            row.push(word);
            if row.len() >= SPELLED_MIN {
                return Some(row.join(" "));
            }
        } else if !word.is_empty() {
            row.clear();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_found_and_what_is_only_foreign_is_not() {
        let found = |text: &str| find(text, &|_| false).is_some();
        for text in
            ["Ｆree", "pa\u{200b}id", "write to @shop", "f r e e", "１9 euros", "\u{202e}eerf", "cart_edit", "٣ pieces"]
        {
            assert!(found(text), "{text}");
        }
        for text in ["Größe 42 – 5 €", "¿Qué tamaño? Año, ação, cœur…", "3 × S / M, 10\u{a0}m², 🙂", "Посмотрите"]
        {
            assert!(!found(text), "{text}");
        }
        assert!(find("The #1 Tent", &|place| place.start >= 4).is_none());
    }
}
