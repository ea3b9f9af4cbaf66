//! Answering what the shopper wrote: the turn runs outside any transaction, its outcome is recorded in one.

use crate::agent::journal::Rest;
use crate::agent::turn::Ending;
use crate::agent::{self, Outcome, Thread};
use crate::app::App;
use crate::conversation::{Error, hand_off, outbox, say};
use crate::domain::contact::Contact;
use crate::domain::conversation::{Conversation, HandOffReason};
use crate::domain::id::{ConversationId, ProductId, VariantId};
use crate::domain::job::Job;
use crate::domain::message::{Author, Body, Message, Reply, Said};
use crate::store::Tx;
use crate::store::jobs::Claimed;
use crate::store::turns::OpenTurn;
use jiff::{SignedDuration, Timestamp};

/// Messages of one burst that a turn answers at once.
const BURST_MAX: i64 = 20;

/// The time in which a contact's messages are counted.
const PACE: SignedDuration = SignedDuration::from_secs(60);

/// Runs the turn that a job asks for. A turn that died is resumed from its journal.
pub async fn respond(app: &App, claimed: &Claimed, id: &ConversationId) -> Result<(), Error> {
    let Some(thread) = begin(app, claimed, id).await? else {
        return Ok(());
    };
    let (outcome, rest) = agent::take_turn(app, &thread).await?;
    record(app, claimed, &thread, outcome, rest).await
}

/// Ends a turn that could not be finished, however often it was tried: a colleague takes over.
pub async fn give_up(app: &App, claimed: &Claimed, id: &ConversationId) -> Result<(), Error> {
    let Some(thread) = begin(app, claimed, id).await? else {
        return Ok(());
    };
    let mut hand_off = agent::HandOffAsked::of(HandOffReason::ModelFailed, &thread);
    hand_off.tried.push("Answering failed several times.".to_owned());
    let outcome = Outcome {
        reply: Reply::text(agent::wording::language(&thread).pick(agent::wording::WENT_WRONG)),
        hand_off: Some(hand_off.complete(&thread, &Ending::default())),
        memory: thread.conversation.memory.clone(),
        problems: Vec::new(),
        decision: None,
    };
    record(app, claimed, &thread, outcome, Rest::default()).await
}

async fn begin(app: &App, claimed: &Claimed, id: &ConversationId) -> Result<Option<Thread>, Error> {
    let shop = &claimed.shop;
    let mut tx = app.store.begin(shop).await?;
    let conversation = tx.conversation(id).await?.ok_or_else(|| Error::Missing(format!("conversation {id}")))?;
    let open = tx.open_turn(id).await?;
    let asked = asked(&mut tx, &conversation, open.as_ref()).await?;
    let Some(last) = asked.last() else {
        return Ok(None);
    };
    if conversation.with.is_colleague() {
        // A colleague reads it, and whatever else has come in; the agent keeps silent.
        tx.set_answered(id, conversation.last_seq.max(last.seq), &conversation.memory).await?;
        tx.commit().await?;
        return Ok(None);
    }
    let turn = match open {
        Some(turn) => turn,
        None => {
            if let Some(due) = too_fast(app, &mut tx, id).await? {
                // Nothing is lost: what came is answered together, as soon as there is room.
                app.enqueue_at(&mut tx, &Job::Respond { conversation: id.clone() }, due).await?;
                tx.commit().await?;
                return Ok(None);
            }
            let turn = OpenTurn { id: app.new_id(), upto_seq: last.seq };
            tx.begin_turn(&turn, id, app.now()).await?;
            turn
        }
    };
    let mut conversation = conversation;
    if let Some(product) = pointed_at(&mut tx, &asked).await? {
        conversation.memory.show(&[product]);
    }
    let first = asked.first().map_or(1, |m| m.seq);
    let limit = i64::from(app.config.agent.history_messages);
    let mut history = tx.messages_until(id, first - 1, limit).await?;
    let shop = tx.shop().await?.ok_or_else(|| Error::Missing(format!("shop {shop}")))?;
    let contact = tx.contact(&conversation.contact).await?;
    let contact = contact.ok_or_else(|| Error::Missing(format!("contact {}", conversation.contact)))?;
    history.retain(|m| contact.remembers(m.at));
    outbox::begin_turn(app, &mut tx, &conversation).await?;
    tx.commit().await?;
    Ok(Some(Thread { shop, contact, conversation, turn: turn.id, asked, history }))
}

/// The product the shopper asks from: its page, or our card of it that they quote.
async fn pointed_at(tx: &mut Tx, asked: &[Message]) -> Result<Option<ProductId>, Error> {
    let sent = asked.iter().rev().find_map(|message| match &message.body {
        Body::Heard(Said::Sent(sent)) if sent.about.is_some() || sent.answers.is_some() => Some((message, sent)),
        _ => None,
    });
    let Some((message, sent)) = sent else { return Ok(None) };
    if let Some(number) = &sent.about {
        let found = match tx.product_of(&VariantId::new(number)).await? {
            None => tx.product(&ProductId::new(number)).await?,
            found => found,
        };
        return Ok(found.map(|product| product.id));
    }
    let Some(id) = &sent.answers else { return Ok(None) };
    let quoted = tx.message(id).await?.filter(|quoted| quoted.conversation == message.conversation);
    Ok(quoted.and_then(|quoted| match &quoted.body {
        Body::Reply(reply) if reply.cards.len() == 1 => reply.cards.first().map(|card| card.product.clone()),
        _ => None,
    }))
}

/// When a shopper who writes faster than the limit is answered next; nothing while they do not.
async fn too_fast(app: &App, tx: &mut Tx, id: &ConversationId) -> Result<Option<Timestamp>, Error> {
    let limit = app.config.budget.contact_messages_per_minute as usize;
    if limit == 0 {
        return Ok(None);
    }
    let since = app.now().checked_sub(PACE).unwrap_or(Timestamp::MIN);
    // Between two messages of a shopper there is mostly one of ours, if any.
    let newest = tx.messages_until(id, i64::MAX, i64::try_from(limit * 2 + 2).unwrap_or(i64::MAX)).await?;
    let said: Vec<Timestamp> =
        newest.iter().filter(|m| m.author == Author::Shopper && m.at > since).map(|m| m.at).collect();
    // There is room again when the first of those that are too many is a minute old.
    let first = said.len().checked_sub(limit + 1).and_then(|at| said.get(at)).copied();
    Ok(first.map(|first| first.checked_add(PACE).unwrap_or(Timestamp::MAX)))
}

async fn asked(tx: &mut Tx, conversation: &Conversation, open: Option<&OpenTurn>) -> Result<Vec<Message>, Error> {
    let mut asked = tx.messages_after(&conversation.id, conversation.answered_seq, BURST_MAX).await?;
    asked.retain(|m| m.author == Author::Shopper && open.is_none_or(|turn| m.seq <= turn.upto_seq));
    // Words come in bursts, but a tap is a whole request: together with words after it, it would be overlooked.
    let is_tap = |m: &Message| matches!(m.body, Body::Heard(Said::Tap { .. }));
    let first_tap = asked.iter().position(is_tap);
    asked.truncate(first_tap.map_or(asked.len(), |at| at.max(1)));
    Ok(asked)
}

async fn record(app: &App, claimed: &Claimed, thread: &Thread, outcome: Outcome, mut rest: Rest) -> Result<(), Error> {
    let id = &thread.conversation.id;
    let upto = thread.asked.last().map_or(0, |m| m.seq);
    let mut tx = app.store.begin(&claimed.shop).await?;
    // Another worker may have taken over while the model was thinking: then this outcome is not the one.
    if !tx.holds_job(claimed).await? || !tx.finish_turn(&thread.turn, &outcome.record(), app.now()).await? {
        return Ok(());
    }
    rest.write(&mut tx, &thread.turn).await?;
    let locale = agent::wording::language(thread).locale().to_string();
    if locale != thread.contact.locale
        && let Some(contact) = tx.contact(&thread.contact.id).await?
    {
        // What was spoken here is spoken from now on: in notices, on pages, in the next talk.
        tx.save_contact(&Contact { locale, ..contact }, app.now()).await?;
    }
    // A colleague may have taken over while the model was thinking: what they wrote stands, and nothing beside it.
    let taken = tx.conversation(id).await?.is_some_and(|now| now.with.is_colleague());
    if taken {
        tracing::debug!(conversation = %id, "a colleague answered first");
    } else if let Some(asked) = outcome.hand_off {
        hand_off::give(app, &mut tx, &thread.shop, id, asked, outcome.reply).await?;
    } else if !outcome.reply.is_empty() {
        say(app, &mut tx, id, Author::Agent, outcome.reply).await?;
    }
    tx.set_answered(id, upto, &outcome.memory).await?;
    let current = tx.messages_after(id, upto, BURST_MAX).await?;
    if current.iter().any(|m| m.author == Author::Shopper) {
        app.enqueue(&mut tx, &Job::Respond { conversation: id.clone() }).await?;
    }
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(())
}
