//! The lexical side: FTS5 over our own tokens, filtered in the same statement.

use crate::search::Error;
use crate::search::Filter;
use crate::search::Hit;
use crate::search::Kind;
use crate::search::analyse;
use crate::search::embedded::schema;
use crate::search::embedded::vectors;
use sqlx::SqlitePool;

/// The scope counts nothing and titles double. BM25 saturates, so its weight alone would let a title that mentions a
/// code beat the thing that has it: a document whose code was typed counts threefold. The wanted attributes come as
/// a JSON list of lists, so that the statement is one constant. CROSS JOIN makes SQLite match first: left to choose, it
/// walked the shop's documents and matched for each, a thousand times slower.
const FIND: &str = "SELECT d.doc_id, -bm25(search_words, 0.0, 2.0, 1.0, 6.0)
        * CASE WHEN search_words.rowid IN (SELECT rowid FROM search_words WHERE search_words MATCH $9)
            THEN 3.0 ELSE 1.0 END AS score
    FROM search_words CROSS JOIN search_docs d ON d.doc_row = search_words.rowid
    WHERE search_words MATCH $1
        AND d.shop_id = $2
        AND ($3 IS NULL OR d.kind = $3)
        AND ($4 IS NULL OR d.price_max >= $4)
        AND ($5 IS NULL OR d.price_min <= $5)
        AND ($6 = 0 OR d.in_stock = 1)
        AND NOT EXISTS (SELECT 1 FROM json_each($7) AS every WHERE NOT EXISTS
            (SELECT 1 FROM json_each(every.value) AS one WHERE instr(d.attributes, one.value) > 0))
    ORDER BY score DESC, d.doc_id LIMIT $8";

/// The best documents for any of the tokens.
pub async fn find(
    readers: &SqlitePool,
    shop: &str,
    tokens: &[String],
    filter: &Filter,
    limit: usize,
) -> Result<Vec<Hit>, Error> {
    let Some(expression) = expression(shop, tokens, filter.kind) else { return Ok(Vec::new()) };
    let wanted = serde_json::to_string(&vectors::delimited(filter)).map_err(|error| Error::Corrupt(error.into()))?;
    let rows: Vec<(String, f64)> = sqlx::query_as(FIND)
        .bind(expression)
        .bind(shop)
        .bind(filter.kind.map(schema::code))
        .bind(filter.price_at_least)
        .bind(filter.price_at_most)
        .bind(i64::from(filter.in_stock))
        .bind(wanted)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind(codes(shop, tokens, filter.kind))
        .fetch_all(readers)
        .await?;
    Ok(rows.into_iter().map(|(id, score)| Hit { id, score: score as f32 }).collect())
}

/// Matches any of the tokens within the shop and kind; nothing without tokens.
fn expression(shop: &str, tokens: &[String], kind: Option<Kind>) -> Option<String> {
    let any = any_of(tokens.iter())?;
    Some(format!("{} AND {{title body codes}} : ({any})", scopes(shop, kind)))
}

/// Matches documents that have one of the tokens as their code; a scope no document has where none looks like one.
fn codes(shop: &str, tokens: &[String], kind: Option<Kind>) -> String {
    match any_of(tokens.iter().filter(|token| analyse::is_code_like(token))) {
        Some(any) => format!("{} AND codes : ({any})", scopes(shop, kind)),
        None => "scope : none".to_owned(),
    }
}

fn scopes(shop: &str, kind: Option<Kind>) -> String {
    let kinds = kind.map_or_else(|| vec![Kind::Product, Kind::Passage], |kind| vec![kind]);
    let scopes: Vec<String> = kinds.into_iter().map(|kind| schema::scope(shop, kind)).collect();
    format!("scope : ({})", scopes.join(" OR "))
}

/// Only letters and digits get in, each token quoted, so that no text becomes an operator.
fn any_of<'a>(tokens: impl Iterator<Item = &'a String>) -> Option<String> {
    let quoted: Vec<String> = tokens
        .filter(|token| analyse::is_token(token))
        .take(analyse::QUERY_TOKENS_MAX)
        .map(|token| format!("\"{token}\""))
        .collect();
    (!quoted.is_empty()).then(|| quoted.join(" OR "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn words_are_matched_before_documents_are_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let index = crate::search::embedded::Embedded::open(&folder.path().join("shop.db")).await.unwrap();
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {FIND}")))
                .fetch_all(&index.readers)
                .await
                .unwrap();
        assert!(plan[0].3.starts_with("SCAN search_words VIRTUAL TABLE"), "{plan:?}");
    }

    #[test]
    fn operators_and_quotes_never_get_in() {
        let tokens: Vec<String> = ["near", "\" OR title:x", "a*", "", "naïve", "NEAR(a b)"].map(str::to_owned).to_vec();
        let built = expression("shop\" OR 1", &tokens, Some(Kind::Product)).unwrap();
        assert!(built.ends_with("{title body codes} : (\"near\" OR \"naïve\")"), "{built}");
        assert!(!built.contains("shop"));
        assert_eq!(expression("s", &["\"".to_owned()], None), None);
    }
}
