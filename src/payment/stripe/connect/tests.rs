//! Tests of setting up, against a fake account: it keeps endpoints and knows what its key may do.

use crate::payment::BoxError;
use crate::payment::stripe::connect::{Change, Level, Report, Setup};
use crate::payment::stripe::transport::{API_VERSION, Call, Method, Mode, Raw, Transport};
use crate::payment::stripe::wire::EVENTS;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::sync::Mutex;

const URL: &str = "https://shop.example/webhooks/stripe";

/// A fake of the few calls that set an account up.
#[derive(Default)]
struct FakeAccount {
    endpoints: Mutex<Vec<Value>>,
    calls: Mutex<Vec<Call>>,
    forbidden: Vec<&'static str>,
    fails: Option<u16>,
}

impl FakeAccount {
    fn with(endpoints: Vec<Value>) -> Self {
        Self { endpoints: Mutex::new(endpoints), ..Self::default() }
    }

    fn answer(&self, call: &Call) -> (u16, Value) {
        let error =
            |status, code: &str, message: &str| (status, json!({ "error": { "code": code, "message": message } }));
        if let Some(status) = self.fails {
            return error(status, "api_error", "Sorry.");
        }
        let verb = if call.method == Method::Get { "GET" } else { "POST" };
        if self.forbidden.contains(&format!("{verb} {}", call.path).as_str()) {
            let sentence = "The key does not have it. Having the 'rak_some_right' permission would allow this request.";
            return error(403, "more_permissions_required", sentence);
        }
        let mut endpoints = self.endpoints.lock().expect("unbroken");
        match (verb, call.path.as_str()) {
            ("GET", "/v1/account") => {
                let account =
                    json!({ "id": "acct_1", "country": "PT", "default_currency": "eur", "charges_enabled": false });
                (200, account)
            }
            ("GET", "/v1/webhook_endpoints") => (200, json!({ "data": *endpoints })),
            ("GET", path) if path.contains("probe") => error(404, "resource_missing", "No such thing."),
            ("GET", _) => (200, json!({ "data": [], "has_more": false })),
            ("POST", "/v1/webhook_endpoints") => {
                let get = |name: &str| call.form.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
                let made = endpoint(
                    "we_new",
                    "enabled",
                    &kinds(&call.form),
                    get("api_version").as_deref(),
                    &get("url").unwrap_or_default(),
                );
                endpoints.push(made.clone());
                let mut told = made;
                told["secret"] = json!("whsec_new");
                (200, told)
            }
            ("POST", path) => match endpoints.iter_mut().find(|e| path.ends_with(e["id"].as_str().unwrap_or("?"))) {
                Some(found) => {
                    if call.form.contains(&("disabled".to_owned(), "true".to_owned())) {
                        found["status"] = json!("disabled");
                    } else {
                        found["status"] = json!("enabled");
                        found["enabled_events"] = json!(kinds(&call.form));
                    }
                    (200, found.clone())
                }
                None => error(404, "resource_missing", "No such thing."),
            },
            _ => error(404, "url_invalid", "Unrecognized request URL."),
        }
    }

    fn posts(&self) -> Vec<String> {
        let calls = self.calls.lock().expect("unbroken");
        calls.iter().filter(|c| c.method == Method::Post).map(|c| c.path.clone()).collect()
    }
}

#[async_trait::async_trait]
impl Transport for FakeAccount {
    async fn send(&self, call: Call) -> Result<Raw, BoxError> {
        assert_eq!(call.method == Method::Post, call.idempotency_key.is_some(), "every change has a key: {call:?}");
        let (status, value) = self.answer(&call);
        self.calls.lock().expect("unbroken").push(call);
        Ok(Raw { status, body: value.to_string().into_bytes(), request_id: "req_1".to_owned() })
    }
}

fn kinds(form: &[(String, String)]) -> Vec<String> {
    form.iter().filter(|(n, _)| n == "enabled_events[]").map(|(_, v)| v.clone()).collect()
}

fn endpoint(id: &str, status: &str, events: &[String], version: Option<&str>, url: &str) -> Value {
    json!({ "id": id, "object": "webhook_endpoint", "status": status, "enabled_events": events, "api_version": version, "url": url })
}

fn all() -> Vec<String> {
    EVENTS.map(str::to_owned).to_vec()
}

fn setup(account: &FakeAccount) -> Setup<'_> {
    Setup {
        transport: account,
        mode: Mode::Test,
        restricted: true,
        real: true,
        public_url: "https://shop.example/".to_owned(),
        has_secret: true,
    }
}

fn level(report: &Report, what: &str) -> Option<Level> {
    report.findings.iter().find(|f| f.what == what).map(|f| f.level)
}

#[tokio::test]
async fn a_missing_endpoint_is_made_once_and_its_secret_told_once() {
    let account = FakeAccount::default();
    let looked = setup(&account).inspect().await;
    assert_eq!(level(&looked, "webhook endpoint"), Some(Level::Fail));
    let dry = setup(&account).rehearse(Change::Missing).await;
    assert!(dry.changes[0].contains(URL) && dry.secret.is_none(), "{dry:?}");
    assert_eq!(account.posts(), Vec::<String>::new(), "looking changes nothing");

    let made = setup(&account).connect(Change::Missing, "run_1").await;
    assert!(made.is_good(), "{made:?}");
    assert_eq!(made.secret.as_ref().map(ExposeSecret::expose_secret), Some("whsec_new"));
    assert!(!format!("{made:?}").contains("whsec_new"), "the secret is in a debug text");
    let kept = account.endpoints.lock().expect("unbroken")[0].clone();
    assert_eq!(kept, endpoint("we_new", "enabled", &all(), Some(API_VERSION), URL));

    let again = setup(&account).connect(Change::Everything, "run_2").await;
    assert!(again.is_good() && again.secret.is_none() && again.changes.is_empty(), "{again:?}");
    let without = Setup { has_secret: false, ..setup(&account) }.inspect().await;
    assert_eq!(level(&without, "webhook endpoint"), Some(Level::Fail), "nobody knows its secret");
}

#[tokio::test]
async fn a_wrong_endpoint_is_told_and_with_fix_put_right() {
    let some = vec!["checkout.session.completed".to_owned(), "invoice.paid".to_owned()];
    for (wrong, says, level_before) in [
        (endpoint("we_1", "disabled", &all(), Some(API_VERSION), URL), "disabled", Level::Fail),
        (endpoint("we_1", "enabled", &some, Some(API_VERSION), URL), "refund.created", Level::Fail),
        (endpoint("we_1", "enabled", &["*".to_owned()], Some(API_VERSION), URL), "nobody reads", Level::Warn),
    ] {
        let account = FakeAccount::with(vec![wrong]);
        let told = setup(&account).connect(Change::Missing, "run_1").await;
        let found = told.findings.iter().find(|f| f.what == "webhook endpoint").expect("a finding");
        assert!(found.level == level_before && found.found.contains(says), "{found:?}");
        assert!(!account.posts().iter().any(|p| p.starts_with("/v1/webhook_endpoints")), "nothing was asked to change");
        let fixed = setup(&account).connect(Change::Everything, "run_2").await;
        assert!(fixed.is_good() && fixed.changes.len() == 1, "{fixed:?}");
        let now = account.endpoints.lock().expect("unbroken").clone();
        assert_eq!(now, [endpoint("we_1", "enabled", &all(), Some(API_VERSION), URL)]);
    }
}

#[tokio::test]
async fn another_version_is_replaced_because_it_cannot_be_changed() {
    for version in [Some("2024-06-20"), None] {
        let account = FakeAccount::with(vec![endpoint("we_1", "enabled", &all(), version, URL)]);
        let fixed = setup(&account).connect(Change::Everything, "run_1").await;
        assert!(fixed.is_good() && fixed.secret.is_some(), "{fixed:?}");
        let now = account.endpoints.lock().expect("unbroken").clone();
        let stands: Vec<_> = now.iter().map(|e| (e["id"].as_str(), e["status"].as_str())).collect();
        assert_eq!(stands, [(Some("we_1"), Some("disabled")), (Some("we_new"), Some("enabled"))]);
        assert!(setup(&account).inspect().await.is_good(), "the new one counts");
    }
}

#[tokio::test]
async fn endpoints_of_others_are_left_alone() {
    let other = endpoint("we_1", "disabled", &[], None, "https://other.example/hook");
    let account = FakeAccount::with(vec![other.clone()]);
    setup(&account).connect(Change::Everything, "run_1").await;
    assert_eq!(account.endpoints.lock().expect("unbroken")[0], other);
    let twice = vec![
        endpoint("we_1", "enabled", &all(), Some(API_VERSION), URL),
        endpoint("we_2", "enabled", &all(), Some(API_VERSION), URL),
    ];
    let report = setup(&FakeAccount::with(twice)).inspect().await;
    assert!(report.findings.iter().any(|f| f.found.contains("comes 2 times")), "{report:?}");
}

#[tokio::test]
async fn a_missing_permission_is_named_as_the_dashboard_names_it() {
    for (call, name) in [
        ("GET /v1/checkout/sessions", "Checkout Sessions: Write"),
        ("POST /v1/checkout/sessions/cs_souk_probe_of_permissions/expire", "Checkout Sessions: Write"),
        ("GET /v1/payment_intents/pi_souk_probe_of_permissions", "PaymentIntents: Read"),
        ("POST /v1/refunds", "Charges and Refunds: Write"),
        ("GET /v1/disputes", "Disputes: Read"),
        ("GET /v1/events", "Events: Read"),
        ("GET /v1/webhook_endpoints", "Webhook Endpoints: Write"),
    ] {
        let account = FakeAccount { forbidden: vec![call], ..FakeAccount::default() };
        let report = setup(&account).connect(Change::Missing, "run_1").await;
        let failed: Vec<_> = report.findings.iter().filter(|f| f.level == Level::Fail).collect();
        assert!(failed.len() == 1 && failed[0].found.contains(name), "{call}: {failed:?}");
        assert!(failed[0].found.contains("rak_some_right"), "Stripe's own word is kept: {failed:?}");
    }
    let account = FakeAccount { forbidden: vec!["GET /v1/account", "POST /v1/refunds"], ..FakeAccount::default() };
    let report = setup(&account).inspect().await;
    assert_eq!(level(&report, "Stripe account"), Some(Level::Ok), "it need not be readable");
    assert_eq!(level(&report, "Stripe permissions"), Some(Level::Ok), "looking does not try to write");
    let secret_key = Setup { restricted: false, ..setup(&account) }.connect(Change::Missing, "run_1").await;
    assert_eq!(level(&secret_key, "Stripe key"), Some(Level::Warn));
}

#[tokio::test]
async fn an_address_nobody_can_call_is_not_registered() {
    for (url, mode) in [("http://127.0.0.1:8080", Mode::Test), ("http://shop.example", Mode::Live)] {
        let account = FakeAccount::default();
        let setup = Setup { public_url: url.to_owned(), mode, ..setup(&account) };
        let report = setup.connect(Change::Everything, "run_1").await;
        assert_eq!(level(&report, "webhook address"), Some(Level::Fail), "{url}");
        assert!(account.endpoints.lock().expect("unbroken").is_empty(), "{url}");
        assert!(setup.rehearse(Change::Everything).await.changes.is_empty());
    }
    let account = FakeAccount::default();
    let emulator = Setup { public_url: "http://127.0.0.1:8080".to_owned(), real: false, ..setup(&account) };
    assert!(emulator.connect(Change::Missing, "run_1").await.secret.is_some(), "an emulator is beside us");
}

#[tokio::test]
async fn a_wrong_key_or_no_answer_is_one_sentence() {
    for (status, says) in [(401, "does not know this key"), (500, "did not answer"), (429, "did not answer")] {
        let account = FakeAccount { fails: Some(status), ..FakeAccount::default() };
        let report = setup(&account).connect(Change::Everything, "run_1").await;
        assert!(report.findings.len() == 1 && report.findings[0].found.contains(says), "{report:?}");
        assert_eq!((report.is_good(), account.calls.lock().expect("unbroken").len()), (false, 1));
    }
    let live = Setup { mode: Mode::Live, ..setup(&FakeAccount::default()) }.inspect().await;
    assert_eq!(level(&live, "Stripe account"), Some(Level::Fail), "charges are not enabled");
}
