//! The settings that follow from what an endpoint can do.

use crate::llm::AnswerForm;
use crate::llm::Codec;
use crate::llm::Settings;
use serde::Serialize;

/// Questions of which a large model gets none wrong.
const ALL_RIGHT: usize = 3;

/// What to set for an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// Which route.
    pub codec: Codec,
    /// Which form of answer.
    pub answers: AnswerForm,
    /// Under which name the limit on tokens is taken.
    pub token_field: String,
    /// Whether schemas may be strict.
    pub strict: bool,
    /// Whether several calls may come at once; unset leaves it to the endpoint.
    pub parallel_calls: Option<bool>,
    /// The effort with which tools are taken; unset leaves it to the endpoint.
    pub reasoning_effort: Option<String>,
    /// Whether the model needs fewer tools and a shorter prompt.
    pub small: bool,
}

impl Advice {
    /// Before anything is known.
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            codec: settings.codec,
            answers: AnswerForm::Text,
            token_field: settings.token_field.clone(),
            strict: false,
            parallel_calls: None,
            reasoning_effort: settings.reasoning_effort.clone(),
            small: false,
        }
    }

    /// Chooses the form of answers: tool calls where they come as such and are not worse than forced actions, forced
    /// actions where a schema is obeyed, else text. `by_…` says how often the right tool was called.
    pub(super) fn choose(&mut self, native: bool, as_text: bool, by_tools: Option<usize>, by_action: Option<usize>) {
        let better = by_action.unwrap_or(0) > by_tools.unwrap_or(0);
        self.answers = match (native && !better, by_action) {
            (true, _) => AnswerForm::Tools,
            (false, Some(1..)) => AnswerForm::Action,
            _ => AnswerForm::Text,
        };
        self.small = as_text || !native || by_tools.is_some_and(|right| right < ALL_RIGHT);
        if self.answers != AnswerForm::Tools {
            (self.strict, self.parallel_calls) = (false, None);
        }
    }

    /// As a part of `config.toml`.
    pub fn toml(&self, section: &str) -> String {
        let codec = match self.codec {
            Codec::Chat => "chat",
            Codec::Responses => "responses",
        };
        let answers = match self.answers {
            AnswerForm::Tools => "tools",
            AnswerForm::Action => "action",
            AnswerForm::Text => "text",
        };
        let mut text = format!(
            "[{section}]\ncodec = \"{codec}\"\nanswers = \"{answers}\"\ntoken_field = \"{}\"\nstrict = {}\nsmall = {}\n",
            self.token_field, self.strict, self.small
        );
        if let Some(parallel) = self.parallel_calls {
            text.push_str(&format!("parallel_calls = {parallel}\n"));
        }
        if let Some(effort) = &self.reasoning_effort {
            text.push_str(&format!("reasoning_effort = \"{}\"\n", effort.escape_default()));
        }
        text
    }
}
