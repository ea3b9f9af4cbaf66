//! Products whose change the search index does not show yet.

use crate::domain::id::ProductId;
use crate::store::{Error, Tx, ms, on_engine};
use jiff::Timestamp;

impl Tx {
    /// Puts a product on the list; a later change of one that is on it moves its mark.
    pub async fn mark_unindexed(&mut self, product: &ProductId, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO unindexed (shop_id, product_id, marked_at) VALUES ($1, $2, $3)
            ON CONFLICT (shop_id, product_id) DO UPDATE SET marked_at = excluded.marked_at";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(product.as_str())
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The first products on the list, with their marks.
    pub async fn unindexed(&mut self, most: i64) -> Result<Vec<(ProductId, i64)>, Error> {
        const SQL: &str =
            "SELECT product_id, marked_at FROM unindexed WHERE shop_id = $1 ORDER BY marked_at, product_id LIMIT $2";
        let shop = self.shop.to_string();
        let rows: Vec<(String, i64)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(most).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(id, mark)| (ProductId::new(id), mark)).collect())
    }

    /// Takes a product off the list, unless it changed again after this mark.
    pub async fn clear_unindexed(&mut self, product: &ProductId, mark: i64) -> Result<(), Error> {
        const SQL: &str = "DELETE FROM unindexed WHERE shop_id = $1 AND product_id = $2 AND marked_at = $3";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(product.as_str())
            .bind(mark)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
