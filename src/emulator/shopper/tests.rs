//! People, windows and fates, without a network.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use crate::clock::{CountedIds, HandClock};
use crate::emulator::mischief::Misbehaviour;
use crate::emulator::settings::{NUMBER_ID, PairLimit, Settings};
use crate::emulator::shopper::say::{OrderItem, Saying};
use crate::emulator::world::{Shopper, World};
use jiff::{Span, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;

fn world(settings: Settings) -> World {
    // 1 November 2026: replies are priced.
    let clock = HandClock::at(Timestamp::from_second(1_793_534_400).unwrap());
    let settings = Settings { callback_url: Some("http://127.0.0.1:9/never".into()), ..settings };
    World::new(settings, Arc::new(clock), Arc::new(CountedIds::default())).unwrap()
}

fn text(to: &str) -> Value {
    json!({"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": "hi"}})
}

fn send(world: &World, body: &Value) -> Result<String, u32> {
    let answer = world.with(|s| s.send(NUMBER_ID, body)).map_err(|refusal| refusal.code)?;
    Ok(answer["messages"][0]["id"].as_str().unwrap().to_owned())
}

/// What the webhooks that wait say, and forgets them.
fn told(world: &World) -> Vec<Value> {
    world.with(|s| {
        s.tick();
        std::mem::take(&mut s.queue).into_iter().map(|p| p.update.value).collect()
    })
}

fn failed(world: &World) -> Option<u64> {
    told(world).iter().find_map(|v| v["statuses"][0]["errors"][0]["code"].as_u64())
}

fn ana(world: &World) -> Shopper {
    world.shopper("+55 11 98888-7777", "Ana").unwrap()
}

#[test]
fn the_window_is_open_for_24_hours() {
    let world = world(Settings::default());
    let ana = ana(&world);
    let id = send(&world, &text("+5511988887777")).unwrap();
    assert_eq!(failed(&world), Some(131047), "she never wrote");
    assert_eq!(ana.chat()[0].id, id);
    ana.writes("hi").unwrap();
    world.with(|s| s.jump(24 * 60 - 1));
    send(&world, &text("+5511988887777")).unwrap();
    assert_eq!(failed(&world), None);
    world.with(|s| s.jump(1));
    send(&world, &text("+5511988887777")).unwrap();
    assert_eq!(failed(&world), Some(131047));
    world.with(|s| s.settings.late_window = false);
    assert_eq!(send(&world, &text("+5511988887777")), Err(131047));
    world.approved_template(&json!({"name": "t", "language": "en", "category": "UTILITY", "components": [{"type": "BODY", "text": "Hello"}]})).unwrap();
    let template = json!({"messaging_product": "whatsapp", "to": "+5511988887777", "type": "template", "template": {"name": "t", "language": {"code": "en"}}});
    assert!(send(&world, &template).is_ok());
    assert_eq!(failed(&world), None);
}

#[test]
fn who_cannot_be_reached_is_told() {
    let world = world(Settings { allow_list: Some(vec!["5511988887777".into()]), ..Settings::default() });
    let ana = ana(&world);
    ana.writes("hi").unwrap();
    told(&world);
    assert_eq!(send(&world, &text("+5511900000000")), Err(131021));
    assert_eq!(send(&world, &text("+5511911112222")), Err(131030));
    assert_eq!(send(&world, &text("not a phone")), Err(100));
    world.with(|s| s.settings.allow_list = None);
    for to in ["+5511911112222", "5511988887777"] {
        // Without a plus Meta puts the business's country code in front, and nobody has that number.
        send(&world, &text(to)).unwrap();
        assert_eq!(failed(&world), Some(131026), "{to}");
    }
    assert!(send(&world, &text("+55 (11) 98888-7777")).is_ok());
    assert_eq!(failed(&world), None);
    ana.change(|p| p.blocks = true);
    send(&world, &text("+5511988887777")).unwrap();
    assert_eq!(failed(&world), Some(131026));
    world.with(|s| s.settings.pair = PairLimit::PaidBack);
    world.with(|s| s.jump(60));
    for _ in 0..45 {
        send(&world, &text("+5511988887777")).unwrap();
    }
    assert_eq!(send(&world, &text("+5511988887777")), Err(131056));
    world.with(|s| s.settings.per_second = 1);
    let codes: Vec<_> = (0..3).map(|_| send(&world, &text("+5511988887777")).unwrap_err()).collect();
    assert!(codes.contains(&130429), "{codes:?}");
}

#[test]
fn marketing_stops_where_it_must() {
    let world = world(Settings::default());
    let ana = ana(&world);
    let usa = world.shopper("+12125550100", "Bob").unwrap();
    world.approved_template(&json!({"name": "sale", "language": "en", "category": "MARKETING", "components": [{"type": "BODY", "text": "Sale"}]})).unwrap();
    let sale = |to: &str| json!({"messaging_product": "whatsapp", "to": to, "type": "template", "template": {"name": "sale", "language": {"code": "en"}}});
    send(&world, &sale("+5511988887777")).unwrap();
    assert_eq!(failed(&world), None);
    ana.stops_marketing(true).unwrap();
    let preference = told(&world).remove(0);
    assert_eq!(preference["user_preferences"][0]["value"], "stop");
    assert!(preference["user_preferences"][0]["timestamp"].is_i64());
    send(&world, &sale("+5511988887777")).unwrap();
    assert_eq!(failed(&world), Some(131050));
    ana.stops_marketing(false).unwrap();
    world.misbehave(Misbehaviour { marketing_cap: true, ..Misbehaviour::default() });
    send(&world, &sale("+5511988887777")).unwrap();
    assert_eq!(failed(&world), Some(131049));
    world.misbehave(Misbehaviour::default());
    send(&world, &sale("+12125550100")).unwrap();
    assert_eq!(failed(&world), Some(131049), "no marketing to the United States");
    assert!(usa.person().unwrap().user_id.starts_with("US."));
}

#[test]
fn a_username_hides_the_phone() {
    let world = world(Settings::default());
    let rui = world.username("rui.pt", "Rui").unwrap();
    rui.writes("ola").unwrap();
    let inbound = told(&world).remove(0);
    let message = &inbound["messages"][0];
    assert!(message.get("from").is_none() && inbound["contacts"][0].get("wa_id").is_none());
    assert_eq!(inbound["contacts"][0]["profile"]["username"], "rui.pt");
    let user_id = message["from_user_id"].as_str().unwrap();
    let mut body = text("x");
    body.as_object_mut().unwrap().remove("to");
    assert_eq!(send(&world, &body), Err(131008));
    body["recipient"] = json!(user_id);
    send(&world, &body).unwrap();
    let statuses = told(&world);
    assert_eq!(statuses[0]["statuses"][0]["recipient_user_id"], user_id);
    assert!(statuses[0]["statuses"][0].get("recipient_id").is_none());
    assert!(statuses[0]["contacts"][0]["profile"].get("username").is_none(), "not on sent");
    assert_eq!(statuses[1]["contacts"][0]["profile"]["username"], "rui.pt");
    world
        .approved_template(
            &json!({"name": "code", "language": "en", "category": "AUTHENTICATION", "components": [{"type": "BODY"}]}),
        )
        .unwrap();
    let code = json!({"messaging_product": "whatsapp", "recipient": user_id, "type": "template", "template": {"name": "code", "language": {"code": "en"}}});
    assert_eq!(send(&world, &code), Err(131062));
    body["recipient"] = json!("5511");
    assert_eq!(send(&world, &body), Err(100));
    told(&world);
    rui.moves(None).unwrap();
    let moved = told(&world);
    assert_eq!(moved[0]["messages"][0]["system"]["type"], "user_changed_user_id");
    assert_eq!(moved[1]["user_id_update"][0]["user_id"]["previous"], user_id);
    assert_ne!(rui.person().unwrap().user_id, user_id);
}

#[test]
fn only_what_was_offered_can_be_tapped() {
    let world = world(Settings::default());
    let ana = ana(&world);
    let first = ana.writes("hi").unwrap();
    let menu = json!({"messaging_product": "whatsapp", "to": "+5511988887777", "type": "interactive", "interactive": {"type": "list",
        "body": {"text": "b"}, "action": {"button": "Open", "sections": [{"rows": [{"id": "r1", "title": "One", "description": "d"}]}]}}});
    let id = send(&world, &menu).unwrap();
    assert!(ana.taps(&id, "r1").is_err(), "not there yet");
    told(&world);
    assert!(ana.taps(&id, "r2").is_err());
    assert!(ana.taps(&first, "r1").is_err());
    ana.taps(&id, "r1").unwrap();
    let tapped = told(&world).remove(0);
    assert_eq!(
        tapped["messages"][0]["interactive"]["list_reply"],
        json!({"id": "r1", "title": "One", "description": "d"})
    );
    assert_eq!(tapped["messages"][0]["context"], json!({"id": id, "from": "5511900000000"}));
}

#[test]
fn everything_a_shopper_can_say_is_told() {
    let world = world(Settings::default());
    world.with(|s| s.numbers[0].number.coexistence = true);
    let ana = ana(&world);
    let own = ana.writes("hi").unwrap();
    let ours = send(&world, &text("+5511988887777")).unwrap();
    told(&world);
    let item = OrderItem { sku: "A".into(), quantity: 2, price: Some(18.9), currency: None };
    let place =
        Saying::Location { latitude: 1.5, longitude: 2.5, name: None, address: None, answers: Some(ours.clone()) };
    let table = [
        (
            Saying::Text { body: "q".into(), quotes: Some(ours.clone()) },
            "text",
            "/context/from",
            json!("5511900000000"),
        ),
        (Saying::file("voice", "audio/ogg; codecs=opus", b"abc"), "audio", "/audio/voice", json!(true)),
        (
            Saying::file("image", "image/jpeg", b"abc"),
            "image",
            "/image/sha256",
            json!("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
        ),
        (Saying::file("sticker", "image/webp", b"abc"), "sticker", "/sticker/animated", json!(false)),
        (place, "location", "/context/id", json!(ours)),
        (
            Saying::Contact { name: "Ana".into(), phone: "+5511988887777".into(), answers: Some(ours.clone()) },
            "contacts",
            "/contacts/0/origin",
            json!("contact_request"),
        ),
        (Saying::Order { items: vec![item], text: None }, "order", "/order/product_items/0/item_price", json!(18.9)),
        (
            Saying::AskProduct { sku: "A".into(), body: "?".into() },
            "text",
            "/context/referred_product/product_retailer_id",
            json!("A"),
        ),
        (
            Saying::Ad { body: "b".into(), headline: "h".into(), clid: Some("c".into()) },
            "text",
            "/referral/ctwa_clid",
            json!("c"),
        ),
        (Saying::Reaction { message: ours.clone(), emoji: "👍".into() }, "reaction", "/reaction/emoji", json!("👍")),
        (
            Saying::Form { message: ours.clone(), response_json: "{}".into() },
            "interactive",
            "/interactive/nfm_reply/name",
            json!("flow"),
        ),
        (Saying::Edit { message: own.clone(), body: "new".into() }, "edit", "/edit/message/text/body", json!("new")),
        (Saying::Revoke { message: own.clone() }, "revoke", "/revoke/original_message_id", json!(own)),
        (Saying::Unsupported { what: "poll_creation".into() }, "unsupported", "/errors/0/code", json!(131051)),
        (Saying::BrokenFile { file: "video".into() }, "video", "/errors/0/code", json!(131052)),
        (
            Saying::Raw {
                name: "hologram".into(),
                object: json!({"a": 1}),
                more: Some(json!({"context": {"forwarded": true}})),
            },
            "hologram",
            "/context/forwarded",
            json!(true),
        ),
    ];
    for (saying, kind, pointer, expected) in table {
        ana.says(&saying).unwrap();
        let message = told(&world).remove(0)["messages"][0].clone();
        assert_eq!(message["type"], kind);
        assert_eq!(message.pointer(pointer), Some(&expected), "{message}");
    }
    ana.says(&Saying::Reaction { message: ours, emoji: String::new() }).unwrap();
    assert!(told(&world)[0]["messages"][0]["reaction"].get("emoji").is_none());
    assert!(ana.writes(&"x".repeat(300_000)).is_err());
    ana.says(&Saying::Welcome).unwrap();
    assert!(told(&world)[0]["messages"][0].get("request_welcome").is_none());
    ana.moves(Some("5511977776666")).unwrap();
    let moved = told(&world);
    assert_eq!(moved[0]["messages"][0]["from"], "5511988887777");
    assert_eq!(moved[0]["messages"][0]["system"]["wa_id"], "5511977776666");
    assert!(moved[0].get("contacts").is_none());
    ana.hears_staff("I take over").unwrap();
    assert_eq!(told(&world)[0]["message_echoes"][0]["text"]["body"], "I take over");
}

#[test]
fn replies_are_priced_and_ads_make_them_free() {
    let world = world(Settings { free_service: 1, ..Settings::default() });
    let ana = ana(&world);
    ana.writes("hi").unwrap();
    let price = |world: &World| {
        send(world, &text("+5511988887777")).unwrap();
        let all = told(world);
        all.iter().find(|v| v["statuses"][0]["status"] == "sent").unwrap()["statuses"][0]["pricing"].clone()
    };
    assert_eq!(price(&world)["type"], "free_customer_service");
    let second = price(&world);
    assert_eq!(
        (&second["type"], &second["billable"], &second["category"]),
        (&json!("regular"), &json!(true), &json!("service"))
    );
    ana.says(&Saying::Ad { body: "b".into(), headline: "h".into(), clid: None }).unwrap();
    assert_eq!(price(&world)["type"], "free_entry_point");
    world.jump_hours(71);
    ana.writes("still there").unwrap();
    assert_eq!(price(&world)["type"], "free_entry_point");
    world.jump_hours(2);
    assert_eq!(price(&world)["type"], "regular");
}

#[test]
fn reactions_and_receipts_follow_their_rules() {
    let world = world(Settings::default());
    let ana = ana(&world);
    let own = ana.writes("hi").unwrap();
    told(&world);
    let react = |id: &str| json!({"messaging_product": "whatsapp", "to": "+5511988887777", "type": "reaction", "reaction": {"message_id": id, "emoji": "👍"}});
    send(&world, &react(&own)).unwrap();
    let statuses = told(&world);
    assert_eq!(statuses.len(), 1, "only sent");
    assert!(statuses[0]["statuses"][0].get("pricing").is_none());
    let ours = send(&world, &text("+5511988887777")).unwrap();
    told(&world);
    for id in [ours.as_str(), "wamid.none"] {
        send(&world, &react(id)).unwrap();
        assert_eq!(failed(&world), Some(131009), "{id}");
    }
    ana.change(|p| p.receipts = false);
    send(&world, &text("+5511988887777")).unwrap();
    let names: Vec<_> = told(&world).iter().map(|v| v["statuses"][0]["status"].to_string()).collect();
    assert_eq!(names, ["\"sent\"", "\"delivered\""]);
    ana.change(|p| p.reachable = false);
    send(&world, &text("+5511988887777")).unwrap();
    assert_eq!(told(&world).len(), 1);
}

#[test]
fn numbers_are_rewritten_when_asked() {
    let world = world(Settings { rewrite_numbers: true, ..Settings::default() });
    let ana = ana(&world);
    ana.writes("hi").unwrap();
    assert_eq!(told(&world)[0]["messages"][0]["from"], "551188887777");
    let answer = world.with(|s| s.send(NUMBER_ID, &text("+5511988887777"))).unwrap();
    assert_eq!(answer["contacts"][0]["input"], "+5511988887777");
    assert_eq!(answer["contacts"][0]["wa_id"], "551188887777");
    assert!(send(&world, &text("+551188887777")).is_ok());
}

#[test]
fn a_hand_clock_is_moved_by_a_jump() {
    let clock = Arc::new(HandClock::at(Timestamp::from_second(1_793_534_400).unwrap()));
    let settings = Settings { hand: Some(Arc::clone(&clock)), ..Settings::default() };
    let world = World::new(settings, clock.clone(), Arc::new(CountedIds::default())).unwrap();
    world.jump_hours(25);
    let expected = Timestamp::from_second(1_793_534_400).unwrap() + Span::new().hours(25);
    assert_eq!(crate::clock::Clock::now(&*clock), expected);
    assert_eq!(world.with(|s| s.now()), expected);
}
