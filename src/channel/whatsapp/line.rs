//! One account at work: its way to the API, its pace, and what it shows a shopper while an answer is in the making.

use crate::channel::whatsapp::client::{Client, Error as ClientError};
use crate::channel::whatsapp::pace::Pace;
use crate::channel::whatsapp::price::RateCards;
use crate::channel::whatsapp::{Account, channel_of};
use crate::channel::{Channel, Error, Outbound};
use crate::clock::Clock;
use crate::domain::id::ConversationId;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Between two typing signs in one conversation; the network shows one for 25 seconds.
const TYPING_EVERY: SignedDuration = SignedDuration::from_secs(20);
/// Signs that are on their way at the same time; more are left out.
const SIGNS_MAX: usize = 16;
/// Conversations that are remembered; then all are forgotten.
const SEEN_MAX: usize = 10_000;

/// One account at work.
pub struct Line {
    /// Its name in the settings.
    pub account: String,
    /// Its settings.
    pub settings: Account,
    /// Its way to the API.
    pub client: Arc<Client>,
    /// How fast it may send.
    pub pace: Pace,
    /// What its messages cost.
    pub cards: Arc<RateCards>,
    channel: String,
    clock: Arc<dyn Clock>,
    signs: Arc<Semaphore>,
    seen: Mutex<HashMap<ConversationId, Seen>>,
}

/// The shopper's message that is being answered.
#[derive(Debug)]
struct Seen {
    message: String,
    typed_at: Timestamp,
}

impl Line {
    /// An account, ready to send.
    pub fn new(
        account: &str,
        settings: &Account,
        cards: Arc<RateCards>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ClientError> {
        Ok(Self {
            account: account.to_owned(),
            settings: settings.clone(),
            client: Arc::new(Client::new(settings)?),
            pace: Pace::new(settings.messages_per_second),
            cards,
            channel: channel_of(account),
            clock,
            signs: Arc::new(Semaphore::new(SIGNS_MAX)),
            seen: Mutex::default(),
        })
    }

    /// A turn begins: the shopper sees that their message was read and that an answer is coming. May be lost.
    pub fn begin(&self, conversation: &ConversationId, heard: &str) {
        self.show(conversation, Some(heard));
    }

    fn show(&self, conversation: &ConversationId, heard: Option<&str>) {
        let now = self.clock.now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let last = seen.get(conversation);
        let Some(message) = heard.map(str::to_owned).or_else(|| last.map(|seen| seen.message.clone())) else {
            return;
        };
        let is_new = last.is_none_or(|seen| seen.message != message);
        if !is_new && last.is_some_and(|seen| now.duration_since(seen.typed_at) < TYPING_EVERY) {
            return;
        }
        if seen.len() >= SEEN_MAX {
            seen.clear();
        }
        seen.insert(conversation.clone(), Seen { message: message.clone(), typed_at: now });
        drop(seen);
        let Ok(permit) = Arc::clone(&self.signs).try_acquire_owned() else {
            return;
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let client = Arc::clone(&self.client);
        runtime.spawn(async move {
            if let Err(error) = client.mark_read(&message, true).await {
                tracing::debug!(%error, "a typing sign was lost");
            }
            drop(permit);
        });
    }
}

#[async_trait::async_trait]
impl Channel for Line {
    fn name(&self) -> &str {
        &self.channel
    }

    async fn send(&self, _outbound: &Outbound<'_>) -> Result<Option<String>, Error> {
        // What leaves here is charged and its fate told later, so it goes through the outbox and never straight on.
        Err(Error::Refused("WhatsApp messages leave through the outbox".to_owned()))
    }

    fn progress(&self, conversation: &ConversationId, _label: &str) {
        self.show(conversation, None);
    }
}
