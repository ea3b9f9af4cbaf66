//! Handing a stored message to its channel.

use crate::app::App;
use crate::channel::Outbound;
use crate::channel::whatsapp::account_of;
use crate::conversation::{Error, outbox};
use crate::domain::id::{ConversationId, MessageId, ShopId};

/// Delivers a message unless it was delivered before. One gap stays open: a crash between `send` and the commit sends it
/// twice on networks that take no key of ours; rather twice than never.
pub async fn deliver(app: &App, shop: &ShopId, conversation: &ConversationId, id: &MessageId) -> Result<(), Error> {
    let mut tx = app.store.read(shop).await?;
    let conversation =
        tx.conversation(conversation).await?.ok_or_else(|| Error::Missing(format!("conversation {conversation}")))?;
    if account_of(&conversation.channel).is_some() {
        drop(tx);
        return outbox::deliver(app, shop, &conversation, id).await;
    }
    let message = tx.message(id).await?.ok_or_else(|| Error::Missing(format!("message {id}")))?;
    let sent = tx.was_sent(id).await?;
    drop(tx);
    if sent {
        return Ok(());
    }
    let channel = app
        .channels
        .get(conversation.channel.as_str())
        .ok_or_else(|| Error::Missing(format!("channel {}", conversation.channel)))?;
    let outside = channel.send(&Outbound { alias: &conversation.alias, message: &message }).await?;
    let mut tx = app.store.begin(shop).await?;
    tx.mark_sent(id, outside.as_deref(), app.now()).await?;
    tx.commit().await?;
    Ok(())
}
