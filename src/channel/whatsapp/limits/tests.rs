//! Each limit, kept and broken by one.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use serde_json::json;

/// Makes a message with a part of this size.
type Make<'a> = Box<dyn Fn(usize) -> Value + 'a>;

fn interactive(object: Value) -> Value {
    json!({ "messaging_product": "whatsapp", "to": "+551", "type": "interactive", "interactive": object })
}

fn reply(id: &str, title: &str) -> Value {
    json!({ "type": "reply", "reply": { "id": id, "title": title } })
}

fn buttons(buttons: Vec<Value>) -> Value {
    interactive(json!({ "type": "button", "body": { "text": "x" }, "action": { "buttons": buttons } }))
}

fn row(id: &str, title: &str) -> Value {
    json!({ "id": id, "title": title })
}

fn list(sections: Value) -> Value {
    interactive(
        json!({ "type": "list", "body": { "text": "x" }, "action": { "button": "Choose", "sections": sections } }),
    )
}

fn link(label: &str, url: &str) -> Value {
    let parameters = json!({ "display_text": label, "url": url });
    interactive(json!({ "type": "cta_url", "body": { "text": "x" },
        "action": { "name": "cta_url", "parameters": parameters } }))
}

fn products(sections: Value) -> Value {
    interactive(json!({ "type": "product_list", "header": { "type": "text", "text": "x" }, "body": { "text": "x" },
        "action": { "catalog_id": "1", "sections": sections } }))
}

fn template(parameter: Value) -> Value {
    json!({ "type": "template", "template": { "name": "a_b", "language": { "code": "en" },
        "components": [{ "type": "body", "parameters": [parameter] }] } })
}

#[test]
fn what_fits_to_the_last_unit_passes_and_one_more_does_not() {
    let long = |n: usize| "x".repeat(n);
    let text = |n: usize| json!({ "type": "text", "text": { "body": long(n) } });
    let caption = |n: usize| json!({ "type": "image", "image": { "id": "1", "caption": long(n) } });
    let body = |n: usize| {
        interactive(
            json!({ "type": "button", "body": { "text": long(n) }, "action": { "buttons": [reply("a", "b")] } }),
        )
    };
    let header = |n: usize| {
        let header = json!({ "type": "text", "text": long(n) });
        interactive(json!({ "type": "button", "header": header, "body": { "text": "x" }, "footer": { "text": long(n) },
            "action": { "buttons": [reply("a", "b")] } }))
    };
    let described = |n: usize| list(json!([{ "rows": [{ "id": "a", "title": "b", "description": long(n) }] }]));
    let item = |n: usize| json!({ "product_retailer_id": n.to_string() });
    let data = |n: usize| json!({ "type": "text", "text": { "body": "x" }, "biz_opaque_callback_data": long(n) });
    let rows = |n: usize| json!([{ "rows": (0..n).map(|n| row(&n.to_string(), &n.to_string())).collect::<Vec<_>>() }]);
    let cases: Vec<(&str, Make<'_>, usize)> = vec![
        ("text", Box::new(text), TEXT_MAX),
        ("caption", Box::new(caption), CAPTION_MAX),
        ("body", Box::new(body), BODY_MAX),
        ("header and footer", Box::new(header), HEADER_MAX),
        ("button id", Box::new(|n| buttons(vec![reply(&"x".repeat(n), "b")])), BUTTON_ID_MAX),
        ("button title", Box::new(|n| buttons(vec![reply("a", &"x".repeat(n))])), BUTTON_TITLE_MAX),
        (
            "buttons",
            Box::new(|n| buttons((0..n).map(|n| reply(&n.to_string(), &n.to_string())).collect())),
            BUTTONS_MAX,
        ),
        ("row id", Box::new(|n| list(json!([{ "rows": [row(&"x".repeat(n), "b")] }]))), ROW_ID_MAX),
        ("row title", Box::new(|n| list(json!([{ "rows": [row("a", &"x".repeat(n))] }]))), ROW_TITLE_MAX),
        ("row description", Box::new(described), ROW_DESCRIPTION_MAX),
        ("rows", Box::new(move |n| list(rows(n))), ROWS_MAX),
        (
            "section title",
            Box::new(|n| list(json!([{ "title": "x".repeat(n), "rows": [row("a", "b")] }]))),
            SECTION_TITLE_MAX,
        ),
        ("link label", Box::new(|n| link(&"x".repeat(n), "https://a.example")), LINK_LABEL_MAX),
        ("url", Box::new(|n| link("x", &format!("https://{}", "x".repeat(n - 8)))), URL_MAX),
        (
            "products",
            Box::new(move |n| {
                products(json!([{ "title": "x", "product_items": (0..n).map(item).collect::<Vec<_>>() }]))
            }),
            PRODUCTS_MAX,
        ),
        ("data", Box::new(data), CALLBACK_DATA_MAX),
        ("value", Box::new(|n| template(json!({ "type": "text", "text": "x".repeat(n) }))), BODY_MAX),
    ];
    for (what, make, max) in cases {
        assert_eq!(check(&make(max)), Ok(()), "{what} of {max}");
        assert!(check(&make(max + 1)).is_err(), "{what} of {}", max + 1);
    }
}

#[test]
fn lengths_are_utf_16_and_a_text_must_show_something() {
    assert_eq!(units("👍"), 2);
    assert!(check(&buttons(vec![reply("a", &"👍".repeat(10))])).is_ok());
    assert!(check(&buttons(vec![reply("a", &"👍".repeat(11))])).is_err());
    for blank in ["", " ", "\n", "\u{200b}\u{feff}", "\u{202b}\u{202c}"] {
        assert!(check(&json!({ "type": "text", "text": { "body": blank } })).is_err(), "{blank:?}");
    }
}

#[test]
fn what_must_differ_or_cannot_stand_there_is_found() {
    let two = |a: Value, b: Value| list(json!([{ "title": "1", "rows": [a] }, { "title": "2", "rows": [b] }]));
    assert!(check(&two(row("a", "A"), row("b", "B"))).is_ok());
    let again = check(&two(row("a", "A"), row("a", "B"))).unwrap_err();
    assert_eq!(again.to_string(), "interactive.action.sections[1].rows[0].id stands twice");
    let untitled = list(json!([{ "rows": [row("a", "A")] }, { "title": "2", "rows": [row("b", "B")] }]));
    assert!(matches!(check(&untitled), Err(Breach::Missing { .. })));
    for bad in [
        buttons(vec![reply("a", "A"), reply("b", "A")]),
        buttons(vec![reply("a", "A"), reply("a", "B")]),
        buttons(vec![]),
        link("x", "javascript:alert(1)"),
        link("x", "https://a example"),
        json!({ "type": "image", "image": { "link": "http://a.example/a.jpg" } }),
        json!({ "type": "audio", "audio": { "id": "1", "caption": "x" } }),
        json!({ "type": "reaction", "reaction": { "message_id": "1", "emoji": "x" }, "context": { "message_id": "2" } }),
        json!({ "type": "poll", "poll": {} }),
        json!({ "type": "text" }),
        json!({ "text": { "body": "x" } }),
        json!({ "type": "contacts", "contacts": [] }),
        json!({ "status": "read" }),
        json!([]),
        json!(null),
        template(json!({ "type": "text", "text": "a\nb" })),
        template(json!({ "type": "text", "text": "a     b" })),
        template(json!({ "type": "odd", "odd": 1 })),
        interactive(
            json!({ "type": "list", "header": { "type": "image", "image": { "id": "1" } }, "body": { "text": "x" },
            "action": { "button": "x", "sections": [{ "rows": [row("a", "b")] }] } }),
        ),
        interactive(json!({ "type": "product_list", "body": { "text": "x" },
            "action": { "catalog_id": "1", "sections": [{ "title": "x", "product_items": [{ "product_retailer_id": "1" }] }] } })),
        interactive(json!({ "type": "location_request_message", "header": { "type": "text", "text": "x" },
            "body": { "text": "x" }, "action": { "name": "send_location" } })),
        interactive(json!({ "type": "hologram", "body": { "text": "x" }, "action": {} })),
    ] {
        assert!(check(&bad).is_err(), "{bad}");
    }
}

#[test]
fn other_kinds_pass() {
    for good in [
        json!({ "type": "location", "location": { "latitude": -23.5, "longitude": "-46.6" } }),
        json!({ "type": "contacts", "contacts": [{ "name": { "formatted_name": "Ana", "first_name": "Ana" } }] }),
        json!({ "type": "sticker", "sticker": { "id": "1" } }),
        json!({ "type": "reaction", "reaction": { "message_id": "1", "emoji": "" } }),
        interactive(json!({ "type": "order_details", "body": { "text": "x" },
            "action": { "name": "review_and_pay", "parameters": {} } })),
        interactive(json!({ "type": "product", "action": { "catalog_id": "1", "product_retailer_id": "a" } })),
        interactive(json!({ "type": "carousel", "body": { "text": "x" }, "action": { "cards": [
            { "card_index": 0, "type": "product", "action": { "catalog_id": "1", "product_retailer_id": "a" } },
            { "card_index": 1, "type": "product", "action": { "catalog_id": "1", "product_retailer_id": "b" } },
        ] } })),
    ] {
        assert_eq!(check(&good), Ok(()), "{good}");
    }
}
