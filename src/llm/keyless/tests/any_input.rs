//! Whatever is said and whatever tools answer, a turn ends in a valid reply.

use super::world::{TOOLS, fresh, shown};
use crate::llm::keyless::plan;
use crate::llm::{Call, Message};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Every key the contract asks for, and nothing else; limits are kept.
fn check(call: &Call) -> Result<(), String> {
    let arguments: Value = serde_json::from_str(&call.arguments).map_err(|error| error.to_string())?;
    let object = arguments.as_object().ok_or("no object")?;
    let keys = |expected: &[&str], object: &serde_json::Map<String, Value>| {
        let all = object.len() == expected.len() && expected.iter().all(|key| object.contains_key(*key));
        if all { Ok(()) } else { Err(format!("keys of {}: {object:?}", call.tool)) }
    };
    match call.tool.as_str() {
        "catalog_search" => {
            keys(&["query", "cheaper_than", "sort", "limit"], object)?;
            let limit = arguments["limit"].as_u64().unwrap_or(0);
            let sorted = ["relevance", "price_low", "price_high"].contains(&arguments["sort"].as_str().unwrap_or(""));
            ((1..=10).contains(&limit) && sorted && arguments["query"].is_string()).then_some(()).ok_or("search".into())
        }
        "catalog_get" => {
            let ids = arguments["products"].as_array().map_or(0, Vec::len);
            (1..=4).contains(&ids).then_some(()).ok_or("products".into())
        }
        "knowledge_search" => keys(&["query"], object),
        "cart_view" | "checkout_propose" | "order_list" => keys(&[], object),
        "cart_edit" => {
            let operations = arguments["operations"].as_array().ok_or("no operations")?;
            operations
                .iter()
                .filter_map(Value::as_object)
                .try_for_each(|one| keys(&["do", "product", "variant", "options", "quantity"], one))
        }
        "order_get" => keys(&["number"], object),
        "hand_off" => keys(&["reason", "summary"], object),
        "reply" => {
            keys(&["text", "show", "choices", "sources", "outcome"], object)?;
            let len = |field: &str| arguments[field].as_array().map_or(99, Vec::len);
            let text = arguments["text"].as_str().unwrap_or("");
            let fits = !text.is_empty() && text.chars().count() <= 2_000 && len("show") <= 5 && len("choices") <= 6;
            fits.then_some(()).ok_or(format!("reply: {arguments}"))
        }
        other => Err(format!("unknown tool {other}")),
    }
}

/// Outside of placeholders a reply has no figure but the shopper's own and those of texts it names as sources.
fn is_grounded(reply: &Call, said: &str, results: &[String]) -> Result<(), String> {
    let arguments: Value = serde_json::from_str(&reply.arguments).map_err(|error| error.to_string())?;
    let said_text = arguments["text"].as_str().unwrap_or("");
    let mut parts = said_text.split("{{");
    let first = parts.next().unwrap_or("").to_owned();
    let text = parts.fold(first, |text, part| text + part.split_once("}}").map_or(part, |(_, after)| after));
    let quoted = if arguments["sources"] == json!([]) { String::new() } else { results.join(" ") };
    let known = format!("{said} {quoted}");
    let figures = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_numeric()).filter(|figure| !figure.is_empty()).map(str::to_owned).collect()
    };
    let known = figures(&known);
    match figures(&text).into_iter().find(|figure| !known.contains(figure)) {
        Some(figure) => Err(format!("{figure} is not bound: {text}")),
        None => Ok(()),
    }
}

const SAYINGS: [&str; 14] = [
    "the first one",
    "compare 1 and 2",
    "add it in M",
    "remove it",
    "make it 3",
    "I'll take it",
    "where is my order?",
    "cheaper",
    "more",
    "is it waterproof?",
    "do you have it in L?",
    "jacket and how long is shipping?",
    "how much is it?",
    "20% discount",
];

const RESULTS: [&str; 8] = [
    r#"{"items":[{"ref":"p1","product":"fjell","title":"{{x.y}} €1","price":"€1.00"}],"relaxed":["{{"],"relevant":true,"total":99}"#,
    r#"{"products":[{"ref":"p1","product":"fjell","title":"T","description":"É. 3 m. …","attributes":{"a":[1],"b":{}},"variants":[{}]}]}"#,
    r#"{"passages":[{"ref":"k1","text":"Ü 3 {{a}} days.","match":"strong"},{"ref":"k2","text":"","match":"fair"}]}"#,
    r#"{"refused":"only 2 left","choose":{"title":"T","option":"Size","values":["S"]},"cart":{"lines":[]}}"#,
    r#"{"lines":[{"quantity":2,"title":"T"}],"done":["× ×"],"total":null}"#,
    r#"{"orders":[{"ref":"o1","number":"FJ-1"},{"number":""}]}"#,
    r#"{"handed_off":true,"colleagues":"9–17"}"#,
    r#"{"ref":"o1","number":"FJ-1","proposed":true,"carrier":"x","tracking":"y"}"#,
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,80}", "[a-z0-9€ .,?!'-]{0,60}", proptest::sample::select(&SAYINGS[..]).prop_map(str::to_owned)]
}

fn result() -> impl Strategy<Value = String> {
    let cut = (proptest::sample::select(&RESULTS[..]), 0..200_usize)
        .prop_map(|(whole, chars)| whole.chars().take(chars).collect::<String>());
    prop_oneof![4 => proptest::sample::select(&RESULTS[..]).prop_map(str::to_owned), 1 => cut, 1 => ".{0,40}"]
}

fn drive(world: &super::world::World, said: &str, results: &[String]) -> Result<(), TestCaseError> {
    let mut request = world.request(said);
    for at in 0..8 {
        let answer = plan(&request);
        prop_assert_eq!(answer.calls.len(), 1);
        let call = answer.calls[0].clone();
        if let Err(why) = check(&call) {
            return Err(TestCaseError::fail(why));
        }
        if call.tool == "reply" {
            return is_grounded(&call, said, results).map_err(TestCaseError::fail);
        }
        prop_assert!(TOOLS.contains(&call.tool.as_str()));
        let content = results.get(at % results.len()).cloned().unwrap_or_default();
        request.messages.push(Message::Calls { calls: vec![call.clone()] });
        request.messages.push(Message::Result { call: call.id, tool: call.tool, content });
    }
    Err(TestCaseError::fail("the turn does not end"))
}

proptest! {
    #[test]
    fn every_turn_ends_in_a_valid_reply(said in text(), results in proptest::collection::vec(result(), 1..5), middle: bool) {
        let world = if middle { shown().state("about", json!("fjell")) } else { fresh() };
        drive(&world, &said, &results)?;
    }

    #[test]
    fn garbled_states_do_no_harm(said in text(), field in "shown|about|cart|orders|language|shop|last_search|asked_back", odd in ".{0,20}") {
        let world = shown().state(&field, json!([odd, {"n": odd, "lines": [{"variant": 3}]}]));
        drive(&world, &said, &["{}".to_owned()])?;
    }

    #[test]
    fn without_leave_to_call_there_is_only_a_reply(said in text()) {
        let mut world = shown();
        world.may_call = false;
        prop_assert_eq!(&plan(&world.request(&said)).calls[0].tool, "reply");
    }
}
