//! Bodies of every kind, with values of our own.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

mod any;
mod notices;
mod types;

use crate::channel::whatsapp::event::{Event, Heard, Told};
use crate::channel::whatsapp::parse::{Parsed, parse};
use serde_json::{Value, json};

/// A body with one change.
pub(super) fn body(field: &str, value: &Value) -> String {
    json!({"object": "whatsapp_business_account", "entry": [
        {"id": "3001", "changes": [{"field": field, "value": value}]}
    ]})
    .to_string()
}

/// A body with messages of Ina's.
pub(super) fn messages(messages: &Value) -> String {
    body(
        "messages",
        &json!({
            "metadata": {"display_phone_number": "+49 30 5550", "phone_number_id": "4001"},
            "contacts": [{"profile": {"name": "Ina"}, "wa_id": "4915555001", "user_id": "DE.Ina1"}],
            "messages": messages,
        }),
    )
}

pub(super) fn read(text: &str) -> Vec<Told> {
    let Parsed { told, strange, cut } = parse(text.as_bytes());
    assert!(!strange && !cut, "{text}");
    told
}

/// What one message says.
pub(super) fn heard(message: &Value) -> Heard {
    let mut message = message.clone();
    for (name, value) in [("from", "4915555001"), ("id", "wamid.A"), ("timestamp", "1790000000")] {
        message.as_object_mut().unwrap().entry(name).or_insert_with(|| json!(value));
    }
    let mut told = read(&messages(&json!([message])));
    assert_eq!(told.len(), 1, "{told:?}");
    match told.remove(0).event {
        Event::Message(heard) => *heard,
        other => panic!("{other:?}"),
    }
}

pub(super) fn event(message: &Value) -> Event {
    read(&messages(&json!([message]))).remove(0).event
}

#[test]
fn everything_in_a_body_is_told_in_its_order() {
    let one = |from: &str, id: &str| json!({"from": from, "id": id, "timestamp": "1790000000", "type": "text", "text": {"body": id}});
    let value = |message: &Value| json!({"metadata": {"phone_number_id": "4001"}, "messages": [message]});
    let text = json!({"object": "whatsapp_business_account", "entry": [
        {"id": "1", "changes": [
            {"field": "messages", "value": value(&one("491", "a"))},
            {"field": "messages", "value": {"messages": [one("491", "b"), one("492", "c")],
                "statuses": [{"id": "out", "status": "sent", "timestamp": 1_790_000_001}],
                "errors": [{"code": 130_429, "title": "Busy"}]}},
        ]},
        {"id": "2", "changes": [{"field": "messages", "value": value(&one("491", "d"))}]},
    ]});
    let told = read(&text.to_string());
    let names: Vec<String> = told
        .iter()
        .map(|t| match &t.event {
            Event::Message(heard) => heard.id.clone(),
            Event::Status(news) => news.outside_id.clone(),
            Event::Errors { codes } => format!("{codes:?}"),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, ["a", "b", "c", "out", "[130429]", "d"]);
    assert_eq!(told[0].number.as_deref(), Some("4001"));
    assert!(told[0].raw.contains("\"id\":\"a\"") && !told[0].raw.contains("\"id\":\"b\""));
}

#[test]
fn a_card_belongs_to_who_shares_an_id_with_it() {
    let text = body(
        "messages",
        &json!({
            "contacts": [
                {"profile": {"name": "Bo\u{7}b", "username": "bob.b"}, "user_id": "DE.Bob", "parent_user_id": "DE.ENT.Bob"},
                {"profile": {"name": "Ina"}, "wa_id": "4915555001"},
            ],
            "messages": [
                {"from": "4915555001", "id": "a", "type": "text", "text": {"body": "1"}},
                {"from_user_id": "DE.Bob", "id": "b", "type": "text", "text": {"body": "2"}},
                {"from": "DE.Bob", "id": "c", "type": "text", "text": {"body": "3"}},
                {"from": "4917777", "from_user_id": "DE.Cem", "id": "d", "type": "text", "text": {"body": "4"}},
                {"id": "e", "type": "text", "text": {"body": "5"}},
            ],
        }),
    );
    let told = read(&text);
    let sender = |n: usize| match &told[n].event {
        Event::Message(heard) => heard.sender.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        (sender(0).name.as_deref(), sender(0).ids.wa.as_deref(), sender(0).ids.user),
        (Some("Ina"), Some("4915555001"), None)
    );
    for n in [1, 2] {
        let bob = sender(n);
        assert_eq!(
            (bob.ids.user.as_deref(), bob.ids.parent.as_deref(), bob.ids.wa),
            (Some("DE.Bob"), Some("DE.ENT.Bob"), None)
        );
        assert_eq!((bob.name.as_deref(), bob.username.as_deref()), (Some("Bob"), Some("bob.b")));
    }
    assert_eq!((sender(3).name, sender(3).ids.user.as_deref()), (None, Some("DE.Cem")));
    assert_eq!(told[4].event, Event::Other { kind: "text of nobody".to_owned() }, "there are two cards");
}

#[test]
fn what_is_no_webhook_is_said_so() {
    for strange in ["", "null", "[]", "{}", "7", "{\"object\": \"page\", \"entry\": []}", "{\"object\"", "\u{0}"] {
        assert_eq!(parse(strange.as_bytes()), Parsed { strange: true, ..Parsed::default() }, "{strange}");
    }
    let empty = parse(br#"{"object":"whatsapp_business_account"}"#);
    assert_eq!(empty, Parsed::default());
}

#[test]
fn there_is_an_end_to_it() {
    let one = json!({"from": "491", "id": "x", "type": "text", "text": {"body": "x"}});
    let many = messages(&Value::Array(vec![one; super::EVENTS_MAX + 1]));
    let parsed = parse(many.as_bytes());
    assert_eq!((parsed.told.len(), parsed.cut), (super::EVENTS_MAX, true));
}

#[test]
fn the_bytes_meta_signs_are_read_as_they_are_escaped() {
    let text = r#"{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[
        {"from":"491","id":"a","timestamp":"1790000000","type":"text","text":{"body":"Gr\u00fc\u00dfe \ud83c\udf32 1\/2"}}]}}]}]}"#;
    let told = read(text);
    let Event::Message(heard) = &told[0].event else { panic!("{told:?}") };
    assert_eq!(heard.said.words(), "Grüße 🌲 1/2");
}
