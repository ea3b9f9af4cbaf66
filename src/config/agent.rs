//! `[agent]`: how far a turn may go and how freely a model may speak.

use serde::{Deserialize, Serialize};

/// Limits of a turn.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Agent {
    /// Model calls of one turn.
    pub model_calls_max: u32,
    /// Tool calls of one turn.
    pub tool_calls_max: u32,
    /// Seconds of one turn.
    pub turn_seconds_max: u32,
    /// Earlier messages a turn sees.
    pub history_messages: u32,
    /// Tokens of earlier messages a language model sees.
    pub history_tokens: u32,
    /// Tokens of results a language model sees; results of earlier calls shrink to a line beyond it.
    pub results_tokens: u32,
    /// Tokens of the situation a language model sees.
    pub state_tokens: u32,
    /// Whether a language model is asked, before an answer from the shop's texts is sent, if they suffice.
    pub ask_if_enough: bool,
    /// In which words a language model may speak where it names no fact.
    pub free_words: FreeWords,
}

/// In which words a language model may speak where it names no fact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FreeWords {
    /// In harmless ones from a list, and in those of what was read in the turn; in five languages.
    #[default]
    Closed,
    /// In any that no check finds false; in any language.
    Checked,
}

impl Default for Agent {
    fn default() -> Self {
        Self {
            model_calls_max: 6,
            tool_calls_max: 10,
            turn_seconds_max: 60,
            history_messages: 20,
            history_tokens: 3000,
            results_tokens: 6000,
            state_tokens: 1500,
            ask_if_enough: true,
            free_words: FreeWords::Closed,
        }
    }
}
