//! Every limit of a message, from both sides.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use super::message;
use crate::clock::{CountedIds, HandClock};
use crate::emulator::settings::{Item, NUMBER_ID, Settings};
use crate::emulator::state::State;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

fn state(settings: Settings) -> State {
    let clock = HandClock::at(Timestamp::from_second(1_793_534_400).unwrap());
    State::new(settings, Arc::new(clock), Arc::new(CountedIds::default()))
}

fn shop() -> State {
    let item = |sku: &str| Item { sku: sku.into(), ..Item::default() };
    state(Settings { catalogue: vec![item("A"), item("B")], ..Settings::default() })
}

/// 0: it fits.
fn judged(state: &State, kind: &str, object: Value) -> u32 {
    let body = json!({"messaging_product": "whatsapp", "to": "+5511988887777", "type": kind, kind: object});
    message(state, NUMBER_ID, &body).map_or_else(|refusal| refusal.code, |_| 0)
}

fn x(n: usize) -> String {
    "x".repeat(n)
}

#[test]
fn plain_messages_keep_their_limits() {
    let state = shop();
    let contact = json!({"name": {"formatted_name": "A B", "first_name": "A"}});
    let table = [
        ("text", json!({"body": x(4096)}), 0),
        ("text", json!({"body": x(4097)}), 100),
        ("text", json!({"body": "😀".repeat(2049)}), 100),
        ("text", json!({"body": ""}), 131009),
        ("text", json!({}), 131008),
        ("text", json!({"body": "a", "bold": true}), 100),
        ("text", json!({"body": "a", "preview_url": "yes"}), 100),
        ("image", json!({"link": "https://a.example/a.jpg", "caption": x(1024)}), 0),
        ("image", json!({"link": "https://a.example/a.jpg", "caption": x(1025)}), 131009),
        ("image", json!({"link": "nowhere"}), 100),
        ("image", json!({"id": "1", "link": "https://a.example/a.jpg"}), 100),
        ("image", json!({}), 131008),
        ("image", json!({"id": "404"}), 100),
        ("audio", json!({"link": "https://a.example/a.ogg", "caption": "no"}), 100),
        ("document", json!({"link": "https://a.example/a.pdf", "filename": "a.pdf"}), 0),
        ("location", json!({"latitude": -23.5, "longitude": "-46.6"}), 0),
        ("location", json!({"latitude": 91, "longitude": 0}), 131009),
        ("location", json!({"latitude": 9}), 131008),
        ("contacts", json!([contact]), 0),
        ("contacts", json!([{"name": {"formatted_name": "A"}}]), 131008),
        ("contacts", json!(vec![contact.clone(); 6]), 131009),
        ("reaction", json!({"message_id": "wamid.X", "emoji": "👍🏽"}), 0),
        ("reaction", json!({"message_id": "wamid.X", "emoji": ""}), 0),
        ("reaction", json!({"message_id": "wamid.X", "emoji": "👍👍"}), 131009),
        ("reaction", json!({"message_id": "wamid.X", "emoji": "ok"}), 131009),
        ("reaction", json!({"message_id": "wamid.X"}), 131008),
        ("poll", json!({}), 100),
    ];
    for (kind, object, code) in table {
        assert_eq!(
            judged(&state, kind, object.clone()),
            code,
            "{kind} {}",
            object.to_string().chars().take(90).collect::<String>()
        );
    }
}

#[test]
fn the_frame_of_a_message_is_checked() {
    let state = shop();
    let with = |key: &str, value: Value| {
        let mut body = json!({"messaging_product": "whatsapp", "to": "+1", "type": "text", "text": {"body": "a"}});
        body[key] = value;
        message(&state, NUMBER_ID, &body).map_or_else(|refusal| refusal.code, |_| 0)
    };
    let table = [
        ("messaging_product", json!("sms"), 100),
        ("messaging_product", Value::Null, 131008),
        ("recipient_type", json!("individual"), 0),
        ("recipient_type", json!("group"), 131051),
        ("type", Value::Null, 0),
        ("type", json!("image"), 100),
        ("biz_opaque_callback_data", json!(x(512)), 0),
        ("biz_opaque_callback_data", json!(x(513)), 131009),
        ("context", json!({"message_id": "wamid.A"}), 0),
        ("context", json!({}), 131008),
        ("category", json!("utility"), 100),
        ("callback", json!("x"), 100),
    ];
    for (key, value, code) in table {
        assert_eq!(with(key, value.clone()), code, "{key} {value}");
    }
    assert_eq!(message(&state, NUMBER_ID, &json!([])).unwrap_err().code, 100);
}

fn interactive(kind: &str, action: Value) -> Value {
    json!({"type": kind, "body": {"text": "b"}, "action": action})
}

fn buttons(list: &[(&str, &str)]) -> Value {
    let of = |(id, title): &(&str, &str)| json!({"type": "reply", "reply": {"id": id, "title": title}});
    interactive("button", json!({"buttons": list.iter().map(of).collect::<Vec<_>>()}))
}

fn rows(sections: &[usize]) -> Value {
    let mut n = 0;
    let list: Vec<Value> = sections
        .iter()
        .map(|count| {
            let rows: Vec<Value> = (0..*count)
                .map(|_| {
                    n += 1;
                    json!({"id": n.to_string(), "title": "t"})
                })
                .collect();
            json!({"title": "s", "rows": rows})
        })
        .collect();
    interactive("list", json!({"button": "Open", "sections": list}))
}

#[test]
fn choices_keep_their_limits() {
    let state = shop();
    let with = |mut object: Value, key: &str, value: Value| {
        object[key] = value;
        object
    };
    let one = || buttons(&[("1", "One")]);
    let cut = |mut object: Value, path: &str, value: Value| {
        *object.pointer_mut(path).unwrap() = value;
        object
    };
    let cta = |text: &str, url: &str| {
        interactive("cta_url", json!({"name": "cta_url", "parameters": {"display_text": text, "url": url}}))
    };
    let id = x(256);
    let table = [
        (buttons(&[("1", "One"), ("2", "Two"), ("3", "Three")]), 0),
        (buttons(&[("1", "One"), ("2", "Two"), ("3", "Three"), ("4", "Four")]), 131009),
        (buttons(&[]), 131009),
        (buttons(&[("1", "One"), ("1", "Two")]), 131009),
        (buttons(&[("1", "One"), ("2", "One")]), 131009),
        (buttons(&[(&id, &x(20))]), 0),
        (buttons(&[(&x(257), "One")]), 131009),
        (buttons(&[("1", &x(21))]), 131009),
        (buttons(&[("1", &"😀".repeat(11))]), 131009),
        (with(one(), "body", json!({"text": x(1024)})), 0),
        (with(one(), "body", json!({"text": x(1025)})), 131009),
        (with(one(), "body", Value::Null), 131008),
        (with(one(), "footer", json!({"text": x(61)})), 131009),
        (with(one(), "header", json!({"type": "text", "text": x(61)})), 131009),
        (with(one(), "header", json!({"type": "image", "image": {"link": "https://a.example/a.jpg"}})), 0),
        (rows(&[10]), 0),
        (rows(&[5, 5]), 0),
        (rows(&[6, 5]), 131009),
        (rows(&[0]), 131009),
        (with(rows(&[1]), "header", json!({"type": "image", "image": {"link": "https://a.example/a.jpg"}})), 131009),
        (cut(rows(&[1]), "/action/button", json!(x(21))), 131009),
        (cut(rows(&[1]), "/action/sections/0/title", Value::Null), 0),
        (cut(rows(&[1, 1]), "/action/sections/0/title", Value::Null), 131008),
        (cut(rows(&[1, 1]), "/action/sections/1/title", json!(x(25))), 131009),
        (cut(rows(&[1]), "/action/sections/0/rows/0/title", json!(x(25))), 131009),
        (cut(rows(&[1]), "/action/sections/0/rows/0/id", json!(x(201))), 131009),
        (cut(rows(&[2]), "/action/sections/0/rows/1/id", json!("1")), 131009),
        (cut(rows(&[1]), "/action/sections/0/rows/0", json!({"id": "1", "title": "t", "description": x(73)})), 131009),
        (cta("Pay", "https://pay.example/1"), 0),
        (cta(&x(21), "https://pay.example/1"), 131009),
        (cta("Pay", "pay.example"), 100),
        (interactive("location_request_message", json!({"name": "send_location"})), 0),
        (interactive("location_request_message", json!({"name": "location"})), 131009),
        (
            with(
                interactive("location_request_message", json!({"name": "send_location"})),
                "header",
                json!({"type": "text", "text": "a"}),
            ),
            131009,
        ),
        (interactive("request_contact_info", json!({"name": "request_contact_info"})), 0),
        (
            interactive(
                "flow",
                json!({"name": "flow", "parameters": {"flow_message_version": "3", "flow_id": "1", "flow_cta": "Go"}}),
            ),
            0,
        ),
        (
            interactive("flow", json!({"name": "flow", "parameters": {"flow_message_version": "3", "flow_cta": "Go"}})),
            100,
        ),
        (interactive("address_message", json!({"name": "address_message", "parameters": {"country": "BR"}})), 131009),
        (interactive("wheel", json!({})), 100),
    ];
    for (object, code) in table {
        assert_eq!(
            judged(&state, "interactive", object.clone()),
            code,
            "{}",
            object.to_string().chars().take(200).collect::<String>()
        );
    }
}

#[test]
fn goods_must_be_in_the_catalogue() {
    let state = shop();
    let catalog = "770000000000003";
    let list = |skus: &[&str]| {
        let items: Vec<Value> = skus.iter().map(|s| json!({"product_retailer_id": s})).collect();
        let mut object = interactive(
            "product_list",
            json!({"catalog_id": catalog, "sections": [{"title": "s", "product_items": items}]}),
        );
        object["header"] = json!({"type": "text", "text": "h"});
        object
    };
    let bare = |mut object: Value| {
        object.as_object_mut().unwrap().remove("header");
        object
    };
    let card = |n: usize, sku: &str| json!({"card_index": n, "type": "product", "action": {"catalog_id": catalog, "product_retailer_id": sku}});
    let link = |n: usize, text: &str| {
        json!({"card_index": n, "type": "cta_url", "body": {"text": text},
        "header": {"type": "image", "image": {"link": "https://a.example/a.jpg"}},
        "action": {"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://a.example"}}})
    };
    let cards = |list: Vec<Value>| interactive("carousel", json!({"cards": list}));
    let many: Vec<&str> = vec!["A"; 31];
    let table = [
        (json!({"type": "product", "action": {"catalog_id": catalog, "product_retailer_id": "A"}}), 0),
        (json!({"type": "product", "action": {"catalog_id": catalog, "product_retailer_id": "Z"}}), 131009),
        (json!({"type": "product", "action": {"catalog_id": "1", "product_retailer_id": "A"}}), 131009),
        (list(&["A", "Z"]), 0),
        (list(&["Y", "Z"]), 131009),
        (list(&many), 131009),
        (bare(list(&["A"])), 131008),
        (interactive("catalog_message", json!({"name": "catalog_message"})), 0),
        (
            interactive(
                "catalog_message",
                json!({"name": "catalog_message", "parameters": {"thumbnail_product_retailer_id": "Z"}}),
            ),
            131009,
        ),
        (cards(vec![card(0, "A"), card(1, "B")]), 0),
        (cards(vec![card(0, "A")]), 131009),
        (cards(vec![card(0, "A"), card(2, "B")]), 131009),
        (cards(vec![card(0, "A"), link(1, "t")]), 131009),
        (cards(vec![link(0, "t"), link(1, "a\nb\nc")]), 0),
        (cards(vec![link(0, "t"), link(1, "a\nb\nc\nd")]), 131009),
        (cards(vec![link(0, "t"), link(1, &x(161))]), 131009),
    ];
    for (object, code) in table {
        assert_eq!(
            judged(&state, "interactive", object.clone()),
            code,
            "{}",
            object.to_string().chars().take(200).collect::<String>()
        );
    }
    // An empty catalogue takes every SKU.
    let any = json!({"type": "product", "action": {"catalog_id": catalog, "product_retailer_id": "Z"}});
    assert_eq!(judged(&self::state(Settings::default()), "interactive", any), 0);
}

#[test]
fn direct_send_is_for_short_utility() {
    let state = state(Settings { direct_send: true, ..Settings::default() });
    let with = |kind: &str, object: Value, category: &str| {
        let body =
            json!({"messaging_product": "whatsapp", "to": "+1", "type": kind, "category": category, kind: object});
        message(&state, NUMBER_ID, &body).map_or_else(|refusal| refusal.code, |_| 0)
    };
    assert_eq!(with("text", json!({"body": x(1024)}), "utility"), 0);
    assert_eq!(with("text", json!({"body": x(1025)}), "utility"), 100);
    assert_eq!(with("text", json!({"body": "a"}), "marketing"), 100);
    assert_eq!(with("interactive", buttons(&[("1", "One")]), "utility"), 0);
    assert_eq!(with("interactive", rows(&[1]), "utility"), 100);
}
