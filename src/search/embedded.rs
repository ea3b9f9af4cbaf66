//! The index inside the SQLite file of the shop: words in FTS5, vectors in memory, nothing else to run.

mod cache;
mod schema;
mod vectors;
mod words;
mod write;

use crate::domain::id::ShopId;
use crate::search::Doc;
use crate::search::Error;
use crate::search::Filter;
use crate::search::HITS_MAX;
use crate::search::Hit;
use crate::search::Index;
use crate::search::Kind;
use cache::Cache;
use sqlx::Connection;
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::sqlite::SqliteJournalMode;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::sqlite::SqliteSynchronous;
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

    async fn upsert(&self, shop: &ShopId, docs: Vec<Doc>) -> Result<(), Error> {
        let mut docs = docs.into_iter();
        loop {
            let batch: Vec<Doc> = docs.by_ref().take(write::BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            let rows = tokio::task::spawn_blocking(move || batch.iter().map(write::row).collect::<Vec<_>>());
            let rows = rows.await.map_err(|error| Error::Unavailable(error.into()))?;
            write::put(&self.writer, shop.as_str(), &rows).await?;
        }
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
        words::find(&self.readers, shop.as_str(), tokens, filter, limit.min(HITS_MAX)).await
    }

    async fn count(&self, shop: &ShopId, kind: Kind) -> Result<u64, Error> {
        let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM search_docs WHERE shop_id = $1 AND kind = $2")
            .bind(shop.as_str())
            .bind(schema::code(kind))
            .fetch_one(&self.readers)
            .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn stamp(&self, shop: &ShopId) -> Result<Option<String>, Error> {
        let row: Option<(Option<String>,)> = sqlx::query_as("SELECT stamp FROM search_shops WHERE shop_id = $1")
            .bind(shop.as_str())
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.and_then(|(stamp,)| stamp))
    }

    async fn set_stamp(&self, shop: &ShopId, stamp: &str) -> Result<(), Error> {
        const SET: &str = "INSERT INTO search_shops (shop_id, stamp) VALUES ($1, $2)
            ON CONFLICT (shop_id) DO UPDATE SET stamp = excluded.stamp";
        sqlx::query(SET).bind(shop.as_str()).bind(stamp).execute(&self.writer).await?;
        Ok(())
    }
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
