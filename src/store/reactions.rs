//! Signs that were put to messages.

use crate::domain::id::{ConversationId, MessageId};
use crate::store::{Error, Tx, ms, on_engine};
use jiff::Timestamp;

/// A sign put to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// Where.
    pub conversation: ConversationId,
    /// The network's id of the message.
    pub outside_id: String,
    /// The message, if it is known.
    pub message: Option<MessageId>,
    /// Who: `shopper`.
    pub who: String,
    /// The sign; empty when it was taken off.
    pub emoji: String,
    /// By the network's clock.
    pub at: Timestamp,
}

impl Tx {
    /// Keeps a sign; an older one that comes late changes nothing.
    pub async fn react(&mut self, reaction: &Reaction) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO reactions (shop_id, conversation_id, outside_id, who, message_id, emoji, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (shop_id, conversation_id, outside_id, who) DO UPDATE
            SET emoji = excluded.emoji, at = excluded.at, message_id = COALESCE(excluded.message_id, reactions.message_id)
            WHERE excluded.at >= reactions.at";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(reaction.conversation.as_str())
            .bind(&reaction.outside_id)
            .bind(&reaction.who)
            .bind(reaction.message.as_ref().map(MessageId::as_str))
            .bind(&reaction.emoji)
            .bind(ms(reaction.at))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The signs in a conversation: the network's id of the message, ours, and the sign.
    pub async fn reactions(
        &mut self,
        conversation: &ConversationId,
        limit: i64,
    ) -> Result<Vec<(String, Option<MessageId>, String)>, Error> {
        const SQL: &str = "SELECT outside_id, message_id, emoji FROM reactions
            WHERE shop_id = $1 AND conversation_id = $2 AND emoji <> '' ORDER BY at DESC, outside_id LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<(String, Option<String>, String)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(conversation.as_str())
            .bind(limit)
            .fetch_all(conn)
            .await?);
        Ok(rows.into_iter().map(|(outside, ours, emoji)| (outside, ours.map(MessageId::new), emoji)).collect())
    }
}
