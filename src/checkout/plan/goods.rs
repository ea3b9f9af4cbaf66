//! Which goods of an order can still be spoken for, and what stands in for them.

use crate::checkout::Error;
use crate::checkout::price::line_of;
use crate::domain::amendment::{AmendmentKind, AmendmentState};
use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::money;
use crate::domain::order::Order;
use crate::domain::proposal::{Pieces, Swap};
use crate::payment::least_charge;
use crate::store::Tx;

/// An order's lines without what is already on its way back, and without what was already paid back for.
pub async fn free(tx: &mut Tx, order: &Order) -> Result<Vec<QuoteLine>, Error> {
    let mut lines = order.quote.lines.clone();
    let mut without = |gone: &[QuoteLine]| {
        for line in gone {
            // Whatever does not stand in the order any more has been taken out of it before.
            let _ = take(&mut lines, &Pieces { variant: line.variant.clone(), quantity: line.quantity });
        }
    };
    for amendment in tx.amendments_of(&order.id).await? {
        let leaves = amendment.kind != AmendmentKind::Change || amendment.state == AmendmentState::AwaitingPayment;
        if leaves && matches!(amendment.state, AmendmentState::Agreed | AmendmentState::AwaitingPayment) {
            without(&amendment.terms.back);
        }
    }
    for refund in tx.refunds_of(&order.id).await? {
        if refund.state.claims() {
            without(&refund.details.lines);
        }
    }
    Ok(lines)
}

/// Takes pieces out of lines, at the prices they were bought at; or says what is wrong.
pub fn take(lines: &mut Vec<QuoteLine>, pieces: &Pieces) -> Result<Vec<QuoteLine>, String> {
    let there: u32 = lines.iter().filter(|l| l.variant == pieces.variant).map(|l| l.quantity).sum();
    if pieces.quantity == 0 {
        return Err("nothing was named".to_owned());
    }
    if there == 0 {
        return Err("that is not in the order, or is already being taken care of".to_owned());
    }
    if there < pieces.quantity {
        return Err(format!("there are only {there} of those"));
    }
    let mut taken = Vec::new();
    let mut rest = pieces.quantity;
    for line in lines.iter_mut().filter(|l| l.variant == pieces.variant) {
        let quantity = rest.min(line.quantity);
        if quantity > 0 {
            let part = QuoteLine { quantity, ..line.clone() };
            taken.push(part.again().map_err(|e| e.to_string())?);
            line.quantity -= quantity;
            rest -= quantity;
        }
    }
    lines.retain(|l| l.quantity > 0);
    Ok(merged(taken))
}

/// What goes back and what comes instead, at today's prices: each piece for another variant of its own product.
pub async fn swap(
    tx: &mut Tx,
    quote: &Quote,
    mut lines: Vec<QuoteLine>,
    swaps: &[Swap],
) -> Result<Result<(Vec<QuoteLine>, Vec<QuoteLine>), String>, Error> {
    let (mut back, mut out) = (Vec::new(), Vec::<QuoteLine>::new());
    for swap in swaps {
        let pieces = Pieces { variant: swap.from.clone(), quantity: swap.quantity };
        let taken = match take(&mut lines, &pieces) {
            Ok(taken) => taken,
            Err(why) => return Ok(Err(why)),
        };
        // All swaps to one variant together have to be on the shelf.
        let before = out.iter().find(|l| l.variant == swap.to).map_or(0, |l| l.quantity);
        let quantity = before.saturating_add(swap.quantity);
        let line = match line_of(tx, &swap.to, quantity).await? {
            Ok(line) => line,
            Err(why) => return Ok(Err(why)),
        };
        if taken.iter().any(|gone| gone.product != line.product) {
            return Ok(Err("it can only be changed for another variant of the same product".to_owned()));
        }
        if swap.from == swap.to {
            return Ok(Err(format!("{} is what the order has already", line.title)));
        }
        if line.unit.currency != quote.total.currency {
            return Ok(Err("it is sold in another currency now".to_owned()));
        }
        out.retain(|l| l.variant != swap.to);
        out.push(line);
        back.extend(taken);
    }
    if back.is_empty() {
        return Ok(Err("nothing was named".to_owned()));
    }
    let back = merged(back);
    let out = at_what_can_be_charged(&back, out)?;
    Ok(Ok((back, out)))
}

/// Goods that cost only a few cents more than those they stand in for are given at their price, because no provider
/// charges that little: a page for it would be refused, and the order with it.
fn at_what_can_be_charged(back: &[QuoteLine], mut out: Vec<QuoteLine>) -> Result<Vec<QuoteLine>, money::Error> {
    let Some(currency) = out.first().map(|l| l.unit.currency) else { return Ok(out) };
    let sum = |lines: &[QuoteLine]| money::sum(lines.iter().map(|l| l.total), currency);
    let small = sum(&out)?.minus(sum(back)?)?;
    if small.minor <= 0 || small.minor >= least_charge(currency).minor {
        return Ok(out);
    }
    // One piece bears all of it; its fellows keep their price, on a line of their own.
    let Some(at) = out.iter().position(|l| l.unit.minor >= small.minor) else { return Ok(out) };
    let line = out.remove(at);
    if line.quantity > 1 {
        out.push(QuoteLine { quantity: line.quantity - 1, ..line.clone() }.again()?);
    }
    out.push(QuoteLine { unit: line.unit.minus(small)?, quantity: 1, ..line }.again()?);
    Ok(out)
}

/// Pieces of one variant at one price on one line: what is put back is put back once per variant.
pub fn merged(lines: Vec<QuoteLine>) -> Vec<QuoteLine> {
    let mut merged: Vec<QuoteLine> = Vec::new();
    for line in lines {
        let same = merged.iter_mut().find(|l| l.variant == line.variant && l.unit == line.unit);
        match same {
            Some(first) => {
                first.quantity = first.quantity.saturating_add(line.quantity);
                if let Ok(total) = first.unit.times(first.quantity) {
                    first.total = total;
                }
            }
            None => merged.push(line),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{ProductId, VariantId};
    use crate::domain::money::{Currency, Money};
    use proptest::prelude::*;

    fn line(variant: String, quantity: u32, minor: i64) -> QuoteLine {
        let unit = Money::new(minor, Currency::EUR);
        QuoteLine::new(ProductId::new("p"), VariantId::new(variant), "t".into(), String::new(), quantity, unit)
            .expect("in range")
    }

    fn total(lines: &[QuoteLine]) -> i64 {
        lines.iter().map(|l| l.total.minor).sum()
    }

    proptest! {
        #[test]
        fn a_difference_nobody_can_charge_is_given_and_any_other_stays(
            dear in prop::collection::vec((1u32..4, 100i64..5_000), 1..4), slip in -200i64..200
        ) {
            let out: Vec<_> = dear.iter().enumerate().map(|(n, (q, m))| line(format!("v{n}"), *q, *m)).collect();
            prop_assume!(total(&out) - slip > 0);
            let back = vec![line("old".into(), 1, total(&out) - slip)];
            let eased = at_what_can_be_charged(&back, out.clone()).expect("in range");
            let given = (1..50).contains(&slip);
            prop_assert_eq!(total(&eased), if given { total(&back) } else { total(&out) });
            let pieces = |lines: &[QuoteLine]| lines.iter().map(|l| l.quantity).sum::<u32>();
            prop_assert_eq!(pieces(&eased), pieces(&out));
            prop_assert!(eased.iter().all(|l| l.unit.minor >= 0 && l.again().as_ref() == Ok(l)));
        }
    }
}
