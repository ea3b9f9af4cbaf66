//! What was taken in when, and the report of it.

use crate::domain::id::RunId;
use crate::store::{Error, Tx, at, ms, on_engine};
use jiff::Timestamp;

/// One taking-in of a feed or of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// `products` or `texts`.
    pub kind: String,
    /// The file's name or the address.
    pub source: String,
    /// When.
    pub at: Timestamp,
    /// The report, as JSON.
    pub report: String,
}

type Row = (String, String, String, i64, String);

impl Tx {
    /// Keeps the report of a run.
    pub async fn keep_run(&mut self, run: &Run) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO runs (shop_id, id, kind, source, at, report) VALUES ($1, $2, $3, $4, $5, $6)";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(run.id.as_str())
            .bind(&run.kind)
            .bind(&run.source)
            .bind(ms(run.at))
            .bind(&run.report)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The latest runs, the newest first.
    pub async fn runs(&mut self, most: i64) -> Result<Vec<Run>, Error> {
        const SQL: &str =
            "SELECT id, kind, source, at, report FROM runs WHERE shop_id = $1 ORDER BY at DESC, id DESC LIMIT $2";
        let shop = self.shop.to_string();
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(most).fetch_all(conn).await?);
        rows.into_iter().map(run).collect()
    }

    /// Forgets all but the latest runs.
    pub async fn forget_runs(&mut self, keep: i64) -> Result<u64, Error> {
        const SQL: &str = "DELETE FROM runs WHERE shop_id = $1 AND id NOT IN (
            SELECT r.id FROM runs r WHERE r.shop_id = $1 ORDER BY r.at DESC, r.id DESC LIMIT $2)";
        let shop = self.shop.to_string();
        Ok(on_engine!(self, |conn| sqlx::query(SQL).bind(shop).bind(keep).execute(conn).await?.rows_affected()))
    }

    /// One run.
    pub async fn run(&mut self, id: &RunId) -> Result<Option<Run>, Error> {
        const SQL: &str = "SELECT id, kind, source, at, report FROM runs WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(run).transpose()
    }
}

fn run((id, kind, source, when, report): Row) -> Result<Run, Error> {
    Ok(Run { at: at(when, "run")?, id: RunId::new(id), kind, source, report })
}
