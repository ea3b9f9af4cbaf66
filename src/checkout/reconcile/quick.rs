//! What is unfinished, every few minutes: attempts, refunds, and events that did not reach us.

use crate::checkout::reconcile::own::look_at_refund;
use crate::checkout::reconcile::run::{Difference, Run};
use crate::checkout::reconcile::{Events, Progress};
use crate::checkout::{Error, settle};
use crate::domain::checkout::CheckoutState;
use crate::domain::finding::FindingKind;
use crate::domain::id::{CheckoutId, RefundId};
use crate::domain::job::Job;
use crate::domain::refund::RefundState;
use crate::store::Tx;
use jiff::{Span, Timestamp};

/// Minutes after which what is unfinished is asked for.
const UNFINISHED_MINUTES: i64 = 5;
/// Hours of events that are read again: lists lag, and clocks differ.
const OVERLAP_HOURS: i64 = 1;
/// Rows of one round.
pub const ROWS_MAX: i64 = 100;
/// Overdue orders that are looked at in one run.
const OVERDUE_MAX: i64 = 100;

/// Attempts that can still be paid, and goods held for longer than they should be: the provider is asked.
pub async fn attempts(run: &mut Run<'_>, progress: &mut Progress) -> Result<(), Error> {
    let before = run.app.after(Span::new().minutes(-UNFINISHED_MINUTES));
    loop {
        if !run.may_go_on() {
            return Ok(());
        }
        let mut tx = run.app.store.read(run.shop).await?;
        let ids = tx.alive_behind(&progress.alive_after, before, ROWS_MAX).await?;
        drop(tx);
        for id in &ids {
            if run.is_tired() {
                return Ok(());
            }
            attempt(run, id).await?;
            progress.alive_after = id.to_string();
        }
        if (ids.len() as i64) < ROWS_MAX {
            progress.alive_after.clear();
            break;
        }
    }
    overdue(run).await
}

// Never by the clock: the attempts of those who hold for too long are settled, which asks the provider.
async fn overdue(run: &mut Run<'_>) -> Result<(), Error> {
    let mut tx = run.app.store.read(run.shop).await?;
    let mut late = Vec::new();
    for order in tx.overdue_holds(run.app.now(), OVERDUE_MAX).await? {
        late.extend(tx.checkouts_of(&order).await?.into_iter().filter(|c| c.state.is_alive()).map(|c| c.id));
    }
    drop(tx);
    for id in late {
        if !run.is_tired() && !run.seen.contains(id.as_str()) {
            attempt(run, &id).await?;
        }
    }
    Ok(())
}

/// Asks for one attempt.
pub async fn attempt(run: &mut Run<'_>, id: &CheckoutId) -> Result<(), Error> {
    run.report.compared.attempts += 1;
    run.seen.insert(id.to_string());
    let mut tx = run.app.store.read(run.shop).await?;
    let Some(before) = tx.checkout(id).await? else {
        return Ok(());
    };
    drop(tx);
    if before.session.is_none() {
        // It asks with the same key, so that there is one page however often it is asked for.
        if before.state == CheckoutState::Requested {
            run.report.repair("asked for the page again", id.as_str());
            return enqueue(run, Job::OpenCheckout { checkout: id.clone() }).await;
        }
        return Ok(());
    }
    if run.dry {
        return Ok(());
    }
    let settled = settle::settle(run.app, run.shop, id).await;
    if run.survive(id.as_str(), settled)?.is_none() {
        return Ok(());
    }
    let mut tx = run.app.store.read(run.shop).await?;
    if tx.checkout(id).await?.is_some_and(|after| after.state != before.state) {
        run.report.repair("moved an attempt to where the provider has it", id.as_str());
    }
    Ok(())
}

/// Refunds that were not sent, or of which nothing was heard since.
pub async fn refunds(run: &mut Run<'_>, progress: &mut Progress) -> Result<(), Error> {
    let before = run.app.after(Span::new().minutes(-UNFINISHED_MINUTES));
    while run.may_go_on() {
        let mut tx = run.app.store.read(run.shop).await?;
        let ids = tx.refunds_behind(&progress.refunds_after, before, ROWS_MAX).await?;
        drop(tx);
        for id in &ids {
            if run.is_tired() {
                return Ok(());
            }
            unfinished(run, id).await?;
            progress.refunds_after = id.to_string();
        }
        if (ids.len() as i64) < ROWS_MAX {
            progress.refunds_after.clear();
            return Ok(());
        }
    }
    Ok(())
}

async fn unfinished(run: &mut Run<'_>, id: &RefundId) -> Result<(), Error> {
    let mut tx = run.app.store.read(run.shop).await?;
    let refund = tx.refund(id).await?;
    drop(tx);
    match refund {
        Some(refund) if refund.state == RefundState::Queued => {
            run.report.compared.refunds += 1;
            enqueue(run, Job::SendRefund { refund: id.clone() }).await
        }
        Some(refund) => look_at_refund(run, &refund).await,
        None => Ok(()),
    }
}

/// Events that did not reach us go the same way as those that did.
pub async fn events(run: &mut Run<'_>, progress: &mut Progress, far: Timestamp) -> Result<(), Error> {
    let app = run.app;
    let overlap = |until: Timestamp| until.checked_sub(Span::new().hours(OVERLAP_HOURS)).unwrap_or(until);
    let mut sweep = progress.events.take().unwrap_or_else(|| Events {
        since: progress.events_until.map_or(far, overlap),
        started: app.now(),
        after: None,
    });
    while run.may_go_on() {
        let page = app.payments.events_since(sweep.since, sweep.after.as_deref()).await;
        let Some(page) = run.survive("the list of events", page.map_err(Error::from))? else {
            break;
        };
        for event in page.items.iter().filter(|e| e.subject.is_some()) {
            run.report.compared.events += 1;
            if run.dry {
                continue;
            }
            let mut tx: Tx = app.store.begin(run.shop).await?;
            if tx.keep_event(event, "", app.now()).await? {
                app.enqueue(&mut tx, &Job::ReadPaymentEvent { event: event.id.clone() }).await?;
                run.report.repair("read an event that had not arrived", &event.id);
                tx.commit().await?;
            }
        }
        for id in &page.unreadable {
            let text = format!("event {id} of the payment provider could not be read");
            run.note(id, Difference { kind: FindingKind::EventUnreadable, order: None, text, freezes: false }).await?;
        }
        sweep.after = page.next;
        if sweep.after.is_none() {
            progress.events_until = Some(sweep.started);
            return Ok(());
        }
    }
    progress.events = Some(sweep);
    Ok(())
}

async fn enqueue(run: &mut Run<'_>, job: Job) -> Result<(), Error> {
    if !run.dry {
        let mut tx = run.app.store.begin(run.shop).await?;
        run.app.enqueue(&mut tx, &job).await?;
        tx.commit().await?;
    }
    Ok(())
}
