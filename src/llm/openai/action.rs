//! Calls without the endpoint's tool calls: how they are explained, forced into a schema, and read.

use crate::llm::AnswerForm;
use crate::llm::Call;
use crate::llm::Request;
use crate::llm::ToolSpec;
use serde_json::Value;
use serde_json::json;
use std::fmt::Write;

/// The tool that ends a turn, which is allowed when nothing else is.
pub(super) const REPLY: &str = "reply";
/// What is said of it, where there is one.
const SPEAKING: &str = "To speak to the shopper, use the tool `reply`. ";
/// Levels of a schema that are explained.
const DEPTH_MAX: usize = 6;

/// What the model is told about calling, behind its other instructions: the same from turn to turn, whatever is
/// allowed at the moment. Nothing where the endpoint has tool calls, or where there are no tools.
pub(super) fn explanation(form: AnswerForm, request: &Request) -> Option<String> {
    let (rules, named): (_, fn(&&ToolSpec) -> bool) = match form {
        AnswerForm::Tools => return None,
        AnswerForm::Action => (include_str!("../../../prompts/answers/action.md"), |_| true),
        AnswerForm::Text => (include_str!("../../../prompts/answers/text.md"), |tool| tool.name != REPLY),
    };
    let tools: Vec<&ToolSpec> = request.tools.iter().filter(named).collect();
    if tools.is_empty() {
        return None;
    }
    let speaks = request.tools.iter().any(|tool| tool.name == REPLY);
    let mut text = if speaks { rules.trim_end().to_owned() } else { rules.trim_end().replace(SPEAKING, "") };
    for tool in tools {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n- {} {}: {}", tool.name, signature(&tool.parameters, 0), tool.description.trim());
    }
    Some(text)
}

/// A schema as a few words: `{"query": text, "limit": integer|null}`.
fn signature(schema: &Value, depth: usize) -> String {
    if depth > DEPTH_MAX {
        return "any".to_owned();
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().map(Value::to_string).collect::<Vec<_>>().join("|");
    }
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let one = |kind: &str| match kind {
        "string" => "text".to_owned(),
        "array" => format!("[{}]", schema.get("items").map_or("any".to_owned(), |item| signature(item, depth + 1))),
        "object" => {
            let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            let fields: Vec<String> =
                fields.map(|(name, field)| format!("\"{name}\": {}", signature(field, depth + 1))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        other => other.to_owned(),
    };
    if kinds.is_empty() { "any".to_owned() } else { kinds.into_iter().map(one).collect::<Vec<_>>().join("|") }
}

/// The tools that may be called now: those that make sense, and always the reply; only that when nothing may be called.
pub(super) fn allowed(request: &Request) -> Vec<&ToolSpec> {
    let named = |tool: &&ToolSpec| {
        let sensible = request.only.is_empty() || request.only.contains(&tool.name);
        tool.name == REPLY || (request.may_call && sensible)
    };
    request.tools.iter().filter(named).collect()
}

/// The schema that the answer is forced into; nothing when there is nothing to choose from.
///
/// Endpoints that keep strictly to a schema want an object at its root, so there the choice stands one level deeper.
pub(super) fn schema(request: &Request, strict: bool) -> Option<Value> {
    let object = |properties: Value, required: &[&str]| json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    let one = |tool: &ToolSpec| {
        let name = json!({"type": "string", "enum": [tool.name]});
        object(json!({"tool": name, "args": tool.parameters}), &["tool", "args"])
    };
    let choices: Vec<Value> = allowed(request).into_iter().map(one).collect();
    if choices.is_empty() {
        return None;
    }
    let choice = json!({ "anyOf": choices });
    Some(if strict { object(json!({ "action": choice }), &["action"]) } else { choice })
}

/// A call of the history, in the form in which new ones are written.
pub(super) fn written(call: &Call) -> String {
    let arguments = serde_json::from_str::<Value>(&call.arguments).unwrap_or_else(|_| json!({}));
    json!({"tool": call.tool, "args": arguments}).to_string()
}

/// Name and arguments of an answer that is one action.
pub(super) fn read(text: &str) -> Option<(String, String)> {
    let value: Value = serde_json::from_str(text.trim()).ok()?;
    let action = value.get("action").filter(|action| action.is_object()).unwrap_or(&value);
    let tool = action.get("tool")?.as_str()?.trim();
    let arguments = match action.get("args") {
        None | Some(Value::Null) => "{}".to_owned(),
        Some(arguments) if arguments.is_object() => arguments.to_string(),
        Some(_) => return None,
    };
    (!tool.is_empty()).then(|| (tool.to_owned(), arguments))
}

#[cfg(test)]
mod tests {
    use super::explanation;
    use super::read;
    use super::schema;
    use crate::llm::AnswerForm;
    use crate::llm::Request;
    use crate::llm::ToolSpec;
    use proptest::prelude::proptest;
    use serde_json::json;

    fn request() -> Request {
        let spec = |name: &str, parameters| ToolSpec {
            name: name.to_owned(),
            description: format!("Does {name}."),
            parameters,
        };
        let find = json!({"type": "object", "properties": {
            "query": {"type": "string"},
            "limit": {"type": ["integer", "null"]},
            "sort": {"type": "string", "enum": ["a", "b"]},
            "of": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "number"}}}},
        }});
        let tools = vec![spec("find", find), spec("cart", json!({"type": "object"})), spec("reply", json!({}))];
        Request { system: "You sell tents.".to_owned(), messages: Vec::new(), tools, may_call: true, only: Vec::new() }
    }

    fn names(request: &Request) -> String {
        let choices = schema(request, false).map(|schema| schema["anyOf"].as_array().unwrap().clone());
        let name = |choice: &serde_json::Value| choice["properties"]["tool"]["enum"][0].as_str().unwrap().to_owned();
        choices.unwrap_or_default().iter().map(name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn explains_the_tools_in_a_few_words() {
        let said = explanation(AnswerForm::Action, &request()).unwrap();
        let tools = said.split_once("\nTools\n").unwrap().1;
        insta::assert_snapshot!(tools, @r#"
        - find {"query": text, "limit": integer|null, "sort": "a"|"b", "of": [{"n": number}]}: Does find.
        - cart {}: Does cart.
        - reply any: Does reply.
        "#);
        assert!(!explanation(AnswerForm::Text, &request()).unwrap().contains("\n- reply"));
        assert_eq!(explanation(AnswerForm::Tools, &request()), None);
        assert!(said.contains("To speak to the shopper"));
        let mute = Request { tools: request().tools[..2].to_vec(), ..request() };
        assert!(!explanation(AnswerForm::Action, &mute).unwrap().contains("reply"));
        let none = Request { tools: Vec::new(), ..request() };
        assert_eq!(explanation(AnswerForm::Action, &none), None);
    }

    #[test]
    fn what_is_allowed_changes_and_what_is_explained_does_not() {
        let all = request();
        let some = Request { only: vec!["cart".to_owned()], ..request() };
        let none = Request { may_call: false, ..request() };
        assert_eq!([names(&all), names(&some), names(&none)], ["find cart reply", "cart reply", "reply"]);
        for form in [AnswerForm::Action, AnswerForm::Text] {
            assert_eq!(explanation(form, &all), explanation(form, &some));
            assert_eq!(explanation(form, &all), explanation(form, &none));
        }
        let mute = Request { tools: all.tools[..1].to_vec(), ..none };
        assert_eq!(schema(&mute, false), None, "nothing to choose from");
        assert_eq!(schema(&all, true).unwrap()["properties"]["action"], schema(&all, false).unwrap());
    }

    #[test]
    fn reads_an_action() {
        let find = Some(("find".to_owned(), r#"{"query":"tent"}"#.to_owned()));
        assert_eq!(read(r#" {"tool":"find","args":{"query":"tent"}} "#), find);
        assert_eq!(read(r#"{"action":{"tool":"find","args":{"query":"tent"}}}"#), find);
        assert_eq!(read(r#"{"tool":"cart"}"#), Some(("cart".to_owned(), "{}".to_owned())));
        for odd in ["", "Hello", "{}", r#"{"tool":7}"#, r#"{"tool":"find","args":[]}"#, r#"{"tool":"find","args":{"#] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn survives_any_text(text in ".{0,80}") {
            let _ = read(&text);
        }
    }
}
