//! Matchers of the rows, and the invariants that hold in every story.

use super::{AT, heard, played, reply, rows, sold, wrong_rows};
use crate::domain::cart::CartLine;
use crate::domain::conversation::{HandOff, HandOffReason, With};
use crate::domain::id::VariantId;
use crate::domain::order::OrderState;
use crate::eval::shopper::Played;
use crate::eval::shopper::snapshot::Snapshot;

const NOTHING: [&str; 0] = [];
const PAID: i64 = 14_990;

fn after(after: Snapshot) -> Played {
    played(vec![heard(reply())], after)
}

fn with_cart() -> Snapshot {
    let mut rows = rows();
    rows.cart.lines.push(CartLine { variant: VariantId::new("FJ-M"), quantity: 2 });
    rows
}

fn colleague() -> With {
    let reason = HandOffReason::Complaint;
    With::Colleague {
        hand_off: HandOff { reason, summary: String::new(), tried: Vec::new(), wanted: String::new(), at: AT },
    }
}

#[test]
fn orders_are_compared_in_state_total_and_lines() {
    let played = after(sold(OrderState::Paid, PAID));
    let right =
        "{orders: [{state: paid, total: \"149.90\", lines: {FJ-M: 1}}], stock: {FJ-M: 3}, cart: {}, with: agent}";
    assert_eq!(wrong_rows(right, &played), NOTHING);
    for wrong in [
        "{orders: []}",
        "{orders: [{state: expired}]}",
        "{orders: [{state: paid, total: \"149.91\"}]}",
        "{orders: [{state: paid, lines: {FJ-M: 2}}]}",
        "{orders: [{state: paid, lines: {FJ-S: 1}}]}",
        "{stock: {FJ-M: 4}}",
        "{stock: {NO-SUCH: 3}}",
        "{cart: {FJ-M: 1}}",
        "{with: colleague}",
        "{stopped: true}",
        "{hand_off: {}}",
    ] {
        assert_eq!(wrong_rows(wrong, &played).len(), 1, "{wrong}");
    }
}

#[test]
fn the_cart_is_compared_whole() {
    assert_eq!(wrong_rows("{cart: {FJ-M: 2}}", &after(with_cart())), NOTHING);
    for wrong in ["{cart: {}}", "{cart: {FJ-M: 1}}", "{cart: {FJ-M: 2, FJ-S: 1}}", "{unchanged: true}"] {
        assert_eq!(wrong_rows(wrong, &after(with_cart())).len(), 1, "{wrong}");
    }
}

#[test]
fn unchanged_means_every_row() {
    assert_eq!(wrong_rows("{unchanged: true}", &after(rows())), NOTHING);
    // An order, and the stock that moved for it.
    assert_eq!(wrong_rows("{unchanged: true}", &after(sold(OrderState::Paid, PAID))).len(), 2);
    let mut handed = rows();
    handed.with = colleague();
    assert_eq!(wrong_rows("{unchanged: true}", &after(handed)), ["with the agent"]);
}

#[test]
fn a_hand_off_has_a_reason_and_a_time() {
    let mut steps = vec![heard(reply()), heard(reply())];
    steps[1].with = colleague();
    let mut end = rows();
    end.with = colleague();
    let played = played(steps, end);
    let right = "{with: colleague, hand_off: {reason: [complaint], by_step: 2, not_before_step: 2}}";
    assert_eq!(wrong_rows(right, &played), NOTHING);
    for wrong in ["{reason: [payment]}", "{by_step: 1}", "{not_before_step: 3}"] {
        assert_eq!(wrong_rows(&format!("{{hand_off: {wrong}}}"), &played).len(), 1, "{wrong}");
    }
}

#[test]
fn the_ledger_and_the_orders_agree_or_the_story_fails() {
    let wrong = |state, minor| wrong_rows("{}", &after(sold(state, minor)));
    assert_eq!(wrong(OrderState::Paid, PAID), NOTHING);
    assert_eq!(wrong(OrderState::AwaitingPayment, 0), NOTHING);
    for (state, minor) in [
        (OrderState::Paid, 0),
        (OrderState::Paid, PAID - 1),
        (OrderState::Paid, 2 * PAID),
        (OrderState::AwaitingPayment, PAID),
        (OrderState::PaymentPending, PAID),
    ] {
        assert!(wrong(state, minor)[0].contains("booked accordingly"), "{state:?} {minor}");
    }
}

#[test]
fn pieces_are_neither_lost_nor_sold_twice() {
    // The page expired, but the piece did not come back.
    let lost = wrong_rows("{}", &after(sold(OrderState::Expired, 0)));
    assert!(lost[0].contains("what is gone of FJ-M"), "{lost:?}");
    let mut kept = sold(OrderState::Paid, PAID);
    kept.products.values_mut().next().unwrap().variants[0].stock = Some(4);
    assert!(wrong_rows("{}", &after(kept.clone()))[0].contains("what is gone of FJ-M"));
    let mut meddled = after(kept);
    meddled.meddled.push("FJ-M".into());
    assert_eq!(wrong_rows("{}", &meddled), NOTHING);
}

#[test]
fn nothing_is_left_undone() {
    let mut parked = rows();
    parked.parked = 1;
    assert_eq!(wrong_rows("{}", &after(parked)), ["always: no job is given up"]);
    let mut unanswered = rows();
    unanswered.unanswered = 1;
    assert_eq!(wrong_rows("{}", &after(unanswered)), ["always: every message is answered or with a colleague"]);
    let mut doubled = after(rows());
    doubled.doubled = 1;
    assert_eq!(wrong_rows("{}", &doubled), ["always: sent once"]);
    let mut unbalanced = sold(OrderState::Paid, PAID);
    unbalanced.orders[0].quote.subtotal = super::euros("1.00");
    assert!(wrong_rows("{}", &after(unbalanced))[0].contains("adds up"));
}
