//! Tau's own rules over its own data, written from its policy and the published behaviour of its tools, and from nothing
//! of ours: what an act must lead to, and what must be refused.

use crate::eval::tau_retail::data::{Cents, Database, Direction, Item, Method, Order, Payment};
use crate::eval::tau_retail::task::{Action, Swap};

/// The only reasons to cancel.
pub const REASONS: [&str; 2] = ["no longer needed", "ordered by mistake"];

/// What no payment provider charges: less than this many cents.
const LEAST_CHARGE: i64 = 50;

/// How a swap of items is read where there is more than one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Each item has its own price, whatever the difference is.
    Policy,
    /// As the tool leaves it: the last item's price stands on each.
    Tool,
    /// As the policy, but what is too little to be charged is taken off the new item's price.
    Chargeable,
}

/// Why tau refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Refusal {
    /// There is no such order or user.
    #[error("not known")]
    Unknown,
    /// It is somebody else's; the policy says so, not the tools.
    #[error("somebody else's")]
    NotYours,
    /// Its status does not allow it.
    #[error("wrong status")]
    Status,
    /// Not one of the two reasons.
    #[error("no such reason")]
    Reason,
    /// Not in the order, or not so often.
    #[error("not in the order")]
    NotInOrder,
    /// Not as many new items as old ones.
    #[error("counts differ")]
    Counts,
    /// The new item is the old one.
    #[error("same item")]
    SameItem,
    /// The new item is of another product, or of none.
    #[error("another product")]
    OtherProduct,
    /// The new item is not on the shelf.
    #[error("not available")]
    Unavailable,
    /// Not a method of this user, or not one that may be refunded to.
    #[error("not that method")]
    Method,
    /// The gift card does not cover it.
    #[error("not enough on the gift card")]
    Balance,
}

/// Does what a user wants, or says why not; a refusal changes nothing.
pub fn apply(database: &mut Database, user: &str, action: &Action, reading: Reading) -> Result<(), Refusal> {
    if let Action::UserAddress { user_id, address } = action {
        let known = database.users.get_mut(user_id).ok_or(Refusal::Unknown)?;
        if user_id != user {
            return Err(Refusal::NotYours);
        }
        known.address = address.clone();
        return Ok(());
    }
    let id = action.order().unwrap_or_default();
    let mut order = database.orders.get(id).cloned().ok_or(Refusal::Unknown)?;
    if order.user_id != user {
        return Err(Refusal::NotYours);
    }
    match action {
        Action::Cancel { reason, .. } => cancel(database, &mut order, reason)?,
        Action::ModifyItems(swap) => modify(database, &mut order, swap, reading)?,
        Action::ModifyAddress { address, .. } => {
            if !order.status.contains("pending") {
                return Err(Refusal::Status);
            }
            order.address = address.clone();
        }
        Action::Return { item_ids, payment_method_id, .. } => {
            give_back(database, &mut order, item_ids, payment_method_id)?;
        }
        Action::Exchange(swap) => exchange(database, &mut order, swap, reading)?,
        Action::UserAddress { .. } => {}
    }
    database.orders.insert(id.to_owned(), order);
    Ok(())
}

fn cancel(database: &mut Database, order: &mut Order, reason: &str) -> Result<(), Refusal> {
    if order.status != "pending" {
        return Err(Refusal::Status);
    }
    if !REASONS.contains(&reason) {
        return Err(Refusal::Reason);
    }
    for payment in order.payment_history.clone() {
        to_card(database, order, &payment.payment_method_id, payment.amount.0);
        order.payment_history.push(Payment { transaction_type: Direction::Refund, ..payment });
    }
    order.status = "cancelled".to_owned();
    order.cancel_reason = Some(reason.to_owned());
    Ok(())
}

fn modify(database: &mut Database, order: &mut Order, swap: &Swap, reading: Reading) -> Result<(), Refusal> {
    if order.status != "pending" {
        return Err(Refusal::Status);
    }
    there(order, &swap.item_ids)?;
    if swap.item_ids.iter().zip(&swap.new_item_ids).any(|(old, new)| old == new) {
        return Err(Refusal::SameItem);
    }
    let prices = new_prices(database, order, swap, reading)?;
    let difference = difference(order, swap, &prices);
    covered(database, order, &swap.payment_method_id, difference)?;
    let transaction_type = if difference > 0 { Direction::Payment } else { Direction::Refund };
    let (amount, payment_method_id) = (Cents(difference.abs()), swap.payment_method_id.clone());
    order.payment_history.push(Payment { transaction_type, amount, payment_method_id });
    to_card(database, order, &swap.payment_method_id, -difference);
    let last = prices.last().copied().unwrap_or(Cents(0));
    for ((old, new), own) in swap.item_ids.iter().zip(&swap.new_item_ids).zip(prices) {
        if let Some(item) = order.items.iter_mut().find(|i| i.item_id == *old) {
            item.item_id.clone_from(new);
            item.price = if reading == Reading::Tool { last } else { own };
        }
    }
    order.status = "pending (item modified)".to_owned();
    Ok(())
}

fn give_back(database: &Database, order: &mut Order, items: &[String], method: &str) -> Result<(), Refusal> {
    if order.status != "delivered" {
        return Err(Refusal::Status);
    }
    let card = matches!(method_of(database, order, method)?, Method::GiftCard { .. });
    if !card && order.payment_history.first().is_none_or(|first| first.payment_method_id != method) {
        return Err(Refusal::Method);
    }
    there(order, items)?;
    order.status = "return requested".to_owned();
    order.return_items = sorted(items);
    order.return_payment_method_id = Some(method.to_owned());
    Ok(())
}

fn exchange(database: &Database, order: &mut Order, swap: &Swap, reading: Reading) -> Result<(), Refusal> {
    if order.status != "delivered" {
        return Err(Refusal::Status);
    }
    there(order, &swap.item_ids)?;
    let prices = new_prices(database, order, swap, reading)?;
    let difference = difference(order, swap, &prices);
    covered(database, order, &swap.payment_method_id, difference)?;
    order.status = "exchange requested".to_owned();
    order.exchange_items = sorted(&swap.item_ids);
    order.exchange_new_items = sorted(&swap.new_item_ids);
    order.exchange_payment_method_id = Some(swap.payment_method_id.clone());
    order.exchange_price_difference = Some(difference);
    Ok(())
}

/// Every item is in the order, as often as it is named.
fn there(order: &Order, items: &[String]) -> Result<(), Refusal> {
    let count = |ids: &mut dyn Iterator<Item = &String>, id: &str| ids.filter(|other| *other == id).count();
    let enough =
        items.iter().all(|id| count(&mut items.iter(), id) <= count(&mut order.items.iter().map(|i| &i.item_id), id));
    if enough { Ok(()) } else { Err(Refusal::NotInOrder) }
}

fn new_prices(database: &Database, order: &Order, swap: &Swap, reading: Reading) -> Result<Vec<Cents>, Refusal> {
    if swap.item_ids.len() != swap.new_item_ids.len() {
        return Err(Refusal::Counts);
    }
    let pairs = swap.item_ids.iter().zip(&swap.new_item_ids);
    let prices = pairs.map(|(old, new)| {
        let item = piece(order, old).ok_or(Refusal::NotInOrder)?;
        let variant = database.item(&item.product_id, new).ok_or(Refusal::OtherProduct)?;
        if variant.available { Ok(variant.price) } else { Err(Refusal::Unavailable) }
    });
    let mut prices: Vec<Cents> = prices.collect::<Result<_, _>>()?;
    let small = difference(order, swap, &prices);
    if reading == Reading::Chargeable
        && small < LEAST_CHARGE
        && small > 0
        && let Some(first) = prices.first_mut()
    {
        first.0 -= small;
    }
    Ok(prices)
}

fn difference(order: &Order, swap: &Swap, prices: &[Cents]) -> i64 {
    let old: i64 = swap.item_ids.iter().filter_map(|id| piece(order, id)).map(|item| item.price.0).sum();
    prices.iter().map(|price| price.0).sum::<i64>() - old
}

fn piece<'a>(order: &'a Order, id: &str) -> Option<&'a Item> {
    order.items.iter().find(|item| item.item_id == id)
}

fn method_of<'a>(database: &'a Database, order: &Order, id: &str) -> Result<&'a Method, Refusal> {
    let user = database.users.get(&order.user_id).ok_or(Refusal::Unknown)?;
    user.payment_methods.get(id).ok_or(Refusal::Method)
}

fn covered(database: &Database, order: &Order, method: &str, difference: i64) -> Result<(), Refusal> {
    match method_of(database, order, method)? {
        Method::GiftCard { balance } if balance.0 < difference => Err(Refusal::Balance),
        _ => Ok(()),
    }
}

fn to_card(database: &mut Database, order: &Order, method: &str, cents: i64) {
    let user = database.users.get_mut(&order.user_id);
    if let Some(Method::GiftCard { balance }) = user.and_then(|u| u.payment_methods.get_mut(method)) {
        balance.0 += cents;
    }
}

fn sorted(ids: &[String]) -> Vec<String> {
    let mut ids = ids.to_vec();
    ids.sort();
    ids
}
