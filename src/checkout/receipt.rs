//! A receipt: what was bought, what was paid and what was given back, as data. The page and the PDF are made from it.

pub mod layout;
pub mod pdf;
pub mod text;

use crate::checkout::Error;
use crate::domain::address::Address;
use crate::domain::cart::QuoteLine;
use crate::domain::checkout::CheckoutState;
use crate::domain::money::{self, Money};
use crate::domain::order::Order;
use crate::domain::refund::RefundState;
use crate::domain::shop::Shop;
use crate::store::Tx;
use crate::wording::Voice;
use crate::wording::phrases as p;
use jiff::Timestamp;
use jiff::civil::Date;

/// Before what was given back; the receipt's letters have no longer sign.
const MINUS: &str = "\u{2013}";
/// What the provider's test pages are called; no money moves on them.
const TEST_SESSION: &str = "cs_test_";

/// What a receipt says. Nothing in it depends on when it is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The shop's name.
    pub shop: String,
    /// Where the shop is, line by line; empty when it did not say.
    pub address: Vec<String>,
    /// Whom it is written to: language and region.
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
    /// What the goods and their delivery cost.
    pub total: Money,
    /// What was paid: more than the total, when the order became smaller afterwards.
    pub received: Money,
    /// What was given back, oldest first.
    pub refunds: Vec<Refunded>,
    /// What the shop keeps: what was paid less what was given back.
    pub net: Money,
    /// The tax within what the shop keeps, for shops that name one.
    pub tax: Option<(String, Money)>,
    /// Whether it is known to have been paid online.
    pub online: bool,
    /// Whether it was a test: no money moved.
    pub test: bool,
    /// Where the goods go.
    pub ship_to: Option<Address>,
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
    let currency = order.quote.total.currency;
    // Orders from before this program have no attempts: their total was paid.
    let received = match session {
        Some(_) => money::sum(attempts.iter().filter(|c| c.state == CheckoutState::Paid).map(|c| c.amount), currency)?,
        None => order.quote.total,
    };
    let refunds = refunds(tx, shop, order).await?;
    let given_back = money::sum(refunds.iter().map(|r| r.amount), currency)?;
    let net = received.plus(Money::new(given_back.minor.saturating_neg(), currency))?;
    Ok(Some(Receipt {
        shop: shop.name.clone(),
        address: shop.address.clone(),
        locale: tx.contact(&order.contact).await?.map_or_else(|| shop.locale.clone(), |contact| contact.locale),
        number: order.number.clone(),
        placed: shop.day(order.times.placed),
        paid: shop.day(paid_at),
        paid_at,
        lines: order.quote.lines.clone(),
        subtotal: order.quote.subtotal,
        shipping_label: order.quote.shipping_label.clone(),
        shipping: order.quote.shipping,
        total: order.quote.total,
        received,
        tax: shop.tax.as_ref().map(|tax| (tax.label.clone(), tax.within(net))),
        refunds,
        net,
        online: session.is_some(),
        test: session.is_some_and(|s| s.starts_with(TEST_SESSION)),
        ship_to: order.ship_to.clone(),
    }))
}

/// What was given back of an order, or is on its way back, oldest first. What a colleague has yet to agree to is neither.
pub async fn refunds(tx: &mut Tx, shop: &Shop, order: &Order) -> Result<Vec<Refunded>, Error> {
    let all = tx.refunds_of(&order.id).await?;
    let seen = all.into_iter().filter_map(|refund| {
        let pending = match refund.state {
            RefundState::Done => false,
            RefundState::Queued | RefundState::Sent => true,
            RefundState::Waiting | RefundState::Failed | RefundState::Declined => return None,
        };
        Some(Refunded { on: shop.day(refund.first_sent.unwrap_or(refund.created)), amount: refund.amount, pending })
    });
    Ok(seen.collect())
}

/// The lines of an address as they stand on a label; empty parts are left out.
pub fn address(to: &Address) -> Vec<String> {
    let town = format!("{} {}", to.postal_code, to.city);
    let land = [to.region.trim(), to.country.trim()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let lines = [to.name.as_str(), to.line1.as_str(), town.trim(), &land];
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
    /// How its reader is spoken to.
    pub fn voice(&self) -> Voice {
        Voice::of_tag(&self.locale)
    }

    /// Subtotal, delivery, total; what was given back and what is left; the tax within it.
    pub fn sums(&self) -> Vec<Sum> {
        let voice = self.voice();
        let row = |label: String, amount: String, strong| Sum { label, amount, strong };
        let whole = self.received == self.total;
        let mut rows = vec![
            row(voice.pick(p::SUM_SUBTOTAL), voice.money(self.subtotal), false),
            row(self.shipping_label.clone(), voice.fee(self.shipping), false),
            row(voice.pick(if whole { p::RECEIPT_TOTAL_PAID } else { p::SUM_TOTAL }), voice.money(self.total), true),
        ];
        if !whole {
            rows.push(row(voice.pick(p::RECEIPT_PAID), voice.money(self.received), false));
        }
        for refund in &self.refunds {
            let phrase = if refund.pending { p::RECEIPT_REFUND_SINCE } else { p::RECEIPT_REFUND_OF };
            let label = voice.say(phrase, &[("day", &voice.date(refund.on))]);
            rows.push(row(label, format!("{MINUS}{}", voice.money(refund.amount)), false));
        }
        if !self.refunds.is_empty() {
            rows.push(row(voice.pick(p::RECEIPT_AFTER_REFUNDS), voice.money(self.net), true));
        }
        let tax = self.tax.as_ref();
        rows.extend(
            tax.map(|(label, tax)| row(voice.say(p::RECEIPT_INCLUDES, &[("tax", label)]), voice.money(*tax), false)),
        );
        rows
    }
}
