//! Products whose change the search index does not show yet.

use crate::domain::id::ProductId;
use crate::store::{Error, Inner, Tx, ms, on_engine, to_json};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A later change moves the mark, even one of the same moment: who indexed the earlier one must not take this one off.
macro_rules! mark_sql {
    ($insert:literal) => {
        concat!(
            $insert,
            " ON CONFLICT (shop_id, product_id) DO UPDATE SET marked_at = CASE
                WHEN excluded.marked_at > unindexed.marked_at THEN excluded.marked_at ELSE unindexed.marked_at + 1 END"
        )
    };
}

impl Tx {
    /// Puts a product on the list.
    pub async fn mark_unindexed(&mut self, product: &ProductId, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = mark_sql!("INSERT INTO unindexed (shop_id, product_id, marked_at) VALUES ($1, $2, $3)");
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

    /// Puts products on the list, however many, with one statement.
    pub async fn mark_unindexed_all_of(&mut self, products: &[ProductId], now: Timestamp) -> Result<(), Error> {
        // `WHERE true` keeps SQLite from reading ON CONFLICT as a join. One row a product, whatever the list repeats, and in
        // one order, so that two that mark the same products do not wait for each other.
        const SQL: &str = mark_sql!(
            "INSERT INTO unindexed (shop_id, product_id, marked_at)
            SELECT DISTINCT $1, value, $3 FROM json_each($2) WHERE true ORDER BY value"
        );
        const SQL_PG: &str = mark_sql!(
            "INSERT INTO unindexed (shop_id, product_id, marked_at)
            SELECT DISTINCT $1, value, CAST($3 AS bigint) FROM jsonb_array_elements_text(CAST($2 AS jsonb)) ORDER BY value"
        );
        let shop = self.shop.to_string();
        let sql = if matches!(self.inner, Inner::Sqlite(_)) { SQL } else { SQL_PG };
        on_engine!(self, |conn| sqlx::query(sql)
            .bind(shop)
            .bind(to_json(&products))
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Puts every product of the shop on the list.
    pub async fn mark_all_unindexed(&mut self, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = mark_sql!(
            "INSERT INTO unindexed (shop_id, product_id, marked_at)
            SELECT shop_id, id, CAST($2 AS bigint) FROM products WHERE shop_id = $1 AND retired_at IS NULL"
        );
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL).bind(shop).bind(ms(now)).execute(conn).await.map(|_| ()))?;
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

    /// How many products are on the list.
    pub async fn count_unindexed(&mut self) -> Result<i64, Error> {
        const SQL: &str = "SELECT COUNT(*) FROM unindexed WHERE shop_id = $1";
        let shop = self.shop.to_string();
        let (count,): (i64,) = on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).fetch_one(conn).await?);
        Ok(count)
    }

    /// Takes products off the list, except those that changed again after these marks.
    pub async fn clear_unindexed(&mut self, marked: &[(ProductId, i64)]) -> Result<(), Error> {
        const SQL: &str = "DELETE FROM unindexed WHERE shop_id = $1 AND marked_at = $2
            AND product_id IN (SELECT value FROM json_each($3))";
        const SQL_PG: &str = "DELETE FROM unindexed WHERE shop_id = $1 AND marked_at = $2
            AND product_id = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST($3 AS jsonb))))";
        let shop = self.shop.to_string();
        let sql = if matches!(self.inner, Inner::Sqlite(_)) { SQL } else { SQL_PG };
        // What is marked together has one mark, so these are few.
        let mut by_mark: BTreeMap<i64, Vec<&ProductId>> = BTreeMap::new();
        for (product, mark) in marked {
            by_mark.entry(*mark).or_default().push(product);
        }
        for (mark, products) in by_mark {
            on_engine!(self, |conn| sqlx::query(sql)
                .bind(&shop)
                .bind(mark)
                .bind(to_json(&products))
                .execute(conn)
                .await
                .map(|_| ()))?;
        }
        Ok(())
    }
}
