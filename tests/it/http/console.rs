//! Orders in the console: what waits for a person, and the decisions that shoppers hear of.

use crate::http::{Door, payment};
use serde_json::json;
use souk::domain::money::Currency;
use souk::domain::order::OrderState;
use souk::domain::usage::{Usage, Used};

#[tokio::test]
async fn a_colleague_ships_an_order_and_the_shopper_hears_of_it() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    let (page, number) = door.orders(&maya).await;
    door.post(&page).form(&payment("4242 4242 4242 4242")).send().await.unwrap();
    door.shop.webhooks().await;
    door.messages(&maya, 7).await;
    let order = door.shop.orders().await.remove(0);
    assert_eq!(order.state, OrderState::Paid);
    let path = format!("/console/orders/{}", order.id);
    for closed in ["/console/orders", path.as_str()] {
        assert!(!door.page(closed, &maya).await.1.contains(&number), "{closed} is for colleagues");
    }
    let colleague = door.colleague().await;
    let (_, list) = door.page("/console/orders", &colleague).await;
    assert!(list.contains(&number) && list.contains("to ship"), "{list}");
    let (_, shown) = door.page(&path, &colleague).await;
    assert!(shown.contains("Boot Wax 100 ml") && shown.contains("€14.80") && shown.contains("With the payment"));
    let csrf = shown.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = [("csrf", csrf), ("colleague", "Ann"), ("carrier", "NordPost"), ("tracking", "NP77DE")];
    let ship = format!("{path}/ship");
    assert_eq!(door.form(&ship, "", &fields).await.status(), 403);
    assert_eq!(door.form(&ship, &colleague, &[("csrf", "x"), ("colleague", "Ann")]).await.status(), 403);
    let unnamed = door.form(&ship, &colleague, &[("csrf", csrf), ("carrier", "N"), ("tracking", "1")]).await;
    assert_eq!(unnamed.status(), 409);
    assert!(unnamed.text().await.unwrap().contains("Write your name first"));
    let early = door.form(&format!("{path}/deliver"), &colleague, &fields).await;
    assert!(early.status() == 409 && early.text().await.unwrap().contains("it has not been sent yet"));
    assert!(door.form(&ship, &colleague, &fields).await.status().is_redirection());
    let messages = door.messages(&maya, 8).await;
    assert!(messages[7]["text"].as_str().unwrap().contains("is on its way with NordPost, tracking number NP77DE"));
    assert!(door.form(&format!("{path}/deliver"), &colleague, &fields).await.status().is_redirection());
    assert_eq!(door.form(&format!("{path}/explode"), &colleague, &fields).await.status(), 404);
    assert_eq!(door.form("/console/orders/ord_nobody/ship", &colleague, &fields).await.status(), 404);
    let late = door.form(&format!("{path}/call-off"), &colleague, &fields).await;
    assert!(late.status() == 409 && late.text().await.unwrap().contains("already been sent"));
    door.messages(&maya, 9).await;
    door.close().finish(&[]).await;
}

#[tokio::test]
async fn a_colleague_reads_what_a_turn_did() {
    let door = Door::open().await;
    let visitor = door.visitor().await;
    door.writes(&visitor, &json!({"text": "boot wax <script>alert(1)</script>"})).await;
    door.messages(&visitor, 2).await;
    let colleague = door.colleague().await;
    let (_, list) = door.page("/console?filter=all", &colleague).await;
    let path = list.split("href=\"/console/conversations/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/console/conversations/{path}/trace");
    for closed in [path.as_str(), "/console/usage"] {
        let (_, page) = door.page(closed, &visitor).await;
        assert!(!page.contains("boot wax") && page.contains("name=\"token\""), "{closed} is for colleagues");
    }
    let (status, page) = door.page(&path, &colleague).await;
    assert_eq!(status, 200);
    for part in ["Turn 1", "catalog_search", "asked the model", "instructions", "&lt;script&gt;alert(1)"] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert!(!page.contains("<script>alert"), "words are no markup");
    assert_eq!(door.page("/console/conversations/cnv_nobody/trace", &colleague).await.0, 404);
    let (_, page) = door.page(path.trim_end_matches("/trace"), &colleague).await;
    assert!(page.contains(&path), "the conversation leads there");
    assert!(door.page("/console/usage", &colleague).await.1.contains("Nothing was spent"));

    // A day with a model, as the ledger has it.
    let app = &door.shop.app;
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let conversation = tx.list_conversations(false, 1).await.unwrap().remove(0).conversation;
    let turn = tx.turns(&conversation.id, 1).await.unwrap().remove(0);
    let used = Used { input: 1_000, cached: 500, output: 20, cost: Some(1_500_000), currency: Some(Currency::EUR) };
    let usage = Usage {
        turn: turn.id,
        step: 1,
        conversation: conversation.id.clone(),
        contact: conversation.contact,
        endpoint: "llm.example".into(),
        model: "m".into(),
        used,
        at: app.now(),
    };
    tx.book_usage(&usage).await.unwrap();
    tx.commit().await.unwrap();
    let (_, page) = door.page("/console/usage", &colleague).await;
    assert!(page.contains("1.50 EUR") && page.contains("<rect") && page.contains("50 %"), "{page}");
    assert!(page.contains(conversation.id.as_str()));
    let (_, metrics) = door.page("/metrics", "").await;
    assert!(metrics.contains("souk_model_cost_today{currency=\"EUR\"} 1.50\n"), "{metrics}");
    assert!(metrics.contains("souk_model_turns_today 1\n") && metrics.contains("souk_budget_spent 0\n"));
    door.close().finish(&[]).await;
}

#[tokio::test]
async fn a_colleague_deletes_what_is_kept_in_mind() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    door.writes(&maya, &json!({"text": "add the Nordvik Granite Trek Boot in size 42"})).await;
    door.messages(&maya, 2).await;
    let colleague = door.colleague().await;
    let (_, list) = door.page("/console?filter=all", &colleague).await;
    let id = list.split("href=\"/console/conversations/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/console/conversations/{id}");
    let (_, shown) = door.page(&path, &colleague).await;
    assert!(shown.contains("Kept in mind") && shown.contains("Size: 42"), "{shown}");
    let csrf = shown.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let forget = format!("{path}/forget");
    assert_eq!(door.form(&forget, &colleague, &[("csrf", "x")]).await.status(), 403);
    assert_eq!(door.form(&forget, "", &[("csrf", csrf)]).await.status(), 403);
    assert!(door.page(&path, &colleague).await.1.contains("Size: 42"));
    assert!(door.form(&forget, &colleague, &[("csrf", csrf)]).await.status().is_redirection());
    assert!(!door.page(&path, &colleague).await.1.contains("Kept in mind"));
    door.close().finish(&[]).await;
}
