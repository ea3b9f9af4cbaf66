//! Payment attempts: pages at the provider.

use crate::domain::checkout::{Checkout, CheckoutState};
use crate::domain::id::{AmendmentId, CheckoutId, OrderId};
use crate::domain::money::{Currency, Money};
use crate::store::{Error, Tx, at, ms, on_engine, unreadable};
use jiff::Timestamp;

type Row =
    (String, String, String, Option<String>, Option<String>, i64, Option<String>, i64, i64, String, Option<String>);

impl Tx {
    /// Adds an attempt together with the exact request it will make (JSON), so that a repeat asks for the same.
    pub async fn insert_checkout(&mut self, checkout: &Checkout, request: &str, now: Timestamp) -> Result<(), Error> {
        const SQL: &str =
            "INSERT INTO checkouts (shop_id, id, order_id, state, request, expires_at, amendment_id, place,
                amount_minor, currency, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(checkout.id.as_str())
            .bind(checkout.order.as_str())
            .bind(checkout.state.word())
            .bind(request)
            .bind(ms(checkout.expires_at))
            .bind(checkout.amendment.as_ref().map(AmendmentId::as_str))
            .bind(checkout.place)
            .bind(checkout.amount.minor)
            .bind(checkout.amount.currency.code())
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The attempt with this id.
    pub async fn checkout(&mut self, id: &CheckoutId) -> Result<Option<Checkout>, Error> {
        const SQL: &str = "SELECT id, order_id, state, session, url, expires_at, amendment_id, place, amount_minor,
                currency, intent FROM checkouts WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(checkout).transpose()
    }

    /// The attempt behind a provider's session.
    pub async fn checkout_by_session(&mut self, session: &str) -> Result<Option<Checkout>, Error> {
        const SQL: &str = "SELECT id, order_id, state, session, url, expires_at, amendment_id, place, amount_minor,
                currency, intent FROM checkouts
            WHERE shop_id = $1 AND session = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(session).fetch_optional(conn).await?);
        row.map(checkout).transpose()
    }

    /// The attempts of an order, in the order they were made.
    pub async fn checkouts_of(&mut self, order: &OrderId) -> Result<Vec<Checkout>, Error> {
        const SQL: &str = "SELECT id, order_id, state, session, url, expires_at, amendment_id, place, amount_minor,
                currency, intent FROM checkouts
            WHERE shop_id = $1 AND order_id = $2 ORDER BY place, id";
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
        const SQL: &str = "UPDATE checkouts SET state = $4, session = $5, url = $6, intent = $7
            WHERE shop_id = $1 AND id = $2 AND state = $3";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(checkout.id.as_str())
            .bind(from.word())
            .bind(checkout.state.word())
            .bind(checkout.session.as_deref())
            .bind(checkout.url.as_deref())
            .bind(checkout.intent.as_deref())
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }

    /// The attempt whose payment this is.
    pub async fn checkout_by_intent(&mut self, intent: &str) -> Result<Option<Checkout>, Error> {
        const SQL: &str = "SELECT id, order_id, state, session, url, expires_at, amendment_id, place, amount_minor,
                currency, intent FROM checkouts
            WHERE shop_id = $1 AND intent = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(intent).fetch_optional(conn).await?);
        row.map(checkout).transpose()
    }

    /// Attempts that can still be paid and were made before a moment, the oldest first.
    pub async fn alive_checkouts(&mut self, before: Timestamp, limit: i64) -> Result<Vec<Checkout>, Error> {
        const SQL: &str = "SELECT id, order_id, state, session, url, expires_at, amendment_id, place, amount_minor,
                currency, intent FROM checkouts
            WHERE shop_id = $1 AND state IN ('requested', 'open', 'pending') AND created_at < $2
            ORDER BY created_at, id LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(ms(before))
            .bind(limit)
            .fetch_all(conn)
            .await?);
        rows.into_iter().map(checkout).collect()
    }

    /// Keeps an answer of the provider that could not be read, for the person who looks.
    pub async fn keep_answer(&mut self, id: &CheckoutId, answer: &str) -> Result<(), Error> {
        const SQL: &str = "UPDATE checkouts SET answer = $3 WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(answer)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}

fn checkout(row: Row) -> Result<Checkout, Error> {
    let (id, order, state, session, url, expires, amendment, place, minor, currency, intent) = row;
    let what = format!("checkout {id}");
    let currency = Currency::parse(&currency).map_err(|_| unreadable(&what))?;
    Ok(Checkout {
        order: OrderId::new(order),
        amendment: amendment.map(AmendmentId::new),
        place,
        amount: Money::new(minor, currency),
        state: CheckoutState::parse(&state).ok_or_else(|| unreadable(&what))?,
        session,
        intent,
        url,
        expires_at: at(expires, &what)?,
        id: CheckoutId::new(id),
    })
}
