//! Giving money back: the row first, under the order's lock and never more than was paid; then the request, with the row's
//! id as its key; then what the provider says of it.

use crate::app::App;
use crate::app::failpoint;
use crate::checkout::plan::left;
use crate::checkout::{Error, effects};
use crate::domain::id::{OrderId, RefundId, ShopId};
use crate::domain::job::Job;
use crate::domain::ledger::{Entry, EntryKind};
use crate::domain::money::Money;
use crate::domain::order::engine::Event;
use crate::domain::order::{Happening, Order, OutOf};
use crate::domain::refund::{AskedBy, Details, Refund, RefundEvent, RefundState, Source, Standing, spread};
use crate::payment;
use crate::payment::refund::{RefundRequest, RefundStatus};
use crate::store::{self, Tx};
use jiff::SignedDuration;

/// After this long a repeat is looked up before it is sent: the provider forgets keys after a day and would pay twice.
const KEY_IS_SAFE_FOR: SignedDuration = SignedDuration::from_hours(23);

/// Writes down that money goes back, taken from the payments of the order, the latest first. What no payment of the
/// provider covers, and what somebody has to agree to, waits for a colleague. Never more than was paid in all.
pub async fn give_back(
    app: &App,
    tx: &mut Tx,
    order: &Order,
    amount: Money,
    details: Details,
    approval: bool,
) -> Result<Vec<Refund>, Error> {
    tx.lock_order(&order.id).await?;
    let sources = sources(tx, order).await?;
    let there: i64 = sources.iter().map(|s| s.left.minor).sum();
    let capped = Money::new(amount.minor.min(there), amount.currency);
    if capped.minor < amount.minor {
        let why = format!("{amount} should go back, but only {capped} of what was paid is left");
        tracing::error!(order = %order.id, why, "a refund was cut");
        let mut noted = tx.order(&order.id).await?.unwrap_or_else(|| order.clone());
        noted.note = Some(why);
        effects::save(tx, &noted, noted.state).await?;
        app.enqueue(tx, &Job::Notify { order: order.id.clone(), what: Happening::Frozen }).await?;
    }
    let mut made = Vec::new();
    if capped.minor <= 0 {
        return Ok(made);
    }
    for (intent, part) in spread(capped, &sources)? {
        let refund = Refund {
            id: app.new_id(),
            order: order.id.clone(),
            amount: part,
            state: RefundState::Waiting,
            details: details.clone(),
            intent,
            provider_id: None,
            first_sent: None,
            created: app.now(),
        };
        tx.insert_refund(&refund).await?;
        if approval || refund.intent.is_none() {
            let what = Happening::RefundWaits(refund.id.clone());
            app.enqueue(tx, &Job::Notify { order: order.id.clone(), what }).await?;
            made.push(refund);
        } else {
            made.push(happen(app, tx, refund, &RefundEvent::Approved).await?);
        }
    }
    Ok(made)
}

/// What can be taken back from each payment of an order.
async fn sources(tx: &mut Tx, order: &Order) -> Result<Vec<Source>, Error> {
    let checkouts = tx.checkouts_of(&order.id).await?;
    let refunds = tx.refunds_of(&order.id).await?;
    let disputes = tx.disputes_of(&order.id).await?;
    let mut sources = Vec::new();
    let mut by_hand: i64 =
        refunds.iter().filter(|r| r.state.counts() && r.intent.is_none()).map(|r| r.amount.minor).sum();
    for (session, captured) in tx.captures_of(&order.id).await? {
        let intent = checkouts.iter().find(|c| c.session.as_ref() == Some(&session)).and_then(|c| c.intent.clone());
        let spoken_for = if intent.is_some() {
            let same = |refund: &&Refund| refund.state.counts() && refund.intent == intent;
            refunds.iter().filter(same).map(|r| r.amount.minor).sum()
        } else {
            // Payments that are not the provider's, or whose name is not known, are given back by hand, together.
            let part = by_hand.min(captured);
            by_hand -= part;
            part
        };
        // What a bank has taken cannot be given back as well.
        let with_bank = disputes.iter().filter(|k| k.known.has_money() && k.known.dispute.intent == intent);
        let taken: i64 = with_bank.map(|k| k.known.dispute.amount.minor).sum();
        let left = Money::new(captured.saturating_sub(spoken_for).saturating_sub(taken), order.quote.total.currency);
        sources.push(Source { intent, left });
    }
    Ok(sources)
}

/// A colleague agrees, refuses, or says that it was paid by hand.
pub async fn decide(
    app: &App,
    shop: &ShopId,
    id: &RefundId,
    event: &RefundEvent,
    colleague: &str,
) -> Result<Refund, Error> {
    let mut tx = app.store.begin(shop).await?;
    let mut refund = locked(&mut tx, id).await?;
    if refund.state == RefundState::Waiting {
        refund.details.decided_by = Some(colleague.to_owned());
        let mut event = event;
        if !covered(&mut tx, &refund).await? && *event != RefundEvent::Declined {
            refund.details.failure = Some("it has been given back some other way since".to_owned());
            event = &RefundEvent::Declined;
        }
        refund = happen(app, &mut tx, refund, event).await?;
        tx.commit().await?;
        app.work.notify_waiters();
    }
    Ok(refund)
}

/// Whether what is left of the order's payments still covers a refund nobody has agreed to yet.
async fn covered(tx: &mut Tx, refund: &Refund) -> Result<bool, Error> {
    let order = order(tx, &refund.order).await?;
    let sources = sources(tx, &order).await?;
    let same = sources.iter().filter(|s| refund.intent.is_none() || s.intent == refund.intent);
    let there = same.map(|s| s.left.minor).sum::<i64>();
    // Of a sale, no more is taken back than is left of it, whatever else the shopper paid.
    let sold = match refund.details.of {
        OutOf::Sale => left(tx, &order).await?.minor,
        OutOf::Surplus => there,
    };
    Ok(there.min(sold) >= refund.amount.minor)
}

/// Asks the provider to give the money back. Bears repeating: the refund's id is the key, and after a day the provider's
/// own list is looked through first.
pub async fn send(app: &App, shop: &ShopId, id: &RefundId) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let mut refund = locked(&mut tx, id).await?;
    let (RefundState::Queued, Some(intent)) = (refund.state, refund.intent.clone()) else {
        return Ok(());
    };
    let first = refund.first_sent.unwrap_or_else(|| app.now());
    if refund.first_sent.is_none() {
        refund.first_sent = Some(first);
        if !tx.move_refund(&refund, refund.state).await? {
            return Err(store::Error::Conflict { what: format!("refund {id}") }.into());
        }
        tx.commit().await?;
    } else {
        drop(tx);
    }
    if app.now().duration_since(first) > KEY_IS_SAFE_FOR {
        let there = app.payments.refunds(&intent).await?;
        if let Some(found) = there.iter().find(|r| r.ours.as_ref() == Some(id)) {
            return told(app, shop, found).await;
        }
    }
    let request = RefundRequest { refund: id.clone(), order: refund.order.clone(), intent, amount: refund.amount };
    let answer = app.payments.refund(&request).await;
    failpoint::reach("refund_asked");
    match answer {
        Ok(answer) => told(app, shop, &answer).await,
        Err(error @ payment::Error::Unknown(_)) => Err(error.into()),
        Err(payment::Error::Refused { code, message }) => {
            failed(app, shop, id, RefundEvent::Refused, format!("{message} ({code})")).await
        }
        Err(payment::Error::Unreadable { request_id, answer, .. }) => {
            // The provider acted: it counts as sent, and reconciliation finds it in the provider's list.
            tracing::error!(refund = %id, request_id, "the answer to a refund could not be read");
            let failure = format!("the answer to request {request_id} could not be read: {answer}");
            let event = RefundEvent::Told { standing: Standing::OnItsWay, first: false };
            failed(app, shop, id, event, failure).await
        }
    }
}

async fn failed(app: &App, shop: &ShopId, id: &RefundId, event: RefundEvent, why: String) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let mut refund = locked(&mut tx, id).await?;
    refund.details.failure = Some(why);
    happen(app, &mut tx, refund, &event).await?;
    tx.commit().await?;
    Ok(())
}

/// What the provider says of a refund: an answer to ours, an event, or one that somebody made in the provider's own pages,
/// which becomes a row of its own and counts like ours.
pub async fn told(app: &App, shop: &ShopId, fact: &payment::refund::Refund) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let Some(mut refund) = known(app, &mut tx, fact).await? else {
        tracing::info!(refund = fact.id, "a refund of a payment that is not known here");
        return Ok(());
    };
    if refund.amount != fact.amount {
        let order = order(&mut tx, &refund.order).await?;
        let why = format!("{} was given back where {} was asked for", fact.amount, refund.amount);
        let _ = effects::happen(app, &mut tx, order, &Event::DoesNotAddUp { why }).await?;
        tx.commit().await?;
        return Ok(());
    }
    let standing = match fact.status {
        RefundStatus::Pending | RefundStatus::RequiresAction => Standing::OnItsWay,
        RefundStatus::Succeeded => Standing::Done,
        RefundStatus::Failed | RefundStatus::Canceled => Standing::Failed,
    };
    let first = refund.provider_id.is_none();
    let before = refund.clone();
    refund.provider_id = Some(fact.id.clone());
    if fact.failure.is_some() {
        refund.details.failure.clone_from(&fact.failure);
    }
    if refund != before && !tx.move_refund(&refund, refund.state).await? {
        return Err(store::Error::Conflict { what: format!("refund {}", refund.id) }.into());
    }
    happen(app, &mut tx, refund, &RefundEvent::Told { standing, first }).await?;
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(())
}

async fn known(app: &App, tx: &mut Tx, fact: &payment::refund::Refund) -> Result<Option<Refund>, Error> {
    let ours = match &fact.ours {
        Some(id) => tx.refund(id).await?,
        None => None,
    };
    // A second refund made of one of ours is money of its own: it becomes a row of its own.
    let found = match ours.filter(|r| r.provider_id.as_ref().is_none_or(|known| known == &fact.id)) {
        Some(refund) => Some(refund),
        None => tx.refund_by_provider(&fact.id).await?,
    };
    if let Some(refund) = found {
        tx.lock_order(&refund.order).await?;
        return Ok(tx.refund(&refund.id).await?);
    }
    let Some(intent) = &fact.intent else {
        return Ok(None);
    };
    let Some(checkout) = tx.checkout_by_intent(intent).await? else {
        return Ok(None);
    };
    tx.lock_order(&checkout.order).await?;
    let of = paid_for(tx, &checkout.order, fact.amount).await?;
    let details = Details::new(of, "given back in the provider's own pages", AskedBy::Outside);
    let details = Details { failure: fact.failure.clone(), ..details };
    let refund = Refund {
        id: app.new_id(),
        order: checkout.order,
        amount: fact.amount,
        state: RefundState::Queued,
        details,
        intent: Some(intent.clone()),
        provider_id: Some(fact.id.clone()),
        first_sent: Some(fact.created),
        created: app.now(),
    };
    tx.insert_refund(&refund).await?;
    if of == OutOf::Sale {
        tx.book(&Entry::new(EntryKind::Credit, refund.id.as_str(), &refund.order, fact.amount), app.now()).await?;
    }
    Ok(Some(refund))
}

/// What money that was given back elsewhere was paid for: what belongs to no sale goes first.
async fn paid_for(tx: &mut Tx, id: &OrderId, amount: Money) -> Result<OutOf, Error> {
    let order = order(tx, id).await?;
    let there: i64 = sources(tx, &order).await?.iter().map(|s| s.left.minor).sum();
    let surplus = there.saturating_sub(left(tx, &order).await?.minor);
    Ok(if surplus >= amount.minor { OutOf::Surplus } else { OutOf::Sale })
}

/// Lets an event happen to a refund, with everything that follows.
async fn happen(app: &App, tx: &mut Tx, refund: Refund, event: &RefundEvent) -> Result<Refund, Error> {
    let change = refund.on(event);
    let moved = Refund { state: change.state, ..refund.clone() };
    let stands = moved.state == refund.state && change.book.is_empty();
    if !tx.move_refund(&moved, refund.state).await? {
        return Err(store::Error::Conflict { what: format!("refund {}", refund.id) }.into());
    }
    if stands {
        return Ok(moved);
    }
    for kind in &change.book {
        tx.book(&Entry::new(*kind, moved.id.as_str(), &moved.order, moved.amount), app.now()).await?;
    }
    if change.send {
        app.enqueue(tx, &Job::SendRefund { refund: moved.id.clone() }).await?;
    }
    if change.tell {
        let what = Happening::RefundMoved(moved.id.clone(), moved.state);
        app.enqueue(tx, &Job::Notify { order: moved.order.clone(), what }).await?;
    }
    let order = order(tx, &moved.order).await?;
    let left = left(tx, &order).await?;
    // A fact is never refused.
    let _ = Box::pin(effects::happen(app, tx, order, &Event::GivenBack { left })).await?;
    Ok(moved)
}

async fn locked(tx: &mut Tx, id: &RefundId) -> Result<Refund, Error> {
    let missing = || Error::Missing(format!("refund {id}"));
    let refund = tx.refund(id).await?.ok_or_else(missing)?;
    tx.lock_order(&refund.order).await?;
    tx.refund(id).await?.ok_or_else(missing)
}

async fn order(tx: &mut Tx, id: &OrderId) -> Result<Order, Error> {
    tx.order(id).await?.ok_or_else(|| Error::Missing(format!("order {id}")))
}
