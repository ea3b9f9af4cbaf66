//! What in a shop's texts will hurt its answers: words that have expired, that contradict each other, that are there
//! twice, that nobody can find a way in, or that are in another language.

mod contradiction;

#[cfg(test)]
mod tests;

use crate::domain::passage::Passage;
use crate::knowledge::day;
use crate::search::analyse;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Days before the end of a text's validity from which it is named.
const SOON_DAYS: i64 = 30;
/// Passages without a heading in one text from which it is called long.
const HEADLESS_MAX: usize = 6;
/// Share of words two passages have in common from which they are near duplicates.
const ALIKE: f32 = 0.9;
/// Words below which a passage says too little to be called a duplicate.
const WORDS_MIN: usize = 12;
/// Passages compared with each other at most; a shop with more has other means.
const COMPARED_MAX: usize = 5_000;
/// Passages that share a rare word and are compared.
const SHARING_MAX: usize = 50;

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What kind: `expired`, `expires_soon`, `contradiction`, `duplicate`, `no_headings`, `language`.
    pub kind: String,
    /// The passages or texts it is about.
    pub places: Vec<String>,
    /// What it is, and what to do.
    pub message: String,
}

/// Looks through all passages; says what concerns at least one text that `came` now.
pub fn warnings(passages: &[&Passage], came: &BTreeSet<&str>, today: &str, locale: &str) -> Vec<Warning> {
    let mut out = Vec::new();
    let ours: Vec<&Passage> = passages.iter().copied().filter(|p| came.contains(p.source.as_str())).collect();
    ends(&ours, today, &mut out);
    texts(&ours, locale, &mut out);
    let compared = passages.get(..passages.len().min(COMPARED_MAX)).unwrap_or_default();
    let concerns = |a: &Passage, b: &Passage| came.contains(a.source.as_str()) || came.contains(b.source.as_str());
    for (a, b) in neighbours(compared) {
        if !concerns(a, b) || !overlap(a, b) {
            continue;
        }
        let places = || vec![place(a), place(b)];
        if alike(a, b) {
            let message = "say nearly the same; keep one, or only one of them will be corrected one day".to_owned();
            out.push(Warning { kind: "duplicate".to_owned(), places: places(), message });
        } else if let Some((one, other)) = contradiction::between(a, b) {
            let message = format!("contradict each other: {one:?} and {other:?}; correct one of them");
            out.push(Warning { kind: "contradiction".to_owned(), places: places(), message });
        }
    }
    out
}

/// `returns.md, "How long"`.
fn place(passage: &Passage) -> String {
    if passage.heading.is_empty() {
        passage.source.clone()
    } else {
        format!("{}, {:?}", passage.source, passage.heading)
    }
}

fn ends(passages: &[&Passage], today: &str, out: &mut Vec<Warning>) {
    let soon =
        today.parse::<Date>().ok().and_then(|day| day.checked_add(SOON_DAYS.days()).ok()).map(|day| day.to_string());
    for passage in passages {
        // What a sentence says bounds the passage no more than any other sentence does, but somebody should look at it.
        let said = day::until(&passage.text).map(|until| until.day.to_string());
        let Some(until) = passage.valid_until.as_ref().or(said.as_ref()) else { continue };
        let bounded = passage.valid_until.is_some();
        let (kind, message) = if until.as_str() < today {
            let told = if bounded { "is not told any more" } else { "is still told" };
            let ended = if bounded { "ended on" } else { "says that something was valid until" };
            ("expired", format!("{ended} {until} and {told}; renew or delete it"))
        } else if soon.as_ref().is_some_and(|soon| until <= soon) {
            let ends = if bounded { "ends on" } else { "says that something is valid until" };
            ("expires_soon", format!("{ends} {until}; renew it in time"))
        } else {
            continue;
        };
        let places = vec![place(passage)];
        if !out.iter().any(|w| w.kind == kind && w.places == places) {
            out.push(Warning { kind: kind.to_owned(), places, message });
        }
    }
}

fn texts(passages: &[&Passage], locale: &str, out: &mut Vec<Warning>) {
    let mut by_source: BTreeMap<&str, Vec<&Passage>> = BTreeMap::new();
    for passage in passages {
        by_source.entry(&passage.source).or_default().push(passage);
    }
    let spoken = locale.split(['-', '_']).next().unwrap_or(locale);
    for (source, all) in by_source {
        let warn = |kind: &str, message| Warning { kind: kind.to_owned(), places: vec![source.to_owned()], message };
        if all.len() >= HEADLESS_MAX && all.iter().all(|p| p.heading.is_empty()) {
            let message = "is long and has no headings, so answers are hard to find in it; give its parts headings";
            out.push(warn("no_headings", message.to_owned()));
        }
        let foreign: Vec<&str> = all.iter().filter_map(|p| p.language.as_deref()).filter(|l| *l != spoken).collect();
        if let Some(language) = foreign.first().filter(|_| foreign.len() * 2 > all.len()) {
            let message = format!(
                "is written in {language:?} and the shop speaks {spoken:?}: questions in {spoken:?} hardly find it; \
                 add the same text in {spoken:?}"
            );
            out.push(warn("language", message));
        }
    }
}

/// Pairs that share a word few others have, each once.
fn neighbours<'a>(passages: &[&'a Passage]) -> Vec<(&'a Passage, &'a Passage)> {
    let mut having: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, passage) in passages.iter().enumerate() {
        let words: BTreeSet<String> =
            analyse::query(&format!("{} {}", passage.heading, passage.text)).into_iter().collect();
        for word in words {
            having.entry(word).or_default().push(index);
        }
    }
    let mut pairs = BTreeSet::new();
    for sharing in having.values().filter(|sharing| sharing.len() <= SHARING_MAX) {
        for (nth, one) in sharing.iter().enumerate() {
            pairs.extend(sharing.iter().skip(nth + 1).map(|other| (*one, *other)));
        }
    }
    let pair = |(one, other): (usize, usize)| Some((*passages.get(one)?, *passages.get(other)?));
    pairs.into_iter().filter_map(pair).collect()
}

/// Whether both may be told on the same day, to the same people.
fn overlap(a: &Passage, b: &Passage) -> bool {
    let before = |until: &Option<String>, from: &Option<String>| matches!((until, from), (Some(u), Some(f)) if u < f);
    let languages = a.language.is_none() || b.language.is_none() || a.language == b.language;
    languages && !before(&a.valid_until, &b.valid_from) && !before(&b.valid_until, &a.valid_from)
}

fn alike(a: &Passage, b: &Passage) -> bool {
    let words =
        |p: &Passage| -> BTreeSet<String> { p.text.to_lowercase().split_whitespace().map(str::to_owned).collect() };
    let (one, other) = (words(a), words(b));
    let shared = one.intersection(&other).count();
    let numbers = |set: &BTreeSet<String>| -> Vec<String> {
        set.iter().filter(|w| w.chars().any(|c| c.is_ascii_digit())).cloned().collect()
    };
    one.len() >= WORDS_MIN
        && shared as f32 >= ALIKE * one.union(&other).count() as f32
        && numbers(&one) == numbers(&other)
}
