//! The typed object and its deciding fields say the same, whichever is read.

use super::{open_session, refunds::refund, request};
use crate::clock::{CountedIds, HandClock};
use crate::payment::dispute::Dispute;
use crate::payment::refund::Refund;
use crate::payment::sandbox::Sandbox;
use crate::payment::stripe::answer::Object;
use crate::payment::stripe::exchange::ask;
use crate::payment::stripe::tests::lists::dispute;
use crate::payment::stripe::wire;
use crate::payment::{Payments, Session};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

/// A session with every field that async-stripe insists on.
fn session() -> Value {
    let mut session = open_session();
    let rest = json!({
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "created": 1_790_000_000, "expires_at": 1_790_002_100, "custom_fields": [], "livemode": false, "mode": "payment",
        "custom_text": { "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null },
        "payment_method_types": ["card"], "shipping_options": [],
    });
    merge(&mut session, &rest);
    session
}

/// A dispute with every field that async-stripe insists on.
fn whole_dispute(status: &str, moved: &[(i64, i64)]) -> Value {
    let mut dispute = dispute(status);
    let entry = |(n, (amount, fee)): (usize, &(i64, i64))| {
        json!({
            "id": format!("txn_{n}"), "object": "balance_transaction", "amount": amount, "fee": fee, "currency": "eur",
            "available_on": 1, "balance_type": "payments", "created": 1, "fee_details": [], "net": amount,
            "reporting_category": "dispute", "status": "available", "type": "adjustment",
        })
    };
    let entries: Vec<_> = moved.iter().enumerate().map(entry).collect();
    let rest = json!({
        "balance_transactions": entries, "enhanced_eligibility_types": [], "evidence": { "enhanced_evidence": {} },
        "evidence_details": { "enhanced_eligibility": {}, "has_evidence": false, "past_due": false, "submission_count": 0 },
        "is_charge_refundable": false, "livemode": false, "metadata": {},
    });
    merge(&mut dispute, &rest);
    dispute
}

fn merge(value: &mut Value, more: &Value) {
    let (Some(value), Some(more)) = (value.as_object_mut(), more.as_object()) else { return };
    value.extend(more.clone());
}

/// Both ways of reading; the typed object must decode.
fn both<T: Object>(value: &Value) -> [Result<T, &'static str>; 2] {
    let whole: T::Whole = miniserde::json::from_str(&value.to_string()).expect("the whole object decodes");
    [T::of_whole(whole), T::of_fields(value)]
}

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![Just(Value::Null), "\\PC{0,300}".prop_map(Value::from), "[a-z_]{1,20}".prop_map(Value::from)]
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![prop::sample::select(words).prop_map(Value::from), "[a-z_]{1,12}".prop_map(Value::from)]
}

proptest! {
    #[test]
    fn a_session_reads_the_same(
        status in word(&["open", "complete", "expired"]),
        payment in word(&["paid", "unpaid", "no_payment_required"]),
        total in prop_oneof![Just(Value::Null), any::<i64>().prop_map(Value::from)],
        currency in word(&["eur", "usd", "jpy"]),
        reference in text(), url in text(), note in "\\PC{0,40}", intent in prop_oneof![Just(Value::Null), Just(json!("pi_1"))],
        name in "\\PC{0,300}", line in text(), second in text(), city in text(), email in text(),
    ) {
        let mut value = session();
        let rest = json!({
            "status": status, "payment_status": payment, "amount_total": total, "currency": currency,
            "client_reference_id": reference, "url": url, "metadata": { "checkout_id": note }, "payment_intent": intent,
            "collected_information": { "shipping_details": { "name": name, "address": {
                "line1": line, "line2": second, "city": city, "country": "PT", "postal_code": null, "state": second } } },
            "customer_details": { "email": email, "tax_exempt": "none" },
        });
        merge(&mut value, &rest);
        let [whole, fields] = both::<Session>(&value);
        prop_assert_eq!(whole, fields);
    }

    #[test]
    fn a_refund_reads_the_same(
        status in word(&["pending", "requires_action", "succeeded", "failed", "canceled"]),
        amount: i64, created: i64, currency in word(&["eur", "usd"]), note in "\\PC{0,300}", failure in text(), id in "\\PC{1,20}",
    ) {
        let mut value = refund(&id);
        let rest = json!({
            "status": status, "amount": amount, "created": created, "currency": currency, "failure_reason": failure,
            "metadata": { "refund_id": note },
        });
        merge(&mut value, &rest);
        let [whole, fields] = both::<Refund>(&value);
        prop_assert_eq!(whole, fields);
    }

    #[test]
    fn a_dispute_reads_the_same(
        status in word(&["won", "lost", "prevented", "under_review", "warning_closed"]),
        moved in prop::collection::vec((any::<i64>(), -5000i64..5000), 0..4), small in prop::collection::vec((-9999i64..9999, -99i64..99), 0..4),
    ) {
        for moved in [moved, small] {
            let [whole, fields] = both::<Dispute>(&whole_dispute(status.as_str().unwrap_or_default(), &moved));
            prop_assert_eq!(whole, fields);
        }
    }

    #[test]
    fn any_fields_are_survived(text in "\\PC{0,40}", number: i64, field in "id|status|amount|amount_total|currency|created|metadata|payment_intent|balance_transactions") {
        for odd in [json!(text), json!(number), json!([number]), json!({ "id": text }), json!([{ "amount": number, "fee": number, "currency": "eur" }])] {
            for mut value in [session(), refund("re_1"), dispute("lost")] {
                value[&field] = odd.clone();
                let _ = (Session::of_fields(&value), Refund::of_fields(&value), Dispute::of_fields(&value));
            }
        }
    }
}

/// The sandbox says that it answers in Stripe's shapes; async-stripe, which knows them, holds it to that.
#[tokio::test]
async fn the_sandboxs_pages_are_whole_objects() {
    let now = Timestamp::from_second(1_790_000_000).expect("a moment");
    let clock = Arc::new(HandClock::at(now));
    let sandbox =
        Sandbox::open(None, "http://shop.example", clock, Arc::new(CountedIds::default())).expect("a sandbox");
    let mut asked = request();
    asked.expires_at = now + SignedDuration::from_mins(35);
    let answer = ask(&sandbox, &wire::open_request(&asked), Some("chk_1")).await.expect("an answer");
    let whole = answer.whole.expect("the typed session decodes");
    assert_eq!(whole.amount_total, Some(asked.total.minor));
    let stripe = crate::payment::stripe::Stripe::over(Arc::new(sandbox), Vec::new(), "sandbox");
    let session = stripe.session(whole.id.as_str()).await.expect("a session");
    assert_eq!(session.checkout.as_deref(), Some("chk_1"));
    let closed = stripe.expire(&session.id).await.expect("closed");
    let again = stripe.expire(&session.id).await.expect("still closed");
    assert_eq!(closed, again);
}
