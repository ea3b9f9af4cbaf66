//! The provider's events: kept once, whole, before anything is done about them.

use crate::payment::{Event, Subject};
use crate::store::{Error, Tx, from_json, ms, on_engine, to_json};
use jiff::Timestamp;

impl Tx {
    /// Keeps a provider's event with its raw body. Answers false when it was kept before.
    pub async fn keep_event(&mut self, event: &Event, raw: &str, now: Timestamp) -> Result<bool, Error> {
        const SQL: &str =
            "INSERT INTO payment_events (shop_id, id, kind, subject, raw, received_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (shop_id, id) DO NOTHING";
        let shop = self.shop.to_string();
        let added = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(&event.id)
            .bind(&event.kind)
            .bind(event.subject.as_ref().map(to_json))
            .bind(raw)
            .bind(ms(now))
            .execute(conn)
            .await?
            .rows_affected());
        Ok(added == 1)
    }

    /// What a kept event is about.
    pub async fn subject_of_event(&mut self, id: &str) -> Result<Option<Subject>, Error> {
        const SQL: &str = "SELECT subject FROM payment_events WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<(Option<String>,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id).fetch_optional(conn).await?);
        let text = row.and_then(|(subject,)| subject);
        text.map(|text| from_json::<Subject>(&text, &format!("event {id}"))).transpose()
    }
}
