//! A colleague writes from the phone's own app, past us: the agent keeps silent from then on.

use crate::app::App;
use crate::channel::whatsapp::event::{Echo, Edit, Revoke};
use crate::conversation::whatsapp::{named, network_time, who};
use crate::domain::conversation::{HandOff, HandOffReason, With};
use crate::domain::id::ConversationId;
use crate::domain::message::{Author, Body, Message, Reply, TEXT_CHARS_MAX};
use crate::store::{self, Tx};

/// What a colleague on the phone is called: the network does not tell who holds it.
const NAME: &str = "Colleague";

/// A colleague wrote to a shopper.
pub(super) async fn wrote(app: &App, tx: &mut Tx, account: &str, echo: &Echo) -> Result<(), store::Error> {
    let contact = who::wrote(app, tx, &echo.receiver).await?;
    let conversation = who::conversation(app, tx, account, &contact).await?;
    if named(tx, &conversation.id, &echo.id).await?.is_some() {
        // It is one of our own.
        return Ok(());
    }
    let lines = Some(echo.text.clone()).filter(|text| !text.is_empty()).into_iter().chain(echo.extras.iter().cloned());
    let text: String = lines.collect::<Vec<_>>().join("\n").chars().take(TEXT_CHARS_MAX).collect();
    let message = Message {
        id: app.new_id(),
        conversation: conversation.id.clone(),
        seq: 0,
        author: Author::Colleague { name: NAME.to_owned() },
        body: Body::Reply(Box::new(Reply::text(text))),
        at: app.now(),
        external_id: Some(echo.id.clone()),
    };
    let message = tx.append(message).await?;
    tx.mark_sent(&message.id, Some(&echo.id), app.now()).await?;
    let (mut window, _) = tx.window(&conversation.id).await?;
    window.answer(network_time(app, echo.at));
    tx.set_window(&conversation.id, &window, None).await?;
    if conversation.with.is_colleague() {
        return Ok(());
    }
    let hand_off = HandOff {
        reason: HandOffReason::TakenOver,
        summary: "A colleague answered from the phone.".to_owned(),
        tried: Vec::new(),
        wanted: String::new(),
        at: app.now(),
    };
    tx.set_with(&conversation.id, &With::Colleague { hand_off }, app.now()).await
}

/// A colleague changed what they wrote.
pub(super) async fn edited(tx: &mut Tx, account: &str, edit: &Edit) -> Result<(), store::Error> {
    let Some(conversation) = who::existing(tx, account, &edit.now.sender).await? else { return Ok(()) };
    let text = edit.now.said.words().chars().take(TEXT_CHARS_MAX).collect();
    replace(tx, &conversation.id, &edit.original, text).await
}

/// A colleague took back what they wrote.
pub(super) async fn took_back(tx: &mut Tx, account: &str, revoke: &Revoke) -> Result<(), store::Error> {
    let Some(conversation) = who::existing(tx, account, &revoke.sender).await? else { return Ok(()) };
    replace(tx, &conversation.id, &revoke.original, String::new()).await
}

/// Puts other words into a message that a colleague wrote, and into no other.
async fn replace(tx: &mut Tx, id: &ConversationId, outside: &str, text: String) -> Result<(), store::Error> {
    match named(tx, id, outside).await? {
        Some(message) if matches!(message.author, Author::Colleague { .. }) => {
            tx.rewrite(&message.id, &Body::Reply(Box::new(Reply::text(text)))).await
        }
        _ => Ok(()),
    }
}
