//! Making, sending, listing and losing templates.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use crate::clock::{CountedIds, HandClock};
use crate::emulator::check::message;
use crate::emulator::settings::{Delays, NUMBER_ID, Settings};
use crate::emulator::state::State;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

fn state() -> State {
    let clock = HandClock::at(Timestamp::from_second(1_793_534_400).unwrap());
    let settings = Settings { delays: Delays { review: 60_000, ..Delays::default() }, ..Settings::default() };
    State::new(settings, Arc::new(clock), Arc::new(CountedIds::default()))
}

fn made(components: Value) -> Value {
    json!({"name": "order_shipped", "language": "pt_BR", "category": "UTILITY", "components": components})
}

fn body(text: &str, samples: &[&str]) -> Value {
    let mut body = json!({"type": "BODY", "text": text});
    if !samples.is_empty() {
        body["example"] = json!({"body_text": [samples]});
    }
    body
}

#[test]
fn making_one_keeps_the_rules() {
    let quick = |n: usize| json!({"type": "QUICK_REPLY", "text": format!("q{n}")});
    let url = |n: usize, url: &str| json!({"type": "URL", "text": format!("u{n}"), "url": url, "example": ["https://a.example/1"]});
    let buttons = |list: Vec<Value>| made(json!([body("Hi there", &[]), {"type": "BUTTONS", "buttons": list}]));
    let with = |key: &str, value: Value| {
        let mut t = made(json!([body("Hi there", &[])]));
        t[key] = value;
        t
    };
    let header = |text: &str| {
        made(
            json!([body("Hi there", &[]), {"type": "HEADER", "format": "TEXT", "text": text, "example": {"header_text": ["a"]}}]),
        )
    };
    let table = [
        (made(json!([body("Order {{1}} is out.", &["91"])])), true),
        (made(json!([body("Order {{1}} is out.", &[])])), false),
        (made(json!([body("Order {{1}} is out.", &["1", "2"])])), false),
        (made(json!([body("{{1}} is out.", &["91"])])), false),
        (made(json!([body("Order {{1}}", &["91"])])), false),
        (made(json!([body("Order {{1}} {{2}} out.", &["9", "8"])])), false),
        (made(json!([body("Order {{2}} is out.", &["91"])])), false),
        (made(json!([body("Order {{name}} is out.", &["91"])])), false),
        (made(json!([body(&"x".repeat(1024), &[])])), true),
        (made(json!([body(&"x".repeat(1025), &[])])), false),
        (made(json!([{"type": "FOOTER", "text": "f"}])), false),
        (made(json!([body("Hi there", &[]), {"type": "FOOTER", "text": "{{1}} f"}])), false),
        (made(json!([body("Hi there", &[]), {"type": "FOOTER", "text": "x".repeat(61)}])), false),
        (header("Hi {{1}}"), true),
        (header("{{1}} {{2}}"), false),
        (header(&"x".repeat(61)), false),
        (with("name", json!("Order Shipped")), false),
        (with("name", json!("x".repeat(513))), false),
        (with("language", json!("pt-BR")), false),
        (with("category", json!("SERVICE")), false),
        (buttons((0..10).map(quick).collect()), true),
        (buttons((0..11).map(quick).collect()), false),
        (buttons(vec![quick(1), url(1, "https://a.example"), quick(2)]), false),
        (buttons(vec![url(1, "https://a.example/{{1}}"), url(2, "https://a.example"), quick(1)]), true),
        (buttons(vec![url(1, "https://a.example/{{1}}/x")]), false),
        (buttons(vec![url(1, "https://a"), url(2, "https://a"), url(3, "https://a")]), false),
        (buttons(vec![quick(1), quick(1)]), false),
        (buttons(vec![json!({"type": "QUICK_REPLY", "text": "x".repeat(26)})]), false),
        (buttons(vec![json!({"type": "COPY_CODE", "example": "x".repeat(16)})]), false),
    ];
    for (template, good) in table {
        let outcome = state().create_template(&template);
        assert_eq!(outcome.is_ok(), good, "{template} {outcome:?}");
    }
}

/// A template with a header, two variables and three buttons.
fn rich() -> State {
    let mut state = state();
    let template = made(json!([
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["h"]}},
        body("Order {{1}} comes {{2}}.", &["91", "today"]),
        {"type": "FOOTER", "text": "Souk"},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Stop"},
            {"type": "URL", "text": "Track", "url": "https://a.example/{{1}}", "example": ["https://a.example/1"]},
            {"type": "URL", "text": "Shop", "url": "https://a.example"},
        ]},
    ]));
    let id = state.create_template(&template).unwrap()["id"].as_str().unwrap().to_owned();
    state.review(&id);
    state
}

fn sent(state: &State, name: &str, language: &str, components: Value) -> Result<Value, u32> {
    let template = json!({"name": name, "language": {"code": language}, "components": components});
    let body = json!({"messaging_product": "whatsapp", "to": "+1", "type": "template", "template": template});
    message(state, NUMBER_ID, &body).map(|fit| fit.body["shown"].clone()).map_err(|refusal| refusal.code)
}

#[test]
fn sending_one_takes_exactly_its_parameters() {
    let state = rich();
    let t = |text: &str| json!({"type": "text", "text": text});
    let picture =
        json!({"type": "header", "parameters": [{"type": "image", "image": {"link": "https://a.example/a.jpg"}}]});
    let words = json!({"type": "body", "parameters": [t("91"), t("today")]});
    let track = json!({"type": "button", "sub_type": "url", "index": "1", "parameters": [t("91-ab")]});
    let shown = sent(&state, "order_shipped", "pt_BR", json!([picture, words, track])).unwrap();
    assert_eq!(shown["body"], "Order 91 comes today.");
    assert_eq!(shown["buttons"][1]["url"], "https://a.example/91-ab");
    assert_eq!(shown["buttons"][0]["payload"], "Stop");
    let body = |list: Value| json!({"type": "body", "parameters": list});
    let button = |index: u32, kind: &str, list: Value| json!({"type": "button", "sub_type": kind, "index": index, "parameters": list});
    let payload = button(0, "quick_reply", json!([{"type": "payload", "payload": "stop:91"}]));
    let table = [
        (json!([picture, words, track, payload]), 0),
        (json!([words, track]), 132000),
        (json!([picture, words]), 132000),
        (json!([picture, body(json!([t("91")])), track]), 132000),
        (json!([picture, body(json!([t("1"), t("2"), t("3")])), track]), 132000),
        (json!([picture, body(json!([t("91\n"), t("2")])), track]), 132018),
        (json!([picture, body(json!([t("a     b"), t("2")])), track]), 132018),
        (json!([picture, body(json!([t("a    b"), t("2")])), track]), 0),
        (json!([picture, body(json!([t(""), t("2")])), track]), 131008),
        (json!([picture, body(json!([t("91"), {"type": "image", "image": {}}])), track]), 132012),
        (json!([picture, body(json!([{"type": "text", "text": "a", "parameter_name": "x"}, t("2")])), track]), 132012),
        (json!([picture, body(json!([t(&"x".repeat(1024)), t("2")])), track]), 132005),
        (json!([{"type": "header", "parameters": [t("x")]}, words, track]), 132012),
        (json!([picture, words, button(0, "url", json!([t("x")]))]), 132012),
        (json!([picture, words, track, button(2, "url", json!([t("x")]))]), 132000),
        (json!([picture, words, track, button(9, "url", json!([t("x")]))]), 132012),
        (json!([picture, words, track, {"type": "foot"}]), 100),
    ];
    for (components, code) in table {
        let outcome = sent(&state, "order_shipped", "pt_BR", components.clone()).err().unwrap_or(0);
        assert_eq!(outcome, code, "{}", components.to_string().chars().take(400).collect::<String>());
    }
}

#[test]
fn only_an_approved_one_in_the_right_language_goes() {
    let mut state = state();
    let plain = made(json!([body("Hi there", &[])]));
    state.create_template(&plain).unwrap();
    let none = || json!([]);
    assert_eq!(sent(&state, "order_shipped", "pt_BR", none()).unwrap_err(), 132001, "pending");
    state.jump(2);
    state.tick();
    assert!(sent(&state, "order_shipped", "pt_BR", none()).is_ok());
    assert_eq!(sent(&state, "order_shipped", "en_US", none()).unwrap_err(), 132001);
    assert_eq!(sent(&state, "another", "pt_BR", none()).unwrap_err(), 132001);
    for (status, code) in [("PAUSED", 132015), ("DISABLED", 132016), ("REJECTED", 132001)] {
        assert!(state.set_template("order_shipped", "pt_BR", status, None));
        assert_eq!(sent(&state, "order_shipped", "pt_BR", none()).unwrap_err(), code);
    }
}

#[test]
fn named_parameters_go_by_name() {
    let mut state = state();
    let component = json!({"type": "BODY", "text": "Order {{no}} comes {{day}}.", "example": {"body_text_named_params":
        [{"param_name": "no", "example": "1"}, {"param_name": "day", "example": "today"}]}});
    let mut template = made(json!([component]));
    template["parameter_format"] = json!("named");
    let id = state.create_template(&template).unwrap()["id"].as_str().unwrap().to_owned();
    state.review(&id);
    let p = |name: &str, text: &str| json!({"type": "text", "parameter_name": name, "text": text});
    let send = |list: Value| sent(&state, "order_shipped", "pt_BR", json!([{"type": "body", "parameters": list}]));
    assert_eq!(send(json!([p("day", "today"), p("no", "91")])).unwrap()["body"], "Order 91 comes today.");
    assert_eq!(send(json!([p("no", "91"), p("no", "92")])).unwrap_err(), 132012);
    assert_eq!(send(json!([p("no", "91"), p("date", "x")])).unwrap_err(), 132012);
    assert_eq!(send(json!([{"type": "text", "text": "91"}, p("day", "x")])).unwrap_err(), 132012);
}

#[test]
fn they_are_listed_in_pages_and_deleted_names_are_blocked() {
    let mut state = state();
    for n in 0..7 {
        let mut template = made(json!([body("Hi there", &[])]));
        template["name"] = json!(format!("t{n}"));
        state.create_template(&template).unwrap();
        assert_eq!(state.create_template(&template).unwrap_err().code, 2_388_024);
    }
    let ask = |state: &State, pairs: &[(&str, &str)]| {
        let query: Vec<(String, String)> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        state.list_templates(&query)
    };
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let page = ask(&state, &[("limit", "3"), ("after", &after)]).unwrap();
        names.extend(page["data"].as_array().unwrap().iter().map(|t| t["name"].as_str().unwrap().to_owned()));
        after = page["paging"]["cursors"]["after"].as_str().unwrap().to_owned();
        if page["paging"].get("next").is_none() {
            break;
        }
    }
    assert_eq!(names, ["t0", "t1", "t2", "t3", "t4", "t5", "t6"]);
    assert_eq!(ask(&state, &[("after", "nonsense")]).unwrap_err().code, 131059);
    assert_eq!(ask(&state, &[("name", "t3"), ("fields", "name")]).unwrap()["data"][0].as_object().unwrap().len(), 2);
    assert_eq!(ask(&state, &[("status", "approved")]).unwrap()["data"].as_array().unwrap().len(), 0);
    state.delete_template(Some("t3"), None).unwrap();
    assert_eq!(state.delete_template(Some("t3"), None).unwrap_err().code, 100);
    let mut again = made(json!([body("Hi there", &[])]));
    again["name"] = json!("t3");
    assert_eq!(state.create_template(&again).unwrap_err().code, 2_388_023);
    state.jump(31 * 24 * 60);
    assert!(state.create_template(&again).is_ok());
}
