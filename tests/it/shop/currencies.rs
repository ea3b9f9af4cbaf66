//! Purchases in currencies without decimals, with two and with three: what is shown is what is charged and booked.

use crate::world::TestShop;
use souk::domain::locale::Locale;
use souk::domain::message::Said;
use souk::domain::money::AMOUNT_MINOR_MAX;
use souk::domain::order::OrderState;
use souk::knowledge::load::{Loaded, Text};
use souk::onboard::{Folder, profile};

fn shop(currency: &str, price: &str, shipping: &str) -> Folder {
    let profile = format!(
        "id = \"small\"\nname = \"Small Shop\"\ncurrency = \"{currency}\"\ngreeting = \"Hi\"\n\
         [shipping]\nstandard = \"{shipping}\"\n"
    );
    let feed =
        format!("handle,title,description,sku,price,currency,stock\nmug,Mug,A mug.,M-1,{price},{currency},200\n");
    Folder {
        profile: profile::parse(&profile).unwrap(),
        feed: Some(("products.csv".into(), feed.into_bytes())),
        texts: Loaded {
            texts: vec![Text::markdown("returns.md", "# Returns\n\nWithin 30 days.\n")],
            ..Loaded::default()
        },
        orders: None,
    }
}

/// Buys three; answers the summary's total, the page's, what was booked and in which currency.
async fn buys_three(folder: &Folder) -> (String, String, Vec<(String, i64)>) {
    let shop = TestShop::with_folder(folder).await;
    for n in 0..3 {
        shop.writes("Maya", &format!("add {n}"), Said::Tap { id: "add:M-1".into(), label: "Add".into() }).await;
        shop.settles_down().await;
    }
    shop.taps("Maya", "Checkout").await;
    let summary = shop.replies("Maya").await.into_iter().rev().find_map(|r| r.summary).unwrap();
    shop.taps("Maya", "Confirm order").await;
    let link = shop.replies("Maya").await.into_iter().rev().find_map(|r| r.payment).unwrap();
    let sandbox = shop.app.sandbox.as_ref().unwrap();
    let page = sandbox.page(link.url.rsplit('/').next().unwrap()).unwrap().total;
    shop.pays("Maya", "4242 4242 4242 4242").await;
    let order = shop.orders().await.remove(0);
    assert_eq!(order.state, OrderState::Paid);
    let thanks = format!("Paid, thank you! Order {} ({page})", order.number, page = Locale::ENGLISH.money(page));
    assert!(shop.hears("Maya").await.contains(&thanks), "{thanks}");
    let mut tx = shop.app.store.read(&shop.app.shop).await.unwrap();
    let booked = tx.trial_balance().await.unwrap();
    drop(tx);
    let provider = booked.into_iter().filter(|(_, account, _)| account == "provider").map(|(c, _, minor)| (c, minor));
    let provider = provider.collect();
    shop.finish(&["Maya"]).await;
    (summary.totals.last().unwrap().amount.clone(), Locale::ENGLISH.money(page), provider)
}

#[tokio::test]
async fn an_amount_is_the_same_in_every_place_whatever_its_decimals() {
    for (currency, price, shipping, shown, minor) in [
        ("JPY", "1500", "490", "¥4,990", 4_990),
        ("EUR", "15.00", "4.90", "€49.90", 4_990),
        ("KWD", "1.235", "0.500", "KWD 4.205", 4_205),
    ] {
        let seen = buys_three(&shop(currency, price, shipping)).await;
        let booked = vec![(currency.to_owned(), minor)];
        assert_eq!(seen, (shown.to_owned(), shown.to_owned(), booked), "{currency}");
    }
}

#[tokio::test]
async fn a_cart_beyond_every_amount_is_not_ordered() {
    let most = AMOUNT_MINOR_MAX / 100;
    let shop = TestShop::with_folder(&shop("EUR", &format!("{most}.00"), "4.90")).await;
    shop.writes("Maya", "add", Said::Tap { id: "add:M-1".into(), label: "Add".into() }).await;
    shop.settles_down().await;
    shop.writes("Maya", "buy", Said::Tap { id: "checkout:start".into(), label: "Checkout".into() }).await;
    for _ in 0..12 {
        shop.waits(10).await;
    }
    assert!(shop.orders().await.is_empty(), "an amount that cannot be added up was ordered");
    shop.over();
}
