//! Every object the sandbox shows, read by async-stripe, which nobody here wrote: it wants every field of version
//! `2026-09-30.endive` and its exact kind.

use crate::payment::sandbox::tests::Bench;
use miniserde::Deserialize;
use serde_json::Value;
use stripe_shared as stripe;

fn strict<T: Deserialize>(value: &Value) {
    let text = value.to_string();
    let read = miniserde::json::from_str::<T>(&text);
    assert!(read.is_ok(), "{} could not be read: {text}", std::any::type_name::<T>());
}

/// Reads an object by what it says it is.
fn read(value: &Value) -> bool {
    match value["object"].as_str().unwrap_or_default() {
        "checkout.session" => strict::<stripe::CheckoutSession>(value),
        "payment_intent" => strict::<stripe::PaymentIntent>(value),
        "charge" => strict::<stripe::Charge>(value),
        "refund" => strict::<stripe::Refund>(value),
        "dispute" => strict::<stripe::Dispute>(value),
        "balance_transaction" => strict::<stripe::BalanceTransaction>(value),
        "item" => strict::<stripe::CheckoutSessionItem>(value),
        "account" => strict::<stripe::Account>(value),
        // Of these it has no types in the features we use; the OpenAPI file and Stripe's own SDK judge them.
        "webhook_endpoint" | "balance" => {}
        "event" => {
            strict::<stripe::Event>(value);
            return read(&value["data"]["object"]);
        }
        _ => return false,
    }
    true
}

#[tokio::test]
async fn async_stripe_reads_everything() {
    let bench = Bench::new();
    bench.eventful().await;
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for list in [
        "checkout/sessions",
        "payment_intents",
        "charges",
        "refunds",
        "disputes",
        "balance_transactions",
        "events",
        "webhook_endpoints",
    ] {
        let limit = [("limit".to_owned(), "100".to_owned())];
        let (status, page) = bench.sandbox.handle("GET", &format!("/v1/{list}"), &limit, None);
        assert_eq!(status, 200, "{page}");
        for object in page["data"].as_array().expect("a list") {
            assert!(read(object), "nothing here reads {object}");
            *seen.entry(object["object"].as_str().expect("a name").to_owned()).or_default() += 1;
            let id = object["id"].as_str().expect("an id");
            let (status, one) = bench.sandbox.handle("GET", &format!("/v1/{list}/{id}"), &[], None);
            assert_eq!((status, &one), (200, object), "one by its id is what the list shows");
        }
    }
    for (kind, at_least) in
        [("checkout.session", 5), ("charge", 4), ("refund", 3), ("dispute", 2), ("event", 20), ("webhook_endpoint", 2)]
    {
        assert!(seen.get(kind).is_some_and(|n| *n >= at_least), "{kind}: {seen:?}");
    }
    for path in ["/v1/account", "/v1/balance"] {
        assert!(read(&bench.sandbox.handle("GET", path, &[], None).1), "{path}");
    }
}

#[tokio::test]
async fn async_stripe_reads_what_is_expanded() {
    let bench = Bench::new();
    bench.eventful().await;
    for (path, wanted, found) in [
        ("checkout/sessions", "data.payment_intent.latest_charge.balance_transaction", "payment_intent"),
        ("checkout/sessions", "data.line_items", "line_items"),
        ("charges", "data.refunds", "refunds"),
        ("refunds", "data.charge.payment_intent", "charge"),
        ("disputes", "data.payment_intent", "payment_intent"),
        ("balance_transactions", "data.source", "source"),
    ] {
        let form = [("expand[]".to_owned(), wanted.to_owned())];
        let (status, page) = bench.sandbox.handle("GET", &format!("/v1/{path}"), &form, None);
        assert_eq!(status, 200, "{page}");
        let rows = page["data"].as_array().expect("a list");
        assert!(rows.iter().any(|row| row[found].is_object()), "{wanted} expanded nothing");
        assert!(rows.iter().all(read), "{wanted}");
    }
    for odd in ["id", "data", "data.id", "data.metadata", "nothing", "data.payment_intent.nothing", "a.b.c.d.e.f"] {
        let form = [("expand[]".to_owned(), odd.to_owned())];
        let answer = bench.sandbox.handle("GET", "/v1/charges", &form, None);
        assert_eq!(answer.0, 400, "{odd}: {}", answer.1);
    }
}

#[test]
fn async_stripe_is_strict() {
    let bench = Bench::new();
    let account = bench.sandbox.handle("GET", "/v1/account", &[], None).1;
    let mut odd = account.clone();
    odd["created"] = Value::from("soon");
    assert!(miniserde::json::from_str::<stripe::Account>(&odd.to_string()).is_err());
}
