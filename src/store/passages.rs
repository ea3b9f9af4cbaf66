//! Passages of the shop's texts.

use crate::domain::id::PassageId;
use crate::domain::passage::Passage;
use crate::store::{Error, Tx, on_engine};
use std::collections::BTreeMap;

/// Passages a shop may have; far above any real set of texts.
const PASSAGES_MAX: i64 = 100_000;

type Row = (String, String, String, String, String, Option<String>, Option<String>, Option<String>);

impl Tx {
    /// Replaces every passage of one source; an empty list removes the source.
    pub async fn replace_passages(&mut self, source: &str, passages: &[Passage]) -> Result<(), Error> {
        const GONE: &str = "DELETE FROM passages WHERE shop_id = $1 AND source = $2";
        const INSERT: &str =
            "INSERT INTO passages (shop_id, id, source, place, title, heading, text, valid_from, valid_until, language)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(GONE).bind(&shop).bind(source).execute(conn).await.map(|_| ()))?;
        for (place, passage) in (0i64..).zip(passages) {
            on_engine!(self, |conn| sqlx::query(INSERT)
                .bind(&shop)
                .bind(passage.id.as_str())
                .bind(source)
                .bind(place)
                .bind(&passage.title)
                .bind(&passage.heading)
                .bind(&passage.text)
                .bind(passage.valid_from.as_deref())
                .bind(passage.valid_until.as_deref())
                .bind(passage.language.as_deref())
                .execute(conn)
                .await
                .map(|_| ()))?;
        }
        Ok(())
    }

    /// Every passage, by source and place.
    pub async fn all_passages(&mut self) -> Result<Vec<Passage>, Error> {
        const SQL: &str = "SELECT id, source, title, heading, text, valid_from, valid_until, language FROM passages
            WHERE shop_id = $1 ORDER BY source, place LIMIT $2";
        let shop = self.shop.to_string();
        let rows: Vec<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(PASSAGES_MAX).fetch_all(conn).await?);
        Ok(rows.into_iter().map(passage).collect())
    }

    /// Passages by id, in the order asked for; unknown ones are left out.
    pub async fn passages(&mut self, ids: &[PassageId]) -> Result<Vec<Passage>, Error> {
        const SQL: &str = "SELECT id, source, title, heading, text, valid_from, valid_until, language FROM passages
            WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let mut found: BTreeMap<&PassageId, Passage> = BTreeMap::new();
        for id in ids {
            let row: Option<Row> =
                on_engine!(self, |conn| sqlx::query_as(SQL).bind(&shop).bind(id.as_str()).fetch_optional(conn).await?);
            if let Some(row) = row {
                found.insert(id, passage(row));
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }
}

fn passage((id, source, title, heading, text, valid_from, valid_until, language): Row) -> Passage {
    Passage { id: PassageId::new(id), source, title, heading, text, valid_from, valid_until, language }
}
