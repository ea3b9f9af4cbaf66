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
}
