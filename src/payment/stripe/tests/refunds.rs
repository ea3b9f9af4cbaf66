//! Money given back: what is sent, and what each kind of answer means.

use super::{answering, client, kind};
use crate::domain::id::{OrderId, RefundId};
use crate::domain::money::{Currency, Money};
use crate::payment::Payments;
use crate::payment::refund::{RefundRequest, RefundStatus};
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn request() -> RefundRequest {
    RefundRequest {
        refund: RefundId::new("rfd_1"),
        order: OrderId::new("ord_1"),
        intent: "pi_1".to_owned(),
        amount: Money::new(1500, Currency::EUR),
    }
}

pub fn refund(id: &str) -> Value {
    json!({
        "id": id, "object": "refund", "amount": 1500, "currency": "eur", "payment_intent": "pi_1", "charge": "ch_1",
        "status": "succeeded", "metadata": { "order_id": "ord_1", "refund_id": "rfd_1" }, "created": 1_790_000_000,
        "failure_reason": null, "reason": null, "something_new": [1],
    })
}

fn with(field: &str, value: Value) -> ResponseTemplate {
    let mut refund = refund("re_1");
    refund[field] = value;
    ResponseTemplate::new(200).set_body_json(refund)
}

#[tokio::test]
async fn a_refund_is_asked_for_in_stripes_words() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/refunds"))
        .and(header("idempotency-key", "rfd_1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(refund("re_1")))
        .expect(2)
        .mount(&server)
        .await;
    let stripe = client(&server.uri());
    let made = stripe.refund(&request()).await.expect("a refund");
    assert_eq!((made.id.as_str(), made.status, made.amount), ("re_1", RefundStatus::Succeeded, request().amount));
    assert_eq!((made.ours, made.intent.as_deref()), (Some(RefundId::new("rfd_1")), Some("pi_1")));
    stripe.refund(&request()).await.expect("the same refund");
    let sent = server.received_requests().await.expect("recorded");
    assert_eq!(sent[0].body, sent[1].body, "a repeat is the same to the last byte");
    let form: Vec<(String, String)> = serde_urlencoded::from_bytes(&sent[0].body).expect("a form");
    let shown: Vec<_> = form.iter().map(|(k, v)| format!("{k} = {v}")).collect();
    insta::assert_snapshot!(shown.join("\n"), @"
    amount = 1500
    metadata[order_id] = ord_1
    metadata[refund_id] = rfd_1
    payment_intent = pi_1
    ");
}

#[tokio::test]
async fn each_answer_means_its_own_thing_for_money() {
    let envelope = |code: &str| json!({ "error": { "type": "invalid_request_error", "code": code, "message": "No." } });
    let refusal = |status, code: &str| ResponseTemplate::new(status).set_body_json(envelope(code));
    for (response, says) in [
        (with("status", json!("pending")), "a session"),
        // What we do not rely on may be of any shape: the refund is made, and seen.
        (with("reason", json!(7)), "a session"),
        (with("charge", json!(["ch_1"])), "a session"),
        (refusal(409, "lock_timeout"), "unknown"),
        (refusal(429, "rate_limit"), "unknown"),
        (refusal(500, "api_error"), "unknown"),
        (ResponseTemplate::new(502).set_body_raw("<html>", "text/html"), "unknown"),
        (refusal(400, "charge_already_refunded"), "refused: charge_already_refunded"),
        (refusal(404, "resource_missing"), "refused: resource_missing"),
        (refusal(403, "more_permissions_required"), "refused: more_permissions_required"),
        (ResponseTemplate::new(200).set_body_raw("{", "application/json"), "unreadable, req_7"),
        (with("amount", json!(1501)), "unreadable, req_7"),
        (with("amount", json!(1500.5)), "unreadable, req_7"),
        (with("amount", json!(i64::MIN)), "unreadable, req_7"),
        (with("amount", json!("1500")), "unreadable, req_7"),
        (with("currency", json!("usd")), "unreadable, req_7"),
        (with("payment_intent", json!("pi_2")), "unreadable, req_7"),
        (with("payment_intent", json!(null)), "unreadable, req_7"),
        (with("metadata", json!({ "refund_id": "rfd_2" })), "unreadable, req_7"),
        (with("metadata", json!({})), "unreadable, req_7"),
        (with("status", json!("half_done")), "unreadable, req_7"),
        (with("status", json!(null)), "unreadable, req_7"),
        (with("created", json!("yesterday")), "unreadable, req_7"),
        (with("id", json!("../re_1")), "unreadable, req_7"),
    ] {
        let (_server, stripe) = answering(response).await;
        let answer = stripe.refund(&request()).await;
        assert_eq!(kind(&answer), says, "{answer:?}");
    }
    assert_eq!(kind(&client("http://127.0.0.1:1").refund(&request()).await), "unknown");
}

#[tokio::test]
async fn what_is_no_refund_is_not_sent() {
    let (server, stripe) = answering(ResponseTemplate::new(200).set_body_json(refund("re_1"))).await;
    let amount = Money::zero(Currency::EUR);
    assert_eq!(kind(&stripe.refund(&RefundRequest { amount, ..request() }).await), "refused: amount_too_small");
    for intent in ["", "pi_1/cancel", "pi 1"] {
        let wrong = RefundRequest { intent: intent.to_owned(), ..request() };
        assert_eq!(kind(&stripe.refund(&wrong).await), "refused: bad_payment_id", "{intent}");
        assert_eq!(kind(&stripe.refunds(intent).await), "refused: bad_payment_id", "{intent}");
    }
    let refund = RefundId::new("r".repeat(256));
    assert_eq!(kind(&stripe.refund(&RefundRequest { refund, ..request() }).await), "refused: bad_idempotency_key");
    assert_eq!(server.received_requests().await.map(|r| r.len()), Some(0));
}

fn page(entries: &[Value], more: bool) -> ResponseTemplate {
    let list = json!({ "object": "list", "url": "/v1/refunds", "data": entries, "has_more": more });
    ResponseTemplate::new(200).set_body_json(list)
}

#[tokio::test]
async fn all_refunds_of_a_payment_are_found_oldest_first() {
    let server = MockServer::start().await;
    let mut elsewhere = refund("re_2");
    elsewhere["metadata"] = json!({});
    let of = || Mock::given(method("GET")).and(path("/v1/refunds")).and(query_param("payment_intent", "pi_1"));
    let first = of().and(query_param("limit", "100")).and(query_param_is_missing("starting_after"));
    first.respond_with(page(&[refund("re_3"), elsewhere], true)).expect(1).mount(&server).await;
    let second = of().and(query_param("starting_after", "re_2"));
    second.respond_with(page(&[refund("re_1")], false)).expect(1).mount(&server).await;
    let found = client(&server.uri()).refunds("pi_1").await.expect("refunds");
    let ids: Vec<_> = found.iter().map(|r| (r.id.as_str(), r.ours.is_some())).collect();
    assert_eq!(ids, [("re_1", true), ("re_2", false), ("re_3", true)]);
}

#[tokio::test]
async fn a_list_with_a_gap_is_no_list() {
    let mut odd = refund("re_2");
    odd["amount"] = json!("a lot");
    let mut another = refund("re_2");
    another["payment_intent"] = json!("pi_2");
    let nameless = json!({ "object": "refund" });
    for (response, says) in [
        (page(&[], false), "a session"),
        (page(&[refund("re_3"), odd], false), "unreadable, req_7"),
        (page(&[another], false), "unreadable, req_7"),
        (page(&[refund("re_3"), nameless], true), "unreadable, req_7"),
        (page(&[], true), "unreadable, req_7"),
        (ResponseTemplate::new(200).set_body_json(json!({ "data": [] })), "unreadable, req_7"),
        // It points to itself for ever.
        (page(&[refund("re_3")], true), "refused: too_many_refunds"),
        (ResponseTemplate::new(500), "unknown"),
    ] {
        let (_server, stripe) = answering(response).await;
        let answer = stripe.refunds("pi_1").await;
        assert_eq!(kind(&answer), says, "{answer:?}");
    }
}
