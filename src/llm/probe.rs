//! What an endpoint can do: asked, not believed. A few small requests, and the settings that follow from the answers.

mod advice;
mod questions;

pub use advice::Advice;

use crate::llm::AnswerForm;
use crate::llm::ChatModel;
use crate::llm::Codec;
use crate::llm::Error;
use crate::llm::Settings;
use crate::llm::openai::OpenAi;
use crate::llm::openai::SettingsError;
use serde::Serialize;
use serde_json::Value;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

/// Requests of one probe.
pub const REQUESTS_MAX: u32 = 20;
/// Seconds of one probe.
pub const SECONDS_MAX: u64 = 300;
/// Seconds of one request of it.
const REQUEST_SECONDS_MAX: u64 = 60;
/// Tokens of an answer that only has to show something.
const TOKENS_MAX: u32 = 64;
/// Tokens of the answer that shows whether the limit holds.
const TOKENS_FEW: u32 = 12;
/// Characters of an answer or an error that are shown.
const SHOWN_CHARS_MAX: usize = 100;

/// What was found out about one endpoint.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Model and host.
    pub name: String,
    /// One for each thing that was asked.
    pub findings: Vec<Finding>,
    /// Requests that were sent.
    pub requests: u32,
    /// Milliseconds they took.
    pub ms: u64,
    /// What to set; nothing when the endpoint does not answer at all.
    pub advice: Option<Advice>,
}

/// One thing an endpoint can or cannot do.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What was asked for.
    pub what: &'static str,
    /// How it went.
    pub verdict: Verdict,
    /// What came back.
    pub seen: String,
    /// Milliseconds.
    pub ms: u64,
}

/// How something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As asked.
    Yes,
    /// Somehow.
    Partly,
    /// Not, or refused.
    No,
    /// Not asked: no time or requests left, or without it nothing could be seen.
    Unknown,
}

/// Asks an endpoint; its fallback is not asked.
pub async fn probe(settings: &Settings) -> Result<Report, SettingsError> {
    let settings = Settings { answer_seconds_max: REQUEST_SECONDS_MAX, ..settings.clone() };
    let model = OpenAi::new(&settings)?;
    let begun = Instant::now();
    let mut probe =
        Probe { settings, model, findings: Vec::new(), requests: 0, end: begun + Duration::from_secs(SECONDS_MAX) };
    let advice = probe.all().await;
    let Probe { model, findings, requests, .. } = probe;
    Ok(Report { name: model.name(), findings, requests, ms: ms(begun), advice })
}

/// A probe under way.
struct Probe {
    settings: Settings,
    model: OpenAi,
    findings: Vec<Finding>,
    requests: u32,
    end: Instant,
}

/// What came of one request.
enum Outcome {
    /// An answer.
    Said(Value),
    /// No, for good.
    Refused(String),
    /// Nothing of use: not asked, no answer in time, not to be read.
    Nothing(String),
}

impl Outcome {
    fn said(&self) -> Option<&Value> {
        if let Self::Said(answer) = self { Some(answer) } else { None }
    }

    fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// Why there is no answer, else what was made of it.
    fn or(&self, seen: &str) -> String {
        match self {
            Self::Said(_) => seen.to_owned(),
            Self::Refused(why) | Self::Nothing(why) => why.clone(),
        }
    }
}

impl Probe {
    async fn all(&mut self) -> Option<Advice> {
        self.models().await;
        let token_field = self.words().await;
        let responses = self.responses().await;
        if token_field.is_none() && responses.is_none() {
            return None;
        }
        let mut advice = Advice::new(&self.settings);
        advice.codec = if token_field.is_some() { Codec::Chat } else { Codec::Responses };
        advice.token_field = token_field.unwrap_or_else(|| self.settings.token_field.clone());
        self.settings.token_field.clone_from(&advice.token_field);
        let mut native = responses == Some(true);
        let mut as_text = false;
        let mut obeys = false;
        if advice.codec == Codec::Chat {
            let calls = self.calls(&mut advice, responses == Some(true)).await;
            (native, as_text) = (calls == Some(true) || advice.codec == Codec::Responses, calls == Some(false));
        }
        if advice.codec == Codec::Chat {
            obeys = self.schema().await;
        }
        if native && advice.codec == Codec::Chat {
            self.forced().await;
            advice.strict = self.strict(&advice).await;
            advice.parallel_calls = self.parallel(&advice).await;
        }
        let by_tools = if native || as_text { self.right(AnswerForm::Tools, &advice).await } else { None };
        let by_action = if obeys { self.right(AnswerForm::Action, &advice).await } else { None };
        advice.choose(native, as_text, by_tools, by_action);
        Some(advice)
    }

    async fn models(&mut self) {
        let start = Instant::now();
        self.requests += 1;
        let (verdict, seen) = match self.model.probe().await {
            Ok(found) if found.contains("not among") => (Verdict::Partly, found),
            Ok(found) => (Verdict::Yes, found),
            Err(error) => (Verdict::No, explained(&error)),
        };
        self.found("lists its models", verdict, &seen, start);
    }

    /// The name under which the endpoint takes the limit on tokens; none when Chat Completions gets no answer.
    async fn words(&mut self) -> Option<String> {
        let start = Instant::now();
        for field in ["max_tokens", "max_completion_tokens"] {
            let body = self.body(field, TOKENS_FEW, "Count from one to one hundred in words.");
            let outcome = self.post("/chat/completions", &body).await;
            if let Outcome::Said(answer) = &outcome {
                let words = answer.pointer("/choices/0/message").is_some_and(Value::is_object);
                let shown = answer.pointer("/choices/0/message/content").and_then(Value::as_str).unwrap_or_default();
                self.found("chat completions", if words { Verdict::Yes } else { Verdict::No }, shown, start);
                self.usage(field, answer);
                return words.then(|| field.to_owned());
            }
            if !outcome.is_refused() || field == "max_completion_tokens" {
                self.found("chat completions", Verdict::No, &outcome.or(""), start);
                return None;
            }
        }
        None
    }

    fn usage(&mut self, field: &str, answer: &Value) {
        let written = answer.pointer("/usage/completion_tokens").and_then(Value::as_u64);
        let (verdict, seen) = match written {
            Some(count) if count <= u64::from(TOKENS_FEW) => {
                (Verdict::Yes, format!("{field}: {count} of {TOKENS_FEW}"))
            }
            Some(count) => (Verdict::No, format!("{field}: {count} tokens where {TOKENS_FEW} were allowed")),
            None => (Verdict::Unknown, format!("{field} is accepted")),
        };
        self.found("keeps to the limit on tokens", verdict, &seen, Instant::now());
        let cached = answer.pointer("/usage/prompt_tokens_details/cached_tokens").is_some();
        let (verdict, seen) = match (written.is_some(), cached) {
            (true, true) => (Verdict::Yes, "with cached tokens"),
            (true, false) => (Verdict::Partly, "without cached tokens"),
            _ => (Verdict::No, "costs and budgets cannot be known"),
        };
        self.found("tells usage", verdict, seen, Instant::now());
    }

    /// Whether there is a route for Responses, and whether a tool was called there.
    async fn responses(&mut self) -> Option<bool> {
        let start = Instant::now();
        let body = json!({
            "model": self.settings.model.trim(), "stream": false, "store": false, "max_output_tokens": TOKENS_MAX * 8,
            "tools": questions::flat(), "instructions": questions::RULES, "input": questions::WISH,
        });
        let outcome = self.post("/responses", &body).await;
        let output = outcome.said().and_then(|answer| answer.get("output")?.as_array());
        let called =
            output.map(|items| items.iter().any(|item| item.get("type").is_some_and(|kind| kind == "function_call")));
        let (verdict, seen) = match called {
            Some(true) => (Verdict::Yes, "a tool was called"),
            Some(false) => (Verdict::Partly, "answers, but called no tool"),
            None => (Verdict::No, "no output"),
        };
        self.found("responses", verdict, &outcome.or(seen), start);
        called
    }

    fn found(&mut self, what: &'static str, verdict: Verdict, seen: &str, start: Instant) {
        let seen = seen.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN_CHARS_MAX).collect();
        self.findings.push(Finding { what, verdict, seen, ms: ms(start) });
    }

    /// A body without tools.
    fn body(&self, token_field: &str, tokens: u32, words: &str) -> Value {
        let messages = json!([{"role": "user", "content": words}]);
        json!({"model": self.settings.model.trim(), "stream": false, (token_field): tokens, "messages": messages})
    }

    /// One request within what is left of requests and seconds.
    async fn post(&mut self, path: &str, body: &Value) -> Outcome {
        let Some(wait) = self.may_ask() else {
            return Outcome::Nothing("not asked: the probe has used up its share".to_owned());
        };
        match tokio::time::timeout(wait, self.model.post(path, body)).await {
            Ok(Ok(answer)) => Outcome::Said(answer),
            Ok(Err(error @ (Error::Rejected(_) | Error::TooLong(_)))) => Outcome::Refused(explained(&error)),
            Ok(Err(error)) => Outcome::Nothing(explained(&error)),
            Err(_) => Outcome::Nothing(format!("no answer within {} s", wait.as_secs())),
        }
    }

    /// How long the next request may take, if there may be one.
    fn may_ask(&mut self) -> Option<Duration> {
        let left = self.end.saturating_duration_since(Instant::now());
        if self.requests >= REQUESTS_MAX || left < Duration::from_secs(1) {
            return None;
        }
        self.requests += 1;
        Some(left.min(Duration::from_secs(REQUEST_SECONDS_MAX)))
    }
}

fn ms(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// What the endpoint said, rather than what we call it.
fn explained(error: &Error) -> String {
    use std::error::Error as _;
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests;
