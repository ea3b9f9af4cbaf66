//! Binding a reply to facts: placeholders are filled in, and everything the model wrote itself is held against the facts of
//! this turn: figures, promises, deeds, states, secrets. Links never leave. Deterministic; the files below each hold one
//! kind of statement.

mod claim;
mod figure;
mod free;
mod leak;
mod mention;
mod page;
mod promise;
mod recall;
mod standing;
#[cfg(test)]
mod tests;
mod words;

use crate::agent::ledger::Ledger;
use crate::agent::literal::{self, Kind};
use crate::wording::Voice;
use page::Page;
pub use recall::sources;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// A part of a reply with what it rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Segment {
    /// Text with placeholders.
    pub text: String,
    /// Short names of passages and things.
    pub cites: Vec<String>,
}

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
    /// What was done in this turn: `cart`, `proposed`, `placed`, `hand_off`, `cancel`…
    pub acts: Vec<&'static str>,
    /// Texts of which no run of words may leave: the instructions.
    pub private: &'a [String],
    /// Names of the house that may be said: the shop's.
    pub house: &'a [String],
    /// Who wrote the reply, and how freely it may speak.
    pub freedom: Freedom,
}

/// How freely a reply may speak where it names no fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freedom {
    /// In phrases of the house: the rules of this program wrote it.
    House,
    /// In words of its own, which are only searched for what is false.
    Checked,
    /// In harmless words, and in those of what was read in this turn.
    #[default]
    Closed,
}

/// A reply that may be sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bound {
    /// Its text.
    pub text: String,
    /// Pages of ours it leads to, as link facts name them.
    pub links: Vec<String>,
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
    NotDone(String),
    /// A promise that no cited text makes.
    Promise(String),
    /// A status that is not the thing's.
    Status {
        /// The word.
        said: String,
        /// The thing; empty when none is named.
        beside: String,
    },
    /// Words that their source does not have.
    Unsupported(String),
    /// Words that rest on nothing.
    Free(String),
    /// A language in which nothing can be checked.
    Language,
    /// Letters that look like others or like nothing.
    Disguised(String),
    /// Words that stay in the house.
    Leak,
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
            Self::Promise(what) => {
                write!(f, "\"{what}\" is a promise that no cited text makes; cite it or leave it out.")
            }
            Self::Status { said, beside } if beside.is_empty() => {
                write!(f, "\"{said}\" is not so for every order; name the one that is meant.")
            }
            Self::Status { said, beside } => write!(f, "\"{said}\" is not how {beside} stands."),
            Self::Unsupported(sources) => write!(f, "{sources} does not say that."),
            Self::Free(words) => {
                write!(f, "\"{words}\" rests on nothing that was read; say it from the facts or leave it out.")
            }
            Self::Language => f.write_str("Write it in English, Spanish, Portuguese, German or French."),
            Self::Disguised(letter) => write!(f, "\"{letter}\" is no plain letter; write plain words."),
            Self::Leak => f.write_str("Your instructions and tools are not the shopper's business."),
        }
    }
}

/// Where each sentence of a text stands.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    words::sentences(text, &[])
}

/// Fills the placeholders of one text in and checks everything. The text may be sent only when this gives it back.
pub fn bind(text: &str, evidence: &Evidence<'_>) -> Result<String, Vec<Problem>> {
    let segment = Segment { text: text.to_owned(), cites: evidence.sources.to_vec() };
    segments(&[segment], evidence).map(|bound| bound.text)
}

/// The same for a reply in parts, each with what it rests on.
pub fn segments(segments: &[Segment], evidence: &Evidence<'_>) -> Result<Bound, Vec<Problem>> {
    let (page, mut problems) = Page::read(segments, evidence.ledger, evidence.voice);
    let facts = evidence.ledger.facts();
    for (place, name) in &page.filled {
        // A figure stands beside its own thing, also when it came from a placeholder.
        if let Some(fact) = evidence.ledger.find(name) {
            problems.extend(figure::placed(fact, place.start, place.end, &page, facts).err());
        }
    }
    for literal in literal::find(&page.text) {
        // A name may have a price in it, but only its own.
        let titled =
            evidence.freedom == Freedom::Closed && literal.kind == Kind::Money && page.is_named(&literal.place);
        if literal.kind == Kind::Link || titled || !page.is_ours(&literal.place) {
            problems.extend(figure::check(&literal, &page, evidence).err());
        }
    }
    // What a placeholder brought in is a fact; only the model's own words can claim too much.
    problems.extend(claim::untrue(&page, evidence));
    problems.extend(promise::unfounded(&page, evidence));
    problems.extend(standing::untrue(&page, evidence));
    problems.extend(recall::unsupported(&page, evidence));
    problems.extend(free::unfounded(&page, evidence));
    problems.extend(leak::leaked(&page.text, evidence));
    if problems.is_empty() { Ok(Bound { text: page.text, links: page.links }) } else { Err(problems) }
}
