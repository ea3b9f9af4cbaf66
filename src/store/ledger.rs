//! The ledger's postings: only ever added.

use crate::domain::id::OrderId;
use crate::domain::ledger::{Account, Entry};
use crate::store::{Error, Tx, ms, on_engine};
use jiff::Timestamp;

impl Tx {
    /// Books money that moved, once per kind and outside id. Answers false when it was booked before.
    pub async fn book(&mut self, entry: &Entry, now: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "INSERT INTO postings
                (shop_id, kind, outside_id, account, order_id, amount_minor, currency, booked_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8), ($1, $2, $3, $9, $5, $10, $7, $8)
            ON CONFLICT (shop_id, kind, outside_id, account) DO NOTHING";
        let shop = self.shop.to_string();
        let [(from, taken), (to, given)] = entry.postings();
        let added = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(entry.kind.word())
            .bind(&entry.outside_id)
            .bind(from.word())
            .bind(entry.order.as_str())
            .bind(taken)
            .bind(entry.amount.currency.code())
            .bind(ms(now))
            .bind(to.word())
            .bind(given)
            .execute(conn)
            .await?
            .rows_affected());
        Ok(added > 0)
    }

    /// What an account holds for an order, in minor units.
    pub async fn balance(&mut self, order: &OrderId, account: Account) -> Result<i64, Error> {
        const SQL: &str = "SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM postings
            WHERE shop_id = $1 AND order_id = $2 AND account = $3";
        let shop = self.shop.to_string();
        let row: (i64,) = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(order.as_str())
            .bind(account.word())
            .fetch_one(conn)
            .await?);
        Ok(row.0)
    }

    /// What arrived for an order: the provider's session and minor units, oldest first.
    pub async fn captures_of(&mut self, order: &OrderId) -> Result<Vec<(String, i64)>, Error> {
        const SQL: &str = "SELECT outside_id, amount_minor FROM postings
            WHERE shop_id = $1 AND order_id = $2 AND kind = 'capture' AND account = 'provider'
            ORDER BY booked_at, outside_id";
        let shop = self.shop.to_string();
        Ok(on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(order.as_str()).fetch_all(conn).await?))
    }

    /// Every account of the shop by currency, in minor units. The amounts of one currency add up to nothing.
    pub async fn trial_balance(&mut self) -> Result<Vec<(String, String, i64)>, Error> {
        const SQL: &str = "SELECT currency, account, CAST(SUM(amount_minor) AS BIGINT) FROM postings
            WHERE shop_id = $1 GROUP BY currency, account ORDER BY currency, account";
        let shop = self.shop.to_string();
        Ok(on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).fetch_all(conn).await?))
    }
}
