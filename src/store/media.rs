//! Files that came with messages.

use crate::domain::enclosed::MediaKind;
use crate::domain::id::{ConversationId, MediaId, MessageId};
use crate::store::{Error, Tx, ms, on_engine, to_json};
use jiff::Timestamp;

/// A file that is to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Ours.
    pub id: MediaId,
    /// Where it was sent.
    pub conversation: ConversationId,
    /// With which message.
    pub message: MessageId,
    /// The account it can be fetched through.
    pub account: String,
    /// The network's id of it.
    pub outside_id: String,
    /// Where it lies, if that was told; for minutes only.
    pub url: Option<String>,
    /// What kind.
    pub what: MediaKind,
    /// Its type as the network tells.
    pub mime: String,
    /// The sender's name of it.
    pub name: Option<String>,
    /// Its hash as the network tells.
    pub sha256: Option<String>,
}

impl Tx {
    /// Writes down that a file is to be fetched.
    pub async fn want_media(&mut self, media: &Wanted, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO media (shop_id, id, conversation_id, message_id, account, outside_id, url, what,
                mime, name, sha256, state, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'wanted', $12)";
        let shop = self.shop.to_string();
        let what = to_json(&media.what).trim_matches('"').to_owned();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(media.id.as_str())
            .bind(media.conversation.as_str())
            .bind(media.message.as_str())
            .bind(&media.account)
            .bind(&media.outside_id)
            .bind(media.url.as_deref())
            .bind(what)
            .bind(&media.mime)
            .bind(media.name.as_deref())
            .bind(media.sha256.as_deref())
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The files of a message, and what became of each.
    pub async fn media_of(&mut self, message: &MessageId) -> Result<Vec<(MediaId, String)>, Error> {
        const SQL: &str = "SELECT id, state FROM media WHERE shop_id = $1 AND message_id = $2 ORDER BY id";
        let shop = self.shop.to_string();
        let rows: Vec<(String, String)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(message.as_str()).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(id, state)| (MediaId::new(id), state)).collect())
    }

    /// The message was taken back: its files are not fetched any more.
    pub async fn refuse_media_of(&mut self, message: &MessageId, problem: &str) -> Result<(), Error> {
        const SQL: &str = "UPDATE media SET state = 'refused', problem = $3
            WHERE shop_id = $1 AND message_id = $2 AND state = 'wanted'";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(message.as_str())
            .bind(problem)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
