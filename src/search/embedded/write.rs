//! Writing: text is analysed and vectors are shrunk before the one writer is taken, so that it is held only briefly.

use crate::search::embedded::held;
use crate::search::embedded::schema;
use crate::search::embedded::words;
use crate::search::{Doc, Error, Kind, Made, Stamp, hash, pairs};
use sqlx::QueryBuilder;
use sqlx::Sqlite;
use sqlx::SqlitePool;
use sqlx::Transaction;

/// Documents of one transaction.
pub const BATCH: usize = 500;

/// Documents of one statement.
const AT_ONCE: usize = 100;

/// Rows that went away, remembered so that others need not read the whole shop anew.
const GONE_MAX: i64 = 20_000;

const BEGIN: &str = "BEGIN IMMEDIATE";

const BUMP: &str = "INSERT INTO search_shops (shop_id, version) VALUES ($1, 1)
    ON CONFLICT (shop_id) DO UPDATE SET version = version + 1 RETURNING version, generation, stamp, dims";

const PUT: &str = "INSERT INTO search_docs
        (shop_id, kind, doc_id, rev, price_min, price_max, in_stock, pairs, words, words_hash, text_hash) ";

const OR_REPLACE: &str =
    " ON CONFLICT (shop_id, kind, doc_id) DO UPDATE SET rev = excluded.rev, price_min = excluded.price_min,
        price_max = excluded.price_max, in_stock = excluded.in_stock, pairs = excluded.pairs, words = excluded.words,
        words_hash = excluded.words_hash, text_hash = excluded.text_hash,
        made = CASE WHEN search_docs.text_hash = excluded.text_hash THEN search_docs.made ELSE 0 END,
        vector = CASE WHEN search_docs.text_hash = excluded.text_hash THEN search_docs.vector END";

/// The plus keeps SQLite from walking all that lack a vector instead of those just written.
const STILL_LACKING: &str = "SELECT COUNT(*) FROM search_docs WHERE shop_id = $1 AND rev = $2 AND +made < $3";

/// Followed by rows of kind, id, text and vector.
const SET_VECTORS: &str = ", vector = new.column4 FROM (";

/// Followed by the shop.
const WHERE_SAME: &str = ") AS new WHERE search_docs.kind = new.column1 AND search_docs.doc_id = new.column2
    AND search_docs.text_hash = new.column3 AND search_docs.shop_id = ";

const REMEMBER_GONE: &str = "INSERT INTO search_gone (shop_id, rev, doc_row)
    SELECT shop_id, $4, doc_row FROM search_docs
    WHERE shop_id = $1 AND kind = $2 AND doc_id IN (SELECT value FROM json_each($3))";

const DELETE: &str = "DELETE FROM search_docs
    WHERE shop_id = $1 AND kind = $2 AND doc_id IN (SELECT value FROM json_each($3))";

/// A part at a time, so that nobody waits long for the writer.
const CLEAR: &str = "DELETE FROM search_docs WHERE doc_row IN
    (SELECT doc_row FROM search_docs WHERE shop_id = $1 LIMIT 5000)";

/// The row stays, so that other processes see the version move.
const FORGET: &str = "UPDATE search_shops SET words = NULL, stamp = NULL, dims = NULL, generation = generation + 1
    WHERE shop_id = $1";

const STAMP: &str = "UPDATE search_shops SET words = $2, dims = CASE WHEN stamp IS $3 THEN dims END,
        generation = generation + CASE WHEN stamp IS NULL OR stamp = $3 THEN 0 ELSE 1 END, stamp = $3
    WHERE shop_id = $1";

/// What a shop's row says when it is written to.
struct Now {
    version: i64,
    generation: i64,
    stamp: Option<String>,
    dims: Option<i64>,
}

/// A document as it is stored.
pub struct Row {
    kind: Kind,
    id: String,
    pairs: Vec<u8>,
    words: Vec<u8>,
    words_hash: i64,
    text_hash: i64,
    price_min: i64,
    price_max: i64,
    in_stock: bool,
}

/// Analyses a document.
pub fn row(doc: &Doc) -> Row {
    let words = words::pack(doc);
    let bytes = words.as_chunks::<8>();
    // Only whether the words are the same again is asked of it.
    let folded = bytes.0.iter().fold(0u64, |sum, chunk| sum.rotate_left(5) ^ u64::from_le_bytes(*chunk));
    let words_hash = bytes.1.iter().fold(folded, |sum, byte| sum.rotate_left(5) ^ u64::from(*byte));
    Row {
        kind: doc.kind,
        id: doc.id.clone(),
        pairs: pairs::of(doc).iter().flat_map(|pair| hash::of(pair).to_le_bytes()).collect(),
        words,
        words_hash: words_hash.cast_signed(),
        text_hash: doc.text,
        price_min: doc.price_min,
        price_max: doc.price_max,
        in_stock: doc.in_stock,
    }
}

/// Adds or replaces one batch in one transaction; answers how many of it lack a vector.
pub async fn put(writer: &SqlitePool, shop: &str, rows: &[Row]) -> Result<u64, Error> {
    let mut tx = writer.begin_with(BEGIN).await?;
    let now = bump(&mut tx, shop).await?;
    for some in rows.chunks(AT_ONCE) {
        let mut query = QueryBuilder::<Sqlite>::new(PUT);
        query.push_values(some, |mut values, row| {
            values
                .push_bind(shop)
                .push_bind(schema::code(row.kind))
                .push_bind(row.id.as_str())
                .push_bind(now.version)
                .push_bind(row.price_min)
                .push_bind(row.price_max)
                .push_bind(i64::from(row.in_stock))
                .push_bind(row.pairs.as_slice())
                .push_bind(row.words.as_slice())
                .push_bind(row.words_hash)
                .push_bind(row.text_hash);
        });
        query.push(OR_REPLACE).build().execute(&mut *tx).await?;
    }
    let (lacking,): (i64,) =
        sqlx::query_as(STILL_LACKING).bind(shop).bind(now.version).bind(now.generation).fetch_one(&mut *tx).await?;
    tx.commit().await?;
    Ok(lacking.unsigned_abs())
}

/// Gives one batch of documents their vectors, in one transaction; answers how many were taken.
pub async fn set_vectors(writer: &SqlitePool, shop: &str, stamp: &str, made: &[Made]) -> Result<u64, Error> {
    let shrunk: Vec<(&Made, Option<Vec<u8>>)> = made
        .iter()
        .map(|made| (made, held::shrink(&made.vector).map(|v| v.iter().map(|x| x.cast_unsigned()).collect())))
        .collect();
    let mut tx = writer.begin_with(BEGIN).await?;
    let now = bump(&mut tx, shop).await?;
    if now.stamp.as_deref() != Some(stamp) {
        return Ok(0);
    }
    settle_dims(&mut tx, shop, made, now.dims).await?;
    let mut taken = 0;
    for some in shrunk.chunks(AT_ONCE) {
        let mut query = QueryBuilder::<Sqlite>::new("UPDATE search_docs SET made = ");
        query.push_bind(now.generation).push(", vector_rev = ").push_bind(now.version).push(SET_VECTORS);
        query.push_values(some, |mut values, (made, vector)| {
            values
                .push_bind(schema::code(made.of.kind))
                .push_bind(made.of.id.as_str())
                .push_bind(made.of.text)
                .push_bind(vector.as_deref());
        });
        query.push(WHERE_SAME).push_bind(shop);
        taken += query.build().execute(&mut *tx).await?.rows_affected();
    }
    tx.commit().await?;
    Ok(taken)
}

/// Removes documents by id.
pub async fn delete(writer: &SqlitePool, shop: &str, kind: Kind, ids: &[String]) -> Result<(), Error> {
    let list = serde_json::to_string(ids).map_err(|error| Error::Corrupt(error.into()))?;
    let mut tx = writer.begin_with(BEGIN).await?;
    let now = bump(&mut tx, shop).await?;
    sqlx::query(REMEMBER_GONE)
        .bind(shop)
        .bind(schema::code(kind))
        .bind(&list)
        .bind(now.version)
        .execute(&mut *tx)
        .await?;
    let done = sqlx::query(DELETE).bind(shop).bind(schema::code(kind)).bind(&list).execute(&mut *tx).await?;
    if done.rows_affected() == 0 {
        // Ids nobody knew are no news to anybody.
        return Ok(());
    }
    let (gone,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM search_gone WHERE shop_id = $1").bind(shop).fetch_one(&mut *tx).await?;
    if gone > GONE_MAX {
        move_epoch(&mut tx, shop, now.version).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Removes everything of a shop, its stamp and the length of its vectors too.
pub async fn clear(writer: &SqlitePool, shop: &str) -> Result<(), Error> {
    loop {
        let mut tx = writer.begin_with(BEGIN).await?;
        let now = bump(&mut tx, shop).await?;
        sqlx::query(FORGET).bind(shop).execute(&mut *tx).await?;
        let gone = sqlx::query(CLEAR).bind(shop).execute(&mut *tx).await?.rows_affected();
        move_epoch(&mut tx, shop, now.version).await?;
        tx.commit().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}

/// Remembers what words and vectors are made with; vectors of another embedder are of an earlier generation from now on.
pub async fn stamp(writer: &SqlitePool, shop: &str, stamp: &Stamp) -> Result<(), Error> {
    let mut tx = writer.begin_with(BEGIN).await?;
    bump(&mut tx, shop).await?;
    sqlx::query(STAMP).bind(shop).bind(stamp.words).bind(&stamp.vectors).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}

async fn bump(tx: &mut Transaction<'_, Sqlite>, shop: &str) -> Result<Now, Error> {
    let (version, generation, stamp, dims) = sqlx::query_as(BUMP).bind(shop).fetch_one(&mut **tx).await?;
    Ok(Now { version, generation, stamp, dims })
}

/// From this version on nobody can tell any more what went away before.
async fn move_epoch(tx: &mut Transaction<'_, Sqlite>, shop: &str, version: i64) -> Result<(), Error> {
    const MOVE: &str = "UPDATE search_shops SET epoch = $2 WHERE shop_id = $1";
    sqlx::query(MOVE).bind(shop).bind(version).execute(&mut **tx).await?;
    sqlx::query("DELETE FROM search_gone WHERE shop_id = $1").bind(shop).execute(&mut **tx).await?;
    Ok(())
}

/// The first vector of a shop settles the length of all.
async fn settle_dims(
    tx: &mut Transaction<'_, Sqlite>,
    shop: &str,
    made: &[Made],
    dims: Option<i64>,
) -> Result<(), Error> {
    let Some(first) = made.first().map(|made| made.vector.len()) else { return Ok(()) };
    let expected = dims.and_then(|dims| usize::try_from(dims).ok()).unwrap_or(first);
    if let Some(found) = made.iter().map(|made| made.vector.len()).find(|found| *found != expected) {
        return Err(Error::Dimensions { found, expected });
    }
    if dims.is_none() {
        let first = i64::try_from(first).expect("a vector in memory is shorter than i64::MAX");
        sqlx::query("UPDATE search_shops SET dims = $2 WHERE shop_id = $1")
            .bind(shop)
            .bind(first)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}
