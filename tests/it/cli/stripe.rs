//! `souk stripe connect` against a server that answers like an account.

use super::run::{err, out, run, souk};
use serde_json::{Value, json};
use std::process::Output;
use wiremock::matchers::{any, method, path, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

const KEY: &str = "rk_test_very_secret";

async fn account() -> MockServer {
    let server = MockServer::start().await;
    let answer = |value: Value| ResponseTemplate::new(200).set_body_json(value);
    let unknown = json!({ "error": { "type": "invalid_request_error", "code": "resource_missing", "message": "No." } });
    let acct = json!({ "id": "acct_1", "country": "PT", "default_currency": "eur", "charges_enabled": true });
    Mock::given(path("/v1/account")).respond_with(answer(acct)).mount(&server).await;
    let made = json!({
        "id": "we_1", "url": "x", "status": "enabled", "enabled_events": [], "api_version": null, "secret": "whsec_made",
    });
    Mock::given(method("POST")).and(path("/v1/webhook_endpoints")).respond_with(answer(made)).mount(&server).await;
    let empty = json!({ "object": "list", "data": [], "has_more": false });
    let lists = "^/v1/(checkout/sessions|refunds|disputes|events|webhook_endpoints)$";
    Mock::given(method("GET")).and(path_regex(lists)).respond_with(answer(empty)).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(404).set_body_json(unknown)).mount(&server).await;
    server
}

fn connect(data: &std::path::Path, server: &MockServer, arguments: &[&str]) -> Output {
    let mut command = souk(data);
    command.env("STRIPE_SECRET_KEY", KEY).env("SOUK_STRIPE__BASE_URL", server.uri()).env("RUST_LOG", "debug");
    command.args(["stripe", "connect"]).args(arguments).output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_set_up_from_the_command_line() {
    let data = tempfile::tempdir().unwrap();
    let server = account().await;
    let posts = async || {
        let sent = server.received_requests().await.unwrap();
        sent.iter().filter(|r| r.method.as_str() == "POST").map(|r| r.url.path().to_owned()).collect::<Vec<_>>()
    };

    let dry = connect(data.path(), &server, &["--dry-run"]);
    assert_eq!(dry.status.code(), Some(1), "{}", out(&dry));
    assert!(out(&dry).contains("would make an endpoint for http://127.0.0.1:0/webhooks/stripe"), "{}", out(&dry));
    assert!(posts().await.is_empty(), "{:?}", posts().await);

    let made = connect(data.path(), &server, &["--url", "https://shop.example", "--json"]);
    let report: Value = serde_json::from_str(&out(&made)).unwrap();
    assert_eq!((made.status.code(), &report["ok"]), (Some(0), &json!(true)), "{report}");
    assert_eq!(report["webhook_secret"], "whsec_made");
    assert!(report["changes"][0].as_str().unwrap().contains("https://shop.example/webhooks/stripe"), "{report}");
    assert!(posts().await.contains(&"/v1/webhook_endpoints".to_owned()));
    let plain = out(&connect(data.path(), &server, &[]));
    assert!(plain.contains("STRIPE_WEBHOOK_SECRET=whsec_made") && plain.contains("ok    Stripe account"), "{plain}");
    for done in [&dry, &made] {
        assert!(!err(done).contains("whsec_made"), "the webhook's secret was logged: {}", err(done));
        assert!(!err(done).contains(KEY) && !out(done).contains(KEY), "the key was shown");
    }

    let sick = souk(data.path())
        .args(["doctor"])
        .env("STRIPE_SECRET_KEY", KEY)
        .env("SOUK_STRIPE__BASE_URL", server.uri())
        .output()
        .unwrap();
    assert_eq!(sick.status.code(), Some(1));
    assert!(out(&sick).contains("FAIL  webhook endpoint"), "{}", out(&sick));
}

#[test]
fn without_a_key_or_with_a_wrong_word_it_says_so() {
    let data = tempfile::tempdir().unwrap();
    let without = run(data.path(), &["stripe", "connect"]);
    assert_eq!(without.status.code(), Some(1));
    assert!(err(&without).contains("no Stripe key"), "{}", err(&without));
    assert_eq!(run(data.path(), &["stripe", "disconnect"]).status.code(), Some(2));
    let help = run(data.path(), &["stripe", "connect", "--help"]);
    assert!(help.status.success() && out(&help).contains("Examples:"));
    let odd = souk(data.path())
        .args(["stripe", "connect", "--url", "shop.example"])
        .env("STRIPE_SECRET_KEY", KEY)
        .output()
        .unwrap();
    assert_eq!(odd.status.code(), Some(2), "{}", err(&odd));
}
