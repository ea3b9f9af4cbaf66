//! Shops.

use crate::domain::id::ShopId;
use crate::domain::shop::Shop;
use crate::store::{Error, Store, Tx, from_json, on_engine, to_json};

impl Store {
    /// Every shop in this database, by id.
    pub async fn shops(&self) -> Result<Vec<Shop>, Error> {
        const SQL: &str = "SELECT shop_id, body FROM shops ORDER BY shop_id";
        let mut tx = self.read(&ShopId::new("")).await?;
        let rows: Vec<(String, String)> = on_engine!(tx, |conn| sqlx::query_as(SQL).fetch_all(conn).await?);
        rows.iter().map(|(id, body)| from_json(body, &format!("shop {id}"))).collect()
    }
}

impl Tx {
    /// Adds this transaction's shop or replaces what is known of it.
    pub async fn save_shop(&mut self, shop: &Shop) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO shops (shop_id, body) VALUES ($1, $2)
            ON CONFLICT (shop_id) DO UPDATE SET body = excluded.body";
        let (id, body) = (self.shop.to_string(), to_json(shop));
        on_engine!(self, |conn| sqlx::query(SQL).bind(id).bind(body).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// This transaction's shop.
    pub async fn shop(&mut self) -> Result<Option<Shop>, Error> {
        const SQL: &str = "SELECT body FROM shops WHERE shop_id = $1";
        let id = self.shop.to_string();
        let row: Option<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(&id).fetch_optional(conn).await?);
        row.map(|(body,)| from_json(&body, &format!("shop {id}"))).transpose()
    }

    /// The next order number's figure; each is given once.
    pub async fn next_order_number(&mut self) -> Result<i64, Error> {
        const SQL: &str = "UPDATE shops SET next_order = next_order + 1 WHERE shop_id = $1 RETURNING next_order - 1";
        let id = self.shop.to_string();
        let row: (i64,) = on_engine!(self, |conn| sqlx::query_as(SQL).bind(id).fetch_one(conn).await?);
        Ok(row.0)
    }
}
