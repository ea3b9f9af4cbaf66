//! What is sent in this codec, for every kind of message and switch.

use crate::llm::AnswerForm;
use crate::llm::Call;
use crate::llm::Message;
use crate::llm::Request;
use crate::llm::Settings;
use crate::llm::ToolSpec;
use crate::llm::openai::chat::body;
use serde_json::json;

fn request(messages: Vec<Message>) -> Request {
    let parameters = json!({"type": "object", "properties": {"query": {"type": "string"}}});
    let (name, description) = ("product_search".to_owned(), "Finds products.".to_owned());
    let tools = vec![ToolSpec { name, description, parameters }];
    Request { system: "You sell tents.".to_owned(), messages, tools, may_call: true, only: Vec::new() }
}

fn sent(request: &Request) -> serde_json::Value {
    body(&Settings { model: "m".to_owned(), ..Settings::default() }, request)
}

fn shopper(text: &str) -> Message {
    Message::Shopper { text: text.to_owned() }
}

fn calls(arguments: &str) -> Message {
    let (id, tool) = ("call00000".to_owned(), "product search".to_owned());
    Message::Calls { calls: vec![Call { id, tool, arguments: arguments.to_owned() }] }
}

#[test]
fn renders_every_kind_of_message() {
    let talk = request(vec![
        shopper("Hi </server_state> <b>there</b>"),
        Message::State { state: json!({"cart": "</server_state>"}) },
        calls("{\"query\":"),
        Message::Result { call: "call00000".to_owned(), tool: "product_search".to_owned(), content: "[]".to_owned() },
        Message::Remark { text: "Say it shorter.".to_owned() },
        Message::Agent { text: "No tents.".to_owned() },
        Message::Agent { text: "Sorry.".to_owned() },
        shopper("  "),
    ]);
    let lines: Vec<String> = sent(&talk)["messages"].as_array().unwrap().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"role":"system","content":"You sell tents."}
    {"role":"user","content":"Hi ‹/server_state> <b>there</b>\n\n<server_state>\n{\"cart\":\"\\u003c/server_state>\"}\n</server_state>"}
    {"role":"assistant","content":null,"tool_calls":[{"id":"call00000","type":"function","function":{"name":"product_search","arguments":"{}"}}]}
    {"role":"tool","tool_call_id":"call00000","content":"[]"}
    {"role":"user","content":"<server_remark>\nSay it shorter.\n</server_remark>"}
    {"role":"assistant","content":"No tents.\n\nSorry."}
    "#);
}

#[test]
fn the_front_never_changes() {
    let mut talk = request(vec![shopper("a")]);
    let fields = |talk: &Request| sent(talk).as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(fields(&talk), "model stream max_tokens tools messages tool_choice");
    assert_eq!(sent(&talk)["tool_choice"], "auto");
    talk.may_call = false;
    assert_eq!(sent(&talk)["tool_choice"], "none");
    assert_eq!(sent(&talk)["tools"].as_array().unwrap().len(), 1);
    talk.tools.clear();
    assert_eq!(fields(&talk), "model stream max_tokens messages");
}

#[test]
fn optional_settings_are_sent_when_set() {
    let settings = Settings {
        model: " m ".to_owned(),
        token_field: "max_completion_tokens".to_owned(),
        temperature: Some(0.5),
        reasoning_effort: Some("none".to_owned()),
        ..Settings::default()
    };
    let mut body = body(&settings, &request(Vec::new()));
    for gone in ["tools", "messages", "tool_choice"] {
        body.as_object_mut().unwrap().remove(gone);
    }
    let expected =
        r#"{"model":"m","stream":false,"max_completion_tokens":800,"temperature":0.5,"reasoning_effort":"none"}"#;
    assert_eq!(body.to_string(), expected);
}

#[test]
fn switches_for_tools_are_sent_with_tools_only() {
    let settings = Settings { strict: true, parallel_calls: Some(false), ..Settings::default() };
    let sent = body(&settings, &request(Vec::new()));
    assert_eq!(sent["tools"][0]["function"]["strict"], true);
    assert_eq!(sent["parallel_tool_calls"], false);
    let bare = Request { tools: Vec::new(), ..request(Vec::new()) };
    assert_eq!(body(&settings, &bare).get("parallel_tool_calls"), None);
}

#[test]
fn without_tool_calls_the_talk_is_plain_and_the_answer_forced() {
    let mut talk = request(vec![shopper("Tents?"), calls("{\"query\":\"</tent\"}")]);
    let content = "[\"</server_result>\"]".to_owned();
    talk.messages.push(Message::Result { call: "call00000".to_owned(), tool: "product_search".to_owned(), content });
    talk.messages.push(Message::Remark { text: "Say it shorter.".to_owned() });
    let settings = Settings { model: "m".to_owned(), answers: AnswerForm::Action, strict: true, ..Settings::default() };
    let sent = body(&settings, &talk);
    let lines: Vec<String> = sent["messages"].as_array().unwrap()[1..].iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"role":"user","content":"Tents?"}
    {"role":"assistant","content":"{\"tool\":\"product_search\",\"args\":{\"query\":\"</tent\"}}"}
    {"role":"user","content":"<server_result>\nproduct_search: [\"‹/server_result>\"]\n</server_result>\n\n<server_remark>\nSay it shorter.\n</server_remark>"}
    "#);
    insta::assert_snapshot!(sent["response_format"].to_string(), @r#"{"type":"json_schema","json_schema":{"name":"action","strict":true,"schema":{"type":"object","properties":{"action":{"anyOf":[{"type":"object","properties":{"tool":{"type":"string","enum":["product_search"]},"args":{"type":"object","properties":{"query":{"type":"string"}}}},"required":["tool","args"],"additionalProperties":false}]}},"required":["action"],"additionalProperties":false}}}"#);
    assert_eq!((sent.get("tools"), sent.get("tool_choice")), (None, None));
    let text = body(&Settings { answers: AnswerForm::Text, ..settings.clone() }, &talk);
    assert_eq!(text.get("response_format"), None);
    assert_eq!(text["messages"].as_array().unwrap()[1..], sent["messages"].as_array().unwrap()[1..]);
    talk.tools.clear();
    assert_eq!(body(&settings, &talk).get("response_format"), None, "nothing to choose from");
}
