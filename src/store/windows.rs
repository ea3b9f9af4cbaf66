//! When a shop may write in a conversation, on networks that close after a while.

use crate::domain::id::ConversationId;
use crate::domain::window::Window;
use crate::store::{Error, Tx, from_json, on_engine, to_json};

impl Tx {
    /// The times of a conversation, and the network's id of the shopper's newest message.
    pub async fn window(&mut self, id: &ConversationId) -> Result<(Window, Option<String>), Error> {
        const SQL: &str = "SELECT body, heard_id FROM windows WHERE shop_id = $1 AND conversation_id = $2";
        let shop = self.shop.to_string();
        let row: Option<(String, Option<String>)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map_or(Ok((Window::default(), None)), |(body, heard)| {
            Ok((from_json(&body, &format!("the window of {id}"))?, heard))
        })
    }

    /// Writes the times of a conversation down; `heard` is kept as it was when there is none.
    pub async fn set_window(&mut self, id: &ConversationId, w: &Window, heard: Option<&str>) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO windows (shop_id, conversation_id, body, heard_id) VALUES ($1, $2, $3, $4)
            ON CONFLICT (shop_id, conversation_id) DO UPDATE SET body = excluded.body,
                heard_id = COALESCE(excluded.heard_id, windows.heard_id)";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(to_json(w))
            .bind(heard)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }
}
