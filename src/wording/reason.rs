//! Reasons and sentences that are written in English below, where no shopper is known: found again by their English
//! wording, blanks and all, and told in the shopper's language.

use crate::wording::{Language, Phrase};
use fluent_bundle::FluentArgs;
use std::sync::LazyLock;

/// Reasons inside a reason.
const DEPTH_MAX: u32 = 3;
/// Stands for a blank while a wording is taken apart; no text of ours holds it.
const MARK: char = '\u{1}';
/// What stands in a blank and is itself a sentence of the house.
const NESTED: &str = "why";

/// An English wording, taken apart at its blanks.
struct Shape {
    phrase: Phrase,
    words: Vec<String>,
    blanks: Vec<String>,
}

static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(|| {
    let keys = Language::En.table().lines().filter_map(|line| line.split_once(" = "));
    keys.filter(|(key, _)| key.starts_with("reason-") || key.starts_with("status-"))
        .map(|(key, wording)| shape(Phrase(key), wording))
        .collect()
});

fn shape(phrase: Phrase, wording: &str) -> Shape {
    let mut shape = Shape { phrase, words: Vec::new(), blanks: Vec::new() };
    let mut rest = wording;
    while let Some((before, after)) = rest.split_once("{ $") {
        let (blank, following) = after.split_once(" }").unwrap_or((after, ""));
        shape.words.push(before.to_owned());
        shape.blanks.push(blank.to_owned());
        rest = following;
    }
    shape.words.push(rest.to_owned());
    shape
}

impl Shape {
    /// What stands in the blanks, when the text has this shape.
    fn read<'a>(&self, text: &'a str) -> Option<Vec<&'a str>> {
        let (first, others) = self.words.split_first()?;
        let mut rest = text.strip_prefix(first.as_str())?;
        let Some((last, between)) = others.split_last() else {
            return rest.is_empty().then(Vec::new);
        };
        let mut found = Vec::new();
        for words in between {
            let (blank, following) = rest.split_once(words.as_str())?;
            found.push(blank);
            rest = following;
        }
        found.push(rest.strip_suffix(last.as_str())?);
        (!found.iter().any(|blank| blank.is_empty() || blank.contains(MARK))).then_some(found)
    }
}

/// The sentence in a language; `None` when it is none of the house.
pub(super) fn told(language: Language, text: &str) -> Option<String> {
    if language == Language::En { None } else { nested(language, text, DEPTH_MAX) }
}

fn nested(language: Language, text: &str, depth: u32) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    // The wording with the most words of its own says best what was meant.
    let fitting = SHAPES.iter().filter_map(|shape| Some((shape, shape.read(text)?)));
    let (shape, found) = fitting.max_by_key(|(shape, _)| shape.words.iter().map(String::len).sum::<usize>())?;
    let mut args = FluentArgs::new();
    for (blank, with) in shape.blanks.iter().zip(found) {
        let inner = if blank == NESTED { nested(language, with, depth) } else { None };
        args.set(blank.clone(), inner.unwrap_or_else(|| with.to_owned()));
    }
    Some(language.say(shape.phrase, &args))
}
