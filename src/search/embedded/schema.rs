//! The index's own tables, made where they do not exist: they can be rebuilt from the catalogue at any time.

use crate::search::Error;
use crate::search::Kind;
use sha2::Digest;
use sqlx::SqlitePool;
use std::fmt::Write;

/// `version` moves with every write, `epoch` is the version at which rows last went away.
const TABLES: [&str; 4] = [
    "CREATE TABLE IF NOT EXISTS search_shops (
        shop_id TEXT PRIMARY KEY,
        stamp TEXT,
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
        attributes TEXT NOT NULL,
        vector BLOB,
        UNIQUE (shop_id, kind, doc_id)
    )",
    "CREATE INDEX IF NOT EXISTS search_docs_by_rev ON search_docs (shop_id, rev)",
    // Tokens are cut by our analyser; the ascii tokenizer leaves every letter outside ASCII whole, whatever its script.
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5 (
        scope, title, body, codes, content = '', contentless_delete = 1, columnsize = 1, tokenize = 'ascii'
    )",
];

/// Makes the tables. Two processes may do so at once.
pub async fn create(writer: &SqlitePool) -> Result<(), Error> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
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

/// The token that keeps one shop's words of one kind apart: hashed, because shop ids are any text.
pub fn scope(shop: &str, kind: Kind) -> String {
    let digest = sha2::Sha256::digest(shop.as_bytes());
    let mut token = format!("scope{}x", code(kind));
    for byte in digest.iter().take(16) {
        write!(token, "{byte:02x}").expect("text takes any write");
    }
    token
}
