//! Chat Completions: what is sent, its front the same from turn to turn, and what is read of the answer.

use crate::llm::AnswerForm;
use crate::llm::Call;
use crate::llm::Error;
use crate::llm::Request;
use crate::llm::Settings;
use crate::llm::ToolSpec;
use crate::llm::Usage;
use crate::llm::openai::action;
use crate::llm::openai::read;
use crate::llm::openai::read::Raw;
use crate::llm::openai::talk;
use crate::llm::openai::talk::Item;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// Where it is sent.
pub(super) const PATH: &str = "/chat/completions";

/// The body of a request.
///
/// Endpoints cache by the beginning, so what never changes stands first, then the messages, which only grow, and last
/// what changes within a turn. Tools stay in the body even when none may be called.
pub(super) fn body(settings: &Settings, request: &Request) -> Value {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(settings.model.trim()));
    // Said aloud, because the library adds nothing to a body of our own.
    body.insert("stream".to_owned(), json!(false));
    body.insert(settings.token_field.clone(), json!(settings.answer_tokens_max));
    if let Some(temperature) = settings.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(effort) = &settings.reasoning_effort {
        body.insert("reasoning_effort".to_owned(), json!(effort));
    }
    // Endpoints refuse an empty list, and a choice without a list.
    let native = settings.answers == AnswerForm::Tools && !request.tools.is_empty();
    if native {
        body.insert("tools".to_owned(), request.tools.iter().map(|spec| tool(spec, settings.strict)).collect());
        if let Some(parallel) = settings.parallel_calls {
            body.insert("parallel_tool_calls".to_owned(), json!(parallel));
        }
    }
    let mut messages = vec![json!({"role": "system", "content": talk::system(settings.answers, request)})];
    messages.extend(talk::items(settings.answers, request).into_iter().map(message));
    body.insert("messages".to_owned(), messages.into());
    if native {
        body.insert("tool_choice".to_owned(), json!(if request.may_call { "auto" } else { "none" }));
    }
    if settings.answers == AnswerForm::Action
        && let Some(schema) = action::schema(request, settings.strict)
    {
        let schema = json!({"name": "action", "strict": settings.strict, "schema": schema});
        body.insert("response_format".to_owned(), json!({"type": "json_schema", "json_schema": schema}));
    }
    Value::Object(body)
}

fn tool(spec: &ToolSpec, strict: bool) -> Value {
    let mut function = json!({"name": spec.name, "description": spec.description, "parameters": spec.parameters});
    if strict && let Some(function) = function.as_object_mut() {
        function.insert("strict".to_owned(), json!(true));
    }
    json!({"type": "function", "function": function})
}

fn message(item: Item) -> Value {
    match item {
        Item::Said { role, text, pictures } if pictures.is_empty() => json!({"role": role, "content": text}),
        Item::Said { role, text, pictures } => {
            let mut parts: Vec<Value> = pictures
                .iter()
                .map(|picture| json!({"type": "image_url", "image_url": {"url": picture.address()}}))
                .collect();
            parts.push(json!({"type": "text", "text": text}));
            json!({"role": role, "content": parts})
        }
        Item::Calls(calls) => {
            let calls: Vec<Value> = calls.into_iter().map(call).collect();
            json!({"role": "assistant", "content": null, "tool_calls": calls})
        }
        Item::Result { call, content } => json!({"role": "tool", "tool_call_id": call, "content": content}),
    }
}

fn call(call: Call) -> Value {
    json!({"id": call.id, "type": "function", "function": {"name": call.tool, "arguments": call.arguments}})
}

/// Reads the first choice.
pub(super) fn read(body: &Value) -> Result<Raw, Error> {
    let choice = body.pointer("/choices/0").ok_or_else(|| read::unreadable("no choices"))?;
    let message = choice.get("message").ok_or_else(|| read::unreadable("no message"))?;
    let cut = matches!(choice.get("finish_reason").and_then(Value::as_str), Some("length" | "max_tokens"));
    let calls = message.get("tool_calls").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let one = |call: &Value| read::call(call.get("function").unwrap_or(call), call.get("id"), cut);
    let calls = read::calls(calls.iter(), one)?;
    Ok(Raw { text: words(message), calls, cut, usage: usage(body), model: read::model(body) })
}

/// The content, a string or a list of parts, else the refusal; without a model's thoughts at its beginning.
fn words(message: &Value) -> String {
    let content = match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts.iter().filter_map(part).collect::<Vec<_>>().join(""),
        _ => String::new(),
    };
    let content = read::without_thoughts(&content);
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

fn usage(body: &Value) -> Usage {
    let number = |path: &str| body.pointer(path).and_then(read::count).unwrap_or(0);
    Usage {
        input: number("/usage/prompt_tokens"),
        cached: number("/usage/prompt_tokens_details/cached_tokens"),
        output: number("/usage/completion_tokens"),
        reasoning: number("/usage/completion_tokens_details/reasoning_tokens"),
    }
}

#[cfg(test)]
mod tests;
