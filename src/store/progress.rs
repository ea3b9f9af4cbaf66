//! How far work has come that goes through long lists.

use crate::store::{Error, Tx, from_json, on_engine, to_json};
use serde::Serialize;
use serde::de::DeserializeOwned;

impl Tx {
    /// How far it has come; what a newer version cannot read begins anew.
    pub async fn progress<T: DeserializeOwned + Default>(&mut self, name: &str) -> Result<T, Error> {
        const SQL: &str = "SELECT body FROM progress WHERE shop_id = $1 AND name = $2";
        let shop = self.shop.to_string();
        let row: Option<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(name).fetch_optional(conn).await?);
        Ok(row.and_then(|(body,)| from_json(&body, name).ok()).unwrap_or_default())
    }

    /// Writes down how far it has come.
    pub async fn set_progress<T: Serialize>(&mut self, name: &str, progress: &T) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO progress (shop_id, name, body) VALUES ($1, $2, $3)
            ON CONFLICT (shop_id, name) DO UPDATE SET body = excluded.body";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(name)
            .bind(to_json(progress))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
