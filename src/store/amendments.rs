//! Changes to orders that stand.

use crate::domain::amendment::{Amendment, AmendmentKind, AmendmentState, Terms};
use crate::domain::id::{AmendmentId, OrderId};
use crate::store::{Error, Tx, at, from_json, ms, on_engine, to_json, unreadable};

type Row = (String, String, String, String, String, i64);

impl Tx {
    /// Adds an amendment.
    pub async fn insert_amendment(&mut self, amendment: &Amendment) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO amendments (shop_id, id, order_id, kind, state, body, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(amendment.id.as_str())
            .bind(amendment.order.as_str())
            .bind(amendment.kind.word())
            .bind(amendment.state.word())
            .bind(to_json(&amendment.terms))
            .bind(ms(amendment.created))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The amendment with this id.
    pub async fn amendment(&mut self, id: &AmendmentId) -> Result<Option<Amendment>, Error> {
        const SQL: &str = "SELECT id, order_id, kind, state, body, created_at FROM amendments
            WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(amendment).transpose()
    }

    /// The amendments of an order, oldest first.
    pub async fn amendments_of(&mut self, order: &OrderId) -> Result<Vec<Amendment>, Error> {
        const SQL: &str = "SELECT id, order_id, kind, state, body, created_at FROM amendments
            WHERE shop_id = $1 AND order_id = $2 ORDER BY created_at, id";
        let shop = self.shop.to_string();
        let rows: Vec<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(order.as_str()).fetch_all(conn).await?);
        rows.into_iter().map(amendment).collect()
    }

    /// Amendments in a state, oldest first.
    pub async fn amendments_in(&mut self, state: AmendmentState, limit: i64) -> Result<Vec<Amendment>, Error> {
        const SQL: &str = "SELECT id, order_id, kind, state, body, created_at FROM amendments
            WHERE shop_id = $1 AND state = $2 ORDER BY created_at, id LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(state.word())
            .bind(limit)
            .fetch_all(conn)
            .await?);
        rows.into_iter().map(amendment).collect()
    }

    /// Moves an amendment from the state it was read in. Answers false when somebody else moved it meanwhile.
    pub async fn move_amendment(
        &mut self,
        id: &AmendmentId,
        from: AmendmentState,
        to: AmendmentState,
    ) -> Result<bool, Error> {
        const SQL: &str = "UPDATE amendments SET state = $4 WHERE shop_id = $1 AND id = $2 AND state = $3";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(from.word())
            .bind(to.word())
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }
}

fn amendment((id, order, kind, state, body, created): Row) -> Result<Amendment, Error> {
    let what = format!("amendment {id}");
    Ok(Amendment {
        order: OrderId::new(order),
        kind: AmendmentKind::parse(&kind).ok_or_else(|| unreadable(&what))?,
        state: AmendmentState::parse(&state).ok_or_else(|| unreadable(&what))?,
        terms: from_json::<Terms>(&body, &what)?,
        created: at(created, &what)?,
        id: AmendmentId::new(id),
    })
}
