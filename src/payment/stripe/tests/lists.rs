//! Lists and disputes: what is asked, and that one odd entry hides no other.

use super::{answering, client, kind, open_session, refunds::refund, with};
use crate::domain::money::{Currency, Money};
use crate::payment::dispute::DisputeStatus;
use crate::payment::stripe::wire::EVENTS;
use crate::payment::{Payments, Subject};
use jiff::Timestamp;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

pub fn dispute(status: &str) -> Value {
    json!({
        "id": "dp_1", "object": "dispute", "amount": 3998, "currency": "eur", "payment_intent": "pi_1", "charge": "ch_1",
        "status": status, "reason": "fraudulent", "created": 1_790_000_000, "balance_transactions": [
            { "id": "txn_1", "amount": -3998, "fee": 1500, "currency": "eur" },
            { "id": "txn_2", "amount": 3998, "fee": -500, "currency": "eur" },
            { "id": "txn_3", "amount": -1000, "fee": 0, "currency": "eur" },
        ],
    })
}

fn list(entries: &[Value], more: bool) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "object": "list", "url": "/v1/x", "data": entries, "has_more": more,
    }))
}

fn since() -> Timestamp {
    Timestamp::from_second(1_790_000_000).expect("a moment")
}

fn ours(id: &str) -> Value {
    let mut session = with("metadata", json!({ "checkout_id": "chk_1" }));
    session["id"] = json!(id);
    session
}

#[tokio::test]
async fn lists_are_asked_for_by_time_and_place() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(list(&[], false)).mount(&server).await;
    let stripe = client(&server.uri());
    stripe.sessions_since(since(), None).await.expect("a page");
    stripe.sessions_since(since(), Some("cs_9")).await.expect("a page");
    stripe.refunds_since(since(), Some("re_9")).await.expect("a page");
    stripe.disputes_since(since(), Some("dp_9")).await.expect("a page");
    stripe.events_since(since(), Some("evt_9")).await.expect("a page");
    let sent = server.received_requests().await.expect("recorded");
    let asked: Vec<String> = sent
        .iter()
        .map(|request| {
            let pairs: Vec<_> = request.url.query_pairs().map(|(k, v)| format!("{k}={v}")).collect();
            format!("{} {}", request.url.path(), pairs.join(" "))
        })
        .collect();
    assert_eq!(asked[0], "/v1/checkout/sessions created[gte]=1790000000 limit=100");
    assert_eq!(asked[1], "/v1/checkout/sessions created[gte]=1790000000 limit=100 starting_after=cs_9");
    assert_eq!(asked[2], "/v1/refunds created[gte]=1790000000 limit=100 starting_after=re_9");
    assert_eq!(asked[3], "/v1/disputes created[gte]=1790000000 limit=20 starting_after=dp_9");
    let events = "/v1/events created[gte]=1790000000 limit=100 starting_after=evt_9 ";
    assert!(asked[4].starts_with(events) && EVENTS.iter().all(|e| asked[4].contains(e)), "{}", asked[4]);
    assert_eq!(kind(&stripe.events_since(since(), Some("a/b")).await), "refused: bad_cursor");
}

#[tokio::test]
async fn one_odd_entry_hides_no_other_and_is_not_hidden() {
    let mut odd = ours("cs_2");
    odd["amount_total"] = json!(null);
    let mut subscription = with("metadata", json!({ "plan": "gold" }));
    subscription["payment_status"] = json!("no_payment_required");
    let mut silent = subscription.clone();
    silent["metadata"] = json!("?");
    silent["id"] = json!("cs_4");
    let mut nameless = odd.clone();
    nameless["id"] = json!(5);
    let entries = [ours("cs_1"), odd, subscription, silent, nameless, ours("cs_6")];
    let (_server, stripe) = answering(list(&entries, true)).await;
    let page = stripe.sessions_since(since(), None).await.expect("a page");
    let ids: Vec<_> = page.items.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["cs_1", "cs_6"], "another program's subscription is left out");
    assert_eq!(page.unreadable, ["cs_2", "cs_4", "(an entry without an id)"]);
    assert_eq!(page.next.as_deref(), Some("cs_6"));

    let mut odd = refund("re_2");
    odd["currency"] = json!("euro");
    let (_server, stripe) = answering(list(&[refund("re_1"), odd.clone()], false)).await;
    let page = stripe.refunds_since(since(), None).await.expect("a page");
    assert_eq!((page.items.len(), page.unreadable, page.next), (1, vec!["re_2".to_owned()], None));
}

#[tokio::test]
async fn lists_fail_in_three_ways_too() {
    let refusal = json!({ "error": { "type": "invalid_request_error", "code": "more_permissions_required" } });
    for (response, says) in [
        (list(&[], false), "a session"),
        (ResponseTemplate::new(500), "unknown"),
        (ResponseTemplate::new(429), "unknown"),
        (ResponseTemplate::new(403).set_body_json(refusal), "refused: more_permissions_required"),
        (ResponseTemplate::new(200).set_body_json(open_session()), "unreadable, req_7"),
        (ResponseTemplate::new(200).set_body_raw("[]", "application/json"), "unreadable, req_7"),
        (list(&[json!({ "id": "?" })], true), "unreadable, req_7"),
    ] {
        let (_server, stripe) = answering(response).await;
        assert_eq!(kind(&stripe.sessions_since(since(), None).await), says);
        assert_eq!(kind(&stripe.refunds_since(since(), None).await), says);
        assert_eq!(kind(&stripe.disputes_since(since(), None).await), says);
        assert_eq!(kind(&stripe.events_since(since(), None).await), says);
    }
}

#[tokio::test]
async fn missed_events_are_read_as_the_webhook_reads_them() {
    let event = |id: &str, kind: &str, object: Value| json!({ "id": id, "type": kind, "data": { "object": object } });
    let entries = [
        event("evt_3", "checkout.session.completed", ours("cs_1")),
        event("evt_2", "refund.updated", refund("re_1")),
        json!({ "id": "evt_1", "type": 7 }),
        event("evt_0", "charge.dispute.created", dispute("needs_response")),
    ];
    let (_server, stripe) = answering(list(&entries, false)).await;
    let page = stripe.events_since(since(), None).await.expect("a page");
    let subjects: Vec<_> = page.items.into_iter().filter_map(|e| e.subject).collect();
    let named = |id: &str| id.to_owned();
    let expected = [Subject::Session(named("cs_1")), Subject::Refunds(named("pi_1")), Subject::Dispute(named("dp_1"))];
    assert_eq!(subjects, expected);
    assert_eq!(page.unreadable, ["evt_1"]);
}

#[tokio::test]
async fn a_dispute_says_where_it_stands_and_what_it_moved() {
    for (word, status) in [
        ("warning_needs_response", DisputeStatus::Inquiry),
        ("warning_under_review", DisputeStatus::Inquiry),
        ("needs_response", DisputeStatus::Open),
        ("under_review", DisputeStatus::Open),
        ("won", DisputeStatus::Won),
        ("warning_closed", DisputeStatus::Won),
        ("prevented", DisputeStatus::Won),
        ("lost", DisputeStatus::Lost),
    ] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(200).set_body_json(dispute(word));
        Mock::given(method("GET")).and(path("/v1/disputes/dp_1")).respond_with(answer).mount(&server).await;
        let found = client(&server.uri()).dispute("dp_1").await.expect("a dispute");
        assert_eq!(found.status, status, "{word}");
        let euro = |minor| Money::new(minor, Currency::EUR);
        assert_eq!((found.amount, found.moved, found.fee), (euro(3998), euro(-1000), euro(1000)));
    }
    let odd = |field: &str, value: Value| {
        let mut dispute = dispute("lost");
        dispute[field] = value;
        ResponseTemplate::new(200).set_body_json(dispute)
    };
    let other_currency =
        json!([{ "amount": -1, "fee": 0, "currency": "eur" }, { "amount": 1, "fee": 0, "currency": "usd" }]);
    for (response, says) in [
        (odd("balance_transactions", json!([])), "a session"),
        (odd("balance_transactions", json!(null)), "unreadable, req_7"),
        (odd("balance_transactions", json!([{ "amount": -3998, "currency": "eur" }])), "unreadable, req_7"),
        (odd("balance_transactions", other_currency), "unreadable, req_7"),
        (odd("status", json!("escalated")), "unreadable, req_7"),
        (odd("id", json!("dp_2")), "unreadable, req_7"),
        (odd("amount", json!(null)), "unreadable, req_7"),
        (ResponseTemplate::new(500), "unknown"),
    ] {
        let (_server, stripe) = answering(response).await;
        let answer = stripe.dispute("dp_1").await;
        assert_eq!(kind(&answer), says, "{answer:?}");
    }
    assert_eq!(kind(&client("http://127.0.0.1:1").dispute("dp_1/close").await), "refused: bad_dispute_id");
}
