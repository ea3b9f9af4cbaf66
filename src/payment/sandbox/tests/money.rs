//! Money after the payment: refunds and disputes, over the API and by test card.

use crate::domain::id::OrderId;
use crate::payment::Payments;
use crate::payment::sandbox::mischief::Refunds;
use crate::payment::sandbox::tests::{Bench, paying};
use proptest::prelude::*;
use serde_json::Value;

pub(super) const GOOD: &str = "4242424242424242";
const DISPUTED: &str = "4000000000000259";
const REFUND_FAILS: &str = "4000000000005126";

type Answer = (u16, Value);

impl Bench {
    pub(super) fn post(&self, path: &str, form: &[(&str, &str)], key: Option<&str>) -> Answer {
        let form: Vec<_> = form.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        self.sandbox.handle("POST", path, &form, key)
    }

    pub(super) fn get(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let form: Vec<_> = form.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let (status, body) = self.sandbox.handle("GET", path, &form, None);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// A paid page's payment.
    pub(super) async fn paid(&self, checkout: &str, card: &str) -> String {
        let id = self.open(checkout).await.id;
        self.sandbox.pay(&id, &paying(card)).expect("paid");
        let page = self.stripe.session(&id).await.expect("a session");
        page.intent.expect("a payment")
    }

    /// A bit of everything that can happen.
    pub(super) async fn eventful(&self) {
        let hook = [("url", "http://127.0.0.1:9/hook"), ("enabled_events[]", "*")];
        assert_eq!(self.post("/v1/webhook_endpoints", &hook, None).0, 200);
        let intent = self.paid("chk_1", GOOD).await;
        for amount in ["100", "15380"] {
            let form = [("payment_intent", intent.as_str()), ("amount", amount), ("metadata[a]", "b")];
            assert_eq!(self.post("/v1/refunds", &form, None).0, 200);
        }
        self.sandbox.set_refunds(Refunds::Slow(3600));
        let intent = self.paid("chk_2", REFUND_FAILS).await;
        assert_eq!(self.post("/v1/refunds", &[("payment_intent", &intent)], None).1["status"], "pending");
        self.sandbox.set_refunds(Refunds::Normal);
        for (checkout, wins) in [("chk_3", true), ("chk_4", false)] {
            let intent = self.paid(checkout, GOOD).await;
            let dispute = self.sandbox.dispute_payment(&intent).expect("a dispute");
            assert!(self.sandbox.decide_dispute(&dispute, wins));
        }
        let intent = self.paid("chk_5", REFUND_FAILS).await;
        assert_eq!(self.post("/v1/refunds", &[("payment_intent", &intent)], None).0, 200);
        for (checkout, arrives) in [("chk_6", true), ("chk_7", false)] {
            let id = self.open(checkout).await.id;
            self.sandbox.pay(&id, &paying("4000000000007726")).expect("pending");
            let _ = if arrives { self.sandbox.settle(&id) } else { self.sandbox.fail(&id) };
        }
        self.open("chk_8").await;
        self.minutes(36);
        self.sandbox.tick();
        self.open("chk_9").await;
    }
}

fn said(answer: &Answer) -> String {
    let error = &answer.1["error"];
    let text = |field: &str| error[field].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}: {}", answer.0, text("code"), text("param"), text("message"))
}

#[tokio::test]
async fn refunds_go_to_the_last_cent_and_no_further() {
    let bench = Bench::new();
    let intent = bench.paid("chk_1", GOOD).await;
    bench.arrived();
    let refund = |form: &[(&str, &str)], key: Option<&str>| {
        let form = [&[("payment_intent", intent.as_str())], form].concat();
        bench.post("/v1/refunds", &form, key)
    };
    let first = refund(&[("amount", "5480"), ("metadata[refund_id]", "rfd_1")], Some("rfd_1"));
    assert_eq!(
        (first.0, &first.1["status"], &first.1["metadata"]["refund_id"]),
        (200, &"succeeded".into(), &"rfd_1".into())
    );
    let again = refund(&[("amount", "5480"), ("metadata[refund_id]", "rfd_1")], Some("rfd_1"));
    assert_eq!(again, first, "one key, one refund");
    // As seahaven-stripe-world 0.3.0 answers it, word for word.
    assert_eq!(
        said(&refund(&[("amount", "10001")], None)),
        "400 - amount: Refund amount (€100.01) is greater than unrefunded amount on charge (€100.00)"
    );
    let rest = refund(&[], None);
    assert_eq!((rest.0, rest.1["amount"].as_i64()), (200, Some(10_000)));
    let charge = rest.1["charge"].as_str().expect("a charge").to_owned();
    assert_eq!(
        said(&refund(&[("amount", "1")], None)),
        format!("400 charge_already_refunded -: Charge {charge} has already been refunded.")
    );
    for (form, says) in [
        (("amount", "0"), "400 parameter_invalid_integer amount: This value must be greater than or equal to 1."),
        (("amount", "abc"), "400 parameter_invalid_integer amount: Invalid integer: abc"),
        (("colour", "red"), "400 parameter_unknown colour: Received unknown parameter: colour"),
    ] {
        assert_eq!(said(&refund(&[form], None)), says);
    }
    let shown = bench.get(&format!("/v1/charges/{charge}"), &[]);
    assert_eq!((shown["amount_refunded"].as_i64(), shown["refunded"].as_bool()), (Some(15_480), Some(true)));
    let listed = bench.get("/v1/refunds", &[("payment_intent", &intent), ("limit", "1")]);
    assert_eq!((&listed["data"][0]["id"], &listed["has_more"]), (&rest.1["id"], &true.into()));
    assert_eq!(bench.arrived(), ["refund.created", "charge.refunded", "refund.created", "charge.refunded"]);
    let moved = bench.get("/v1/balance_transactions", &[]);
    let amounts: Vec<_> = moved["data"].as_array().expect("a list").iter().map(|m| m["amount"].as_i64()).collect();
    assert_eq!(amounts, [Some(-10_000), Some(-5_480), Some(15_480)]);
}

#[tokio::test]
async fn a_refund_that_fails_later_gives_the_money_back_to_the_shop() {
    let bench = Bench::new();
    let intent = bench.paid("chk_1", REFUND_FAILS).await;
    let refund = bench.post("/v1/refunds", &[("payment_intent", &intent)], None).1;
    assert_eq!(refund["status"], "succeeded");
    bench.arrived();
    bench.minutes(1);
    assert_eq!(bench.arrived(), ["refund.failed", "refund.updated"]);
    let id = refund["id"].as_str().expect("an id");
    let failed = bench.get(&format!("/v1/refunds/{id}"), &[("expand[]", "charge")]);
    assert_eq!((&failed["status"], &failed["charge"]["amount_refunded"]), (&"failed".into(), &0.into()));
    assert!(failed["failure_balance_transaction"].is_string() && failed["failure_reason"].is_string());
    assert_eq!(bench.post("/v1/refunds", &[("payment_intent", &intent)], None).0, 200, "it can be tried again");
}

#[tokio::test]
async fn a_dispute_takes_the_money_until_it_is_won() {
    let bench = Bench::new();
    let intent = bench.paid("chk_1", DISPUTED).await;
    bench.arrived();
    assert_eq!(bench.get("/v1/disputes", &[])["data"].as_array().map(Vec::len), Some(0));
    bench.minutes(1);
    assert_eq!(bench.arrived(), ["charge.dispute.created", "charge.dispute.funds_withdrawn"]);
    let dispute = bench.get("/v1/disputes", &[("payment_intent", &intent)])["data"][0].clone();
    let taken = &dispute["balance_transactions"][0];
    assert_eq!((taken["amount"].as_i64(), taken["fee"].as_i64()), (Some(-15_480), Some(1500)));
    let refused = bench.post("/v1/refunds", &[("payment_intent", &intent)], None);
    assert_eq!(refused.1["error"]["code"], "charge_disputed");
    let path = format!("/v1/disputes/{}", dispute["id"].as_str().expect("an id"));
    let odd = bench.post(&path, &[("evidence[colour]", "red")], None);
    assert_eq!(odd.1["error"]["code"], "parameter_unknown");
    let won = bench.post(&path, &[("evidence[uncategorized_text]", "winning_evidence")], None);
    assert_eq!((won.0, &won.1["status"]), (200, &"won".into()));
    assert_eq!(bench.arrived(), ["charge.dispute.updated", "charge.dispute.funds_reinstated", "charge.dispute.closed"]);
    let closed = bench.post(&format!("{path}/close"), &[], None);
    assert_eq!(said(&closed), "400 - -: This dispute is already closed");
    let order = OrderId::new("ord_1");
    assert_eq!(bench.get("/v1/charges", &[])["data"][0]["metadata"]["order_id"], order.as_str());
}

proptest! {
    /// Whatever is asked for, by however many keys: what is refunded is never more than what was paid, and the balance
    /// agrees with the charge.
    #[test]
    fn no_way_of_asking_refunds_too_much(asks in prop::collection::vec((1i64..9000, 0u8..6, any::<bool>()), 1..12)) {
        let bench = Bench::new();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let intent = runtime.block_on(bench.paid("chk_1", GOOD));
        for (amount, key, fails) in asks {
            let (amount, key) = (amount.to_string(), format!("k{key}"));
            let (status, body) =
                bench.post("/v1/refunds", &[("payment_intent", &intent), ("amount", &amount)], Some(&key));
            prop_assert!(status == 200 || status == 400);
            if let Some(id) = body["id"].as_str().filter(|_| fails) {
                bench.sandbox.fail_refund(id);
            }
            let charge = &bench.get("/v1/charges", &[])["data"][0];
            let refunded = charge["amount_refunded"].as_i64().expect("a number");
            prop_assert!((0..=15_480).contains(&refunded));
            let moved = bench.get("/v1/balance_transactions", &[("limit", "100")]);
            let sum: i64 = moved["data"].as_array().expect("a list").iter().filter_map(|m| m["amount"].as_i64()).sum();
            prop_assert_eq!(sum, 15_480 - refunded);
        }
    }
}
