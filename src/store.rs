//! The store: all SQL and only SQL. One text for SQLite and PostgreSQL; every query names the shop.

pub mod amendments;
pub mod audit;
pub mod carts;
pub mod catalog;
pub mod channel_events;
pub mod checkouts;
pub mod consents;
pub mod contacts;
pub mod conversations;
pub mod disputes;
pub mod early_news;
pub mod findings;
pub mod jobs;
pub mod ledger;
pub mod media;
pub mod merge;
pub mod message_costs;
pub mod messages;
mod migrate;
pub mod orders;
pub mod passages;
pub mod payment_events;
pub mod progress;
pub mod proposals;
pub mod reactions;
pub mod refunds;
pub mod runs;
pub mod sales;
pub mod seen;
pub mod sends;
pub mod shops;
pub mod sources;
pub mod stock;
pub mod switch;
pub mod templates;
pub mod texts;
pub mod turns;
pub mod unindexed;
pub mod usage;
pub mod versions;
pub mod windows;

use crate::domain::id::ShopId;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Postgres, Sqlite, Transaction};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Connections that read from SQLite at the same time.
const SQLITE_READERS: u32 = 4;
/// How long a writer waits for another process's transaction.
const SQLITE_BUSY: Duration = Duration::from_secs(10);
/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;

/// A database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Engine,
    keeps: bool,
}

#[derive(Clone, Debug)]
enum Engine {
    // SQLite has one writer; a second writing connection would only wait for the first, unfairly.
    Sqlite { write: SqlitePool, read: SqlitePool, file: PathBuf },
    Postgres(PgPool),
}

/// A transaction of one shop. Dropped without `commit`, it leaves nothing behind.
#[derive(Debug)]
pub struct Tx {
    shop: ShopId,
    inner: Inner,
    keeps: bool,
}

#[derive(Debug)]
enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Expands the body once per engine: the text of the SQL is one, the types of the connection are two.
macro_rules! on_engine {
    ($tx:expr, |$conn:ident| $body:expr) => {
        match &mut $tx.inner {
            $crate::store::Inner::Sqlite(inner) => {
                let $conn = &mut **inner;
                $body
            }
            $crate::store::Inner::Postgres(inner) => {
                let $conn = &mut **inner;
                $body
            }
        }
    };
}
pub(crate) use on_engine;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not reachable, locked for too long, broken.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// No space left.
    #[error("the disk is full: free some space in the data folder; nothing was lost")]
    Full(#[source] sqlx::Error),
    /// A row that our own code could not have written.
    #[error("the database holds something unreadable in {what}")]
    Inconsistent {
        /// Which table and row.
        what: String,
    },
    /// Somebody else changed the row in between; read again.
    #[error("{what} was changed by somebody else at the same time")]
    Conflict {
        /// Which row.
        what: String,
    },
    /// The schema could not be brought up to date.
    #[error("the database could not be brought up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The address is of no known kind.
    #[error("\"{0}\" is no database address; leave it empty for SQLite or write postgres://…")]
    Address(String),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        // 13 is SQLITE_FULL, 53100 is PostgreSQL's disk_full.
        let full = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .is_some_and(|c| c == "13" || c == "53100");
        if full { Self::Full(error) } else { Self::Unavailable(error) }
    }
}

impl Error {
    /// Whether somebody else was at the same rows at the same moment: the same again may well succeed.
    pub fn is_race(&self) -> bool {
        match self {
            Self::Conflict { .. } => true,
            // PostgreSQL ends one of two that wait for each other.
            Self::Unavailable(error) => error.as_database_error().is_some_and(|e| {
                e.is_unique_violation()
                    || e.is_foreign_key_violation()
                    || e.code().is_some_and(|code| code == "40P01" || code == "40001")
            }),
            _ => false,
        }
    }
}

/// Where the rows are kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `postgres://…`; empty means SQLite in the data folder.
    #[serde(skip_serializing)]
    pub url: secrecy::SecretString,
}

impl Store {
    /// Opens or creates a SQLite file and brings its schema up to date.
    pub async fn sqlite(file: &Path) -> Result<Self, Error> {
        Self::sqlite_with(file, SqliteSynchronous::Full).await
    }

    /// A SQLite file whose last commits may be lost with the machine's power: for tests and evaluations.
    pub async fn sqlite_fast(file: &Path) -> Result<Self, Error> {
        Self::sqlite_with(file, SqliteSynchronous::Off).await
    }

    async fn sqlite_with(file: &Path, synchronous: SqliteSynchronous) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .busy_timeout(SQLITE_BUSY)
            .foreign_keys(true);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            // A full disk makes SQLite end the transaction by itself, and the driver loses count: such a connection
            // would refuse every further transaction, so it is closed and the next one is new.
            .after_release(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone())
            .await?;
        migrate::sqlite().run(&write).await.map_err(Error::Migrate)?;
        let read = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .connect_with(options.pragma("query_only", "1"))
            .await?;
        Ok(Self { engine: Engine::Sqlite { write, read, file: file.to_owned() }, keeps: true })
    }

    /// Connects to PostgreSQL and brings its schema up to date.
    pub async fn postgres(url: &str) -> Result<Self, Error> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(Error::Address(url.chars().take(12).collect()));
        }
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(Duration::from_secs(10))
            .connect(url)
            .await?;
        migrate::postgres().run(&pool).await.map_err(Error::Migrate)?;
        Ok(Self { engine: Engine::Postgres(pool), keeps: true })
    }

    /// The same rows, and nothing lasts: what its transactions would commit is undone.
    pub fn rehearsal(&self) -> Self {
        Self { engine: self.engine.clone(), keeps: false }
    }

    /// Whether writers wait for each other, so that it pays to commit together.
    pub fn has_one_writer(&self) -> bool {
        matches!(self.engine, Engine::Sqlite { .. })
    }

    /// As shown to operators.
    pub fn name(&self) -> String {
        match &self.engine {
            Engine::Sqlite { file, .. } => format!("SQLite, {}", file.display()),
            Engine::Postgres(_) => "PostgreSQL".to_owned(),
        }
    }

    /// Starts a transaction that may write.
    pub async fn begin(&self, shop: &ShopId) -> Result<Tx, Error> {
        let inner = match &self.engine {
            Engine::Sqlite { write, .. } => Inner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Engine::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx { shop: shop.clone(), inner, keeps: self.keeps })
    }

    /// Starts a transaction that only reads, and waits for no writer.
    pub async fn read(&self, shop: &ShopId) -> Result<Tx, Error> {
        let inner = match &self.engine {
            Engine::Sqlite { read, .. } => Inner::Sqlite(read.begin().await?),
            Engine::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx { shop: shop.clone(), inner, keeps: self.keeps })
    }

    /// Closes every connection; what was committed stays.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }

    /// A transaction of no particular shop, for what spans shops: claiming jobs, listing shops.
    async fn begin_all(&self) -> Result<Tx, Error> {
        self.begin(&ShopId::new("")).await
    }
}

impl Tx {
    /// Makes everything of this transaction last; in a rehearsal, undoes it.
    pub async fn commit(self) -> Result<(), Error> {
        match (self.inner, self.keeps) {
            (Inner::Sqlite(inner), true) => inner.commit().await?,
            (Inner::Postgres(inner), true) => inner.commit().await?,
            (Inner::Sqlite(inner), false) => inner.rollback().await?,
            (Inner::Postgres(inner), false) => inner.rollback().await?,
        }
        Ok(())
    }

    /// The shop whose rows are seen.
    pub fn shop_id(&self) -> &ShopId {
        &self.shop
    }
}

/// A moment as a column.
fn ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A column as a moment.
fn at(ms: i64, what: &str) -> Result<Timestamp, Error> {
    Timestamp::from_millisecond(ms).map_err(|_| unreadable(what))
}

fn unreadable(what: &str) -> Error {
    Error::Inconsistent { what: what.to_owned() }
}

/// A value as JSON text for a column.
fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own values have text keys")
}

/// JSON text of a column as a value.
fn from_json<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| unreadable(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_disk_is_named_and_passes() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::sqlite_fast(&folder.path().join("souk.db")).await.unwrap();
        let shop = ShopId::new("s");
        if let Engine::Sqlite { write, .. } = &store.engine {
            // SQLite treats this limit like a disk without room, for this connection only.
            let mut connection = write.acquire().await.unwrap();
            sqlx::query("PRAGMA max_page_count = 10").execute(&mut *connection).await.unwrap();
        }
        let mut tx = store.begin(&shop).await.unwrap();
        let long = "x".repeat(1_000_000);
        let full = tx.first_sight("test", &long, Timestamp::UNIX_EPOCH).await;
        assert!(matches!(full, Err(Error::Full(_))), "{full:?}");
        drop(tx);
        let mut tx = store.begin(&shop).await.expect("the store works again as soon as there is room");
        assert!(tx.first_sight("test", "short", Timestamp::UNIX_EPOCH).await.unwrap());
        tx.commit().await.unwrap();
    }
}
