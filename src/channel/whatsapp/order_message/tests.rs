//! Order messages as they go over the wire, and what no order, code or webhook may do to them.

use crate::channel::ask_to_pay::{self, AskToPay, Asking, Error};
use crate::channel::whatsapp::order_message::Market;
use crate::channel::whatsapp::order_message::bill::Bill;
use crate::channel::whatsapp::order_message::details::{Import, ImporterAddress, OrderDetails, Origin, Receiver};
use crate::channel::whatsapp::order_message::instrument::{Gateway, Instrument, PixKey};
use crate::channel::whatsapp::order_message::payment_status::{self, Stage};
use crate::channel::whatsapp::order_message::reference::Reference;
use crate::channel::whatsapp::order_message::status::{self, Status};
use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::id::{CheckoutId, ContactId, OrderId, ProductId, VariantId};
use crate::domain::job::Job;
use crate::domain::message::PaymentRequest;
use crate::domain::money::{Currency, Money};
use crate::domain::order::{Order, OrderState, Times};
use crate::domain::shop::Shipping;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

const CHECKOUT: &str = "chk_01k9z3m4q5r6s7t8v9w0x1y2z";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a moment")
}

fn money(minor: i64, code: &str) -> Money {
    Money::new(minor, Currency::parse(code).expect("a code"))
}

fn quote(lines: &[(i64, u32)], fee: i64, code: &str) -> Quote {
    let lines = lines.iter().enumerate().map(|(n, (price, quantity))| {
        let ids = (ProductId::new("bolo"), VariantId::new(format!("SKU-{n}")));
        QuoteLine::new(ids.0, ids.1, "Bolo".into(), "Cenoura".into(), *quantity, money(*price, code))
    });
    let shipping = Shipping { label: "Frete".into(), fee: money(fee, code), free_from: None };
    let lines = lines.collect::<Result<Vec<_>, _>>().expect("in range");
    Quote::new(lines, Currency::parse(code).expect("a code"), &shipping).expect("in range")
}

fn page() -> PaymentRequest {
    PaymentRequest {
        order: "FJ-91".into(),
        total: "R$42.80".into(),
        url: "https://shop.example/pay/cs_1".into(),
        label: "Pay R$42.80 now, please".into(),
        expires_at: at(1_760_002_100),
    }
}

fn ask(way: &dyn AskToPay, quote: &Quote) -> Result<Value, Error> {
    let (checkout, request) = (CheckoutId::new(CHECKOUT), page());
    let text = "Pedido FJ-91";
    way.ask(&Asking { checkout: &checkout, message: 1, text, request: &request, quote, now: at(1_760_000_000) })
}

fn brazil(instruments: Vec<Instrument>) -> OrderDetails {
    OrderDetails { market: Market::Brazil, instruments, origin: Origin::Unsaid, receiver: None }
}

fn pix(amount: &str) -> Instrument {
    let code = format!("00020126180014br.gov.bcb.pix530398654{:02}{amount}5802BR6304ABCD", amount.len());
    Instrument::Pix { code, merchant: "Loja Exemplo".into(), key: "00000000000191".into(), kind: PixKey::Cnpj }
}

fn india(way: Instrument) -> OrderDetails {
    let importer_address = ImporterAddress {
        address_line1: "1 MG Road".into(),
        city: "Mumbai".into(),
        zone_code: "MH".into(),
        postal_code: "400001".into(),
        country_code: "IN".into(),
    };
    OrderDetails {
        market: Market::India,
        instruments: vec![way],
        origin: Origin::Stated(Import {
            country_of_origin: "Norway".into(),
            importer_name: "Fjellheim India".into(),
            importer_address,
        }),
        receiver: Some(Receiver {
            name: "Asha Rao".into(),
            address_line1: "12 Hill Street".into(),
            address_line2: String::new(),
            city: "Pune".into(),
            state: "Maharashtra".into(),
            country: "India".into(),
            postal_code: "411001".into(),
        }),
    }
}

#[test]
fn a_brazilian_order_is_asked_for_with_a_pix_code() {
    let message = ask(&brazil(vec![pix("42.80")]), &quote(&[(1890, 2)], 500, "BRL")).expect("a message");
    let code = message.pointer("/action/parameters/payment_settings/0/pix_dynamic_code/code").cloned();
    assert_eq!(
        message,
        json!({
            "type": "order_details",
            "body": { "text": "Pedido FJ-91" },
            "action": { "name": "review_and_pay", "parameters": {
                "reference_id": "chk_01k9z3m4q5r6s7t8v9w0x1y2z.1",
                "type": "physical-goods", "payment_type": "br",
                "payment_settings": [{ "type": "pix_dynamic_code", "pix_dynamic_code": {
                    "code": code, "merchant_name": "Loja Exemplo", "key": "00000000000191", "key_type": "CNPJ" } }],
                "currency": "BRL",
                "total_amount": { "value": 4280, "offset": 100 },
                "order": { "status": "pending",
                    "items": [{ "retailer_id": "SKU-0", "name": "Bolo (Cenoura)",
                        "amount": { "value": 1890, "offset": 100 }, "quantity": 2 }],
                    "subtotal": { "value": 3780, "offset": 100 },
                    "tax": { "value": 0, "offset": 100 },
                    "shipping": { "value": 500, "offset": 100 } }
            } }
        })
    );
}

#[test]
fn an_indian_order_names_its_gateway_its_origin_its_receiver_and_its_end() {
    let way = Instrument::Gateway { gateway: Gateway::Razorpay, configuration: "razorpay-prod".into() };
    let message = ask(&india(way), &quote(&[(42_300, 1)], 500, "INR")).expect("a message");
    let at = |pointer: &str| message.pointer(&format!("/action/parameters{pointer}")).cloned().unwrap_or_default();
    assert_eq!(
        at("/payment_settings/0"),
        json!({ "type": "payment_gateway",
        "payment_gateway": { "type": "razorpay", "configuration_name": "razorpay-prod" } })
    );
    assert_eq!(at("/payment_type"), Value::Null);
    assert_eq!(at("/beneficiaries/0/postal_code"), "411001");
    assert_eq!(at("/beneficiaries/0/address_line2"), Value::Null);
    assert_eq!(at("/order/items/0/importer_address/zone_code"), "MH");
    assert_eq!(at("/order/items/0/quantity"), 1);
    assert_eq!(at("/order/expiration/timestamp"), "1760002100");
    assert_eq!(at("/total_amount"), json!({ "value": 42_800, "offset": 100 }));
}

#[test]
fn a_code_over_another_amount_is_never_sent() {
    let order = quote(&[(1890, 2)], 500, "BRL");
    let refused = |way: Instrument| matches!(ask(&brazil(vec![way]), &order), Err(Error::OtherAmount { .. }));
    assert!(refused(pix("42.81")) && refused(pix("4280")) && refused(pix("x")));
    let boleto =
        |cents: &str| Instrument::Boleto { line: format!("00190.50095 40144.816069 06809.350314 3 3737{cents}") };
    assert!(refused(boleto("0000004281")));
    for fine in ["0000004280", "0000000000"] {
        assert!(ask(&brazil(vec![boleto(fine)]), &order).is_ok(), "{fine}");
    }
    let rupees = quote(&[(1_000, 1)], 0, "INR");
    let upi =
        |query: &str| ask(&india(Instrument::Upi { link: format!("upi://pay?pa=a%40bank&tr=1{query}") }), &rupees);
    assert!(upi("&am=10.00&cu=INR").is_ok() && upi("&am=10").is_ok());
    for other in ["&am=10.01", "&am=10.00&cu=USD", "", "&am=1e1"] {
        assert!(matches!(upi(other), Err(Error::OtherAmount { .. })), "{other}");
    }
}

#[test]
fn what_does_not_fit_the_market_is_asked_for_with_a_link() {
    assert_eq!(Market::of("in", "+919900000000", Currency::parse("INR").expect("a code")), Some(Market::India));
    assert_eq!(Market::of("BR", "5511988887777", Currency::parse("BRL").expect("a code")), Some(Market::Brazil));
    assert_eq!(Market::of("BR", "919900000000", Currency::parse("BRL").expect("a code")), None);
    assert_eq!(Market::of("BR", "5511988887777", Currency::EUR), None);
    assert_eq!(Market::of("SG", "6591234567", Currency::parse("SGD").expect("a code")), None);

    let order = quote(&[(1_000, 1)], 0, "EUR");
    let (checkout, request) = (CheckoutId::new(CHECKOUT), page());
    let asking = Asking { checkout: &checkout, message: 1, text: "Pay", request: &request, quote: &order, now: at(0) };
    let native = brazil(vec![pix("10.00")]);
    assert!(matches!(native.ask(&asking), Err(Error::Currency(_))));
    let message = ask_to_pay::ask(Some(&native), &asking).expect("a link");
    assert_eq!(
        message,
        json!({ "type": "cta_url", "body": { "text": "Pay" }, "action": { "name": "cta_url",
            "parameters": { "display_text": "Pay R$42.80 now, pl…", "url": "https://shop.example/pay/cs_1" } } })
    );

    let soon = PaymentRequest { expires_at: at(299), ..page() };
    let order = quote(&[(1_000, 1)], 0, "BRL");
    assert_eq!(native.ask(&Asking { request: &soon, quote: &order, ..asking }), Err(Error::ClosesTooSoon));
    let both = brazil(vec![Instrument::Upi { link: "upi://pay?am=10.00".into() }]);
    assert!(matches!(ask(&both, &order), Err(Error::Malformed { .. })));
    assert!(matches!(ask(&brazil(vec![]), &order), Err(Error::TooMany { count: 0, .. })));
}

fn order(state: OrderState, paid: bool, delivered: bool) -> Order {
    let at = |yes: bool| yes.then(|| at(1_760_000_600));
    Order {
        id: OrderId::new("ord_1"),
        number: "FJ-91".into(),
        contact: ContactId::new("con_1"),
        conversation: None,
        state,
        quote: quote(&[(1_000, 1)], 0, "BRL"),
        times: Times {
            placed: Timestamp::UNIX_EPOCH,
            paid: at(paid),
            shipped: None,
            delivered: at(delivered),
            closed: None,
            cancel_asked: None,
        },
        tracking: None,
        note: None,
        before_freeze: None,
        ship_to: None,
        token: String::new(),
    }
}

#[test]
fn each_state_has_its_word_and_no_refused_step_is_sent() {
    use OrderState::{AwaitingPayment, Cancelled, Expired, Frozen, Fulfilled, Paid, PaymentPending, Refunded};
    let word = |state, paid, delivered| Status::of(&order(state, paid, delivered)).map(Status::word);
    assert_eq!(word(AwaitingPayment, false, false), Some("pending"));
    assert_eq!(word(PaymentPending, false, false), Some("pending"));
    assert_eq!(word(Paid, true, false), Some("processing"));
    assert_eq!(word(Fulfilled, true, false), Some("shipped"));
    assert_eq!(word(Fulfilled, true, true), Some("completed"));
    assert_eq!(word(Expired, false, false), Some("canceled"));
    assert_eq!(word(Cancelled, false, false), Some("canceled"));
    assert_eq!(word(Cancelled, true, false), Some("completed"), "WhatsApp refuses to cancel what is paid");
    assert_eq!(word(Refunded, true, true), Some("completed"));
    assert_eq!(word(Frozen, true, false), None);

    let reference = Reference::new(&CheckoutId::new(CHECKOUT), 1).expect("a reference");
    let send = |before| status::message(&order(Paid, true, false), before, &reference, "Pago!", Market::Brazil);
    let message = send(Status::Pending).expect("a step forward");
    assert_eq!(
        message.pointer("/action/parameters").cloned().unwrap_or_default(),
        json!({ "reference_id": reference.to_string(),
            "order": { "status": "processing", "description": "paid, being packed" },
            "payment": { "status": "captured", "timestamp": 1_760_000_600 } })
    );
    assert!(
        send(Status::Processing).is_none() && send(Status::Completed).is_none() && send(Status::Canceled).is_none()
    );
    for last in [Status::Completed, Status::Canceled] {
        assert!(Status::ALL.into_iter().all(|next| !next.may_follow(last)));
    }
}

#[test]
fn a_webhook_names_an_attempt_and_makes_the_provider_be_asked() {
    let read = payment_status::read(&json!({ "statuses": [
        { "id": "wamid.1", "status": "delivered", "timestamp": "1760000510" },
        { "id": "wamid.2", "status": "captured", "type": "payment", "timestamp": "1760000520",
          "payment": { "reference_id": format!("{CHECKOUT}.2"), "amount": { "value": 42800, "offset": 100 }, "currency": "INR",
            "transaction": { "id": "tx1", "type": "razorpay", "status": "success", "created_timestamp": 1760000515,
              "method": { "type": "upi" }, "refunds": null } } },
        { "status": "failed", "type": "payment", "timestamp": 1760000530, "payment": { "reference_id": format!("{CHECKOUT}.2"),
            "transactions": [{ "id": "tx2", "status": "failed", "error": { "code": "E1", "reason": "no money" } }] } },
        { "status": "settled", "type": "payment", "payment": { "reference_id": format!("{CHECKOUT}.2") } },
        { "status": "captured", "type": "payment", "payment": { "reference_id": "another system's" } },
    ] }));
    let stages: Vec<&Stage> = read.iter().map(|hint| &hint.stage).collect();
    assert_eq!(stages, [&Stage::Captured, &Stage::Failed, &Stage::Other("settled".into())]);
    assert_eq!((read[0].amount, read[0].at), (Some(money(42_800, "INR")), Some(at(1_760_000_520))));
    assert_eq!((read[0].transactions[0].method.as_deref(), read[0].transactions[0].refunds), (Some("upi"), 0));
    assert_eq!(read[1].transactions[0].error.as_deref(), Some("no money"));
    for hint in read {
        assert_eq!(hint.job(), Job::SettleCheckout { checkout: CheckoutId::new(CHECKOUT) });
    }
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(|n| json!(n)),
        "[a-z0-9_.]{0,40}".prop_map(|s| json!(s)),
        Just(json!("payment")),
        Just(json!(format!("{CHECKOUT}.1")))
    ];
    let keys = ["type", "status", "payment", "reference_id", "amount", "value", "offset", "currency", "transaction"];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::btree_map(prop::sample::select(keys.to_vec()), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    // The oracle adds up what stands in the JSON, not what the code computed.
    #[test]
    fn the_parts_on_the_wire_always_make_the_total(
        lines in prop::collection::vec((0i64..5_000_000, 1u32..99), 1..60), fee in 0i64..10_000
    ) {
        let order = quote(&lines, fee, "BRL");
        let way = Instrument::Link { uri: "https://pay.example/1".into() };
        let message = ask(&brazil(vec![way]), &order).expect("a message");
        let value = |pointer: &str| message.pointer(&format!("/action/parameters{pointer}/value")).and_then(Value::as_i64);
        let items = message.pointer("/action/parameters/order/items").and_then(Value::as_array).expect("items");
        let sum: i64 = items.iter().map(|i| i["amount"]["value"].as_i64().unwrap() * i["quantity"].as_i64().unwrap()).sum();
        prop_assert_eq!(Some(sum), value("/order/subtotal"));
        prop_assert_eq!(Some(sum + fee), value("/total_amount"));
        prop_assert_eq!(order.total.minor, sum + fee);
        prop_assert!(items.iter().all(|i| i["name"].as_str().unwrap().chars().count() <= 60));
    }

    #[test]
    fn a_discount_is_taken_off_and_never_more_than_there_is(
        price in 0i64..100_000, tax in 0i64..10_000, fee in 0i64..10_000, off in -10i64..200_000
    ) {
        let lines = quote(&[(price, 1)], 0, "INR").lines;
        let [tax, fee, off] = [tax, fee, off].map(|minor| money(minor, "INR"));
        let bill = Bill::new(&lines, tax, fee, off, Market::India);
        let left = price + tax.minor + fee.minor - off.minor;
        prop_assert_eq!(bill.is_ok(), off.minor >= 0 && left >= 0);
        if let Ok(bill) = bill {
            prop_assert_eq!(bill.total().minor, left);
        }
    }

    #[test]
    fn a_changed_total_is_never_sent(price in 1i64..100_000, slip in 1i64..500) {
        let mut order = quote(&[(price, 1)], 500, "BRL");
        order.total.minor -= slip;
        let refused = matches!(ask(&brazil(vec![pix("1.00")]), &order), Err(Error::DoesNotAddUp(_)));
        prop_assert!(refused);
    }

    #[test]
    fn references_are_short_plain_and_different_and_come_back(message in 1u32..99_999, other in 1u32..99_999) {
        let reference = Reference::new(&CheckoutId::new(CHECKOUT), message).expect("a reference");
        let text = reference.to_string();
        prop_assert!(text.len() <= 35 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)));
        prop_assert_eq!(Reference::parse(&text), Some(reference));
        let second = Reference::new(&CheckoutId::new(CHECKOUT), other).expect("a reference").to_string();
        prop_assert_eq!(message == other, second == text);
    }

    #[test]
    fn no_text_is_taken_for_a_reference_that_we_would_not_write(text in "\\PC{0,40}") {
        if let Some(reference) = Reference::parse(&text) {
            prop_assert_eq!(reference.to_string(), text);
        }
    }

    #[test]
    fn no_webhook_breaks_the_reader(value in json_value()) {
        for hint in payment_status::read(&json!({ "statuses": [value.clone(), value] })) {
            prop_assert_eq!(hint.checkout.as_str(), CHECKOUT);
        }
    }

    #[test]
    fn no_code_breaks_the_look_into_it(code in "\\PC{0,80}", minor in 0i64..1_000) {
        let total = money(minor, "BRL");
        let kind = PixKey::Evp;
        let _ = Instrument::Pix { code: code.clone(), merchant: "m".into(), key: "k".into(), kind }.setting(Market::Brazil, total);
        let _ = Instrument::Boleto { line: code.clone() }.setting(Market::Brazil, total);
        let _ = Instrument::Upi { link: format!("upi://pay?{code}") }.setting(Market::India, money(minor, "INR"));
    }
}
