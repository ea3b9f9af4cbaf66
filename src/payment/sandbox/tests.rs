//! Tests of the sandbox: a payment's whole life through the trait, as the shop sees it.

mod api;
mod life;
mod money;
mod rules;
mod strict;

use crate::clock::{Clock, CountedIds, HandClock, Ids};
use crate::domain::checkout::Standing;
use crate::domain::id::{CheckoutId, OrderId};
use crate::domain::money::{Currency, Money};
use crate::payment::sandbox::card::PayForm;
use crate::payment::sandbox::deliver::GAP_SECONDS;
use crate::payment::sandbox::mischief::{Misbehaviour, Webhooks};
use crate::payment::sandbox::{NAME, Sandbox, state::Stage};
use crate::payment::stripe::Stripe;
use crate::payment::{Error, Line, OpenRequest, Payments, Session, SessionStatus};
use jiff::{Span, Timestamp};
use std::path::PathBuf;
use std::sync::Arc;

/// A shop with a sandbox and a clock by hand.
pub(super) struct Bench {
    pub(super) clock: Arc<HandClock>,
    ids: Arc<dyn Ids>,
    pub(super) sandbox: Arc<Sandbox>,
    pub(super) stripe: Stripe,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::with_file(None)
    }

    pub(super) fn with_file(file: Option<PathBuf>) -> Self {
        let clock = Arc::new(HandClock::at(Timestamp::from_second(1_790_000_000).expect("a moment")));
        Self::start(file, clock, Arc::new(CountedIds::default()))
    }

    fn start(file: Option<PathBuf>, clock: Arc<HandClock>, ids: Arc<dyn Ids>) -> Self {
        let sandbox = Sandbox::open(file, "http://shop.example/", clock.clone(), ids.clone()).expect("a sandbox");
        let sandbox = Arc::new(sandbox);
        let stripe = Stripe::over(sandbox.clone(), vec![sandbox.webhook_secret()], NAME);
        Self { clock, ids, sandbox, stripe }
    }

    pub(super) fn restarted(&self, file: PathBuf) -> Self {
        Self::start(Some(file), self.clock.clone(), self.ids.clone())
    }

    pub(super) fn minutes(&self, minutes: i64) {
        self.clock.advance(Span::new().minutes(minutes));
    }

    pub(super) fn request(&self, checkout: &str) -> OpenRequest {
        let euro = |minor| Money::new(minor, Currency::EUR);
        let line = |name: &str, minor, quantity| Line { name: name.to_owned(), unit: euro(minor), quantity };
        OpenRequest {
            checkout: CheckoutId::new(checkout),
            order: OrderId::new("ord_1"),
            number: "A-1001".to_owned(),
            lines: vec![line("Trail shoe, 42", 12_990, 1), line("Socks", 1_000, 2), line("Shipping", 490, 1)],
            total: euro(15_480),
            expires_at: self.clock.now() + Span::new().minutes(35),
            success_url: "http://shop.example/orders/t?paid={CHECKOUT_SESSION_ID}".to_owned(),
            cancel_url: "http://shop.example/chat".to_owned(),
            locale: "de-AT".to_owned(),
        }
    }

    pub(super) async fn open(&self, checkout: &str) -> Session {
        self.stripe.open(&self.request(checkout)).await.expect("a session")
    }

    pub(super) async fn standing(&self, session: &str) -> Standing {
        self.stripe.session(session).await.expect("a session").fact().standing
    }

    /// Kinds of the events that are due, each verified as the webhook endpoint does, and reported as arrived.
    pub(super) fn arrived(&self) -> Vec<String> {
        let mut kinds = Vec::new();
        for delivery in self.sandbox.due_deliveries(self.clock.now()) {
            let event = self.stripe.verify(&delivery.body, &delivery.signature_header, self.clock.now());
            let event = event.expect("an event that verifies");
            assert_eq!(event.id, delivery.event_id);
            kinds.push(event.kind);
            self.sandbox.delivered(&delivery.event_id, true);
        }
        kinds
    }
}

pub(super) fn paying(number: &str) -> PayForm {
    PayForm {
        email: "ada@example.com".to_owned(),
        name: "Ada Lovelace".to_owned(),
        line1: "Ring 1".to_owned(),
        postal_code: "1010".to_owned(),
        city: "Wien".to_owned(),
        country: "at".to_owned(),
        number: number.to_owned(),
        expiry: "12/34".to_owned(),
        cvc: "123".to_owned(),
    }
}

const GOOD: &str = "4242 4242 4242 4242";
const SLOW: &str = "4000000000007726";

#[tokio::test]
async fn a_page_is_opened_once_paid_and_told_of() {
    let bench = Bench::new();
    let opened = bench.open("chk_1").await;
    assert_eq!(opened.url, Some(format!("http://shop.example/pay/{}", opened.id)));
    assert_eq!((opened.status, opened.paid, opened.reference.as_deref()), (SessionStatus::Open, false, Some("ord_1")));
    assert_eq!(bench.open("chk_1").await, opened, "the same key gives the same page");
    assert_ne!(bench.open("chk_2").await.id, opened.id);

    let page = bench.sandbox.page(&opened.id).expect("a page");
    assert_eq!(
        (page.total.to_string(), page.minutes_left, page.number.as_deref()),
        ("€154.80".into(), 35, Some("A-1001"))
    );
    assert_eq!((page.lines.len(), page.locale.as_deref()), (3, Some("de")));
    assert!(page.success_url.ends_with(&opened.id));
    assert_eq!(bench.arrived(), Vec::<String>::new());

    assert_eq!(bench.sandbox.pay(&opened.id, &paying(GOOD)), Ok(Stage::Paid));
    assert_eq!(bench.sandbox.pay(&opened.id, &paying(GOOD)), Ok(Stage::Paid), "pressed twice");
    let paid = bench.stripe.session(&opened.id).await.expect("a session");
    assert_eq!((paid.status, paid.paid, paid.failed, paid.url.as_ref()), (SessionStatus::Complete, true, false, None));
    let to = paid.shipping.clone().expect("an address");
    assert_eq!((to.line1.as_str(), to.country.as_str(), to.email.as_str()), ("Ring 1", "AT", "ada@example.com"));
    assert_eq!(paid.fact().standing, Standing::Paid);
    assert_eq!(bench.arrived(), ["checkout.session.completed"]);

    let late = bench.stripe.expire(&opened.id).await.expect("how it stands");
    assert_eq!(late, paid, "closing a paid page says that it is paid");
    bench.minutes(60);
    assert_eq!(bench.standing(&opened.id).await, Standing::Paid);
}

#[tokio::test]
async fn a_decline_leaves_the_page_open() {
    let bench = Bench::new();
    let id = bench.open("chk_1").await.id;
    for (number, field) in [
        ("4000 0000 0000 0002", "number"),
        ("4000-0000-0000-9995", "number"),
        ("4000000000000069", "expiry"),
        ("4000000000000127", "cvc"),
    ] {
        assert_eq!(bench.sandbox.pay(&id, &paying(number)).expect_err(number).field, field);
        assert_eq!(bench.standing(&id).await, Standing::Open);
    }
    assert_eq!(bench.arrived(), Vec::<String>::new());
    assert_eq!(bench.sandbox.pay(&id, &paying(GOOD)), Ok(Stage::Paid));
}

#[tokio::test]
async fn a_slow_payment_arrives_or_fails_later() {
    let bench = Bench::new();
    let (good, bad) = (bench.open("chk_1").await.id, bench.open("chk_2").await.id);
    for id in [&good, &bad] {
        assert_eq!(bench.sandbox.pay(id, &paying(SLOW)), Ok(Stage::Pending));
        assert_eq!(bench.standing(id).await, Standing::Processing);
    }
    bench.minutes(600);
    assert_eq!(bench.standing(&good).await, Standing::Processing, "a finished page does not expire");
    assert_eq!(bench.sandbox.settle(&good), Some(Stage::Paid));
    assert_eq!(bench.sandbox.fail(&good), Some(Stage::Paid), "what is paid cannot fail");
    assert_eq!(bench.sandbox.fail(&bad), Some(Stage::Failed));
    assert_eq!(bench.sandbox.settle(&bad), Some(Stage::Failed));
    assert_eq!((bench.standing(&good).await, bench.standing(&bad).await), (Standing::Paid, Standing::Dead));
    assert_eq!(bench.sandbox.settle("cs_test_none"), None);
    let kinds = ["completed", "completed", "async_payment_succeeded", "async_payment_failed"];
    assert_eq!(bench.arrived(), kinds.map(|k| format!("checkout.session.{k}")));
}

#[tokio::test]
async fn a_page_expires_once() {
    let bench = Bench::new();
    let id = bench.open("chk_1").await.id;
    bench.minutes(34);
    assert_eq!(bench.standing(&id).await, Standing::Open);
    bench.minutes(1);
    bench.sandbox.tick();
    bench.sandbox.tick();
    assert_eq!(bench.standing(&id).await, Standing::Dead);
    assert_eq!(bench.sandbox.pay(&id, &paying(GOOD)), Ok(Stage::Expired));
    assert_eq!(bench.stripe.expire(&id).await.expect("how it stands").status, SessionStatus::Expired);
    let other = bench.open("chk_2").await.id;
    assert_eq!(bench.stripe.expire(&other).await.expect("closed").status, SessionStatus::Expired);
    assert_eq!(bench.arrived(), ["checkout.session.expired", "checkout.session.expired"]);
}

#[tokio::test]
async fn lost_answers_and_other_mischief() {
    let bench = Bench::new();
    bench.sandbox.misbehave(Misbehaviour::LoseAnswer);
    bench.sandbox.misbehave(Misbehaviour::TooMany);
    let request = bench.request("chk_1");
    for _ in 0..2 {
        assert!(matches!(bench.stripe.open(&request).await, Err(Error::Unknown(_))));
    }
    bench.minutes(1);
    let session = bench.stripe.open(&request).await.expect("the page that was made at the first try");
    let listed = bench.sandbox.handle("GET", "/v1/checkout/sessions", &[], None).1;
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1), "one try, one page");
    assert_eq!(listed["data"][0]["id"], session.id.as_str());

    bench.sandbox.misbehave(Misbehaviour::GarbleAnswer);
    match bench.stripe.session(&session.id).await {
        Err(Error::Unreadable { request_id, .. }) => assert!(request_id.starts_with("req_"), "{request_id}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(bench.standing(&session.id).await, Standing::Open);
}

#[tokio::test]
async fn events_come_again_until_they_arrive_or_are_given_up() {
    let bench = Bench::new();
    let id = bench.open("chk_1").await.id;
    bench.sandbox.set_webhooks(Webhooks::Delayed(60));
    bench.sandbox.pay(&id, &paying(SLOW)).expect("pending");
    assert!(bench.sandbox.due_deliveries(bench.clock.now()).is_empty());
    bench.minutes(1);
    for gap in GAP_SECONDS {
        let due = bench.sandbox.due_deliveries(bench.clock.now());
        assert_eq!(due.len(), 1, "before a gap of {gap} s");
        bench.sandbox.delivered(&due[0].event_id, false);
        assert!(bench.sandbox.due_deliveries(bench.clock.now()).is_empty(), "it comes again only after its gap");
        bench.clock.advance(Span::new().seconds(gap));
    }
    assert_eq!(bench.arrived().len(), 1, "the last try");
    bench.minutes(6000);
    assert!(bench.arrived().is_empty());

    bench.sandbox.set_webhooks(Webhooks::Dropped);
    bench.sandbox.settle(&id);
    assert!(bench.arrived().is_empty());
    let events = bench.sandbox.handle("GET", "/v1/events", &[], None).1;
    assert_eq!(events["data"][0]["type"], "checkout.session.async_payment_succeeded", "dropped, but listed");
    assert_eq!(events["data"][0]["data"]["object"]["payment_status"], "paid");
    let kind = [("type".to_owned(), "checkout.session.completed".to_owned())];
    let first = bench.sandbox.handle("GET", "/v1/events", &kind, None).1;
    assert_eq!(first["data"][0]["data"]["object"]["payment_status"], "unpaid", "an event tells of its own time");

    bench.sandbox.set_webhooks(Webhooks::Twice);
    let other = bench.open("chk_2").await.id;
    bench.stripe.expire(&other).await.expect("closed");
    assert_eq!(bench.arrived().len(), 2);
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("deep/sandbox.json");
    let before = Bench::with_file(Some(file.clone()));
    let id = before.open("chk_1").await.id;
    before.sandbox.pay(&id, &paying(GOOD)).expect("paid");
    let request = before.request("chk_1");

    let after = before.restarted(file.clone());
    assert_eq!(after.standing(&id).await, Standing::Paid);
    assert_eq!(after.stripe.open(&request).await.expect("the same page").id, id);
    assert_eq!(after.arrived(), ["checkout.session.completed"], "signed with the same secret");
    let text = std::fs::read_to_string(&file).expect("the file");
    assert!(!text.contains("42424242") && !text.contains("4242 4242"), "a card number was stored");

    std::fs::write(&file, text.get(..50).unwrap_or_default()).expect("broken");
    let fresh = before.restarted(file.clone());
    let notice = fresh.sandbox.notice().expect("a sentence");
    assert!(notice.contains("was moved to") && notice.contains("broken-1790000000"), "{notice}");
    assert!(matches!(fresh.stripe.session(&id).await, Err(Error::Refused { code, .. }) if code == "resource_missing"));
    assert_eq!(std::fs::read_dir(file.parent().expect("a folder")).expect("files").count(), 2);
}
