//! What has to be so in every story, whoever answers: nothing untrue shown, nothing charged unasked, nothing lost.

use crate::domain::amendment::{Amendment, AmendmentState};
use crate::domain::id::VariantId;
use crate::domain::message::{Reply, Summary};
use crate::domain::money::Money;
use crate::domain::order::{Order, OrderState};
use crate::domain::refund::RefundState;
use crate::eval::grade::talk::{added_by, is_a_price_of};
use crate::eval::grade::{Failures, amount, everything, free, quote};
use crate::eval::shopper::{Heard, Played, button_list};
use crate::eval::world::PUBLIC_URL;
use std::collections::{BTreeMap, BTreeSet};

/// What an address begins with. Addresses travel as fields, never in words.
const ADDRESSES: [&str; 3] = ["http://", "https://", "www."];

/// What is checked of every step.
pub(super) fn heard(heard: &Heard, played: &Played, failures: &mut Failures) {
    for reply in heard.spoken.iter().map(|s| &s.reply) {
        let words = everything(reply).to_lowercase();
        let clean = !ADDRESSES.iter().any(|a| words.contains(a));
        failures.unless(clean, || "always: no address in the words".to_owned(), || quote(heard));
        for card in &reply.cards {
            let products = [&played.before, &played.after].map(|rows| rows.products.get(&card.product));
            let priced = products.into_iter().flatten().any(|product| is_a_price_of(card, product));
            failures.unless(
                priced,
                || "always: a card's price is the price of one of its variants".to_owned(),
                || format!("{} at {}", card.title, card.price),
            );
        }
        if let Some(summary) = &reply.summary {
            let sums = adds_up(summary);
            failures.unless(sums, || "always: a summary adds up".to_owned(), || format!("{:?}", summary.totals));
        }
        buttons(reply, played, failures);
    }
}

fn buttons(reply: &Reply, played: &Played, failures: &mut Failures) {
    for sku in button_list(reply).filter_map(|b| added_by(&b.id)) {
        let known = played.after.products.values().any(|p| p.variant(&sku).is_some());
        failures.unless(known, || "always: a button adds something that is sold here".to_owned(), || sku.to_string());
    }
}

fn adds_up(summary: &Summary) -> bool {
    let minor = |text: &str| if free(text) { Some(0) } else { amount(text).map(|m| m.minor) };
    let lines: Option<i64> = summary.lines.iter().map(|l| minor(&l.total)).sum();
    let rows: Vec<Option<i64>> = summary.totals.iter().map(|t| minor(&t.amount)).collect();
    match rows.as_slice() {
        [Some(subtotal), Some(shipping), Some(total)] => lines == Some(*subtotal) && subtotal + shipping == *total,
        _ => settles(summary),
    }
}

/// What moves is what the goods say: what comes less what goes back.
fn settles(summary: &Summary) -> bool {
    let comes = |title: &str| ["New: ", "Nuevo: ", "Novo: "].iter().any(|new| title.starts_with(new));
    let sum: Option<i64> =
        summary.lines.iter().map(|l| amount(&l.total).map(|m| if comes(&l.title) { m.minor } else { -m.minor })).sum();
    let Some(row) = summary.totals.first() else { return false };
    // An address, and an order nobody paid for, move nothing; a cancellation gives back what the ledger says.
    row.amount.is_empty() || summary.lines.is_empty() || amount(&row.amount).map(|m| m.minor) == sum.map(i64::abs)
}

/// A payment page is offered only after the shopper saw a summary and then did something, and for what the order says.
pub(super) fn links(played: &Played, failures: &mut Failures) {
    let mut summaries = 0usize;
    let mut acted_since = false;
    for (at, heard) in played.steps.iter().enumerate() {
        failures.step = Some(at + 1);
        acted_since |= heard.shopper_acted && summaries > 0;
        for reply in heard.spoken.iter().map(|s| &s.reply) {
            if let Some(payment) = &reply.payment {
                failures.unless(
                    acted_since,
                    || "always: no payment page before the shopper confirmed a summary".to_owned(),
                    || quote(heard),
                );
                let order = played.after.orders.iter().find(|o| o.number == payment.order);
                let same = order.is_some_and(|o| amount(&payment.total).is_some_and(|a| asked_for(o, a, played)));
                failures.unless(same, || "always: the page asks for the order's total".to_owned(), || quote(heard));
                let ours = payment.url.starts_with(&format!("{PUBLIC_URL}/pay/"));
                failures.unless(ours, || "always: a payment page of this shop".to_owned(), || payment.url.clone());
            }
            summaries += usize::from(reply.summary.is_some());
        }
    }
    failures.step = None;
}

/// The order's total as it was or is, or the difference of one of its changes.
fn asked_for(order: &Order, asked: Money, played: &Played) -> bool {
    let changes = played.after.amendments.get(&order.id).map(Vec::as_slice).unwrap_or_default();
    let done = changes.iter().filter(|a| a.state == AmendmentState::Done);
    let before = order.quote.total.minor - done.map(|a| a.terms.difference.minor).sum::<i64>();
    let total = order.quote.total.minor;
    total == asked.minor || before == asked.minor || changes.iter().any(|a| a.terms.difference == asked)
}

/// Ledger and orders agree, pieces are neither lost nor sold twice, and nothing is left undone.
pub(super) fn rows(played: &Played, failures: &mut Failures) {
    let rows = &played.after;
    let mut taken: BTreeMap<&VariantId, i64> = BTreeMap::new();
    let mut past: BTreeSet<&VariantId> = BTreeSet::new();
    for order in &rows.orders {
        let captured = rows.captured.get(&order.id).copied().unwrap_or(0);
        let refunds = rows.refunds.get(&order.id).map(Vec::as_slice).unwrap_or_default();
        let changes = rows.amendments.get(&order.id).map(Vec::as_slice).unwrap_or_default();
        // Promised, and still with the provider: credited, or to be paid by hand.
        let owed = refunds.iter().filter(|r| matches!(r.state, RefundState::Queued | RefundState::Failed));
        let owed: i64 = owed.map(|r| r.amount.minor).sum();
        let sold = rows.sold.get(&order.id).copied().unwrap_or(0);
        let due = match order.state {
            // A person decides; the money may be there or not.
            OrderState::Frozen => None,
            OrderState::Paid | OrderState::Fulfilled if refunds.is_empty() && changes.is_empty() => {
                Some(order.quote.total.minor)
            }
            OrderState::Paid | OrderState::Fulfilled => Some(sold + owed),
            // What is paid back by hand is not booked before somebody did it.
            _ => Some(
                owed + refunds.iter().filter(|r| r.state == RefundState::Waiting).map(|r| r.amount.minor).sum::<i64>(),
            ),
        };
        failures.unless(
            due.is_none_or(|due| due == captured),
            || format!("always: {} is {} and booked accordingly", order.number, order.state.word()),
            || format!("{captured} booked, total {}", order.quote.total.minor),
        );
        failures.unless(order.quote.adds_up(), || format!("always: {} adds up", order.number), String::new);
        // What was sent and paid back stays with the shopper.
        let kept = order.state == OrderState::Refunded && order.times.shipped.is_some();
        let open = |a: &&Amendment| matches!(a.state, AmendmentState::Agreed | AmendmentState::AwaitingPayment);
        let aside = changes.iter().filter(open).flat_map(|a| &a.terms.out);
        if played.before.known.contains(&order.id) {
            // The demo's past orders took nothing from this stock; what comes back from them is more than there was.
            let moved = changes.iter().flat_map(|a| a.terms.back.iter().chain(&a.terms.out)).chain(&order.quote.lines);
            past.extend(moved.map(|l| &l.variant));
        } else if kept || !matches!(order.state, OrderState::Expired | OrderState::Cancelled | OrderState::Refunded) {
            for line in order.quote.lines.iter().chain(aside) {
                *taken.entry(&line.variant).or_default() += i64::from(line.quantity);
            }
        }
    }
    let then: BTreeMap<&VariantId, i64> = played.before.all_stock().collect();
    for (sku, now) in rows.all_stock() {
        failures.unless(now >= 0, || format!("always: {sku} in stock or not"), || now.to_string());
        if past.contains(sku) || played.meddled.iter().any(|m| m == sku.as_str()) {
            continue;
        }
        let kept = then.get(sku).map(|then| then - taken.get(sku).copied().unwrap_or(0));
        failures.unless(
            kept.is_none_or(|kept| kept == now),
            || format!("always: what is gone of {sku} is in an order"),
            || format!("{now} left, {kept:?} expected"),
        );
    }
    failures.unless(rows.parked == 0, || "always: no job is given up".to_owned(), || format!("{} jobs", rows.parked));
    failures.unless(
        rows.unanswered == 0,
        || "always: every message is answered or with a colleague".to_owned(),
        || format!("{} messages are not", rows.unanswered),
    );
    failures.unless(played.doubled == 0, || "always: sent once".to_owned(), || format!("{} twice", played.doubled));
}
