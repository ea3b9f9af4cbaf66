//! What a receipt needs beside the order itself.

use crate::domain::id::OrderId;
use crate::store::{Error, Tx, on_engine};

impl Tx {
    /// Where an order's goods go (JSON of the payment page's address), once that is known.
    pub async fn ship_to(&mut self, order: &OrderId) -> Result<Option<String>, Error> {
        const SQL: &str = "SELECT ship_to FROM orders WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<(Option<String>,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(order.as_str()).fetch_optional(conn).await?);
        Ok(row.and_then(|(text,)| text))
    }
}
