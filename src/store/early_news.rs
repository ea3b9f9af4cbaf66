//! News of messages that are not known yet: a network may tell of one before it has answered that it took it.

use crate::domain::send::{Became, News};
use crate::store::{Error, Tx, from_json, ms, on_engine, to_json};
use jiff::{SignedDuration, Timestamp};

/// How long early news is kept: longer than a network goes on telling it.
const ORPHANS_KEPT: SignedDuration = SignedDuration::from_hours(8 * 24);

impl Tx {
    /// Keeps news of a message that is not known yet. What is too old to be of use is thrown away on the way.
    pub async fn keep_orphan(&mut self, account: &str, news: &News, now: Timestamp) -> Result<(), Error> {
        const TIDY: &str = "DELETE FROM news_orphans WHERE shop_id = $1 AND kept_at < $2";
        const SQL: &str = "INSERT INTO news_orphans (shop_id, account, outside_id, what, body, kept_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (shop_id, account, outside_id, what) DO NOTHING";
        let shop = self.shop.to_string();
        let before = now.checked_sub(ORPHANS_KEPT).unwrap_or(Timestamp::MIN);
        on_engine!(self, |conn| sqlx::query(TIDY).bind(&shop).bind(ms(before)).execute(conn).await.map(|_| ()))?;
        let what = match &news.what {
            Became::Sent => "sent",
            Became::Delivered => "delivered",
            Became::Read => "read",
            Became::Failed => "failed",
            Became::Other(_) => "other",
        };
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(&shop)
            .bind(account)
            .bind(&news.outside_id)
            .bind(what)
            .bind(to_json(news))
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Takes the news that came before a message was known.
    pub async fn take_orphans(&mut self, account: &str, outside: &str) -> Result<Vec<News>, Error> {
        const SQL: &str =
            "DELETE FROM news_orphans WHERE shop_id = $1 AND account = $2 AND outside_id = $3 RETURNING body";
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(account).bind(outside).fetch_all(conn).await?);
        rows.iter().map(|(body,)| from_json(body, "news_orphans")).collect()
    }
}
