//! What came in from outside before, so that a repeat changes nothing.

use crate::store::{Error, Tx, ms, on_engine};
use jiff::Timestamp;

impl Tx {
    /// Whether this is the first time an outside id is seen; it counts as seen once this transaction commits.
    pub async fn first_sight(&mut self, source: &str, outside_id: &str, now: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "INSERT INTO seen (shop_id, source, outside_id, seen_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (shop_id, source, outside_id) DO NOTHING";
        let shop = self.shop.to_string();
        let added = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(source)
            .bind(outside_id)
            .bind(ms(now))
            .execute(conn)
            .await?
            .rows_affected());
        Ok(added == 1)
    }

    /// Forgets what one source told before a moment, the oldest first and not more than a few; answers how many.
    pub async fn forget_seen(&mut self, source: &str, before: Timestamp, most: i64) -> Result<u64, Error> {
        const SQL: &str = "DELETE FROM seen WHERE shop_id = $1 AND source = $2 AND outside_id IN (
            SELECT outside_id FROM seen WHERE shop_id = $1 AND source = $2 AND seen_at < $3 ORDER BY seen_at LIMIT $4)";
        let shop = self.shop.to_string();
        Ok(on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(source)
            .bind(ms(before))
            .bind(most)
            .execute(conn)
            .await?
            .rows_affected()))
    }

    /// Whether a source told anything before a moment that is still remembered.
    pub async fn has_old_seen(&mut self, source: &str, before: Timestamp) -> Result<bool, Error> {
        const SQL: &str =
            "SELECT outside_id FROM seen WHERE shop_id = $1 AND source = $2 AND seen_at < $3 ORDER BY seen_at LIMIT 1";
        let shop = self.shop.to_string();
        let row: Option<(String,)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(source)
            .bind(ms(before))
            .fetch_optional(conn)
            .await?);
        Ok(row.is_some())
    }
}
