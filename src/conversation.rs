//! The life of a message, from arrival to delivery.

pub mod deliver;
pub mod hand_off;
pub mod notify;
pub mod outbox;
pub mod receive;
pub mod respond;
pub mod whatsapp;

use crate::agent;
use crate::agent::wording::{Voice, spoken};
use crate::app::App;
use crate::channel;
use crate::checkout;
use crate::domain::id::ConversationId;
use crate::domain::job::Job;
use crate::domain::message::{Author, Body, Message, Reply};
use crate::store::{self, Tx};

/// Why a step in a message's life did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rows could not be read or written.
    #[error("the conversation could not be stored")]
    Store(#[from] store::Error),
    /// The turn did not end.
    #[error("the turn did not end")]
    Agent(#[from] agent::Error),
    /// The channel did not take the message.
    #[error("the message was not delivered")]
    Channel(#[from] channel::Error),
    /// A step of a purchase failed.
    #[error("a step of the purchase failed")]
    Checkout(#[from] checkout::Error),
    /// A network was asked for something and did not answer as it should.
    #[error("the network did not tell what it was asked for")]
    Network(#[source] channel::BoxError),
    /// A file that came with a message is not there yet.
    #[error("a file that came with a message could not be fetched")]
    Media(#[source] channel::BoxError),
    /// Something named does not exist.
    #[error("{0} does not exist")]
    Missing(String),
}

/// Adds a reply to a conversation and has it delivered: one transaction, one message.
pub async fn say(
    app: &App,
    tx: &mut Tx,
    conversation: &ConversationId,
    author: Author,
    reply: Reply,
) -> Result<Message, store::Error> {
    let message = Message {
        id: app.new_id(),
        conversation: conversation.clone(),
        seq: 0,
        author,
        body: Body::Reply(Box::new(reply)),
        at: app.now(),
        external_id: None,
    };
    let message = tx.append(message).await?;
    let job = Job::Deliver { conversation: conversation.clone(), message: message.id.clone() };
    app.enqueue(tx, &job).await?;
    Ok(message)
}

/// Messages that are looked through for the shopper's language.
const HEARD_MAX: i64 = 20;

/// How the shopper of a conversation is spoken to: the language they spoke last, or what is known of them.
pub async fn voice(tx: &mut Tx, conversation: &ConversationId) -> Result<Voice, store::Error> {
    let heard = tx.messages_until(conversation, i64::MAX, HEARD_MAX).await?;
    let of = tx.conversation(conversation).await?.map(|conversation| conversation.contact);
    let contact = match of {
        Some(id) => tx.contact(&id).await?.map(|contact| contact.locale),
        None => None,
    };
    let shop = tx.shop().await?.map(|shop| shop.locale).unwrap_or_default();
    Ok(spoken(heard.iter().rev(), contact.as_deref().unwrap_or(&shop), &shop))
}
