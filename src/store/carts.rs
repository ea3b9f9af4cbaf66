//! Carts: one per contact.

use crate::domain::cart::{Cart, CartLine};
use crate::domain::id::ContactId;
use crate::store::{Error, Tx, from_json, ms, on_engine, to_json};
use jiff::Timestamp;

impl Tx {
    /// The cart of a contact; an empty one when there is none yet.
    pub async fn cart(&mut self, contact: &ContactId) -> Result<Cart, Error> {
        const SQL: &str = "SELECT version, lines FROM carts WHERE shop_id = $1 AND contact_id = $2";
        let shop = self.shop.to_string();
        let row: Option<(i64, String)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(contact.as_str()).fetch_optional(conn).await?);
        row.map_or_else(
            || Ok(Cart::default()),
            |(version, lines)| {
                let lines: Vec<CartLine> = from_json(&lines, &format!("cart of {contact}"))?;
                Ok(Cart { version, lines })
            },
        )
    }

    /// Keeps a changed cart, if nobody changed it since it was read at version `read`.
    pub async fn save_cart(
        &mut self,
        contact: &ContactId,
        cart: &Cart,
        read: i64,
        now: Timestamp,
    ) -> Result<(), Error> {
        const SQL: &str =
            "INSERT INTO carts (shop_id, contact_id, version, lines, changed_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (shop_id, contact_id) DO UPDATE
            SET version = excluded.version, lines = excluded.lines, changed_at = excluded.changed_at
            WHERE carts.version = $6";
        let (shop, lines) = (self.shop.to_string(), to_json(&cart.lines));
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(contact.as_str())
            .bind(cart.version)
            .bind(lines)
            .bind(ms(now))
            .bind(read)
            .execute(conn)
            .await?
            .rows_affected());
        if changed == 1 { Ok(()) } else { Err(Error::Conflict { what: format!("the cart of {contact}") }) }
    }
}
