//! What may be done with an order that stands, by its state and the shop's rules.

use crate::app::App;
use crate::checkout::Error;
use crate::checkout::plan::Planned;
use crate::checkout::plan::goods::{free, merged, swap, take};
use crate::domain::amendment::{AmendmentKind, AmendmentState, Terms};
use crate::domain::cart::QuoteLine;
use crate::domain::ledger::Account;
use crate::domain::money::{self, Money};
use crate::domain::order::engine::Event;
use crate::domain::order::{Order, OrderState};
use crate::domain::proposal::{Act, Pieces, Swap};
use crate::domain::refund::AskedBy;
use crate::domain::shop::Shop;
use crate::store::Tx;
use jiff::SignedDuration;

fn refused(why: impl Into<String>) -> Result<Planned, Error> {
    Ok(Planned::Refused(why.into()))
}

fn act(act: Act) -> Result<Planned, Error> {
    Ok(Planned::Act(Box::new(act)))
}

/// What is left of an order's sale: sold, less what was taken back.
pub async fn left(tx: &mut Tx, order: &Order) -> Result<Money, Error> {
    Ok(Money::new(-tx.balance(&order.id, Account::Sales).await?, order.quote.total.currency))
}

pub async fn cancel(tx: &mut Tx, shop: &Shop, order: &Order) -> Result<Planned, Error> {
    let number = &order.number;
    let left = left(tx, order).await?;
    if let Err(refusal) = order.on(&Event::CancelAsked { left }) {
        return refused(format!("order {number} can't be cancelled: {refusal}"));
    }
    if order.times.cancel_asked.is_some() {
        return refused(format!("order {number} is being cancelled already"));
    }
    for amendment in tx.amendments_of(&order.id).await? {
        if amendment.state == AmendmentState::AwaitingPayment {
            return refused(format!("a change to order {number} is still waiting for its payment"));
        }
        let changed = amendment.kind == AmendmentKind::Change && amendment.state == AmendmentState::Done;
        if changed && !shop.after_sales.cancel_changed {
            return refused(format!("order {number} was changed, and a changed order can't be cancelled"));
        }
    }
    let refund = (order.state == OrderState::Paid && left.minor > 0).then_some(left);
    act(Act::Cancel { order: order.id.clone(), number: number.clone(), refund })
}

pub async fn change(tx: &mut Tx, shop: &Shop, order: &Order, swaps: &[Swap]) -> Result<Planned, Error> {
    let number = &order.number;
    match order.state {
        OrderState::Paid => {}
        OrderState::AwaitingPayment | OrderState::PaymentPending => {
            return refused(format!("order {number} isn't paid yet; cancel it and order what you want instead"));
        }
        OrderState::Fulfilled => {
            return refused(format!("order {number} has already been sent; you can exchange it once it has arrived"));
        }
        OrderState::Frozen => return refused(format!("a colleague is looking at order {number}")),
        OrderState::Expired | OrderState::Cancelled | OrderState::Refunded => {
            return refused(format!("order {number} is closed"));
        }
    }
    let earlier = tx.amendments_of(&order.id).await?;
    if earlier.iter().any(|a| a.state == AmendmentState::AwaitingPayment) {
        return refused(format!("a change to order {number} is still waiting for its payment"));
    }
    let done = earlier.iter().filter(|a| a.kind == AmendmentKind::Change && a.state != AmendmentState::Void).count();
    if done >= shop.after_sales.changes_max as usize {
        return refused(format!("order {number} can't be changed again"));
    }
    let lines = free(tx, order).await?;
    let (back, out) = match swap(tx, &order.quote, lines, swaps).await? {
        Ok(pair) => pair,
        Err(why) => return refused(why),
    };
    let terms = Terms::new(&order.quote, back, out)?;
    act(Act::ChangeItems { order: order.id.clone(), number: number.clone(), swaps: swaps.to_vec(), terms })
}

pub async fn give_back(
    app: &App,
    tx: &mut Tx,
    shop: &Shop,
    order: &Order,
    pieces: &[Pieces],
) -> Result<Planned, Error> {
    if let Err(why) = returnable(app, tx, shop, order, "returned").await? {
        return refused(why);
    }
    let back = match named(tx, order, pieces).await? {
        Ok(back) => back,
        Err(why) => return refused(why),
    };
    let terms = Terms::new(&order.quote, back, vec![])?;
    act(Act::Return { order: order.id.clone(), number: order.number.clone(), terms })
}

pub async fn exchange(app: &App, tx: &mut Tx, shop: &Shop, order: &Order, swaps: &[Swap]) -> Result<Planned, Error> {
    if let Err(why) = returnable(app, tx, shop, order, "exchanged").await? {
        return refused(why);
    }
    let lines = free(tx, order).await?;
    let (back, out) = match swap(tx, &order.quote, lines, swaps).await? {
        Ok(pair) => pair,
        Err(why) => return refused(why),
    };
    let terms = Terms::new(&order.quote, back, out)?;
    act(Act::Exchange { order: order.id.clone(), number: order.number.clone(), swaps: swaps.to_vec(), terms })
}

pub async fn refund(tx: &mut Tx, shop: &Shop, order: &Order, pieces: &[Pieces]) -> Result<Planned, Error> {
    let number = &order.number;
    if !matches!(order.state, OrderState::Paid | OrderState::Fulfilled) {
        return refused(format!("nothing can be paid back for order {number}: it is {}", order.status()));
    }
    let lines = match named(tx, order, pieces).await? {
        Ok(lines) => lines,
        Err(why) => return refused(why),
    };
    let amount = money::sum(lines.iter().map(|l| l.total), order.quote.total.currency)?;
    if amount.minor > left(tx, order).await?.minor {
        return refused(format!("more than was paid for order {number} can't be paid back"));
    }
    // Many small refunds are one large one: what nobody agreed to is added up.
    let unasked: i64 = tx
        .refunds_of(&order.id)
        .await?
        .iter()
        .filter(|r| r.state.claims() && r.details.asked_by == AskedBy::Shopper && r.details.decided_by.is_none())
        .map(|r| r.amount.minor)
        .sum();
    let approval = amount.minor.saturating_add(unasked) > shop.after_sales.refund_unasked_minor;
    act(Act::Refund { order: order.id.clone(), number: number.clone(), lines, amount, approval })
}

async fn named(tx: &mut Tx, order: &Order, pieces: &[Pieces]) -> Result<Result<Vec<QuoteLine>, String>, Error> {
    let mut lines = free(tx, order).await?;
    let mut back = Vec::new();
    for one in pieces {
        match take(&mut lines, one) {
            Ok(taken) => back.extend(taken),
            Err(why) => return Ok(Err(why)),
        }
    }
    Ok(if back.is_empty() { Err("nothing was named".to_owned()) } else { Ok(merged(back)) })
}

async fn returnable(
    app: &App,
    tx: &mut Tx,
    shop: &Shop,
    order: &Order,
    what: &str,
) -> Result<Result<(), String>, Error> {
    let number = &order.number;
    let no = |why: &str| Ok(Err(format!("order {number} can't be {what}: {why}")));
    let delivered = match (order.state, order.times.delivered) {
        (OrderState::Fulfilled, Some(at)) => at,
        (OrderState::Fulfilled, None) => return no("it has not arrived yet"),
        (OrderState::Frozen, _) => return no("a colleague is looking at it"),
        (OrderState::AwaitingPayment | OrderState::PaymentPending | OrderState::Paid, _) => {
            return no("it has not been sent yet");
        }
        (OrderState::Expired | OrderState::Cancelled | OrderState::Refunded, _) => return no("it is closed"),
    };
    let days = i64::from(shop.after_sales.return_days);
    if app.now().duration_since(delivered) > SignedDuration::from_hours(24 * days) {
        return no(&format!("it arrived more than {days} days ago"));
    }
    let earlier = tx.amendments_of(&order.id).await?;
    if earlier.iter().any(|a| a.state == AmendmentState::AwaitingPayment) {
        return no("an exchange is still waiting for its payment");
    }
    let counted = |kind| matches!(kind, AmendmentKind::Return | AmendmentKind::Exchange);
    let returns = earlier.iter().filter(|a| counted(a.kind) && a.state != AmendmentState::Void).count();
    if returns >= shop.after_sales.returns_max as usize {
        return no("it has been sent back before");
    }
    Ok(Ok(()))
}
