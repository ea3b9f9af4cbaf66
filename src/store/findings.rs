//! Findings: kept once per kind and thing while they are true.

use crate::domain::finding::{Finding, FindingKind, TEXT_CHARS_MAX};
use crate::domain::id::{FindingId, OrderId};
use crate::store::{Error, Tx, at, from_json, ms, on_engine, to_json, unreadable};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Body {
    order: Option<OrderId>,
    text: String,
}

impl Tx {
    /// Keeps a finding. Answers false when it was open already.
    pub async fn note_finding(&mut self, finding: &Finding, now: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "INSERT INTO findings (shop_id, id, kind, about, body, first_seen, last_seen)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (shop_id, kind, about) WHERE cleared_at IS NULL
            DO UPDATE SET last_seen = excluded.last_seen, body = excluded.body
            RETURNING id";
        let shop = self.shop.to_string();
        let text = finding.text.chars().take(TEXT_CHARS_MAX).collect();
        let body = to_json(&Body { order: finding.order.clone(), text });
        let row: (String,) = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(finding.id.as_str())
            .bind(finding.kind.word())
            .bind(&finding.about)
            .bind(body)
            .bind(ms(finding.first_seen))
            .bind(ms(now))
            .fetch_one(conn)
            .await?);
        Ok(row.0 == finding.id.as_str())
    }

    /// What is true no longer: the open finding of a kind about a thing. Answers whether there was one.
    pub async fn clear_finding(&mut self, kind: FindingKind, about: &str, now: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "UPDATE findings SET cleared_at = $4
            WHERE shop_id = $1 AND kind = $2 AND about = $3 AND cleared_at IS NULL";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(kind.word())
            .bind(about)
            .bind(ms(now))
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed > 0)
    }

    /// Clears the open findings of a kind that were last seen before a moment; answers how many.
    pub async fn clear_unseen(&mut self, kind: FindingKind, before: Timestamp, now: Timestamp) -> Result<u64, Error> {
        const SQL: &str = "UPDATE findings SET cleared_at = $4
            WHERE shop_id = $1 AND kind = $2 AND last_seen < $3 AND cleared_at IS NULL";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(kind.word())
            .bind(ms(before))
            .bind(ms(now))
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed)
    }

    /// Open findings, oldest first.
    pub async fn open_findings(&mut self, limit: i64) -> Result<Vec<Finding>, Error> {
        const SQL: &str = "SELECT id, kind, about, body, first_seen FROM findings
            WHERE shop_id = $1 AND cleared_at IS NULL ORDER BY first_seen, id LIMIT $2";
        let shop = self.shop.to_string();
        let rows: Vec<(String, String, String, String, i64)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(limit).fetch_all(conn).await?);
        rows.into_iter().map(finding).collect()
    }

    /// The finding with this id, open or cleared.
    pub async fn finding(&mut self, id: &FindingId) -> Result<Option<Finding>, Error> {
        const SQL: &str = "SELECT id, kind, about, body, first_seen FROM findings WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<(String, String, String, String, i64)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(finding).transpose()
    }

    /// The kinds of open findings about a thing.
    pub async fn findings_about(&mut self, about: &str) -> Result<Vec<FindingKind>, Error> {
        const SQL: &str = "SELECT kind FROM findings WHERE shop_id = $1 AND about = $2 AND cleared_at IS NULL";
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(about).fetch_all(conn).await?);
        Ok(rows.iter().filter_map(|(kind,)| FindingKind::parse(kind)).collect())
    }

    /// How many findings are open, by kind.
    pub async fn count_findings(&mut self) -> Result<Vec<(String, i64)>, Error> {
        const SQL: &str = "SELECT kind, COUNT(*) FROM findings
            WHERE shop_id = $1 AND cleared_at IS NULL GROUP BY kind ORDER BY kind";
        let shop = self.shop.to_string();
        Ok(on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).fetch_all(conn).await?))
    }
}

fn finding(row: (String, String, String, String, i64)) -> Result<Finding, Error> {
    let (id, kind, about, body, first_seen) = row;
    let what = format!("finding {id}");
    let body: Body = from_json(&body, &what)?;
    Ok(Finding {
        kind: FindingKind::parse(&kind).ok_or_else(|| unreadable(&what))?,
        about,
        order: body.order,
        text: body.text,
        first_seen: at(first_seen, &what)?,
        id: FindingId::new(id),
    })
}
