//! Money given back, or asked to be.

use crate::domain::id::{OrderId, RefundId};
use crate::domain::money::{Currency, Money};
use crate::domain::refund::{Details, Refund, RefundState};
use crate::store::{Error, Tx, at, from_json, ms, on_engine, to_json, unreadable};

type Row = (String, String, String, i64, String, String, Option<String>, Option<String>, Option<i64>, i64);

impl Tx {
    /// Adds a refund.
    pub async fn insert_refund(&mut self, refund: &Refund) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO refunds (shop_id, id, order_id, state, amount_minor, currency, body, intent,
                provider_id, first_sent_at, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(refund.id.as_str())
            .bind(refund.order.as_str())
            .bind(refund.state.word())
            .bind(refund.amount.minor)
            .bind(refund.amount.currency.code())
            .bind(to_json(&refund.details))
            .bind(refund.intent.as_deref())
            .bind(refund.provider_id.as_deref())
            .bind(refund.first_sent.map(ms))
            .bind(ms(refund.created))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The refund with this id.
    pub async fn refund(&mut self, id: &RefundId) -> Result<Option<Refund>, Error> {
        const SQL: &str =
            "SELECT id, order_id, state, amount_minor, currency, body, intent, provider_id, first_sent_at,
                created_at FROM refunds WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(refund).transpose()
    }

    /// The refund the provider knows under this id.
    pub async fn refund_by_provider(&mut self, id: &str) -> Result<Option<Refund>, Error> {
        const SQL: &str =
            "SELECT id, order_id, state, amount_minor, currency, body, intent, provider_id, first_sent_at,
                created_at FROM refunds WHERE shop_id = $1 AND provider_id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id).fetch_optional(conn).await?);
        row.map(refund).transpose()
    }

    /// The refunds of an order, oldest first.
    pub async fn refunds_of(&mut self, order: &OrderId) -> Result<Vec<Refund>, Error> {
        const SQL: &str =
            "SELECT id, order_id, state, amount_minor, currency, body, intent, provider_id, first_sent_at,
                created_at FROM refunds WHERE shop_id = $1 AND order_id = $2 ORDER BY created_at, id";
        let shop = self.shop.to_string();
        let rows: Vec<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(order.as_str()).fetch_all(conn).await?);
        rows.into_iter().map(refund).collect()
    }

    /// Refunds in a state, oldest first.
    pub async fn refunds_in(&mut self, state: RefundState, limit: i64) -> Result<Vec<Refund>, Error> {
        const SQL: &str =
            "SELECT id, order_id, state, amount_minor, currency, body, intent, provider_id, first_sent_at,
                created_at FROM refunds WHERE shop_id = $1 AND state = $2 ORDER BY created_at, id LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(state.word())
            .bind(limit)
            .fetch_all(conn)
            .await?);
        rows.into_iter().map(refund).collect()
    }

    /// Moves a refund from the state it was read in. Answers false when somebody else moved it meanwhile.
    pub async fn move_refund(&mut self, refund: &Refund, from: RefundState) -> Result<bool, Error> {
        const SQL: &str = "UPDATE refunds
            SET state = $4, body = $5, provider_id = $6, first_sent_at = $7, intent = $8
            WHERE shop_id = $1 AND id = $2 AND state = $3";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(refund.id.as_str())
            .bind(from.word())
            .bind(refund.state.word())
            .bind(to_json(&refund.details))
            .bind(refund.provider_id.as_deref())
            .bind(refund.first_sent.map(ms))
            .bind(refund.intent.as_deref())
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }
}

fn refund(row: Row) -> Result<Refund, Error> {
    let (id, order, state, minor, currency, body, intent, provider_id, first_sent, created) = row;
    let what = format!("refund {id}");
    let currency = Currency::parse(&currency).map_err(|_| unreadable(&what))?;
    Ok(Refund {
        order: OrderId::new(order),
        amount: Money::new(minor, currency),
        state: RefundState::parse(&state).ok_or_else(|| unreadable(&what))?,
        details: from_json::<Details>(&body, &what)?,
        intent,
        provider_id,
        first_sent: first_sent.map(|moment| at(moment, &what)).transpose()?,
        created: at(created, &what)?,
        id: RefundId::new(id),
    })
}
