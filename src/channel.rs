//! Networks that carry messages: what comes in, what goes out, and the rules of each.

pub mod ask_to_pay;
pub mod fake;
pub mod web;
pub mod whatsapp;

use crate::domain::id::ConversationId;
use crate::domain::message::{Message, Said};

/// A network that can carry a reply.
#[async_trait::async_trait]
pub trait Channel: Send + Sync {
    /// `web`, `terminal`, `whatsapp:main`.
    fn name(&self) -> &str;

    /// Hands a message over; answers the network's own id of it, if it has one.
    async fn send(&self, outbound: &Outbound<'_>) -> Result<Option<String>, Error>;

    /// Tells the shopper what is being done; may be lost.
    fn progress(&self, conversation: &ConversationId, label: &str);
}

/// A message that came in, verified and parsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbound {
    /// Which network.
    pub channel: String,
    /// The sender's id on it.
    pub alias: String,
    /// The network's id of the message, to recognise a repeat.
    pub external_id: String,
    /// What was said.
    pub said: Said,
    /// The sender's name, if the network tells.
    pub name: Option<String>,
}

/// A message to be carried.
#[derive(Clone, Copy, Debug)]
pub struct Outbound<'a> {
    /// The receiver's id on the network.
    pub alias: &'a str,
    /// What to carry.
    pub message: &'a Message,
}

/// Why a message was not carried.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Try again later.
    #[error("the channel is busy or not reachable")]
    Busy(#[source] BoxError),
    /// This message will never go.
    #[error("the channel refused the message: {0}")]
    Refused(String),
}

/// A cause of any kind.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
