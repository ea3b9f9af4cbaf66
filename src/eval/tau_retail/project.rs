//! Our end state in tau's words. Everything is read from the rows; nothing is remembered from what was asked for.

use crate::domain::address::Address;
use crate::domain::amendment::{Amendment, AmendmentKind, AmendmentState};
use crate::domain::cart::QuoteLine;
use crate::domain::checkout::{Checkout, CheckoutState};
use crate::domain::id::{ContactId, ProductId};
use crate::domain::ledger::Account;
use crate::domain::order::{Order, OrderState};
use crate::domain::refund::{Refund, RefundState};
use crate::eval::tau_retail::Error;
use crate::eval::tau_retail::facts::{Facts, OrderFacts, sorted};
use crate::eval::tau_retail::play::{ORDERS_MAX, Player};
use crate::store::Tx;

/// An order with everything that belongs to it.
struct Whole {
    order: Order,
    amendments: Vec<Amendment>,
    checkouts: Vec<Checkout>,
    refunds: Vec<Refund>,
}

/// What is true of the player's user now.
pub async fn found(player: &Player<'_>) -> Result<Facts, Error> {
    let mut tx = player.world.rows().await?;
    let mut facts = Facts { sold_out: sold_out(player, &mut tx).await?, ..Facts::default() };
    user(player, &mut tx, &mut facts).await?;
    Ok(facts)
}

/// Adds what is true of the player's user: default address and orders.
pub async fn user(player: &Player<'_>, tx: &mut Tx, facts: &mut Facts) -> Result<(), Error> {
    let contact = ContactId::new(player.user);
    let address = tx.contact(&contact).await?.and_then(|c| c.address);
    facts.addresses.insert(player.user.to_owned(), address.map(|a| line(&a)).unwrap_or_default());
    for order in tx.orders_of(&contact, ORDERS_MAX).await? {
        let whole = Whole {
            amendments: tx.amendments_of(&order.id).await?,
            checkouts: tx.checkouts_of(&order.id).await?,
            refunds: tx.refunds_of(&order.id).await?,
            order,
        };
        let mut found = whole.facts(player);
        if !books(tx, &whole).await? {
            found.status.push_str(" (the books do not agree)");
        }
        facts.orders.insert(format!("#{}", whole.order.id), found);
    }
    Ok(())
}

/// What cannot be bought any more.
pub async fn sold_out(player: &Player<'_>, tx: &mut Tx) -> Result<std::collections::BTreeSet<String>, Error> {
    let ids: Vec<ProductId> = player.database.products.keys().map(ProductId::new).collect();
    let products = tx.products(&ids).await?;
    let variants = products.iter().flat_map(|p| &p.variants);
    Ok(variants.filter(|v| !v.in_stock()).map(|v| v.id.to_string()).collect())
}

/// Whether the ledger says of an order's money what its attempts and refunds say.
async fn books(tx: &mut Tx, whole: &Whole) -> Result<bool, Error> {
    let paid: i64 = whole.checkouts.iter().filter(|c| c.state == CheckoutState::Paid).map(|c| c.amount.minor).sum();
    let gone = |r: &&Refund| matches!(r.state, RefundState::Sent | RefundState::Done);
    let back: i64 = whole.refunds.iter().filter(gone).map(|r| r.amount.minor).sum();
    let owed: i64 = whole.refunds.iter().filter(|r| r.state == RefundState::Queued).map(|r| r.amount.minor).sum();
    let provider = tx.balance(&whole.order.id, Account::Provider).await?;
    let customer = tx.balance(&whole.order.id, Account::Customer).await?;
    Ok(provider == paid - back && -customer == owed)
}

impl Whole {
    fn facts(&self, player: &Player<'_>) -> OrderFacts {
        let of = |kind: AmendmentKind| {
            self.amendments.iter().find(|a| a.kind == kind && !matches!(a.state, AmendmentState::Void))
        };
        let (back, exchange) = (of(AmendmentKind::Return), of(AmendmentKind::Exchange));
        let difference = exchange.map(|a| a.terms.difference.minor);
        // What an exchange costs is a difference in tau until the goods are there; here it is paid at once.
        let own = |c: &&Checkout| {
            c.state == CheckoutState::Paid && (c.amendment.is_none() || c.amendment.as_ref() != exchange.map(|a| &a.id))
        };
        OrderFacts {
            status: self.status(),
            items: pieces(&self.order.quote.lines, |l| (l.variant.to_string(), l.unit.minor)),
            address: self.order.ship_to.as_ref().map(line).unwrap_or_default(),
            paid: sorted(self.checkouts.iter().filter(own).map(|c| c.amount.minor)),
            refunded: sorted(self.refunds.iter().filter(|r| r.state.counts()).map(|r| r.amount.minor)),
            returning: back.map(|a| pieces(&a.terms.back, |l| l.variant.to_string())).unwrap_or_default(),
            exchanging: exchange.map(|a| pieces(&a.terms.back, |l| l.variant.to_string())).unwrap_or_default(),
            exchanged_for: exchange.map(|a| pieces(&a.terms.out, |l| l.variant.to_string())).unwrap_or_default(),
            difference,
            methods: self.methods(player, back.is_some(), exchange),
        }
    }

    fn status(&self) -> String {
        let amended = |kind, state| self.amendments.iter().any(|a| a.kind == kind && a.state == state);
        let exchange_paid = || {
            let agreed = self.amendments.iter().filter(|a| a.kind == AmendmentKind::Exchange);
            let costs = agreed.filter(|a| a.terms.difference.minor > 0);
            costs.into_iter().all(|a| {
                let paid = self.checkouts.iter().filter(|c| c.amendment.as_ref() == Some(&a.id));
                paid.into_iter().any(|c| c.state == CheckoutState::Paid && c.amount == a.terms.difference)
            })
        };
        let word = match (self.order.state, self.order.times.delivered) {
            (OrderState::Paid, _) if amended(AmendmentKind::Change, AmendmentState::Done) => "pending (item modified)",
            (OrderState::Paid, _) => "pending",
            (OrderState::Fulfilled, None) => "processed",
            (OrderState::Fulfilled, _) if amended(AmendmentKind::Return, AmendmentState::Agreed) => "return requested",
            (OrderState::Fulfilled, _)
                if amended(AmendmentKind::Exchange, AmendmentState::Agreed) && exchange_paid() =>
            {
                "exchange requested"
            }
            (OrderState::Fulfilled, _) => "delivered",
            (OrderState::Cancelled, _) => "cancelled",
            (other, _) => other.word(),
        };
        word.to_owned()
    }

    fn methods(&self, player: &Player<'_>, back: bool, exchange: Option<&Amendment>) -> Vec<String> {
        let original = player.original(&self.order.id);
        let method = |intent: Option<&String>| {
            intent.and_then(|i| player.methods.get(i)).cloned().unwrap_or_else(|| original.clone())
        };
        let mut all = Vec::new();
        for checkout in self.checkouts.iter().filter(|c| c.state == CheckoutState::Paid) {
            let promised = checkout.amendment.is_some() && checkout.amendment.as_ref() == exchange.map(|a| &a.id);
            let way = if promised { "difference" } else { "paid" };
            all.push(format!("{way} {} {}", checkout.amount.minor, method(checkout.intent.as_ref())));
        }
        for refund in self.refunds.iter().filter(|r| r.state.counts()) {
            all.push(format!("refunded {} {}", refund.amount.minor, method(refund.intent.as_ref())));
        }
        // Money that is still to go back goes back the way it came.
        if let Some(cents) = exchange.map(|a| a.terms.difference.minor).filter(|cents| *cents < 0) {
            all.push(format!("difference {cents} {original}"));
        }
        if back {
            all.push(format!("return {original}"));
        }
        sorted(all.into_iter())
    }
}

fn pieces<T: Ord + Clone>(lines: &[QuoteLine], of: impl Fn(&QuoteLine) -> T) -> Vec<T> {
    sorted(lines.iter().flat_map(|l| (0..l.quantity).map(|_| of(l)).collect::<Vec<_>>()))
}

fn line(a: &Address) -> String {
    format!("{}, {} {} {}, {}", a.line1, a.postal_code, a.city, a.region, a.country)
}
