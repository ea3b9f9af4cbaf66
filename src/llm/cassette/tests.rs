//! What is recorded is replayed, in another run with other ids; what is not is shown.

use crate::llm::Answer;
use crate::llm::Call;
use crate::llm::ChatModel;
use crate::llm::Error as ModelError;
use crate::llm::Message;
use crate::llm::Request;
use crate::llm::ToolSpec;
use crate::llm::cassette::Error;
use crate::llm::cassette::Record;
use crate::llm::cassette::Replay;
use crate::llm::scripted::Scripted;
use serde_json::json;
use std::error::Error as _;
use std::sync::Arc;

/// A talk as one run has it: `run` is in every id and moment.
fn request(run: &str, words: &str) -> Request {
    let (id, tool) = (format!("call_{run}xyz"), "catalog_get".to_owned());
    let product = format!("prd_0{run}abcdef");
    let state = json!({"today": "2026-03-01", "now": format!("2026-03-01T10:00:0{run}Z"), "shown": [product]});
    let messages = vec![
        Message::Shopper { text: words.to_owned() },
        Message::State { state },
        Message::Calls { calls: vec![Call { id: id.clone(), tool: tool.clone(), arguments: "{}".to_owned() }] },
        Message::Result { call: id, tool: tool.clone(), content: format!("{{\"id\":\"{product}\"}}") },
    ];
    let tools = vec![ToolSpec { name: tool, description: "Shows products.".to_owned(), parameters: json!({}) }];
    Request { system: "You sell tents.".to_owned(), messages, tools, may_call: true, only: Vec::new() }
}

fn call(run: &str) -> Answer {
    let arguments = format!("{{\"products\":[\"prd_0{run}abcdef\"]}}");
    let calls = vec![Call { id: format!("other_{run}"), tool: "catalog_get".to_owned(), arguments }];
    Answer { text: format!("It is prd_0{run}abcdef."), calls, ..Answer::default() }
}

async fn recorded(folder: &tempfile::TempDir, answers: Vec<Answer>) -> std::path::PathBuf {
    let path = folder.path().join("answers.jsonl");
    let count = answers.len();
    let model = Scripted::of(answers.into_iter().map(Ok)).posing();
    let record = Record::open(Arc::new(model), &path).unwrap();
    for _ in 0..count {
        record.answer(&request("1", "A tent, please.")).await.unwrap();
    }
    path
}

#[tokio::test]
async fn another_run_gets_the_same_answer_with_its_own_ids() {
    let folder = tempfile::tempdir().unwrap();
    let path = recorded(&folder, vec![call("1"), Answer { text: "Later.".to_owned(), ..Answer::default() }]).await;
    let replay = Replay::open(&path).unwrap();
    assert!(replay.is_language_model());
    assert_eq!(replay.name(), "scripted model (a fake) (replayed)");
    let answer = replay.answer(&request("2", "A tent, please.")).await.unwrap();
    assert_eq!(answer.text, "It is prd_02abcdef.");
    assert_eq!(answer.calls[0].arguments, r#"{"products":["prd_02abcdef"]}"#);
    assert_eq!(answer.calls[0].id, "call00001");
    for _ in 0..2 {
        assert_eq!(replay.answer(&request("2", "A tent, please.")).await.unwrap().text, "Later.");
    }
}

#[tokio::test]
async fn the_file_can_be_read_by_people() {
    let folder = tempfile::tempdir().unwrap();
    let path = recorded(&folder, vec![call("1")]).await;
    insta::assert_snapshot!(std::fs::read_to_string(path).unwrap(), @r#"
    {"front":"72e262b26173","system":"You sell tents.","tools":[{"name":"catalog_get","description":"Shows products.","parameters":{}}]}
    {"model":"scripted model (a fake)","language_model":true,"asked":{"front":"72e262b26173","may_call":true,"messages":[{"role":"shopper","text":"A tent, please."},{"role":"state","state":{"today":"2026-03-01","now":"⟦time_1⟧","shown":["⟦prd_2⟧"]}},{"role":"calls","calls":[{"id":"call00000","tool":"catalog_get","arguments":"{}"}]},{"role":"result","call":"call00000","tool":"catalog_get","content":"{\"id\":\"⟦prd_2⟧\"}"}]},"answer":{"text":"It is ⟦prd_2⟧.","calls":[{"id":"call00001","tool":"catalog_get","arguments":"{\"products\":[\"⟦prd_2⟧\"]}"}],"usage":{"input":0,"cached":0,"output":0,"reasoning":0},"endpoint":"","model":"","cost":null,"ms":0,"attempts":0}}
    "#);
}

#[tokio::test]
async fn what_was_not_recorded_is_shown_beside_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let path = recorded(&folder, vec![call("1")]).await;
    let replay = Replay::open(&path).unwrap();
    let mut other = request("2", "A stove, please.");
    other.system = "You sell stoves.".to_owned();
    let Err(ModelError::Rejected(miss)) = replay.answer(&other).await else { panic!("it was never recorded") };
    insta::assert_snapshot!(miss.to_string(), @r#"
    none of the 1 recorded requests is like this one; the nearest (-) and this one (+):
      {
    -   "system": "You sell tents.",
    +   "system": "You sell stoves.",
        "tools": [
          {
      {
    -   "front": "72e262b26173",
    +   "front": "e903b2882c4f",
        "may_call": true,
        "messages": [
          {
            "role": "shopper",
    -       "text": "A tent, please."
    +       "text": "A stove, please."
          },
          {
    "#);
}

#[tokio::test]
async fn failures_are_not_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answers.jsonl");
    let record = Record::open(Arc::new(Scripted::new()), &path).unwrap();
    record.answer(&request("1", "Hello")).await.unwrap_err();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "");
    let replay = Replay::open(&path).unwrap();
    let error = replay.answer(&request("1", "Hello")).await.unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "nothing was recorded");
    std::fs::write(&path, "\n{\"front\": 7}\n").unwrap();
    assert!(matches!(Replay::open(&path), Err(Error::Line { line: 2, .. })));
    assert!(matches!(Replay::open(&folder.path().join("none")), Err(Error::File { .. })));
}
