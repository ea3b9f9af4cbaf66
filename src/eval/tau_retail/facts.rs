//! What can be said of both worlds in the same words, and where they differ.

use crate::eval::tau_retail::data::{Database, Direction};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The end of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// By order id.
    pub orders: BTreeMap<String, OrderFacts>,
    /// Default addresses, by user id.
    pub addresses: BTreeMap<String, String>,
    /// Items that cannot be bought.
    pub sold_out: BTreeSet<String>,
}

/// How an order stands, in tau's words; amounts in cents, lists in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFacts {
    /// `pending`, `cancelled`, `return requested`…
    pub status: String,
    /// One entry a piece.
    pub items: Vec<(String, i64)>,
    /// Where it goes.
    pub address: String,
    /// What was paid for what is in it now.
    pub paid: Vec<i64>,
    /// What was given back.
    pub refunded: Vec<i64>,
    /// What comes back for money.
    pub returning: Vec<String>,
    /// What comes back for something else.
    pub exchanging: Vec<String>,
    /// For what.
    pub exchanged_for: Vec<String>,
    /// What the exchange costs, or brings.
    pub difference: Option<i64>,
    /// Every amount with its method. Compared apart: tau lets the shopper choose where a refund goes.
    pub methods: Vec<String>,
}

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The order, user or item.
    pub about: String,
    /// What of it.
    pub field: &'static str,
    /// In tau.
    pub expected: String,
    /// Here.
    pub found: String,
}

/// Differences that matter to the end state, and those in the methods alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Status, items, prices, addresses, amounts, stock.
    pub state: Vec<Difference>,
    /// Who paid, and where a refund goes.
    pub methods: Vec<Difference>,
}

impl Facts {
    /// Tau's own data in these words, of these users and all their orders.
    pub fn expected(database: &Database, users: &BTreeSet<String>) -> Self {
        let mut facts = Self::default();
        for order in database.orders.values().filter(|o| users.contains(&o.user_id)) {
            facts.orders.insert(order.order_id.clone(), OrderFacts::expected(order));
        }
        for user in database.users.values().filter(|u| users.contains(&u.user_id)) {
            facts.addresses.insert(user.user_id.clone(), user.address.line());
        }
        let items = database.products.values().flat_map(|p| p.variants.values());
        facts.sold_out = items.filter(|v| !v.available).map(|v| v.item_id.clone()).collect();
        facts
    }

    /// What is not here as it is there.
    pub fn compare(expected: &Self, found: &Self) -> Compared {
        let mut compared = Compared::default();
        let nothing = OrderFacts::default();
        let ids: BTreeSet<_> = expected.orders.keys().chain(found.orders.keys()).collect();
        for id in ids {
            let pair = (expected.orders.get(id).unwrap_or(&nothing), found.orders.get(id).unwrap_or(&nothing));
            pair.0.compare(pair.1, id, &mut compared);
        }
        let users: BTreeSet<_> = expected.addresses.keys().chain(found.addresses.keys()).collect();
        for user in users {
            note(
                &mut compared.state,
                user,
                "default address",
                &expected.addresses.get(user),
                &found.addresses.get(user),
            );
        }
        for item in expected.sold_out.symmetric_difference(&found.sold_out) {
            let out = |facts: &Self| facts.sold_out.contains(item);
            note(&mut compared.state, item, "sold out", &out(expected), &out(found));
        }
        compared
    }
}

impl OrderFacts {
    fn expected(order: &crate::eval::tau_retail::data::Order) -> Self {
        let amounts = |direction: Direction| {
            // Tau notes a change at the same price as a refund of nothing.
            let moved = order.payment_history.iter().filter(|p| p.transaction_type == direction && p.amount.0 != 0);
            sorted(moved.map(|p| p.amount.0))
        };
        let history = order.payment_history.iter().filter(|p| p.amount.0 != 0).map(|p| {
            let way = if p.transaction_type == Direction::Payment { "paid" } else { "refunded" };
            format!("{way} {} {}", p.amount.0, p.payment_method_id)
        });
        let difference = order.exchange_price_difference;
        let promised = match (difference, &order.exchange_payment_method_id) {
            (Some(cents), Some(method)) if cents != 0 => Some(format!("difference {cents} {method}")),
            _ => None,
        };
        let back = order.return_payment_method_id.iter().map(|method| format!("return {method}"));
        Self {
            status: order.status.clone(),
            items: sorted(order.items.iter().map(|i| (i.item_id.clone(), i.price.0))),
            address: order.address.line(),
            paid: amounts(Direction::Payment),
            refunded: amounts(Direction::Refund),
            returning: order.return_items.clone(),
            exchanging: order.exchange_items.clone(),
            exchanged_for: order.exchange_new_items.clone(),
            difference,
            methods: sorted(history.chain(promised).chain(back)),
        }
    }

    fn compare(&self, found: &Self, id: &str, into: &mut Compared) {
        let state = &mut into.state;
        note(state, id, "status", &self.status, &found.status);
        note(state, id, "items", &self.items, &found.items);
        note(state, id, "address", &self.address, &found.address);
        note(state, id, "paid", &self.paid, &found.paid);
        note(state, id, "refunded", &self.refunded, &found.refunded);
        note(state, id, "returning", &self.returning, &found.returning);
        note(state, id, "exchanging", &self.exchanging, &found.exchanging);
        note(state, id, "exchanged for", &self.exchanged_for, &found.exchanged_for);
        note(state, id, "difference", &self.difference, &found.difference);
        note(&mut into.methods, id, "methods", &self.methods, &found.methods);
    }
}

fn note<T: PartialEq + std::fmt::Debug>(
    into: &mut Vec<Difference>,
    about: &str,
    field: &'static str,
    expected: &T,
    found: &T,
) {
    if expected != found {
        let (expected, found) = (format!("{expected:?}"), format!("{found:?}"));
        into.push(Difference { about: about.to_owned(), field, expected, found });
    }
}

/// In order, so that lists can be compared as bags.
pub fn sorted<T: Ord>(things: impl Iterator<Item = T>) -> Vec<T> {
    let mut things: Vec<T> = things.collect();
    things.sort();
    things
}
