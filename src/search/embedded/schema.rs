//! The index's own tables, made where they do not exist: they can be rebuilt from the catalogue at any time.

use crate::search::Error;
use crate::search::Kind;
use sqlx::SqlitePool;

/// `version` moves with every write; `rev` and `vector_rev` are the version a row was last written at, and `epoch` the one from
/// which on `search_gone` no longer tells which rows went away. `generation` moves with the embedder: a vector `made` in
/// another one is none.
const TABLES: [&str; 6] = [
    "CREATE TABLE IF NOT EXISTS search_shops (
        shop_id TEXT PRIMARY KEY,
        words INTEGER,
        stamp TEXT,
        generation INTEGER NOT NULL DEFAULT 1,
        dims INTEGER,
        version INTEGER NOT NULL DEFAULT 0,
        epoch INTEGER NOT NULL DEFAULT 0
    )",
    "CREATE TABLE IF NOT EXISTS search_docs (
        doc_row INTEGER PRIMARY KEY,
        shop_id TEXT NOT NULL,
        kind INTEGER NOT NULL,
        doc_id TEXT NOT NULL,
        rev INTEGER NOT NULL,
        price_min INTEGER NOT NULL,
        price_max INTEGER NOT NULL,
        in_stock INTEGER NOT NULL,
        pairs BLOB NOT NULL,
        words BLOB NOT NULL,
        words_hash INTEGER NOT NULL,
        text_hash INTEGER NOT NULL,
        made INTEGER NOT NULL DEFAULT 0,
        vector_rev INTEGER NOT NULL DEFAULT 0,
        vector BLOB,
        UNIQUE (shop_id, kind, doc_id)
    )",
    "CREATE INDEX IF NOT EXISTS search_docs_by_rev ON search_docs (shop_id, rev)",
    "CREATE INDEX IF NOT EXISTS search_docs_by_vector_rev ON search_docs (shop_id, vector_rev)",
    "CREATE INDEX IF NOT EXISTS search_docs_by_made ON search_docs (shop_id, made, kind)",
    "CREATE TABLE IF NOT EXISTS search_gone (
        shop_id TEXT NOT NULL,
        rev INTEGER NOT NULL,
        doc_row INTEGER NOT NULL,
        PRIMARY KEY (shop_id, rev, doc_row)
    ) WITHOUT ROWID",
];

/// Tables of earlier versions, which kept words in FTS5. They go, and the shop is indexed anew.
const OLD: [&str; 3] =
    ["DROP TABLE IF EXISTS search_words", "DROP TABLE IF EXISTS search_docs", "DROP TABLE IF EXISTS search_shops"];

/// Makes the tables. Two processes may do so at once.
pub async fn create(writer: &SqlitePool) -> Result<(), Error> {
    const IS_OLD: &str = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'search_words'";
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    let (old,): (i64,) = sqlx::query_as(IS_OLD).fetch_one(&mut *tx).await?;
    if old > 0 {
        for table in OLD {
            sqlx::query(table).execute(&mut *tx).await?;
        }
    }
    for table in TABLES {
        sqlx::query(table).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// How a kind is stored.
pub fn code(kind: Kind) -> i64 {
    match kind {
        Kind::Product => 1,
        Kind::Passage => 2,
    }
}

/// What a stored kind is.
pub fn kind(code: i64) -> Result<Kind, Error> {
    match code {
        1 => Ok(Kind::Product),
        2 => Ok(Kind::Passage),
        other => Err(Error::Corrupt(format!("a document of kind {other}").into())),
    }
}
