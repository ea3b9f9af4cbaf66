//! Reflexes that change something: adding by a button, the proposal, the shopper's yes and no, STOP. Each is recorded in
//! the transaction that does it, so that a turn that died does it once.

use crate::agent::journal::Journal;
use crate::agent::ledger::Ledger;
use crate::agent::reflex::say::outcome;
use crate::agent::render::cart_buttons;
use crate::agent::tool::{Effect, Output, cart_edit};
use crate::agent::wording::{self as w, language, say};
use crate::agent::{Error, Outcome, Thread};
use crate::app::App;
use crate::checkout::commit::{Committed, commit};
use crate::checkout::summary::summary;
use crate::domain::id::ProposalId;
use crate::domain::message::{Button, Reply};
use crate::domain::proposal::ProposalState;
use crate::llm::Call;
use serde_json::json;

/// One piece of a variant into the cart.
pub(super) async fn add(thread: &Thread, journal: &mut Journal<'_>, variant: &str) -> Result<Outcome, Error> {
    let call = Call { id: "tap".to_owned(), tool: "cart_edit".to_owned(), arguments: cart_edit::add(variant) };
    let output = journal.result(&call, &mut Ledger::default()).await?;
    let text = |pointer: &str| output.content.pointer(pointer).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let refused = text("/refused");
    if !refused.is_empty() {
        return Ok(outcome(thread, Reply::text(say(language(thread), w::SORRY, &[("[why]", &refused)]))));
    }
    let reply = Reply {
        choices: cart_buttons(),
        ..Reply::text(say(language(thread), w::ADDED, &[("[what]", &text("/done/0")), ("[total]", &text("/total"))]))
    };
    Ok(outcome(thread, reply))
}

/// Proposes to order the cart.
pub(super) async fn checkout(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Outcome, Error> {
    let call = Call { id: "tap".to_owned(), tool: "checkout_propose".to_owned(), arguments: "{}".to_owned() };
    let output = journal.result(&call, &mut Ledger::default()).await?;
    match output.effect {
        Some(Effect::Proposed { proposal }) => {
            shown(app, thread, &proposal, language(thread).pick(w::CHECK_ORDER)).await
        }
        _ => {
            let why = output.content.get("refused").and_then(|v| v.as_str()).unwrap_or("that is not possible");
            Ok(outcome(thread, Reply::text(say(language(thread), w::NOT_YET, &[("[why]", why)]))))
        }
    }
}

/// The shopper's yes. The order, the held stock and the wish for a payment page are one transaction; the page follows as
/// a message of its own, so this turn says nothing.
pub(super) async fn confirm(app: &App, thread: &Thread, journal: &mut Journal<'_>, id: &str) -> Result<Outcome, Error> {
    let output = match journal.recorded() {
        Some(output) => output,
        None => {
            let mut tx = app.store.begin(&thread.shop.id).await?;
            let done = commit(app, &mut tx, &thread.shop, &thread.contact.id, &ProposalId::new(id)).await?;
            let output = note(done);
            journal.record(&mut tx, &output).await?;
            tx.commit().await?;
            app.work.notify_waiters();
            output
        }
    };
    if let Some(channel) = app.channels.get(thread.conversation.channel.as_str()) {
        channel.progress(&thread.conversation.id, "Preparing your payment page…");
    }
    confirmed(app, thread, output).await
}

fn note(committed: Committed) -> Output {
    match committed {
        Committed::Done(done) => {
            let number = done.order.map(|order| order.number).unwrap_or_default();
            let mut output = Output::of(json!({"done": done.what, "order": number, "text": done.text}));
            output.effect = Some(if done.what == "checkout" {
                Effect::Placed { number }
            } else {
                Effect::Committed { what: done.what.to_owned(), number }
            });
            output
        }
        Committed::Again { why, proposal } => {
            let mut output = Output::of(json!({ "again": why }));
            output.effect = Some(Effect::Proposed { proposal: proposal.id });
            output
        }
        Committed::Refused(why) => Output::refused(&why),
    }
}

async fn confirmed(app: &App, thread: &Thread, output: Output) -> Result<Outcome, Error> {
    let text = |key: &str| output.content.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    match &output.effect {
        // A message about the order follows by itself, unless what was done has words of its own.
        Some(Effect::Placed { .. } | Effect::Committed { .. }) => Ok(outcome(thread, Reply::text(text("text")))),
        Some(Effect::Proposed { proposal }) => shown(app, thread, proposal, &text("again")).await,
        _ => Ok(outcome(thread, Reply::text(text("refused")))),
    }
}

/// The shopper's no.
pub(super) async fn cancel(app: &App, thread: &Thread, journal: &mut Journal<'_>, id: &str) -> Result<Outcome, Error> {
    let output = match journal.recorded() {
        Some(output) => output,
        None => {
            let mut tx = app.store.begin(&thread.shop.id).await?;
            let id = ProposalId::new(id);
            let mine = tx.proposal(&id).await?.is_some_and(|p| p.contact == thread.contact.id);
            let closed = mine && tx.close_proposal(&id, ProposalState::Cancelled).await?;
            let output = Output::of(json!({ "cancelled": closed }));
            journal.record(&mut tx, &output).await?;
            tx.commit().await?;
            output
        }
    };
    let cancelled = output.content.get("cancelled").and_then(serde_json::Value::as_bool) == Some(true);
    let text = language(thread).pick(if cancelled { w::NOTHING_ORDERED } else { w::NOT_OPEN });
    let choices = vec![Button::new("cart:view", "View cart"), Button::new("checkout:start", "Checkout")];
    Ok(outcome(thread, Reply { choices, ..Reply::text(text) }))
}

/// A yes or no in a turn that already closed its proposal and then died; `None` when there is no such thing recorded.
pub(super) async fn resumed(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Option<Outcome>, Error> {
    if !journal.begins_with_an_act() {
        return Ok(None);
    }
    match journal.recorded() {
        Some(output) if output.content.get("cancelled").is_some() => {
            Ok(Some(outcome(thread, Reply::text(language(thread).pick(w::NOTHING_ORDERED)))))
        }
        Some(output) => confirmed(app, thread, output).await.map(Some),
        None => Ok(None),
    }
}

/// STOP: honoured at once and confirmed once.
pub(super) async fn stop(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Outcome, Error> {
    if journal.recorded().is_none() {
        let mut tx = app.store.begin(&thread.shop.id).await?;
        let mut contact = thread.contact.clone();
        contact.stopped = true;
        tx.save_contact(&contact, app.now()).await?;
        journal.record(&mut tx, &Output::of(json!({"stopped": true}))).await?;
        tx.commit().await?;
    }
    Ok(outcome(thread, Reply::text(language(thread).pick(w::STOPPED))))
}

async fn shown(app: &App, thread: &Thread, id: &ProposalId, text: &str) -> Result<Outcome, Error> {
    let proposal = app.store.read(&thread.shop.id).await?.proposal(id).await?;
    let summary = proposal.as_ref().map(summary);
    Ok(outcome(thread, Reply { summary, ..Reply::text(text) }))
}
