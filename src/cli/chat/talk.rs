//! One conversation in the terminal: saying something, waiting until all of its answer is there, reading what is new.

use crate::cli::BoxError;
use crate::cli::chat::CHANNEL;
use souk::app::App;
use souk::channel::Inbound;
use souk::conversation::receive::receive;
use souk::domain::conversation::Conversation;
use souk::domain::message::{Author, Message, Said};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often the store is looked at while an answer is awaited.
const LOOK_EVERY: Duration = Duration::from_millis(40);
/// How long an answer may take, retries included.
const ANSWER_MAX: Duration = Duration::from_secs(300);
/// How long what follows an answer (a payment page, for instance) may take.
const FOLLOW_MAX: Duration = Duration::from_secs(20);
/// Messages read at once.
const BATCH: i64 = 100;

/// A conversation.
pub struct Talk {
    /// The program.
    pub app: Arc<App>,
    alias: String,
    seen: i64,
}

impl Talk {
    /// Goes on where the last one ended.
    pub async fn begin(app: Arc<App>, alias: String) -> Result<Self, BoxError> {
        let mut talk = Self { app, alias, seen: 0 };
        talk.seen = talk.conversation().await?.map_or(0, |c| c.last_seq);
        Ok(talk)
    }

    /// The conversation, once it has begun.
    pub async fn conversation(&self) -> Result<Option<Conversation>, BoxError> {
        Ok(self.app.store.read(&self.app.shop).await?.conversation_of(CHANNEL, &self.alias).await?)
    }

    /// The last messages, for somebody who comes back.
    pub async fn earlier(&self, count: i64) -> Result<Vec<Message>, BoxError> {
        let Some(conversation) = self.conversation().await? else { return Ok(Vec::new()) };
        Ok(self.app.store.read(&self.app.shop).await?.messages_until(&conversation.id, i64::MAX, count).await?)
    }

    /// Says something; answers its number.
    pub async fn say(&self, said: Said) -> Result<i64, BoxError> {
        let external_id = self.app.ids.secret();
        let inbound = Inbound { channel: CHANNEL.to_owned(), alias: self.alias.clone(), external_id, said, name: None };
        let received = receive(&self.app, &self.app.shop, inbound).await?;
        Ok(received.message.map_or(0, |m| m.seq))
    }

    /// Whether a message was answered, or left to a colleague.
    pub async fn answered(&self, seq: i64) -> Result<bool, BoxError> {
        Ok(self.conversation().await?.is_some_and(|c| c.answered_seq >= seq))
    }

    /// Waits until a message is answered and everything that follows from it is done.
    pub async fn settle(&self, seq: i64) -> Result<(), BoxError> {
        let begun = Instant::now();
        while !self.answered(seq).await? {
            if begun.elapsed() > ANSWER_MAX {
                return Err(
                    format!("no answer came within {} seconds; `souk doctor` says why", ANSWER_MAX.as_secs()).into()
                );
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let begun = Instant::now();
        while begun.elapsed() < FOLLOW_MAX && !self.quiet().await? {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Whether nothing is being done, and nothing is due.
    async fn quiet(&self) -> Result<bool, BoxError> {
        // Due first: a job that is claimed in between is then seen running.
        let due = self.app.store.next_due().await?.is_some_and(|due| due <= self.app.now());
        Ok(!due && self.app.store.count_jobs().await?.running == 0)
    }

    /// What the shop said since the last look.
    pub async fn news(&mut self) -> Result<Vec<Message>, BoxError> {
        let Some(conversation) = self.conversation().await? else { return Ok(Vec::new()) };
        if conversation.last_seq <= self.seen {
            return Ok(Vec::new());
        }
        let messages =
            self.app.store.read(&self.app.shop).await?.messages_after(&conversation.id, self.seen, BATCH).await?;
        self.seen = messages.last().map_or(self.seen, |m| m.seq);
        Ok(messages.into_iter().filter(|m| m.author != Author::Shopper).collect())
    }
}
