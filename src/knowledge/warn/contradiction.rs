//! Two passages that give different figures for what is, word for word, the same thing. It says less than it could: a
//! warning that is wrong once is not read the next time.

use crate::domain::passage::Passage;
use crate::search::analyse;
use std::collections::BTreeSet;
use unicode_segmentation::UnicodeSegmentation;

/// Words besides the figure that two sentences have to share.
const SHARED_MIN: usize = 2;
/// Characters of a sentence that are shown.
const SHOWN_CHARS: usize = 160;
/// Sentences of a passage that are looked at.
const SENTENCES_MAX: usize = 60;

/// Words of a heading or sentence that ask or soften, and tell no case from another.
const LIGHT: [&str; 35] = [
    "all",
    "how",
    "long",
    "much",
    "what",
    "when",
    "faq",
    "question",
    "policy",
    "information",
    "info",
    "about",
    "please",
    "can",
    "may",
    "must",
    "will",
    "within",
    "after",
    "from",
    "have",
    "take",
    "cost",
    "your",
    "our",
    "you",
    "we",
    "us",
    "the",
    "do",
    "does",
    "is",
    "are",
    "for",
    "general",
];

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Days,
    Hours,
    Weeks,
    Months,
    Years,
    Percent,
    Money,
}

/// A sentence with its one figure.
struct Said {
    words: BTreeSet<String>,
    figure: (Unit, Vec<String>),
    text: String,
}

/// Two sentences that contradict each other.
pub fn between(a: &Passage, b: &Passage) -> Option<(String, String)> {
    let (head_a, head_b) = (telling(&a.heading), telling(&b.heading));
    let (said_a, said_b) = (sentences(a), sentences(b));
    for one in &said_a {
        for other in &said_b {
            if one.figure.0 != other.figure.0 || one.figure.1 == other.figure.1 {
                continue;
            }
            // A word that only one of them has may tell the cases apart: "members", "express", "Switzerland".
            let (all_a, all_b) = (with(&one.words, &head_a), with(&other.words, &head_b));
            let apart =
                one.words.difference(&all_b).next().is_some() || other.words.difference(&all_a).next().is_some();
            let elsewhere = head_a.difference(&all_b).next().is_some() || head_b.difference(&all_a).next().is_some();
            let shared = one.words.intersection(&other.words).count();
            let named = usize::from(!head_a.is_empty() && head_a == head_b);
            // One that names the other's figure as well tells both cases.
            let knows = |said: &[Said], figure: &(Unit, Vec<String>)| said.iter().any(|s| s.figure == *figure);
            let both = knows(&said_a, &other.figure) || knows(&said_b, &one.figure);
            if !apart && !elsewhere && !both && shared + named >= SHARED_MIN {
                return Some((one.text.clone(), other.text.clone()));
            }
        }
    }
    None
}

fn with(one: &BTreeSet<String>, other: &BTreeSet<String>) -> BTreeSet<String> {
    one.union(other).cloned().collect()
}

fn sentences(passage: &Passage) -> Vec<Said> {
    let lines = passage.text.lines().flat_map(str::split_sentence_bounds);
    lines.take(SENTENCES_MAX).filter_map(said).collect()
}

/// A sentence with exactly one kind of figure; one with several says more than can be compared.
fn said(sentence: &str) -> Option<Said> {
    let tokens: Vec<&str> = sentence.split_whitespace().collect();
    let mut figures: Vec<(Unit, Vec<String>)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let bare = token.trim_matches(|c: char| "()[],;:!?\"'".contains(c)).trim_end_matches('.');
        if !bare.chars().any(|c| c.is_ascii_digit()) {
            continue;
        }
        let sign = bare.trim_matches(|c: char| c.is_ascii_digit() || ".,-–".contains(c));
        let next = tokens.get(index + 1).copied().unwrap_or_default();
        let before = index.checked_sub(1).and_then(|i| tokens.get(i)).copied().unwrap_or_default();
        let unit = unit(sign).or_else(|| unit(next)).or_else(|| unit(before).filter(|u| *u == Unit::Money))?;
        let number = |text: &str| text.replace(',', ".").trim_end_matches('0').trim_end_matches('.').to_owned();
        let digits: Vec<String> = bare
            .split(['-', '–'])
            .map(|part| part.chars().filter(|c| c.is_ascii_digit() || ".,".contains(*c)).collect::<String>())
            .filter(|part| !part.is_empty())
            .map(|part| if part.contains(['.', ',']) { number(&part) } else { part })
            .collect();
        figures.push((unit, digits));
    }
    let [figure] = figures.as_slice() else { return None };
    let words = telling(sentence);
    let text = sentence.trim().chars().take(SHOWN_CHARS).collect();
    Some(Said { words, figure: figure.clone(), text })
}

/// The words that say what something is about.
fn telling(text: &str) -> BTreeSet<String> {
    let words = analyse::query(text).into_iter();
    let light = |word: &String| {
        LIGHT.contains(&word.as_str())
            || word.chars().any(|c| c.is_ascii_digit())
            || unit(word).is_some()
            || word.chars().count() < 2
    };
    words.filter(|word| !light(word)).collect()
}

fn unit(word: &str) -> Option<Unit> {
    let word = word.trim_matches(|c: char| "()[],;:.!?\"'".contains(c)).to_lowercase();
    Some(match word.as_str() {
        "day" | "days" | "tag" | "tage" | "tagen" | "jour" | "jours" | "día" | "días" | "giorni" | "dagen" | "dias" => {
            Unit::Days
        }
        "hour" | "hours" | "stunde" | "stunden" | "heures" | "horas" | "ore" => Unit::Hours,
        "week" | "weeks" | "woche" | "wochen" | "semaines" | "semanas" | "settimane" => Unit::Weeks,
        "month" | "months" | "monat" | "monate" | "monaten" | "mois" | "meses" | "mesi" => Unit::Months,
        "year" | "years" | "jahr" | "jahre" | "jahren" | "ans" | "años" | "anni" => Unit::Years,
        "%" | "percent" | "prozent" => Unit::Percent,
        "€" | "eur" | "euro" | "euros" | "$" | "usd" | "£" | "gbp" | "chf" => Unit::Money,
        _ => return None,
    })
}
