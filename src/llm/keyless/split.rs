//! One message may ask for several things: where to cut it.

use crate::llm::keyless::lexicon::{GREET, INTERJECTIONS, POLITE, QUESTION, SEARCH_SIGNS, THANKS};
use crate::llm::keyless::words::{CHARS_MAX, Words};

/// Pieces of one message that are looked at.
pub const PIECES_MAX: usize = 6;

/// One thing said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its words, without a greeting in front.
    pub words: Words,
    /// Whether it ended with a question mark.
    pub question: bool,
}

/// Cuts a message at the ends of sentences, and where "and" begins another question.
pub fn pieces(text: &str) -> Vec<Piece> {
    let bounded: String = text.chars().take(CHARS_MAX).collect();
    let mut out = Vec::new();
    let mut sentence = String::new();
    let mut chars = bounded.chars().peekable();
    while let Some(c) = chars.next() {
        let ends =
            matches!(c, '?' | '!' | ';' | '\n') || (c == '.' && chars.peek().is_none_or(|next| next.is_whitespace()));
        if !ends {
            sentence.push(c);
        }
        if ends || chars.peek().is_none() {
            cut_at_and(&sentence, c == '?', &mut out);
            sentence.clear();
        }
    }
    out.truncate(PIECES_MAX);
    out
}

fn cut_at_and(sentence: &str, question: bool, out: &mut Vec<Piece>) {
    let words = Words::read(sentence);
    let mut rest = Words::default();
    for (at, word) in words.list.iter().enumerate() {
        let is_and = matches!(word.plain.as_str(), "and" | "y" | "e" | "also" | "but" | "pero" | "mas" | "plus");
        let tail = Words { list: words.list.get(at + 1..).unwrap_or_default().to_vec() };
        if is_and && rest.len() > 1 && begins_anew(&tail) {
            push(std::mem::take(&mut rest), question, out);
        } else {
            rest.list.push(word.clone());
        }
    }
    push(rest, question, out);
}

fn begins_anew(tail: &Words) -> bool {
    let first = tail.plain(0);
    if tail.len() < 2 || first == "es" {
        return false;
    }
    let count = matches!(first, "one" | "two" | "three") || first.chars().all(|c| c.is_ascii_digit());
    QUESTION.contains(&first)
        || tail.starts(SEARCH_SIGNS)
        || tail.starts(&["add", "remove", "tell me", "compare", "checkout", "pay"])
        || (count && tail.len() >= 2 && !matches!(tail.plain(1), "of" | "and" | "euro" | "euros"))
}

fn push(words: Words, question: bool, out: &mut Vec<Piece>) {
    let answered = words.after(INTERJECTIONS);
    let courteous = answered.len() < 2 || answered.starts(THANKS) || answered.starts(POLITE);
    let words = if courteous { words } else { answered };
    let greeted = words.after(GREET);
    let words = if greeted.is_empty() { words } else { greeted };
    let bare = words.without(POLITE);
    let words = if bare.is_empty() { words } else { bare };
    if !words.is_empty() {
        out.push(Piece { words, question });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_cut_where_a_new_question_begins() {
        for (text, expected) in [
            ("Hi, do you have socks?", vec!["do you have socks"]),
            ("I need a jacket. What is your return policy?", vec!["I need a jacket", "What is your return policy"]),
            ("show me tents and how long is shipping", vec!["show me tents", "how long is shipping"]),
            ("shirts and socks", vec!["shirts and socks"]),
            ("3 of these and one headlamp", vec!["3 of these", "one headlamp"]),
            ("compare the first and the second", vec!["compare the first and the second"]),
            ("under €149.90 please", vec!["under €149.90"]),
            ("difference between 1 and 3", vec!["difference between 1 and 3"]),
            ("hello!", vec!["hello"]),
            ("👋", vec![]),
        ] {
            let cut: Vec<String> = pieces(text).iter().map(|piece| piece.words.written()).collect();
            assert_eq!(cut, expected, "{text}");
        }
    }
}
