//! Meta's answers, read: each case is an answer and what has to be said of it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use crate::channel::whatsapp::manage::finding::{Finding, Level};
use crate::channel::whatsapp::manage::greetings::Greetings;
use crate::channel::whatsapp::manage::profile::Wish;
use crate::channel::whatsapp::manage::{cost, health, number, profile, shape, store_front, token, webhook};
use crate::channel::whatsapp::settings::Account;
use jiff::Timestamp;
use serde_json::{Value, json};

const URL: &str = "https://shop.example/webhooks/whatsapp/main";

fn account() -> Account {
    Account {
        access_token: "t".to_owned().into(),
        verify_token: "v".to_owned().into(),
        app_secret: vec!["0123456789abcdef0123456789abcdef".to_owned().into()],
        phone_number_id: "42".into(),
        waba_id: "31".into(),
        app_id: "11".into(),
        ..Account::default()
    }
}

fn has(found: &[Finding], level: Level, what: &str, words: &str) {
    let fits = |one: &&Finding| one.level == level && one.what == what && one.found.contains(words);
    let one = found.iter().find(fits).unwrap_or_else(|| panic!("no {level:?} {what} with {words:?} in {found:#?}"));
    assert_eq!(one.remedy.is_none(), level == Level::Ok, "{one:?}");
}

#[test]
fn settings_that_cannot_work_are_named_and_none_is_shown() {
    has(&shape::check(&account()), Level::Ok, "settings", "complete");
    let bare = Account { app_secret: vec!["s3cret".to_owned().into()], ..Account::default() };
    let found = shape::check(&bare);
    has(&found, Level::Fail, "access_token", "not set");
    has(&found, Level::Fail, "verify_token", "not set");
    has(&found, Level::Warn, "app_id", "not set");
    has(&found, Level::Warn, "app_secret", "hexadecimal");
    assert!(!format!("{found:?}").contains("s3cret"));
}

#[test]
fn a_token_is_valid_ours_lasting_and_allowed() {
    let now: Timestamp = "2026-05-01T00:00:00Z".parse().unwrap();
    let both = ["whatsapp_business_messaging", "whatsapp_business_management"];
    let read = |change: Value| {
        let mut data = json!({"is_valid": true, "app_id": "11", "application": "Shop", "type": "SYSTEM_USER",
            "expires_at": 0, "scopes": both});
        data.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        token::read(&json!({ "data": data }), &account(), now)
    };
    assert!(read(json!({})).iter().all(|one| one.level == Level::Ok));
    has(
        &read(json!({"is_valid": false, "error": {"message": "Expired\nyesterday"}})),
        Level::Fail,
        "token",
        "Expired yesterday",
    );
    has(&read(json!({"app_id": "12"})), Level::Fail, "token", "app_id is 11");
    let at = |day: i64| json!({"expires_at": now.as_second() + day * 86_400});
    has(&read(at(-1)), Level::Fail, "token expiry", "ended");
    has(&read(at(1)), Level::Warn, "token expiry", "24 hours");
    has(&read(at(60)), Level::Ok, "token expiry", "2026-06-30");
    has(&read(json!({"scopes": [both[0]]})), Level::Fail, "token scope", "management is missing");
    let narrow = json!({"granular_scopes": [{"scope": both[0], "target_ids": ["99"]}]});
    has(&read(narrow), Level::Fail, "token scope", "not given for the business account 31");
    assert!(!token::is_valid(&json!("nonsense")));
}

#[test]
fn a_number_is_found_and_its_state_told() {
    let read = |change: Value| {
        let mut own = json!({"id": "42", "display_phone_number": "+55 11 9", "verified_name": "Shop",
            "name_status": "APPROVED", "status": "CONNECTED", "platform_type": "CLOUD_API", "quality_rating": "GREEN",
            "throughput": {"level": "STANDARD"}, "whatsapp_business_manager_messaging_limit": "TIER_2K"});
        own.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        number::check(&[own], &account())
    };
    assert!(read(json!({})).iter().all(|one| one.level == Level::Ok), "{:?}", read(json!({})));
    for (change, level, what, words) in [
        (json!({"id": "43"}), Level::Fail, "number", "it has 43"),
        (json!({"status": "DISCONNECTED"}), Level::Fail, "number", "not registered"),
        (json!({"status": "BANNED"}), Level::Fail, "number", "banned"),
        (json!({"status": "FLAGGED"}), Level::Warn, "number", "flagged"),
        (json!({"account_mode": "SANDBOX"}), Level::Warn, "number", "test number"),
        (json!({"name_status": "DECLINED"}), Level::Fail, "display name", "declined"),
        (json!({"name_status": "PENDING_REVIEW"}), Level::Warn, "display name", "looked at"),
        (json!({"quality_rating": "RED"}), Level::Warn, "quality", "red"),
        (json!({"whatsapp_business_manager_messaging_limit": "TIER_250"}), Level::Warn, "messaging limit", "250"),
        (json!({"status": 7, "throughput": [], "health_status": "x"}), Level::Fail, "number", "not registered"),
    ] {
        has(&read(change), level, what, words);
    }
    let health = json!({"can_send_message": "BLOCKED", "entities": [
        {"entity_type": "PHONE_NUMBER", "id": "42", "can_send_message": "AVAILABLE"},
        {"entity_type": "WABA", "id": "31", "can_send_message": "BLOCKED", "errors": [{"error_code": 141_006,
            "error_description": "No payment method.", "possible_solution": "Add one."}]},
        {"entity_type": "BUSINESS", "id": "7", "can_send_message": "LIMITED", "additional_info": ["Not verified."]}]});
    let found = health::check(Some(&health));
    assert_eq!(found.len(), 2);
    has(&found, Level::Fail, "health", "waba 31: No payment method. (141006)");
    assert_eq!(found[0].remedy.as_deref(), Some("Add one."));
    has(&found, Level::Warn, "health", "business 7: Not verified.");
    has(&health::check(Some(&json!({"can_send_message": "BLOCKED"}))), Level::Fail, "health", "blocked");
    assert_eq!(
        (number::limit("TIER_100K"), number::limit("TIER_UNLIMITED")),
        ("100,000 a day".into(), "unlimited".into())
    );
}

#[test]
fn a_webhook_is_reached_subscribed_and_whole() {
    assert_eq!(webhook::callback("https://shop.example/", "main"), URL);
    has(&[webhook::address("http://127.0.0.1:8080/w", true)], Level::Fail, "webhook address", "this machine");
    has(&[webhook::address("http://shop.example/w", true)], Level::Fail, "webhook address", "not https");
    has(&[webhook::address("http://127.0.0.1:8080/w", false)], Level::Ok, "webhook address", "127");

    let apps = |id: &str| json!({"data": [{"whatsapp_business_api_data": {"id": id, "name": "App"}}]});
    let (found, missing) = webhook::subscribed(&json!({"data": []}), &account(), URL);
    has(&found, Level::Fail, "subscription", "no message will ever arrive");
    assert!(missing && webhook::subscribed(&apps("12"), &account(), URL).1);
    let (found, missing) = webhook::subscribed(&apps("11"), &account(), URL);
    has(&found, Level::Ok, "subscription", "App (11)");
    assert!(!missing);

    let hook = |url: &str, fields: Vec<Value>| json!({"data": [{"object": webhook::OBJECT, "callback_url": url, "fields": fields}]});
    let all: Vec<Value> = webhook::FIELDS.iter().map(|field| json!({ "name": field })).collect();
    assert_eq!(webhook::app(&hook(URL, all.clone()), URL).1, None);
    let (found, wanted) = webhook::app(&hook("https://old.example", vec![json!("calls")]), URL);
    has(&found, Level::Fail, "webhook", "https://old.example");
    has(&found, Level::Fail, "webhook fields", "messages is missing");
    let wanted = wanted.unwrap();
    assert!(wanted.contains(&"calls".to_owned()) && wanted.len() == webhook::FIELDS.len() + 1, "{wanted:?}");
    has(&webhook::app(&hook(URL, all[..3].to_vec()), URL).0, Level::Warn, "webhook fields", "account_update");
    has(&webhook::app(&json!({}), URL).0, Level::Fail, "webhook", "none for WhatsApp");
}

#[test]
fn profile_greetings_and_catalogue_keep_metas_limits() {
    has(&[profile::check(&json!({}))], Level::Warn, "profile", "no e-mail");
    has(&[profile::check(&json!({"email": "a@b.c"}))], Level::Ok, "profile", "e-mail");
    let wish = |name: &'static str, text: String| Wish { texts: vec![(name, text)], ..Wish::default() }.to_wire();
    for (name, most) in profile::TEXTS.into_iter().filter(|(name, _)| *name != "email") {
        assert!(wish(name, "x".repeat(most)).is_ok() && wish(name, "x".repeat(most + 1)).is_err(), "{name}");
    }
    assert!(wish("about", " ".into()).is_err() && wish("email", "nobody".into()).is_err());
    let sites = |n: usize| Wish { websites: vec!["https://a.example".into(); n], ..Wish::default() }.to_wire();
    assert!(sites(2).is_ok() && sites(3).is_err());
    assert!(Wish { vertical: Some("SHOPS".into()), ..Wish::default() }.to_wire().is_err());
    let greet = |prompts: Vec<String>| Greetings { prompts, ..Greetings::default() }.check();
    assert!(greet(vec!["é".repeat(80); 4]).is_ok());
    for bad in [vec!["x".repeat(81)], vec!["x".to_owned(); 5], vec!["Hi 👋".to_owned()], vec![String::new()]] {
        assert!(greet(bad.clone()).is_err(), "{bad:?}");
    }
    let shown = store_front::read(&json!({"data": [{"is_cart_enabled": false}]}));
    let found = store_front::check("5", &["6".to_owned()], shown);
    has(&found, Level::Fail, "catalogue", "6 is");
    has(&found, Level::Warn, "cart", "switched off");
    has(&store_front::check("6", &["6".to_owned()], shown), Level::Ok, "catalogue", "linked");
}

#[test]
fn costs_add_up_and_failures_cost_nothing() {
    let spent = |estimate, charged, failed| cost::Spent {
        day: "2026-10-03".into(),
        country: "BR".into(),
        category: "marketing".into(),
        estimate,
        currency: "USD".into(),
        charged,
        failed,
    };
    let all = [
        spent(Some(62_500), Some(true), false),
        spent(Some(62_500), Some(false), false),
        spent(None, None, false),
        spent(Some(9), None, true),
    ];
    let sums = cost::sums(&all, false);
    let one = &sums[0];
    assert_eq!((sums.len(), one.messages, one.failed, one.unpriced), (1, 3, 1, 1));
    assert_eq!((one.estimated, one.charged, one.charged_messages, one.free_messages), (125_000, 62_500, 1, 1));
    assert_eq!(cost::sums(&all, true)[0].estimated, 125_000);
    assert!(cost::svg(&sums, "USD").contains("2026-10-03: 0.125 USD"));
}
