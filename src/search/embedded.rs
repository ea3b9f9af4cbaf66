//! The index inside the SQLite file of the shop: rows of words and vectors, searched in memory, nothing else to run.

mod cache;
mod held;
mod schema;
mod words;
mod write;

use crate::cores;
use crate::domain::id::ShopId;
use crate::search::{Doc, Error, Filter, HITS_MAX, Hit, Index, Kind, Lack, Made, Stamp};
use cache::Cache;
use sqlx::Connection;
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::sqlite::SqliteJournalMode;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::sqlite::SqliteSynchronous;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Connections that read at once.
const READERS: u32 = 4;

/// How long a connection waits for another process's write.
const BUSY: Duration = Duration::from_secs(10);

/// How long a task waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(15);

/// Search inside one SQLite file, which may be the file of the whole store. Several processes may use it.
pub struct Embedded {
    writer: SqlitePool,
    readers: SqlitePool,
    cache: Cache,
}

impl Embedded {
    /// Opens the file, and makes it and the index's tables where they do not exist.
    pub async fn open(path: &Path) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What a power cut may take of the index is rebuilt from the catalogue.
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY);
        // Exactly one writer: more only queue for SQLite's lock, unfairly.
        let writer = pool(1).connect_with(options.clone()).await?;
        schema::create(&writer).await?;
        let readers = pool(READERS).connect_with(options.pragma("query_only", "1")).await?;
        Ok(Self { writer, readers, cache: Cache::new(cache::BYTES_MAX) })
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        // After a full disk the driver may have lost count of its transactions; such a connection is not used again.
        .after_release(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
}

#[async_trait::async_trait]
impl Index for Embedded {
    fn name(&self) -> String {
        "embedded (SQLite)".to_owned()
    }

    async fn upsert(&self, shop: &ShopId, docs: Vec<Doc>) -> Result<u64, Error> {
        let (mut docs, mut lacking) = (docs.into_iter(), 0);
        let mut next = || docs.by_ref().take(write::BATCH).collect::<Vec<Doc>>();
        let mut rows = analysed(next()).await?;
        // While one batch is written, the words of the next are cut.
        while !rows.is_empty() {
            let (put, ahead) = tokio::join!(write::put(&self.writer, shop.as_str(), &rows), analysed(next()));
            (lacking, rows) = (lacking + put?, ahead?);
        }
        Ok(lacking)
    }

    async fn set_vectors(&self, shop: &ShopId, stamp: &str, made: Vec<Made>) -> Result<u64, Error> {
        let mut taken = 0;
        for batch in made.chunks(write::BATCH) {
            taken += write::set_vectors(&self.writer, shop.as_str(), stamp, batch).await?;
        }
        Ok(taken)
    }

    async fn lacking(&self, shop: &ShopId, limit: usize) -> Result<Vec<Lack>, Error> {
        const SQL: &str = "SELECT kind, doc_id, text_hash FROM search_docs WHERE shop_id = $1
            AND made < (SELECT generation FROM search_shops WHERE shop_id = $1) LIMIT $2";
        let rows: Vec<(i64, String, i64)> = sqlx::query_as(SQL)
            .bind(shop.as_str())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(|(kind, id, text)| Ok(Lack { kind: schema::kind(kind)?, id, text })).collect()
    }

    async fn count_lacking(&self, shop: &ShopId, kind: Kind) -> Result<u64, Error> {
        const SQL: &str = "SELECT COUNT(*) FROM search_docs WHERE shop_id = $1 AND kind = $2
            AND made < (SELECT generation FROM search_shops WHERE shop_id = $1)";
        let (count,): (i64,) =
            sqlx::query_as(SQL).bind(shop.as_str()).bind(schema::code(kind)).fetch_one(&self.readers).await?;
        Ok(count.unsigned_abs())
    }

    async fn held(&self, shop: &ShopId, kind: Kind) -> Result<BTreeMap<String, i64>, Error> {
        const SQL: &str = "SELECT doc_id, text_hash FROM search_docs WHERE shop_id = $1 AND kind = $2";
        let rows: Vec<(String, i64)> =
            sqlx::query_as(SQL).bind(shop.as_str()).bind(schema::code(kind)).fetch_all(&self.readers).await?;
        Ok(rows.into_iter().collect())
    }

    async fn delete(&self, shop: &ShopId, kind: Kind, ids: &[String]) -> Result<(), Error> {
        for batch in ids.chunks(write::BATCH) {
            write::delete(&self.writer, shop.as_str(), kind, batch).await?;
        }
        Ok(())
    }

    async fn clear(&self, shop: &ShopId) -> Result<(), Error> {
        write::clear(&self.writer, shop.as_str()).await
    }

    async fn dense(&self, shop: &ShopId, vector: &[f32], filter: &Filter, limit: usize) -> Result<Vec<Hit>, Error> {
        let held = self.cache.current(&self.readers, shop.as_str()).await?;
        if held.dims == 0 {
            return Ok(Vec::new());
        }
        if held.dims != vector.len() {
            return Err(Error::Dimensions { found: vector.len(), expected: held.dims });
        }
        let (vector, filter, limit) = (vector.to_vec(), filter.clone(), limit.min(HITS_MAX));
        tokio::task::spawn_blocking(move || held.nearest(&vector, &filter, limit))
            .await
            .map_err(|error| Error::Unavailable(error.into()))
    }

    async fn lexical(
        &self,
        shop: &ShopId,
        tokens: &[String],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Hit>, Error> {
        let held = self.cache.current(&self.readers, shop.as_str()).await?;
        let (tokens, filter, limit) = (tokens.to_vec(), filter.clone(), limit.min(HITS_MAX));
        tokio::task::spawn_blocking(move || held.found(&tokens, &filter, limit))
            .await
            .map_err(|error| Error::Unavailable(error.into()))
    }

    async fn count(&self, shop: &ShopId, kind: Kind) -> Result<u64, Error> {
        let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM search_docs WHERE shop_id = $1 AND kind = $2")
            .bind(shop.as_str())
            .bind(schema::code(kind))
            .fetch_one(&self.readers)
            .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn stamp(&self, shop: &ShopId) -> Result<Option<Stamp>, Error> {
        const SQL: &str = "SELECT words, stamp FROM search_shops WHERE shop_id = $1";
        let row: Option<(Option<i64>, Option<String>)> =
            sqlx::query_as(SQL).bind(shop.as_str()).fetch_optional(&self.readers).await?;
        Ok(row.and_then(|(words, vectors)| Some(Stamp { words: words?, vectors: vectors? })))
    }

    async fn set_stamp(&self, shop: &ShopId, stamp: &Stamp) -> Result<(), Error> {
        write::stamp(&self.writer, shop.as_str(), stamp).await
    }
}

/// Cuts the words of a batch on as many cores as there are.
async fn analysed(batch: Vec<Doc>) -> Result<Vec<write::Row>, Error> {
    let cut = move || cores::in_parts(&batch, 1, |_, docs| docs.iter().map(write::row).collect::<Vec<_>>());
    let parts = tokio::task::spawn_blocking(cut).await.map_err(|error| Error::Unavailable(error.into()))?;
    Ok(parts.into_iter().flatten().collect())
}

/// SQLite's codes for a damaged file and for one that is no database.
const DAMAGED: [&str; 2] = ["11", "26"];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let damaged = match &error {
            sqlx::Error::Database(cause) => cause.code().is_some_and(|code| DAMAGED.contains(&code.as_ref())),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => true,
            _ => false,
        };
        if damaged { Self::Corrupt(error.into()) } else { Self::Unavailable(error.into()) }
    }
}

#[cfg(test)]
mod bench;
#[cfg(test)]
mod tests;
