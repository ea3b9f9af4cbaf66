//! The other wire format: what is sent, and answers good and odd.

use crate::llm::Answer;
use crate::llm::AnswerForm;
use crate::llm::Call;
use crate::llm::Error;
use crate::llm::Message;
use crate::llm::Request;
use crate::llm::Settings;
use crate::llm::ToolSpec;
use crate::llm::Usage;
use crate::llm::openai::read;
use crate::llm::openai::responses;
use proptest::prelude::proptest;
use serde_json::Value;
use serde_json::json;

fn request() -> Request {
    let call = Call { id: "c1".to_owned(), tool: "find".to_owned(), arguments: "{\"q\":\"tent\"}".to_owned() };
    let messages = vec![
        Message::Agent { text: "Hello.".to_owned() },
        Message::Shopper { text: "Tents?".to_owned() },
        Message::Calls { calls: vec![call] },
        Message::Result { call: "c1".to_owned(), tool: "find".to_owned(), content: "[]".to_owned() },
    ];
    let (name, description) = ("find".to_owned(), "Finds.".to_owned());
    let tools = vec![ToolSpec { name, description, parameters: json!({"type": "object"}) }];
    Request { system: "You sell tents.".to_owned(), messages, tools, may_call: true, only: Vec::new() }
}

fn read(body: Value) -> Result<Answer, Error> {
    responses::read(&body).and_then(|raw| read::answer(raw, AnswerForm::Tools, &request()))
}

fn why(body: Value) -> String {
    match read(body) {
        Err(Error::Unreadable(why)) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

fn said(text: &str) -> Value {
    json!({"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text, "annotations": []}]})
}

#[test]
fn sends_items_and_lets_nothing_be_kept() {
    let settings = Settings {
        model: "m".to_owned(),
        reasoning_effort: Some("low".to_owned()),
        temperature: Some(0.5),
        parallel_calls: Some(true),
        ..Settings::default()
    };
    insta::assert_snapshot!(responses::body(&settings, &request()).to_string(), @r#"{"model":"m","stream":false,"store":false,"max_output_tokens":800,"temperature":0.5,"reasoning":{"effort":"low"},"tools":[{"type":"function","name":"find","description":"Finds.","parameters":{"type":"object"},"strict":false}],"parallel_tool_calls":true,"instructions":"You sell tents.","input":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello."}]},{"type":"message","role":"user","content":"Tents?"},{"type":"function_call","call_id":"c1","name":"find","arguments":"{\"q\":\"tent\"}"},{"type":"function_call_output","call_id":"c1","output":"[]"}],"tool_choice":"auto"}"#);
}

#[test]
fn an_action_is_forced_here_too() {
    let settings = Settings { answers: AnswerForm::Action, ..Settings::default() };
    let body = responses::body(&settings, &request());
    insta::assert_snapshot!(body["text"].to_string(), @r#"{"format":{"type":"json_schema","name":"action","strict":false,"schema":{"anyOf":[{"type":"object","properties":{"tool":{"type":"string","enum":["find"]},"args":{"type":"object"}},"required":["tool","args"],"additionalProperties":false}]}}}"#);
    insta::assert_snapshot!(body["input"].to_string(), @r#"[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello."}]},{"type":"message","role":"user","content":"Tents?"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"{\"tool\":\"find\",\"args\":{\"q\":\"tent\"}}"}]},{"type":"message","role":"user","content":"<server_result>\nfind: []\n</server_result>"}]"#);
    assert_eq!((body.get("tools"), body.get("tool_choice")), (None, None));
}

#[test]
fn reads_words_calls_and_usage_past_thoughts() {
    let usage = json!({
        "input_tokens": 900, "input_tokens_details": {"cached_tokens": 888},
        "output_tokens": 40, "output_tokens_details": {"reasoning_tokens": 30},
    });
    let thought = json!({"type": "reasoning", "summary": [{"type": "summary_text", "text": "They greet."}]});
    let call = json!({"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "find", "arguments": "{}"});
    let output = json!([thought, said("One "), call, {"type": "web_search_call"}, said("moment.")]);
    let answer =
        read(json!({"status": "completed", "error": null, "model": "m-1", "output": output, "usage": usage})).unwrap();
    assert_eq!((answer.text.as_str(), answer.model.as_str()), ("One moment.", "m-1"));
    let expected = Call { id: "call_1".to_owned(), tool: "find".to_owned(), arguments: "{}".to_owned() };
    assert_eq!(answer.calls, [expected]);
    assert_eq!(answer.usage, Usage { input: 900, cached: 888, output: 40, reasoning: 30 });
    let bare = json!([{"type": "message", "content": "Hi"}, {"type": "function_call", "name": "find"}]);
    let answer = read(json!({ "output": bare })).unwrap();
    assert_eq!((answer.text.as_str(), answer.calls[0].arguments.as_str()), ("Hi", "{}"));
    assert_eq!(answer.usage, Usage::default());
}

#[test]
fn a_refusal_is_an_answer() {
    let part = json!({"type": "refusal", "refusal": "I cannot."});
    let body = json!({"output": [{"type": "message", "content": [part]}]});
    assert_eq!(read(body).unwrap().text, "I cannot.");
}

#[test]
fn an_incomplete_answer_is_cut() {
    let cut = |output: Value| json!({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": output});
    assert_eq!(read(cut(json!([said("It costs 1.299 €. It weighs 2.")]))).unwrap().text, "It costs 1.299 €.");
    assert_eq!(why(cut(json!([said("It costs")]))), "cut off by the limit on tokens");
    assert_eq!(why(cut(json!([{"type": "reasoning"}]))), "cut off by the limit on tokens");
    let call = json!([{"type": "function_call", "name": "find", "arguments": "{\"q"}]);
    assert_eq!(why(cut(call)), "a call cut off by the limit on tokens");
    let filtered =
        json!({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}, "output": [said("A. B")]});
    assert_eq!(why(filtered), "cut off by the endpoint's filter");
}

#[test]
fn nothing_is_not_an_answer() {
    assert_eq!(why(json!({"status": "failed", "output": []})), "the endpoint gave up on the answer");
    assert_eq!(why(json!({"output": []})), "neither words nor calls");
    for odd in [json!({}), json!([]), json!(null), json!({"output": "Hi"})] {
        assert_eq!(why(odd), "no output");
    }
    let flood = vec![json!({"type": "function_call", "name": "find"}); 17];
    assert_eq!(why(json!({ "output": flood })), "too many calls");
    assert_eq!(why(json!({"output": [{"type": "function_call"}]})), "a call without a name");
}

proptest! {
    #[test]
    fn survives_any_text(text in ".{0,60}", kind in "message|function_call|reasoning|.{0,8}") {
        let _ = read(json!({"output": [{"type": kind, "content": text, "name": text, "arguments": text}]}));
    }
}
