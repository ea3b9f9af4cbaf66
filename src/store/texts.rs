//! Which texts a shop has given, where each came from and how it was.

use crate::store::{Error, Tx, on_engine};

/// Texts a shop may have; far above any real set.
const TEXTS_MAX: i64 = 100_000;

/// A text as it was when it was last read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownText {
    /// Its file's name or address.
    pub source: String,
    /// The folder or site it came with; empty when it came alone.
    pub origin: String,
    /// A fingerprint of its content.
    pub hash: String,
    /// The server's tag of it.
    pub etag: Option<String>,
    /// The server's date of it.
    pub last_modified: Option<String>,
}

type Row = (String, String, String, Option<String>, Option<String>);

impl Tx {
    /// Every text, by source.
    pub async fn texts(&mut self) -> Result<Vec<KnownText>, Error> {
        const SQL: &str = "SELECT source, origin, hash, etag, last_modified FROM known_texts
            WHERE shop_id = $1 ORDER BY source LIMIT $2";
        let shop = self.shop.to_string();
        let rows: Vec<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(TEXTS_MAX).fetch_all(conn).await?);
        let text =
            |(source, origin, hash, etag, last_modified)| KnownText { source, origin, hash, etag, last_modified };
        Ok(rows.into_iter().map(text).collect())
    }

    /// Writes a text down; one of the same source is replaced.
    pub async fn save_text(&mut self, text: &KnownText) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO known_texts (shop_id, source, origin, hash, etag, last_modified)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (shop_id, source) DO UPDATE SET origin = excluded.origin, hash = excluded.hash,
                etag = excluded.etag, last_modified = excluded.last_modified";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(&text.source)
            .bind(&text.origin)
            .bind(&text.hash)
            .bind(text.etag.as_deref())
            .bind(text.last_modified.as_deref())
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Forgets a text and its passages.
    pub async fn forget_text(&mut self, source: &str) -> Result<(), Error> {
        const SQL: &str = "DELETE FROM known_texts WHERE shop_id = $1 AND source = $2";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL).bind(shop).bind(source).execute(conn).await.map(|_| ()))?;
        self.replace_passages(source, &[]).await
    }
}
