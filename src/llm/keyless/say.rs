//! Results → words. Figures are written as placeholders or quoted from a text, never by hand.

pub mod cart;
pub mod goods;
pub mod order;
pub mod text;

use crate::llm::keyless::talk::Talk;

/// Whether a text carries figures.
pub fn has_figures(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}

/// A text from outside as part of a sentence: bounded, in one line, without anything that reads as a placeholder.
pub fn quiet(text: &str, chars_max: usize) -> String {
    let line = text.replace(['{', '}'], "").split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= chars_max {
        return line;
    }
    let mut short: String = line.chars().take(chars_max).collect();
    short.push('…');
    short
}

/// Whether every figure of a text was written by the shopper in this turn.
pub fn is_echo(text: &str, talk: &Talk) -> bool {
    let mut figures = text.split(|c: char| !c.is_numeric()).filter(|figure| !figure.is_empty());
    let said: Vec<&str> = talk.said.split(|c: char| !c.is_numeric()).filter(|figure| !figure.is_empty()).collect();
    figures.all(|figure| said.contains(&figure))
}

/// A text when it may be said in this turn, otherwise nothing.
pub fn sayable(text: &str, talk: &Talk, chars_max: usize) -> Option<String> {
    let text = quiet(text, chars_max);
    (!text.is_empty()
        && (!has_figures(&text) || is_echo(&text, talk))
        && !text.contains("http")
        && !text.contains("www."))
    .then_some(text)
}

/// The sentences of a text, up to a limit.
pub fn sentences(text: &str) -> Vec<String> {
    const SENTENCES_MAX: usize = 60;
    let mut out = Vec::new();
    let mut current = String::new();
    let mut chars = text.chars().take(6_000).peekable();
    while let Some(c) = chars.next() {
        let breaks = c == '\n';
        if !breaks {
            current.push(c);
        }
        let ends = matches!(c, '.' | '!' | '?') && chars.peek().is_none_or(|next| next.is_whitespace());
        if (ends || breaks || chars.peek().is_none()) && out.len() < SENTENCES_MAX {
            let sentence = current
                .trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '-' | '#' | '•' | '|'))
                .to_owned();
            current.clear();
            if sentence.chars().any(char::is_alphabetic) {
                out.push(sentence);
            }
        }
    }
    out
}
