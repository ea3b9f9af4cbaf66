//! Texts made to fit: cleaned, cut where a letter ends, taken apart where a sentence ends, and told apart.

use crate::channel::whatsapp::limits::{is_blank, units};
use std::collections::BTreeSet;
use unicode_segmentation::UnicodeSegmentation;

/// What stands where a text went on.
const MORE: &str = "…";

/// A text without control characters; the marks that turn the direction of writing stay.
pub fn clean(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    let kept: String = lines.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    kept.trim().to_owned()
}

/// The same in one line.
pub fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text that fits, with a sign if it went on. Cuts between letters as they are read.
pub fn cut(text: &str, max: usize) -> String {
    if units(text) <= max {
        return text.to_owned();
    }
    let mut kept = prefix(text, max.saturating_sub(units(MORE))).trim_end().to_owned();
    kept.push_str(MORE);
    kept
}

/// As many whole letters as fit; of one that alone is too long, its beginning.
fn prefix(text: &str, max: usize) -> &str {
    let (mut end, mut used) = (0, 0);
    for letter in text.graphemes(true) {
        let long = units(letter);
        if used + long > max {
            break;
        }
        used += long;
        end += letter.len();
    }
    if end == 0 {
        for c in text.chars() {
            if used + c.len_utf16() > max {
                break;
            }
            used += c.len_utf16();
            end += c.len_utf8();
        }
    }
    text.get(..end).unwrap_or_default()
}

/// A label of at least one visible letter that fits.
pub fn label(text: &str, max: usize) -> String {
    let fitted = cut(&line(text), max);
    if is_blank(&fitted) { "–".to_owned() } else { fitted }
}

/// A label that none of the others has: later ones get a number.
pub fn distinct(taken: &mut BTreeSet<String>, text: &str, max: usize) -> String {
    let first = label(text, max);
    if taken.insert(first.clone()) {
        return first;
    }
    for number in 2_usize.. {
        let suffix = format!(" {number}");
        let next = format!("{}{suffix}", cut(&first, max.saturating_sub(suffix.len())));
        if taken.insert(next.clone()) {
            return next;
        }
    }
    first
}

/// Where a text may be parted, the better the higher.
fn rank(before: &str, after: &str) -> u8 {
    let ends = |marks: &[char]| before.trim_end_matches(' ').ends_with(marks);
    if before.ends_with("\n\n") {
        4
    } else if before.ends_with('\n') {
        3
    } else if ends(&['.', '!', '?', '…', '。', '！', '？', '؟', '۔']) && before.ends_with([' ', '。', '！', '？'])
    {
        2
    } else if before.ends_with(char::is_whitespace) && !after.starts_with(char::is_whitespace) {
        1
    } else {
        0
    }
}

/// Parts a text in two: the first has between `min` and `max` units, and ends where a paragraph, a line, a sentence or a
/// word does. White space at the seam is dropped.
pub fn part(text: &str, min: usize, max: usize) -> (&str, &str) {
    let (mut best, mut used, mut end) = ((0, 0), 0, 0);
    for letter in text.graphemes(true) {
        let long = units(letter);
        if used + long > max {
            break;
        }
        used += long;
        end += letter.len();
        if used >= min {
            let rank = rank(text.get(..end).unwrap_or_default(), text.get(end..).unwrap_or_default());
            if rank >= best.0 {
                best = (rank, end);
            }
        }
    }
    let at = if best.1 == 0 { prefix(text, max.max(2)).len() } else { best.1 };
    let (head, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    (head.trim_end(), rest.trim_start())
}
