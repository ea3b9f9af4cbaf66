//! The rows against what has to be true of them.

use crate::domain::address::Address;
use crate::domain::amendment::Amendment;
use crate::domain::conversation::With;
use crate::domain::id::VariantId;
use crate::domain::order::Order;
use crate::domain::refund::Refund;
use crate::eval::grade::{Failures, amount};
use crate::eval::scenario::expect::{AmendmentIs, HandOffIs, OrderIs, RefundIs, State, Whom};
use crate::eval::shopper::Played;
use crate::eval::shopper::snapshot::Snapshot;
use std::collections::BTreeMap;

pub(super) fn grade(wanted: &State, rows: &Snapshot, played: &Played, failures: &mut Failures) {
    if let Some(orders) = &wanted.orders {
        let described = || rows.orders.iter().map(describe).collect::<Vec<_>>().join("; ");
        failures.unless(
            orders.len() == rows.orders.len(),
            || format!("{} orders", orders.len()),
            || format!("{}: {}", rows.orders.len(), described()),
        );
        for (wanted, order) in orders.iter().zip(&rows.orders) {
            let fits = is(order, wanted) && follows(order, wanted, rows);
            failures.unless(fits, || format!("an order {wanted:?}"), || describe_all(order, rows));
        }
    }
    if let Some(cart) = &wanted.cart {
        let found: BTreeMap<VariantId, u32> = rows.cart.lines.iter().map(|l| (l.variant.clone(), l.quantity)).collect();
        failures.unless(&found == cart, || format!("the cart {}", list(cart)), || list(&found));
    }
    for (sku, pieces) in &wanted.stock {
        let found = rows.stock(sku);
        failures.unless(found == Some(*pieces), || format!("{pieces} of {sku} left"), || format!("{found:?}"));
    }
    if let Some(whom) = wanted.with {
        let found = if rows.with.is_colleague() { Whom::Colleague } else { Whom::Agent };
        failures.unless(found == whom, || format!("with: {whom:?}"), || format!("{found:?}"));
    }
    if let Some(hand_off) = &wanted.hand_off {
        grade_hand_off(hand_off, played, failures);
    }
    if let Some(stopped) = wanted.stopped {
        failures.unless(rows.stopped == stopped, || format!("stopped: {stopped}"), || rows.stopped.to_string());
    }
    if wanted.unchanged {
        let before: Vec<_> = played.before.all_stock().collect();
        let stock_moved = rows.all_stock().zip(&before).any(|(now, then)| now != *then);
        failures.unless(rows.orders.is_empty(), || "no order".to_owned(), || format!("{} orders", rows.orders.len()));
        failures.unless(rows.cart.lines.is_empty(), || "an empty cart".to_owned(), || format!("{:?}", rows.cart.lines));
        failures.unless(!stock_moved, || "the stock as it was".to_owned(), || "it moved".to_owned());
        failures.unless(!rows.with.is_colleague(), || "with the agent".to_owned(), || "with a colleague".to_owned());
    }
}

fn is(order: &Order, wanted: &OrderIs) -> bool {
    let total = wanted.total.as_ref().is_none_or(|t| amount(t) == Some(order.quote.total));
    let lines: BTreeMap<VariantId, u32> = order.quote.lines.iter().map(|l| (l.variant.clone(), l.quantity)).collect();
    order.state == wanted.state && total && wanted.lines.as_ref().is_none_or(|l| l == &lines)
}

/// What was given back and changed, and where the parcel goes.
fn follows(order: &Order, wanted: &OrderIs, rows: &Snapshot) -> bool {
    let refunds = rows.refunds.get(&order.id).map(Vec::as_slice).unwrap_or_default();
    let refund = |(wanted, found): (&RefundIs, &Refund)| {
        amount(&wanted.amount) == Some(found.amount) && wanted.state.contains(&found.state)
    };
    let given = wanted.refunds.as_ref().is_none_or(|w| w.len() == refunds.len() && w.iter().zip(refunds).all(refund));
    let amendments = rows.amendments.get(&order.id).map(Vec::as_slice).unwrap_or_default();
    let change = |(wanted, found): (&AmendmentIs, &Amendment)| wanted.kind == found.kind && wanted.state == found.state;
    let changed =
        wanted.amendments.as_ref().is_none_or(|w| w.len() == amendments.len() && w.iter().zip(amendments).all(change));
    let address = order.ship_to.as_ref().map(Address::line).unwrap_or_default();
    given && changed && wanted.goes_to.as_ref().is_none_or(|part| address.contains(part.as_str()))
}

fn describe_all(order: &Order, rows: &Snapshot) -> String {
    let refunds = rows.refunds.get(&order.id).into_iter().flatten();
    let refunds: Vec<String> = refunds.map(|r| format!("{} {}", r.amount, r.state.word())).collect();
    let changes = rows.amendments.get(&order.id).into_iter().flatten();
    let changes: Vec<String> = changes.map(|a| format!("{} {}", a.kind.word(), a.state.word())).collect();
    let address = order.ship_to.as_ref().map(Address::line).unwrap_or_default();
    format!("{}; refunds: {refunds:?}; changes: {changes:?}; to {address}", describe(order))
}

fn describe(order: &Order) -> String {
    let lines: Vec<String> = order.quote.lines.iter().map(|l| format!("{} × {}", l.quantity, l.variant)).collect();
    format!("{} {} {} ({})", order.number, order.state.word(), order.quote.total, lines.join(", "))
}

fn list(cart: &BTreeMap<VariantId, u32>) -> String {
    if cart.is_empty() {
        return "empty".to_owned();
    }
    cart.iter().map(|(sku, n)| format!("{n} × {sku}")).collect::<Vec<_>>().join(", ")
}

/// A hand-off may be over when it is graded, so the steps are looked at and not the last rows.
fn grade_hand_off(wanted: &HandOffIs, played: &Played, failures: &mut Failures) {
    let found = played.steps.iter().enumerate().find_map(|(at, heard)| match &heard.with {
        With::Colleague { hand_off } => Some((at + 1, hand_off.reason)),
        With::Agent => None,
    });
    let Some((step, reason)) = found else {
        return failures.unless(false, || "a hand-off".to_owned(), || "there was none".to_owned());
    };
    let right = wanted.reason.is_empty() || wanted.reason.contains(&reason);
    failures.unless(right, || format!("a hand-off because of {:?}", wanted.reason), || format!("{reason:?}"));
    if let Some(by) = wanted.by_step {
        failures.unless(step <= by, || format!("a hand-off by step {by}"), || format!("at step {step}"));
    }
    if let Some(before) = wanted.not_before_step {
        failures.unless(step >= before, || format!("no hand-off before step {before}"), || format!("at step {step}"));
    }
}
