//! Which endpoint answers, how it wants to be asked, and what it costs.

use crate::llm::price::Prices;
use serde::{Deserialize, Serialize};

/// One endpoint, and the one that answers when it does not.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Base address of an OpenAI-compatible endpoint, for instance `http://127.0.0.1:8093/v1`; empty means the keyless planner.
    pub base_url: String,
    /// Its key; may be empty for a local server.
    #[serde(skip_serializing)]
    pub api_key: secrecy::SecretString,
    /// Model name as the endpoint knows it.
    pub model: String,
    /// Tokens an answer may have.
    pub answer_tokens_max: u32,
    /// Seconds one answer may take, waiting, retries and the fallback included.
    pub answer_seconds_max: u64,
    /// Field name for the limit on tokens: `max_tokens` or `max_completion_tokens`. Responses has one name only.
    pub token_field: String,
    /// Sampling temperature; unset leaves it to the endpoint.
    pub temperature: Option<f32>,
    /// Effort of reasoning; unset leaves it to the endpoint. OpenAI's models since gpt-5.4 take tools on Chat
    /// Completions only with `none`.
    pub reasoning_effort: Option<String>,
    /// What the endpoint speaks.
    pub codec: Codec,
    /// How the model says what it wants done.
    pub answers: AnswerForm,
    /// Whether the endpoint is told to keep to the schemas of tools and actions.
    pub strict: bool,
    /// Whether several calls may come at once; unset leaves it to the endpoint.
    pub parallel_calls: Option<bool>,
    /// The endpoint's model that writes down recordings; empty means that nobody listens.
    pub transcription_model: String,
    /// Whether the model can look at pictures.
    pub sees: bool,
    /// Whether the model is a small one, that needs fewer tools and a shorter prompt.
    pub small: bool,
    /// Requests at the same time; others wait, within their deadline.
    pub concurrent_max: u32,
    /// Requests sent to this endpoint for one answer, the first included.
    pub tries_max: u32,
    /// Failures in a row after which the endpoint is left alone for a while.
    pub failures_max: u32,
    /// Seconds it is left alone.
    pub rest_seconds: u64,
    /// Price of a million tokens read, a decimal such as `0.40`; empty means unknown.
    pub input_price: String,
    /// Price of a million tokens read from the endpoint's cache; empty means the price above.
    pub cached_price: String,
    /// Price of a million tokens written; empty means unknown.
    pub output_price: String,
    /// Currency of the prices.
    pub price_currency: String,
    /// Asked when this endpoint does not answer; it has no fallback of its own.
    pub fallback: Option<Box<Settings>>,
    /// Answers to record or to replay, instead of asking; not for a fallback.
    pub cassette: Option<Cassette>,
}

/// Recorded answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cassette {
    /// Whether they are written or read.
    pub mode: Recording,
    /// Where they are: lines of JSON.
    pub file: std::path::PathBuf,
}

/// What is done with recorded answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recording {
    /// The endpoint is asked, and its answers are added to the file.
    Record,
    /// Nobody is asked: a request that was not recorded fails.
    Replay,
}

/// The wire format of an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// `/chat/completions`, which everybody speaks.
    #[default]
    Chat,
    /// `/responses`, which OpenAI's newer models want.
    Responses,
}

/// How the model says what it wants done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerForm {
    /// By the endpoint's own tool calls.
    #[default]
    Tools,
    /// By one JSON object that the endpoint forces into a schema.
    Action,
    /// By plain text: words are the reply, calls are read out of it.
    Text,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: String::new(),
            api_key: secrecy::SecretString::from(""),
            model: String::new(),
            answer_tokens_max: 800,
            answer_seconds_max: 25,
            token_field: "max_tokens".to_owned(),
            temperature: None,
            reasoning_effort: None,
            codec: Codec::Chat,
            answers: AnswerForm::Tools,
            strict: false,
            parallel_calls: None,
            transcription_model: String::new(),
            sees: false,
            small: false,
            concurrent_max: 8,
            tries_max: 2,
            failures_max: 5,
            rest_seconds: 30,
            input_price: String::new(),
            cached_price: String::new(),
            output_price: String::new(),
            price_currency: "USD".to_owned(),
            fallback: None,
            cassette: None,
        }
    }
}

impl Settings {
    /// The prices, when both that matter are set.
    pub fn prices(&self) -> Result<Option<Prices>, crate::llm::price::Error> {
        Prices::parse(&self.input_price, &self.cached_price, &self.output_price, &self.price_currency)
    }
}
