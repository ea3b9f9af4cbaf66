//! Tests of the client over real HTTP: what is sent, and what each kind of answer means.

mod lists;
mod refunds;
mod whole;

use crate::domain::checkout::Standing;
use crate::domain::id::{CheckoutId, OrderId};
use crate::domain::money::{Currency, Money};
use crate::payment::stripe::Stripe;
use crate::payment::stripe::exchange::Answer;
use crate::payment::stripe::transport::{API_VERSION, Http, Raw};
use crate::payment::stripe::{answer, wire};
use crate::payment::{Error, Line, OpenRequest, Payments, Session};
use jiff::Timestamp;
use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wiremock::matchers::{any, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn request() -> OpenRequest {
    let unit = Money::new(1999, Currency::EUR);
    OpenRequest {
        checkout: CheckoutId::new("chk_1"),
        order: OrderId::new("ord_1"),
        number: "A-1001".to_owned(),
        lines: vec![Line { name: "Shoe & sock = 1".to_owned(), unit, quantity: 2 }],
        total: Money::new(3998, Currency::EUR),
        expires_at: Timestamp::from_second(1_790_002_100).expect("a moment"),
        success_url: "https://shop.example/o?s={CHECKOUT_SESSION_ID}".to_owned(),
        cancel_url: "https://shop.example/chat".to_owned(),
        locale: "pt_BR".to_owned(),
    }
}

fn open_session() -> Value {
    json!({
        "id": "cs_test_1", "object": "checkout.session", "status": "open", "payment_status": "unpaid",
        "amount_total": 3998, "currency": "eur", "client_reference_id": "ord_1", "url": "https://checkout.stripe.com/c/pay/1",
        "something_new": { "of": ["tomorrow"] },
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut session = open_session();
    session[field] = value;
    session
}

fn client(server: &str) -> Stripe {
    let http = Http::new(server, &SecretString::from(" sk_test_1\n")).expect("a client");
    Stripe::over(Arc::new(http), Vec::new(), "Stripe, test mode")
}

async fn answering(response: ResponseTemplate) -> (MockServer, Stripe) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response.insert_header("request-id", "req_7")).mount(&server).await;
    let stripe = client(&server.uri());
    (server, stripe)
}

fn kind<T>(answer: &Result<T, Error>) -> String {
    match answer {
        Ok(_) => "a session".to_owned(),
        Err(Error::Unknown(_)) => "unknown".to_owned(),
        Err(Error::Refused { code, .. }) => format!("refused: {code}"),
        Err(Error::Unreadable { request_id, .. }) => format!("unreadable, {request_id}"),
    }
}

#[tokio::test]
async fn a_page_is_asked_for_in_stripes_words() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/checkout/sessions"))
        .and(header("authorization", "Bearer sk_test_1"))
        .and(header("stripe-version", API_VERSION))
        .and(header("idempotency-key", "chk_1"))
        .and(header("content-type", "application/x-www-form-urlencoded"))
        .respond_with(ResponseTemplate::new(200).set_body_json(open_session()))
        .expect(1)
        .mount(&server)
        .await;
    let session = client(&format!("{}/", server.uri())).open(&request()).await.expect("a session");
    assert_eq!((session.id.as_str(), session.total), ("cs_test_1", request().total));

    let sent = server.received_requests().await.expect("recorded").remove(0);
    let form: Vec<(String, String)> = serde_urlencoded::from_bytes(&sent.body).expect("a form");
    let shown: Vec<_> =
        form.iter().filter(|(k, _)| !k.contains("countries")).map(|(k, v)| format!("{k} = {v}")).collect();
    insta::assert_snapshot!(shown.join("\n"), @"
    adaptive_pricing[enabled] = false
    allow_promotion_codes = false
    allowed_payment_method_types[0] = card
    allowed_payment_method_types[1] = link
    automatic_tax[enabled] = false
    cancel_url = https://shop.example/chat
    client_reference_id = ord_1
    expires_at = 1790002100
    line_items[0][adjustable_quantity][enabled] = false
    line_items[0][price_data][currency] = eur
    line_items[0][price_data][product_data][name] = Shoe & sock = 1
    line_items[0][price_data][unit_amount] = 1999
    line_items[0][quantity] = 2
    locale = pt-BR
    metadata[checkout_id] = chk_1
    metadata[order_id] = ord_1
    metadata[order_number] = A-1001
    mode = payment
    payment_intent_data[metadata][checkout_id] = chk_1
    payment_intent_data[metadata][order_id] = ord_1
    payment_intent_data[metadata][order_number] = A-1001
    success_url = https://shop.example/o?s={CHECKOUT_SESSION_ID}
    ");
}

#[tokio::test]
async fn each_answer_means_its_own_thing_for_money() {
    let envelope =
        json!({ "error": { "type": "invalid_request_error", "code": "amount_too_small", "message": "No." } });
    let html = |status| ResponseTemplate::new(status).set_body_raw("<html>Bad gateway", "text/html");
    let too_long = format!("{}{}", " ".repeat(8 << 20), open_session());
    let with_json = |status, body: &Value| ResponseTemplate::new(status).set_body_json(body);
    for (response, says) in [
        (with_json(409, &envelope), "unknown"),
        (with_json(424, &envelope), "unknown"),
        (with_json(429, &envelope), "unknown"),
        (with_json(500, &envelope), "unknown"),
        (html(502), "unknown"),
        (with_json(400, &envelope), "refused: amount_too_small"),
        (with_json(402, &json!({ "error": { "type": "card_error" } })), "refused: card_error"),
        (html(404), "unreadable, req_7"),
        (with_json(400, &json!({})), "unreadable, req_7"),
        (html(200), "unreadable, req_7"),
        (ResponseTemplate::new(302).insert_header("location", "https://elsewhere.example"), "unreadable, req_7"),
        (with_json(200, &with("amount_total", json!(3997))), "unreadable, req_7"),
        (with_json(200, &with("amount_total", json!(3998.5))), "unreadable, req_7"),
        (with_json(200, &with("currency", json!("usd"))), "unreadable, req_7"),
        (with_json(200, &with("client_reference_id", json!("ord_2"))), "unreadable, req_7"),
        (with_json(200, &with("payment_status", json!("no_payment_required"))), "unreadable, req_7"),
        (with_json(200, &with("status", json!("frozen"))), "unreadable, req_7"),
        (with_json(200, &with("url", json!("javascript:alert(1)"))), "unreadable, req_7"),
        (ResponseTemplate::new(200).set_body_raw(too_long.clone(), "application/json"), "unreadable, req_7"),
        (with_json(200, &open_session()), "a session"),
    ] {
        let (_server, stripe) = answering(response).await;
        let answer = stripe.open(&request()).await;
        assert_eq!(kind(&answer), says, "{answer:?}");
    }
}

#[tokio::test]
async fn no_answer_or_half_an_answer_is_unknown() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let half = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("a caller");
        let _ = socket.read(&mut [0; 4096]).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"id\":").await.expect("half an answer");
    });
    let stripe = client(&address);
    assert_eq!(kind(&stripe.open(&request()).await), "unknown");
    half.await.expect("a server");
    assert_eq!(kind(&stripe.open(&request()).await), "unknown", "nobody listens any more");
}

#[tokio::test]
async fn closing_a_page_that_is_not_open_tells_how_it_stands() {
    let server = MockServer::start().await;
    let refusal = json!({ "error": { "type": "invalid_request_error", "message": "Only open ones." } });
    Mock::given(path("/v1/checkout/sessions/cs_test_1/expire"))
        .respond_with(ResponseTemplate::new(400).set_body_json(refusal))
        .mount(&server)
        .await;
    let mut failed = with("status", json!("complete"));
    failed["payment_intent"] = json!({ "status": "requires_payment_method" });
    failed["collected_information"]["shipping_details"] =
        json!({ "name": "Ada", "address": { "line1": "Ring 1", "line2": "Top 2", "city": 7 } });
    Mock::given(method("GET"))
        .and(path("/v1/checkout/sessions/cs_test_1"))
        .and(query_param("expand[0]", "payment_intent"))
        .respond_with(ResponseTemplate::new(200).set_body_json(failed))
        .mount(&server)
        .await;
    let session = client(&server.uri()).expire("cs_test_1").await.expect("how it stands");
    assert_eq!((session.failed, session.fact().standing), (true, Standing::Dead));
    let to = session.shipping.expect("an address");
    assert_eq!((to.line1.as_str(), to.city.as_str()), ("Ring 1, Top 2", ""));
}

#[tokio::test]
async fn closing_has_one_key_and_an_old_fault_repeated_does_not_keep_a_page_open() {
    let server = MockServer::start().await;
    let close = |status| {
        Mock::given(path("/v1/checkout/sessions/cs_test_1/expire"))
            .and(header("idempotency-key", "expire_cs_test_1"))
            .respond_with(ResponseTemplate::new(status).set_body_json(json!({ "error": { "type": "api_error" } })))
    };
    let look = |status: &str| {
        let session = with("status", json!(status));
        Mock::given(method("GET")).respond_with(ResponseTemplate::new(200).set_body_json(session))
    };
    for (fault, stands, says) in [
        (500, "expired", "a session"),
        (500, "open", "unknown"),
        (429, "expired", "unknown"),
        (400, "expired", "a session"),
        (400, "open", "refused: api_error"),
    ] {
        server.reset().await;
        close(fault).expect(1).mount(&server).await;
        look(stands).mount(&server).await;
        let answer = client(&server.uri()).expire("cs_test_1").await;
        assert_eq!(kind(&answer), says, "{fault} while {stands}: {answer:?}");
        server.verify().await;
    }
}

#[tokio::test]
async fn nothing_odd_is_sent_at_all() {
    let (server, stripe) = answering(ResponseTemplate::new(200).set_body_json(open_session())).await;
    for id in ["", "../charges", "cs_test_1/expire", "cs_test_1?x=1", "cs é"] {
        assert_eq!(kind(&stripe.session(id).await), "refused: bad_session_id", "{id}");
        assert_eq!(kind(&stripe.expire(id).await), "refused: bad_session_id", "{id}");
    }
    let mut wrong = request();
    wrong.total.minor += 1;
    assert_eq!(kind(&stripe.open(&wrong).await), "refused: total_mismatch");
    wrong.lines.clear();
    assert_eq!(kind(&stripe.open(&wrong).await), "refused: line_count");
    assert_eq!(server.received_requests().await.map(|r| r.len()), Some(0));
    assert_eq!(kind(&stripe.session("cs_test_other").await), "unreadable, req_7");
}

fn session(raw: &Raw) -> Result<Session, Error> {
    answer::accepted(raw)?;
    answer::one(Answer { whole: None, raw: raw.clone() }).map(|(session, _)| session)
}

#[test]
fn four_standings() {
    let stands = |status: &str, payment: &str, intent: &str| {
        let mut value = with("status", json!(status));
        value["payment_status"] = json!(payment);
        value["payment_intent"] = json!({ "status": intent });
        let raw = Raw { status: 200, body: value.to_string().into_bytes(), request_id: String::new() };
        session(&raw).expect("a session").fact().standing
    };
    assert_eq!(stands("open", "unpaid", "requires_payment_method"), Standing::Open);
    assert_eq!(stands("complete", "unpaid", "processing"), Standing::Processing);
    assert_eq!(stands("complete", "unpaid", "canceled"), Standing::Dead);
    assert_eq!(stands("complete", "paid", "succeeded"), Standing::Paid);
    assert_eq!(stands("expired", "unpaid", "canceled"), Standing::Dead);
}

proptest! {
    #[test]
    fn the_same_request_is_the_same_to_the_last_byte(lines in 1u32..20, name in ".{1,40}", number in "[A-Z0-9-]{1,12}") {
        let mut request = request();
        let line = Line { name, ..request.lines.remove(0) };
        request.lines = vec![line; lines as usize];
        request.number = number;
        let first = wire::open_form(&request);
        for _ in 0..8 {
            prop_assert_eq!(&wire::open_form(&request), &first);
        }
        let positions: Vec<_> = first.iter().filter(|(k, _)| k.starts_with("line_items") && k.ends_with("[quantity]")).collect();
        prop_assert_eq!(positions.len(), lines as usize);
    }

    #[test]
    fn any_answer_is_survived(status in 100u16..600, body: Vec<u8>) {
        let _ = session(&Raw { status, body, request_id: String::new() });
    }
}
