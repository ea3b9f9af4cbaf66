//! Tool calls that a model wrote as text: fenced JSON, bare JSON, or between `<tool_call>` marks.

use crate::llm::ToolSpec;
use serde_json::Value;

/// Calls that are read of one answer; a model that goes on is in a loop.
pub(super) const CALLS_MAX: usize = 16;

/// Name and arguments of each call, when the text is nothing but calls of known tools.
///
/// Anything else is words: a shopper may have asked for JSON, and prose around a call shows that it was not meant as one.
pub(super) fn calls(text: &str, tools: &[ToolSpec]) -> Option<Vec<(String, String)>> {
    let mut calls = Vec::new();
    let mut rest = between(text);
    while !rest.is_empty() {
        let mut values = serde_json::Deserializer::from_str(opened(rest)).into_iter::<Value>();
        let value = values.next()?.ok()?;
        let tail = opened(rest).get(values.byte_offset()..)?;
        match value {
            Value::Array(items) => {
                for item in &items {
                    calls.push(call(item, tools)?);
                }
            }
            item => calls.push(call(&item, tools)?),
        }
        if calls.len() > CALLS_MAX {
            return None;
        }
        rest = between(closed(tail));
    }
    (!calls.is_empty()).then_some(calls)
}

/// Whether a text begins as a call would, so that a cut one is not shown to anybody.
pub(super) fn begins_like_one(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(['{', '[']) || text.starts_with("```") || text.starts_with("<tool_call")
}

/// Behind the mark or fence that opens a call, if any.
fn opened(text: &str) -> &str {
    let text = text.strip_prefix("<tool_call>").unwrap_or(text).trim_start();
    match text.strip_prefix("```") {
        Some(fenced) => {
            fenced.trim_start_matches(|letter: char| letter.is_ascii_alphabetic() || letter == '_').trim_start()
        }
        None => text,
    }
}

/// Behind the fence and the mark that close a call, if any: the last ones are often missing.
fn closed(text: &str) -> &str {
    let text = text.trim_start();
    let text = text.strip_prefix("```").unwrap_or(text).trim_start();
    text.strip_prefix("</tool_call>").unwrap_or(text)
}

fn between(text: &str) -> &str {
    text.trim().trim_start_matches([',', ';']).trim_start()
}

fn call(value: &Value, tools: &[ToolSpec]) -> Option<(String, String)> {
    let call = value.get("function").filter(|function| function.is_object()).unwrap_or(value);
    let name = call.get("name").or_else(|| call.get("tool"))?.as_str()?.trim();
    tools.iter().find(|tool| tool.name == name)?;
    let arguments = ["arguments", "parameters", "args"].iter().find_map(|field| call.get(field));
    let arguments = match arguments {
        None | Some(Value::Null) => "{}".to_owned(),
        Some(Value::String(text)) => serde_json::from_str::<Value>(text).ok().filter(Value::is_object)?.to_string(),
        Some(object) if object.is_object() => object.to_string(),
        Some(_) => return None,
    };
    Some((name.to_owned(), arguments))
}

#[cfg(test)]
mod tests {
    use super::begins_like_one;
    use super::calls;
    use crate::llm::ToolSpec;
    use proptest::prelude::proptest;

    fn read(text: &str) -> Option<String> {
        let tool = |name: &str| ToolSpec {
            name: name.to_owned(),
            description: String::new(),
            parameters: serde_json::json!({}),
        };
        let calls = calls(text, &[tool("find"), tool("cart_show")])?;
        Some(calls.iter().map(|(name, arguments)| format!("{name}{arguments}")).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn reads_the_forms_that_small_models_write() {
        let one = r#"find{"q":"tent"}"#;
        for text in [
            r#"{"name":"find","arguments":{"q":"tent"}}"#,
            r#" {"name": "find", "arguments": "{\"q\": \"tent\"}"} "#,
            r#"{"name":"find","parameters":{"q":"tent"}}"#,
            r#"{"tool":"find","args":{"q":"tent"}}"#,
            r#"{"type":"function","function":{"name":"find","arguments":{"q":"tent"}}}"#,
            "```json\n{\"name\":\"find\",\"arguments\":{\"q\":\"tent\"}}\n```",
            "```\n{\"name\":\"find\",\"arguments\":{\"q\":\"tent\"}}",
            "<tool_call>\n{\"name\":\"find\",\"arguments\":{\"q\":\"tent\"}}\n</tool_call>",
            "<tool_call>{\"name\":\"find\",\"arguments\":{\"q\":\"tent\"}}",
            "<tool_call>```json\n{\"name\":\"find\",\"arguments\":{\"q\":\"tent\"}}\n```</tool_call>",
            r#"[{"name":"find","arguments":{"q":"tent"}}]"#,
        ] {
            assert_eq!(read(text).as_deref(), Some(one), "{text}");
        }
        let two = "<tool_call>{\"name\":\"find\",\"arguments\":{\"q\":\"tent\"}}</tool_call>\n<tool_call>{\"name\":\"cart_show\"}</tool_call>";
        assert_eq!(read(two).unwrap(), r#"find{"q":"tent"} cart_show{}"#);
        let fences = "```json\n{\"name\":\"cart_show\"}\n```\n```json\n{\"name\":\"cart_show\"}\n```";
        assert_eq!(read(fences).unwrap(), "cart_show{} cart_show{}");
    }

    #[test]
    fn leaves_words_alone() {
        for text in [
            "",
            "Here are tents.",
            r#"I will call {"name":"find","arguments":{}}"#,
            r#"{"name":"find","arguments":{}} Done."#,
            r#"{"name":"shop_close","arguments":{}}"#,
            r#"[{"name":"find"},{"name":"shop_close"}]"#,
            r#"{"name":"find","arguments":"tent"}"#,
            r#"{"name":"find","arguments":["tent"]}"#,
            r#"{"name":"find","argu"#,
            "[]",
            "42",
            "```",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&r#"{"name":"cart_show"}"#.repeat(17)), None, "a loop");
        assert_eq!(read(&"[".repeat(100_000)), None);
    }

    #[test]
    fn knows_the_beginning_of_one() {
        assert!(begins_like_one(" {\"name\":") && begins_like_one("<tool_call>\n{") && begins_like_one("```json\n"));
        assert!(!begins_like_one("The tent"));
    }

    proptest! {
        #[test]
        fn survives_any_text(text in ".{0,80}", marks in "[`{}\\[\\]\"<>/:,a-z_]{0,80}") {
            assert_eq!(read(&text), None);
            let _ = read(&marks);
        }
    }
}
