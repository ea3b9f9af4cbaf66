//! Writing: text is analysed and vectors are shrunk before the one writer is taken, so that it is held only briefly.

use crate::search::Doc;
use crate::search::Error;
use crate::search::Kind;
use crate::search::analyse;
use crate::search::embedded::schema;
use crate::search::embedded::vectors;
use crate::search::pairs;
use sqlx::Sqlite;
use sqlx::SqlitePool;
use sqlx::Transaction;

/// Documents of one transaction.
pub const BATCH: usize = 500;

const BEGIN: &str = "BEGIN IMMEDIATE";

const BUMP: &str = "INSERT INTO search_shops (shop_id, version) VALUES ($1, 1)
    ON CONFLICT (shop_id) DO UPDATE SET version = version + 1 RETURNING version, dims";

const PUT_DOC: &str = "INSERT INTO search_docs
        (shop_id, kind, doc_id, rev, price_min, price_max, in_stock, attributes, vector)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (shop_id, kind, doc_id) DO UPDATE SET rev = excluded.rev, price_min = excluded.price_min,
        price_max = excluded.price_max, in_stock = excluded.in_stock, attributes = excluded.attributes,
        vector = excluded.vector
    RETURNING doc_row";

const PUT_WORDS: &str =
    "INSERT OR REPLACE INTO search_words (rowid, scope, title, body, codes) VALUES ($1, $2, $3, $4, $5)";

const DELETE_WORDS: &str = "DELETE FROM search_words WHERE rowid IN (SELECT doc_row FROM search_docs
    WHERE shop_id = $1 AND kind = $2 AND doc_id IN (SELECT value FROM json_each($3)))";

const DELETE_DOCS: &str = "DELETE FROM search_docs
    WHERE shop_id = $1 AND kind = $2 AND doc_id IN (SELECT value FROM json_each($3))";

const CLEAR_WORDS: &str =
    "DELETE FROM search_words WHERE rowid IN (SELECT doc_row FROM search_docs WHERE shop_id = $1)";

const CLEAR_DOCS: &str = "DELETE FROM search_docs WHERE shop_id = $1";

/// The row stays, so that other processes see the version move.
const FORGET_SHOP: &str = "UPDATE search_shops SET stamp = NULL, dims = NULL WHERE shop_id = $1";

/// A document as it is stored.
pub struct Row {
    kind: Kind,
    id: String,
    title: String,
    body: String,
    codes: String,
    attributes: String,
    vector: Option<Vec<u8>>,
    price_min: i64,
    price_max: i64,
    in_stock: bool,
}

/// Analyses a document.
pub fn row(doc: &Doc) -> Row {
    let codes: Vec<String> = doc.codes.iter().flat_map(|code| analyse::code_keys(code)).collect();
    Row {
        kind: doc.kind,
        id: doc.id.clone(),
        title: analyse::document(&doc.title).join(" "),
        body: analyse::document(&doc.body).join(" "),
        codes: codes.join(" "),
        attributes: pairs::of(doc).iter().fold("|".to_owned(), |text, pair| text + pair + "|"),
        vector: doc.vector.as_deref().and_then(vectors::shrink).map(|v| v.iter().map(|x| x.cast_unsigned()).collect()),
        price_min: doc.price_min,
        price_max: doc.price_max,
        in_stock: doc.in_stock,
    }
}

/// Adds or replaces one batch in one transaction.
pub async fn put(writer: &SqlitePool, shop: &str, rows: &[Row]) -> Result<(), Error> {
    let mut tx = writer.begin_with(BEGIN).await?;
    let (version, dims) = bump(&mut tx, shop).await?;
    check_dims(&mut tx, shop, rows, dims).await?;
    for row in rows {
        let (doc_row,): (i64,) = sqlx::query_as(PUT_DOC)
            .bind(shop)
            .bind(schema::code(row.kind))
            .bind(&row.id)
            .bind(version)
            .bind(row.price_min)
            .bind(row.price_max)
            .bind(i64::from(row.in_stock))
            .bind(&row.attributes)
            .bind(row.vector.as_deref())
            .fetch_one(&mut *tx)
            .await?;
        sqlx::query(PUT_WORDS)
            .bind(doc_row)
            .bind(schema::scope(shop, row.kind))
            .bind(&row.title)
            .bind(&row.body)
            .bind(&row.codes)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Removes documents by id.
pub async fn delete(writer: &SqlitePool, shop: &str, kind: Kind, ids: &[String]) -> Result<(), Error> {
    let list = serde_json::to_string(ids).map_err(|error| Error::Corrupt(error.into()))?;
    let mut tx = writer.begin_with(BEGIN).await?;
    let mut gone = 0;
    for sql in [DELETE_WORDS, DELETE_DOCS] {
        let done = sqlx::query(sql).bind(shop).bind(schema::code(kind)).bind(&list).execute(&mut *tx).await?;
        gone = done.rows_affected();
    }
    // Ids nobody knew cost no other process a reload.
    if gone > 0 {
        move_epoch(&mut tx, shop).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Removes everything of a shop, its stamp and the length of its vectors too.
pub async fn clear(writer: &SqlitePool, shop: &str) -> Result<(), Error> {
    let mut tx = writer.begin_with(BEGIN).await?;
    for sql in [CLEAR_WORDS, CLEAR_DOCS, FORGET_SHOP] {
        sqlx::query(sql).bind(shop).execute(&mut *tx).await?;
    }
    move_epoch(&mut tx, shop).await?;
    tx.commit().await?;
    Ok(())
}

async fn bump(tx: &mut Transaction<'_, Sqlite>, shop: &str) -> Result<(i64, Option<i64>), Error> {
    Ok(sqlx::query_as(BUMP).bind(shop).fetch_one(&mut **tx).await?)
}

async fn move_epoch(tx: &mut Transaction<'_, Sqlite>, shop: &str) -> Result<(), Error> {
    let (version, _) = bump(tx, shop).await?;
    sqlx::query("UPDATE search_shops SET epoch = $2 WHERE shop_id = $1")
        .bind(shop)
        .bind(version)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The first vector of a shop settles the length of all.
async fn check_dims(
    tx: &mut Transaction<'_, Sqlite>,
    shop: &str,
    rows: &[Row],
    dims: Option<i64>,
) -> Result<(), Error> {
    let mut lengths = rows.iter().filter_map(|row| row.vector.as_ref().map(Vec::len));
    let Some(first) = lengths.next() else { return Ok(()) };
    let expected = dims.and_then(|dims| usize::try_from(dims).ok()).unwrap_or(first);
    if let Some(found) = std::iter::once(first).chain(lengths).find(|found| *found != expected) {
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
