//! The Graph API's paths over a real socket.

use super::{call, client, post, send, start, text};
use crate::emulator::settings::{NUMBER_ID, Settings, TOKEN, Token, WABA_ID};
use crate::emulator::shopper::say::Saying;
use serde_json::{Value, json};

#[tokio::test]
async fn tokens_and_paths_are_checked() {
    let messaging = Token { scopes: vec!["whatsapp_business_messaging".into()], ..Token::full("messaging-only") };
    let old = Token { expired: true, ..Token::full("old") };
    let running = start(Settings { tokens: vec![Token::full(TOKEN), messaging, old], ..Settings::default() }).await;
    let table = [
        ("wrong", format!("/v23.0/{NUMBER_ID}"), 401, 190),
        ("old", format!("/v23.0/{NUMBER_ID}"), 401, 190),
        ("messaging-only", format!("/{WABA_ID}/message_templates"), 403, 200),
        (TOKEN, "/v23.0/999".into(), 400, 100),
        (TOKEN, format!("/v23.0/{NUMBER_ID}/nonsense"), 400, 100),
        (TOKEN, format!("/{NUMBER_ID}?fields=nonsense"), 400, 100),
        (TOKEN, "/v23.0".into(), 400, 100),
    ];
    for (token, path, status, code) in table {
        let answer = client().get(format!("{}{path}", running.address)).bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["code"], code, "{path}");
        assert!(body["error"]["fbtrace_id"].is_string());
    }
    let (_, told) = call(&running, "GET", "/debug_token?input_token=messaging-only", None).await;
    assert_eq!(told["data"]["scopes"], json!(["whatsapp_business_messaging"]));
    let (_, told) = call(&running, "GET", "/debug_token?input_token=old", None).await;
    assert_eq!(told["data"]["is_valid"], false);
    assert!(running.world().journal().iter().any(|e| e.why.as_deref().is_some_and(|w| w.contains("190"))));
    running.shutdown().await;
}

#[tokio::test]
async fn a_number_shows_its_fields_and_takes_settings() {
    let running = start(Settings::default()).await;
    let fields =
        "quality_rating,verified_name,name_status,throughput,health_status,whatsapp_business_manager_messaging_limit";
    let (status, number) = call(&running, "GET", &format!("/v24.0/{NUMBER_ID}?fields={fields}"), None).await;
    assert_eq!((status, &number["quality_rating"]), (200, &json!("GREEN")));
    assert_eq!(number["health_status"]["can_send_message"], "AVAILABLE");
    assert!(number.get("status").is_none());
    let (_, list) = call(&running, "GET", &format!("/{WABA_ID}/phone_numbers"), None).await;
    assert_eq!(list["data"][0]["id"], NUMBER_ID);
    let profile = format!("/{NUMBER_ID}/whatsapp_business_profile");
    let wa = "whatsapp";
    let table = [
        (
            profile.clone(),
            json!({"messaging_product": wa, "about": "Cakes", "websites": ["https://a.example"], "vertical": "RETAIL"}),
            200,
        ),
        (profile.clone(), json!({"messaging_product": wa, "about": "x".repeat(140)}), 400),
        (profile.clone(), json!({"messaging_product": wa, "description": "x".repeat(257)}), 400),
        (
            profile.clone(),
            json!({"messaging_product": wa, "websites": ["https://a.example", "https://b.example", "https://c.example"]}),
            400,
        ),
        (profile.clone(), json!({"messaging_product": wa, "vertical": "CAKES"}), 400),
        (format!("/{NUMBER_ID}/whatsapp_commerce_settings"), json!({"is_catalog_visible": true}), 200),
        (
            format!("/{NUMBER_ID}/conversational_automation"),
            json!({"prompts": ["Hello"], "enable_welcome_message": true}),
            200,
        ),
        (format!("/{NUMBER_ID}/conversational_automation"), json!({"prompts": ["Hello 🎂"]}), 400),
        (format!("/{NUMBER_ID}/conversational_automation"), json!({"prompts": ["1", "2", "3", "4", "5"]}), 400),
        (format!("/{NUMBER_ID}/register"), json!({"messaging_product": wa, "pin": "12"}), 400),
        (format!("/{NUMBER_ID}/deregister"), json!({}), 200),
        (format!("/{NUMBER_ID}/messages"), text("+5511988887777", "hi"), 400),
        (format!("/{NUMBER_ID}/register"), json!({"messaging_product": wa, "pin": "123456"}), 200),
    ];
    for (path, body, expected) in table {
        let (status, answer) = post(&running, &path, body.clone()).await;
        assert_eq!(status, expected, "{path} {body} {answer}");
    }
    let (_, kept) = call(&running, "GET", &format!("{profile}?fields=about"), None).await;
    assert_eq!(kept["data"][0]["about"], "Cakes");
    let (_, kept) = call(&running, "GET", &format!("/{NUMBER_ID}/whatsapp_commerce_settings"), None).await;
    assert_eq!(kept["data"][0]["is_catalog_visible"], true);
    running.shutdown().await;
}

#[tokio::test]
async fn files_go_up_and_down() {
    let running = start(Settings::default()).await;
    let world = running.world().clone();
    let up = |mime: &str, bytes: &str| {
        let form = format!(
            "--B\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n--B\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: {mime}\r\n\r\n{bytes}\r\n--B--\r\n"
        );
        let url = format!("{}/v23.0/{NUMBER_ID}/media", running.address);
        let request =
            client().post(url).bearer_auth(TOKEN).header("content-type", "multipart/form-data; boundary=B").body(form);
        async move {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
        }
    };
    assert_eq!(up("image/gif", "x").await.0, 400);
    assert_eq!(up("image/webp", &"x".repeat(500 * 1024 + 1)).await.0, 400);
    let (status, file) = up("image/png", "not really").await;
    assert_eq!(status, 200);
    let id = file["id"].as_str().unwrap();
    let (_, found) = call(&running, "GET", &format!("/v23.0/{id}"), None).await;
    assert_eq!((&found["file_size"], &found["mime_type"]), (&json!(10), &json!("image/png")));
    let url = found["url"].as_str().unwrap();
    let get = |token: &'static str| {
        let request = client().get(url).bearer_auth(token);
        async move { request.send().await.unwrap() }
    };
    assert_eq!(get("wrong").await.status().as_u16(), 401);
    assert_eq!(get(TOKEN).await.text().await.unwrap(), "not really");
    world.with(|s| s.jump(6));
    assert_eq!(get(TOKEN).await.status().as_u16(), 404);
    let ana = world.shopper("5511988887777", "Ana").unwrap();
    ana.writes("hi").unwrap();
    let picture = |id: &str| json!({"messaging_product": "whatsapp", "to": "+5511988887777", "type": "image", "image": {"id": id}});
    assert_eq!(send(&running, picture(id)).await.0, 200);
    assert_eq!(send(&running, picture("123")).await.0, 400);
    assert_eq!(call(&running, "DELETE", &format!("/{id}"), None).await.0, 200);
    assert_eq!(call(&running, "GET", &format!("/{id}"), None).await.0, 400);
    // A shopper's picture is there for seven days.
    ana.says(&Saying::file("image", "image/jpeg", b"\xff\xd8")).unwrap();
    let id = ana.chat().last().unwrap().body["id"].as_str().unwrap().to_owned();
    assert_eq!(call(&running, "GET", &format!("/{id}"), None).await.0, 200);
    world.jump_hours(24 * 7);
    assert_eq!(call(&running, "GET", &format!("/{id}"), None).await.0, 400);
    running.shutdown().await;
}

#[tokio::test]
async fn only_who_wrote_lately_can_be_blocked() {
    let running = start(Settings::default()).await;
    let ana = running.world().shopper("5511988887777", "Ana").unwrap();
    let path = format!("/{NUMBER_ID}/block_users");
    let body = json!({"messaging_product": "whatsapp", "block_users": [{"user": "+5511988887777"}]});
    assert_eq!(post(&running, &path, body.clone()).await.1["error"]["code"], 139100);
    ana.writes("hi").unwrap();
    let (status, answer) = post(&running, &path, body.clone()).await;
    assert_eq!((status, &answer["block_users"]["added_users"][0]["wa_id"]), (200, &json!("5511988887777")));
    let (_, list) = call(&running, "GET", &path, None).await;
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    assert_eq!(call(&running, "DELETE", &path, Some(body)).await.0, 200);
    let (_, list) = call(&running, "GET", &path, None).await;
    assert_eq!(list["data"].as_array().unwrap().len(), 0);
    running.shutdown().await;
}

#[tokio::test]
async fn reading_and_typing_are_told_of_a_message_that_came_in() {
    let running = start(Settings::default()).await;
    let ana = running.world().shopper("5511988887777", "Ana").unwrap();
    let id = ana.writes("hi").unwrap();
    let read = |id: &str| json!({"messaging_product": "whatsapp", "status": "read", "message_id": id, "typing_indicator": {"type": "text"}});
    assert_eq!(send(&running, read("wamid.none")).await.0, 400);
    assert_eq!(send(&running, read(&id)).await, (200, json!({"success": true})));
    assert!(ana.person().unwrap().typing_until.is_some());
    assert_eq!(ana.chat()[0].status, "read");
    send(&running, text("+5511988887777", "answer")).await;
    assert!(ana.person().unwrap().typing_until.is_none());
    running.shutdown().await;
}
