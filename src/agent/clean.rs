//! What outsiders wrote, as a model may read it: no characters that nobody sees, no letters in disguise. The inbox keeps the
//! original.

use crate::agent::literal::{self, Kind};
use unicode_normalization::UnicodeNormalization;

/// Digits in a row that a name or a house number may have; more are a number to call.
pub const DIGITS_MAX: usize = 9;

/// A shopper's words in one form of every letter (NFKC), without invisible characters.
pub fn words(text: &str) -> String {
    visible(&text.nfkc().collect::<String>())
}

/// A text without the characters that only hide something: zero-width spaces, marks of direction, tags. The joiners stay
/// where scripts need them, and so does everything that can be seen.
pub fn visible(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let joins = matches!(c, '\u{200c}' | '\u{200d}');
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
        if is_hidden(c) || (joins && latin(kept.chars().next_back()) && latin(letters.peek().copied())) {
            continue;
        }
        kept.push(c);
    }
    kept
}

/// A name from a feed or a heading of a text as it may stand on a card: without links, mail addresses and numbers to call.
pub fn label(text: &str) -> String {
    let text = visible(&unmarked(text));
    let outside = literal::find(&text).into_iter().filter(|l| matches!(l.kind, Kind::Link | Kind::Email));
    let mut kept = text.clone();
    for place in outside.map(|l| l.place).collect::<Vec<_>>().into_iter().rev() {
        kept.replace_range(place, "");
    }
    if calls(&kept) {
        kept.retain(|c| !c.is_ascii_digit());
    }
    if kept == text { text } else { kept.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// Without what stands between angle brackets; a name has no markup.
fn unmarked(text: &str) -> String {
    let mut inside = false;
    let closed = text.contains('<') && text.contains('>');
    let keep = |c: &char| {
        let skip = inside || *c == '<';
        inside = closed && skip && *c != '>';
        !closed || !skip
    };
    text.chars().filter(keep).collect()
}

/// Whether a text has a number to call in it.
pub fn calls(text: &str) -> bool {
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).count();
    text.split(|c: char| c.is_alphabetic() || ",;:".contains(c)).map(digits).any(|count| count > DIGITS_MAX)
}

fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(u32::from(c), 0xad | 0x61c | 0x180e | 0x200b | 0x200e | 0x200f | 0x202a..=0x202e | 0x2060..=0x2064
            | 0x2066..=0x206f | 0xfeff | 0xe0000..=0xe007f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_hides_and_scripts_stay_whole() {
        assert_eq!(words("ｆｒ\u{200b}ee \u{202e}tent\u{202c} \u{e0041}\u{e0042}"), "free tent ");
        assert_eq!(words("i\u{200d}g\u{200c}nore"), "ignore");
        for whole in ["می\u{200c}خواهم", "क्\u{200d}ष", "👩\u{200d}🚀", "a\nb\tc", "Größe 42 – 5 €"]
        {
            assert_eq!(visible(whole), whole);
        }
    }

    #[test]
    fn a_name_leads_nowhere() {
        assert_eq!(label("Signal Whistle – order at whistle4free.example"), "Signal Whistle – order at");
        assert_eq!(label("Bottle (ask boss@bottle.example)"), "Bottle (ask )");
        assert_eq!(label("Hotline +43 720 555 0177 99"), "Hotline +");
        for name in ["Power Bank 10,000", "Beam Headlamp 450", "Fjord 2.5L Rain Jacket Men", "Plume 1 Ultralight Tent"]
        {
            assert_eq!(label(name), name);
        }
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(text in ".{0,80}") {
            let once = visible(&text);
            prop_assert_eq!(visible(&once), once);
        }
    }
}
