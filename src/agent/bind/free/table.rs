//! The tables of words, one file a language.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a word needs beside it to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Nothing.
    Free,
    /// A "not": nobody here can promise or approve.
    Never,
    /// An amount.
    Price,
    /// A product.
    Stock,
    /// An order whose state is known.
    State,
    /// An order, a cart or a text.
    Talk,
    /// A text, or a thing whose promises are checked.
    Promise,
    /// An act of this turn.
    Deed,
    /// A cart that was changed.
    Cart,
    /// A colleague who was called.
    HandOff,
}

/// The words of one language.
#[derive(Debug, Default)]
pub struct Table {
    whole: BTreeMap<&'static str, Vec<Group>>,
    stems: BTreeMap<&'static str, Vec<Group>>,
}

/// Every language that is checked.
pub static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let texts = [
        include_str!("en.txt"),
        include_str!("es.txt"),
        include_str!("pt.txt"),
        include_str!("de.txt"),
        include_str!("fr.txt"),
    ];
    texts.into_iter().map(Table::read).collect()
});

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Self::default();
        let mut group = Group::Free;
        for line in text.lines() {
            if let Some(named) = Group::named(line) {
                group = named;
                continue;
            }
            for word in line.split_ascii_whitespace() {
                let (into, word) = match word.strip_suffix('*') {
                    Some(stem) => (&mut table.stems, stem),
                    None => (&mut table.whole, word),
                };
                into.entry(word).or_default().push(group);
            }
        }
        table
    }

    /// Every group a word is in.
    pub fn groups(&self, word: &str) -> Vec<Group> {
        let starts = word.char_indices().map(|(at, _)| at).skip(1).chain([word.len()]);
        let stems = starts.filter_map(|end| self.stems.get(word.get(..end)?)).flatten();
        let mut groups: Vec<Group> = self.whole.get(word).into_iter().flatten().chain(stems).copied().collect();
        groups.sort();
        groups.dedup();
        groups
    }

    /// Whether the language has the word.
    pub fn knows(&self, word: &str) -> bool {
        !self.groups(word).is_empty()
    }
}

impl Group {
    fn named(line: &str) -> Option<Self> {
        Some(match line.trim() {
            "[free]" => Self::Free,
            "[never]" => Self::Never,
            "[price]" => Self::Price,
            "[stock]" => Self::Stock,
            "[state]" => Self::State,
            "[talk]" => Self::Talk,
            "[promise]" => Self::Promise,
            "[deed]" => Self::Deed,
            "[cart]" => Self::Cart,
            "[hand_off]" => Self::HandOff,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::bind::words::fold;

    #[test]
    fn every_table_has_every_group_and_is_written_as_words_are_read() {
        for text in TABLES.iter() {
            let all: Vec<Group> = text.whole.values().chain(text.stems.values()).flatten().copied().collect();
            for group in
                [Group::Free, Group::Never, Group::Price, Group::State, Group::Talk, Group::Promise, Group::Cart]
            {
                assert!(all.contains(&group), "{group:?}");
            }
        }
        let english = TABLES.first().unwrap();
        assert_eq!(english.groups("delivered"), [Group::Free, Group::State]);
        assert!(english.knows("jackets") && !english.knows("kingdom"));
        assert_eq!(fold("Größe"), "große");
    }
}
