//! Limits of a turn, and how much of everything a language model sees.

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
        }
    }
}
