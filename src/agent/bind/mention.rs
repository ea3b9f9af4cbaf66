//! Where a text speaks of a thing, and which thing a place in it stands beside.

use crate::agent::bind::page::Page;
use crate::agent::literal::{self, Kind};
use crate::domain::fact::Fact;
use std::ops::Range;

/// Letters a word of a name needs to stand for the whole name.
const SHORT_NAME_CHARS_MIN: usize = 4;
/// Digits a code needs to be the number of some order.
const CODE_DIGITS_MIN: usize = 3;

/// A place where a text speaks of a thing.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// Where.
    pub place: Range<usize>,
    /// Under which name.
    pub called: String,
    /// What it may be; empty for a number that is no order of this turn.
    pub entities: Vec<String>,
}

impl Mention {
    /// Whether it may be an order, or a number that is none of this turn's.
    pub fn is_order(&self) -> bool {
        self.entities.is_empty() || self.entities.iter().any(|e| e.starts_with('o'))
    }

    /// Whether it may be something that is sold.
    pub fn is_goods(&self) -> bool {
        self.entities.iter().any(|e| e.starts_with(['p', 'v', 'l', 's']))
    }
}

/// Where the text names products and orders; the longest name wins where two begin together.
pub(super) fn mentions(text: &str, facts: &[Fact]) -> Vec<Mention> {
    let mut names: Vec<(&str, Vec<String>)> = Vec::new();
    for fact in facts.iter().filter(|f| !f.entity.starts_with('k')) {
        for called in fact.called.iter().filter(|c| !c.is_empty()) {
            match names.iter_mut().find(|(name, _)| name == called) {
                Some((_, entities)) if entities.contains(&fact.entity) => {}
                Some((_, entities)) => entities.push(fact.entity.clone()),
                None => names.push((called, vec![fact.entity.clone()])),
            }
        }
    }
    names.extend(short_names(&names));
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut found: Vec<Mention> = Vec::new();
    for (name, entities) in names {
        for (start, matched) in text.match_indices(name) {
            let place = start..start + matched.len();
            let part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let before = text.get(..place.start).and_then(|t| t.chars().next_back());
            let after = text.get(place.end..).and_then(|t| t.chars().next());
            if part(before) || part(after) {
                continue;
            }
            if !found.iter().any(|m| m.place.start < place.end && place.start < m.place.end) {
                found.push(Mention { place, called: name.to_owned(), entities: entities.clone() });
            }
        }
    }
    found.extend(strangers(text, &found, facts));
    found.sort_by_key(|m| m.place.start);
    found
}

/// Numbers that look like an order's and are none of this turn: whatever is said beside them is of something unknown.
fn strangers(text: &str, known: &[Mention], facts: &[Fact]) -> Vec<Mention> {
    let free = |place: &Range<usize>| !known.iter().any(|m| m.place.start < place.end && place.start < m.place.end);
    let code = |word: &str| {
        let letters = word.chars().take_while(char::is_ascii_uppercase).count();
        let rest: String = word.chars().skip(letters).collect();
        let digits = rest.trim_start_matches('-');
        let marked = (1..=6).contains(&letters) || word.starts_with('#');
        let digits = digits.trim_start_matches('#');
        marked && digits.len() >= CODE_DIGITS_MIN && digits.chars().all(|c| c.is_ascii_digit())
    };
    let figures = literal::find(text).into_iter().filter(|l| l.kind == Kind::Figure && code(&l.text) && free(&l.place));
    let told = |text: &str| facts.iter().any(|f| f.value.words() == Some(text));
    let figures = figures.filter(|l| !told(&l.text));
    figures.map(|l| Mention { place: l.place, called: l.text, entities: vec![] }).collect()
}

/// "The Granite" for the Granite Trek Boot: capitalised words that only one thing has in its names.
fn short_names<'a>(names: &[(&'a str, Vec<String>)]) -> Vec<(&'a str, Vec<String>)> {
    let telling = |word: &&str| {
        word.chars().count() >= SHORT_NAME_CHARS_MIN && word.chars().next().is_some_and(char::is_uppercase)
    };
    let mut short: Vec<(&str, Vec<String>)> = Vec::new();
    for word in names.iter().flat_map(|(name, _)| name.split(|c: char| !c.is_alphanumeric())).filter(telling) {
        if short.iter().any(|(known, _)| *known == word) {
            continue;
        }
        let having: Vec<&(&str, Vec<String>)> = names.iter().filter(|(name, _)| name.contains(word)).collect();
        let whole = having.iter().map(|(name, _)| *name).min_by_key(|name| name.len()).unwrap_or_default();
        // A line of the cart is called after its product; other things that share the word make it say nothing.
        let one = having.iter().all(|(name, _)| name.starts_with(whole));
        if one && whole != word {
            let mut entities: Vec<String> = having.iter().flat_map(|(_, entities)| entities.clone()).collect();
            entities.sort();
            entities.dedup();
            short.push((word, entities));
        }
    }
    short
}

/// The thing a place stands beside: the last one named before it in its sentence, else the first one after it there,
/// else the last one named before the sentence.
pub(super) fn beside<'a>(sentence: &Range<usize>, at: usize, mentions: &'a [Mention]) -> Option<&'a Mention> {
    let within = |m: &&Mention| sentence.start <= m.place.start && m.place.end <= sentence.end;
    let before = mentions.iter().filter(within).rfind(|m| m.place.start <= at);
    let after = mentions.iter().filter(within).find(|m| m.place.start > at);
    before.or(after).or_else(|| mentions.iter().rfind(|m| m.place.end <= sentence.start))
}

/// Which of the things meant a sentence picks out by an option it names ("the red one", "in 48"): those that have it,
/// and nothing else; `None` when no option is named.
pub(super) fn picked(page: &Page, at: usize, entities: &[String], facts: &[Fact]) -> Option<Vec<String>> {
    let (text, sentence) = (page.text.as_str(), page.sentence(at));
    let said = text.get(sentence.clone())?;
    let options = facts.iter().filter(|f| f.field == "options" && entities.contains(&f.entity));
    let options: Vec<(&str, &str)> = options.filter_map(|f| Some((f.entity.as_str(), f.value.words()?))).collect();
    let values: Vec<&str> = {
        let mut values: Vec<&str> =
            options.iter().flat_map(|(_, o)| o.split(" / ")).filter(|v| !v.is_empty()).collect();
        values.sort_by_key(|v| std::cmp::Reverse(v.len()));
        values.dedup();
        values
    };
    // Where each value is named; the nearest before the figure counts, else the first after it.
    let mut places: Vec<(Range<usize>, &str)> = Vec::new();
    for value in values {
        for start in starts(said, value) {
            let place = sentence.start + start..sentence.start + start + value.len();
            if place.contains(&at) || places.iter().any(|(p, _)| p.start < place.end && place.start < p.end) {
                continue;
            }
            places.push((place, value));
        }
    }
    places.sort_by_key(|(place, _)| place.start);
    let before = places.iter().rfind(|(place, _)| place.end <= at);
    let nearest = before.or_else(|| places.iter().find(|(place, _)| place.start >= at))?;
    // "M / Blue": every value named in a row with the nearest one.
    let mut row = vec![nearest];
    for place in places.iter().rev().skip_while(|p| p.0.start >= nearest.0.start) {
        let gap = row.last().and_then(|r| text.get(place.0.end..r.0.start)).unwrap_or_default();
        if gap.chars().count() > 12 || gap.chars().any(char::is_numeric) {
            break;
        }
        row.push(place);
    }
    let fits = |options: &str, wanted: &[&(Range<usize>, &str)]| {
        wanted.iter().all(|(_, value)| options.split(" / ").any(|o| o.eq_ignore_ascii_case(value)))
    };
    let having = |wanted: &[&(Range<usize>, &str)]| -> Vec<String> {
        options.iter().filter(|(_, o)| fits(o, wanted)).map(|(e, _)| (*e).to_owned()).collect()
    };
    let all = having(&row);
    Some(if all.is_empty() { having(&row.into_iter().take(1).collect::<Vec<_>>()) } else { all })
}

/// Where a value stands as a word of its own; short ones only in their own case ("M" is no "m").
fn starts(text: &str, value: &str) -> Vec<usize> {
    let short = value.chars().count() < 3;
    let (hay, needle) = if short {
        (text.to_owned(), value.to_owned())
    } else {
        (text.to_ascii_lowercase(), value.to_ascii_lowercase())
    };
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "€$£.,%".contains(c) && short);
    hay.match_indices(&needle)
        .filter(|(start, _)| {
            let before = hay.get(..*start).and_then(|t| t.chars().next_back());
            let rest = hay.get(start + needle.len()..).unwrap_or_default();
            let after = rest.chars().next();
            // "42." at the end of a sentence is a size, "42.50" is not.
            let decimal = after.is_some_and(|c| ".,".contains(c)) && rest.chars().nth(1).is_some_and(char::is_numeric);
            !part(before) && !after.is_some_and(char::is_alphanumeric) && !decimal && after != Some('%')
        })
        .map(|(start, _)| start)
        .collect()
}
