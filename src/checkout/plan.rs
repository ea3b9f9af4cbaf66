//! From a wish to an act: names in, every amount computed from the rows as they are now. The same function runs when an
//! act is proposed and again when it is confirmed, so that what changed in between is seen.

mod after_sales;
mod goods;

pub use after_sales::left;

use crate::app::App;
use crate::checkout::Error;
use crate::checkout::price::{Priced, price};
use crate::domain::address::Address;
use crate::domain::id::{ContactId, OrderId};
use crate::domain::order::{Order, OrderState};
use crate::domain::proposal::{Act, Wish};
use crate::domain::shop::Shop;
use crate::store::Tx;

/// What a wish comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Planned {
    /// This would be done.
    Act(Box<Act>),
    /// It cannot be done, in words for the shopper that go on after "I'm sorry, ".
    Refused(String),
}

/// Works out what a wish of this contact would do now.
pub async fn plan(app: &App, tx: &mut Tx, shop: &Shop, contact: &ContactId, wish: &Wish) -> Result<Planned, Error> {
    match wish {
        Wish::Checkout => checkout(tx, shop, contact).await,
        Wish::KeepAddress { address } => Ok(address_of(address)
            .map_or_else(Planned::Refused, |address| Planned::Act(Box::new(Act::KeepAddress { address })))),
        Wish::ChangeAddress { order, address } => {
            let order = match own(tx, contact, order).await? {
                Ok(order) => order,
                Err(why) => return Ok(Planned::Refused(why)),
            };
            Ok(change_address(&order, address))
        }
        Wish::Cancel { order } => match own(tx, contact, order).await? {
            Ok(order) => after_sales::cancel(tx, shop, &order).await,
            Err(why) => Ok(Planned::Refused(why)),
        },
        Wish::ChangeItems { order, swaps } => match own(tx, contact, order).await? {
            Ok(order) => after_sales::change(tx, shop, &order, swaps).await,
            Err(why) => Ok(Planned::Refused(why)),
        },
        Wish::Return { order, pieces } => match own(tx, contact, order).await? {
            Ok(order) => after_sales::give_back(app, tx, shop, &order, pieces).await,
            Err(why) => Ok(Planned::Refused(why)),
        },
        Wish::Exchange { order, swaps } => match own(tx, contact, order).await? {
            Ok(order) => after_sales::exchange(app, tx, shop, &order, swaps).await,
            Err(why) => Ok(Planned::Refused(why)),
        },
        Wish::Refund { order, pieces } => match own(tx, contact, order).await? {
            Ok(order) => after_sales::refund(tx, shop, &order, pieces).await,
            Err(why) => Ok(Planned::Refused(why)),
        },
    }
}

async fn checkout(tx: &mut Tx, shop: &Shop, contact: &ContactId) -> Result<Planned, Error> {
    let cart = tx.cart(contact).await?;
    if cart.lines.is_empty() {
        return Ok(Planned::Refused("the cart is empty".to_owned()));
    }
    Ok(match price(tx, shop, &cart).await? {
        Priced::Quote(quote) => Planned::Act(Box::new(Act::Checkout { quote, cart_version: cart.version })),
        Priced::Refused(why) => Planned::Refused(why),
    })
}

/// The contact's own order. Somebody else's does not exist.
async fn own(tx: &mut Tx, contact: &ContactId, id: &OrderId) -> Result<Result<Order, String>, Error> {
    let order = tx.lock_order(id).await?.filter(|o| &o.contact == contact);
    Ok(order.ok_or_else(|| "I can't find that order".to_owned()))
}

fn change_address(order: &Order, address: &Address) -> Planned {
    let number = &order.number;
    match order.state {
        OrderState::AwaitingPayment | OrderState::PaymentPending | OrderState::Paid => {}
        OrderState::Fulfilled => return Planned::Refused(format!("order {number} has already been sent")),
        OrderState::Frozen => return Planned::Refused(format!("a colleague is looking at order {number}")),
        OrderState::Expired | OrderState::Cancelled | OrderState::Refunded => {
            return Planned::Refused(format!("order {number} is closed"));
        }
    }
    match address_of(address) {
        Ok(address) => {
            // The receipt still goes where it went.
            let email = order.ship_to.as_ref().map(|a| a.email.clone()).filter(|_| address.email.is_empty());
            let address = Address { email: email.unwrap_or(address.email.clone()), ..address };
            if order.ship_to.as_ref() == Some(&address) {
                return Planned::Refused(format!("order {number} goes to that address already"));
            }
            Planned::Act(Box::new(Act::ChangeAddress { order: order.id.clone(), number: number.clone(), address }))
        }
        Err(why) => Planned::Refused(why),
    }
}

fn address_of(address: &Address) -> Result<Address, String> {
    let address = address.bounded();
    match address.lacks() {
        Some(what) => Err(format!("I need {what} for that address")),
        None => Ok(address),
    }
}
