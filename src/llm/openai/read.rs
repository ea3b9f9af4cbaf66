//! What came back, read as leniently as the servers in use require.

use crate::llm::Answer;
use crate::llm::Call;
use crate::llm::Error;
use crate::llm::Message;
use crate::llm::Request;
use crate::llm::Usage;
use crate::llm::openai::spoken;
use serde_json::Value;

/// Bytes of words that one answer may have; a server that sends more has ignored the limit on tokens.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Bytes an id or a tool's name may have.
const NAME_BYTES_MAX: usize = 128;

/// Reads the first choice. Calls are never returned when none were allowed, whatever the model wrote.
pub(super) fn answer(body: &Value, request: &Request) -> Result<Answer, Error> {
    let choice = body.pointer("/choices/0").ok_or_else(|| unreadable("no choices"))?;
    let message = choice.get("message").ok_or_else(|| unreadable("no message"))?;
    let cut = matches!(choice.get("finish_reason").and_then(Value::as_str), Some("length" | "max_tokens"));
    let mut text = words(message);
    if text.len() > TEXT_BYTES_MAX {
        return Err(unreadable("too many words"));
    }
    let mut named = native(message, cut)?;
    if named.is_empty()
        && let Some(spoken) = spoken::calls(&text, &request.tools)
    {
        text.clear();
        named = spoken;
    }
    if !request.may_call {
        named.clear();
    }
    if cut && named.is_empty() {
        text = whole_sentences(&text).ok_or_else(|| unreadable("cut off by the limit on tokens"))?;
    }
    if text.is_empty() && named.is_empty() {
        return Err(unreadable("neither words nor calls"));
    }
    Ok(Answer { text, calls: with_ids(named, message, request), usage: usage(body), ..Answer::default() })
}

fn unreadable(why: &'static str) -> Error {
    Error::Unreadable(why.into())
}

/// The content, a string or a list of parts, else the refusal; without a model's thoughts at its beginning.
fn words(message: &Value) -> String {
    let content = match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts.iter().filter_map(part).collect::<Vec<_>>().join(""),
        _ => String::new(),
    };
    let content = without_thoughts(&content);
    if !content.is_empty() {
        return content.to_owned();
    }
    message.get("refusal").and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

fn part(part: &Value) -> Option<&str> {
    let kind = part.get("type").and_then(Value::as_str).unwrap_or("text");
    matches!(kind, "text" | "output_text").then_some(())?;
    part.get("text")?.as_str()
}

fn without_thoughts(text: &str) -> &str {
    let text = text.trim();
    match text.strip_prefix("<think>") {
        // Thoughts without an end are thoughts only.
        Some(thoughts) => thoughts.split_once("</think>").map_or("", |(_, words)| words.trim()),
        None => text,
    }
}

/// Name and arguments of each call in the message.
fn native(message: &Value, cut: bool) -> Result<Vec<(String, String)>, Error> {
    let calls = message.get("tool_calls").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if calls.len() > spoken::CALLS_MAX {
        return Err(unreadable("too many calls"));
    }
    calls.iter().map(|call| one_native(call, cut)).collect()
}

fn one_native(call: &Value, cut: bool) -> Result<(String, String), Error> {
    let function = call.get("function").unwrap_or(call);
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
    Ok((name.to_owned(), arguments))
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
fn with_ids(named: Vec<(String, String)>, message: &Value, request: &Request) -> Vec<Call> {
    let mut taken: Vec<String> = request.messages.iter().flat_map(ids).map(ToOwned::to_owned).collect();
    let mut calls = Vec::with_capacity(named.len());
    for (place, (tool, arguments)) in named.into_iter().enumerate() {
        let theirs = message.pointer(&format!("/tool_calls/{place}/id")).and_then(Value::as_str).map(str::trim);
        let theirs = theirs.filter(|id| !id.is_empty() && id.len() <= NAME_BYTES_MAX);
        let id = match theirs.filter(|id| !taken.iter().any(|other| other == id)) {
            Some(id) => id.to_owned(),
            None => free_id(&taken),
        };
        taken.push(id.clone());
        calls.push(Call { id, tool, arguments });
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

fn usage(body: &Value) -> Usage {
    let number = |path: &str| body.pointer(path).and_then(count).unwrap_or(0);
    Usage {
        input: number("/usage/prompt_tokens"),
        cached: number("/usage/prompt_tokens_details/cached_tokens"),
        output: number("/usage/completion_tokens"),
        reasoning: number("/usage/completion_tokens_details/reasoning_tokens"),
    }
}

/// Also of a server that counts in floating point.
fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as u64))
}

#[cfg(test)]
mod tests;
