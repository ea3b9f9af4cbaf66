//! The long comparison: everything the provider lists of the last days against our rows, then our rows against it.

use crate::checkout::reconcile::own::{look_at_refund, refund_differences};
use crate::checkout::reconcile::quick::ROWS_MAX;
use crate::checkout::reconcile::run::{Difference, Run};
use crate::checkout::reconcile::session;
use crate::checkout::reconcile::{Long, Progress, Stage};
use crate::checkout::{Error, dispute};
use crate::domain::checkout::Checkout;
use crate::domain::finding::{Finding, FindingKind, Home};
use crate::domain::id::RefundId;
use crate::payment;
use jiff::Timestamp;

/// Findings that are looked at again in one long comparison.
const FINDINGS_MAX: i64 = 500;

/// Goes on with the long comparison, if there is one, as far as this run may go.
pub async fn long(run: &mut Run<'_>, progress: &mut Progress) -> Result<(), Error> {
    let Some(mut long) = progress.long.take() else {
        return Ok(());
    };
    while run.may_go_on() {
        let Some(next) = page(run, &long).await? else {
            // No answer: the same page is asked for again next time.
            break;
        };
        long.after = next;
        if long.after.is_none() {
            long.stage = match long.stage {
                Stage::Sessions => Stage::Refunds,
                Stage::Refunds => Stage::Disputes,
                Stage::Disputes => Stage::OurPayments,
                Stage::OurPayments => Stage::OurRefunds,
                Stage::OurRefunds => Stage::OurDisputes,
                Stage::OurDisputes => Stage::Findings,
                Stage::Findings => {
                    progress.long_done = Some(long.started);
                    return Ok(());
                }
            };
        }
    }
    progress.long = Some(long);
    Ok(())
}

/// One page of one stage. Answers where the next begins, or nothing when the page could not be had.
async fn page(run: &mut Run<'_>, long: &Long) -> Result<Option<Option<String>>, Error> {
    let after = long.after.as_deref();
    match long.stage {
        Stage::Sessions => sessions(run, long.since, after).await,
        Stage::Refunds => refunds(run, long.since, after).await,
        Stage::Disputes => disputes(run, long.since, after).await,
        Stage::OurPayments => our_payments(run, long.since, after.unwrap_or_default()).await.map(Some),
        Stage::OurRefunds => our_refunds(run, long.since, after.unwrap_or_default()).await.map(Some),
        Stage::OurDisputes => our_disputes(run, after.unwrap_or_default()).await.map(Some),
        Stage::Findings => findings(run, long.since).await.map(|()| Some(None)),
    }
}

async fn unreadable(run: &mut Run<'_>, kind: FindingKind, ids: &[String]) -> Result<(), Error> {
    for id in ids {
        let text = format!("{id} in the payment provider's list could not be read");
        run.note(id, Difference { kind, order: None, text, freezes: false }).await?;
    }
    Ok(())
}

async fn sessions(run: &mut Run<'_>, since: Timestamp, after: Option<&str>) -> Result<Option<Option<String>>, Error> {
    let page = run.app.payments.sessions_since(since, after).await.map_err(Error::from);
    let Some(page) = run.survive("the list of payment pages", page)? else {
        return Ok(None);
    };
    unreadable(run, FindingKind::SessionUnreadable, &page.unreadable).await?;
    for one in &page.items {
        session::look(run, one).await?;
    }
    Ok(Some(page.next))
}

async fn refunds(run: &mut Run<'_>, since: Timestamp, after: Option<&str>) -> Result<Option<Option<String>>, Error> {
    let page = run.app.payments.refunds_since(since, after).await.map_err(Error::from);
    let Some(page) = run.survive("the list of refunds", page)? else {
        return Ok(None);
    };
    unreadable(run, FindingKind::RefundUnreadable, &page.unreadable).await?;
    for one in &page.items {
        refund_differences(run, one).await?;
    }
    Ok(Some(page.next))
}

async fn disputes(run: &mut Run<'_>, since: Timestamp, after: Option<&str>) -> Result<Option<Option<String>>, Error> {
    let page = run.app.payments.disputes_since(since, after).await.map_err(Error::from);
    let Some(page) = run.survive("the list of disputes", page)? else {
        return Ok(None);
    };
    unreadable(run, FindingKind::DisputeUnreadable, &page.unreadable).await?;
    for one in &page.items {
        told(run, one).await?;
    }
    Ok(Some(page.next))
}

async fn told(run: &mut Run<'_>, one: &payment::dispute::Dispute) -> Result<(), Error> {
    run.seen.insert(one.id.clone());
    run.report.compared.disputes += 1;
    if run.dry {
        return Ok(());
    }
    let told = dispute::told(run.app, run.shop, one).await;
    if run.survive(&one.id, told)? == Some(true) {
        run.report.repair("took in what the provider says of a dispute", &one.id);
    }
    run.say(&[FindingKind::DisputeUnreadable], &one.id, Vec::new()).await
}

/// Where the next round begins: behind the last row of a full one.
fn next<T: std::fmt::Display>(ids: &[T]) -> Option<String> {
    ids.last().filter(|_| ids.len() as i64 >= ROWS_MAX).map(ToString::to_string)
}

/// What we call paid, and the provider did not list.
async fn our_payments(run: &mut Run<'_>, since: Timestamp, after: &str) -> Result<Option<String>, Error> {
    let mut tx = run.app.store.read(run.shop).await?;
    let ids = tx.paid_behind(after, since, ROWS_MAX).await?;
    let mut rows = Vec::new();
    for id in &ids {
        rows.extend(tx.checkout(id).await?);
    }
    drop(tx);
    for row in rows {
        if row.session.as_ref().is_some_and(|session| !run.seen.contains(session)) && !run.is_tired() {
            ask_for(run, &row).await?;
        }
    }
    Ok(next(&ids))
}

async fn ask_for(run: &mut Run<'_>, row: &Checkout) -> Result<(), Error> {
    let Some(session) = &row.session else {
        return Ok(());
    };
    match run.app.payments.session(session).await {
        Ok(found) => session::look(run, &found).await,
        Err(payment::Error::Refused { code, message }) => {
            run.report.compared.sessions += 1;
            let text = format!("the payment provider does not know page {session}: {message} ({code})");
            let order = Some(row.order.clone());
            run.note(session, Difference { kind: FindingKind::SessionMissing, order, text, freezes: false }).await
        }
        Err(error) => run.survive::<()>(session, Err(error.into())).map(|_| ()),
    }
}

/// What we sent back, and the provider did not list.
async fn our_refunds(run: &mut Run<'_>, since: Timestamp, after: &str) -> Result<Option<String>, Error> {
    let mut tx = run.app.store.read(run.shop).await?;
    let ids = tx.given_behind(after, since, ROWS_MAX).await?;
    let mut rows = Vec::new();
    for id in &ids {
        rows.extend(tx.refund(id).await?);
    }
    drop(tx);
    for row in rows {
        if !row.provider_id.as_ref().is_some_and(|id| run.seen.contains(id)) && !run.is_tired() {
            look_at_refund(run, &row).await?;
        }
    }
    Ok(next(&ids))
}

/// Disputes that last for longer than the lists look back.
async fn our_disputes(run: &mut Run<'_>, after: &str) -> Result<Option<String>, Error> {
    let mut tx = run.app.store.read(run.shop).await?;
    let ids = tx.undecided_disputes(after, ROWS_MAX).await?;
    drop(tx);
    for id in &ids {
        if !run.seen.contains(id) && !run.is_tired() {
            let fact = run.app.payments.dispute(id).await.map_err(Error::from);
            if let Some(fact) = run.survive(id, fact)? {
                told(run, &fact).await?;
            }
        }
    }
    Ok(next(&ids))
}

/// Findings about things the lists did not name any more are looked at again: they may be true no longer.
async fn findings(run: &mut Run<'_>, since: Timestamp) -> Result<(), Error> {
    let mut tx = run.app.store.read(run.shop).await?;
    let open = tx.open_findings(FINDINGS_MAX).await?;
    drop(tx);
    for one in open {
        if !run.seen.contains(&one.about) && !run.is_tired() {
            again(run, &one).await?;
        }
    }
    if !run.dry {
        // What an unreadable event was about has been compared by now.
        let mut tx = run.app.store.begin(run.shop).await?;
        tx.clear_unseen(FindingKind::EventUnreadable, since, run.app.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn again(run: &mut Run<'_>, one: &Finding) -> Result<(), Error> {
    match one.kind.home() {
        Home::Session => {
            let found = run.app.payments.session(&one.about).await.map_err(Error::from);
            if let Some(found) = run.survive(&one.about, found)? {
                session::look(run, &found).await?;
            }
            Ok(())
        }
        Home::Refund => {
            let mut tx = run.app.store.read(run.shop).await?;
            let ours = tx.refund(&RefundId::new(&one.about)).await?;
            let row = match ours {
                Some(row) => Some(row),
                None => tx.refund_by_provider(&one.about).await?,
            };
            drop(tx);
            match row {
                Some(row) => look_at_refund(run, &row).await,
                None => Ok(()),
            }
        }
        Home::Dispute => {
            let found = run.app.payments.dispute(&one.about).await.map_err(Error::from);
            if let Some(found) = run.survive(&one.about, found)? {
                told(run, &found).await?;
            }
            Ok(())
        }
        Home::Event | Home::Rows | Home::Network | Home::Source => Ok(()),
    }
}
