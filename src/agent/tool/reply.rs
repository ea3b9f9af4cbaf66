//! The reply contract: how a model ends a turn.

use serde::{Deserialize, Serialize};
use serde_json::json;

/// The name of the call that ends a turn.
pub const REPLY: &str = "reply";

/// Products a reply shows.
const SHOW_MAX: usize = 5;
/// Sources a reply names.
const SOURCES_MAX: usize = 5;

/// What a model wants to say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReplyArguments {
    /// Text with placeholders.
    pub text: String,
    /// Products to show as cards.
    pub show: Vec<String>,
    /// Answers offered for tapping.
    pub choices: Vec<String>,
    /// Short names of the passages it rests on.
    pub sources: Vec<String>,
    /// `answer`, `ask_back` or `refuse`.
    pub outcome: String,
}

impl ReplyArguments {
    /// Reads the arguments as a model wrote them.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut read: Self =
            serde_json::from_str(text).map_err(|e| format!("The arguments of reply do not fit: {e}."))?;
        read.show.truncate(SHOW_MAX);
        read.sources.truncate(SOURCES_MAX);
        if !["answer", "ask_back", "refuse"].contains(&read.outcome.as_str()) {
            read.outcome = "answer".to_owned();
        }
        Ok(read)
    }

    /// A reply of words only, from an endpoint that does not call `reply`.
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), outcome: "answer".to_owned(), ..Self::default() }
    }
}

pub(super) fn parameters() -> serde_json::Value {
    let strings = || json!({"type": "array", "items": {"type": "string"}});
    json!({
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "show": strings(),
            "choices": strings(),
            "sources": strings(),
            "outcome": {"type": "string", "enum": ["answer", "ask_back", "refuse"]},
        },
        "required": ["text", "show", "choices", "sources", "outcome"],
        "additionalProperties": false,
    })
}
