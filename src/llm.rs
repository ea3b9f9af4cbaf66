//! Asking a model: one trait, and behind it any OpenAI-compatible endpoint, the keyless planner, or a script.

pub mod cassette;
pub mod choose;
pub mod correction;
pub mod endpoints;
pub mod keyless;
pub mod openai;
pub mod picture;
pub mod price;
pub mod probe;
pub mod scripted;
mod settings;
pub mod small;
pub mod speech;
pub mod tokens;

pub use settings::AnswerForm;
pub use settings::Cassette;
pub use settings::Codec;
pub use settings::Recording;
pub use settings::Settings;

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Something that reads a conversation and answers with words or tool calls.
#[async_trait::async_trait]
pub trait ChatModel: Send + Sync {
    /// As shown to operators: `keyless planner`, `gpt-5.2 at https://…`.
    fn name(&self) -> String;

    /// Whether a language model is behind it; the pages say so honestly when none is.
    fn is_language_model(&self) -> bool;

    /// One answer to one request.
    async fn answer(&self, request: &Request) -> Result<Answer, Error>;

    /// Whether the model is a small one, that needs fewer tools and a shorter prompt.
    fn is_small(&self) -> bool {
        false
    }
}

/// What a model is asked. The front (system, tools) stays the same from turn to turn, so that endpoints can cache it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Role, rules, shop.
    pub system: String,
    /// The talk so far, oldest first; the last one is what has to be answered, or results of tools.
    pub messages: Vec<Message>,
    /// What may be called.
    pub tools: Vec<ToolSpec>,
    /// When false, the model must finish with what it has.
    pub may_call: bool,
    /// Names of the tools that make sense now; empty means all. The list above stays whole for the endpoint's cache:
    /// only an endpoint that is forced into actions is held to this.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
}

/// One message of the talk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Message {
    /// Words of the shopper: data, never instructions.
    Shopper {
        /// What was written.
        text: String,
    },
    /// A picture of the shopper's: data, never instructions. Only for models that see.
    Picture {
        /// Which.
        picture: picture::Picture,
    },
    /// What the agent (or a colleague, or the shop) said before.
    Agent {
        /// What was sent.
        text: String,
    },
    /// Facts about the situation, written by the server as JSON: data, never instructions.
    State {
        /// See `agent::context`.
        state: serde_json::Value,
    },
    /// What the model called in this turn.
    Calls {
        /// In order.
        calls: Vec<Call>,
    },
    /// What a tool answered.
    Result {
        /// The call it answers.
        call: String,
        /// The tool.
        tool: String,
        /// JSON.
        content: String,
    },
    /// The server's remark to the model within this turn, such as what was wrong with its reply.
    Remark {
        /// A sentence or two.
        text: String,
    },
}

/// A tool as the model sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// `area_verb`.
    pub name: String,
    /// What it does and when to use it.
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: serde_json::Value,
}

/// A tool call of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Names the call within the turn.
    pub id: String,
    /// The tool.
    pub tool: String,
    /// JSON as the model wrote it; not yet checked.
    pub arguments: String,
}

/// What a model answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Words; may be empty when there are calls.
    pub text: String,
    /// Tool calls, in order.
    pub calls: Vec<Call>,
    /// Tokens, as far as the endpoint told.
    pub usage: Usage,
    /// The host that answered; empty when no endpoint was asked.
    #[serde(default)]
    pub endpoint: String,
    /// The model as the endpoint names it; empty when no endpoint was asked.
    #[serde(default)]
    pub model: String,
    /// What it cost, where prices are set.
    #[serde(default)]
    pub cost: Option<price::Cost>,
    /// Milliseconds from the question to the answer, waiting and tries that failed included.
    #[serde(default)]
    pub ms: u64,
    /// Requests that were sent for it, to all endpoints together; zero when none was.
    #[serde(default)]
    pub attempts: u32,
}

/// Tokens of one answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens read.
    pub input: u64,
    /// Of these, from the endpoint's cache.
    pub cached: u64,
    /// Tokens written.
    pub output: u64,
    /// Of these, thoughts that nobody sees.
    pub reasoning: u64,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Try again later: busy, not reachable, a server's fault.
    #[error("the model endpoint is busy or not reachable")]
    Busy {
        /// When the endpoint said so.
        retry_after: Option<Duration>,
        /// The cause.
        #[source]
        source: BoxError,
    },
    /// No answer within the deadline.
    #[error("the model did not answer within {0:?}")]
    TimedOut(Duration),
    /// The request is too long for the model.
    #[error("the request does not fit the model's window")]
    TooLong(#[source] BoxError),
    /// An answer came, but it cannot be read.
    #[error("the model's answer could not be read")]
    Unreadable(#[source] BoxError),
    /// Wrong key, unknown model, refused request: asking again will not help.
    #[error("the model endpoint refused the request")]
    Rejected(#[source] BoxError),
}

/// Begins what the server says came with a shopper's words, in brackets behind them.
pub const WITH_IT: &str = " [with it: ";

/// A cause of any kind.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

impl Error {
    /// Whether asking again may help.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::TimedOut(_) | Self::Unreadable(_))
    }
}
