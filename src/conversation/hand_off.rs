//! Giving a conversation to a colleague, the colleague's words, and giving it back.

use crate::agent::{HandOffAsked, wording};
use crate::app::App;
use crate::conversation::{Error, say};
use crate::domain::conversation::{HandOff, HandOffReason, With};
use crate::domain::id::{ConversationId, ShopId};
use crate::domain::message::{Author, Message, Notice, Reply, TEXT_CHARS_MAX};
use crate::domain::shop::Shop;
use crate::llm::keyless::language::Language;
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
    let language = Language::of(&reply.text).unwrap_or(Language::En);
    if reply.text.is_empty() {
        reply.text = language.pick(wording::HANDING_OVER).to_owned();
    }
    if !reply.text.contains(&shop.colleagues) {
        let answers = wording::say(language, wording::COLLEAGUE_ANSWERS, &[("[hours]", &shop.colleagues)]);
        reply.text = format!("{} {answers}", reply.text);
    }
    reply.notice = Some(Notice::HandOff);
    say(app, tx, id, Author::Agent, reply).await?;
    Ok(())
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
    let reply = Reply { notice: Some(Notice::HandOff), ..Reply::text("A colleague has joined this chat.") };
    say(app, &mut tx, id, Author::Shop, reply).await?;
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
    tx.set_answered(id, conversation.last_seq, &conversation.memory).await?;
    let text = "You are talking to the shop assistant again. What can I do for you?";
    let reply = Reply { notice: Some(Notice::Returned), ..Reply::text(text) };
    say(app, &mut tx, id, Author::Shop, reply).await?;
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(true)
}
