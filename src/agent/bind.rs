//! Binding a reply to facts: placeholders are filled in, and every figure left has to be a fact of the thing named beside
//! it, stand in a passage the reply names as its source, or repeat the shopper. Links never leave. Deterministic.

mod claim;
#[cfg(test)]
mod tests;

use crate::agent::ledger::Ledger;
use crate::agent::literal::{self, Kind, Literal};
use crate::domain::fact::{Fact, Value};
use crate::domain::locale::digit;
use crate::wording::Voice;
use std::fmt;
use std::ops::Range;

/// Letters a word of a name needs to stand for the whole name.
const SHORT_NAME_CHARS_MIN: usize = 4;

/// What a reply may rest on.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// How the shopper is spoken to: how figures are written.
    pub voice: &'a Voice,
    /// Facts of this turn.
    pub ledger: &'a Ledger,
    /// What the shopper wrote in this turn.
    pub echo: &'a [String],
    /// Short names of the passages the reply names as its sources.
    pub sources: &'a [String],
    /// What was done in this turn: `cart`, `proposed`, `placed`, `hand_off`.
    pub acts: Vec<&'static str>,
}

/// Why a reply cannot be sent; written so that a model can mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No such fact.
    Unknown(String),
    /// A figure that is no fact.
    Unbound(String),
    /// A figure of another thing than the one named beside it.
    Elsewhere {
        /// The figure.
        figure: String,
        /// The thing it stands beside.
        beside: String,
    },
    /// A link or an address.
    Link(String),
    /// Something said to be done that was not.
    NotDone(&'static str),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "{{{{{name}}}}} is no fact of this turn."),
            Self::Unbound(figure) => write!(f, "\"{figure}\" is not among the facts of this turn."),
            Self::Elsewhere { figure, beside } => {
                write!(f, "\"{figure}\" stands beside {beside} but is not its figure.")
            }
            Self::Link(link) => write!(f, "\"{link}\" is an address; addresses are never written."),
            Self::NotDone(what) => write!(f, "\"{what}\" was not done in this turn."),
        }
    }
}

/// Fills the placeholders in and checks everything. The text may be sent only when this gives it back.
pub fn bind(text: &str, evidence: &Evidence<'_>) -> Result<String, Vec<Problem>> {
    let (bound, filled, mut problems) = fill(text, evidence);
    let mentions = mentions(&bound, evidence.ledger.facts());
    for (place, name) in &filled {
        // A figure stands beside its own thing, also when it came from a placeholder.
        let fact = evidence.ledger.find(name);
        if let Some(fact) = fact.filter(|f| is_figure(&f.value) && !f.called.is_empty())
            && let Some(beside) = beside(&bound, place.start, &mentions).filter(|m| !m.entities.contains(&fact.entity))
        {
            problems.push(Problem::Elsewhere { figure: format!("{{{{{name}}}}}"), beside: beside.called.clone() });
        }
    }
    for literal in literal::find(&bound) {
        if inside(&literal.place, filled.iter().map(|(place, _)| place)) && literal.kind != Kind::Link {
            continue;
        }
        if inside(&literal.place, mentions.iter().map(|m| &m.place)) && literal.kind != Kind::Link {
            continue;
        }
        if let Err(problem) = check(&literal, &bound, &mentions, evidence) {
            problems.push(problem);
        }
    }
    // What a placeholder brought in is a fact; only the model's own words can claim too much.
    problems.extend(claim::untrue(text, evidence).into_iter().map(Problem::NotDone));
    if problems.is_empty() { Ok(bound) } else { Err(problems) }
}

type Filled = Vec<(Range<usize>, String)>;

fn fill(text: &str, evidence: &Evidence<'_>) -> (String, Filled, Vec<Problem>) {
    let (mut bound, mut filled, mut problems) = (String::new(), Vec::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        bound.push_str(before);
        let Some((name, following)) = after.split_once("}}") else {
            problems.push(Problem::Unknown(after.chars().take(30).collect()));
            rest = "";
            break;
        };
        let name = name.trim();
        match evidence.ledger.find(name) {
            Some(fact) => {
                let start = bound.len();
                bound.push_str(&evidence.voice.value(&fact.value));
                filled.push((start..bound.len(), name.to_owned()));
            }
            None => problems.push(Problem::Unknown(name.chars().take(60).collect())),
        }
        rest = following;
    }
    bound.push_str(rest);
    (bound, filled, problems)
}

/// A place where a text speaks of a thing.
struct Mention {
    place: Range<usize>,
    called: String,
    entities: Vec<String>,
}

/// Where the text names products and orders; the longest name wins where two begin together.
fn mentions(text: &str, facts: &[Fact]) -> Vec<Mention> {
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
    found.sort_by_key(|m| m.place.start);
    found
}

/// "The Granite" for the Granite Trek Boot: capitalised words that only one thing has in its names.
fn short_names<'a>(names: &[(&'a str, Vec<String>)]) -> Vec<(&'a str, Vec<String>)> {
    let telling = |word: &&str| {
        word.chars().count() >= SHORT_NAME_CHARS_MIN && word.chars().next().is_some_and(char::is_uppercase)
    };
    let mut short: Vec<(&str, Vec<String>)> = Vec::new();
    for word in names.iter().flat_map(|(name, _)| name.split(|c: char| !c.is_alphanumeric())).filter(telling) {
        let having: Vec<&(&str, Vec<String>)> = names.iter().filter(|(name, _)| name.contains(word)).collect();
        let whole = having.iter().map(|(name, _)| *name).min_by_key(|name| name.len()).unwrap_or_default();
        // A line of the cart is called after its product; other things that share the word make it say nothing.
        let one = having.iter().all(|(name, _)| name.starts_with(whole));
        if one && whole != word && !short.iter().any(|(known, _)| *known == word) {
            short.push((word, having.iter().flat_map(|(_, entities)| entities.clone()).collect()));
        }
    }
    short
}

/// The thing a place stands beside: the last one named before it in its sentence, else the first one after it there,
/// else the last one named before the sentence.
fn beside<'a>(text: &str, at: usize, mentions: &'a [Mention]) -> Option<&'a Mention> {
    let sentence = sentence(text, at);
    let within = |m: &&Mention| sentence.start <= m.place.start && m.place.end <= sentence.end;
    let before = mentions.iter().filter(within).rfind(|m| m.place.start <= at);
    let after = mentions.iter().filter(within).find(|m| m.place.start > at);
    before.or(after).or_else(|| mentions.iter().rfind(|m| m.place.end <= sentence.start))
}

fn sentence(text: &str, at: usize) -> Range<usize> {
    let ends = text.char_indices().filter(|(i, c)| {
        *c == '\n'
            || (".!?".contains(*c)
                && text.get(i + c.len_utf8()..).is_none_or(|t| t.is_empty() || t.starts_with(char::is_whitespace)))
    });
    let mut range = 0..text.len();
    for (i, c) in ends {
        if i < at {
            range.start = i + c.len_utf8();
        } else {
            range.end = i + c.len_utf8();
            break;
        }
    }
    range
}

fn inside<'a>(place: &Range<usize>, mut others: impl Iterator<Item = &'a Range<usize>>) -> bool {
    others.any(|o| o.start <= place.start && place.end <= o.end)
}

fn is_figure(value: &Value) -> bool {
    match value {
        Value::Money(_) | Value::Count(_) | Value::Quantity { .. } | Value::Percent(_) | Value::Date(_) => true,
        Value::Status(_) | Value::Link(_) => false,
        Value::Name(text) | Value::Text(text) => text.chars().any(char::is_numeric),
    }
}

fn check(literal: &Literal, text: &str, mentions: &[Mention], evidence: &Evidence<'_>) -> Result<(), Problem> {
    if literal.kind == Kind::Link {
        return Err(Problem::Link(literal.text.clone()));
    }
    let facts = evidence.ledger.facts();
    // A product may be a source, too, but only for its words: prices stand beside their product.
    let quotable = |f: &Fact| f.entity.starts_with('k') || matches!(f.value, Value::Text(_) | Value::Name(_));
    let cited = |f: &&Fact| evidence.sources.contains(&f.entity) && quotable(f);
    let beside = beside(text, literal.place.start, mentions);
    // An amount in the same sentence as a product or an order sounds like its own, whatever a passage says.
    let sounds_own = literal.kind == Kind::Money && {
        let sentence = sentence(text, literal.place.start);
        mentions.iter().any(|m| sentence.start <= m.place.start && m.place.end <= sentence.end)
    };
    if !sounds_own && facts.iter().filter(cited).any(|f| agrees(literal, f, evidence.voice)) {
        return Ok(());
    }
    // Repeating the shopper is harmless unless it sounds like a price of something.
    let harmless = literal.kind != Kind::Money || beside.is_none();
    if harmless && evidence.echo.iter().any(|said| says(said, literal)) {
        return Ok(());
    }
    let agreeing: Vec<&Fact> =
        facts.iter().filter(|f| !f.entity.starts_with('k') && agrees(literal, f, evidence.voice)).collect();
    let free = agreeing.iter().any(|f| f.called.is_empty());
    match beside {
        _ if agreeing.is_empty() => Err(Problem::Unbound(literal.text.clone())),
        _ if free => Ok(()),
        Some(m) if agreeing.iter().any(|f| m.entities.contains(&f.entity)) => Ok(()),
        Some(m) => Err(Problem::Elsewhere { figure: literal.text.clone(), beside: m.called.clone() }),
        // Nothing is named: only a figure that one thing alone has is clear.
        None if agreeing.windows(2).all(|two| matches!(two, [a, b] if a.entity == b.entity)) => Ok(()),
        None => Err(Problem::Unbound(literal.text.clone())),
    }
}

pub(super) fn agrees(literal: &Literal, fact: &Fact, voice: &Voice) -> bool {
    match (&fact.value, literal.kind) {
        (Value::Money(money), Kind::Money) => {
            literal::amount_of(&literal.text, money.currency, voice.locale()) == Some(money.minor)
        }
        (Value::Count(count), Kind::Figure) => literal::whole(&literal.text) == Some(*count),
        (Value::Date(_), Kind::Figure) => says(&voice.value(&fact.value), literal) || says(&fact.value.show(), literal),
        // A figure in a text is an amount only if the text says so: 450 g is not €450.
        (Value::Quantity { amount, .. }, Kind::Figure) => literal::whole(&literal.text) == Some(*amount),
        (Value::Percent(_), Kind::Figure) => {
            let plain = literal::plain(&literal.text);
            plain == literal::plain(&fact.value.show()) || plain == literal::plain(&voice.value(&fact.value))
        }
        (Value::Name(text) | Value::Text(text), Kind::Money) => {
            let wanted = literal::amount(&literal.text);
            wanted.is_some()
                && literal::find(text).iter().any(|l| l.kind == Kind::Money && literal::amount(&l.text) == wanted)
        }
        (Value::Name(text) | Value::Text(text), _) => says(text, literal),
        _ => false,
    }
}

/// Whether a text holds the literal as a word of its own; amounts are compared by value.
fn says(text: &str, literal: &Literal) -> bool {
    let words = literal::words(text);
    match literal.kind {
        Kind::Money => {
            let wanted = literal::amount(&literal.text);
            let figure =
                |word: &str| word.chars().any(|c| digit(c).is_some()) && !word.chars().any(char::is_alphabetic);
            wanted.is_some() && words.iter().any(|(_, word)| figure(word) && literal::amount(word) == wanted)
        }
        _ => {
            let wanted = literal::plain(&literal.text);
            words.iter().any(|(_, word)| literal::plain(word).eq_ignore_ascii_case(&wanted))
        }
    }
}
