//! Rules that hold for any input: what the page asks for, and what hostile calls cannot do.

use crate::payment::sandbox::card::TEST_CARDS;
use crate::payment::sandbox::state::{ANSWERS_KEPT, EVENTS_KEPT, SESSIONS_KEPT};
use crate::payment::sandbox::tests::{Bench, paying};
use crate::payment::stripe::wire::open_form;
use proptest::prelude::*;

#[tokio::test]
async fn every_field_says_what_it_wants() {
    let bench = Bench::new();
    let id = bench.open("chk_1").await.id;
    let mut said = String::new();
    for (field, value) in [
        ("email", ""),
        ("email", "ada"),
        ("email", "a@b@c.de"),
        ("name", " "),
        ("line1", "Ring\n1"),
        ("postal_code", "1234567890123"),
        ("city", ""),
        ("country", "KP"),
        ("number", ""),
        ("number", "4111 1111 1111 1111"),
        ("expiry", "1234"),
        ("expiry", "13/30"),
        ("expiry", "08/26"),
        ("cvc", "12"),
    ] {
        let mut form = paying("4242 4242 4242 4242");
        let place = match field {
            "email" => &mut form.email,
            "name" => &mut form.name,
            "line1" => &mut form.line1,
            "postal_code" => &mut form.postal_code,
            "city" => &mut form.city,
            "country" => &mut form.country,
            "number" => &mut form.number,
            "expiry" => &mut form.expiry,
            _ => &mut form.cvc,
        };
        *place = value.to_owned();
        let error = bench.sandbox.pay(&id, &form).expect_err(value);
        assert_eq!(error.field, field, "{value:?}");
        said.push_str(&format!("{field}: {error}\n"));
    }
    insta::assert_snapshot!(said, @"
    email: Enter your e-mail address.
    email: This is not an e-mail address. Write it like ada@example.com.
    email: This is not an e-mail address. Write it like ada@example.com.
    name: Enter the receiver's name.
    line1: This has characters that cannot be printed.
    postal_code: This is too long for a postal code.
    city: Enter the town.
    country: We do not ship to this country.
    number: Enter a card number.
    number: Test cards only: this shop takes no real money, so never enter a real card here.
    expiry: Enter month and year, like 12/34.
    expiry: Enter month and year, like 12/34.
    expiry: This date is in the past.
    cvc: Enter the three digits on the back of the card.
    ");
}

#[test]
fn test_cards_are_real_test_cards() {
    for (number, _) in TEST_CARDS {
        let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
        let sum: u32 =
            digits.iter().rev().enumerate().map(|(n, d)| if n % 2 == 0 { *d } else { d * 2 / 10 + d * 2 % 10 }).sum();
        assert_eq!((digits.len(), sum % 10), (16, 0), "{number} fails the check every card passes");
    }
}

#[test]
fn what_is_remembered_is_bounded() {
    let bench = Bench::new();
    let form = open_form(&bench.request("chk_1"));
    let mut first = None;
    for n in 0..SESSIONS_KEPT + 5 {
        let (_, session) = bench.sandbox.handle("POST", "/v1/checkout/sessions", &form, Some(&format!("k{n}")));
        first = first.or(session["id"].as_str().map(str::to_owned));
    }
    assert_eq!(bench.sandbox.page(&first.expect("an id")), None, "the oldest is forgotten");
    bench.minutes(36);
    bench.sandbox.tick();
    bench.sandbox.with(|state, _| {
        assert_eq!(state.sessions.len(), SESSIONS_KEPT);
        assert!(state.events.len() <= EVENTS_KEPT && state.answers.len() <= ANSWERS_KEPT);
    });
}

proptest! {
    #[test]
    fn any_call_is_survived(
        method in "GET|POST|PUT",
        path in "(/v1/checkout/sessions|/v1/events|/v1/payment_intents)(/[^a]{0,8})?(/expire|/line_items)?",
        form in prop::collection::vec(("(line_items|metadata|mode|limit|expires_at|expand)?(\\[.{0,4}\\]?){0,3}", ".{0,9}"), 0..6),
        key in prop::option::of(".{0,5}"),
    ) {
        let bench = Bench::new();
        let (status, body) = bench.sandbox.handle(&method, &path, &form, key.as_deref());
        prop_assert!(status == 200 || body["error"]["message"].is_string(), "{status} {body}");
    }

    #[test]
    fn one_odd_parameter_never_panics(value in ".{0,30}", at in 0usize..200) {
        let bench = Bench::new();
        let mut form = open_form(&bench.request("chk_1"));
        let at = at % form.len();
        form[at].1 = value;
        let (status, _) = bench.sandbox.handle("POST", "/v1/checkout/sessions", &form, Some("k"));
        prop_assert!(status == 200 || status == 400);
    }

    #[test]
    fn any_form_is_survived_and_strange_cards_never_pay(number in ".{0,25}", expiry in ".{0,6}", cvc in ".{0,5}", email in ".{0,20}") {
        let bench = Bench::new();
        let form = open_form(&bench.request("chk_1"));
        let session = bench.sandbox.handle("POST", "/v1/checkout/sessions", &form, None).1;
        let id = session["id"].as_str().expect("an id");
        let mut form = paying(&number);
        prop_assert!(bench.sandbox.pay(id, &form).is_err(), "{number} paid");
        form.expiry = expiry;
        form.cvc = cvc;
        form.email = email;
        let _ = bench.sandbox.pay(id, &form);
    }
}
