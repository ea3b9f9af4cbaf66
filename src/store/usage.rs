//! The ledger of what models use, and its sums.

use crate::domain::id::{ContactId, ConversationId};
use crate::domain::money::Currency;
use crate::domain::usage::{Spent, Usage, Used};
use crate::store::{Error, Tx, ms, on_engine, unreadable};
use jiff::Timestamp;

/// Days of one plot or list.
const DAYS_MAX: i64 = 400;
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// What it is about, turns, read, cached, written, cost, currency.
type Row = (String, i64, i64, i64, i64, Option<i64>, String);

impl Tx {
    /// Writes down what an answer used; the same answer twice is an error.
    pub async fn book_usage(&mut self, usage: &Usage) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO usage (shop_id, turn_id, step, conversation_id, contact_id, endpoint, model,
                input, cached, output, cost_millionths, currency, used_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let shop = self.shop.to_string();
        let used = &usage.used;
        let currency = used.currency.map(|c| c.code().to_owned()).unwrap_or_default();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(usage.turn.as_str())
            .bind(usage.step)
            .bind(usage.conversation.as_str())
            .bind(usage.contact.as_str())
            .bind(&usage.endpoint)
            .bind(&usage.model)
            .bind(column(used.input))
            .bind(column(used.cached))
            .bind(column(used.output))
            .bind(used.cost.map(column))
            .bind(currency)
            .bind(ms(usage.at))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// What was used since a moment, by everybody or by one contact: one sum for each currency.
    pub async fn usage_since(&mut self, from: Timestamp, contact: Option<&ContactId>) -> Result<Vec<Spent>, Error> {
        const SQL: &str = "SELECT '', COUNT(DISTINCT turn_id), CAST(SUM(input) AS BIGINT), CAST(SUM(cached) AS BIGINT),
                CAST(SUM(output) AS BIGINT), CAST(SUM(cost_millionths) AS BIGINT), currency
            FROM usage WHERE shop_id = $1 AND used_at >= $2 AND ($3 = '' OR contact_id = $3)
            GROUP BY currency ORDER BY currency";
        let (shop, contact) = (self.shop.to_string(), contact.map_or("", ContactId::as_str));
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(ms(from))
            .bind(contact)
            .fetch_all(conn)
            .await?);
        rows.into_iter().map(|row| spent(row, |_| String::new())).collect()
    }

    /// What was used on each day since a moment, oldest first; days begin so many milliseconds before UTC's.
    pub async fn usage_by_day(&mut self, from: Timestamp, offset_ms: i64) -> Result<Vec<Spent>, Error> {
        const SQL: &str = "SELECT CAST((used_at + $3) / 86400000 AS TEXT), COUNT(DISTINCT turn_id),
                CAST(SUM(input) AS BIGINT), CAST(SUM(cached) AS BIGINT), CAST(SUM(output) AS BIGINT),
                CAST(SUM(cost_millionths) AS BIGINT), currency
            FROM usage WHERE shop_id = $1 AND used_at >= $2
            GROUP BY (used_at + $3) / 86400000, currency ORDER BY MIN((used_at + $3) / 86400000), currency LIMIT $4";
        let shop = self.shop.to_string();
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(ms(from))
            .bind(offset_ms)
            .bind(DAYS_MAX)
            .fetch_all(conn)
            .await?);
        let day = |text: &str| {
            let noon = text.parse::<i64>().ok().map(|day| day * DAY_MS + DAY_MS / 2);
            let at = noon.and_then(|at| Timestamp::from_millisecond(at).ok());
            at.map_or_else(String::new, |at| at.strftime("%Y-%m-%d").to_string())
        };
        rows.into_iter().map(|row| spent(row, day)).collect()
    }

    /// The conversations that used most since a moment.
    pub async fn usage_by_conversation(&mut self, from: Timestamp, limit: i64) -> Result<Vec<Spent>, Error> {
        const SQL: &str = "SELECT conversation_id, COUNT(DISTINCT turn_id), CAST(SUM(input) AS BIGINT),
                CAST(SUM(cached) AS BIGINT), CAST(SUM(output) AS BIGINT), CAST(SUM(cost_millionths) AS BIGINT), currency
            FROM usage WHERE shop_id = $1 AND used_at >= $2
            GROUP BY conversation_id, currency
            ORDER BY COALESCE(SUM(cost_millionths), 0) DESC, SUM(input + output) DESC, conversation_id LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(ms(from)).bind(limit).fetch_all(conn).await?);
        rows.into_iter().map(|row| spent(row, str::to_owned)).collect()
    }

    /// What a conversation used in all.
    pub async fn usage_of(&mut self, c: &ConversationId) -> Result<Vec<Spent>, Error> {
        const SQL: &str = "SELECT conversation_id, COUNT(DISTINCT turn_id), CAST(SUM(input) AS BIGINT),
                CAST(SUM(cached) AS BIGINT), CAST(SUM(output) AS BIGINT), CAST(SUM(cost_millionths) AS BIGINT), currency
            FROM usage WHERE shop_id = $1 AND conversation_id = $2 GROUP BY conversation_id, currency ORDER BY currency";
        let shop = self.shop.to_string();
        let rows: Vec<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(c.as_str()).fetch_all(conn).await?);
        rows.into_iter().map(|row| spent(row, str::to_owned)).collect()
    }
}

/// A count as a column holds it.
fn column(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn spent(row: Row, what: impl Fn(&str) -> String) -> Result<Spent, Error> {
    let (about, turns, input, cached, output, cost, currency) = row;
    let count = |column: i64| u64::try_from(column).unwrap_or_default();
    let currency = match currency.as_str() {
        "" => None,
        code => Some(Currency::parse(code).map_err(|_| unreadable("usage"))?),
    };
    let used = Used {
        input: count(input),
        cached: count(cached),
        output: count(output),
        cost: cost.map(count).filter(|_| currency.is_some()),
        currency,
    };
    Ok(Spent { what: what(&about), turns: count(turns), used })
}
