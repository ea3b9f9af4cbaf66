//! Amounts as the world writes them, read without knowing the reader: digits of several scripts and every separator.

use crate::domain::locale::digit;

/// Digits of an amount.
const DIGITS_MAX: usize = 14;
/// Marks that say which way text runs; nobody sees them.
const DIRECTION_MARKS: [char; 9] =
    ['\u{200e}', '\u{200f}', '\u{61c}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{202a}', '\u{202c}'];

/// A mark that nobody sees.
pub(super) fn is_mark(c: char) -> bool {
    DIRECTION_MARKS.contains(&c)
}

/// The digits of a figure and how many of them stand behind the point.
fn read(text: &str, point: impl Fn(&str, usize, char) -> bool) -> Option<(String, usize)> {
    // An Arabic sign is never mistaken: one is always the point, the other never.
    let arabic = text.contains('٫').then_some('٫');
    let figure: String = text
        .chars()
        .filter(|c| !is_mark(*c))
        .map(|c| if Some(c) == arabic { '.' } else { c })
        .filter_map(|c| digit(c).or(matches!(c, '.' | ',').then_some(c)).filter(|c| arabic.is_none() || *c != ','))
        .collect();
    let figure = figure.trim_matches(['.', ',']);
    let (whole, part) = match figure.rfind(['.', ',']) {
        Some(at) => {
            let (whole, rest) = (figure.get(..at)?, figure.get(at..)?);
            let sign = rest.chars().next()?;
            let part = rest.get(sign.len_utf8()..)?;
            if point(whole, part.len(), sign) { (whole, part) } else { (figure, "") }
        }
        None => (figure, ""),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    if whole.is_empty() || whole.len() + part.len() > DIGITS_MAX {
        return None;
    }
    Some((format!("{whole}{part}"), part.len()))
}

/// The amount in a money literal as minor units of two digits, whichever sign separates them; `None` when unclear.
pub fn amount(text: &str) -> Option<i64> {
    let (digits, decimals) = read(text, |_, decimals, _| decimals <= 2)?;
    format!("{digits}{:0<1$}", "", 2_usize.checked_sub(decimals)?).parse().ok()
}
