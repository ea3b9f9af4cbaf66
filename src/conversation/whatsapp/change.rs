//! A shopper changes a message, takes it back, or puts a sign to one.

use crate::app::App;
use crate::channel::whatsapp::event;
use crate::conversation::receive::bounded;
use crate::conversation::whatsapp::{hear, named, network_time, who};
use crate::domain::conversation::Conversation;
use crate::domain::enclosed::{Enclosed, Sent};
use crate::domain::message::{Author, Body, Message, Said};
use crate::store::reactions::Reaction;
use crate::store::{self, Tx};

/// Other words for a message. One that was not answered says them instead; to one that was, they are a message of their own.
pub(super) async fn edited(app: &App, tx: &mut Tx, account: &str, edit: &event::Edit) -> Result<(), store::Error> {
    let Some(conversation) = who::existing(tx, account, &edit.now.sender).await? else {
        return hear::hear(app, tx, account, &edit.now).await;
    };
    match named(tx, &conversation.id, &edit.original).await? {
        Some(message) if message.author == Author::Shopper && !is_answered(tx, &conversation, &message).await? => {
            let Body::Heard(before) = message.body else { return Ok(()) };
            tx.rewrite(&message.id, &Body::Heard(bounded(reworded(before, edit.now.said.clone())))).await
        }
        _ => hear::write(app, tx, account, &conversation, &edit.now).await,
    }
}

/// Other words, and the same things with them: only words can be changed.
fn reworded(before: Said, now: Said) -> Said {
    match before {
        Said::Sent(mut sent) => {
            sent.text = now.words().to_owned();
            Said::Sent(sent)
        }
        Said::Text(_) | Said::Tap { .. } => Said::Text(now.words().to_owned()),
    }
}

/// A message is taken back. One that was not answered was never there; one that was loses what it said.
pub(super) async fn took_back(tx: &mut Tx, account: &str, revoke: &event::Revoke) -> Result<(), store::Error> {
    let Some(conversation) = who::existing(tx, account, &revoke.sender).await? else { return Ok(()) };
    let Some(message) = named(tx, &conversation.id, &revoke.original).await? else { return Ok(()) };
    if message.author != Author::Shopper {
        return Ok(());
    }
    tx.refuse_media_of(&message.id, "the message was taken back").await?;
    if is_answered(tx, &conversation, &message).await? {
        let empty = Sent { enclosed: vec![Enclosed::Unreadable { what: "taken back".to_owned() }], ..Sent::default() };
        tx.rewrite(&message.id, &Body::Heard(Said::Sent(Box::new(empty)))).await
    } else {
        tx.take_back(&message.id).await
    }
}

/// A sign at a message is kept for people to see. It is no answer: nothing was said, least of all yes.
pub(super) async fn reacted(app: &App, tx: &mut Tx, account: &str, told: &event::Reaction) -> Result<(), store::Error> {
    let Some(conversation) = who::existing(tx, account, &told.sender).await? else { return Ok(()) };
    let message = named(tx, &conversation.id, &told.to).await?.map(|m| m.id);
    let reaction = Reaction {
        conversation: conversation.id,
        outside_id: told.to.clone(),
        message,
        who: "shopper".to_owned(),
        emoji: told.emoji.clone().unwrap_or_default(),
        at: network_time(app, told.at),
    };
    tx.react(&reaction).await
}

/// Whether a message was answered, or is being answered right now.
async fn is_answered(tx: &mut Tx, conversation: &Conversation, message: &Message) -> Result<bool, store::Error> {
    let open = tx.open_turn(&conversation.id).await?;
    Ok(message.seq <= conversation.answered_seq || open.is_some_and(|turn| message.seq <= turn.upto_seq))
}
