//! Webhooks over a real socket: signed, repeated, doubled, mixed up and batched.

use super::receiver::Receiver;
use super::{post, send, start, text};
use crate::emulator::mischief::{Misbehaviour, Next};
use crate::emulator::settings::{APP_ID, APP_SECRET, NUMBER_ID, Settings, WABA_ID};
use crate::emulator::wire;
use crate::emulator::{Running, look};
use serde_json::json;

async fn with_receiver() -> (Running, Receiver) {
    let (receiver, url) = Receiver::start().await;
    (start(Settings { callback_url: Some(url), ..Settings::default() }).await, receiver)
}

#[tokio::test]
async fn a_message_and_its_answer_are_told_and_signed() {
    let (running, receiver) = with_receiver().await;
    let ana = running.world().shopper("5511988887777", "Ana ✓").unwrap();
    ana.writes("olá / oi").unwrap();
    running.settle().await;
    let body = json!({"messaging_product": "whatsapp", "to": "+5511988887777", "biz_opaque_callback_data": "out-1",
        "type": "text", "text": {"body": "oi"}});
    let (status, answer) = send(&running, body).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["contacts"][0]["wa_id"], "5511988887777");
    running.settle().await;
    for (signature, bytes) in receiver.posts() {
        assert_eq!(signature, wire::signature(APP_SECRET, &bytes));
        assert!(bytes.is_ascii());
    }
    assert!(String::from_utf8_lossy(&receiver.posts()[0].1).contains(r"ol\u00e1 \/ oi"));
    assert_eq!(receiver.statuses(), ["sent", "delivered", "read"]);
    let values = receiver.values();
    assert_eq!(values[0]["contacts"][0]["profile"]["name"], "Ana ✓");
    assert_eq!(values[0]["messages"][0]["from"], "5511988887777");
    let sent = &values[1]["statuses"][0];
    assert_eq!(sent["id"], answer["messages"][0]["id"]);
    assert_eq!(sent["biz_opaque_callback_data"], "out-1");
    assert_eq!(sent["pricing"]["type"], "free_customer_service");
    assert_eq!(values[2]["statuses"][0]["pricing"]["category"], "service");
    assert!(values[3]["statuses"][0].get("pricing").is_none());
    running.shutdown().await;
}

#[tokio::test]
async fn what_is_not_taken_is_repeated_later_and_later() {
    let (running, receiver) = with_receiver().await;
    let world = running.world().clone();
    let ana = world.shopper("5511988887777", "Ana").unwrap();
    receiver.fail(2);
    ana.writes("hi").unwrap();
    let mut tries = Vec::new();
    for second in 0..60 {
        running.settle().await;
        if receiver.posts().len() > tries.len() {
            tries.push(second);
        }
        world.with(|s| s.settings.hand.as_ref().map(|h| h.advance(jiff::Span::new().seconds(1))));
    }
    assert_eq!(tries, [0, 5, 15]);
    let posts = receiver.posts();
    assert!(posts.iter().all(|p| p == &posts[0]), "the same bytes each time");
    running.shutdown().await;
}

#[tokio::test]
async fn webhooks_are_doubled_delayed_and_batched() {
    let (running, receiver) = with_receiver().await;
    let world = running.world().clone();
    let ana = world.shopper("5511988887777", "Ana").unwrap();
    world.misbehave(Misbehaviour { duplicates: 2, ..Misbehaviour::default() });
    ana.writes("one").unwrap();
    running.settle().await;
    assert_eq!(receiver.posts().len(), 3);
    receiver.clear();
    world.misbehave(Misbehaviour { batch: 100, delay_ms: 3_600_000, ..Misbehaviour::default() });
    for n in 0..40 {
        ana.writes(&n.to_string()).unwrap();
    }
    running.settle().await;
    assert_eq!(receiver.posts().len(), 0);
    world.jump_hours(2);
    running.settle().await;
    assert_eq!(receiver.posts().len(), 1);
    let told: Vec<_> = receiver.messages().iter().map(|m| m["text"]["body"].as_str().unwrap().to_owned()).collect();
    assert_eq!(told, (0..40).map(|n| n.to_string()).collect::<Vec<_>>());
    let body = &receiver.bodies()[0];
    let entries = body["entry"].as_array().unwrap();
    assert!(entries.len() > 1);
    assert!(entries.iter().any(|e| e["changes"].as_array().unwrap().len() > 1));
    assert!(receiver.values().iter().any(|v| v["messages"].as_array().unwrap().len() > 1));
    running.shutdown().await;
}

#[tokio::test]
async fn disorder_repeats_itself_with_the_seed() {
    let mut orders = Vec::new();
    for seed in [5, 5, 6] {
        let (receiver, url) = Receiver::start().await;
        let running = start(Settings { seed, callback_url: Some(url), ..Settings::default() }).await;
        let ana = running.world().shopper("5511988887777", "Ana").unwrap();
        running.world().misbehave(Misbehaviour { reorder: true, delay_ms: 1_000, ..Misbehaviour::default() });
        for n in 0..8 {
            ana.writes(&n.to_string()).unwrap();
        }
        running.world().jump_hours(1);
        running.settle().await;
        let told: Vec<_> = receiver.messages().iter().map(|m| m["text"]["body"].to_string()).collect();
        assert_eq!(told.len(), 8);
        orders.push(told);
        running.shutdown().await;
    }
    assert_eq!(orders[0], orders[1]);
    assert_ne!(orders[0], orders[2]);
}

#[tokio::test]
async fn answers_are_lost_cut_and_overtaken() {
    let (running, receiver) = with_receiver().await;
    let world = running.world().clone();
    world.shopper("5511988887777", "Ana").unwrap().writes("hi").unwrap();
    world.misbehave(Misbehaviour { lose_answers: 1, cut_answers: 1, ..Misbehaviour::default() });
    let (status, _) = send(&running, text("+5511988887777", "one")).await;
    assert_eq!(status, 500);
    let url = format!("{}/v23.0/{NUMBER_ID}/messages", running.address);
    let cut = super::client().post(url).bearer_auth("emulator-token").json(&text("+5511988887777", "two")).send().await;
    let broken = match cut {
        Err(_) => true,
        Ok(answer) => answer.bytes().await.is_err(),
    };
    assert!(broken, "the connection was not cut");
    assert_eq!(world.sent().len(), 2, "both were carried out");
    running.settle().await;
    receiver.clear();
    world.misbehave(Misbehaviour { statuses_first: true, ..Misbehaviour::default() });
    let (status, _) = send(&running, text("+5511988887777", "three")).await;
    assert_eq!(status, 200);
    assert_eq!(receiver.statuses(), ["sent", "delivered", "read"], "told before the answer came");
    world.misbehave(Misbehaviour {
        refuse: Next::new(131000, 1),
        fail: Next::new(131049, 1),
        ..Misbehaviour::default()
    });
    assert_eq!(send(&running, text("+5511988887777", "four")).await.0, 500);
    assert_eq!(send(&running, text("+5511988887777", "five")).await.0, 200);
    running.settle().await;
    assert_eq!(receiver.statuses().last().unwrap(), "failed");
    running.shutdown().await;
}

#[tokio::test]
async fn addresses_are_taken_after_a_handshake_only() {
    let (app, app_url) = Receiver::start().await;
    let (own, own_url) = Receiver::start().await;
    let running = start(Settings { subscribed: false, ..Settings::default() }).await;
    let world = running.world().clone();
    let token = format!("{APP_ID}|{APP_SECRET}");
    let path = |word: &str| {
        let query = [
            ("object", "whatsapp_business_account"),
            ("callback_url", app_url.as_str()),
            ("verify_token", word),
            ("fields", "messages"),
            ("access_token", token.as_str()),
        ];
        format!("/v23.0/{APP_ID}/subscriptions?{}", serde_urlencoded::to_string(query).unwrap())
    };
    let bare = |path: String| {
        let url = format!("{}{path}", running.address);
        async move { super::client().post(url).send().await.unwrap().status().as_u16() }
    };
    assert_eq!(bare(path("wrong")).await, 400);
    assert_eq!(bare(path("my-word")).await, 200);
    let ana = world.shopper("5511988887777", "Ana").unwrap();
    ana.writes("nobody is subscribed yet").unwrap();
    running.settle().await;
    assert_eq!(app.posts().len(), 0);
    let apps = format!("/{WABA_ID}/subscribed_apps");
    assert_eq!(post(&running, &apps, json!({})).await.0, 200);
    ana.writes("now").unwrap();
    running.settle().await;
    assert_eq!(app.messages().len(), 1);
    let configuration = json!({"webhook_configuration": {"override_callback_uri": own_url, "verify_token": "my-word"}});
    let wrong = json!({"webhook_configuration": {"override_callback_uri": own_url, "verify_token": "x"}});
    assert_eq!(post(&running, &format!("/{NUMBER_ID}"), wrong).await.0, 400);
    assert_eq!(post(&running, &format!("/{NUMBER_ID}"), configuration).await.0, 200);
    ana.writes("to the number's own address").unwrap();
    running.settle().await;
    assert_eq!((app.messages().len(), own.messages().len()), (1, 1));
    assert_eq!(super::call(&running, "DELETE", &apps, None).await.0, 200);
    ana.writes("nowhere").unwrap();
    running.settle().await;
    assert_eq!(own.messages().len(), 1);
    assert!(look::is_loopback("127.0.0.1"));
    running.shutdown().await;
}
