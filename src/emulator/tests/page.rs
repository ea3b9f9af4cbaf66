//! The page and its orders.

use super::{client, start};
use crate::emulator::settings::Settings;
use serde_json::{Value, json};

#[tokio::test]
async fn the_page_holds_no_word_of_a_shopper() {
    let running = start(Settings::default()).await;
    let hostile = "<img src=x onerror=alert(1)>";
    running.world().shopper("5511988887777", hostile).unwrap().writes(hostile).unwrap();
    let page = client().get(&running.address).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let html = page.text().await.unwrap();
    assert!(html.contains("id=\"chat\"") && !html.contains("onerror"));
    // What the page's script fetches is JSON, and the scripts know no way to write markup.
    let state = client().get(format!("{}/emulator/state", running.address)).send().await.unwrap();
    assert_eq!(state.headers()["content-type"], "application/json");
    assert_eq!(state.json::<Value>().await.unwrap()["people"][0]["name"], hostile);
    for script in ["phone.js", "bubble.js", "tools.js", "dom.js"] {
        let url = format!("{}/emulator/assets/{script}", running.address);
        let text = client().get(url).send().await.unwrap().text().await.unwrap();
        assert!(text.len() > 500, "{script}");
        for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser"] {
            assert!(!text.contains(way), "{script} uses {way}");
        }
    }
    running.shutdown().await;
}

#[tokio::test]
async fn orders_come_from_this_machine_and_its_pages_only() {
    let running = start(Settings::default()).await;
    let url = format!("{}/emulator/control", running.address);
    let order = json!({"do": "person", "phone": "+5511988887777", "name": "Ana"});
    let ask = |name: &'static str, value: &'static str| {
        let request = client().post(&url).json(&order).header(name, value);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(ask("origin", "https://evil.example").await, 403);
    assert_eq!(ask("host", "evil.example").await, 403);
    assert_eq!(client().post(&url).body("{}").send().await.unwrap().status().as_u16(), 415);
    assert_eq!(ask("origin", "http://localhost:1").await, 200);
    let tell = |order: Value| {
        let request = client().post(&url).json(&order);
        async move {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap_or_default())
        }
    };
    let text = json!({"do": "say", "person": "p1", "saying": {"kind": "text", "body": "hi"}});
    let table = [
        (text, 200),
        (json!({"do": "say", "person": "p9", "saying": {"kind": "welcome"}}), 409),
        (json!({"do": "misbehave", "how": {"duplicates": 1, "refuse": {"code": 190, "times": 1}}}), 200),
        (json!({"do": "misbehave", "how": {"nonsense": 1}}), 400),
        (json!({"do": "jump", "hours": 25}), 200),
        (json!({"do": "change", "person": "p1", "receipts": false}), 200),
        (json!({"do": "marketing", "person": "p1", "stop": true}), 200),
        (json!({"do": "announce", "field": "new_thing", "value": {"a": 1}}), 200),
        (json!({"do": "template", "name": "x", "language": "en", "status": "PAUSED"}), 409),
        (json!({"do": "fly"}), 400),
    ];
    for (order, expected) in table {
        let (status, answer) = tell(order.clone()).await;
        assert_eq!(status, expected, "{order} {answer}");
    }
    let person = running.world().with(|s| s.people[0].clone());
    assert!(person.stopped && !person.receipts);
    running
        .world()
        .with(|s| assert_eq!((s.mischief.duplicates, s.now()), (1, super::noon() + jiff::Span::new().hours(25))));
    running.shutdown().await;
}
