//! The bill of an order message: parts that make the total by construction, in WhatsApp's `{value, offset}`.

use crate::channel::ask_to_pay::{Error, cut};
use crate::channel::whatsapp::order_message::Market;
use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::money::{self, Currency, Money};
use serde::Serialize;

/// Different items of one order message.
pub const ITEMS_MAX: usize = 999;
/// Characters of an item's name.
pub const ITEM_NAME_CHARS_MAX: usize = 60;

/// An amount as WhatsApp writes it: an integer and what to divide it by, which must be 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Amount {
    value: i64,
    offset: u32,
}

/// Items and parts whose sum is the total: there is no way to make one that does not add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    currency: Currency,
    items: Vec<Item>,
    subtotal: i64,
    tax: i64,
    shipping: i64,
    discount: i64,
}

/// One row of a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    retailer_id: String,
    name: String,
    amount: Amount,
    quantity: u32,
}

impl Amount {
    /// Of minor units; both markets count a hundred of them.
    pub fn new(value: i64) -> Self {
        Self { value, offset: 100 }
    }
}

impl Bill {
    /// The bill of an order. Prices include their tax here, and nothing is taken off: both parts are zero.
    pub fn of(quote: &Quote, market: Market) -> Result<Self, Error> {
        if !quote.adds_up() {
            return Err(Error::DoesNotAddUp(quote.total));
        }
        let none = Money::zero(quote.total.currency);
        let bill = Self::new(&quote.lines, none, quote.shipping, none, market)?;
        // The shopper confirmed this total; a bill over another one must never be sent.
        if bill.total() == quote.total { Ok(bill) } else { Err(Error::DoesNotAddUp(quote.total)) }
    }

    /// A bill of these parts; the subtotal and the total are computed here and nowhere else.
    pub fn new(
        lines: &[QuoteLine],
        tax: Money,
        shipping: Money,
        discount: Money,
        market: Market,
    ) -> Result<Self, Error> {
        let currency = shipping.currency;
        if currency.code() != market.currency_code() {
            return Err(Error::Currency(currency.code().to_owned()));
        }
        if lines.is_empty() || lines.len() > ITEMS_MAX {
            return Err(Error::TooMany { what: "the order", count: lines.len(), max: ITEMS_MAX });
        }
        let wrong = |_: money::Error| Error::DoesNotAddUp(shipping);
        let totals = lines.iter().map(|l| l.unit.times(l.quantity)).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        let subtotal = money::sum(totals, currency).map_err(wrong)?;
        let before = subtotal.plus(tax).and_then(|m| m.plus(shipping)).map_err(wrong)?;
        let parts = [tax.minor, shipping.minor, discount.minor, before.minor - discount.minor];
        if discount.currency != currency
            || parts.iter().any(|part| *part < 0)
            || lines.iter().any(|l| l.unit.minor < 0 || l.quantity == 0)
        {
            return Err(Error::DoesNotAddUp(before));
        }
        Ok(Self {
            currency,
            items: lines.iter().map(item).collect(),
            subtotal: subtotal.minor,
            tax: tax.minor,
            shipping: shipping.minor,
            discount: discount.minor,
        })
    }

    /// Subtotal, tax and shipping less the discount.
    pub fn total(&self) -> Money {
        Money::new(self.subtotal + self.tax + self.shipping - self.discount, self.currency)
    }

    /// The rows.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Subtotal, tax, shipping and discount as WhatsApp writes them.
    pub fn parts(&self) -> [Amount; 4] {
        [self.subtotal, self.tax, self.shipping, self.discount].map(Amount::new)
    }
}

fn item(line: &QuoteLine) -> Item {
    let name = if line.options.is_empty() { line.title.clone() } else { format!("{} ({})", line.title, line.options) };
    Item {
        retailer_id: line.variant.to_string(),
        name: cut(&name, ITEM_NAME_CHARS_MAX),
        amount: Amount::new(line.unit.minor),
        quantity: line.quantity,
    }
}
