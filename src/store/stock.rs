//! Stock set aside: taken off the shelf in one guarded step, sold or put back exactly once.

use crate::domain::id::{OrderId, VariantId};
use crate::domain::reservation::{Holder, ReservationEvent};
use crate::store::{Error, Tx, ms, on_engine};
use jiff::Timestamp;

impl Tx {
    /// Takes pieces off the shelf. Answers false, and takes nothing, when there are not enough. The rows are locked in
    /// the order of the calls: callers sort by variant, so that two of them never wait for each other.
    pub async fn hold_stock(
        &mut self,
        holder: &Holder,
        order: &OrderId,
        variant: &VariantId,
        quantity: u32,
        until: Timestamp,
    ) -> Result<bool, Error> {
        const TAKE: &str =
            "UPDATE variants SET stock = stock - $3 WHERE shop_id = $1 AND id = $2 AND (stock IS NULL OR stock >= $3)";
        // Goods that were held and given up before may be held once more under the same name.
        const NOTE: &str =
            "INSERT INTO reservations (shop_id, holder, order_id, variant_id, quantity, state, hold_until)
            VALUES ($1, $2, $3, $4, $5, 'held', $6)
            ON CONFLICT (shop_id, holder, variant_id)
            DO UPDATE SET state = 'held', quantity = excluded.quantity, hold_until = excluded.hold_until
            WHERE reservations.state = 'released'";
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
        let noted = on_engine!(self, |conn| sqlx::query(NOTE)
            .bind(&shop)
            .bind(holder.word())
            .bind(order.as_str())
            .bind(variant.as_str())
            .bind(quantity)
            .bind(ms(until))
            .execute(conn)
            .await?
            .rows_affected());
        if noted == 0 {
            return Err(Error::Conflict { what: format!("the stock of {variant} for {}", holder.word()) });
        }
        Ok(true)
    }

    /// Puts what a holder still holds back on the shelf; answers which variants.
    pub async fn release_stock(&mut self, holder: &Holder) -> Result<Vec<VariantId>, Error> {
        let held = self.end_holds(holder, ReservationEvent::Release).await?;
        for (variant, quantity) in &held {
            self.put_back(variant, *quantity).await?;
        }
        Ok(held.into_iter().map(|(variant, _)| VariantId::new(variant)).collect())
    }

    /// Marks what a holder holds as sold.
    pub async fn sell_stock(&mut self, holder: &Holder) -> Result<(), Error> {
        self.end_holds(holder, ReservationEvent::Sell).await.map(|_| ())
    }

    /// Puts sold pieces back on the shelf, once per holder and variant.
    pub async fn restock(
        &mut self,
        holder: &Holder,
        order: &OrderId,
        variant: &VariantId,
        quantity: u32,
    ) -> Result<bool, Error> {
        const NOTE: &str =
            "INSERT INTO reservations (shop_id, holder, order_id, variant_id, quantity, state, hold_until)
            VALUES ($1, $2, $3, $4, $5, 'returned', 0)
            ON CONFLICT (shop_id, holder, variant_id) DO NOTHING";
        let (shop, quantity) = (self.shop.to_string(), i64::from(quantity));
        let noted = on_engine!(self, |conn| sqlx::query(NOTE)
            .bind(shop)
            .bind(holder.word())
            .bind(order.as_str())
            .bind(variant.as_str())
            .bind(quantity)
            .execute(conn)
            .await?
            .rows_affected());
        if noted == 1 {
            self.put_back(variant.as_str(), quantity).await?;
        }
        Ok(noted == 1)
    }

    /// Orders that hold goods past the moment until which they were held.
    pub async fn overdue_holds(&mut self, now: Timestamp, limit: i64) -> Result<Vec<OrderId>, Error> {
        const SQL: &str = "SELECT DISTINCT order_id FROM reservations
            WHERE shop_id = $1 AND state = 'held' AND hold_until < $2 ORDER BY order_id LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(ms(now)).bind(limit).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(id,)| OrderId::new(id)).collect())
    }

    /// Pieces of every variant by where they are: `held`, `sold`, `released`, `returned`. For checks over the shop.
    pub async fn reserved(&mut self) -> Result<Vec<(VariantId, String, i64)>, Error> {
        const SQL: &str = "SELECT variant_id, state, CAST(SUM(quantity) AS BIGINT) FROM reservations
            WHERE shop_id = $1 GROUP BY variant_id, state ORDER BY variant_id, state";
        let shop = self.shop.to_string();
        let rows: Vec<(String, String, i64)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(variant, state, sum)| (VariantId::new(variant), state, sum)).collect())
    }

    async fn put_back(&mut self, variant: &str, quantity: i64) -> Result<(), Error> {
        const BACK: &str = "UPDATE variants SET stock = stock + $3 WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(BACK)
            .bind(shop)
            .bind(variant)
            .bind(quantity)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    // Only rows still held change, so that a repeat finds none.
    async fn end_holds(&mut self, holder: &Holder, event: ReservationEvent) -> Result<Vec<(String, i64)>, Error> {
        const SQL: &str = "UPDATE reservations SET state = $3 WHERE shop_id = $1 AND holder = $2 AND state = 'held'
            RETURNING variant_id, quantity";
        let shop = self.shop.to_string();
        let mut ended: Vec<(String, i64)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(holder.word())
            .bind(event.target().word())
            .fetch_all(conn)
            .await?);
        ended.sort();
        Ok(ended)
    }
}
