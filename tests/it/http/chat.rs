//! The web chat: sessions, messages, limits, live news.

use crate::http::Door;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_visitor_gets_a_session_and_keeps_it() {
    let door = Door::open().await;
    let first = door.get("/chat").send().await.unwrap();
    let header = first.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(header.contains("HttpOnly") && header.contains("SameSite=Lax"), "{header}");
    let cookie = super::cookie(&first).unwrap();
    let again = door.get("/chat").header(COOKIE, &cookie).send().await.unwrap();
    assert!(again.headers().get(SET_COOKIE).is_none(), "the session was taken away");
    assert_eq!(door.history(&cookie).await, json!({"with": "agent", "messages": []}));
    for path in ["/chat/messages", "/chat/events"] {
        assert_eq!(door.page(path, "").await.0, 403);
        assert_eq!(door.page(path, "souk_session=short").await.0, 403);
    }
    assert_eq!(door.writes("", &json!({"text": "hello"})).await, 403);
    door.close().finish(&[]).await;
}

#[tokio::test]
async fn a_question_is_answered_and_nobody_else_reads_it() {
    let door = Door::open().await;
    let (maya, jonas) = (door.visitor().await, door.visitor().await);
    assert_ne!(maya, jonas);
    assert_eq!(door.writes(&maya, &json!({"text": "a headlamp", "id": "mine"})).await, 202);
    assert_eq!(door.writes(&maya, &json!({"text": "a headlamp", "id": "mine"})).await, 202);
    let messages = door.messages(&maya, 2).await;
    assert_eq!((messages[0]["from"].as_str(), messages[0]["client_id"].as_str()), (Some("shopper"), Some("mine")));
    let card = messages[1]["cards"][0].clone();
    assert!(card["price"].as_str().unwrap().contains('€'), "{card}");
    assert_eq!(door.writes(&maya, &json!({"tap": card["choices"][0]["id"], "label": "Details"})).await, 202);
    assert_eq!(door.messages(&maya, 4).await.len(), 4);
    assert_eq!(door.history(&jonas).await["messages"], json!([]));
    assert_eq!(door.writes(&jonas, &json!({"text": "hello", "id": "mine"})).await, 202);
    assert_eq!(door.messages(&jonas, 2).await.len(), 2);
    door.close().finish(&[]).await;
}

#[tokio::test]
async fn what_cannot_be_a_message_is_refused() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    for (body, status) in [
        (json!({"text": "x".repeat(5_000)}), 413),
        (json!({"text": "x".repeat(100_000)}), 413),
        (json!({"text": ""}), 400),
        (json!({"text": " \n"}), 400),
        (json!({}), 400),
        (json!({"tap": ""}), 400),
        (json!({"text": "a", "tap": "b"}), 400),
        (json!({"text": 1}), 400),
        (json!({"text": "a", "contact": "con_1"}), 400),
        (json!([]), 400),
    ] {
        assert_eq!(
            door.writes(&maya, &body).await,
            status,
            "{}",
            body.to_string().chars().take(60).collect::<String>()
        );
    }
    for (kind, body) in
        [("application/json", "{\"text\": "), ("text/plain", "{\"text\": \"a\"}"), ("application/json", "\u{0}")]
    {
        let request = door.post("/chat/messages").header(COOKIE, &maya).header(CONTENT_TYPE, kind).body(body);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(door.history(&maya).await["messages"], json!([]));
    let mut statuses = Vec::new();
    for n in 0..40 {
        statuses.push(door.writes(&maya, &json!({"tap": "cart:view", "id": n.to_string()})).await);
    }
    assert_eq!(statuses.iter().filter(|s| **s == 202).count(), 30, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
    let other = door.visitor().await;
    assert_eq!(door.writes(&other, &json!({"text": "hello"})).await, 202, "one fast writer stops nobody else");
    door.messages(&other, 2).await;
    door.messages(&maya, 31).await;
    door.close().finish(&[]).await;
}

/// Reads events until so many messages came; answers their numbers.
async fn listen(door: &Door, cookie: &str, last: Option<&str>, count: usize) -> Vec<i64> {
    let mut request = door.get("/chat/events").header(COOKIE, cookie);
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let mut response = request.send().await.unwrap();
    assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
    let (mut text, mut seen) = (String::new(), Vec::new());
    while seen.len() < count {
        let chunk = tokio::time::timeout(Duration::from_secs(10), response.chunk()).await.expect("news");
        text.push_str(std::str::from_utf8(&chunk.unwrap().unwrap()).unwrap());
        while let Some((event, rest)) = text.clone().split_once("\n\n") {
            let field = |name: &str| event.lines().find_map(|l| l.strip_prefix(name).map(|v| v.trim().to_owned()));
            if let (Some(id), Some(data), None) = (field("id:"), field("data:"), field("event:")) {
                let data: Value = serde_json::from_str(&data).unwrap();
                assert_eq!(data["seq"].to_string(), id);
                seen.push(id.parse().unwrap());
            }
            text = rest.to_owned();
        }
    }
    seen
}

#[tokio::test]
async fn news_come_in_order_and_are_resumed() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    // The page listens before the first word is written.
    let (heard, ()) = tokio::join!(listen(&door, &maya, None, 4), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(door.writes(&maya, &json!({"tap": "cart:view"})).await, 202);
        door.messages(&maya, 2).await;
        assert_eq!(door.writes(&maya, &json!({"text": "hello"})).await, 202);
    });
    assert_eq!(heard, [1, 2, 3, 4]);
    assert_eq!(listen(&door, &maya, Some("2"), 2).await, [3, 4]);
    assert_eq!(listen(&door, &maya, Some("nonsense"), 4).await, [1, 2, 3, 4]);
    let other = door.visitor().await;
    let waiting = tokio::time::timeout(Duration::from_millis(500), listen(&door, &other, None, 1)).await;
    assert!(waiting.is_err(), "somebody hears what was said to somebody else");
    door.close().finish(&[]).await;
}
