//! The API's side: shapes, refusals, keys and lists.

use crate::payment::sandbox::tests::{Bench, paying};
use crate::payment::stripe::wire::open_form;
use crate::payment::{Error, Payments};
use serde_json::Value;

const SESSIONS: &str = "/v1/checkout/sessions";

type Form = Vec<(String, String)>;

fn pairs(pairs: &[(&str, &str)]) -> Form {
    pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

/// The client's own form with one parameter changed, added, or (with an empty value) left out.
fn changed(bench: &Bench, name: &str, value: &str) -> Form {
    let mut form = open_form(&bench.request("chk_1"));
    form.retain(|(given, _)| given != name);
    if !value.is_empty() {
        form.push((name.to_owned(), value.to_owned()));
    }
    form
}

fn shown(answer: &(u16, Value)) -> String {
    let error = &answer.1["error"];
    format!("{} {} {}", answer.0, error["code"].as_str().unwrap_or("-"), error["param"].as_str().unwrap_or("-"))
}

#[test]
fn a_session_has_what_stripe_requires() {
    let bench = Bench::new();
    let (status, session) = bench.sandbox.handle("POST", SESSIONS, &open_form(&bench.request("chk_1")), None);
    assert_eq!(status, 200);
    // `required` of checkout.session in Stripe's OpenAPI file.
    for field in [
        "automatic_tax",
        "created",
        "custom_fields",
        "custom_text",
        "expires_at",
        "id",
        "livemode",
        "mode",
        "object",
        "payment_method_types",
        "payment_status",
        "shipping_options",
    ] {
        assert!(session.get(field).is_some_and(|v| !v.is_null()), "{field} is missing");
    }
    assert_eq!(session["amount_total"], 15_480);
    assert_eq!(session["currency"], "eur");
    assert_eq!(session["livemode"], false);
    assert_eq!(session["metadata"]["checkout_id"], "chk_1");
    assert_eq!(session["payment_method_types"], serde_json::json!(["card", "link"]));
    let id = session["id"].as_str().expect("an id");
    assert!(id.starts_with("cs_test_"));

    let items = bench.sandbox.handle("GET", &format!("{SESSIONS}/{id}/line_items"), &[], None).1;
    assert_eq!(items["data"][1]["amount_total"], 2_000);
    assert_eq!(items["data"][1]["description"], "Socks");
    bench.sandbox.pay(id, &paying("4242424242424242")).expect("paid");
    let paid = bench.sandbox.handle("GET", &format!("{SESSIONS}/{id}"), &[], None).1;
    let intent = paid["payment_intent"].as_str().expect("an intent");
    let intent = bench.sandbox.handle("GET", &format!("/v1/payment_intents/{intent}"), &[], None).1;
    assert_eq!((intent["status"].as_str(), intent["amount"].as_i64()), (Some("succeeded"), Some(15_480)));
    assert_eq!(intent["metadata"]["order_number"], "A-1001");
    let event = bench.sandbox.handle("GET", "/v1/events", &[], None).1["data"][0].clone();
    for field in ["created", "data", "id", "livemode", "object", "pending_webhooks", "type"] {
        assert!(event.get(field).is_some(), "{field} is missing");
    }
}

#[test]
fn what_stripe_refuses_is_refused() {
    let bench = Bench::new();
    let long = "x".repeat(201);
    for (name, value, says) in [
        ("mode", "", "400 parameter_missing mode"),
        ("mode", "setup", "400 parameter_invalid mode"),
        ("success_url", "", "400 parameter_missing success_url"),
        ("success_url", "javascript:alert(1)", "400 url_invalid success_url"),
        ("colour", "red", "400 parameter_unknown colour"),
        ("line_items[0][colour]", "red", "400 parameter_unknown line_items[0][colour]"),
        ("line_items[0", "red", "400 parameter_unknown line_items[0"),
        ("payment_method_types[0]", "card", "400 payment_method_types_no_longer_supported payment_method_types"),
        ("adaptive_pricing[enabled]", "true", "400 parameter_invalid adaptive_pricing[enabled]"),
        ("line_items[0][quantity]", "0", "400 parameter_invalid line_items[0][quantity]"),
        ("line_items[0][quantity]", "", "400 parameter_missing line_items[0][quantity]"),
        (
            "line_items[0][price_data][unit_amount]",
            "12.5",
            "400 parameter_invalid_integer line_items[0][price_data][unit_amount]",
        ),
        ("line_items[0][price_data][unit_amount]", "99999999", "400 amount_too_large line_items"),
        ("line_items[0][price_data][currency]", "usd", "400 parameter_invalid line_items"),
        ("client_reference_id", &long, "400 parameter_invalid client_reference_id"),
        ("expires_at", "1790001799", "400 parameter_invalid expires_at"),
        ("expires_at", "1790086401", "400 parameter_invalid expires_at"),
        ("locale", "tlh", "400 parameter_invalid locale"),
    ] {
        let answer = bench.sandbox.handle("POST", SESSIONS, &changed(&bench, name, value), None);
        assert_eq!(shown(&answer), says, "{}", answer.1);
    }
    for edge in ["1790001800", "1790086400"] {
        assert_eq!(bench.sandbox.handle("POST", SESSIONS, &changed(&bench, "expires_at", edge), None).0, 200, "{edge}");
    }
    let cheap = |currency: &str, amount: &str| {
        pairs(&[
            ("mode", "payment"),
            ("success_url", "https://shop.example"),
            ("line_items[0][price_data][currency]", currency),
            ("line_items[0][price_data][unit_amount]", amount),
            ("line_items[0][price_data][product_data][name]", "Pin"),
            ("line_items[0][quantity]", "1"),
        ])
    };
    for (currency, low, enough) in [("eur", "49", "50"), ("jpy", "49", "50"), ("kwd", "490", "500")] {
        let answer = bench.sandbox.handle("POST", SESSIONS, &cheap(currency, low), None);
        assert_eq!(shown(&answer), "400 amount_too_small line_items", "{currency}");
        assert_eq!(bench.sandbox.handle("POST", SESSIONS, &cheap(currency, enough), None).0, 200, "{currency}");
    }
    for (method, path) in [("GET", "/v1/customers"), ("POST", "/v1/checkout/sessions/x"), ("DELETE", SESSIONS)] {
        assert_eq!(shown(&bench.sandbox.handle(method, path, &[], None)), "404 url_invalid -", "{method} {path}");
    }
    assert_eq!(
        shown(&bench.sandbox.handle("GET", &format!("{SESSIONS}/cs_test_0"), &[], None)),
        "404 resource_missing session"
    );
}

#[tokio::test]
async fn a_key_belongs_to_its_parameters() {
    let bench = Bench::new();
    let form = open_form(&bench.request("chk_1"));
    let first = bench.sandbox.reply("POST", SESSIONS, &form, Some("k"));
    let mut turned = form.clone();
    turned.reverse();
    let second = bench.sandbox.reply("POST", SESSIONS, &turned, Some("k"));
    assert_eq!((first.replayed, second.replayed), (false, true));
    assert_eq!(first.body, second.body);
    let other = bench.sandbox.reply("POST", SESSIONS, &changed(&bench, "locale", "fr"), Some("k"));
    assert_eq!((other.status, &other.body["error"]["type"]), (400, &Value::from("idempotency_error")));
    // A refusal is not kept: the mended call may use the key again.
    assert_eq!(bench.sandbox.reply("POST", SESSIONS, &changed(&bench, "mode", ""), Some("m")).status, 400);
    assert_eq!(bench.sandbox.reply("POST", SESSIONS, &form, Some("m")).status, 200);

    let request = bench.request("chk_2");
    bench.stripe.open(&request).await.expect("a session");
    let mut dearer = request.clone();
    dearer.lines[2].unit.minor += 1;
    dearer.total.minor += 1;
    let refused = bench.stripe.open(&dearer).await;
    assert!(matches!(refused, Err(Error::Refused { ref code, .. }) if code == "idempotency_error"), "{refused:?}");
    bench.minutes(24 * 60);
    assert_eq!(bench.sandbox.reply("POST", SESSIONS, &changed(&bench, "expires_at", ""), Some("k")).status, 200);
}

#[test]
fn lists_are_paged_newest_first() {
    let bench = Bench::new();
    let form = open_form(&bench.request("chk_1"));
    let made: Vec<_> = (0..5).map(|_| bench.sandbox.handle("POST", SESSIONS, &form, None).1["id"].clone()).collect();
    let ids = |query: &[(&str, &str)]| {
        let (status, list) = bench.sandbox.handle("GET", SESSIONS, &pairs(query), None);
        assert_eq!(status, 200, "{list}");
        let ids: Vec<_> = list["data"].as_array().expect("a list").iter().map(|s| s["id"].clone()).collect();
        (ids, list["has_more"].as_bool().expect("a flag"))
    };
    let at = |n: usize| made[n].as_str().expect("an id");
    let named = |ns: &[usize]| ns.iter().map(|n| made[*n].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&[("limit", "2")]), (named(&[4, 3]), true));
    assert_eq!(ids(&[("limit", "2"), ("starting_after", at(1))]), (named(&[0]), false));
    assert_eq!(ids(&[("limit", "2"), ("ending_before", at(0))]), (named(&[2, 1]), true));
    assert_eq!(ids(&[("limit", "2"), ("ending_before", at(3))]), (named(&[4]), false));
    assert_eq!(ids(&[("status", "complete")]), (Vec::new(), false));
    for bad in [[("limit", "0")], [("limit", "101")], [("colour", "red")], [("starting_after", "x")]] {
        assert!(bench.sandbox.handle("GET", SESSIONS, &pairs(&bad), None).0 >= 400, "{bad:?}");
    }
}
