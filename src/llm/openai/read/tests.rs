//! Answers of many servers, good and odd, and what is read of them.

use crate::llm::Answer;
use crate::llm::AnswerForm;
use crate::llm::Call;
use crate::llm::Error;
use crate::llm::Message;
use crate::llm::Request;
use crate::llm::ToolSpec;
use crate::llm::Usage;
use crate::llm::openai::chat;
use proptest::prelude::proptest;
use serde_json::Value;
use serde_json::json;

fn answer(body: &Value, request: &Request) -> Result<Answer, Error> {
    formed(body, AnswerForm::Tools, request)
}

fn formed(body: &Value, form: AnswerForm, request: &Request) -> Result<Answer, Error> {
    chat::read(body).and_then(|raw| super::answer(raw, form, request))
}

fn request() -> Request {
    let (name, description) = ("find".to_owned(), String::new());
    let tools = vec![ToolSpec { name, description, parameters: json!({"type": "object"}) }];
    let messages = vec![Message::Shopper { text: "tents?".to_owned() }];
    Request { system: String::new(), messages, tools, may_call: true, only: Vec::new() }
}

fn read(message: Value, finish: Value) -> Result<Answer, Error> {
    answer(&json!({"choices": [{"message": message, "finish_reason": finish}]}), &request())
}

fn text(message: Value) -> String {
    read(message, json!("stop")).unwrap().text
}

fn why(result: Result<Answer, Error>) -> String {
    match result {
        Err(Error::Unreadable(why)) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

fn call(function: Value) -> Value {
    json!({"content": "", "tool_calls": [{"id": "c1", "function": function}]})
}

fn arguments(function: Value) -> String {
    read(call(function), json!("tool_calls")).unwrap().calls.remove(0).arguments
}

#[test]
fn reads_words() {
    assert_eq!(text(json!({"role": "assistant", "content": " Hello. "})), "Hello.");
    assert_eq!(text(json!({"content": "Hi", "reasoning_content": "They greet.", "tool_calls": null})), "Hi");
    assert_eq!(text(json!({"content": "<think>They greet.</think>\n\nHi"})), "Hi");
    assert_eq!(text(json!({"content": null, "refusal": "I cannot."})), "I cannot.");
    let parts = json!([{"type": "thinking", "text": "hm"}, {"type": "text", "text": "a"}, {"text": "b"}, 3]);
    assert_eq!(text(json!({"content": parts})), "ab");
    for finish in [json!(""), json!("eos"), json!(null), json!(7)] {
        assert_eq!(read(json!({"content": "Hi"}), finish).unwrap().text, "Hi");
    }
}

#[test]
fn reads_calls() {
    for function in [
        json!({"name": "find", "arguments": "{\"q\":1}"}),
        json!({"name": " find ", "arguments": {"q": 1}}),
        json!({"name": "find", "arguments": "\"{\\\"q\\\":1}\""}),
    ] {
        assert_eq!(arguments(function), "{\"q\":1}");
    }
    for function in [json!({"name": "find"}), json!({"name": "find", "arguments": ""})] {
        assert_eq!(arguments(function), "{}");
    }
    assert_eq!(arguments(json!({"name": "find", "arguments": "{\"q\":"})), "{\"q\":", "the agent tells the model");
    assert_eq!(why(read(call(json!({"arguments": "{}"})), json!("stop"))), "a call without a name");
    let flood = vec![json!({"function": {"name": "find"}}); 17];
    assert_eq!(why(read(json!({"tool_calls": flood}), json!("stop"))), "too many calls");
}

#[test]
fn names_each_call_once() {
    let mut request = request();
    let old = Call { id: "call_0".to_owned(), tool: "find".to_owned(), arguments: "{}".to_owned() };
    request.messages.push(Message::Calls { calls: vec![old] });
    let function = json!({"name": "find", "arguments": "{}"});
    let calls = json!([{"id": "call_0", "function": function}, {"id": "x", "function": function},
        {"id": "x", "function": function}, {"function": function}]);
    let answer = answer(&json!({"choices": [{"message": {"tool_calls": calls}}]}), &request).unwrap();
    let ids: Vec<&str> = answer.calls.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(ids, ["call00001", "x", "call00003", "call00004"]);
}

#[test]
fn reads_calls_written_as_text() {
    let content = "```json\n{\"name\": \"find\", \"arguments\": {\"q\": \"tent\"}}\n```";
    let answer = read(json!({"content": content}), json!("stop")).unwrap();
    let call = Call { id: "call00000".to_owned(), tool: "find".to_owned(), arguments: "{\"q\":\"tent\"}".to_owned() };
    assert_eq!(answer, Answer { calls: vec![call], ..Answer::default() });
    let unknown = "{\"name\":\"shop_close\",\"arguments\":{}}";
    assert_eq!(text(json!({"content": unknown})), unknown);
}

#[test]
fn returns_no_call_when_none_is_allowed() {
    let mut request = request();
    request.may_call = false;
    let body = |message: Value| json!({"choices": [{"message": message}]});
    let spoken = body(json!({"content": "{\"name\":\"find\",\"arguments\":{}}"}));
    assert_eq!(why(answer(&spoken, &request)), "neither words nor calls");
    let both = body(json!({"content": "Yes.", "tool_calls": [{"function": {"name": "find"}}]}));
    assert_eq!(answer(&both, &request).unwrap(), Answer { text: "Yes.".to_owned(), ..Answer::default() });
}

#[test]
fn reads_actions_where_they_are_forced() {
    let body = |content: &str| json!({"choices": [{"message": {"content": content}}]});
    let action = body("{\"tool\": \"find\", \"args\": {\"q\": \"tent\"}}");
    let call = formed(&action, AnswerForm::Action, &request()).unwrap().calls.remove(0);
    assert_eq!((call.tool.as_str(), call.arguments.as_str()), ("find", "{\"q\":\"tent\"}"));
    let unforced = formed(&body("Which one?"), AnswerForm::Action, &request()).unwrap();
    assert_eq!(unforced.text, "Which one?", "a server that forces nothing");
    let broken = formed(&body("{\"tool\": 7}"), AnswerForm::Action, &request());
    assert_eq!(why(broken), "an action that is none", "nobody is shown this");
    let mut last = request();
    last.may_call = false;
    let reply = body("{\"tool\": \"reply\", \"args\": {\"text\": \"Bye.\"}}");
    assert_eq!(formed(&reply, AnswerForm::Action, &last).unwrap().calls.len(), 1);
    assert_eq!(why(formed(&action, AnswerForm::Action, &last)), "neither words nor calls");
    assert_eq!(formed(&action, AnswerForm::Text, &request()).unwrap().calls.len(), 1);
}

#[test]
fn a_cut_answer_loses_its_last_sentence() {
    let cut = |content: &str| read(json!({"content": content}), json!("length"));
    assert_eq!(cut("It costs 1.299 €. It weighs 2.").unwrap().text, "It costs 1.299 €.");
    assert_eq!(cut("- Tent\n- Sleep").unwrap().text, "- Tent");
    assert_eq!(why(cut("It costs 1.2")), "cut off by the limit on tokens");
    assert_eq!(why(cut("{\"name\": \"find\", \"arguments\": {\"q\": \"a. b")), "cut off by the limit on tokens");
    assert_eq!(why(cut("<think>They want. A tent")), "cut off by the limit on tokens");
    let broken = call(json!({"name": "find", "arguments": "{\"q\": \"te"}));
    assert_eq!(why(read(broken, json!("length"))), "a call cut off by the limit on tokens");
    let whole = call(json!({"name": "find", "arguments": "{}"}));
    assert_eq!(read(whole, json!("length")).unwrap().calls.len(), 1);
}

#[test]
fn nothing_is_not_an_answer() {
    assert_eq!(why(read(json!({"content": " "}), json!("stop"))), "neither words nor calls");
    assert_eq!(why(read(json!({"content": "a".repeat(65 * 1024)}), json!("stop"))), "too many words");
    for body in [json!({}), json!({"choices": []}), json!([]), json!(null), json!({"choices": [{}]})] {
        assert!(matches!(answer(&body, &request()), Err(Error::Unreadable(_))), "{body}");
    }
}

#[test]
fn reads_usage_as_far_as_told() {
    let usage = |usage: Value| {
        let body =
            json!({"created": 1.5, "service_tier": "odd", "usage": usage, "choices": [{"message": {"content": "a"}}]});
        answer(&body, &request()).unwrap().usage
    };
    let full = json!({
        "prompt_tokens": 900, "completion_tokens": 7.0, "prompt_tokens_details": {"cached_tokens": 888},
        "completion_tokens_details": {"reasoning_tokens": 3},
    });
    assert_eq!(usage(full), Usage { input: 900, cached: 888, output: 7, reasoning: 3 });
    assert_eq!(usage(json!({"prompt_tokens": -1, "prompt_tokens_details": null})), Usage::default());
    assert_eq!(usage(Value::Null), Usage::default());
}

proptest! {
    #[test]
    fn survives_any_words(content in ".{0,60}", arguments in ".{0,30}", finish in "(length|stop|.{0,5})") {
        let _ = read(json!({"content": content}), json!(finish));
        let _ = read(call(json!({"name": content, "arguments": arguments})), json!(finish));
    }
}
