//! One test a type of message.

use super::{event, heard};
use crate::channel::whatsapp::event::{Event, Heard};
use crate::domain::enclosed::{Enclosed, MediaKind, Sent, SentCart, SentLine};
use crate::domain::message::Said;
use serde_json::{Value, json};

fn sent(heard: &Heard) -> &Sent {
    match &heard.said {
        Said::Sent(sent) => sent,
        other => panic!("{other:?}"),
    }
}

fn unreadable(message: &Value) -> String {
    match sent(&heard(message)).enclosed.as_slice() {
        [Enclosed::Unreadable { what }] => what.clone(),
        other => panic!("{other:?}"),
    }
}

fn tap(id: &str, label: &str) -> Said {
    Said::Tap { id: id.to_owned(), label: label.to_owned() }
}

#[test]
fn words_stay_words_and_become_more_with_what_they_are_about() {
    let plain = heard(&json!({"type": "text", "text": {"body": "Have you got tents?"}}));
    assert_eq!(plain.said, Said::Text("Have you got tents?".to_owned()));
    assert_eq!(plain.at.unwrap().as_second(), 1_790_000_000);
    let about = heard(&json!({"type": "text", "text": {"body": "in blue?"}, "timestamp": 1_790_000_005,
        "context": {"from": "49", "id": "wamid.OUT", "referred_product": {"catalog_id": "7", "product_retailer_id": "TENT-2"}}}));
    assert_eq!((sent(&about).text.as_str(), sent(&about).about.as_deref()), ("in blue?", Some("TENT-2")));
    assert_eq!((about.answers.as_deref(), about.at.unwrap().as_second()), (Some("wamid.OUT"), 1_790_000_005));
    let quoting = heard(&json!({"type": "text", "text": {"body": "this one"}, "context": {"id": "wamid.OUT"}}));
    assert_eq!(sent(&quoting).text, "this one");
    let forwarded = heard(&json!({"type": "text", "text": {"body": "look"}, "context": {"forwarded": true}}));
    assert_eq!(forwarded.said, Said::Text("look".to_owned()));
    let advert = heard(&json!({"type": "text", "text": {"body": "hi"}, "referral": {"source_type": "ad",
        "source_url": "https://ad.example/1", "headline": "Tents", "body": "Now", "ctwa_clid": "c1"}}));
    assert!(advert.entered);
    assert_eq!(sent(&advert).enclosed[0].line(), "came from an advertisement: Tents");
    let post =
        heard(&json!({"type": "text", "text": {"body": "hi"}, "referral": {"source_type": "post", "headline": "P"}}));
    assert!(!post.entered && sent(&post).enclosed.len() == 1);
}

#[test]
fn files_of_every_kind() {
    let file = |extra: Value| {
        let mut file =
            json!({"mime_type": "image/jpeg", "sha256": "3q2+7w==", "id": "8001", "url": "https://m.example/1"});
        file.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        file
    };
    for (kind, extra, what) in [
        ("image", json!({"caption": "these?"}), MediaKind::Image),
        ("video", json!({}), MediaKind::Video),
        ("audio", json!({"voice": true}), MediaKind::Voice),
        ("audio", json!({"voice": false}), MediaKind::Audio),
        ("voice", json!({}), MediaKind::Voice),
        ("document", json!({"filename": "Größe.pdf"}), MediaKind::Document),
        ("sticker", json!({"animated": true}), MediaKind::Sticker),
    ] {
        let heard = heard(&json!({"type": kind, kind: file(extra.clone())}));
        let media: Vec<_> = sent(&heard).media().collect();
        assert_eq!(
            (media.len(), media[0].what, media[0].name.as_deref()),
            (1, what, extra["filename"].as_str()),
            "{kind}"
        );
        assert_eq!(sent(&heard).text, extra["caption"].as_str().unwrap_or_default());
        let file = &heard.files[0];
        assert_eq!(
            (file.outside_id.as_str(), file.url.as_deref(), file.what),
            ("8001", Some("https://m.example/1"), what)
        );
        assert_eq!((file.sha256.as_deref(), file.mime.as_str()), (Some("3q2+7w=="), "image/jpeg"));
        assert_eq!(unreadable(&json!({"type": kind, kind: {}, "errors": [{"code": 131_052}]})), kind);
    }
}

#[test]
fn a_place() {
    let place =
        heard(&json!({"type": "location", "location": {"latitude": 48.10, "longitude": "-7.850", "name": "Home"}}));
    assert_eq!(
        sent(&place).enclosed,
        [Enclosed::Place {
            latitude: "48.1".into(),
            longitude: "-7.850".into(),
            name: Some("Home".into()),
            address: None
        }]
    );
    for bad in [json!({}), json!({"latitude": [], "longitude": 1}), json!({"latitude": "x", "longitude": "1"})] {
        assert_eq!(unreadable(&json!({"type": "location", "location": bad})), "location");
    }
}

#[test]
fn cards_of_people_and_ones_own() {
    let card = json!({"name": {"formatted_name": "Ina Berg"}, "phones": [{"phone": "+49 155 55001", "wa_id": "4915555001"}, {"phone": "x"}]});
    let other = heard(&json!({"type": "contacts", "contacts": [card]}));
    assert!(
        matches!(&sent(&other).enclosed[0], Enclosed::People { people } if people[0].name == "Ina Berg" && people[0].phones.len() == 2)
    );
    assert!(other.phones.is_empty(), "anybody's number may be on a card");
    let mut own = card.clone();
    own["origin"] = json!("contact_request");
    assert_eq!(heard(&json!({"type": "contacts", "contacts": [own]})).phones, ["4915555001"]);
    assert_eq!(
        heard(&json!({"type": "contacts", "origin": "contact_request", "contacts": [card]})).phones,
        ["4915555001"]
    );
    assert_eq!(unreadable(&json!({"type": "contacts", "contacts": []})), "contacts");
}

#[test]
fn taps() {
    let interactive = |inner: Value| {
        heard(&json!({"type": "interactive", "context": {"id": "wamid.OUT"}, "interactive": inner})).said
    };
    assert_eq!(
        interactive(json!({"type": "button_reply", "button_reply": {"id": "confirm:1", "title": "Yes"}})),
        tap("confirm:1", "Yes")
    );
    assert_eq!(
        interactive(
            json!({"type": "list_reply", "list_reply": {"id": "show:1", "title": "Tent", "description": "€9"}})
        ),
        tap("show:1", "Tent")
    );
    assert_eq!(
        interactive(json!({"button_reply": {"id": "a", "title": "A"}})),
        tap("a", "A"),
        "it does not say what it is"
    );
    let button = |inner: Value| heard(&json!({"type": "button", "button": inner})).said;
    assert_eq!(button(json!({"text": "Stop", "payload": "stop:1"})), tap("stop:1", "Stop"));
    assert_eq!(button(json!({"text": "Stop"})), Said::Text("Stop".to_owned()));
    assert_eq!(unreadable(&json!({"type": "button"})), "button");
    assert_eq!(unreadable(&json!({"type": "interactive", "errors": [{"code": 131_000}]})), "interactive");
}

#[test]
fn forms() {
    let form = |inner: Value| match heard(&json!({"type": "interactive", "interactive": inner})).said {
        Said::Sent(sent) => match sent.enclosed.as_slice() {
            [Enclosed::Form { name, answers }] => (name.clone(), answers.clone()),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let said = json!({"type": "nfm_reply", "nfm_reply": {"name": "address_message", "body": "Sent", "response_json": "{\"zip\":\"79100\"}"}});
    assert_eq!(form(said), ("address_message".to_owned(), "{\"zip\":\"79100\"}".to_owned()));
    let bare = json!({"type": "interactive", "nfm_reply": {"response_json": {"zip": 7.10}}});
    assert_eq!(form(bare), ("flow".to_owned(), "{\"zip\":7.1}".to_owned()));
    assert_eq!(
        form(json!({"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": "{broken"}})).1,
        "{broken"
    );
    assert_eq!(form(json!({"type": "payment_method", "payment_method": {"credential_id": "c"}})).0, "payment_method");
    assert_eq!(
        form(json!({"type": "call_permission_reply", "call_permission_reply": {"response": "accept"}})).0,
        "call_permission_reply"
    );
}

#[test]
fn a_cart_keeps_its_digits() {
    // Written by hand: a number that no binary fraction holds has to come out as it went in.
    let text = super::messages(&json!(["CART"])).replace(
        "\"CART\"",
        r#"{"from": "4915555001", "id": "wamid.C", "type": "order", "order": {"catalog_id": "77", "text": "soon?", "product_items": [
            {"product_retailer_id": "A-1", "quantity": 2, "item_price": 18.900000000000000000001, "currency": "eur"},
            {"product_retailer_id": "A-2", "quantity": "3", "item_price": "0.30", "currency": "EUR"},
            {"product_retailer_id": "A-3", "quantity": 1.0, "item_price": 1e3, "currency": "EUR"},
            {"product_retailer_id": "A-4", "quantity": 1.5, "currency": "EUR"},
            {"quantity": 1}]}}"#,
    );
    let told = super::read(&text);
    let Event::Message(heard) = &told[0].event else { panic!("{told:?}") };
    let line = |sku: &str, quantity: u32, price: Option<&str>| SentLine {
        sku: sku.into(),
        quantity,
        price: price.map(str::to_owned),
        currency: "EUR".into(),
    };
    let lines = vec![
        line("A-1", 2, Some("18.900000000000000000001")),
        line("A-2", 3, Some("0.30")),
        line("A-3", 1, None),
        line("A-4", 0, None),
    ];
    assert_eq!(sent(heard).cart(), Some(&SentCart { catalog: "77".into(), lines }));
    assert_eq!(sent(heard).text, "soon?");
}

#[test]
fn what_has_nothing_in_it_and_what_nobody_can_read() {
    assert_eq!(heard(&json!({"type": "request_welcome"})).said, Said::Sent(Box::default()));
    assert_eq!(
        unreadable(
            &json!({"type": "unsupported", "unsupported": {"type": "poll_creation"}, "errors": [{"code": 131_051}]})
        ),
        "poll_creation"
    );
    assert_eq!(
        unreadable(&json!({"type": "unsupported", "errors": [{"code": 131_060, "details": "x"}]})),
        "unsupported"
    );
    assert_eq!(unreadable(&json!({"type": "unknown"})), "unknown");
    assert_eq!(unreadable(&json!({"type": "hologram", "hologram": {"id": 1}})), "hologram");
    assert_eq!(unreadable(&json!({"text": {"body": "no type"}})), "unknown");
}

#[test]
fn what_is_no_message_of_a_shopper() {
    let from = |mut value: Value| {
        value.as_object_mut().unwrap().extend(
            json!({"from": "4915555001", "id": "wamid.X", "timestamp": "1790000000"}).as_object().unwrap().clone(),
        );
        event(&value)
    };
    let Event::Reaction(put) =
        from(json!({"type": "reaction", "reaction": {"message_id": "wamid.OUT", "emoji": "👍"}}))
    else {
        panic!()
    };
    assert_eq!((put.to.as_str(), put.emoji.as_deref()), ("wamid.OUT", Some("👍")));
    for off in [json!({"message_id": "wamid.OUT"}), json!({"message_id": "wamid.OUT", "emoji": ""})] {
        let Event::Reaction(off) = from(json!({"type": "reaction", "reaction": off})) else { panic!() };
        assert_eq!(off.emoji, None);
    }
    let Event::Edit(edit) = from(json!({"type": "edit", "edit": {"original_message_id": "wamid.A",
        "message": {"type": "text", "text": {"body": "better"}}}}))
    else {
        panic!()
    };
    assert_eq!((edit.original.as_str(), edit.now.id.as_str(), edit.now.said.words()), ("wamid.A", "wamid.X", "better"));
    let Event::Revoke(revoke) = from(json!({"type": "revoke", "revoke": {"original_message_id": "wamid.A"}})) else {
        panic!()
    };
    assert_eq!((revoke.id.as_str(), revoke.original.as_str()), ("wamid.X", "wamid.A"));
    assert_eq!(
        from(json!({"type": "text", "text": {"body": "x"}, "group_id": "g1"})),
        Event::Other { kind: "group".to_owned() }
    );
    let Event::Moved(moved) = from(
        json!({"type": "system", "system": {"type": "user_changed_number", "wa_id": "4916666", "user_id": "DE.New"}}),
    ) else {
        panic!()
    };
    assert_eq!(
        (moved.before.wa.as_deref(), moved.now.wa.as_deref(), moved.now.user.as_deref()),
        (Some("4915555001"), Some("4916666"), Some("DE.New"))
    );
    let Event::Moved(old) =
        from(json!({"type": "system", "system": {"type": "customer_changed_number", "new_wa_id": "4916666"}}))
    else {
        panic!()
    };
    assert_eq!(old.now.wa.as_deref(), Some("4916666"));
    let Event::Moved(id) = from(
        json!({"type": "system", "system": {"type": "user_changed_user_id", "user_id": "DE.New", "previous_user_id": "DE.Ina1"}}),
    ) else {
        panic!()
    };
    assert_eq!((id.before.user.as_deref(), id.now.user.as_deref()), (Some("DE.Ina1"), Some("DE.New")));
    let key = from(json!({"type": "system", "system": {"type": "customer_identity_changed", "identity": {}}}));
    assert_eq!(key, Event::Other { kind: "system customer_identity_changed".to_owned() });
    assert_eq!(event(&json!({"from": "491", "type": "text"})), Event::Other { kind: "text without an id".to_owned() });
}
