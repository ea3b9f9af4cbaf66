//! Attempts made from the data: what tau's rules refuse, and, so that refusing everything does not pass, what they allow.

use crate::eval::tau_retail::data::{Database, Method, Order};
use crate::eval::tau_retail::reference::REASONS;
use crate::eval::tau_retail::task::{Action, Swap};

/// Orders per rule that first have something done to them.
const AFTER_MAX: usize = 30;

/// Something a user tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The rule it is about.
    pub rule: &'static str,
    /// Who tries.
    pub user: String,
    /// What is done before, and is allowed.
    pub before: Option<Action>,
    /// What is tried.
    pub action: Action,
}

/// What tau refuses by itself.
pub fn refused(database: &Database) -> Vec<Attempt> {
    let mut all = Vec::new();
    for order in database.orders.values() {
        by_status(database, order, &mut all);
        by_items(database, order, &mut all);
        by_person(database, order, &mut all);
    }
    all
}

/// What tau refuses after something else was done.
pub fn refused_after(database: &Database) -> Vec<Attempt> {
    let pending =
        [("cancel: after a change", Kind::Change, Kind::Cancel), ("change items: twice", Kind::Change, Kind::Change)];
    let delivered = [
        ("return: twice", Kind::Return, Kind::Return),
        ("exchange: after a return", Kind::Return, Kind::Exchange),
        ("return: after an exchange", Kind::Exchange, Kind::Return),
        ("exchange: twice", Kind::Exchange, Kind::Exchange),
    ];
    let mut all = Vec::new();
    for (status, rules) in [("pending", pending.as_slice()), ("delivered", delivered.as_slice())] {
        let orders: Vec<&Order> =
            database.orders.values().filter(|o| o.status == status && o.items.len() > 1).collect();
        // Every rule has orders of its own, because what is done stays done.
        let share = orders.len().div_ceil(rules.len()).clamp(1, AFTER_MAX);
        for (part, (rule, first, second)) in orders.chunks(share).zip(rules) {
            for order in part {
                let (before, action) = (first.act(database, order), second.act(database, order));
                if let (Some(before), Some(action)) = (before, action) {
                    all.push(Attempt { before: Some(before), ..attempt(rule, &order.user_id, action) });
                }
            }
        }
    }
    all
}

/// What the status allows, whether or not anything else stands against it.
pub fn allowed(database: &Database) -> Vec<Attempt> {
    let mut all = Vec::new();
    for order in database.orders.values() {
        let kinds: &[(&'static str, Kind)] = match order.status.as_str() {
            "pending" => &[
                ("cancel: pending", Kind::Cancel),
                ("change items: pending", Kind::Change),
                ("change address: pending", Kind::Address),
            ],
            "delivered" => &[("return: delivered", Kind::Return), ("exchange: delivered", Kind::Exchange)],
            _ => &[],
        };
        for (rule, kind) in kinds {
            all.extend(kind.act(database, order).map(|action| attempt(rule, &order.user_id, action)));
        }
    }
    all
}

#[derive(Clone, Copy)]
enum Kind {
    Cancel,
    Change,
    Address,
    Return,
    Exchange,
}

impl Kind {
    /// The plainest act of this kind on the order's first item.
    fn act(self, database: &Database, order: &Order) -> Option<Action> {
        let first = order.items.first()?;
        let order_id = order.order_id.clone();
        Some(match self {
            Self::Cancel => Action::Cancel { order_id, reason: REASONS.first()?.to_string() },
            Self::Address => {
                let mut address = order.address.clone();
                address.address1 = "1 Attempt Street".to_owned();
                Action::ModifyAddress { order_id, address }
            }
            Self::Return => give_back(database, order, vec![first.item_id.clone()]),
            Self::Change | Self::Exchange => {
                let other = item(database, &first.product_id, &first.item_id, true)?;
                self.swap(database, order, vec![first.item_id.clone()], vec![other])
            }
        })
    }

    fn swap(self, database: &Database, order: &Order, item_ids: Vec<String>, new_item_ids: Vec<String>) -> Action {
        let payment_method_id = method(database, order);
        let swap = Swap { order_id: order.order_id.clone(), item_ids, new_item_ids, payment_method_id };
        if matches!(self, Self::Change) { Action::ModifyItems(swap) } else { Action::Exchange(swap) }
    }
}

fn by_status(database: &Database, order: &Order, all: &mut Vec<Attempt>) {
    let mut push = |rule, kind: Kind| {
        all.extend(kind.act(database, order).map(|action| attempt(rule, &order.user_id, action)));
    };
    if order.status != "pending" {
        push("cancel: not pending", Kind::Cancel);
        push("change items: not pending", Kind::Change);
        push("change address: not pending", Kind::Address);
    }
    if order.status != "delivered" {
        push("return: not delivered", Kind::Return);
        push("exchange: not delivered", Kind::Exchange);
    }
}

fn by_items(database: &Database, order: &Order, all: &mut Vec<Attempt>) {
    let kind = match order.status.as_str() {
        "pending" => Kind::Change,
        "delivered" => Kind::Exchange,
        _ => return,
    };
    let change = matches!(kind, Kind::Change);
    let Some(first) = order.items.first() else { return };
    let (own, product) = (&first.item_id, &first.product_id);
    let mut push = |rules: [&'static str; 2], old: Vec<String>, new: Vec<String>| {
        let [for_change, for_exchange] = rules;
        let rule = if change { for_change } else { for_exchange };
        all.push(attempt(rule, &order.user_id, kind.swap(database, order, old, new)));
    };
    let other = item(database, product, own, true);
    if let Some(out) = item(database, product, own, false) {
        push(["change items: not available", "exchange: not available"], vec![own.clone()], vec![out]);
    }
    let foreign = database.products.values().find(|p| p.product_id != *product);
    if let Some(strange) = foreign.and_then(|p| item(database, &p.product_id, "", true)) {
        push(["change items: another product", "exchange: another product"], vec![own.clone()], vec![strange.clone()]);
        let absent = !order.items.iter().any(|i| i.item_id == strange);
        if absent {
            let rules = ["change items: not in the order", "exchange: not in the order"];
            push(rules, vec![strange.clone()], vec![own.clone()]);
        }
        if absent && !change {
            all.push(attempt("return: not in the order", &order.user_id, give_back(database, order, vec![strange])));
        }
    }
    let mut push = |rules: [&'static str; 2], old: Vec<String>, new: Vec<String>| {
        let [for_change, for_exchange] = rules;
        let rule = if change { for_change } else { for_exchange };
        all.push(attempt(rule, &order.user_id, kind.swap(database, order, old, new)));
    };
    let too_many = vec![own.clone(); order.items.iter().filter(|i| i.item_id == *own).count() + 1];
    if let Some(other) = other {
        let new = vec![other; too_many.len()];
        push(["change items: more than there are", "exchange: more than there are"], too_many.clone(), new);
    }
    if change {
        push(["change items: the same item", ""], vec![own.clone()], vec![own.clone()]);
    } else {
        all.push(attempt("return: more than there are", &order.user_id, give_back(database, order, too_many)));
    }
}

/// The next user in line tries everything that the owner could do.
fn by_person(database: &Database, order: &Order, all: &mut Vec<Attempt>) {
    let mut after = database.users.range(order.user_id.clone()..).skip(1).map(|(id, _)| id);
    let Some(stranger) = after.next().or_else(|| database.users.keys().next()) else { return };
    let kinds = match order.status.as_str() {
        "pending" => [Kind::Cancel, Kind::Change, Kind::Address].as_slice(),
        "delivered" => [Kind::Return, Kind::Exchange].as_slice(),
        _ => [].as_slice(),
    };
    for kind in kinds {
        all.extend(kind.act(database, order).map(|action| attempt("somebody else's order", stranger, action)));
    }
}

fn attempt(rule: &'static str, user: &str, action: Action) -> Attempt {
    Attempt { rule, user: user.to_owned(), before: None, action }
}

fn give_back(database: &Database, order: &Order, item_ids: Vec<String>) -> Action {
    let first = order.payment_history.first().map(|p| p.payment_method_id.clone());
    let payment_method_id = first.unwrap_or_else(|| method(database, order));
    Action::Return { order_id: order.order_id.clone(), item_ids, payment_method_id }
}

/// Another item of a product that is, or is not, on the shelf.
fn item(database: &Database, product: &str, except: &str, available: bool) -> Option<String> {
    let variants = &database.products.get(product)?.variants;
    variants.values().find(|v| v.available == available && v.item_id != except).map(|v| v.item_id.clone())
}

/// A method that can pay anything, if the owner has one.
fn method(database: &Database, order: &Order) -> String {
    let methods = database.users.get(&order.user_id).map(|u| &u.payment_methods);
    let mut open = methods.into_iter().flatten().filter(|(_, m)| !matches!(m, Method::GiftCard { .. }));
    open.next().map(|(id, _)| id.clone()).or_else(|| methods?.keys().next().cloned()).unwrap_or_default()
}
