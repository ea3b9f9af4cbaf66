//! Orders in the console: what waits for a person, and the decisions that shoppers hear of.

use crate::http::{Door, payment};
use souk::domain::order::OrderState;

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
