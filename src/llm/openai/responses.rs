//! Responses: the same talk as items, with nothing kept at the endpoint, and what is read of its output.

use crate::llm::AnswerForm;
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
pub(super) const PATH: &str = "/responses";

/// The body of a request; ordered as in the other codec, for the endpoint's cache.
pub(super) fn body(settings: &Settings, request: &Request) -> Value {
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(settings.model.trim()));
    body.insert("stream".to_owned(), json!(false));
    // The endpoint keeps nothing: a talk that is erased here is erased.
    body.insert("store".to_owned(), json!(false));
    body.insert("max_output_tokens".to_owned(), json!(settings.answer_tokens_max));
    if let Some(temperature) = settings.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(effort) = &settings.reasoning_effort {
        body.insert("reasoning".to_owned(), json!({ "effort": effort }));
    }
    let native = settings.answers == AnswerForm::Tools && !request.tools.is_empty();
    if native {
        body.insert("tools".to_owned(), request.tools.iter().map(|spec| tool(spec, settings.strict)).collect());
        if let Some(parallel) = settings.parallel_calls {
            body.insert("parallel_tool_calls".to_owned(), json!(parallel));
        }
    }
    body.insert("instructions".to_owned(), json!(talk::system(settings.answers, request)));
    let input: Vec<Value> = talk::items(settings.answers, request).into_iter().flat_map(items).collect();
    body.insert("input".to_owned(), input.into());
    if native {
        body.insert("tool_choice".to_owned(), json!(if request.may_call { "auto" } else { "none" }));
    }
    if settings.answers == AnswerForm::Action
        && let Some(schema) = action::schema(request, settings.strict)
    {
        let format = json!({"type": "json_schema", "name": "action", "strict": settings.strict, "schema": schema});
        body.insert("text".to_owned(), json!({ "format": format }));
    }
    Value::Object(body)
}

/// `strict` is always said: here the endpoint takes it for true when it is not.
fn tool(spec: &ToolSpec, strict: bool) -> Value {
    json!({
        "type": "function", "name": spec.name, "description": spec.description, "parameters": spec.parameters,
        "strict": strict,
    })
}

fn items(item: Item) -> Vec<Value> {
    match item {
        // Said by the model, words are output, and some servers take no other form of them.
        Item::Said { role: "assistant", text, .. } => {
            vec![json!({"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]})]
        }
        Item::Said { role, text, pictures } if pictures.is_empty() => {
            vec![json!({"type": "message", "role": role, "content": text})]
        }
        Item::Said { role, text, pictures } => {
            let shown = pictures.iter().map(|picture| json!({"type": "input_image", "image_url": picture.address()}));
            let parts: Vec<Value> = shown.chain([json!({"type": "input_text", "text": text})]).collect();
            vec![json!({"type": "message", "role": role, "content": parts})]
        }
        Item::Calls(calls) => {
            let call = |call: crate::llm::Call| json!({"type": "function_call", "call_id": call.id, "name": call.tool, "arguments": call.arguments});
            calls.into_iter().map(call).collect()
        }
        Item::Result { call, content } => {
            vec![json!({"type": "function_call_output", "call_id": call, "output": content})]
        }
    }
}

/// Reads the output: messages and calls; thoughts and whatever else is in it are passed over.
pub(super) fn read(body: &Value) -> Result<Raw, Error> {
    let output = body.get("output").and_then(Value::as_array).ok_or_else(|| read::unreadable("no output"))?;
    let reason = body.pointer("/incomplete_details/reason").and_then(Value::as_str).unwrap_or_default();
    let status = body.get("status").and_then(Value::as_str).unwrap_or_default();
    if matches!(status, "failed" | "cancelled") {
        return Err(read::unreadable("the endpoint gave up on the answer"));
    }
    if status == "incomplete" && reason == "content_filter" {
        return Err(read::unreadable("cut off by the endpoint's filter"));
    }
    let cut = status == "incomplete" || matches!(reason, "max_output_tokens" | "max_tokens");
    let of = |kind: &'static str| output.iter().filter(move |item| item.get("type").is_some_and(|said| said == kind));
    let calls =
        read::calls(of("function_call"), |call| read::call(call, call.get("call_id").or_else(|| call.get("id")), cut))?;
    let mut text: String = of("message").flat_map(|message| parts(message, "text")).collect();
    if text.trim().is_empty() {
        text = of("message").flat_map(|message| parts(message, "refusal")).collect();
    }
    Ok(Raw { text: read::without_thoughts(&text).to_owned(), calls, cut, usage: usage(body), model: read::model(body) })
}

/// The words of a message: a string or parts, of which only the wanted kind counts.
fn parts<'a>(message: &'a Value, field: &'static str) -> Vec<&'a str> {
    match message.get("content") {
        Some(Value::String(text)) if field == "text" => vec![text],
        Some(Value::Array(parts)) => parts.iter().filter_map(|part| part.get(field)?.as_str()).collect(),
        _ => Vec::new(),
    }
}

fn usage(body: &Value) -> Usage {
    let number = |path: &str| body.pointer(path).and_then(read::count).unwrap_or(0);
    Usage {
        input: number("/usage/input_tokens"),
        cached: number("/usage/input_tokens_details/cached_tokens"),
        output: number("/usage/output_tokens"),
        reasoning: number("/usage/output_tokens_details/reasoning_tokens"),
    }
}

#[cfg(test)]
mod tests;
