//! The gaps of a form's text: `{{1}}` or `{{order_no}}`.

use std::ops::Range;

/// Gaps of one text that are read; a form of the network's has far fewer.
pub const GAPS_MAX: usize = 100;

/// A gap and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// `1`, `order_no`.
    pub name: String,
    /// With its braces.
    pub range: Range<usize>,
}

/// The gaps of a text in order.
pub fn gaps(text: &str) -> Vec<Gap> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(rest) = text.get(at..)
        && let Some(open) = rest.find("{{")
        && let Some(long) = rest.get(open..).and_then(|inner| inner.find("}}"))
        && found.len() < GAPS_MAX
    {
        let range = at + open..at + open + long + 2;
        let name = text.get(range.start + 2..range.end - 2).unwrap_or_default().trim();
        found.push(Gap { name: name.to_owned(), range: range.clone() });
        at = range.end;
    }
    found
}

/// The text with every gap replaced.
pub fn filled(text: &str, mut value: impl FnMut(&str) -> String) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for gap in gaps(text) {
        out.push_str(text.get(at..gap.range.start).unwrap_or_default());
        out.push_str(&value(&gap.name));
        at = gap.range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
