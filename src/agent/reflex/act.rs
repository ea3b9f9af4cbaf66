//! Reflexes that change something: adding by a button, the proposal, the shopper's yes and no, STOP. Each is recorded in
//! the transaction that does it, so that a turn that died does it once.

use crate::agent::journal::Journal;
use crate::agent::ledger::Ledger;
use crate::agent::reflex::say::outcome;
use crate::agent::render::{cart_buttons, proposal};
use crate::agent::tool::{Effect, Output, cart_edit};
use crate::agent::wording::{self as w, Voice, language, say};
use crate::agent::{Error, Outcome, Thread};
use crate::app::App;
use crate::app::failpoint;
use crate::checkout::commit::{Committed, commit};
use crate::checkout::summary::summary;
use crate::domain::id::ProposalId;
use crate::domain::message::{Button, Reply};
use crate::domain::proposal::{Act, ProposalState};
use crate::llm::Call;
use crate::store::consents::Consent;
use serde_json::json;

/// One piece of a variant into the cart.
pub(super) async fn add(thread: &Thread, journal: &mut Journal<'_>, variant: &str) -> Result<Outcome, Error> {
    let call = Call { id: "tap".to_owned(), tool: "cart_edit".to_owned(), arguments: cart_edit::add(variant) };
    let output = journal.result(&call, &mut Ledger::default()).await?;
    let text = |pointer: &str| output.content.pointer(pointer).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let refused = text("/refused");
    if !refused.is_empty() {
        return Ok(outcome(
            thread,
            Reply::text(say(language(thread), w::SORRY, &[("why", &language(thread).sentence(&refused))])),
        ));
    }
    let reply = Reply {
        choices: cart_buttons(),
        ..Reply::text(say(language(thread), w::ADDED, &[("what", &text("/done/0")), ("total", &text("/total"))]))
    };
    Ok(outcome(thread, reply))
}

/// Proposes to order the cart.
pub(super) async fn checkout(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Outcome, Error> {
    let call = Call { id: "tap".to_owned(), tool: "checkout_propose".to_owned(), arguments: "{}".to_owned() };
    let output = journal.result(&call, &mut Ledger::default()).await?;
    match output.effect {
        Some(Effect::Proposed { proposal }) => {
            shown(app, thread, journal, &proposal, &language(thread).pick(w::CHECK_ORDER)).await
        }
        _ => {
            let why = output.content.get("refused").and_then(|v| v.as_str()).unwrap_or("that is not possible");
            let why = language(thread).sentence(why);
            Ok(outcome(thread, Reply::text(say(language(thread), w::NOT_YET, &[("why", &why)]))))
        }
    }
}

/// The shopper's yes. The order, the held stock and the wish for a payment page are one transaction; the page follows as
/// a message of its own, so this turn says nothing.
pub(super) async fn confirm(app: &App, thread: &Thread, journal: &mut Journal<'_>, id: &str) -> Result<Outcome, Error> {
    let output = match journal.recorded()? {
        Some(output) => output,
        None => {
            let mut tx = app.store.begin(&thread.shop.id).await?;
            let id = ProposalId::new(id);
            let act = tx.proposal(&id).await?.map(|proposal| proposal.act);
            let done = commit(app, &mut tx, &thread.shop, &thread.contact.id, &id).await?;
            let output = note(done, act.as_ref(), &language(thread));
            journal.record(&mut tx, &output).await?;
            tx.commit().await?;
            failpoint::reach("yes_committed");
            app.work.notify_waiters();
            output
        }
    };
    if let (Some(Effect::Placed { .. }), Some(channel)) =
        (&output.effect, app.channels.get(thread.conversation.channel.as_str()))
    {
        channel.progress(&thread.conversation.id, &language(thread).pick(w::PREPARING_PAGE));
    }
    confirmed(app, thread, journal, output).await
}

fn note(committed: Committed, act: Option<&Act>, language: &Voice) -> Output {
    match committed {
        Committed::Done(done) => {
            let number = done.order.map(|order| order.number).unwrap_or_default();
            // What has no message of its own to follow is said here.
            let text = done.text.map(|text| act.and_then(|act| said(act, language)).unwrap_or(text));
            let mut output = Output::of(json!({"done": done.what, "order": number, "text": text}));
            output.effect = Some(if done.what == "checkout" {
                Effect::Placed { number }
            } else {
                Effect::Committed { what: done.what.to_owned(), number }
            });
            output
        }
        Committed::Again { why, proposal } => {
            let mut output = Output::of(json!({ "again": language.sentence(&why) }));
            output.effect = Some(Effect::Proposed { proposal: proposal.id });
            output
        }
        Committed::Refused(why) => Output::refused(&language.sentence(&why)),
    }
}

/// What an act that is done at once came to.
fn said(act: &Act, language: &Voice) -> Option<String> {
    Some(match act {
        Act::ChangeAddress { number, address, .. } => {
            say(language, w::order::GOES_TO, &[("number", number), ("address", &address.line())])
        }
        Act::KeepAddress { address } => say(language, w::order::KEPT, &[("address", &address.line())]),
        Act::Refund { number, amount, approval, .. } => {
            let phrase = if *approval { w::order::REFUND_ASKED } else { w::order::REFUND_GOES };
            say(language, phrase, &[("number", number), ("amount", &language.money(*amount))])
        }
        _ => return None,
    })
}

async fn confirmed(app: &App, thread: &Thread, journal: &mut Journal<'_>, output: Output) -> Result<Outcome, Error> {
    let text = |key: &str| output.content.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    match &output.effect {
        // A message about the order follows by itself, unless what was done has words of its own.
        Some(Effect::Placed { .. } | Effect::Committed { .. }) => Ok(outcome(thread, Reply::text(text("text")))),
        Some(Effect::Proposed { proposal }) => shown(app, thread, journal, proposal, &text("again")).await,
        _ => Ok(outcome(thread, Reply::text(text("refused")))),
    }
}

/// The shopper's no.
pub(super) async fn cancel(app: &App, thread: &Thread, journal: &mut Journal<'_>, id: &str) -> Result<Outcome, Error> {
    let output = match journal.recorded()? {
        Some(output) => output,
        None => {
            let mut tx = app.store.begin(&thread.shop.id).await?;
            let id = ProposalId::new(id);
            let mine = tx.proposal(&id).await?.filter(|p| p.contact == thread.contact.id);
            let closed = mine.is_some() && tx.close_proposal(&id, ProposalState::Cancelled).await?;
            let kept = match mine.as_ref().map(|p| about(&p.act)) {
                Some(about) => json!({ "cancelled": closed, "about": about }),
                None => json!({ "cancelled": closed }),
            };
            let output = Output::of(kept);
            journal.record(&mut tx, &output).await?;
            tx.commit().await?;
            output
        }
    };
    Ok(outcome(thread, declined(&language(thread), &output)))
}

/// What a no was about: the order's number, or nothing.
fn about(act: &Act) -> serde_json::Value {
    match act {
        Act::Checkout { .. } => json!({"act": "checkout"}),
        Act::KeepAddress { .. } => json!({"act": "keep_address"}),
        Act::Cancel { number, .. }
        | Act::ChangeItems { number, .. }
        | Act::ChangeAddress { number, .. }
        | Act::Return { number, .. }
        | Act::Exchange { number, .. }
        | Act::Refund { number, .. } => json!({"act": "order", "number": number}),
    }
}

/// The words after a no; they fit what was proposed.
fn declined(language: &Voice, output: &Output) -> Reply {
    let text = |pointer: &str| output.content.pointer(pointer).and_then(|v| v.as_str()).unwrap_or_default();
    let number = text("/about/number");
    let status = || vec![Button::new(format!("order:{number}"), language.pick(w::order::TAP_STATUS))];
    let cart = || vec![Button::new("cart:view", "View cart"), Button::new("checkout:start", "Checkout")];
    let closed = output.content.get("cancelled").and_then(serde_json::Value::as_bool) == Some(true);
    match (closed, text("/about/act")) {
        (true, "order") => {
            Reply { choices: status(), ..Reply::text(say(language, w::order::NOTHING_CHANGED, &[("number", number)])) }
        }
        (true, "keep_address") => Reply::text(language.pick(w::order::NOT_KEPT)),
        (true, _) => Reply { choices: cart(), ..Reply::text(language.pick(w::NOTHING_ORDERED)) },
        (false, "order") => Reply { choices: status(), ..Reply::text(language.pick(w::NOT_OPEN)) },
        (false, _) => Reply { choices: cart(), ..Reply::text(language.pick(w::NOT_OPEN)) },
    }
}

/// A yes or no in a turn that already closed its proposal and then died; `None` when there is no such thing recorded.
pub(super) async fn resumed(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Option<Outcome>, Error> {
    if !journal.begins_with_an_act() {
        return Ok(None);
    }
    match journal.recorded()? {
        Some(output) if output.content.get("cancelled").is_some() => {
            Ok(Some(outcome(thread, declined(&language(thread), &output))))
        }
        Some(output) => confirmed(app, thread, journal, output).await.map(Some),
        None => Ok(None),
    }
}

/// STOP: honoured at once and confirmed once.
pub(super) async fn stop(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<Outcome, Error> {
    let output = match journal.recorded()? {
        Some(output) => output,
        None => {
            let mut tx = app.store.begin(&thread.shop.id).await?;
            let mut contact = thread.contact.clone();
            contact.stopped = true;
            tx.save_contact(&contact, app.now()).await?;
            let refused = Consent {
                source: thread.conversation.channel.clone(),
                text: "STOP".to_owned(),
                ..Consent::to_marketing(app.ids.as_ref(), &contact.id, false, app.now())
            };
            tx.add_consent(&refused).await?;
            let output = Output::of(json!({"stopped": true, "before": thread.contact.stopped}));
            journal.record(&mut tx, &output).await?;
            tx.commit().await?;
            output
        }
    };
    // Confirmed once: whoever says it again has heard it, and wants to hear nothing.
    let before = output.content.get("before").and_then(serde_json::Value::as_bool) == Some(true);
    let reply = if before { Reply::default() } else { Reply::text(language(thread).pick(w::STOPPED)) };
    Ok(outcome(thread, reply))
}

pub(super) async fn shown(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    id: &ProposalId,
    text: &str,
) -> Result<Outcome, Error> {
    let summary = proposal(app, thread, journal, id).await?.as_ref().map(|p| summary(p, &language(thread)));
    Ok(outcome(thread, Reply { summary, ..Reply::text(text) }))
}
