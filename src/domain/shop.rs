//! A merchant's account and the few rules it sets for itself.

use crate::domain::id::ShopId;
use crate::domain::money::{self, Currency, Money};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
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
    /// Where it is, line by line, for receipts; empty when it did not say.
    #[serde(default)]
    pub address: Vec<String>,
    /// The tax its prices include, if it has to name one on receipts.
    #[serde(default)]
    pub tax: Option<Tax>,
    /// What it allows after an order stands.
    #[serde(default)]
    pub after_sales: AfterSales,
    /// Whether this is the shop that came with the program, where trying things out as another person is allowed.
    pub demo: bool,
}

/// A tax that prices include.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    /// `VAT 19 %`.
    pub label: String,
    /// Hundredths of a percent: 1900 is 19 %.
    pub rate: u32,
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

impl Shop {
    /// The day of a moment where the shop is.
    pub fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)).date()
    }
}

impl Tax {
    /// How much of an amount is this tax, rounded half away from zero.
    pub fn within(&self, amount: Money) -> Money {
        let whole = 10_000 + i128::from(self.rate);
        let twice = 2 * i128::from(amount.minor) * i128::from(self.rate);
        let minor = (twice + whole * i128::from(amount.minor.signum())) / (2 * whole);
        Money::new(i64::try_from(minor).unwrap_or(amount.minor), amount.currency)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tax_within_an_amount_is_rounded_once() {
        let within = |rate, minor| Tax { label: "VAT".into(), rate }.within(Money::new(minor, Currency::EUR)).minor;
        // 119.00 at 19 % is 100.00 and 19.00; 14.80 / 1.19 = 12.4369…
        assert_eq!((within(1900, 11_900), within(1900, 1_480), within(1900, 0)), (1_900, 236, 0));
        assert_eq!((within(770, 10_770), within(0, 5_000), within(10_000, 3)), (770, 0, 2));
    }
}
