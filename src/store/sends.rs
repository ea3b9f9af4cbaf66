//! What is handed to networks that charge for each, what became of it, and news that came too early.

use crate::domain::id::{ConversationId, MessageId, SendId};
use crate::domain::send::{Became, HELD, News, Problem, Send, SendState, WAITING};
use crate::domain::template::Category;
use crate::store::{Error, Tx, at, from_json, ms, on_engine, to_json, unreadable};
use jiff::{SignedDuration, Timestamp};
use sqlx::{FromRow, Row as _};

/// How long early news is kept: longer than a network goes on telling it.
const ORPHANS_KEPT: SignedDuration = SignedDuration::from_hours(8 * 24);
/// Parts of one message.
const PARTS_MAX: i64 = 200;
/// Messages that are released at once.
const HELD_MAX: i64 = 100;

/// How far a message has come, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticks {
    /// Which message.
    pub message: MessageId,
    /// The least that is true of all its parts; failed, if one failed.
    pub state: SendState,
    /// Why, if something went wrong.
    pub problem: Option<Problem>,
}

struct Row {
    id: String,
    conversation_id: String,
    message_id: String,
    seq: i64,
    part: i64,
    account: String,
    kind: String,
    category: String,
    state: String,
    body: String,
    outside_id: Option<String>,
    doubles: i64,
    tries: i64,
    due_at: Option<i64>,
    estimate_millionths: Option<i64>,
    currency: String,
    free_why: String,
    pricing: Option<String>,
    problem: Option<String>,
    superseded: i64,
    created_at: i64,
}

/// More columns than a tuple may have; the same for both engines.
macro_rules! from_row {
    ($($engine:ty),*) => {$(
        impl FromRow<'_, $engine> for Row {
            fn from_row(row: &$engine) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    id: row.try_get("id")?,
                    conversation_id: row.try_get("conversation_id")?,
                    message_id: row.try_get("message_id")?,
                    seq: row.try_get("seq")?,
                    part: row.try_get("part")?,
                    account: row.try_get("account")?,
                    kind: row.try_get("kind")?,
                    category: row.try_get("category")?,
                    state: row.try_get("state")?,
                    body: row.try_get("body")?,
                    outside_id: row.try_get("outside_id")?,
                    doubles: row.try_get("doubles")?,
                    tries: row.try_get("tries")?,
                    due_at: row.try_get("due_at")?,
                    estimate_millionths: row.try_get("estimate_millionths")?,
                    currency: row.try_get("currency")?,
                    free_why: row.try_get("free_why")?,
                    pricing: row.try_get("pricing")?,
                    problem: row.try_get("problem")?,
                    superseded: row.try_get("superseded")?,
                    created_at: row.try_get("created_at")?,
                })
            }
        }
    )*};
}
from_row!(sqlx::sqlite::SqliteRow, sqlx::postgres::PgRow);

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, conversation_id, message_id, seq, part, account, kind, category, state, body, outside_id,
                doubles, tries, due_at, estimate_millionths, currency, free_why, pricing, problem, superseded,
                created_at FROM sends WHERE shop_id = $1 ",
            $rest
        )
    };
}

impl Tx {
    /// Adds something to be handed over.
    pub async fn insert_send(&mut self, send: &Send) -> Result<(), Error> {
        const SQL: &str = "INSERT INTO sends (shop_id, id, conversation_id, message_id, seq, part, account, kind, category,
                state, body, outside_id, doubles, tries, due_at, estimate_millionths, currency, free_why, pricing, problem,
                superseded, created_at, changed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $22)";
        let shop = self.shop.to_string();
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(send.id.as_str())
            .bind(send.conversation.as_str())
            .bind(send.message.as_str())
            .bind(send.seq)
            .bind(send.part)
            .bind(&send.account)
            .bind(&send.kind)
            .bind(send.category.word())
            .bind(send.state.word())
            .bind(send.body.to_string())
            .bind(send.outside_id.as_deref())
            .bind(i64::from(send.doubles))
            .bind(i64::from(send.tries))
            .bind(send.due_at.map(ms))
            .bind(send.estimate)
            .bind(&send.currency)
            .bind(&send.free_why)
            .bind(send.pricing.as_ref().map(to_json))
            .bind(send.problem.as_ref().map(to_json))
            .bind(i64::from(send.superseded))
            .bind(ms(send.created_at))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Changes what moves, if the send still stands as it was read. Answers false when somebody was quicker.
    pub async fn move_send(&mut self, send: &Send, from: (SendState, u32), now: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "UPDATE sends SET state = $5, outside_id = $6, tries = $7, due_at = $8, pricing = $9,
                problem = $10, superseded = $11, changed_at = $12
            WHERE shop_id = $1 AND id = $2 AND state = $3 AND tries = $4";
        let shop = self.shop.to_string();
        let changed = on_engine!(self, |conn| sqlx::query(SQL)
            .bind(shop)
            .bind(send.id.as_str())
            .bind(from.0.word())
            .bind(i64::from(from.1))
            .bind(send.state.word())
            .bind(send.outside_id.as_deref())
            .bind(i64::from(send.tries))
            .bind(send.due_at.map(ms))
            .bind(send.pricing.as_ref().map(to_json))
            .bind(send.problem.as_ref().map(to_json))
            .bind(i64::from(send.superseded))
            .bind(ms(now))
            .execute(conn)
            .await?
            .rows_affected());
        Ok(changed == 1)
    }

    /// The send with this id.
    pub async fn send(&mut self, id: &SendId) -> Result<Option<Send>, Error> {
        const SQL: &str = select!("AND id = $2");
        let shop = self.shop.to_string();
        let row: Option<Row> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(id.as_str()).fetch_optional(conn).await?);
        row.map(send).transpose()
    }

    /// The send that the network knows by an id of its own.
    pub async fn send_by_outside(&mut self, account: &str, outside: &str) -> Result<Option<Send>, Error> {
        const SQL: &str = select!("AND account = $2 AND outside_id = $3 ORDER BY id LIMIT 1");
        let shop = self.shop.to_string();
        let row: Option<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(account)
            .bind(outside)
            .fetch_optional(conn)
            .await?);
        row.map(send).transpose()
    }

    /// What carries a message, in order.
    pub async fn sends_of(&mut self, message: &MessageId) -> Result<Vec<Send>, Error> {
        const SQL: &str = select!("AND message_id = $2 ORDER BY part LIMIT $3");
        let shop = self.shop.to_string();
        let rows: Vec<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(message.as_str())
            .bind(PARTS_MAX)
            .fetch_all(conn)
            .await?);
        rows.into_iter().map(send).collect()
    }

    /// The oldest send of a conversation that is not at its end. What waits beyond the horizon keeps nobody waiting.
    pub async fn next_send(&mut self, c: &ConversationId, horizon: Timestamp) -> Result<Option<Send>, Error> {
        const SQL: &str = select!(
            "AND conversation_id = $2 AND (state = 'sending' OR (state = 'unknown' AND due_at IS NOT NULL)
                OR (state = 'queued' AND due_at <= $3)) AND state IN ('queued', 'sending', 'unknown', 'held')
            ORDER BY seq, part LIMIT 1"
        );
        let shop = self.shop.to_string();
        let row: Option<Row> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(c.as_str())
            .bind(ms(horizon))
            .fetch_optional(conn)
            .await?);
        row.map(send).transpose()
    }

    /// The messages of a conversation that wait for the shopper to write, oldest first.
    pub async fn held_messages(&mut self, c: &ConversationId) -> Result<Vec<MessageId>, Error> {
        const SQL: &str = "SELECT message_id FROM sends WHERE shop_id = $1 AND conversation_id = $2 AND state = 'held'
            GROUP BY message_id ORDER BY MIN(seq) LIMIT $3";
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(c.as_str())
            .bind(HELD_MAX)
            .fetch_all(conn)
            .await?);
        Ok(rows.into_iter().map(|(id,)| MessageId::new(id)).collect())
    }

    /// Whether the shopper was told since a moment that something waits for them.
    pub async fn told_of_waiting(&mut self, c: &ConversationId, since: Timestamp) -> Result<bool, Error> {
        const SQL: &str = "SELECT id FROM sends
            WHERE shop_id = $1 AND conversation_id = $2 AND kind = $3 AND created_at > $4 LIMIT 1";
        let shop = self.shop.to_string();
        let row: Option<(String,)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(c.as_str())
            .bind(WAITING)
            .bind(ms(since))
            .fetch_optional(conn)
            .await?);
        Ok(row.is_some())
    }

    /// Keeps news of a message that is not known yet. What is too old to be of use is thrown away on the way.
    pub async fn keep_orphan(&mut self, account: &str, news: &News, now: Timestamp) -> Result<(), Error> {
        const TIDY: &str = "DELETE FROM news_orphans WHERE shop_id = $1 AND kept_at < $2";
        const SQL: &str = "INSERT INTO news_orphans (shop_id, account, outside_id, what, body, kept_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (shop_id, account, outside_id, what) DO NOTHING";
        let shop = self.shop.to_string();
        let before = now.checked_sub(ORPHANS_KEPT).unwrap_or(Timestamp::MIN);
        on_engine!(self, |conn| sqlx::query(TIDY).bind(&shop).bind(ms(before)).execute(conn).await.map(|_| ()))?;
        let what = match &news.what {
            Became::Sent => "sent",
            Became::Delivered => "delivered",
            Became::Read => "read",
            Became::Failed => "failed",
            Became::Other(_) => "other",
        };
        on_engine!(self, |conn| sqlx::query(SQL)
            .bind(&shop)
            .bind(account)
            .bind(&news.outside_id)
            .bind(what)
            .bind(to_json(news))
            .bind(ms(now))
            .execute(conn)
            .await
            .map(|_| ()))?;
        Ok(())
    }

    /// Takes the news that came before a message was known.
    pub async fn take_orphans(&mut self, account: &str, outside: &str) -> Result<Vec<News>, Error> {
        const SQL: &str =
            "DELETE FROM news_orphans WHERE shop_id = $1 AND account = $2 AND outside_id = $3 RETURNING body";
        let shop = self.shop.to_string();
        let rows: Vec<(String,)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(account).bind(outside).fetch_all(conn).await?);
        rows.iter().map(|(body,)| from_json(body, "news_orphans")).collect()
    }

    /// How often in a row the network found that it is too much for a conversation, and until when to wait.
    pub async fn pair_wait(&mut self, c: &ConversationId) -> Result<Option<(u32, Timestamp)>, Error> {
        const SQL: &str = "SELECT times, until FROM pair_waits WHERE shop_id = $1 AND conversation_id = $2";
        let shop = self.shop.to_string();
        let row: Option<(i64, i64)> =
            on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(c.as_str()).fetch_optional(conn).await?);
        row.map(|(times, until)| Ok((u32::try_from(times).unwrap_or_default(), at(until, "pair_waits")?))).transpose()
    }

    /// Writes down how long to wait, or that there is nothing to wait for.
    pub async fn set_pair_wait(&mut self, c: &ConversationId, wait: Option<(u32, Timestamp)>) -> Result<(), Error> {
        const SET: &str = "INSERT INTO pair_waits (shop_id, conversation_id, times, until) VALUES ($1, $2, $3, $4)
            ON CONFLICT (shop_id, conversation_id) DO UPDATE SET times = excluded.times, until = excluded.until";
        const END: &str = "DELETE FROM pair_waits WHERE shop_id = $1 AND conversation_id = $2";
        let shop = self.shop.to_string();
        match wait {
            Some((times, until)) => on_engine!(self, |conn| sqlx::query(SET)
                .bind(shop)
                .bind(c.as_str())
                .bind(i64::from(times))
                .bind(ms(until))
                .execute(conn)
                .await
                .map(|_| ()))?,
            None => {
                on_engine!(self, |conn| sqlx::query(END).bind(shop).bind(c.as_str()).execute(conn).await.map(|_| ()))?;
            }
        }
        Ok(())
    }

    /// What was handed over since a moment is expected to cost, for each currency, in millionths.
    pub async fn sends_cost_since(&mut self, from: Timestamp) -> Result<Vec<(String, i64)>, Error> {
        const SQL: &str = "SELECT currency, CAST(SUM(estimate_millionths) AS BIGINT) FROM sends
            WHERE shop_id = $1 AND created_at >= $2 AND estimate_millionths > 0
                AND state NOT IN ('held', 'failed', 'dropped') GROUP BY currency ORDER BY currency";
        let shop = self.shop.to_string();
        Ok(on_engine!(self, |conn| sqlx::query_as(SQL).bind(shop).bind(ms(from)).fetch_all(conn).await?))
    }

    /// How much an account has sent since a moment that cost nothing for a reason.
    pub async fn free_sends_since(&mut self, account: &str, why: &str, from: Timestamp) -> Result<i64, Error> {
        const SQL: &str = "SELECT COUNT(*) FROM sends
            WHERE shop_id = $1 AND created_at >= $2 AND account = $3 AND free_why = $4
                AND state NOT IN ('held', 'failed', 'dropped')";
        let shop = self.shop.to_string();
        let (count,): (i64,) = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(ms(from))
            .bind(account)
            .bind(why)
            .fetch_one(conn)
            .await?);
        Ok(count)
    }

    /// How far each message of a conversation after a number has come.
    pub async fn ticks(&mut self, c: &ConversationId, after: i64) -> Result<Vec<Ticks>, Error> {
        const SQL: &str = "SELECT message_id, state, problem FROM sends
            WHERE shop_id = $1 AND conversation_id = $2 AND seq > $3 AND kind <> $4 AND superseded = 0
            ORDER BY seq, part";
        let shop = self.shop.to_string();
        let rows: Vec<(String, String, Option<String>)> = on_engine!(self, |conn| sqlx::query_as(SQL)
            .bind(shop)
            .bind(c.as_str())
            .bind(after)
            .bind(WAITING)
            .fetch_all(conn)
            .await?);
        let mut ticks: Vec<Ticks> = Vec::new();
        for (message, state, problem) in rows {
            let what = format!("sends of {message}");
            let state = SendState::of_word(&state).ok_or_else(|| unreadable(&what))?;
            let problem = problem.map(|text| from_json::<Problem>(&text, &what)).transpose()?;
            match ticks.last_mut().filter(|ticks| ticks.message.as_str() == message) {
                Some(ticks) => ticks.add(state, problem),
                None => ticks.push(Ticks { message: MessageId::new(message), state, problem }),
            }
        }
        Ok(ticks)
    }
}

impl Ticks {
    /// Another part: the whole is as far as the part that is least far.
    fn add(&mut self, state: SendState, problem: Option<Problem>) {
        if self.state != SendState::Failed && (state == SendState::Failed || place(state) < place(self.state)) {
            self.state = state;
        }
        self.problem = self.problem.take().or(problem);
    }
}

fn place(state: SendState) -> usize {
    SendState::ALL.iter().position(|one| *one == state).unwrap_or_default()
}

fn send(row: Row) -> Result<Send, Error> {
    let what = format!("send {}", row.id);
    let held = row.kind == HELD;
    Ok(Send {
        conversation: ConversationId::new(row.conversation_id),
        message: MessageId::new(row.message_id),
        seq: row.seq,
        part: row.part,
        account: row.account,
        kind: row.kind,
        category: Category::of_word(&row.category).ok_or_else(|| unreadable(&what))?,
        state: SendState::of_word(&row.state).ok_or_else(|| unreadable(&what))?,
        body: if held { serde_json::Value::Null } else { from_json(&row.body, &what)? },
        outside_id: row.outside_id,
        doubles: row.doubles != 0,
        tries: u32::try_from(row.tries).map_err(|_| unreadable(&what))?,
        due_at: row.due_at.map(|due| at(due, &what)).transpose()?,
        estimate: row.estimate_millionths,
        currency: row.currency,
        free_why: row.free_why,
        pricing: row.pricing.map(|text| from_json(&text, &what)).transpose()?,
        problem: row.problem.map(|text| from_json(&text, &what)).transpose()?,
        superseded: row.superseded != 0,
        created_at: at(row.created_at, &what)?,
        id: SendId::new(row.id),
    })
}
