//! Endpoints of several kinds, as stubs on loopback, and what is advised for each.

use crate::llm::AnswerForm;
use crate::llm::Codec;
use crate::llm::Settings;
use crate::llm::probe::REQUESTS_MAX;
use crate::llm::probe::Report;
use crate::llm::probe::Verdict;
use crate::llm::probe::probe;
use serde_json::Value;
use serde_json::json;
use wiremock::Mock;
use wiremock::MockServer;
use wiremock::Request;
use wiremock::ResponseTemplate;

/// What a stub makes of a path and a body: a status and an answer.
type Kind = fn(&str, &Value) -> (u16, Value);

async fn probed(kind: Kind) -> Report {
    let server = MockServer::start().await;
    let answer = move |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let (status, answer) = match request.url.path() {
            "/v1/models" => (200, json!({"data": [{"id": "m"}]})),
            path => kind(path, &body),
        };
        ResponseTemplate::new(status).set_body_json(answer)
    };
    Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&server).await;
    let base_url = format!("{}/v1", server.uri());
    let report = probe(&Settings { base_url, model: "m".to_owned(), ..Settings::default() }).await.unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), report.requests as usize);
    assert!(report.requests <= REQUESTS_MAX, "{}", report.requests);
    report
}

fn verdict(report: &Report, what: &str) -> Verdict {
    report.findings.iter().find(|finding| finding.what == what).unwrap_or_else(|| panic!("{what}")).verdict
}

fn message(message: Value) -> (u16, Value) {
    let usage = json!({"prompt_tokens": 9, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 0}});
    (200, json!({"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}))
}

fn refused(why: &str) -> (u16, Value) {
    (400, json!({"error": {"message": why}}))
}

/// The last words of a shopper, in either codec.
fn asked(body: &Value) -> String {
    let last = body["messages"].as_array().and_then(|talk| talk.last()).map(|last| last["content"].clone());
    let words = last.unwrap_or_else(|| body["input"].clone());
    words.as_str().map_or_else(|| words.to_string(), ToOwned::to_owned)
}

fn fitting(body: &Value) -> &'static str {
    match asked(body) {
        words if words.contains("red tent") => "catalog_search",
        words if words.contains("my order") => "order_get",
        _ => "reply",
    }
}

/// Can everything that Chat Completions has.
fn able(path: &str, body: &Value) -> (u16, Value) {
    if path != "/v1/chat/completions" {
        return (404, json!({"detail": "Not Found"}));
    }
    if !body["response_format"].is_null() {
        let action = body["response_format"]["json_schema"]["name"] == "action";
        let forced = json!({"tool": fitting(body), "args": {}});
        let content = if action { forced } else { json!({"colour": "ultraviolet"}) };
        return message(json!({"content": content.to_string()}));
    }
    if body["tools"].is_null() {
        return message(json!({"content": "one, two"}));
    }
    let name = body["tool_choice"]["function"]["name"].as_str().unwrap_or(fitting(body));
    let count = if body["parallel_tool_calls"] == true { 2 } else { 1 };
    let call = json!({"id": "c", "type": "function", "function": {"name": name, "arguments": "{}"}});
    message(json!({"content": null, "tool_calls": vec![call; count]}))
}

/// Writes its calls as text, and the wrong ones; obeys schemas.
fn small(path: &str, body: &Value) -> (u16, Value) {
    if body["tools"].is_null() || path != "/v1/chat/completions" {
        return able(path, body);
    }
    message(json!({"content": "{\"name\": \"catalog_search\", \"arguments\": {\"query\": \"x\"}}"}))
}

/// Takes tools beside reasoning on the other route only, and knows the newer name of the limit only.
fn reasoning(path: &str, body: &Value) -> (u16, Value) {
    if path == "/v1/responses" {
        let call = json!({"type": "function_call", "call_id": "c", "name": fitting(body), "arguments": "{}"});
        return (200, json!({"status": "completed", "output": [{"type": "reasoning"}, call]}));
    }
    if !body["max_tokens"].is_null() {
        return refused("use max_completion_tokens");
    }
    if !body["tools"].is_null() && body["reasoning_effort"] != "none" {
        return refused("tools are not supported with reasoning_effort");
    }
    able(path, body)
}

/// The same without the other route.
fn reasoning_alone(path: &str, body: &Value) -> (u16, Value) {
    if path == "/v1/responses" { (404, json!({})) } else { reasoning(path, body) }
}

/// Only talks.
fn talkative(path: &str, body: &Value) -> (u16, Value) {
    if path == "/v1/responses" || !body["tools"].is_null() || !body["response_format"].is_null() {
        return refused("unknown field");
    }
    message(json!({"content": "Hello."}))
}

fn closed(_: &str, _: &Value) -> (u16, Value) {
    (401, json!({"error": {"message": "no such key"}}))
}

#[tokio::test]
async fn an_able_one_gets_tool_calls() {
    let report = probed(able).await;
    insta::assert_snapshot!(report.advice.unwrap().toml("llm"), @r#"
    [llm]
    codec = "chat"
    answers = "tools"
    token_field = "max_tokens"
    strict = true
    small = false
    parallel_calls = true
    "#);
    let shown =
        |finding: &crate::llm::probe::Finding| format!("{:?} {}: {}", finding.verdict, finding.what, finding.seen);
    let shown: Vec<String> = report.findings[1..].iter().map(shown).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    Yes chat completions: one, two
    Yes keeps to the limit on tokens: max_tokens: 5 of 12
    Yes tells usage: with cached tokens
    No responses: HTTP 404 Not Found: Not Found
    Yes reasoning effort beside tools: accepted, perhaps ignored
    Yes tool calls: catalog_search
    Yes obeys a JSON schema: {"colour":"ultraviolet"}
    Yes a forced tool call: order_get
    Yes strict tools: accepted, perhaps ignored
    Yes parallel calls: 2 calls where two were asked for
    Yes the right tool, by tool calls: 3 of 3: catalog_search, order_get, reply
    Yes the right tool, by forced actions: 3 of 3: catalog_search, order_get, reply
    "#);
}

#[tokio::test]
async fn a_small_one_is_forced_into_actions() {
    let report = probed(small).await;
    assert_eq!(verdict(&report, "tool calls"), Verdict::Partly);
    assert_eq!(verdict(&report, "the right tool, by tool calls"), Verdict::Partly);
    let advice = report.advice.unwrap();
    assert_eq!((advice.codec, advice.answers, advice.small), (Codec::Chat, AnswerForm::Action, true));
}

#[tokio::test]
async fn one_that_reasons_is_asked_by_the_other_route() {
    let report = probed(reasoning).await;
    let advice = report.advice.clone().unwrap();
    assert_eq!(
        (advice.codec, advice.answers, advice.small),
        (Codec::Responses, AnswerForm::Tools, false),
        "{report:?}"
    );
    assert_eq!((advice.token_field.as_str(), advice.reasoning_effort), ("max_completion_tokens", None));
    let advice = probed(reasoning_alone).await.advice.unwrap();
    assert_eq!((advice.codec, advice.answers, advice.small), (Codec::Chat, AnswerForm::Tools, false));
    assert_eq!(advice.reasoning_effort.as_deref(), Some("none"));
}

#[tokio::test]
async fn one_that_only_talks_gets_text() {
    let advice = probed(talkative).await.advice.unwrap();
    assert_eq!((advice.answers, advice.small, advice.strict), (AnswerForm::Text, true, false));
}

#[tokio::test]
async fn one_that_refuses_all_gets_no_advice() {
    let report = probed(closed).await;
    assert_eq!((report.advice, report.requests), (None, 4));
    assert!(report.findings.iter().any(|finding| finding.seen == "HTTP 401 Unauthorized: no such key"));
}
