//! Payment attempts: pages at the provider.

use crate::domain::checkout::{Checkout, CheckoutState};
use crate::domain::id::{CheckoutId, OrderId};
use crate::store::{Error, Tx, at, ms, on_engine, unreadable};

type Row = (String, String, String, Option<String>, Option<String>, i64);

impl Tx {
    /// Adds an attempt together with the exact request it will make (JSON), so that a repeat asks for the same.
    pub async fn insert_checkout(&mut self, checkout: &Checkout, request: &str) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO checkouts (shop_id, id, order_id, state, request, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6)";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(checkout.id.as_str())
            .bind(checkout.order.as_str())
            .bind(checkout.state.word())
            .bind(request)
            .bind(ms(checkout.expires_at))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The attempt with this id.
    pub async fn checkout(&mut self, id: &CheckoutId) -> Result<Option<Checkout>, Error> {
        const SQL: &str =
            "SELECT id, order_id, state, session, url, expires_at FROM checkouts WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(checkout).transpose()
    }

    /// The attempt behind a provider's session.
    pub async fn checkout_by_session(&mut self, session: &str) -> Result<Option<Checkout>, Error> {
        const SQL: &str = "SELECT id, order_id, state, session, url, expires_at FROM checkouts
            WHERE shop_id = $1 AND session = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(session).fetch_optional(conn).await?);
        row.map(checkout).transpose()
    }

    /// The attempts of an order, in the order they were made.
    pub async fn checkouts_of(&mut self, order: &OrderId) -> Result<Vec<Checkout>, Error> {
        const SQL: &str = "SELECT id, order_id, state, session, url, expires_at FROM checkouts
            WHERE shop_id = $1 AND order_id = $2 ORDER BY id";
        let shop = self.shop.to_string();
        let rows: Vec<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(order.as_str()).fetch_all(conn).await?);
        rows.into_iter().map(checkout).collect()
    }

    /// The request an attempt makes.
    pub async fn checkout_request(&mut self, id: &CheckoutId) -> Result<Option<String>, Error> {
        const SQL: &str = "SELECT request FROM checkouts WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        Ok(row.map(|(request,)| request))
    }

    /// Moves an attempt from the state it was read in. Answers false when somebody else moved it meanwhile.
    pub async fn move_checkout(&mut self, checkout: &Checkout, from: CheckoutState) -> Result<bool, Error> {
        const SQL: &str = "UPDATE checkouts SET state = $4, session = $5, url = $6
            WHERE shop_id = $1 AND id = $2 AND state = $3";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(checkout.id.as_str())
            .bind(from.word())
            .bind(checkout.state.word())
            .bind(checkout.session.as_deref())
            .bind(checkout.url.as_deref())
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }
}

fn checkout((id, order, state, session, url, expires): Row) -> Result<Checkout, Error> {
    let what = format!("checkout {id}");
    Ok(Checkout {
        order: OrderId::new(order),
        state: CheckoutState::parse(&state).ok_or_else(|| unreadable(&what))?,
        session,
        url,
        expires_at: at(expires, &what)?,
        id: CheckoutId::new(id),
    })
}
