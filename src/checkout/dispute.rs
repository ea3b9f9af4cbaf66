//! A shopper's bank asks for the money back: what the provider says of it, kept, booked once, and passed to the order.

use crate::app::App;
use crate::checkout::{Error, effects};
use crate::domain::id::ShopId;
use crate::domain::ledger::{Entry, EntryKind};
use crate::domain::money::Money;
use crate::domain::order::engine::Event;
use crate::domain::order::{Order, OrderState};
use crate::payment::dispute::{Dispute, DisputeStatus};
use crate::store::Tx;
use crate::store::disputes::{Kept, Known};

/// What the provider says of a dispute: may come late, twice and in any order. Answers whether anything was new.
pub async fn told(app: &App, shop: &ShopId, fact: &Dispute) -> Result<bool, Error> {
    let mut tx = app.store.begin(shop).await?;
    let of = match &fact.intent {
        Some(intent) => tx.checkout_by_intent(intent).await?.map(|c| c.order),
        None => None,
    };
    let named = tx.dispute(&fact.id).await?.map(|k| k.order);
    let Some(order) = named.or(of) else {
        tracing::info!(dispute = fact.id, "a dispute of a payment that is not known here");
        return Ok(false);
    };
    let missing = || Error::Missing(format!("order {order}"));
    let order = tx.lock_order(&order).await?.ok_or_else(missing)?;
    let before = tx.dispute(&fact.id).await?;
    if before.as_ref().is_some_and(|b| &b.known.dispute == fact || is_stale(&b.known.dispute, fact)) {
        return Ok(false);
    }
    book(app, &mut tx, &order, before.as_ref(), fact).await?;
    let mut kept = Kept {
        order: order.id.clone(),
        known: Known { dispute: fact.clone(), froze: before.as_ref().and_then(|b| b.known.froze.clone()) },
    };
    tx.keep_dispute(&kept, app.now()).await?;
    let was = before.as_ref().map(|b| b.known.dispute.status);
    // Whether the bank has the money decides, not only its word.
    let moved = before.as_ref().is_some_and(|b| b.known.has_money()) != kept.known.has_money();
    let decided = was != Some(fact.status) || (moved && fact.status == DisputeStatus::Lost);
    // A fact is never refused.
    if decided
        && let Some(event) = event(&mut tx, &order, &kept.known).await?
        && let Ok(after) = effects::happen(app, &mut tx, order.clone(), &event).await?
        && matches!(event, Event::Disputed { .. })
        && (order.state == OrderState::Paid || kept.known.froze.is_some())
    {
        kept.known.froze.clone_from(&after.note);
        tx.keep_dispute(&kept, app.now()).await?;
    }
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(true)
}

// What was asked for before a decision may be answered after it.
fn is_stale(known: &Dispute, fact: &Dispute) -> bool {
    let decided = |d: &Dispute| matches!(d.status, DisputeStatus::Won | DisputeStatus::Lost);
    let rank = |d: &Dispute| if d.status == DisputeStatus::Inquiry { 0 } else { 1 };
    (decided(known) && !decided(fact)) || (!decided(known) && !decided(fact) && rank(known) > rank(fact))
}

/// Each movement once, by the dispute's name.
async fn book(app: &App, tx: &mut Tx, order: &Order, before: Option<&Kept>, fact: &Dispute) -> Result<(), Error> {
    use EntryKind as Kind;
    let mut entries = Vec::new();
    let mut add = |kind, name: String, amount: Money| entries.push(Entry::new(kind, name, &order.id, amount));
    let id = || fact.id.clone();
    let (out, lost) =
        (tx.is_booked(Kind::DisputeOut, &fact.id).await?, tx.is_booked(Kind::DisputeLost, &fact.id).await?);
    let gone = fact.moved.minor < 0;
    // The balance may be kept in another currency: the order's own ledger speaks of what the shopper paid.
    let same = gone && fact.moved.currency == fact.amount.currency;
    let amount = if same { Money::new(-fact.moved.minor, fact.moved.currency) } else { fact.amount };
    let amount = match before.map(|b| &b.known.dispute) {
        Some(earlier) if out && earlier.moved.minor < 0 && earlier.moved.currency == fact.amount.currency => {
            Money::new(-earlier.moved.minor, earlier.moved.currency)
        }
        _ => amount,
    };
    if gone {
        add(Kind::DisputeOut, id(), amount);
    }
    if gone && fact.status == DisputeStatus::Lost {
        add(Kind::DisputeLost, id(), amount);
    }
    if out && !gone {
        if lost {
            // Lost first, and won after all.
            add(Kind::DisputeLost, format!("{}:back", fact.id), Money::new(-amount.minor, amount.currency));
        }
        add(Kind::DisputeBack, id(), amount);
    }
    let charged = before.map_or(0, |b| b.known.dispute.fee.minor);
    if fact.fee.minor > 0 {
        add(Kind::DisputeFee, id(), fact.fee);
    } else if charged > 0 {
        add(Kind::DisputeFee, format!("{}:back", fact.id), Money::new(-charged, fact.fee.currency));
    }
    for entry in &entries {
        tx.book(entry, app.now()).await?;
    }
    Ok(())
}

/// What a dispute means for its order.
async fn event(tx: &mut Tx, order: &Order, known: &Known) -> Result<Option<Event>, Error> {
    let dispute = &known.dispute;
    let others = tx.disputes_of(&order.id).await?;
    let undecided = |d: &Dispute| matches!(d.status, DisputeStatus::Inquiry | DisputeStatus::Open);
    Ok(match dispute.status {
        DisputeStatus::Inquiry | DisputeStatus::Open => Some(Event::Disputed { why: dispute.reason.clone() }),
        // What another remark stopped, or another dispute still stops, goes on only when a colleague says so.
        DisputeStatus::Won => {
            let ours = known.froze.is_some() && known.froze == order.note;
            let alone = !others.iter().any(|o| o.known.dispute.id != dispute.id && undecided(&o.known.dispute));
            (ours && alone).then_some(Event::DisputeWon)
        }
        DisputeStatus::Lost if !known.has_money() => {
            let why = format!("dispute {} was lost, but the provider says that no money moved", dispute.id);
            Some(Event::DoesNotAddUp { why })
        }
        DisputeStatus::Lost => {
            let left = there(tx, order).await?;
            if left.minor <= 0 {
                Some(Event::DisputeLost)
            } else {
                let why = format!("dispute {} was lost: {} is gone, {left} is still there", dispute.id, dispute.amount);
                Some(Event::DoesNotAddUp { why })
            }
        }
    })
}

/// What the shopper paid for an order and neither got back nor is about to, and no bank has taken.
pub async fn there(tx: &mut Tx, order: &Order) -> Result<Money, Error> {
    let captured: i64 = tx.captures_of(&order.id).await?.iter().map(|(_, minor)| minor).sum();
    let refunds = tx.refunds_of(&order.id).await?;
    let back: i64 = refunds.iter().filter(|r| r.state.counts()).map(|r| r.amount.minor).sum();
    let disputes = tx.disputes_of(&order.id).await?;
    let taken: i64 = disputes.iter().filter(|k| k.known.has_money()).map(|k| k.known.dispute.amount.minor).sum();
    Ok(Money::new(captured.saturating_sub(back).saturating_sub(taken), order.quote.total.currency))
}
