//! What can go wrong on demand, and the file that outlives the process.

use crate::payment::sandbox::api::Incoming;
use crate::payment::sandbox::mischief::{Misbehaviour, Webhooks};
use crate::payment::sandbox::state::Stage;
use crate::payment::sandbox::tests::money::GOOD;
use crate::payment::sandbox::tests::{Bench, paying};
use std::io::Write;

#[tokio::test]
async fn a_500_that_is_kept_is_repeated_and_only_the_list_knows() {
    let bench = Bench::new();
    let intent = bench.paid("chk_1", GOOD).await;
    let form = [("payment_intent".to_owned(), intent)];
    let call = Incoming { method: "POST", path: "/v1/refunds", form: &form, key: Some("k") };
    bench.sandbox.misbehave(Misbehaviour::ServerError);
    assert_eq!(bench.sandbox.answer(&call).status, 500);
    assert_eq!(bench.get("/v1/refunds", &[])["data"].as_array().map(Vec::len), Some(0), "nothing was done");
    bench.sandbox.misbehave(Misbehaviour::ServerErrorKept);
    let first = bench.sandbox.answer(&call);
    let again = bench.sandbox.answer(&call);
    assert_eq!((first.status, first.replayed, again.status, again.replayed), (500, false, 500, true));
    assert_eq!(bench.get("/v1/refunds", &[])["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn orders_to_the_drawer() {
    let bench = Bench::new();
    let order = |name: &str, value: &str| bench.sandbox.control(&[(name.to_owned(), value.to_owned())]);
    let page = bench.open("chk_1").await.id;
    order("short", "1").expect("told");
    bench.sandbox.pay(&page, &paying(GOOD)).expect("paid");
    let session = bench.get(&format!("/v1/checkout/sessions/{page}"), &[("expand[]", "payment_intent")]);
    assert_eq!(
        (&session["amount_total"], &session["payment_intent"]["amount_received"]),
        (&15_479.into(), &15_479.into())
    );

    let other = bench.open("chk_2").await.id;
    assert_eq!(order("expire", &other).expect("closed")["done"][0]["led_to"], "expired");
    assert_eq!(bench.sandbox.page(&other).map(|p| p.state), Some(Stage::Expired));
    bench.arrived();

    order("webhooks", "backwards:5").expect("told");
    let third = bench.paid("chk_3", GOOD).await;
    let dispute = order("dispute", &third).expect("opened")["done"][0]["led_to"].as_str().expect("an id").to_owned();
    order("lose", &dispute).expect("lost");
    assert!(bench.arrived().is_empty());
    bench.minutes(1);
    assert_eq!(
        bench.arrived(),
        [
            "charge.dispute.closed",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.created",
            "checkout.session.completed"
        ]
    );
    for (name, value) in [
        ("call", "sing"),
        ("webhooks", "delayed"),
        ("webhooks", "delayed:-1"),
        ("win", "du_0"),
        ("expire", "x"),
        ("colour", ""),
    ] {
        let error = order(name, value).expect_err(value);
        assert!(error.to_string().starts_with(&format!("`{name}`")), "{error}");
    }
}

#[tokio::test]
async fn events_that_did_not_arrive_can_be_asked_for() {
    let bench = Bench::new();
    bench.sandbox.set_webhooks(Webhooks::Dropped);
    bench.paid("chk_1", GOOD).await;
    bench.sandbox.set_webhooks(Webhooks::Normal);
    bench.paid("chk_2", GOOD).await;
    bench.arrived();
    let count = |form: &[(&str, &str)]| bench.get("/v1/events", form)["data"].as_array().map(Vec::len);
    let kind = ("types[]", "checkout.session.completed");
    assert_eq!(count(&[kind]), Some(2));
    assert_eq!(count(&[kind, ("delivery_success", "false")]), Some(1));
    assert_eq!(count(&[kind, ("delivery_success", "true")]), Some(1));
    assert_eq!(count(&[("type", "checkout.*")]), Some(2));
    assert_eq!(count(&[("created[gte]", "1790000000")]), Some(6));
    assert_eq!(count(&[("created[gt]", "1790000000")]), Some(0));
}

#[tokio::test]
async fn endpoints_hear_what_they_asked_for_with_their_own_secret() {
    let bench = Bench::new();
    let hook = [("url", "http://127.0.0.1:9/hook"), ("enabled_events[]", "charge.succeeded")];
    let made = bench.post("/v1/webhook_endpoints", &hook, None).1;
    let secret = made["secret"].as_str().expect("told once").to_owned();
    let id = made["id"].as_str().expect("an id").to_owned();
    assert!(bench.get(&format!("/v1/webhook_endpoints/{id}"), &[]).get("secret").is_none());
    bench.paid("chk_1", GOOD).await;
    assert_eq!(bench.arrived(), ["checkout.session.completed"], "the shop's own endpoint hears its own events only");
    let mut due = bench.sandbox.due_elsewhere(crate::clock::Clock::now(bench.clock.as_ref()));
    let delivery = due.pop().expect("one");
    assert!(due.is_empty() && delivery.url.as_deref() == Some("http://127.0.0.1:9/hook"));
    let secrets = [secrecy::SecretString::from(secret)];
    let now = crate::clock::Clock::now(bench.clock.as_ref());
    let event = crate::payment::stripe::verify::verify(
        &delivery.body,
        &delivery.signature_header,
        &secrets,
        crate::payment::stripe::transport::Mode::Test,
        now,
    );
    assert_eq!(event.expect("signed with its secret").kind, "charge.succeeded");
    bench.sandbox.delivered_to(&delivery.event_id, &id, true);
    bench.minutes(600);
    assert!(bench.sandbox.due_elsewhere(crate::clock::Clock::now(bench.clock.as_ref())).is_empty());
    let own = bench.sandbox.handle("DELETE", "/v1/webhook_endpoints/we_test_own", &[], None);
    assert_eq!(own.0, 400);
    assert_eq!(bench.sandbox.handle("DELETE", &format!("/v1/webhook_endpoints/{id}"), &[], None).1["deleted"], true);
}

#[tokio::test]
async fn half_a_line_is_an_act_that_was_never_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sandbox.json");
    let before = Bench::with_file(Some(file.clone()));
    before.eventful().await;
    let told = before.get("/v1/events", &[("limit", "100")]);
    let mut text = std::fs::OpenOptions::new().append(true).open(&file).expect("the file");
    text.write_all(br#"[{"row":"session","is":{"id":"cs_test_half"#).expect("half a line");
    let after = before.restarted(file.clone());
    assert_eq!(after.sandbox.notice(), None);
    assert_eq!(after.get("/v1/events", &[("limit", "100")]), told, "everything answered is there");
    // What is written behind half a line must not be lost with it.
    let id = after.open("chk_10").await.id;
    assert!(after.restarted(file).sandbox.page(&id).is_some());
}

#[tokio::test]
async fn a_file_of_the_first_release_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sandbox.json");
    std::fs::write(&file, include_str!("first_release.json")).expect("written");
    let bench = Bench::with_file(Some(file.clone()));
    assert_eq!(bench.sandbox.notice(), None);
    let paid = bench.get("/v1/checkout/sessions/cs_test_of_the_first_release", &[("expand[]", "payment_intent")]);
    assert_eq!((&paid["payment_status"], &paid["payment_intent"]["status"]), (&"paid".into(), &"succeeded".into()));
    assert_eq!(bench.arrived(), ["checkout.session.completed"], "what was due is still due");
    let intent = paid["payment_intent"]["id"].as_str().expect("an id");
    assert_eq!(bench.post("/v1/refunds", &[("payment_intent", intent)], None).0, 200);
}
