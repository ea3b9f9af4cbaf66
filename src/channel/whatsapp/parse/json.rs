//! JSON as it came: looked at a level at a time, with the digits of its numbers untouched.

use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// Letters of a text that are kept.
const TEXT_CHARS_MAX: usize = 70_000;
/// Elements of a list inside a message that are looked at.
const ITEMS_MAX: usize = 200;

/// A value of unknown shape, still as text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a>(&'a RawValue);

/// The fields of an object; empty if it was none.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields<'a>(BTreeMap<Text, &'a RawValue>);

/// A text of any bytes: half a character, as some phones send it, does not spoil the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Text(String);

impl<'a> Node<'a> {
    /// Reads a whole text; nothing if it is no JSON.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// The value as it came.
    pub(super) fn raw(self) -> &'a str {
        self.0.get()
    }

    /// Its fields.
    pub(super) fn fields(self) -> Fields<'a> {
        if !self.raw().starts_with('{') {
            return Fields::default();
        }
        serde_json::from_str(self.raw()).map(Fields).unwrap_or_default()
    }

    /// Its elements, all of them; an object where a list was expected is a list of one.
    pub(super) fn all(self) -> Vec<Self> {
        if self.raw().starts_with('{') {
            return vec![self];
        }
        let items: Vec<&'a RawValue> = serde_json::from_str(self.raw()).unwrap_or_default();
        items.into_iter().map(Self).collect()
    }

    /// A text without control characters but line breaks and tabs; a number or a truth value as it is written. Nothing for
    /// `null`, lists and objects.
    pub(super) fn text(self) -> Option<String> {
        let raw = self.raw();
        match raw.as_bytes().first()? {
            b'"' => {
                let Text(text) = serde_json::from_str(raw).ok()?;
                Some(
                    text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).take(TEXT_CHARS_MAX).collect(),
                )
            }
            b'{' | b'[' | b'n' => None,
            _ => Some(raw.chars().take(TEXT_CHARS_MAX).collect()),
        }
    }
}

impl<'a> Fields<'a> {
    /// A field, unless it is missing or `null`.
    pub(super) fn get(&self, name: &str) -> Option<Node<'a>> {
        self.0.get(name).map(|raw| Node(raw)).filter(|node| node.raw() != "null")
    }

    /// The fields of a field.
    pub(super) fn inner(&self, name: &str) -> Fields<'a> {
        self.get(name).map(Node::fields).unwrap_or_default()
    }

    /// The elements of a field, up to a limit.
    pub(super) fn items(&self, name: &str) -> Vec<Fields<'a>> {
        self.nodes(name).into_iter().take(ITEMS_MAX).map(Node::fields).collect()
    }

    /// The elements of a field, all of them.
    pub(super) fn nodes(&self, name: &str) -> Vec<Node<'a>> {
        self.get(name).map(Node::all).unwrap_or_default()
    }

    /// A text or number, unless it is empty.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.text().filter(|text| !text.trim().is_empty())
    }

    /// The same, cut.
    pub(super) fn short(&self, name: &str, max: usize) -> Option<String> {
        self.text(name).map(|text| text.trim().chars().take(max).collect())
    }

    /// The same, or nothing at all.
    pub(super) fn word(&self, name: &str, max: usize) -> String {
        self.short(name, max).unwrap_or_default()
    }

    /// Whether a field says yes.
    pub(super) fn yes(&self, name: &str) -> bool {
        self.get(name).is_some_and(|node| node.raw() == "true")
    }
}

// A visitor of bytes: asked for a text, the reader would refuse halves of characters.
impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Text, E> {
                Ok(Text(String::from_utf8_lossy(bytes).into_owned()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.to_owned()))
            }
        }
        from.deserialize_bytes(Bytes)
    }
}

// Looked up by name without making a text of the name.
impl std::borrow::Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn digits_stay_as_they_came() {
        let fields =
            Node::read(r#"{"a": 18.90, "b": "7", "c": 1e2, "d": null, "e": [1], "f": true}"#).unwrap().fields();
        let text = |name: &str| fields.text(name);
        assert_eq!(
            (text("a").as_deref(), text("b").as_deref(), text("c").as_deref()),
            (Some("18.90"), Some("7"), Some("1e2"))
        );
        assert_eq!((text("d"), text("e"), text("g")), (None, None, None));
        assert!(fields.yes("f") && !fields.yes("a"));
    }

    #[test]
    fn half_a_character_spoils_only_itself() {
        let fields = Node::read("{\"a\\ud83d\": 1, \"text\": \"ol\\u00e1 \\ud83d!\\u0000\"}").unwrap().fields();
        let text = fields.text("text").unwrap();
        assert!(text.starts_with("olá ") && text.ends_with('!'), "{text}");
    }

    #[test]
    fn a_list_of_one_may_lack_its_brackets() {
        let fields = Node::read(r#"{"one": {"x": 1}, "two": [{"x": 1}, 7], "none": 3}"#).unwrap().fields();
        let count = |name: &str| fields.nodes(name).len();
        assert_eq!((count("one"), count("two"), count("none")), (1, 2, 0));
    }
}
