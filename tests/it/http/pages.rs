//! Paying, the order's page, the console, health.

use crate::http::{Door, TOKEN, payment};
use crate::world::URL;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use serde_json::{Value, json};
use souk::domain::order::OrderState;
use std::time::Duration;

async fn webhooks_arrive(door: &Door) {
    for _ in 0..200 {
        door.shop.webhooks().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        if door.shop.app.store.count_jobs().await.unwrap().running == 0 && !waiting_now(door).await {
            return;
        }
    }
}

async fn waiting_now(door: &Door) -> bool {
    door.shop.app.store.next_due().await.unwrap().is_some_and(|due| due <= door.shop.app.now())
}

#[tokio::test]
async fn an_order_is_paid_by_form() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    let (page, number) = door.orders(&maya).await;
    let (status, text) = door.page(&page, "").await;
    assert!(status == 200 && text.contains("€14.80") && text.contains(&number), "{text}");
    assert_eq!(door.page("/pay/cs_test_nobody", "").await.0, 404);
    assert_eq!(door.post("/pay/cs_test_nobody").form(&payment("4242")).send().await.unwrap().status(), 404);
    for (card, says) in [
        ("4000 0000 0000 0002", "Your card was declined"),
        ("4000 0000 0000 9995", "insufficient funds"),
        ("1234", "card number"),
        ("", "card number"),
    ] {
        let response = door.post(&page).form(&payment(card)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let text = response.text().await.unwrap();
        assert!(text.contains(says) || card.len() < 5, "{text}");
        assert!(text.contains("Maya &lt;b&gt;") && !text.contains("<b>Lindqvist"), "what was typed is escaped");
        assert!(card.is_empty() || !text.contains(&format!("value=\"{card}")), "a card number came back");
    }
    let broken = door.post(&page).header("content-type", "application/x-www-form-urlencoded").body("%%%=%");
    assert!(broken.send().await.unwrap().status().is_client_error());
    // Looking changes nothing, however often somebody looks.
    for path in
        [page.clone(), format!("{page}/settle"), format!("{page}/fail"), format!("{page}?number=4242424242424242")]
    {
        door.page(&path, "").await;
    }
    assert_eq!(door.shop.orders().await[0].state, OrderState::AwaitingPayment);
    let paid = door.post(&page).form(&payment("4242 4242 4242 4242")).send().await.unwrap();
    assert!(paid.status().is_redirection());
    let back = paid.headers()[LOCATION].to_str().unwrap().strip_prefix(URL).unwrap().to_owned();
    // The shopper is back before the webhook: the page asks by itself.
    let (status, text) = door.page(&back, "").await;
    assert!(status == 200 && text.contains("Paid") && text.contains("Boot Wax 100 ml"), "{text}");
    assert_eq!(door.shop.orders().await[0].state, OrderState::Paid);
    let again = door.post(&page).form(&payment("4242 4242 4242 4242")).send().await.unwrap();
    assert!(again.status().is_redirection());
    webhooks_arrive(&door).await;
    let messages = door.messages(&maya, 7).await;
    assert_eq!(messages.len(), 7, "one thank-you: {messages:?}");
    assert!(messages[6]["text"].as_str().unwrap().starts_with("Paid, thank you!"));
    let token = back.split(['/', '?']).nth(2).unwrap().to_owned();
    for wrong in [format!("/orders/{number}"), format!("/orders/{}x", token), "/orders/%00".into(), "/orders/".into()] {
        assert_eq!(door.page(&wrong, &maya).await.0, 404, "{wrong}");
    }
    door.close().finish(&[]).await;
}

#[tokio::test]
async fn only_a_signed_event_counts() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    let (page, _) = door.orders(&maya).await;
    door.post(&page).form(&payment("4242 4242 4242 4242")).send().await.unwrap();
    let sandbox = door.shop.app.sandbox.as_ref().unwrap();
    let delivery = sandbox.due_deliveries(door.shop.app.now()).remove(0);
    let send = async |body: Vec<u8>, signature: &str| {
        let request = door.post("/webhooks/stripe").header("stripe-signature", signature).body(body);
        request.send().await.unwrap().status().as_u16()
    };
    let mut forged = delivery.body.clone();
    forged.push(b' ');
    assert_eq!(send(forged, &delivery.signature_header).await, 400);
    assert_eq!(send(delivery.body.clone(), "t=1,v1=00").await, 400);
    assert_eq!(send(delivery.body.clone(), "").await, 400);
    assert_eq!(send(vec![b'x'; 2 * 1024 * 1024], &delivery.signature_header).await, 413);
    let mut tx = door.shop.app.store.read(&door.shop.app.shop).await.unwrap();
    assert_eq!(tx.subject_of_event(&delivery.event_id).await.unwrap(), None, "an unbelieved event was kept");
    drop(tx);
    for _ in 0..3 {
        assert_eq!(send(delivery.body.clone(), &delivery.signature_header).await, 200);
    }
    sandbox.delivered(&delivery.event_id, true);
    assert!(door.messages(&maya, 7).await[6]["text"].as_str().unwrap().starts_with("Paid"));
    webhooks_arrive(&door).await;
    assert_eq!(door.messages(&maya, 7).await.len(), 7);
    door.close().finish(&[]).await;
}

#[tokio::test]
async fn a_colleague_answers_in_the_console() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    door.writes(&maya, &json!({"text": "a person please"})).await;
    door.messages(&maya, 2).await;
    let (_, login) = door.page("/console", "").await;
    assert!(!login.contains("a person please") && login.contains("name=\"token\""), "{login}");
    assert!(super::cookie(&door.form("/console/login", "", &[("token", "wrong")]).await).is_none());
    assert!(!door.page("/console", "souk_console=wrong").await.1.contains("a person please"));
    let colleague = door.colleague().await;
    let linked = door.get(&format!("/console?token={TOKEN}")).send().await.unwrap();
    assert!(linked.status().is_redirection() && super::cookie(&linked).is_some());
    let (_, list) = door.page("/console", &colleague).await;
    assert!(list.contains("a person please"), "{list}");
    let path = list.split("href=\"").find(|t| t.starts_with("/console/conversations/")).unwrap();
    let path = path.split('"').next().unwrap();
    let (_, page) = door.page(path, &colleague).await;
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(!door.page(path, "").await.1.contains("a person please"));
    let reply = format!("{path}/reply");
    let fields = |csrf: &'static str| [("csrf", csrf), ("author", "Ann"), ("text", "Hello Maya")];
    assert_eq!(door.form(&reply, &colleague, &fields("wrong")).await.status(), 403);
    let right = [("csrf", csrf.as_str()), ("author", "Ann"), ("text", "Hello Maya")];
    assert_eq!(door.form(&reply, "", &right).await.status(), 403);
    assert_eq!(door.form(&reply, &maya, &right).await.status(), 403);
    assert!(door.form(&reply, &colleague, &right).await.status().is_redirection());
    let messages = door.messages(&maya, 3).await;
    assert_eq!((messages[2]["author"].as_str(), messages[2]["text"].as_str()), (Some("Ann"), Some("Hello Maya")));
    assert_eq!(door.history(&maya).await["with"], "colleague");
    assert!(door.form(&format!("{path}/return"), &colleague, &right).await.status().is_redirection());
    assert_eq!(door.history(&maya).await["with"], "agent");
    let nobody = door.form("/console/conversations/cnv_nobody/reply", &colleague, &right).await;
    assert_eq!(nobody.status(), 404);
    assert_eq!(door.page("/console/conversations/cnv_nobody", &colleague).await.0, 404);
    door.close().finish(&[]).await;
}

#[tokio::test]
async fn health_is_told() {
    let door = Door::open().await;
    assert_eq!(door.page("/healthz", "").await, (200, "ok\n".to_owned()));
    let (status, ready) = door.page("/readyz", "").await;
    assert_eq!((status, serde_json::from_str::<Value>(&ready).unwrap()), (200, json!({"store": true, "search": true})));
    let (status, metrics) = door.page("/metrics", "").await;
    assert!(status == 200 && metrics.contains("souk_jobs{state=\"parked\"} 0"), "{metrics}");
    door.close().finish(&[]).await;
}
