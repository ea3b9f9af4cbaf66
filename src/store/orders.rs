//! Orders.

use crate::domain::address::Address;
use crate::domain::cart::Quote;
use crate::domain::id::{ContactId, ConversationId, OrderId};
use crate::domain::order::{Order, OrderState, Times, Tracking};
use crate::store::{Error, Tx, from_json, ms, on_engine, to_json, unreadable};

type Row = (
    String,
    String,
    String,
    Option<String>,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
);

impl Tx {
    /// Adds an order.
    pub async fn insert_order(&mut self, order: &Order) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO orders (shop_id, id, number, contact_id, conversation_id, state, quote, times,
                tracking, note, token, placed_at, before_freeze, ship_to)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(order.id.as_str())
            .bind(&order.number)
            .bind(order.contact.as_str())
            .bind(order.conversation.as_ref().map(ConversationId::as_str))
            .bind(order.state.word())
            .bind(to_json(&order.quote))
            .bind(to_json(&order.times))
            .bind(order.tracking.as_ref().map(to_json))
            .bind(order.note.as_deref())
            .bind(&order.token)
            .bind(ms(order.times.placed))
            .bind(order.before_freeze.map(OrderState::word))
            .bind(order.ship_to.as_ref().map(to_json))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// The order with this id.
    pub async fn order(&mut self, id: &OrderId) -> Result<Option<Order>, Error> {
        const SQL: &str = "SELECT id, number, contact_id, conversation_id, state, quote, times, tracking, note, token,
                before_freeze, ship_to
            FROM orders WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(order).transpose()
    }

    /// A contact's order by the number people say; another contact's is not found.
    pub async fn order_by_number(&mut self, contact: &ContactId, number: &str) -> Result<Option<Order>, Error> {
        const SQL: &str = "SELECT id, number, contact_id, conversation_id, state, quote, times, tracking, note, token,
                before_freeze, ship_to
            FROM orders WHERE shop_id = $1 AND contact_id = $2 AND upper(number) = upper($3)";
        let shop = self.shop.to_string();
        let row: Option<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(contact.as_str())
            .bind(number)
            .fetch_optional(conn)
            .await?);
        row.map(order).transpose()
    }

    /// The order whose page this token opens.
    pub async fn order_by_token(&mut self, token: &str) -> Result<Option<Order>, Error> {
        const SQL: &str = "SELECT id, number, contact_id, conversation_id, state, quote, times, tracking, note, token,
                before_freeze, ship_to
            FROM orders WHERE shop_id = $1 AND token = $2";
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(token).fetch_optional(conn).await?);
        row.map(order).transpose()
    }

    /// A contact's orders, newest first.
    pub async fn orders_of(&mut self, contact: &ContactId, limit: i64) -> Result<Vec<Order>, Error> {
        const SQL: &str = "SELECT id, number, contact_id, conversation_id, state, quote, times, tracking, note, token,
                before_freeze, ship_to
            FROM orders WHERE shop_id = $1 AND contact_id = $2 ORDER BY placed_at DESC, number DESC LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(contact.as_str())
            .bind(limit)
            .fetch_all(conn)
            .await?);
        rows.into_iter().map(order).collect()
    }

    /// All orders, oldest first, for export and for checks over the whole shop.
    pub async fn all_orders(&mut self, limit: i64) -> Result<Vec<Order>, Error> {
        const SQL: &str = "SELECT id, number, contact_id, conversation_id, state, quote, times, tracking, note, token,
                before_freeze, ship_to
            FROM orders WHERE shop_id = $1 ORDER BY placed_at, number LIMIT $2";
        let shop = self.shop.to_string();
        let rows: Vec<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(limit).fetch_all(conn).await?);
        rows.into_iter().map(order).collect()
    }

    /// Moves an order from the state it was read in, with everything about it that can change. Answers false when
    /// somebody else moved it meanwhile.
    pub async fn move_order(&mut self, order: &Order, from: OrderState) -> Result<bool, Error> {
        const SQL: &str = "UPDATE orders
            SET state = $4, times = $5, note = $6, quote = $7, before_freeze = $8, ship_to = $9, tracking = $10,
                conversation_id = $11
            WHERE shop_id = $1 AND id = $2 AND state = $3";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(order.id.as_str())
            .bind(from.word())
            .bind(order.state.word())
            .bind(to_json(&order.times))
            .bind(order.note.as_deref())
            .bind(to_json(&order.quote))
            .bind(order.before_freeze.map(OrderState::word))
            .bind(order.ship_to.as_ref().map(to_json))
            .bind(order.tracking.as_ref().map(to_json))
            .bind(order.conversation.as_ref().map(ConversationId::as_str))
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }

    /// Makes everybody else who wants to change an order's money wait until this transaction ends, and reads it.
    pub async fn lock_order(&mut self, id: &OrderId) -> Result<Option<Order>, Error> {
        // Writing a row locks it in both engines; `FOR UPDATE` is known to one of them only.
        const SQL: &str = "UPDATE orders SET state = state WHERE shop_id = $1 AND id = $2";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL).bind(shop).bind(id.as_str()).execute(conn).await.map(|_| ()))?;
        self.order(id).await
    }
}

fn order(row: Row) -> Result<Order, Error> {
    let (id, number, contact, conversation, state, quote, times, tracking, note, token, before_freeze, ship_to) = row;
    let what = format!("order {id}");
    Ok(Order {
        number,
        contact: ContactId::new(contact),
        conversation: conversation.map(ConversationId::new),
        state: OrderState::parse(&state).ok_or_else(|| unreadable(&what))?,
        quote: from_json::<Quote>(&quote, &what)?,
        times: from_json::<Times>(&times, &what)?,
        tracking: tracking.map(|text| from_json::<Tracking>(&text, &what)).transpose()?,
        note,
        token,
        before_freeze: before_freeze
            .map(|word| OrderState::parse(&word).ok_or_else(|| unreadable(&what)))
            .transpose()?,
        ship_to: ship_to.map(|text| from_json::<Address>(&text, &what)).transpose()?,
        id: OrderId::new(id),
    })
}
