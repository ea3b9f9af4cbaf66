//! Attributes as `key=value` texts, written and asked for in the same spelling.

use crate::search::Doc;
use crate::search::Filter;
use crate::search::hash;

/// Attributes kept of one document; a feed with more is made of columns nobody filters by.
pub const PAIRS_MAX: usize = 500;

/// Characters of one pair.
const PAIR_CHARS_MAX: usize = 200;

/// One attribute. `|` and a second `=` would blur where a pair ends, so they become blanks.
pub fn pair(key: &str, value: &str) -> String {
    let key = key.trim().to_lowercase().replace(['|', '='], " ");
    let value = value.trim().to_lowercase().replace('|', " ");
    let pair = format!("{key}={value}");
    // Bytes are never fewer than characters, so that most pairs need no counting.
    if pair.len() <= PAIR_CHARS_MAX { pair } else { pair.chars().take(PAIR_CHARS_MAX).collect() }
}

/// The hashes of what a filter asks for.
pub fn hashed(filter: &Filter) -> Vec<Vec<u64>> {
    wanted(filter).into_iter().map(|any| any.iter().map(|pair| hash::of(pair)).collect()).collect()
}

/// All attributes of a document.
pub fn of(doc: &Doc) -> Vec<String> {
    doc.attributes.iter().take(PAIRS_MAX).map(|(key, value)| pair(key, value)).collect()
}

/// What a filter asks for: of each inner list one must be there. A key without values asks nothing.
pub fn wanted(filter: &Filter) -> Vec<Vec<String>> {
    filter
        .attributes
        .iter()
        .filter(|(_, values)| !values.is_empty())
        .take(PAIRS_MAX)
        .map(|(key, values)| values.iter().take(PAIRS_MAX).map(|value| pair(key, value)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_marks_cannot_make_another_pair() {
        assert_eq!(pair("Size", " M|colour=blue"), "size=m colour=blue");
        assert_eq!(pair("a=b", "c"), "a b=c");
        assert_eq!(pair("k", &"x".repeat(1_000)).len(), PAIR_CHARS_MAX);
    }

    #[test]
    fn a_key_without_values_asks_nothing() {
        let filter = Filter {
            attributes: vec![("size".into(), vec![]), ("colour".into(), vec!["Blue".into(), "red".into()])],
            ..Filter::default()
        };
        assert_eq!(wanted(&filter), [["colour=blue", "colour=red"]]);
    }
}
