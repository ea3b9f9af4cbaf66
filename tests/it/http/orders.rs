//! An order's page and receipt: who may see them, for how long, and what they say.

use crate::http::{Door, payment};
use crate::world::URL;
use jiff::Span;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use serde_json::json;
use souk::checkout::order_link::KEY_FILE;
use souk::domain::order::{OrderState, Tracking};
use std::time::Duration;

/// Pays the open order; answers where the shopper lands.
async fn pays(door: &Door, page: &str) -> String {
    let paid = door.post(page).form(&payment("4242 4242 4242 4242")).send().await.unwrap();
    let back = paid.headers()[LOCATION].to_str().unwrap().strip_prefix(URL).unwrap().to_owned();
    assert_eq!(door.page(&back, "").await.0, 200);
    back
}

/// A page's text with its slashes as they were before the template wrote them for HTML.
async fn plain(door: &Door, path: &str) -> (u16, String) {
    let (status, text) = door.page(path, "").await;
    (status, text.replace("&#x2f;", "/"))
}

/// Waits until the chat leads to a page; answers its path.
async fn linked(door: &Door, cookie: &str) -> String {
    for _ in 0..400 {
        let history = door.history(cookie).await;
        let url = history["messages"].as_array().unwrap().iter().rev().find_map(|m| m["link"]["url"].as_str());
        if let Some(path) = url.and_then(|url| url.strip_prefix(URL)) {
            return path.to_owned();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no link came: {}", door.history(cookie).await);
}

#[tokio::test]
async fn a_link_opens_one_order_for_a_while() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    let (page, number) = door.orders(&maya).await;
    let order = door.shop.orders().await.remove(0);
    let link = door.order_page(&order);
    let (status, text) = plain(&door, &link).await;
    assert!(
        status == 200 && text.contains(&number) && text.contains(&page),
        "it leads to the open payment page: {text}"
    );
    assert!(!text.contains("receipt.pdf"));
    let (status, text) = door.page(&format!("{link}/receipt"), "").await;
    assert!(status == 404 && text.contains("no receipt yet") && !text.contains("Boot Wax"), "{text}");
    assert_eq!(door.page(&format!("{link}/receipt.pdf"), "").await.0, 404);

    // The token alone opens nothing, nor does another order's signature or a longer life.
    let parts: Vec<&str> = link.strip_prefix("/orders/").unwrap().split('.').collect();
    let [token, until, signature] = parts.as_slice() else { panic!("{link}") };
    let mut other = order.clone();
    other.token = door.shop.app.ids.secret();
    let strange = door.order_page(&other);
    let tries = [
        format!("/orders/{token}"),
        format!("/orders/{token}.{until}"),
        format!("/orders/{token}.{until}."),
        format!("/orders/{token}.f{until}.{signature}"),
        format!("/orders/{token}.{until}.{}", strange.rsplit('.').next().unwrap()),
        format!("/orders/{}.{until}.{signature}", other.token),
        format!("{link}0"),
        strange,
    ];
    for wrong in &tries {
        for path in [wrong.clone(), format!("{wrong}/receipt"), format!("{wrong}/receipt.pdf")] {
            let (status, text) = door.page(&path, &maya).await;
            assert!(status == 404 && text.contains("does not work") && !text.contains(&number), "{path}: {text}");
        }
    }

    door.shop.clock.advance(Span::new().hours(30 * 24 + 1));
    for path in [link.clone(), format!("{link}/receipt"), format!("{link}/receipt.pdf")] {
        let (status, text) = door.page(&path, &maya).await;
        assert!(status == 410 && text.contains("This link has expired") && !text.contains(&number), "{path}: {text}");
    }
    // Who writes the number in the chat it was placed in gets a new link there; a stranger does not.
    door.writes(&maya, &json!({ "text": number })).await;
    let fresh = linked(&door, &maya).await;
    assert_eq!(door.page(&fresh, "").await.0, 200);
    let stranger = door.visitor().await;
    door.writes(&stranger, &json!({ "text": number })).await;
    let told = door.messages(&stranger, 2).await;
    assert!(told.iter().all(|m| m["link"].is_null()), "{told:?}");
    door.close().finish(&[]).await;
}

#[tokio::test]
async fn a_changed_key_closes_links_once_it_is_no_longer_listed() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    door.orders(&maya).await;
    let order = door.shop.orders().await.remove(0);
    let old = door.order_page(&order);
    let file = door.shop.app.data.join(KEY_FILE);
    let key = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("a-new-key-of-the-operator\n{key}")).unwrap();
    let new = door.order_page(&order);
    assert_ne!(old, new);
    assert_eq!((door.page(&old, "").await.0, door.page(&new, "").await.0), (200, 200));
    std::fs::write(&file, "a-new-key-of-the-operator\n").unwrap();
    assert_eq!((door.page(&old, "").await.0, door.page(&new, "").await.0), (404, 200));
    door.close().finish(&[]).await;
}

#[tokio::test]
async fn a_paid_order_has_a_receipt_to_read_and_to_keep() {
    let door = Door::open().await;
    let maya = door.visitor().await;
    let (page, number) = door.orders(&maya).await;
    let back = pays(&door, &page).await;
    let link = back.split('?').next().unwrap();
    let (_, text) = plain(&door, &back).await;
    for said in ["Paid, being packed", "Boot Wax 100 ml", "€9.90", "€4.90", "€14.80", "Birkenweg 4", "79100 Freiburg"]
    {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    assert!(text.contains("Maya &lt;b&gt;") && text.contains(&format!("{link}/receipt.pdf")));
    assert!(!text.contains(&page), "a paid order leads to no payment page");

    let (status, text) = door.page(&format!("{link}/receipt"), "").await;
    assert_eq!(status, 200);
    for said in [
        "Fjellheim Outdoor",
        "Tannenhofweg 12",
        &number,
        "14 December 2026",
        "Boot Wax 100 ml",
        "€9.90",
        "€4.90",
        "€14.80",
        "Includes VAT 19 %",
        "€2.36",
        "Birkenweg 4",
        "no money",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }

    let file = format!("{link}/receipt.pdf");
    let response = door.get(&file).send().await.unwrap();
    assert_eq!(response.headers()[CONTENT_TYPE], "application/pdf");
    let name = format!("inline; filename=\"receipt-{number}.pdf\"");
    assert_eq!(response.headers()[CONTENT_DISPOSITION], name.as_str());
    let bytes = response.bytes().await.unwrap();
    let text = lopdf::Document::load_mem(&bytes).unwrap().extract_text(&[1]).unwrap();
    assert!(text.contains(&number) && text.contains("€14.80") && text.contains("Birkenweg 4"), "{text}");
    // A day later it is the same file.
    door.shop.clock.advance(Span::new().hours(24));
    assert_eq!(door.get(&file).send().await.unwrap().bytes().await.unwrap(), bytes);
    door.close().finish(&[]).await;
}

#[tokio::test]
async fn the_page_tells_where_the_parcel_is() {
    let door = Door::open().await;
    let orders = {
        let mut tx = door.shop.app.store.read(&door.shop.app.shop).await.unwrap();
        tx.all_orders(100).await.unwrap()
    };
    let shipped = orders.iter().find(|o| o.state == OrderState::Fulfilled && o.tracking.is_some()).unwrap();
    let Some(Tracking { carrier, number }) = &shipped.tracking else { panic!("it is tracked") };
    let (status, text) = door.page(&door.order_page(shipped), "").await;
    assert!(status == 200 && text.contains(carrier.as_str()) && text.contains(number.as_str()), "{text}");
    assert!(text.contains("Shipped") && text.contains("/receipt.pdf"));
    for order in &orders {
        let page = door.order_page(order);
        assert_eq!(door.page(&page, "").await.0, 200);
        let receipt = if order.times.paid.is_some() { 200 } else { 404 };
        assert_eq!(door.page(&format!("{page}/receipt"), "").await.0, receipt, "{}", order.number);
    }
    door.close().finish(&[]).await;
}
