//! `souk whatsapp` against the emulator, as people and scripts use it.

use super::run::{err, out, run, small_shop, souk};
use serde_json::{Value, json};
use souk::clock::{RandomIds, SystemClock};
use souk::emulator::settings::{APP_ID, APP_SECRET, NUMBER_ID, Settings, TOKEN, WABA_ID};
use souk::emulator::{Emulator, Running};
use std::path::Path;
use std::process::Output;
use std::sync::Arc;

async fn meta(settings: Settings) -> Running {
    Emulator::start(settings, Arc::new(SystemClock), Arc::new(RandomIds::default())).await.unwrap()
}

fn asks(data: &Path, meta: &Running, arguments: &[&str]) -> Output {
    let mut command = souk(data);
    let settings = [
        ("GRAPH_URL", meta.address.as_str()),
        ("APP_ID", APP_ID),
        ("APP_SECRET", APP_SECRET),
        ("VERIFY_TOKEN", "a-word"),
        ("ACCESS_TOKEN", TOKEN),
        ("PHONE_NUMBER_ID", NUMBER_ID),
        ("WABA_ID", WABA_ID),
    ];
    for (name, value) in settings {
        command.env(format!("SOUK_WHATSAPP__ACCOUNTS__MAIN__{name}"), value);
    }
    command.env("RUST_LOG", "debug").arg("whatsapp").args(arguments).output().unwrap()
}

fn told(output: &Output) -> Value {
    serde_json::from_str(&out(output)).unwrap_or_else(|e| panic!("{e}: {}\n{}", out(output), err(output)))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_looked_through_and_subscribed_only_when_asked() {
    let data = tempfile::tempdir().unwrap();
    let meta = meta(Settings { subscribed: false, ..Settings::default() }).await;
    let dry = asks(data.path(), &meta, &["connect", "--dry-run"]);
    assert_eq!(dry.status.code(), Some(1), "{}", err(&dry));
    assert!(out(&dry).contains("FAIL  subscription") && out(&dry).contains("would subscribe the app"), "{}", out(&dry));
    assert!(out(&dry).contains("ok    token scope"), "{}", out(&dry));
    assert!(!meta.world().with(|s| s.hooks.subscribed), "looking changed something");
    for secret in [TOKEN, APP_SECRET, "a-word"] {
        assert!(!out(&dry).contains(secret) && !err(&dry).contains(secret), "{secret} was shown");
    }
    let on = asks(data.path(), &meta, &["subscribe", "--json"]);
    assert_eq!(told(&on)["subscribed"], true);
    assert!(meta.world().with(|s| s.hooks.subscribed));
    let health = told(&asks(data.path(), &meta, &["health", "--json"]));
    assert_eq!((&health["numbers"][0]["quality"], &health["ok"]), (&json!("GREEN"), &json!(true)), "{health}");
    meta.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn profile_greetings_and_switches_are_checked_and_kept() {
    let data = tempfile::tempdir().unwrap();
    let meta = meta(Settings::default()).await;
    let long = asks(data.path(), &meta, &["profile", "--about", &"x".repeat(140)]);
    assert_eq!(long.status.code(), Some(2));
    assert!(err(&long).contains("about is 140 long, and 139 are the limit"), "{}", err(&long));
    let set = asks(data.path(), &meta, &["profile", "--email", "help@shop.example", "--json"]);
    assert_eq!(told(&set)["profile"]["email"], "help@shop.example");
    let greet = asks(data.path(), &meta, &["greetings", "--prompt", "Where is my order?", "--json"]);
    assert_eq!(told(&greet)["greetings"]["prompts"], json!(["Where is my order?"]));
    assert_eq!(asks(data.path(), &meta, &["greetings", "--prompt", "Hi 👋"]).status.code(), Some(2));
    let shown = told(&asks(data.path(), &meta, &["commerce", "--cart", "off", "--json"]));
    assert_eq!(shown["cart"], false);
    assert_eq!(asks(data.path(), &meta, &["register", "--pin", "12"]).status.code(), Some(2));
    meta.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_go_out_come_back_and_promote_only_with_consent() {
    let data = tempfile::tempdir().unwrap();
    small_shop(data.path());
    let meta = meta(Settings::default()).await;
    let made = asks(data.path(), &meta, &["templates", "create", "--name", "order_paid", "--language", "en", "--json"]);
    assert_eq!(told(&made)["templates"][0]["became"], "handed_in", "{}", err(&made));
    let offer = json!({"name": "offer", "language": "en", "category": "MARKETING", "components": [
        {"type": "BODY", "text": "Hello {{1}}, tents are here again.", "example": {"body_text": [["Maya"]]}}]});
    meta.world().approved_template(&offer).unwrap();
    let kept = told(&asks(data.path(), &meta, &["templates", "sync", "--json"]));
    assert_eq!(kept["kept"], 2, "{kept}");

    let send =
        ["send", "--to", "+5511987654321", "--template", "offer", "--language", "en", "--set", "1=Maya", "--json"];
    let no = asks(data.path(), &meta, &send);
    assert_eq!(no.status.code(), Some(1));
    assert!(told(&no)["refused"][0]["why"].as_str().unwrap().contains("no consent"), "{}", out(&no));
    let sheet = data.path().join("people.csv");
    std::fs::write(&sheet, "to,source,text\n+5511987654321,form,yes please\n5511,form,yes\n").unwrap();
    let added = asks(data.path(), &meta, &["consent", "add", "--file", sheet.to_str().unwrap(), "--json"]);
    assert_eq!((&told(&added)["added"], &told(&added)["refused"][0]["line"]), (&json!(1), &json!(3)));
    assert_eq!(told(&asks(data.path(), &meta, &send))["taken"], 1);
    let gone = asks(data.path(), &meta, &["consent", "withdraw", "--to", "+5511987654321"]);
    assert!(gone.status.success(), "{}", err(&gone));
    assert_eq!(asks(data.path(), &meta, &send).status.code(), Some(1));
    assert_eq!(asks(data.path(), &meta, &["consent", "list", "--json"]).status.code(), Some(0));
    assert!(out(&asks(data.path(), &meta, &["cost"])).contains("Nothing left"));
    meta.shutdown().await;
}

#[test]
fn without_an_account_it_shows_what_to_write() {
    let data = tempfile::tempdir().unwrap();
    let none = run(data.path(), &["whatsapp", "connect"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(
        out(&none).contains("[whatsapp.accounts.main]") && out(&none).contains("verify_token = \""),
        "{}",
        out(&none)
    );
    let health = run(data.path(), &["whatsapp", "health"]);
    assert!(err(&health).contains("souk whatsapp connect"), "{}", err(&health));
    for command in ["connect", "health", "profile", "templates", "send", "consent", "cost", "emulate", "greetings"] {
        let help = run(data.path(), &["whatsapp", command, "--help"]);
        assert!(help.status.success() && out(&help).contains("Examples:"), "{command}");
    }
}
