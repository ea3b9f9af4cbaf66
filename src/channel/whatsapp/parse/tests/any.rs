//! Anything at all: no bytes and no shape make the reader fall over or lose what stands beside them.

use super::{messages, read};
use crate::channel::whatsapp::event::Event;
use crate::channel::whatsapp::parse::parse;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A whole body with a little of everything in it.
fn rich() -> Value {
    let text: Value = serde_json::from_str(&messages(&json!([
        {"from": "491", "from_user_id": "DE.A", "id": "a", "timestamp": "1790000000", "type": "text", "text": {"body": "x"},
            "context": {"id": "o", "referred_product": {"product_retailer_id": "s"}}, "referral": {"source_type": "ad"}},
        {"from": "491", "id": "b", "type": "order", "order": {"catalog_id": "c", "product_items": [
            {"product_retailer_id": "s", "quantity": 2, "item_price": 18.9, "currency": "EUR"}]}},
        {"from": "491", "id": "c", "type": "image", "image": {"id": "1", "mime_type": "image/png"}},
        {"from": "491", "id": "d", "type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "i", "title": "t"}}},
        {"from": "491", "id": "e", "type": "contacts", "contacts": [{"name": {"formatted_name": "n"}, "phones": [{"phone": "1"}]}]},
        {"from": "491", "id": "f", "type": "location", "location": {"latitude": 1.5, "longitude": 2}},
        {"from": "491", "id": "g", "type": "reaction", "reaction": {"message_id": "o", "emoji": "x"}},
        {"from": "491", "id": "h", "type": "system", "system": {"type": "user_changed_number", "wa_id": "492"}},
        {"from": "491", "id": "i", "type": "edit", "edit": {"original_message_id": "a", "message": {"type": "text", "text": {"body": "y"}}}},
    ])))
    .unwrap();
    let mut whole = text;
    let value = &mut whole["entry"][0]["changes"][0]["value"];
    value["statuses"] = json!([{"id": "o", "status": "failed", "timestamp": "1", "errors": [{"code": 1, "title": "t"}], "pricing": {"billable": true}}]);
    value["errors"] = json!([{"code": 2}]);
    whole["entry"].as_array_mut().unwrap().push(json!({"changes": [
        {"field": "user_preferences", "value": {"user_preferences": [{"wa_id": "491", "value": "stop"}]}},
        {"field": "user_id_update", "value": {"user_id_update": [{"user_id": {"previous": "DE.A", "current": "DE.B"}}]}},
        {"field": "message_template_status_update", "value": {"event": "APPROVED"}},
        {"field": "smb_message_echoes", "value": {"message_echoes": [{"to": "491", "id": "z", "type": "text", "text": {"body": "e"}}]}},
    ]}));
    whole
}

/// The places in a value, as pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(n, v)| (n.to_string(), v)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in inner {
        let at = format!("{at}/{name}");
        places(value, &at, found);
        found.push(at);
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("99999999999999999999999999")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-z_]{0,8}", inner, 0..4).prop_map(|m| json!(m)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>) {
        let _ = parse(&bytes);
    }

    #[test]
    fn any_value_in_any_place_is_survived(which in any::<prop::sample::Index>(), put in any_json()) {
        let whole = rich();
        let mut all = Vec::new();
        places(&whole, "", &mut all);
        let place = &all[which.index(all.len())];
        let mut changed = whole.clone();
        *changed.pointer_mut(place).unwrap() = put;
        let parsed = parse(changed.to_string().as_bytes());
        // The other messages are still there, whatever one of them holds.
        if place.starts_with("/entry/0/changes/0/value/messages/") {
            let other = if place.starts_with("/entry/0/changes/0/value/messages/2") { "a" } else { "c" };
            let found = parsed.told.iter().any(|t| matches!(&t.event, Event::Message(h) if h.id == other));
            prop_assert!(found, "{place}: {:?}", parsed.told);
        }
    }

    #[test]
    fn flipped_and_cut_bytes_are_survived(at in any::<prop::sample::Index>(), flip in 1u8..=255, end in any::<prop::sample::Index>()) {
        let mut bytes = rich().to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let _ = parse(&bytes);
        let _ = parse(&bytes[..end.index(bytes.len())]);
    }
}

#[test]
fn the_whole_body_is_understood() {
    let told = read(&rich().to_string());
    assert_eq!(told.iter().filter(|t| matches!(t.event, Event::Other { .. })).count(), 0, "{told:?}");
    assert_eq!(told.len(), 15);
}

#[test]
fn deep_and_wide_bodies_are_survived() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(parse(deep.as_bytes()).strange);
    let inside = messages(&json!(["DEEP"]))
        .replace("\"DEEP\"", &format!("{{\"id\":\"a\",\"from\":\"1\",\"type\":\"text\",\"text\":{deep}}}"));
    assert_eq!(read(&inside).len(), 1);
    let wide: String = (0..100_000).map(|n| format!("\"k{n}\":{n},")).collect();
    let wide = messages(&json!(["WIDE"])).replace(
        "\"WIDE\"",
        &format!("{{{wide}\"id\":\"a\",\"from\":\"1\",\"type\":\"text\",\"text\":{{\"body\":\"x\"}}}}"),
    );
    assert!(matches!(read(&wide)[0].event, Event::Message(_)));
}
