//! Matchers of what was heard.

use super::{card, found, heard, payment, played, reply, rows, summary, wrong};
use crate::domain::id::ProductId;
use crate::domain::message::{Button, Notice, Reply};

const NOTHING: [&str; 0] = [];

#[test]
fn a_reply_as_expected_has_nothing_wrong_with_it() {
    let all = "{messages: 1, text_has: [30 DAYS], text_has_any: [60, days], text_lacks: [free], source: Returns,
        summary: false, payment: false, buttons: [checkout], hands_off: false,
        cards: {min: 1, max: 1, includes: [fjord], excludes: [lofn], first: fjord, any: {title_has: rain},
          all: {price_at_most: \"149.90\", price_at_least: \"100.00\", options: {Size: m}, category: [Rain jackets],
            attributes: {waterproof: \"yes\"}, stock: in stock}}}";
    assert_eq!(wrong(&all.replace('\n', " "), reply()), NOTHING);
}

#[test]
fn every_matcher_can_fail() {
    for (expect, says) in [
        ("{messages: 2}", "2 messages"),
        ("{text_has: [60 days]}", "has \"60 days\""),
        ("{text_has_any: [60, 90]}", "one of"),
        ("{text_lacks: [Days]}", "lacks"),
        ("{source: Shipping}", "source Shipping"),
        ("{summary: true}", "order summary: true"),
        ("{summary_total: \"149.90\"}", "summary of 149.90"),
        ("{payment: true}", "payment page: true"),
        ("{payment_total: \"149.90\"}", "payment of 149.90"),
        ("{buttons: [Confirm order]}", "button [Confirm order]"),
        ("{hands_off: true}", "colleague announced"),
        ("{page_has: paid}", "page has"),
        ("{cards: {min: 2}}", "at least 2"),
        ("{cards: {max: 0}}", "at most 0"),
        ("{cards: {includes: [lofn]}}", "card of lofn"),
        ("{cards: {excludes: [fjord]}}", "no card of fjord"),
        ("{cards: {first: lofn}}", "lofn first"),
        ("{cards: {any: {title_has: tent}}}", "some card"),
        ("{cards: {all: {price_at_most: \"149.89\"}}}", "at most 149.89"),
        ("{cards: {all: {price_at_least: \"149.91\"}}}", "at least 149.91"),
        // Size S exists, but none is left.
        ("{cards: {all: {options: {Size: S}}}}", "in stock"),
        ("{cards: {all: {category: [Tents]}}}", "Tents"),
        ("{cards: {all: {attributes: {waterproof: \"no\"}}}}", "waterproof: no"),
        ("{cards: {all: {stock: sold out}}}", "sold out"),
    ] {
        let wrong = wrong(expect, reply());
        assert_eq!(wrong.len(), 1, "{expect}: {wrong:?}");
        assert!(wrong[0].contains(says), "{expect}: {wrong:?}");
    }
}

#[test]
fn totals_are_compared_to_the_cent() {
    let ordered = Reply { summary: Some(summary()), ..reply() };
    assert_eq!(wrong("{summary: true, summary_total: \"149.90\", buttons: [Confirm order]}", ordered.clone()), NOTHING);
    assert_eq!(wrong("{summary_total: \"149.91\"}", ordered.clone()), ["a summary of 149.91"]);
    let mut mutated = ordered;
    mutated.summary.as_mut().unwrap().totals[2].amount = "€14.99".into();
    assert_eq!(wrong("{}", mutated), ["always: a summary adds up"]);
}

#[test]
fn a_mutated_reply_is_caught_without_any_expectation() {
    let mutate = |change: fn(&mut Reply)| {
        let mut mutated = reply();
        change(&mut mutated);
        wrong("{}", mutated)
    };
    assert_eq!(mutate(|_| {}), NOTHING);
    assert!(mutate(|r| r.cards[0].price = "€14.90".into())[0].contains("price"));
    assert!(mutate(|r| r.cards[0].price = "cheap".into())[0].contains("price"));
    assert!(mutate(|r| r.cards[0].product = ProductId::new("nothing"))[0].contains("price"));
    assert!(mutate(|r| r.text.push_str(" See https://evil.example"))[0].contains("no address"));
    assert!(mutate(|r| r.choices.push(Button::new("say:x", "www.evil.example")))[0].contains("no address"));
    assert!(mutate(|r| r.choices.push(Button::new("add:NO-SUCH", "Add")))[0].contains("sold here"));
}

#[test]
fn a_payment_page_needs_a_summary_and_a_yes() {
    let pay = || heard(Reply { payment: Some(payment()), ..Reply::text("Please pay.") });
    let offer = || heard(Reply { summary: Some(summary()), ..Reply::text("Please check.") });
    let after = || super::sold(crate::domain::order::OrderState::AwaitingPayment, 0);
    let two = "id: a.b\nsteps:\n  - says: x\n  - says: y\n";
    assert_eq!(found(two, &played(vec![offer(), pay()], after())), NOTHING);
    let unasked = found(two, &played(vec![pay(), offer()], after()));
    assert!(unasked[0].contains("before the shopper confirmed"), "{unasked:?}");
    let mut silent = pay();
    silent.shopper_acted = false;
    assert!(found(two, &played(vec![offer(), silent], after()))[0].contains("before the shopper confirmed"));
    let mut dearer = pay();
    dearer.spoken[0].reply.payment.as_mut().unwrap().total = "€194.90".into();
    assert!(found(two, &played(vec![offer(), dearer], after()))[0].contains("order's total"));
    let mut elsewhere = pay();
    elsewhere.spoken[0].reply.payment.as_mut().unwrap().url = "https://shop.example.evil/pay/1".into();
    assert!(found(two, &played(vec![offer(), elsewhere], after()))[0].contains("of this shop"));
}

#[test]
fn never_is_never() {
    let never = |what: &str, reply: Reply| {
        found(&format!("id: a.b\nsteps:\n  - says: x\n{what}\n"), &played(vec![heard(reply)], rows()))
    };
    assert_eq!(never("never: [card]", Reply::text("hi")), NOTHING);
    assert_eq!(never("never: [card]", reply()), ["never Card"]);
    assert_eq!(never("never: [summary]", Reply { summary: Some(summary()), ..Reply::text("x") }), ["never Summary"]);
    assert_eq!(never("never_says: ['(?i)FREE']", Reply::text("it is free of charge")), ["never says /(?i)FREE/"]);
    // What stands on cards and buttons is said, too.
    assert_eq!(never("never_says: ['149']", Reply { cards: vec![card()], ..Reply::text("x") }), ["never says /149/"]);
    let handed = Reply { notice: Some(Notice::HandOff), ..Reply::text("a colleague") };
    assert_eq!(wrong("{hands_off: true}", handed), NOTHING);
}

#[test]
fn a_step_that_cannot_be_done_fails() {
    let mut stuck = heard(reply());
    stuck.stuck = Some("there is no button".into());
    assert_eq!(found("id: a.b\nsteps:\n  - says: x\n", &played(vec![stuck], rows())), ["that the step can be done"]);
}
