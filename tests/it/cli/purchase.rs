//! The real program dies at every named step of a purchase, as by `kill -9`, and is started again: the purchase is finished
//! with one order, one payment and one message each.

use crate::cli::run::{Browser, DEADLINE, Server, form, small_shop};
use serde_json::Value;
use sqlx::{Connection, SqliteConnection};
use std::path::Path;
use std::time::{Duration, Instant};

/// Where it dies; the first three before the shopper can pay.
const PLACES: [&str; 6] =
    ["yes_committed", "page_opened", "page_noted", "event_kept", "payment_seen", "payment_booked"];
const CARD: &str = "email=maya%40example.org&name=Maya&line1=Birkenweg+4&postal_code=79100&city=Freiburg&country=DE\
    &number=4242+4242+4242+4242&expiry=12%2F40&cvc=123";

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "it did not come: {what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

fn last<'a>(messages: &'a [Value], part: &str) -> Option<&'a Value> {
    messages.iter().rev().map(|m| &m[part]).find(|part| !part.is_null())
}

/// The page of the order, once its link was said.
fn page(browser: &Browser, server: &Server) -> String {
    until("the link", || {
        let messages = browser.messages(server);
        let url = last(&messages, "payment")?["url"].as_str()?.to_owned();
        Some(format!("/pay/{}", url.split_once("/pay/")?.1))
    })
}

fn buys(place: &str) {
    let data = tempfile::tempdir().unwrap();
    small_shop(data.path());
    let mortal = |data: &Path| Server::start_with(data, &[("SOUK_FAILPOINT", place)]);
    let mut server = mortal(data.path());
    let browser = Browser::open(&server);
    browser.tap(&server, "add:TENT");
    browser.until(&server, |history| history.len() >= 2);
    browser.tap(&server, "checkout:start");
    let yes = until("the summary", || {
        let messages = browser.messages(&server);
        Some(last(&messages, "summary")?["choices"][0]["id"].as_str()?.to_owned())
    });
    browser.tap(&server, &yes);
    let before_the_page = PLACES[..3].contains(&place);
    if !before_the_page {
        let page = page(&browser, &server);
        form(&server, &page, CARD);
    }
    assert!(!server.ended().success(), "{place} was never reached");
    server = Server::start(data.path());
    if before_the_page {
        let page = page(&browser, &server);
        let answer = form(&server, &page, CARD);
        assert!(answer.starts_with("HTTP/1.1 303"), "{place}: {answer}");
    }
    let thanks = |text: &str| text.starts_with("Paid, thank you!");
    browser.until(&server, |history| history.iter().any(|(_, text)| thanks(text)));
    // Whatever was left over would have been done by the time a further question is answered.
    browser.write(&server, "sleeping mat");
    let history = browser.until(&server, |history| history.last().is_some_and(|(from, _)| from == "agent"));
    let count = |which: &dyn Fn(&str) -> bool| history.iter().filter(|(_, text)| which(text)).count();
    assert_eq!(count(&|text| thanks(text)), 1, "{place}: {history:?}");
    assert_eq!(count(&|text| text.contains("is reserved for you")), 1, "{place}: {history:?}");
    server.kill();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let rows = runtime.block_on(rows(data.path()));
    assert_eq!(rows, (1, 1, 12_490, 1), "{place}: orders, payments, what was paid, pages");
}

async fn rows(data: &Path) -> (i64, i64, i64, i64) {
    let mut file = SqliteConnection::connect(&format!("sqlite://{}", data.join("souk.db").display())).await.unwrap();
    let rows = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM orders), COUNT(*), SUM(amount_minor), (SELECT COUNT(*) FROM checkouts)
        FROM postings WHERE kind = 'capture' AND account = 'provider'",
    );
    rows.fetch_one(&mut file).await.unwrap()
}

#[test]
fn a_purchase_survives_a_kill_at_every_step() {
    std::thread::scope(|all| {
        for place in PLACES {
            all.spawn(move || buys(place));
        }
    });
}
