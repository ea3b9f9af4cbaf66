//! A merchant's account and the few rules it sets for itself.

use crate::domain::id::ShopId;
use crate::domain::money::{self, Currency, Money};
use serde::{Deserialize, Serialize};

/// A shop: every row belongs to one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// Its id: `fjellheim`.
    pub id: ShopId,
    /// Its name as shoppers see it.
    pub name: String,
    /// All its prices are in this currency.
    pub currency: Currency,
    /// The language its texts are written in: `en`.
    pub locale: String,
    /// IANA name: `Europe/Berlin`.
    pub time_zone: String,
    /// The first lines of an empty chat.
    pub greeting: String,
    /// Questions a newcomer can tap.
    pub starters: Vec<String>,
    /// When colleagues answer, as the shopper should read it.
    pub colleagues: String,
    /// What delivery costs.
    pub shipping: Shipping,
    /// Prefix of order numbers: `FJ`.
    pub order_prefix: String,
    /// What it allows after an order stands.
    #[serde(default)]
    pub after_sales: AfterSales,
    /// Whether this is the shop that came with the program, where trying things out as another person is allowed.
    pub demo: bool,
}

/// What a shop allows after an order stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AfterSales {
    /// Days after arrival in which goods may be returned or exchanged.
    pub return_days: u32,
    /// Refunds up to this many minor units of the shop's currency need no colleague, as long as all of an order's refunds
    /// that nobody agreed to stay within it.
    pub refund_unasked_minor: i64,
    /// How often the goods of one order may be changed before it ships.
    pub changes_max: u32,
    /// How many returns and exchanges one order may have.
    pub returns_max: u32,
    /// Whether an order whose goods were changed may still be called off.
    pub cancel_changed: bool,
}

impl Default for AfterSales {
    fn default() -> Self {
        Self { return_days: 14, refund_unasked_minor: 0, changes_max: 5, returns_max: 10, cancel_changed: true }
    }
}

/// A flat delivery fee that large orders do not pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipping {
    /// What the shopper reads in the summary.
    pub label: String,
    /// The fee.
    pub fee: Money,
    /// Subtotal from which the fee is zero.
    pub free_from: Option<Money>,
}

impl Shipping {
    /// The fee for a subtotal.
    pub fn cost(&self, subtotal: Money) -> Result<Money, money::Error> {
        if subtotal.currency != self.fee.currency {
            return Err(money::Error::Mixed(subtotal.currency, self.fee.currency));
        }
        let free = self.free_from.is_some_and(|from| subtotal.minor >= from.minor);
        Ok(if free { Money::zero(subtotal.currency) } else { self.fee })
    }
}
