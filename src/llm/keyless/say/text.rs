//! The shop's texts in words: the sentences that answer, quoted, with their source.

use super::{has_figures, sentences};
use crate::llm::keyless::draft::{Draft, Outcome};
use crate::llm::keyless::intent::content;
use crate::llm::keyless::language::Language;
use crate::llm::keyless::phrases as ph;
use crate::llm::keyless::refer::stem;
use crate::llm::keyless::results::Passage;
use crate::llm::keyless::talk::Talk;
use crate::llm::keyless::words::Words;

/// Characters of quotation in one answer.
const QUOTE_CHARS_MAX: usize = 350;
/// Characters of the first sentence when even that is long.
const SENTENCE_CHARS_MAX: usize = 345;

/// The passages that may be quoted: a good match, and still valid.
pub fn usable<'a>(passages: &'a [Passage], talk: &Talk) -> Vec<&'a Passage> {
    let today = talk.state.today.as_deref().unwrap_or("");
    passages
        .iter()
        .filter(|passage| matches!(passage.strength.as_str(), "strong" | "fair"))
        .filter(|passage| passage.valid_until.as_deref().is_none_or(|until| today.is_empty() || until >= today))
        .filter(|passage| !passage.text.trim().is_empty() && !passage.name.is_empty())
        .take(4)
        .collect()
}

/// The best one or two passages' sentences, by the words they share with the question.
pub fn quote(question: &str, passages: &[&Passage], talk: &Talk) -> Draft {
    let asked = content(&Words::read(question));
    let Some(first) = passages.first() else { return Draft::default() };
    let mut quote = best_sentences(&asked, first, QUOTE_CHARS_MAX);
    let mut sources = vec![first.name.clone()];
    let left = QUOTE_CHARS_MAX.saturating_sub(quote.chars().count());
    // A second text is only added when it is as sure as the first and says something about the question's words.
    if let Some(second) = passages.get(1).filter(|second| second.strength == "strong" && left > 80) {
        let share = sentences(&second.text).iter().map(|sentence| overlap(&asked, sentence)).max().unwrap_or(0);
        let more = best_sentences(&asked, second, left);
        if share >= 2 && !more.is_empty() && !quote.contains(&more) {
            quote = format!("{quote} {more}");
            sources.push(second.name.clone());
        }
    }
    if let Some(dated) = passages.iter().skip(1).find(|p| p.valid_until.is_some() && p.title == first.title) {
        // What holds only for some weeks is said as well: somebody may count on it.
        let with_date = |sentence: &String| has_figures(sentence) && is_quotable(sentence);
        let more = sentences(&dated.text).into_iter().find(with_date).unwrap_or_default();
        if first.valid_until.is_none() && !sources.contains(&dated.name) && !more.is_empty() {
            quote = format!("{quote} {more}");
            sources.push(dated.name.clone());
        }
    }
    let foreign = talk.language != Language::En && Language::of(&first.text) == Some(Language::En);
    let lead = if foreign { talk.language.pick(ph::IN_ENGLISH) } else { "" };
    Draft::default().and(lead).and(quote).sources(sources)
}

/// We have no text about it: a colleague is offered.
pub fn unknown(talk: &Talk) -> Draft {
    Draft::of(talk.language.pick(ph::NOT_IN_TEXTS))
        .choices([talk.language.pick(ph::TAP_COLLEAGUE).to_owned()])
        .outcome(Outcome::AskBack)
}

/// The sentences sharing most words with the question, in the text's order.
fn best_sentences(asked: &Words, passage: &Passage, room: usize) -> String {
    let all: Vec<String> = sentences(&passage.text).into_iter().filter(|sentence| is_quotable(sentence)).collect();
    let mut ranked: Vec<(usize, usize)> =
        all.iter().enumerate().map(|(at, sentence)| (overlap(asked, sentence) + opening(at, sentence), at)).collect();
    ranked.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    let mut left = room;
    let mut chosen: Vec<usize> = Vec::new();
    for (score, at) in ranked.into_iter().take(3) {
        let chars = all.get(at).map_or(0, |sentence| sentence.chars().count() + 1);
        let worth = score > 0 || chosen.is_empty() || chosen.contains(&at.wrapping_sub(1));
        if worth && chars <= left {
            left -= chars;
            chosen.push(at);
        }
    }
    chosen.sort_unstable();
    let picked: Vec<&str> = chosen.iter().filter_map(|at| all.get(*at)).map(String::as_str).collect();
    match all.first() {
        Some(first) if picked.is_empty() && room >= QUOTE_CHARS_MAX => {
            first.chars().take(SENTENCE_CHARS_MAX).chain(['…']).collect()
        }
        _ => picked.join(" "),
    }
}

/// A yes or a no is the answer, and what opens a section is seldom beside the point.
fn opening(at: usize, sentence: &str) -> usize {
    let first = Words::read(sentence);
    let answers = ["yes", "no", "not", "gladly", "si", "sim", "nao"].contains(&first.plain(0));
    if at > 0 { 0 } else { 1 + if answers { 3 } else { 0 } }
}

/// Addresses are never sent as text, and nothing that reads as a placeholder is quoted.
fn is_quotable(sentence: &str) -> bool {
    !sentence.contains("http") && !sentence.contains("www.") && !sentence.contains(['{', '}'])
}

fn overlap(asked: &Words, sentence: &str) -> usize {
    let words = Words::read(sentence);
    asked.plains().filter(|plain| words.plains().any(|word| alike(word, plain))).count()
}

/// "Returns" and "returned", "ship" and "shipping" count as one word.
fn alike(one: &str, other: &str) -> bool {
    let common = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    stem(one) == stem(other) || (common >= 4 && common + 4 >= one.chars().count().max(other.chars().count()))
}
