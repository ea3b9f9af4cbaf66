//! The pages in a real browser: headless Chromium, driven over its own protocol through two pipes, no driver needed.

mod pipe;

use crate::http::{Door, payment};
use crate::skip::{skip, variable};
use pipe::Browser;
use std::path::{Path, PathBuf};

/// Where Debian puts it.
const CHROMIUM: &str = "/usr/bin/chromium";

fn chromium() -> Option<PathBuf> {
    let path = variable("SOUK_TEST_CHROMIUM").map_or_else(|| PathBuf::from(CHROMIUM), PathBuf::from);
    if path.exists() {
        return Some(path);
    }
    skip("chromium", &format!("there is no browser at {}; name one with SOUK_TEST_CHROMIUM", path.display()));
    None
}

fn keep(name: &str, picture: &[u8]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), picture).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shopper_uses_the_chat_page() {
    let Some(chromium) = chromium() else { return };
    let door = Door::open().await;
    let mut browser = Browser::start(&chromium).await;
    browser.open(&format!("{}/chat", door.url)).await;
    browser
        .sees("document.querySelectorAll('.starter').length > 0 && !document.querySelector('#welcome').hidden")
        .await;

    // Typed by keyboard, sent with Enter.
    browser.types("#text", "do you have a headlamp?").await;
    browser.presses_enter().await;
    browser.sees("document.querySelector('#log .from-shopper')?.innerText.includes('headlamp')").await;
    browser.sees("document.querySelectorAll('#log .card').length > 0").await;
    browser.sees("document.querySelector('#log .card .price').innerText.includes('€')").await;
    browser.sees("[...document.querySelectorAll('#log .card img')].some(i => i.complete && i.naturalWidth > 0)").await;
    keep("1-cards.png", &browser.screenshot().await);

    browser.clicks("#log .card [data-id^='show:']").await;
    browser.sees("document.querySelectorAll('#log .from-shopper').length === 2").await;
    browser.sees("document.querySelectorAll('#log .from-agent').length >= 2").await;

    // What was said is still there after a reload, and only once.
    let said = "document.querySelector('#log').innerText.split('headlamp?').length - 1";
    assert_eq!(browser.value(said).await, 1);
    let before = browser.value("document.querySelectorAll('#log .msg').length").await;
    browser.open(&format!("{}/chat", door.url)).await;
    browser.sees(&format!("document.querySelectorAll('#log .msg').length === {before}")).await;
    assert_eq!(browser.value(said).await, 1);

    // Words stay words in the page.
    browser.types("#text", "<img src=x onerror=\"document.title='hit'\">").await;
    browser.presses_enter().await;
    browser.sees("document.querySelector('#log').innerText.includes('onerror')").await;
    browser.sees("document.querySelectorAll('#log .from-agent').length >= 3").await;
    assert_ne!(browser.value("document.title").await, "hit");
    browser.types("#text", "boot wax").await;
    browser.presses_enter().await;

    let add = "#log .msg:last-child .card [data-id^='add:']";
    browser.sees(&format!("document.querySelector(\"{add}\") !== null")).await;
    browser.clicks(add).await;
    browser.sees("document.querySelector('#log [data-id=\"checkout:start\"]') !== null").await;
    browser.clicks("#log [data-id='checkout:start']").await;
    browser.sees("document.querySelector('#log .sum .totals .strong')?.innerText.includes('€')").await;
    browser.clicks("#log [data-id^='confirm:']").await;
    browser.sees("document.querySelector('#log .payment a') !== null").await;
    keep("2-payment.png", &browser.screenshot().await);
    let page = browser.value("document.querySelector('#log .payment a').href").await;
    let path = page.as_str().unwrap().split_once("/pay/").unwrap().1.to_owned();
    browser.open(&format!("{}/pay/{path}", door.url)).await;
    browser.sees("document.querySelector('input[name=number]') !== null").await;
    keep("3-pay.png", &browser.screenshot().await);

    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "the browser complains: {complaints:#?}");
    browser.end().await;
    assert_eq!(door.shop.orders().await.len(), 1);
    door.close().finish(&[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_card_is_told_at_its_field_and_everything_else_stays() {
    let Some(chromium) = chromium() else { return };
    let door = Door::open().await;
    let maya = door.visitor().await;
    let (page, _) = door.orders(&maya).await;
    let mut browser = Browser::start(&chromium).await;
    browser.open(&format!("{}{page}", door.url)).await;
    browser.sees("document.querySelector('.pay-btn').innerText.includes('€14.80')").await;
    browser.sees("document.querySelector('#left b').innerText === '35 minutes'").await;
    for (name, value) in payment("4000 0000 0000 0002") {
        let field = format!("document.querySelector('#pay-form').elements['{name}']");
        browser.value(&format!("{field}.value = {value:?}")).await;
    }
    browser.clicks(".pay-btn").await;
    browser.sees("document.activeElement?.id === 'f-number'").await;
    browser.sees("document.getElementById(document.activeElement.getAttribute('aria-describedby')).innerText.includes('declined')").await;
    browser.sees("document.querySelector('[role=alert]').innerText.includes('not charged')").await;
    let kept = "[...document.querySelectorAll('#pay-form input, #pay-form select')].filter(f => !f.value).map(f => f.name).join()";
    assert_eq!(browser.value(kept).await, "number,cvc", "only what must not be kept is gone");
    keep("4-declined.png", &browser.screenshot().await);

    assert!(door.post(&page).form(&payment("4242 4242 4242 4242")).send().await.unwrap().status().is_redirection());
    let order = door.order_page(&door.shop.orders().await[0]);
    browser.open(&format!("{}{order}?paid=1", door.url)).await;
    browser.sees("document.querySelectorAll('.steps .done').length === 2").await;
    keep("5-order.png", &browser.screenshot().await);
    browser.clicks("a[href$='/receipt']").await;
    browser.sees("document.querySelector('.paper .totals').innerText.includes('Total paid')").await;
    browser.sees("!document.querySelector('#print').hidden").await;
    keep("6-receipt.png", &browser.screenshot().await);
    let complaints: Vec<String> = browser.complaints().into_iter().filter(|c| c.contains("Policy")).collect();
    assert!(complaints.is_empty(), "the browser complains: {complaints:#?}");
    browser.end().await;
    door.close().finish(&[]).await;
}
