//! Stock held for orders: taken off the shelf in one guarded step, put back or sold exactly once.

use crate::domain::id::{OrderId, VariantId};
use crate::store::{Error, Tx, on_engine};

impl Tx {
    /// Takes pieces off the shelf for an order. Answers false, and takes nothing, when there are not enough.
    pub async fn hold_stock(&mut self, order: &OrderId, variant: &VariantId, quantity: u32) -> Result<bool, Error> {
        const TAKE: &str =
            "UPDATE variants SET stock = stock - $3 WHERE shop_id = $1 AND id = $2 AND (stock IS NULL OR stock >= $3)";
        const NOTE: &str =
            "INSERT INTO reservations (shop_id, holder, order_id, variant_id, quantity, state, hold_until)
            VALUES ($1, $2, $2, $3, $4, 'held', 0)";
        let (shop, quantity) = (self.shop.to_string(), i64::from(quantity));
        let taken = on_engine!(self, |conn| sqlx::query(TAKE)
            .bind(&shop)
            .bind(variant.as_str())
            .bind(quantity)
            .execute(conn)
            .await?
            .rows_affected());
        if taken == 0 {
            return Ok(false);
        }
        on_engine!(self, |conn| sqlx::query(NOTE)
            .bind(&shop)
            .bind(order.as_str())
            .bind(variant.as_str())
            .bind(quantity)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(true)
    }

    /// Puts what an order still holds back on the shelf; answers which variants.
    pub async fn release_stock(&mut self, order: &OrderId) -> Result<Vec<VariantId>, Error> {
        const BACK: &str = "UPDATE variants SET stock = stock + $3 WHERE shop_id = $1 AND id = $2";
        let held = self.end_holds(order, "released").await?;
        let shop = self.shop.to_string();
        for (variant, quantity) in &held {
            on_engine!(self, |conn| sqlx::query(BACK)
                .bind(&shop)
                .bind(variant)
                .bind(quantity)
                .execute(conn)
                .await
                .map(|_| ()))?;
        }
        Ok(held.into_iter().map(|(variant, _)| VariantId::new(variant)).collect())
    }

    /// Marks what an order holds as sold.
    pub async fn sell_stock(&mut self, order: &OrderId) -> Result<(), Error> {
        self.end_holds(order, "sold").await.map(|_| ())
    }

    // Only rows still held change, so that a repeat finds none.
    async fn end_holds(&mut self, order: &OrderId, to: &'static str) -> Result<Vec<(String, i64)>, Error> {
        const SQL: &str = "UPDATE reservations SET state = $3 WHERE shop_id = $1 AND order_id = $2 AND state = 'held'
            RETURNING variant_id, quantity";
        let shop = self.shop.to_string();
        Ok(on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(order.as_str())
            .bind(to)
            .fetch_all(conn)
            .await?))
    }
}
