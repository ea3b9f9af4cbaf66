//! What a network told that is no message: kept as it came, for people who look for a reason.

use crate::store::{Error, Tx, at, ms, on_engine};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Bytes of one event that are kept.
const RAW_BYTES_MAX: usize = 64 * 1024;

/// Something a network told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelEvent {
    /// The account it was told to.
    pub account: String,
    /// The network's word for the kind of change.
    pub field: String,
    /// What it is.
    pub kind: String,
    /// It as it came, cut if it is very long.
    pub raw: String,
    /// When it came in.
    pub at: Timestamp,
}

impl Tx {
    /// Keeps an event. Answers false when the very same was kept before.
    pub async fn keep_channel_event(&mut self, event: &ChannelEvent) -> Result<bool, Error> {
        const SQL: &str = "INSERT INTO channel_events (shop_id, id, account, field, kind, raw, received_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (shop_id, id) DO NOTHING";
        let mut hash = Sha256::new();
        for part in [&event.account, &event.field, &event.kind, &event.raw] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let id: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        // PostgreSQL takes no NUL in a text.
        let end = event.raw.floor_char_boundary(RAW_BYTES_MAX);
        let raw = event.raw.get(..end).unwrap_or_default().replace('\0', "");
        let shop = self.shop.to_string();
        let added = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id)
            .bind(&event.account)
            .bind(&event.field)
            .bind(&event.kind)
            .bind(raw)
            .bind(ms(event.at))
            .execute(conn)
            .await?
            .rows_affected());
        Ok(added == 1)
    }

    /// The newest events, newest first.
    pub async fn channel_events(&mut self, limit: i64) -> Result<Vec<ChannelEvent>, Error> {
        const SQL: &str = "SELECT account, field, kind, raw, received_at FROM channel_events WHERE shop_id = $1
            ORDER BY received_at DESC, id LIMIT $2";
        let shop = self.shop.to_string();
        let rows: Vec<(String, String, String, String, i64)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(limit).fetch_all(conn).await?);
        rows.into_iter()
            .map(|(account, field, kind, raw, received)| {
                Ok(ChannelEvent { account, field, kind, raw, at: at(received, "a channel event")? })
            })
            .collect()
    }
}
