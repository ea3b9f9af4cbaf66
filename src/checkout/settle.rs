//! Deciding whether something is paid: one function, called for every event, on every return, when the shopper says so,
//! when time is over, and by reconciliation. It believes only what the provider says when asked.

use crate::app::App;
use crate::checkout::place::hold_all;
use crate::checkout::{Error, amend, attempt, effects, refund};
use crate::domain::amendment::{AmendmentEvent, AmendmentState};
use crate::domain::checkout::{Checkout, CheckoutState, SessionFact, Standing};
use crate::domain::id::{CheckoutId, ShopId};
use crate::domain::job::Job;
use crate::domain::ledger::{Entry, EntryKind};
use crate::domain::order::engine::Event;
use crate::domain::order::{Order, OrderState};
use crate::domain::reservation::Holder;
use crate::payment::{Session, Subject};
use crate::store::{self, Tx};
use jiff::Span;

/// Hours after which a slow payment is asked for again, should every event be lost.
const SLOW_LOOK_HOURS: i64 = 24;

/// Asks the provider how an attempt stands and moves the order accordingly. Bears repeating, in any order.
pub async fn settle(app: &App, shop: &ShopId, id: &CheckoutId) -> Result<(), Error> {
    let mut tx = app.store.read(shop).await?;
    let checkout = tx.checkout(id).await?.ok_or_else(|| Error::Missing(format!("checkout {id}")))?;
    let order = tx.order(&checkout.order).await?.ok_or_else(|| Error::Missing(format!("order {}", checkout.order)))?;
    let wanted = is_wanted(&mut tx, &checkout, &order).await?;
    drop(tx);
    let Some(session) = &checkout.session else {
        return Ok(());
    };
    let mut seen = app.payments.session(session).await?;
    if seen.fact().standing == Standing::Open && (!wanted || checkout.expires_at <= app.now()) {
        // The stock is given back only after the provider has closed the page.
        seen = app.payments.expire(session).await?;
    }
    apply(app, shop, id, &seen).await
}

/// Whether somebody still waits for this page to be paid.
pub async fn is_wanted(tx: &mut Tx, checkout: &Checkout, order: &Order) -> Result<bool, Error> {
    if !checkout.state.is_alive() {
        return Ok(false);
    }
    let Some(id) = &checkout.amendment else {
        return Ok(order.state.holds_stock() && order.times.cancel_asked.is_none());
    };
    Ok(tx.amendment(id).await?.is_some_and(|a| a.state == AmendmentState::AwaitingPayment && a.fits(order.state)))
}

/// Looks at whatever a stored event is about, if it is one of ours.
pub async fn settle_event(app: &App, shop: &ShopId, event: &str) -> Result<(), Error> {
    let mut tx = app.store.read(shop).await?;
    let subject = tx.subject_of_event(event).await?;
    match subject {
        Some(Subject::Session(session)) => {
            let checkout = tx.checkout_by_session(&session).await?;
            drop(tx);
            match checkout {
                Some(checkout) => settle(app, shop, &checkout.id).await,
                None => {
                    // Another program's page, or an event that overtook our own note of the page: reconciliation and
                    // the end of the page ask for it in any case, so nothing is lost.
                    tracing::info!(event, "an event about a payment page that is not known here");
                    Ok(())
                }
            }
        }
        Some(Subject::Refunds(intent)) => {
            let known = tx.checkout_by_intent(&intent).await?.is_some();
            drop(tx);
            if known {
                for fact in app.payments.refunds(&intent).await? {
                    refund::told(app, shop, &fact).await?;
                }
            }
            Ok(())
        }
        Some(Subject::Dispute(_)) | None => Ok(()),
    }
}

/// Moves an attempt, and what it pays, to where the provider says they are: all of it in one transaction that reads
/// everything again under the order's lock.
pub async fn apply(app: &App, shop: &ShopId, id: &CheckoutId, seen: &Session) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let missing = || Error::Missing(format!("checkout {id}"));
    let named = tx.checkout(id).await?.ok_or_else(missing)?;
    let order = tx.lock_order(&named.order).await?;
    let order = order.ok_or_else(|| Error::Missing(format!("order {}", named.order)))?;
    let checkout = tx.checkout(id).await?.ok_or_else(missing)?;
    let fact = seen.fact();
    let moved = Checkout {
        state: checkout.after(fact.standing),
        intent: seen.intent.clone().or_else(|| checkout.intent.clone()),
        ..checkout.clone()
    };
    if moved != checkout && !tx.move_checkout(&moved, checkout.state).await? {
        return Err(store::Error::Conflict { what: format!("checkout {id}") }.into());
    }
    // Money that moved is booked whatever the order thinks of it.
    let capture = Entry::new(EntryKind::Capture, &fact.session, &order.id, fact.amount);
    let news = fact.standing == Standing::Paid && tx.book(&capture, app.now()).await?;
    if fact.standing == Standing::Processing && checkout.state != CheckoutState::Pending {
        wait(app, &mut tx, &moved).await?;
    }
    match &checkout.amendment {
        Some(amendment) => {
            let missing = || Error::Missing(format!("amendment {amendment}"));
            let amendment = tx.amendment(amendment).await?.ok_or_else(missing)?;
            let open = amendment.fits(order.state);
            let event = AmendmentEvent::Payment { standing: fact.standing, amount: fact.amount, news, open };
            amend::happen(app, &mut tx, order, amendment, &event).await?;
        }
        None => pay(app, &mut tx, order, fact, news, seen).await?,
    }
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(())
}

async fn pay(app: &App, tx: &mut Tx, order: Order, fact: SessionFact, news: bool, seen: &Session) -> Result<(), Error> {
    let late = news && order.state == OrderState::Expired && fact.amount == order.quote.total;
    let again = late && {
        let until = attempt::hold_end(app.now());
        hold_all(app, tx, &Holder::Order(order.id.clone()), &order, &order.quote.lines, until).await?
    };
    let waiting = order.state.holds_stock();
    let (from, standing) = (order.state, fact.standing);
    let event = Event::Payment { fact, news, again };
    let Ok(mut order) = effects::happen(app, tx, order, &event).await? else {
        return Ok(());
    };
    let settled = matches!(standing, Standing::Paid | Standing::Processing) && (waiting || order.state != from);
    if let Some(address) = seen.shipping.as_ref().filter(|_| settled) {
        order.ship_to = Some(address.bounded());
        effects::save(tx, &order, order.state).await?;
    }
    Ok(())
}

// Slow methods take days: the goods stay held meanwhile, and the provider is asked again even if every event is lost.
async fn wait(app: &App, tx: &mut Tx, checkout: &Checkout) -> Result<(), Error> {
    let later = app.after(Span::new().hours(SLOW_LOOK_HOURS));
    app.enqueue_at(tx, &Job::SettleCheckout { checkout: checkout.id.clone() }, later).await?;
    Ok(())
}
