//! Addresses from which feeds and texts are fetched again and again.

use crate::domain::id::{ShopId, SourceId};
use crate::store::{Error, Store, Tx, at, ms, on_engine};
use jiff::Timestamp;

/// A feed or a site that is fetched by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// Its address.
    pub url: String,
    /// `products` or `texts`.
    pub kind: String,
    /// How often it is asked.
    pub every_minutes: i64,
    /// When it is asked next.
    pub next_at: Timestamp,
    /// When it was last asked with success.
    pub fetched_at: Option<Timestamp>,
    /// When it last brought something new.
    pub changed_at: Option<Timestamp>,
    /// The server's tag of what came last.
    pub etag: Option<String>,
    /// The server's date of what came last.
    pub last_modified: Option<String>,
    /// Failures in a row.
    pub failures: i64,
    /// Why the last try failed.
    pub problem: Option<String>,
}

type Row =
    (String, String, String, i64, i64, Option<i64>, Option<i64>, Option<String>, Option<String>, i64, Option<String>);

impl Tx {
    /// Adds a source or changes how often one of the same address is asked; answers its id.
    pub async fn save_source(&mut self, source: &Source) -> Result<SourceId, Error> {
        const SQL: &str = "INSERT INTO sources (shop_id, id, url, kind, every_minutes, next_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (shop_id, url) DO UPDATE SET kind = excluded.kind, every_minutes = excluded.every_minutes,
                next_at = excluded.next_at
            RETURNING id";
        let shop = self.shop.to_string();
        let row: (String,) = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(source.id.as_str())
            .bind(&source.url)
            .bind(&source.kind)
            .bind(source.every_minutes)
            .bind(ms(source.next_at))
            .fetch_one(conn)
            .await?);
        Ok(SourceId::new(row.0))
    }

    /// Every source, by address.
    pub async fn sources(&mut self) -> Result<Vec<Source>, Error> {
        const SQL: &str = "SELECT id, url, kind, every_minutes, next_at, fetched_at, changed_at, etag, last_modified,
            failures, problem FROM sources WHERE shop_id = $1 ORDER BY url";
        let shop = self.shop.to_string();
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).fetch_all(conn).await?);
        rows.into_iter().map(source).collect()
    }

    /// One source.
    pub async fn source(&mut self, id: &SourceId) -> Result<Option<Source>, Error> {
        const SQL: &str = "SELECT id, url, kind, every_minutes, next_at, fetched_at, changed_at, etag, last_modified,
            failures, problem FROM sources WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(source).transpose()
    }

    /// Writes down how a try went; address, kind and pace stay as somebody may have changed them meanwhile. Answers false
    /// when the source is gone.
    pub async fn note_fetch(&mut self, source: &Source) -> Result<bool, Error> {
        const SQL: &str = "UPDATE sources SET next_at = $3, fetched_at = $4, changed_at = $5, etag = $6,
            last_modified = $7, failures = $8, problem = $9 WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(source.id.as_str())
            .bind(ms(source.next_at))
            .bind(source.fetched_at.map(ms))
            .bind(source.changed_at.map(ms))
            .bind(source.etag.as_deref())
            .bind(source.last_modified.as_deref())
            .bind(source.failures)
            .bind(source.problem.as_deref())
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }

    /// Takes a source away; what came from it stays.
    pub async fn remove_source(&mut self, id: &SourceId) -> Result<bool, Error> {
        const SQL: &str = "DELETE FROM sources WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let gone =
            on_engine!(self, |conn| sqlx::query(SQL).bind(shop).bind(id.as_str()).execute(conn).await?.rows_affected());
        Ok(gone == 1)
    }

    /// Puts the next try off while one is under way, so that it is asked for once. Answers false when it is not due.
    pub async fn claim_source(&mut self, id: &SourceId, now: Timestamp, until: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "UPDATE sources SET next_at = $4 WHERE shop_id = $1 AND id = $2 AND next_at <= $3";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(ms(now))
            .bind(ms(until))
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }
}

impl Store {
    /// Sources of any shop that are to be asked by now.
    pub async fn due_sources(&self, now: Timestamp, most: i64) -> Result<Vec<(ShopId, SourceId)>, Error> {
        const SQL: &str = "SELECT shop_id, id FROM sources WHERE next_at <= $1 ORDER BY next_at LIMIT $2";
        let mut tx = self.read(&ShopId::new("")).await?;
        let rows: Vec<(String, String)> =
            on_engine!(tx, |conn| sqlx::query_as(SQL).bind(ms(now)).bind(most).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(shop, id)| (ShopId::new(shop), SourceId::new(id))).collect())
    }
}

fn source(row: Row) -> Result<Source, Error> {
    let (id, url, kind, every_minutes, next, fetched, changed, etag, last_modified, failures, problem) = row;
    let what = format!("source {id}");
    Ok(Source {
        next_at: at(next, &what)?,
        fetched_at: fetched.map(|ms| at(ms, &what)).transpose()?,
        changed_at: changed.map(|ms| at(ms, &what)).transpose()?,
        id: SourceId::new(id),
        url,
        kind,
        every_minutes,
        etag,
        last_modified,
        failures,
        problem,
    })
}
