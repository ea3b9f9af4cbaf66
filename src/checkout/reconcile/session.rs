//! One payment page of the provider, held against our attempt.

use crate::checkout::reconcile::run::{Difference, Run};
use crate::checkout::{Error, settle};
use crate::domain::checkout::{Checkout, CheckoutState, Standing};
use crate::domain::finding::{FindingKind, Home};
use crate::domain::id::CheckoutId;
use crate::domain::job::Job;
use crate::domain::ledger::EntryKind;
use crate::payment::Session;

/// Looks at one page: repairs what is safe, keeps what is not. Another program's page is passed over.
pub async fn look(run: &mut Run<'_>, session: &Session) -> Result<(), Error> {
    run.seen.insert(session.id.clone());
    let mut tx = run.app.store.read(run.shop).await?;
    let row = match tx.checkout_by_session(&session.id).await? {
        Some(row) => Some(row),
        None => match &session.checkout {
            Some(id) => tx.checkout(&CheckoutId::new(id)).await?,
            None => return Ok(()),
        },
    };
    drop(tx);
    run.report.compared.sessions += 1;
    let differences = match row {
        None if session.paid => vec![unknown(session)],
        None => Vec::new(),
        Some(row) if row.session.is_none() => match attach(run, &row, session).await? {
            true => compare(run, &row.id, session).await?,
            false => Vec::new(),
        },
        Some(row) if row.session.as_ref() != Some(&session.id) => second(run, &row, session).await?,
        Some(row) => {
            catch_up(run, &row, session).await?;
            compare(run, &row.id, session).await?
        }
    };
    let kinds: Vec<_> = FindingKind::ALL.iter().copied().filter(|k| k.home() == Home::Session).collect();
    run.say(&kinds, &session.id, differences).await
}

fn unknown(session: &Session) -> Difference {
    let (id, order) = (&session.id, session.reference.as_deref().unwrap_or("no order"));
    let text = format!("page {id} was paid ({}) for {order}, which is not known here", session.total);
    Difference { kind: FindingKind::PaidUnknown, order: None, text, freezes: false }
}

/// The page was opened, but our note of it was lost. Answers whether the attempt has the page now.
async fn attach(run: &mut Run<'_>, row: &Checkout, session: &Session) -> Result<bool, Error> {
    if row.state == CheckoutState::Requested && !session.paid {
        // Asking again with the same key gives this very page, and the shopper hears of it.
        if !run.dry {
            let mut tx = run.app.store.begin(run.shop).await?;
            run.app.enqueue(&mut tx, &Job::OpenCheckout { checkout: row.id.clone() }).await?;
            tx.commit().await?;
        }
        run.report.repair("asked for the page again", row.id.as_str());
        return Ok(false);
    }
    run.report.repair("gave an attempt the page that was opened for it", row.id.as_str());
    if run.dry {
        return Ok(false);
    }
    let state = if row.state == CheckoutState::Requested { CheckoutState::Open } else { row.state };
    let attached = Checkout {
        state,
        session: Some(session.id.clone()),
        intent: session.intent.clone(),
        url: session.url.clone(),
        ..row.clone()
    };
    let mut tx = run.app.store.begin(run.shop).await?;
    tx.lock_order(&row.order).await?;
    let done = tx.attach_session(&attached).await?;
    tx.commit().await?;
    if done {
        let settled = settle::settle(run.app, run.shop, &row.id).await;
        run.survive(row.id.as_str(), settled)?;
    }
    Ok(done)
}

/// The provider made two pages of one attempt: nobody was given the second.
async fn second(run: &mut Run<'_>, row: &Checkout, session: &Session) -> Result<Vec<Difference>, Error> {
    let mut paid = session.paid;
    if session.fact().standing == Standing::Open && !run.dry {
        let closed = run.app.payments.expire(&session.id).await.map_err(Error::from);
        if let Some(closed) = run.survive(&session.id, closed)? {
            paid = closed.paid;
            run.report.repair("closed a second page of one attempt", &session.id);
        }
    }
    let text = format!("a second page of attempt {} was paid: {}", row.id, session.total);
    let order = Some(row.order.clone());
    Ok(paid.then_some(Difference { kind: FindingKind::PaidTwice, order, text, freezes: true }).into_iter().collect())
}

/// An event did not arrive: the attempt is moved to where the provider has it.
async fn catch_up(run: &mut Run<'_>, row: &Checkout, session: &Session) -> Result<(), Error> {
    let standing = session.fact().standing;
    let booked = !session.paid || {
        let mut tx = run.app.store.read(run.shop).await?;
        tx.is_booked(EntryKind::Capture, &session.id).await?
    };
    let unwanted = standing == Standing::Open && !row.state.is_alive();
    let nameless = session.paid && row.intent.is_none() && session.intent.is_some();
    if row.after(standing) == row.state && booked && !unwanted && !nameless {
        return Ok(());
    }
    if !run.dry {
        let settled = settle::settle(run.app, run.shop, &row.id).await;
        if run.survive(row.id.as_str(), settled)?.is_none() {
            return Ok(());
        }
    }
    run.report.repair("moved an attempt to where the provider has it", row.id.as_str());
    Ok(())
}

/// What is different now, after everything that could be put right.
async fn compare(run: &mut Run<'_>, id: &CheckoutId, session: &Session) -> Result<Vec<Difference>, Error> {
    let mut tx = run.app.store.read(run.shop).await?;
    let Some(row) = tx.checkout(id).await? else {
        return Ok(Vec::new());
    };
    drop(tx);
    let mut found = Vec::new();
    let mut add = |kind, text, freezes| {
        found.push(Difference { kind, order: Some(row.order.clone()), text, freezes });
    };
    let name = &session.id;
    if session.total != row.amount {
        let text = format!("page {name} charges {}, but {} was shown", session.total, row.amount);
        add(FindingKind::AmountDiffers, text, true);
    }
    if session.reference.as_deref() != Some(row.order.as_str()) {
        let says = session.reference.as_deref().unwrap_or("none");
        add(FindingKind::OrderDiffers, format!("page {name} names order {says}, not {}", row.order), true);
    }
    if row.state == CheckoutState::Paid && !session.paid {
        // The list may be older than our row: only what is said when asked again counts.
        let again = run.app.payments.session(name).await.map_err(Error::from);
        if run.survive(name, again)?.is_some_and(|now| !now.paid) {
            add(FindingKind::PaidHereOnly, format!("{} counts as paid, but page {name} is not", row.id), true);
        }
    }
    Ok(found)
}
