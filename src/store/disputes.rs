//! Disputes, as the provider last told of them.

use crate::domain::id::OrderId;
use crate::domain::ledger::EntryKind;
use crate::payment::dispute::{Dispute, DisputeStatus};
use crate::store::{Error, Tx, from_json, ms, on_engine, to_json};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A dispute of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The order whose payment it is about.
    pub order: OrderId,
    /// What is known of it.
    pub known: Known,
}

/// What is known of a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// As the provider last told of it.
    pub dispute: Dispute,
    /// The remark it left on the order when it froze it: while that stands, nothing else did.
    #[serde(default)]
    pub froze: Option<String>,
}

impl Known {
    /// Whether the bank has the money now.
    pub fn has_money(&self) -> bool {
        self.dispute.moved.minor < 0
    }
}

fn word(status: DisputeStatus) -> &'static str {
    match status {
        DisputeStatus::Inquiry => "inquiry",
        DisputeStatus::Open => "open",
        DisputeStatus::Won => "won",
        DisputeStatus::Lost => "lost",
    }
}

impl Tx {
    /// Keeps what is known of a dispute now.
    pub async fn keep_dispute(&mut self, kept: &Kept, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO disputes (shop_id, id, order_id, status, body, changed_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (shop_id, id) DO UPDATE
            SET status = excluded.status, body = excluded.body, changed_at = excluded.changed_at";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(&kept.known.dispute.id)
            .bind(kept.order.as_str())
            .bind(word(kept.known.dispute.status))
            .bind(to_json(&kept.known))
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The dispute with this id.
    pub async fn dispute(&mut self, id: &str) -> Result<Option<Kept>, Error> {
        const SQL: &str = "SELECT order_id, body FROM disputes WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<(String, String)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id).fetch_optional(conn).await?);
        row.map(kept).transpose()
    }

    /// The disputes of an order.
    pub async fn disputes_of(&mut self, order: &OrderId) -> Result<Vec<Kept>, Error> {
        const SQL: &str = "SELECT order_id, body FROM disputes WHERE shop_id = $1 AND order_id = $2 ORDER BY id";
        let shop = self.shop.to_string();
        let rows: Vec<(String, String)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(order.as_str()).fetch_all(conn).await?);
        rows.into_iter().map(kept).collect()
    }

    /// Ids of disputes that are not decided, behind one of them.
    pub async fn undecided_disputes(&mut self, after: &str, limit: i64) -> Result<Vec<String>, Error> {
        const SQL: &str = "SELECT id FROM disputes
            WHERE shop_id = $1 AND status IN ('inquiry', 'open') AND id > $2 ORDER BY id LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(after).bind(limit).fetch_all(conn).await?);
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Whether an entry stands in the ledger.
    pub async fn is_booked(&mut self, kind: EntryKind, outside_id: &str) -> Result<bool, Error> {
        const SQL: &str = "SELECT account FROM postings WHERE shop_id = $1 AND kind = $2 AND outside_id = $3 LIMIT 1";
        let shop = self.shop.to_string();
        let row: Option<(String,)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(kind.word())
            .bind(outside_id)
            .fetch_optional(conn)
            .await?);
        Ok(row.is_some())
    }
}

fn kept((order, body): (String, String)) -> Result<Kept, Error> {
    Ok(Kept { known: from_json(&body, &format!("a dispute of order {order}"))?, order: OrderId::new(order) })
}
