//! What came back, whichever codec brought it, read as leniently as the servers in use require.

use crate::llm::Answer;
use crate::llm::AnswerForm;
use crate::llm::Call;
use crate::llm::Error;
use crate::llm::Message;
use crate::llm::Request;
use crate::llm::Usage;
use crate::llm::openai::action;
use crate::llm::openai::spoken;
use serde_json::Value;

/// Bytes of words that one answer may have; a server that sends more has ignored the limit on tokens.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Bytes an id or a tool's name may have.
const NAME_BYTES_MAX: usize = 128;

/// An answer as a codec reads it, before anything is made of its words.
#[derive(Debug, Default)]
pub(super) struct Raw {
    /// Words, without thoughts.
    pub(super) text: String,
    /// Calls in the endpoint's own form.
    pub(super) calls: Vec<Named>,
    /// Whether the limit on tokens cut it off.
    pub(super) cut: bool,
    /// As far as told.
    pub(super) usage: Usage,
    /// The model that says it answered.
    pub(super) model: String,
}

/// A call by name.
#[derive(Debug)]
pub(super) struct Named {
    id: Option<String>,
    name: String,
    arguments: String,
}

/// Makes an answer of it. Calls are never returned when none were allowed, whatever the model wrote, but for the reply
/// of an endpoint without tool calls.
pub(super) fn answer(raw: Raw, form: AnswerForm, request: &Request) -> Result<Answer, Error> {
    let Raw { mut text, calls: mut named, cut, usage, model } = raw;
    if text.len() > TEXT_BYTES_MAX {
        return Err(unreadable("too many words"));
    }
    if named.is_empty()
        && let Some(spoken) = in_words(&text, form, request)
    {
        text.clear();
        named = spoken.into_iter().map(|(name, arguments)| Named { id: None, name, arguments }).collect();
    }
    if form == AnswerForm::Action && named.is_empty() && spoken::begins_like_one(&text) {
        return Err(unreadable("an action that is none"));
    }
    if !request.may_call {
        named.retain(|call| form != AnswerForm::Tools && call.name == action::REPLY);
    }
    if cut && named.is_empty() {
        text = whole_sentences(&text).ok_or_else(|| unreadable("cut off by the limit on tokens"))?;
    }
    if text.is_empty() && named.is_empty() {
        return Err(unreadable("neither words nor calls"));
    }
    Ok(Answer { text, calls: with_ids(named, request), usage, model, ..Answer::default() })
}

fn in_words(text: &str, form: AnswerForm, request: &Request) -> Option<Vec<(String, String)>> {
    if form == AnswerForm::Action
        && let Some(action) = action::read(text)
    {
        return Some(vec![action]);
    }
    spoken::calls(text, &request.tools)
}

/// An answer that cannot be read.
pub(super) fn unreadable(why: &'static str) -> Error {
    Error::Unreadable(why.into())
}

/// The text behind the thoughts that some models write before it.
pub(super) fn without_thoughts(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix("<think>") {
        // Thoughts without an end are thoughts only.
        Some(thoughts) => thoughts.split_once("</think>").map_or("", |(_, words)| words.trim()),
        None => text,
    }
}

/// The model an answer names.
pub(super) fn model(body: &Value) -> String {
    let model = body.get("model").and_then(Value::as_str).unwrap_or_default();
    let odd = model.len() > NAME_BYTES_MAX || model.chars().any(char::is_control);
    if odd { String::new() } else { model.to_owned() }
}

/// Calls, as many as an answer can sensibly have.
pub(super) fn calls<'a>(
    calls: impl Iterator<Item = &'a Value>,
    one: impl Fn(&'a Value) -> Result<Named, Error>,
) -> Result<Vec<Named>, Error> {
    let mut named = Vec::new();
    for call in calls {
        if named.len() >= spoken::CALLS_MAX {
            return Err(unreadable("too many calls"));
        }
        named.push(one(call)?);
    }
    Ok(named)
}

/// One call: an object with a name and arguments.
pub(super) fn call(function: &Value, id: Option<&Value>, cut: bool) -> Result<Named, Error> {
    let name = function.get("name").and_then(Value::as_str).unwrap_or_default().trim();
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return Err(unreadable("a call without a name"));
    }
    let arguments = match function.get("arguments") {
        None | Some(Value::Null) => "{}".to_owned(),
        Some(Value::String(text)) if text.trim().is_empty() => "{}".to_owned(),
        Some(Value::String(text)) => once_encoded(text),
        Some(other) => other.to_string(),
    };
    if cut && serde_json::from_str::<serde::de::IgnoredAny>(&arguments).is_err() {
        return Err(unreadable("a call cut off by the limit on tokens"));
    }
    let id = id.and_then(Value::as_str).map(str::trim).filter(|id| !id.is_empty() && id.len() <= NAME_BYTES_MAX);
    Ok(Named { id: id.map(ToOwned::to_owned), name: name.to_owned(), arguments })
}

/// Some servers encode the arguments twice.
fn once_encoded(text: &str) -> String {
    match serde_json::from_str::<String>(text) {
        Ok(inner) if serde_json::from_str::<serde::de::IgnoredAny>(&inner).is_ok() => inner,
        _ => text.to_owned(),
    }
}

/// The sentences that were finished before the limit struck; none of a call.
fn whole_sentences(text: &str) -> Option<String> {
    if spoken::begins_like_one(text) {
        return None;
    }
    let ends = text.char_indices().zip(text.chars().skip(1));
    let ends = ends.filter(|((_, end), next)| *end == '\n' || (matches!(end, '.' | '!' | '?') && next.is_whitespace()));
    let ((last, letter), _) = ends.last()?;
    let sentences = text.get(..last + letter.len_utf8())?.trim();
    (!sentences.is_empty()).then(|| sentences.to_owned())
}

/// Ids of the server where they name one call only, else our own, of nine letters and digits as Mistral wants them.
fn with_ids(named: Vec<Named>, request: &Request) -> Vec<Call> {
    let mut taken: Vec<String> = request.messages.iter().flat_map(ids).map(ToOwned::to_owned).collect();
    let mut calls = Vec::with_capacity(named.len());
    for Named { id, name, arguments } in named {
        let id = id.filter(|id| !taken.contains(id)).unwrap_or_else(|| free_id(&taken));
        taken.push(id.clone());
        calls.push(Call { id, tool: name, arguments });
    }
    calls
}

fn ids(message: &Message) -> impl Iterator<Item = &str> {
    let calls = if let Message::Calls { calls } = message { calls.as_slice() } else { &[] };
    calls.iter().map(|call| call.id.as_str())
}

fn free_id(taken: &[String]) -> String {
    let mut number = taken.len();
    loop {
        let id = format!("call{number:05}");
        if !taken.contains(&id) {
            return id;
        }
        number += 1;
    }
}

/// Also of a server that counts in floating point.
pub(super) fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64))
}

#[cfg(test)]
mod tests;
