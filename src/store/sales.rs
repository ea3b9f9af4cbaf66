//! Reductions for a time, and the prices that follow from them.

use crate::domain::id::{ShopId, VariantId};
use crate::domain::sale::Sale;
use crate::store::{Error, Store, Tx, at, from_json, ms, on_engine};
use jiff::Timestamp;

impl Tx {
    /// Reductions whose price turns at this moment or should have before, the earliest first.
    pub async fn due_sales(&mut self, now: Timestamp, most: i64) -> Result<Vec<(VariantId, Sale)>, Error> {
        const SQL: &str = "SELECT variant_id, body FROM sales WHERE shop_id = $1 AND next_turn <= $2
            ORDER BY next_turn, variant_id LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<(String, String)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(ms(now)).bind(most).fetch_all(conn).await?);
        rows.into_iter()
            .map(|(id, body)| Ok((VariantId::new(&*id), from_json(&body, &format!("the sale of {id}"))?)))
            .collect()
    }

    /// Gives a variant the price its reduction says for a moment, and remembers when it turns next.
    pub async fn turn_price(&mut self, variant: &VariantId, sale: &Sale, now: Timestamp) -> Result<bool, Error> {
        const PRICE: &str = "UPDATE variants SET price_minor = $3, compare_at_minor = $4
            WHERE shop_id = $1 AND id = $2 AND (price_minor <> $3 OR COALESCE(compare_at_minor, -1) <> COALESCE($4, -1))";
        const MARK: &str = "INSERT INTO unindexed (shop_id, product_id, marked_at)
            SELECT shop_id, product_id, $3 FROM variants WHERE shop_id = $1 AND id = $2
            ON CONFLICT (shop_id, product_id) DO UPDATE SET marked_at = CASE
                WHEN excluded.marked_at > unindexed.marked_at THEN excluded.marked_at ELSE unindexed.marked_at + 1 END";
        const NEXT: &str = "UPDATE sales SET next_turn = $3 WHERE shop_id = $1 AND variant_id = $2";
        let shop = self.shop.to_string();
        let (price, before) = sale.at(now);
        let turned = on_engine!(self, |conn| sqlx::query(PRICE)
            .bind(&shop)
            .bind(variant.as_str())
            .bind(price.minor)
            .bind(before.map(|m| m.minor))
            .execute(conn)
            .await?
            .rows_affected());
        if turned > 0 {
            on_engine!(self, |conn| sqlx::query(MARK)
                .bind(&shop)
                .bind(variant.as_str())
                .bind(ms(now))
                .execute(conn)
                .await
                .map(|_| ()))?;
        }
        on_engine!(self, |conn| sqlx::query(NEXT)
            .bind(&shop)
            .bind(variant.as_str())
            .bind(sale.next_turn(now).map(ms))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(turned > 0)
    }

    /// The next moment at which a price of the shop turns.
    pub async fn next_turn(&mut self) -> Result<Option<Timestamp>, Error> {
        const SQL: &str = "SELECT MIN(next_turn) FROM sales WHERE shop_id = $1";
        let shop = self.shop.to_string();
        let row: (Option<i64>,) = on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).fetch_one(conn).await?);
        row.0.map(|turn| at(turn, "sales")).transpose()
    }
}

impl Store {
    /// Shops in which a price should have turned by now.
    pub async fn shops_with_due_sales(&self, now: Timestamp) -> Result<Vec<ShopId>, Error> {
        const SQL: &str = "SELECT DISTINCT shop_id FROM sales WHERE next_turn <= $1";
        let mut tx = self.read(&ShopId::new("")).await?;
        let rows: Vec<(String,)> = on_engine!(tx, |conn| sqlx::query_as(SQL).bind(ms(now)).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(shop,)| ShopId::new(shop)).collect())
    }
}
