//! A reply in the making; drafts for several questions of one message are joined.

use crate::llm::keyless::language::Language;
use crate::llm::keyless::phrases::{FAILED, PLAIN, Phrase, TAP_COLLEAGUE};
use serde_json::{Value, json};

/// Products one reply shows.
pub const SHOW_MAX: usize = 5;
/// Choices under one reply.
pub const CHOICES_MAX: usize = 6;
/// Characters of one choice.
pub const CHOICE_CHARS_MAX: usize = 60;
/// Characters of one reply.
pub const TEXT_CHARS_MAX: usize = 900;
/// Texts one reply quotes.
const SOURCES_MAX: usize = 4;

/// What kind of answer it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// A refusal.
    Refuse,
    /// A question back.
    AskBack,
    /// An answer.
    #[default]
    Answer,
}

/// A reply in the making.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Sentences and lines, each complete in itself.
    pub parts: Vec<String>,
    /// Products.
    pub show: Vec<String>,
    /// Things to tap.
    pub choices: Vec<String>,
    /// Texts quoted.
    pub sources: Vec<String>,
    /// Its kind.
    pub outcome: Outcome,
}

impl Draft {
    /// A draft of one sentence.
    pub fn of(text: impl Into<String>) -> Self {
        Self { parts: vec![text.into()], ..Self::default() }
    }

    /// One more sentence.
    pub fn and(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.parts.push(text);
        }
        self
    }

    /// With products.
    pub fn show(mut self, products: impl IntoIterator<Item = String>) -> Self {
        for product in products {
            if !product.is_empty() && !self.show.contains(&product) && self.show.len() < SHOW_MAX {
                self.show.push(product);
            }
        }
        self
    }

    /// With things to tap.
    pub fn choices(mut self, choices: impl IntoIterator<Item = String>) -> Self {
        for choice in choices {
            let choice: String = choice.trim().chars().take(CHOICE_CHARS_MAX).collect();
            if !choice.is_empty() && !self.choices.contains(&choice) && self.choices.len() < CHOICES_MAX {
                self.choices.push(choice);
            }
        }
        self
    }

    /// With texts quoted.
    pub fn sources(mut self, sources: impl IntoIterator<Item = String>) -> Self {
        for source in sources {
            if !self.sources.contains(&source) && self.sources.len() < SOURCES_MAX {
                self.sources.push(source);
            }
        }
        self
    }

    /// Of another kind.
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// One sentence after another, of the kind of the second.
    pub fn join_line(mut self, other: Self) -> Self {
        self.parts.extend(other.parts);
        Self { parts: self.parts, outcome: other.outcome, ..Self::default() }
            .show(other.show)
            .choices(other.choices)
            .sources(other.sources)
    }

    /// Both answers in one.
    pub fn join(mut self, other: Self) -> Self {
        self.outcome = self.outcome.max(other.outcome);
        if !self.parts.is_empty() && !other.parts.is_empty() {
            self.parts.push("\n".to_owned());
        }
        self.parts.extend(other.parts);
        self.show(other.show).choices(other.choices).sources(other.sources)
    }

    /// The arguments of `reply`.
    pub fn into_reply(self, language: Language, remarks: usize) -> Value {
        let parts = if remarks == 0 { self.parts } else { plainly(self.parts, remarks) };
        let mut text = join_parts(&parts);
        let nothing_to_say = text.is_empty();
        if nothing_to_say {
            let shows = !self.show.is_empty();
            text = language.pick(if shows { PLAIN } else { FAILED }).to_owned();
        }
        let mut choices = self.choices;
        if nothing_to_say && self.show.is_empty() && choices.len() < CHOICES_MAX {
            choices.push(language.pick(TAP_COLLEAGUE).to_owned());
        }
        let sources = if nothing_to_say { Vec::new() } else { self.sources };
        let asks = nothing_to_say && self.show.is_empty();
        let outcome = match self.outcome {
            _ if asks => "ask_back",
            Outcome::Answer => "answer",
            Outcome::AskBack => "ask_back",
            Outcome::Refuse => "refuse",
        };
        json!({ "text": text, "show": self.show, "choices": choices, "sources": sources, "outcome": outcome })
    }
}

/// After a remark only sentences without any figure are kept; after a second one, none.
fn plainly(parts: Vec<String>, remarks: usize) -> Vec<String> {
    let plain = |part: &String| !part.contains("{{") && !part.chars().any(|c| c.is_ascii_digit());
    if remarks > 1 { Vec::new() } else { parts.into_iter().filter(plain).collect() }
}

/// Lines stay lines, sentences are set one behind the other; what does not fit is left out as a whole.
fn join_parts(parts: &[String]) -> String {
    let mut text = String::new();
    for part in parts {
        let own_line = part.starts_with("• ") || text.ends_with(':') && part.starts_with('{');
        let gap = match part.as_str() {
            _ if text.is_empty() || text.ends_with('\n') => "",
            "\n" => "\n",
            _ if own_line || text.lines().last().is_some_and(|line| line.starts_with("• ")) => "\n",
            _ => " ",
        };
        if text.chars().count() + part.chars().count() < TEXT_CHARS_MAX {
            text.push_str(gap);
            text.push_str(part);
        }
    }
    text.trim().to_owned()
}

/// A phrase with its blanks filled in: `("[a]", "p1")`.
pub fn fill(language: Language, phrase: Phrase, blanks: &[(&str, &str)]) -> String {
    blanks.iter().fold(language.pick(phrase).to_owned(), |text, (blank, with)| text.replace(blank, with))
}
