//! Turns and their journal: what a turn already did before it was cut off.

use crate::domain::id::{ConversationId, TurnId};
use crate::store::{Error, Tx, at, from_json, ms, on_engine, to_json};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A turn that began and did not finish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTurn {
    /// Its id.
    pub id: TurnId,
    /// The last shopper message it answers.
    pub upto_seq: i64,
}

/// A turn as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastTurn {
    /// Its id.
    pub id: TurnId,
    /// The last shopper message it answers.
    pub upto_seq: i64,
    /// Whether it ended.
    pub done: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

impl Tx {
    /// The open turn of a conversation, if a worker died in it.
    pub async fn open_turn(&mut self, c: &ConversationId) -> Result<Option<OpenTurn>, Error> {
        const SQL: &str =
            "SELECT id, upto_seq FROM turns WHERE shop_id = $1 AND conversation_id = $2 AND state = 'open'";
        let shop = self.shop.to_string();
        let row: Option<(String, i64)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(c.as_str()).fetch_optional(conn).await?);
        Ok(row.map(|(id, upto_seq)| OpenTurn { id: TurnId::new(id), upto_seq }))
    }

    /// Starts a turn.
    pub async fn begin_turn(&mut self, turn: &OpenTurn, c: &ConversationId, now: Timestamp) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO turns (shop_id, id, conversation_id, upto_seq, state, started_at)
            VALUES ($1, $2, $3, $4, 'open', $5)";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(turn.id.as_str())
            .bind(c.as_str())
            .bind(turn.upto_seq)
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Ends a turn. Answers false when it had ended already.
    pub async fn finish_turn<T: Serialize>(&mut self, id: &TurnId, outcome: &T, now: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "UPDATE turns SET state = 'done', outcome = $3, finished_at = $4
            WHERE shop_id = $1 AND id = $2 AND state = 'open'";
        let (shop, outcome) = (self.shop.to_string(), to_json(outcome));
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(id.as_str())
            .bind(outcome)
            .bind(ms(now))
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }

    /// What a turn did so far, in order.
    pub async fn journal<T: DeserializeOwned>(&mut self, turn: &TurnId) -> Result<Vec<T>, Error> {
        const SQL: &str = "SELECT body FROM journal WHERE shop_id = $1 AND turn_id = $2 ORDER BY step";
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(turn.as_str()).fetch_all(conn).await?);
        rows.iter().map(|(body,)| from_json(body, &format!("journal of {turn}"))).collect()
    }

    /// Writes the next step of a turn; the same step twice is an error, since two workers would be in one turn.
    pub async fn write_journal<T: Serialize>(&mut self, turn: &TurnId, step: i64, entry: &T) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO journal (shop_id, turn_id, step, body) VALUES ($1, $2, $3, $4)";
        let (shop, body) = (self.shop.to_string(), to_json(entry));
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(turn.as_str())
            .bind(step)
            .bind(body)
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Keeps a text under its hash; one that is there already stays.
    pub async fn keep_text(&mut self, hash: &str, body: &str) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO texts (shop_id, hash, body) VALUES ($1, $2, $3)
            ON CONFLICT (shop_id, hash) DO NOTHING";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL).bind(shop).bind(hash).bind(body).execute(conn).await.map(|_| ()))?;
        Ok(())
    }

    /// A kept text.
    pub async fn text(&mut self, hash: &str) -> Result<Option<String>, Error> {
        const SQL: &str = "SELECT body FROM texts WHERE shop_id = $1 AND hash = $2";
        let shop = self.shop.to_string();
        let row: Option<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(hash).fetch_optional(conn).await?);
        Ok(row.map(|(body,)| body))
    }

    /// The turns of a conversation, oldest first.
    pub async fn turns(&mut self, c: &ConversationId, limit: i64) -> Result<Vec<PastTurn>, Error> {
        const SQL: &str = "SELECT id, upto_seq, state, started_at, finished_at FROM turns
            WHERE shop_id = $1 AND conversation_id = $2 ORDER BY upto_seq DESC, started_at DESC, id DESC LIMIT $3";
        type Row = (String, i64, String, i64, Option<i64>);
        let shop = self.shop.to_string();
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(c.as_str())
            .bind(limit)
            .fetch_all(conn)
            .await?);
        let turn = |(id, upto_seq, state, started, finished): Row| {
            Ok(PastTurn {
                started_at: at(started, &id)?,
                finished_at: finished.map(|f| at(f, &id)).transpose()?,
                done: state == "done",
                id: TurnId::new(id),
                upto_seq,
            })
        };
        rows.into_iter().rev().map(turn).collect()
    }
}
