//! Messages, numbered per conversation.

use crate::domain::id::{ConversationId, MessageId};
use crate::domain::message::{Author, Body, Message};
use crate::store::{Error, Tx, at, from_json, ms, on_engine, to_json};
use jiff::Timestamp;

type Row = (String, String, i64, String, String, Option<String>, i64);

impl Tx {
    /// Adds a message at the end of its conversation and answers it with its number.
    pub async fn append(&mut self, mut message: Message) -> Result<Message, Error> {
        const NUMBER: &str = "UPDATE conversations SET last_seq = last_seq + 1, changed_at = $3
            WHERE shop_id = $1 AND id = $2 RETURNING last_seq";
        const INSERT: &str =
            "INSERT INTO messages (shop_id, id, conversation_id, seq, author, body, external_id, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let shop = self.shop.to_string();
        let now = ms(message.at);
        let (seq,): (i64,) = on_engine!(self, |conn| sqlx::query_as(NUMBER)
            .bind(&shop)
            .bind(message.conversation.as_str())
            .bind(now)
            .fetch_one(conn)
            .await?);
        message.seq = seq;
        on_engine!(self, |conn| sqlx::query(INSERT)
            .bind(&shop)
            .bind(message.id.as_str())
            .bind(message.conversation.as_str())
            .bind(seq)
            .bind(to_json(&message.author))
            .bind(to_json(&message.body))
            .bind(message.external_id.as_deref())
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(message)
    }

    /// The messages after a number, oldest first.
    pub async fn messages_after(&mut self, c: &ConversationId, seq: i64, limit: i64) -> Result<Vec<Message>, Error> {
        const SQL: &str = "SELECT id, conversation_id, seq, author, body, external_id, created_at FROM messages
            WHERE shop_id = $1 AND conversation_id = $2 AND seq > $3 ORDER BY seq LIMIT $4";
        self.messages(SQL, c, seq, limit).await
    }

    /// The last messages up to a number, oldest first.
    pub async fn messages_until(&mut self, c: &ConversationId, seq: i64, limit: i64) -> Result<Vec<Message>, Error> {
        const SQL: &str = "SELECT id, conversation_id, seq, author, body, external_id, created_at FROM messages
            WHERE shop_id = $1 AND conversation_id = $2 AND seq <= $3 ORDER BY seq DESC LIMIT $4";
        let mut found = self.messages(SQL, c, seq, limit).await?;
        found.reverse();
        Ok(found)
    }

    /// One message.
    pub async fn message(&mut self, id: &MessageId) -> Result<Option<Message>, Error> {
        const SQL: &str = "SELECT id, conversation_id, seq, author, body, external_id, created_at FROM messages
            WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(message).transpose()
    }

    /// The message of a conversation that the network names so.
    pub async fn message_by_outside(&mut self, c: &ConversationId, outside: &str) -> Result<Option<Message>, Error> {
        const SQL: &str = "SELECT id, conversation_id, seq, author, body, external_id, created_at FROM messages
            WHERE shop_id = $1 AND external_id = $2 AND conversation_id = $3 ORDER BY seq LIMIT 1";
        let shop = self.shop.to_string();
        let row: Option<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(outside)
            .bind(c.as_str())
            .fetch_optional(conn)
            .await?);
        row.map(message).transpose()
    }

    /// Puts other words in a message's place.
    pub async fn rewrite(&mut self, id: &MessageId, body: &Body) -> Result<(), Error> {
        const SQL: &str = "UPDATE messages SET body = $3 WHERE shop_id = $1 AND id = $2";
        let (shop, body) = (self.shop.to_string(), to_json(body));
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(body)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Takes a message out that nobody answered yet; its number stays empty.
    pub async fn take_back(&mut self, id: &MessageId) -> Result<(), Error> {
        const SQL: &str = "DELETE FROM messages WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL).bind(shop).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// Marks a message as handed to its channel. Answers false when it already was.
    pub async fn mark_sent(&mut self, id: &MessageId, outside: Option<&str>, now: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "UPDATE messages SET sent_at = $3, external_id = COALESCE($4, external_id)
            WHERE shop_id = $1 AND id = $2 AND sent_at IS NULL";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(ms(now))
            .bind(outside)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }

    /// Whether a message was handed to its channel.
    pub async fn was_sent(&mut self, id: &MessageId) -> Result<bool, Error> {
        const SQL: &str = "SELECT id FROM messages WHERE shop_id = $1 AND id = $2 AND sent_at IS NOT NULL";
        let shop = self.shop.to_string();
        let row: Option<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        Ok(row.is_some())
    }

    async fn messages(
        &mut self,
        sql: &'static str,
        c: &ConversationId,
        seq: i64,
        limit: i64,
    ) -> Result<Vec<Message>, Error> {
        let shop = self.shop.to_string();
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(sql)
            .bind(shop)
            .bind(c.as_str())
            .bind(seq)
            .bind(limit)
            .fetch_all(conn)
            .await?);
        rows.into_iter().map(message).collect()
    }
}

fn message((id, conversation, seq, author, body, external_id, created): Row) -> Result<Message, Error> {
    let what = format!("message {id}");
    Ok(Message {
        conversation: ConversationId::new(conversation),
        seq,
        author: from_json::<Author>(&author, &what)?,
        body: from_json::<Body>(&body, &what)?,
        at: at(created, &what)?,
        external_id,
        id: MessageId::new(id),
    })
}
