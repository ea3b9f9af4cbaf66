//! How much of what is said stands in the passages it cites: words of the reply that the passage has, too.

use crate::agent::bind::page::Page;
use crate::agent::bind::words::{Words, has};
use crate::agent::bind::{Evidence, Problem};
use crate::agent::ledger::Ledger;
use crate::domain::fact::Value;
use std::collections::BTreeSet;

/// Share of a segment's telling words that its passages have; below it the citation is an ornament.
const FLOOR_PERCENT: usize = 30;
/// Share from which a passage that nobody cited is taken for the source.
const SOURCE_PERCENT: usize = 60;
/// Telling words a segment needs to be measured.
const WORDS_MIN: usize = 5;
/// Letters of a word that are compared.
const STEM_CHARS: usize = 5;
/// Letters a word needs to tell anything.
const TELLING_CHARS_MIN: usize = 4;
/// Sources found for a reply that could not name any.
const SOURCES_MAX: usize = 3;

/// Small words of a language, by which it is known.
const LANGUAGES: [&str; 6] = [
    "the you your is are of and for with within can not we to in it this that from by",
    "el la los las de que en un una por con para se es tu su no puedes te del al",
    "o os as de que em um uma por com para se seu sua voce nao pode do da no na",
    "der die das und sie ihr ihre ist sind mit fur von den dem ein eine nicht wir zu im",
    "le la les des et vous votre est sont avec pour dans un une ne pas nous du au que",
    "il lo gli di che e un una per con non si del della puoi tuo sono nel",
];

/// Segments that rest on passages alone and say something else.
pub(super) fn unsupported(page: &Page, evidence: &Evidence<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (text, cites) in page.parts() {
        if cites.is_empty() || !cites.iter().all(|c| c.starts_with('k')) {
            continue;
        }
        let said = Words::read(text);
        let passages = cites.iter().map(|c| whole(evidence.ledger, c)).collect::<Vec<_>>().join("\n");
        let held = Words::read(&passages);
        if language(&said).is_none() || language(&said) != language(&held) {
            continue;
        }
        if recall(&said, &held).is_some_and(|percent| percent < FLOOR_PERCENT) {
            problems.push(Problem::Unsupported(cites.join(", ")));
        }
    }
    problems
}

/// Passages that plainly say what a text says, for a reply in plain words that cannot name its sources.
pub fn sources(text: &str, ledger: &Ledger) -> Vec<String> {
    let said = Words::read(text);
    let mut passages: Vec<&str> =
        ledger.facts().iter().filter(|f| f.entity.starts_with('k')).map(|f| f.entity.as_str()).collect();
    passages.dedup();
    let fits = |entity: &&str| recall(&said, &Words::read(&whole(ledger, entity))).is_some_and(|p| p >= SOURCE_PERCENT);
    passages.into_iter().filter(fits).take(SOURCES_MAX).map(str::to_owned).collect()
}

pub(super) fn whole(ledger: &Ledger, entity: &str) -> String {
    let facts = ledger.facts().iter().filter(|f| f.entity == entity);
    facts
        .filter_map(|f| match &f.value {
            Value::Text(text) | Value::Name(text) => Some(text.as_str()),
            _ => None,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// The share of telling words that the other text has, in per cent; `None` when there are too few.
fn recall(said: &Words, held: &Words) -> Option<usize> {
    let (said, held) = (stems(said), stems(held));
    let common = said.iter().filter(|s| held.contains(*s)).count();
    (said.len() >= WORDS_MIN).then(|| common * 100 / said.len())
}

fn stems(words: &Words) -> BTreeSet<String> {
    let small = |w: &str| LANGUAGES.iter().any(|row| has(row, w));
    let telling = words.words.iter().filter(|w| w.plain.chars().count() >= TELLING_CHARS_MIN && !small(&w.plain));
    telling.map(|w| w.plain.chars().take(STEM_CHARS).collect()).collect()
}

pub(super) fn language(words: &Words) -> Option<usize> {
    let counts = LANGUAGES.iter().map(|row| words.words.iter().filter(|w| has(row, &w.plain)).count());
    let counts: Vec<usize> = counts.collect();
    let best = counts.iter().copied().max().filter(|best| *best >= 2)?;
    let mut leaders = counts.iter().enumerate().filter(|(_, c)| **c == best);
    let first = leaders.next()?.0;
    leaders.next().is_none().then_some(first)
}
