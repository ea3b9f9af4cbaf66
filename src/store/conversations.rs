//! Conversations: who answers, and what earlier turns left behind.

use crate::domain::conversation::{Conversation, HandOff, Memory, With};
use crate::domain::id::{ContactId, ConversationId};
use crate::store::{Error, Tx, from_json, ms, on_engine, to_json, unreadable};
use jiff::Timestamp;

type Row = (String, String, String, String, String, Option<String>, String, i64, i64);

/// A conversation as a list shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The conversation.
    pub conversation: Conversation,
    /// The contact's name, if known.
    pub name: Option<String>,
    /// When anything last happened.
    pub changed_at: Timestamp,
}

impl Tx {
    /// The conversation with this id.
    pub async fn conversation(&mut self, id: &ConversationId) -> Result<Option<Conversation>, Error> {
        const SQL: &str = "SELECT id, contact_id, channel, alias, with_whom, hand_off, memory, last_seq, answered_seq
            FROM conversations WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(conversation).transpose()
    }

    /// The conversation of an alias on a channel.
    pub async fn conversation_of(&mut self, channel: &str, alias: &str) -> Result<Option<Conversation>, Error> {
        const SQL: &str = "SELECT id, contact_id, channel, alias, with_whom, hand_off, memory, last_seq, answered_seq
            FROM conversations WHERE shop_id = $1 AND channel = $2 AND alias = $3";
        let shop = self.shop.to_string();
        let row: Option<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(channel)
            .bind(alias)
            .fetch_optional(conn)
            .await?);
        row.map(conversation).transpose()
    }

    /// Adds a conversation.
    pub async fn insert_conversation(&mut self, c: &Conversation, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO conversations (shop_id, id, contact_id, channel, alias, with_whom, memory,
                last_seq, answered_seq, created_at, changed_at)
            VALUES ($1, $2, $3, $4, $5, 'agent', $6, 0, 0, $7, $7)";
        let (shop, memory) = (self.shop.to_string(), to_json(&c.memory));
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(c.id.as_str())
            .bind(c.contact.as_str())
            .bind(&c.channel)
            .bind(&c.alias)
            .bind(memory)
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Gives the conversation to a colleague or back to the agent.
    pub async fn set_with(&mut self, id: &ConversationId, with: &With, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = "UPDATE conversations SET with_whom = $3, hand_off = $4, changed_at = $5
            WHERE shop_id = $1 AND id = $2";
        let hand_off = match with {
            With::Agent => None,
            With::Colleague { hand_off } => Some(to_json(hand_off)),
        };
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(with.word())
            .bind(hand_off)
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Remembers what a turn leaves behind, and up to which message the shopper was answered.
    pub async fn set_answered(&mut self, id: &ConversationId, upto: i64, memory: &Memory) -> Result<(), Error> {
        const SQL: &str = "UPDATE conversations SET memory = $3,
                answered_seq = CASE WHEN answered_seq < $4 THEN $4 ELSE answered_seq END
            WHERE shop_id = $1 AND id = $2";
        let (shop, memory) = (self.shop.to_string(), to_json(memory));
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(memory)
            .bind(upto)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Forgets what earlier turns left behind, in every conversation of a contact.
    pub async fn forget_talks(&mut self, contact: &ContactId) -> Result<(), Error> {
        const SQL: &str = "UPDATE conversations SET memory = $3 WHERE shop_id = $1 AND contact_id = $2";
        let (shop, memory) = (self.shop.to_string(), to_json(&Memory::default()));
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(contact.as_str())
            .bind(memory)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The newest conversations, all of them or only those with a colleague.
    pub async fn list_conversations(&mut self, waiting_only: bool, limit: i64) -> Result<Vec<Listed>, Error> {
        const SQL: &str =
            "SELECT v.id, v.contact_id, v.channel, v.alias, v.with_whom, v.hand_off, v.memory, v.last_seq,
                v.answered_seq, c.name, v.changed_at
            FROM conversations v JOIN contacts c ON c.shop_id = v.shop_id AND c.id = v.contact_id
            WHERE v.shop_id = $1 AND ($2 = 0 OR v.with_whom = 'colleague') AND v.last_seq > 0
            ORDER BY v.changed_at DESC, v.id LIMIT $3";
        type Wide = (String, String, String, String, String, Option<String>, String, i64, i64, Option<String>, i64);
        let shop = self.shop.to_string();
        let rows: Vec<Wide> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(i64::from(waiting_only))
            .bind(limit)
            .fetch_all(conn)
            .await?);
        rows.into_iter()
            .map(|(id, contact, channel, alias, with, hand_off, memory, last, answered, name, changed)| {
                let changed_at = crate::store::at(changed, &id)?;
                let row = (id, contact, channel, alias, with, hand_off, memory, last, answered);
                Ok(Listed { conversation: conversation(row)?, name, changed_at })
            })
            .collect()
    }
}

fn conversation(row: Row) -> Result<Conversation, Error> {
    let (id, contact, channel, alias, with, hand_off, memory, last_seq, answered_seq) = row;
    let what = format!("conversation {id}");
    let with = match (with.as_str(), hand_off) {
        ("agent", _) => With::Agent,
        ("colleague", Some(text)) => With::Colleague { hand_off: from_json::<HandOff>(&text, &what)? },
        _ => return Err(unreadable(&what)),
    };
    Ok(Conversation {
        id: ConversationId::new(id),
        contact: ContactId::new(contact),
        channel,
        alias,
        with,
        memory: from_json::<Memory>(&memory, &what)?,
        last_seq,
        answered_seq,
    })
}
