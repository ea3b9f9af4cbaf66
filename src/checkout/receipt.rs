//! A receipt: what was bought, what was paid and what was given back, as data. The page and the PDF are made from it.

pub mod layout;
pub mod pdf;
pub mod text;

use crate::checkout::Error;
use crate::domain::cart::QuoteLine;
use crate::domain::checkout::CheckoutState;
use crate::domain::money::Money;
use crate::domain::order::Order;
use crate::domain::shop::Shop;
use crate::payment::Shipping;
use crate::store::Tx;
use jiff::Timestamp;
use jiff::civil::Date;

/// What the provider's test pages are called; no money moves on them.
const TEST_SESSION: &str = "cs_test_";

/// What a receipt says. Nothing in it depends on when it is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The shop's name.
    pub shop: String,
    /// Where the shop is, line by line; empty when it did not say.
    pub address: Vec<String>,
    /// The language of the shop's texts.
    pub locale: String,
    /// The order's number, which is the receipt's, too.
    pub number: String,
    /// The day of the order, where the shop is.
    pub placed: Date,
    /// The day the money was there.
    pub paid: Date,
    /// The moment the money was there.
    pub paid_at: Timestamp,
    /// The goods.
    pub lines: Vec<QuoteLine>,
    /// Sum of the lines.
    pub subtotal: Money,
    /// What the shipping row is called.
    pub shipping_label: String,
    /// Delivery.
    pub shipping: Money,
    /// What was paid.
    pub total: Money,
    /// What was given back, oldest first.
    pub refunds: Vec<Refunded>,
    /// What the shop keeps: the total less what was given back.
    pub net: Money,
    /// The tax within what the shop keeps, for shops that name one.
    pub tax: Option<(String, Money)>,
    /// How it was paid, if known.
    pub method: Option<&'static str>,
    /// Whether it was a test: no money moved.
    pub test: bool,
    /// Where the goods go.
    pub ship_to: Option<Shipping>,
}

/// Money that was given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// The day, where the shop is.
    pub on: Date,
    /// How much.
    pub amount: Money,
    /// Whether the bank is still at it.
    pub pending: bool,
}

/// The receipt of an order; none when it was never paid.
pub async fn receipt(tx: &mut Tx, shop: &Shop, order: &Order) -> Result<Option<Receipt>, Error> {
    let Some(paid_at) = order.times.paid else {
        return Ok(None);
    };
    let attempts = tx.checkouts_of(&order.id).await?;
    let session = attempts.iter().filter(|c| c.state == CheckoutState::Paid).find_map(|c| c.session.as_deref());
    let refunds = refunds(tx, shop, order).await?;
    let mut net = order.quote.total;
    for refund in &refunds {
        net = net.plus(Money::new(refund.amount.minor.saturating_neg(), refund.amount.currency))?;
    }
    Ok(Some(Receipt {
        shop: shop.name.clone(),
        address: shop.address.clone(),
        locale: shop.locale.clone(),
        number: order.number.clone(),
        placed: shop.day(order.times.placed),
        paid: shop.day(paid_at),
        paid_at,
        lines: order.quote.lines.clone(),
        subtotal: order.quote.subtotal,
        shipping_label: order.quote.shipping_label.clone(),
        shipping: order.quote.shipping,
        total: order.quote.total,
        tax: shop.tax.as_ref().map(|tax| (tax.label.clone(), tax.within(net))),
        refunds,
        net,
        method: session.map(|_| "Online"),
        test: session.is_some_and(|s| s.starts_with(TEST_SESSION)),
        ship_to: ship_to(tx, order).await?,
    }))
}

/// What was given back of an order, oldest first.
pub async fn refunds(_tx: &mut Tx, _shop: &Shop, _order: &Order) -> Result<Vec<Refunded>, Error> {
    Ok(Vec::new())
}

/// Where an order's goods go, once the shopper said so on the payment page.
pub async fn ship_to(tx: &mut Tx, order: &Order) -> Result<Option<Shipping>, Error> {
    let text = tx.ship_to(&order.id).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The lines of an address as they stand on a label; empty parts are left out.
pub fn address(to: &Shipping) -> Vec<String> {
    let town = format!("{} {}", to.postal_code, to.city);
    let lines = [to.name.as_str(), to.line1.as_str(), town.trim(), to.country.as_str()];
    lines.into_iter().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// One row under the goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// What it is.
    pub label: String,
    /// How much; what was given back begins with a minus.
    pub amount: String,
    /// Whether it is what counts in the end.
    pub strong: bool,
}

impl Receipt {
    /// Subtotal, delivery, total; what was given back and what is left; the tax within it.
    pub fn sums(&self) -> Vec<Sum> {
        let row = |label: &str, amount: String, strong| Sum { label: label.to_owned(), amount, strong };
        let shipping = if self.shipping.minor == 0 { "free".to_owned() } else { self.shipping.to_string() };
        let mut rows = vec![
            row("Subtotal", self.subtotal.to_string(), false),
            row(&self.shipping_label, shipping, false),
            row("Total paid", self.total.to_string(), true),
        ];
        for refund in &self.refunds {
            let said = if refund.pending { "Refund under way since" } else { "Refunded on" };
            let label = format!("{said} {}", layout::day(refund.on));
            rows.push(row(&label, format!("−{}", refund.amount), false));
        }
        if !self.refunds.is_empty() {
            rows.push(row("Total after refunds", self.net.to_string(), true));
        }
        rows.extend(self.tax.as_ref().map(|(label, tax)| row(&format!("Includes {label}"), tax.to_string(), false)));
        rows
    }
}
