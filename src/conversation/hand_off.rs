//! Giving a conversation to a colleague, the colleague's words, and giving it back.

use crate::agent::{HandOffAsked, wording};
use crate::app::App;
use crate::channel::whatsapp::account_of;
use crate::conversation::{Error, say, voice};
use crate::domain::conversation::{Conversation, HandOff, HandOffReason, With};
use crate::domain::id::{ConversationId, ShopId};
use crate::domain::message::{Author, Message, Notice, Reply, TEXT_CHARS_MAX};
use crate::domain::shop::Shop;
use crate::store::{self, Tx};

/// Characters of a colleague's name.
const NAME_CHARS_MAX: usize = 40;

/// Gives a conversation to a colleague; the shopper reads the agent's last words and when to expect an answer.
pub async fn give(
    app: &App,
    tx: &mut Tx,
    shop: &Shop,
    id: &ConversationId,
    asked: HandOffAsked,
    mut reply: Reply,
) -> Result<(), store::Error> {
    let hand_off = HandOff {
        reason: asked.reason,
        summary: asked.summary,
        tried: asked.tried,
        wanted: asked.wanted,
        at: app.now(),
    };
    tx.set_with(id, &With::Colleague { hand_off }, app.now()).await?;
    let language = voice(tx, id).await?;
    if reply.text.is_empty() {
        reply.text = language.pick(wording::HANDING_OVER);
    }
    if !reply.text.contains(&shop.colleagues) {
        let answers = language.say(wording::COLLEAGUE_ANSWERS, &[("hours", &shop.colleagues)]);
        reply.text = format!("{} {answers}", reply.text);
    }
    reply.notice = Some(Notice::HandOff);
    say(app, tx, id, Author::Agent, reply).await?;
    Ok(())
}

/// Whether each message costs the merchant money: then who answers is shown by the answer, not by a message of its own.
fn is_charged(conversation: &Conversation) -> bool {
    account_of(&conversation.channel).is_some()
}

/// A colleague takes a conversation without being asked.
pub async fn take(app: &App, shop: &ShopId, id: &ConversationId) -> Result<(), Error> {
    let mut tx = app.store.begin(shop).await?;
    let conversation = tx.conversation(id).await?.ok_or_else(|| Error::Missing(format!("conversation {id}")))?;
    if conversation.with.is_colleague() {
        return Ok(());
    }
    let hand_off = HandOff {
        reason: HandOffReason::TakenOver,
        summary: "Taken over by a colleague.".to_owned(),
        tried: Vec::new(),
        wanted: String::new(),
        at: app.now(),
    };
    tx.set_with(id, &With::Colleague { hand_off }, app.now()).await?;
    if !is_charged(&conversation) {
        let joined = voice(&mut tx, id).await?.pick(wording::JOINED);
        let reply = Reply { notice: Some(Notice::HandOff), ..Reply::text(joined) };
        say(app, &mut tx, id, Author::Shop, reply).await?;
    }
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(())
}

/// A colleague writes to the shopper; the conversation is with the colleague from then on.
pub async fn answer(
    app: &App,
    shop: &ShopId,
    id: &ConversationId,
    name: &str,
    text: &str,
) -> Result<Option<Message>, Error> {
    let text: String = text.trim().chars().take(TEXT_CHARS_MAX).collect();
    if text.is_empty() {
        return Ok(None);
    }
    take(app, shop, id).await?;
    let name: String = name.trim().chars().take(NAME_CHARS_MAX).collect();
    let name = if name.is_empty() { "Colleague".to_owned() } else { name };
    let mut tx = app.store.begin(shop).await?;
    let message = say(app, &mut tx, id, Author::Colleague { name }, Reply::text(text)).await?;
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(Some(message))
}

/// Gives a conversation back to the agent. Answers false when the agent had it already.
pub async fn give_back(app: &App, shop: &ShopId, id: &ConversationId) -> Result<bool, Error> {
    let mut tx = app.store.begin(shop).await?;
    let mut conversation = tx.conversation(id).await?.ok_or_else(|| Error::Missing(format!("conversation {id}")))?;
    if !conversation.with.is_colleague() {
        return Ok(false);
    }
    tx.set_with(id, &With::Agent, app.now()).await?;
    conversation.memory.asked_back = 0;
    // What was talked about with a person since is not known here; the next words stand for themselves.
    conversation.memory.about = None;
    tx.set_answered(id, conversation.last_seq, &conversation.memory).await?;
    if !is_charged(&conversation) {
        let text = voice(&mut tx, id).await?.pick(wording::RETURNED);
        let reply = Reply { notice: Some(Notice::Returned), ..Reply::text(text) };
        say(app, &mut tx, id, Author::Shop, reply).await?;
    }
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(true)
}
