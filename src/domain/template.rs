//! Messages in a form that a network approved beforehand: the only ones that may leave when its window is closed.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A message to be sent in an approved form: which, and what stands in its gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its name, as the merchant's account lists it; for news of an order the word of what happened: `order_paid`.
    pub name: String,
    /// The language wished for, as a tag: `en`, `pt-BR`. What the account has is looked up when it is sent.
    pub language: String,
    /// What it is for.
    pub category: Category,
    /// Gap → text. Gaps without a name are called `1`, `2`…
    pub values: BTreeMap<String, String>,
}

/// What a message is for, as the platform charges and allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// An answer inside the window, in any form but a template.
    Service,
    /// News about something the shopper asked for or bought.
    Utility,
    /// Anything that promotes.
    Marketing,
    /// A code to prove who one is.
    Authentication,
}

impl Category {
    /// Every category, for tables.
    pub const ALL: [Self; 4] = [Self::Service, Self::Utility, Self::Marketing, Self::Authentication];

    /// `service`, `utility`, `marketing`, `authentication`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Utility => "utility",
            Self::Marketing => "marketing",
            Self::Authentication => "authentication",
        }
    }

    /// The category of a word in any case.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word().eq_ignore_ascii_case(word))
    }
}
