//! A message comes in: one transaction, no network, and only then the network is told that it arrived.

use crate::app::App;
use crate::channel::Inbound;
use crate::domain::contact::Contact;
use crate::domain::conversation::{Conversation, Memory, With};
use crate::domain::enclosed::ENCLOSED_MAX;
use crate::domain::id::{ConversationId, ShopId};
use crate::domain::job::Job;
use crate::domain::message::{Author, Body, Message, Said, TEXT_CHARS_MAX};
use crate::store::{self, Tx};
use jiff::Span;

/// Characters of a button's id or label that are kept.
const BUTTON_CHARS_MAX: usize = 200;

/// What became of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// Where it went.
    pub conversation: ConversationId,
    /// The stored message; `None` when it had come in before.
    pub message: Option<Message>,
}

/// Takes a message in and has it answered. A repeat changes nothing.
pub async fn receive(app: &App, shop: &ShopId, inbound: Inbound) -> Result<Received, store::Error> {
    let now = app.now();
    let mut tx = app.store.begin(shop).await?;
    let conversation = conversation_for(app, &mut tx, &inbound).await?;
    let source = format!("{}/{}", inbound.channel, inbound.alias);
    if !tx.first_sight(&source, &inbound.external_id, now).await? {
        return Ok(Received { conversation: conversation.id, message: None });
    }
    let message = Message {
        id: app.new_id(),
        conversation: conversation.id.clone(),
        seq: 0,
        author: Author::Shopper,
        body: Body::Heard(bounded(inbound.said)),
        at: now,
        external_id: Some(inbound.external_id),
    };
    let message = tx.append(message).await?;
    have_answered(app, &mut tx, &message).await?;
    tx.commit().await?;
    app.work.notify_waiters();
    Ok(Received { conversation: conversation.id, message: Some(message) })
}

/// Writes down that a message is to be answered.
pub(super) async fn have_answered(app: &App, tx: &mut Tx, message: &Message) -> Result<(), store::Error> {
    // A tap is a whole sentence; words may come in a burst.
    let wait = match &message.body {
        Body::Heard(Said::Tap { .. }) => 0,
        _ => i64::from(app.config.conversation.debounce_ms),
    };
    let due = app.after(Span::new().milliseconds(wait));
    app.enqueue_at(tx, &Job::Respond { conversation: message.conversation.clone() }, due).await
}

/// The conversation of a sender; contact and conversation are made on the first message.
pub async fn conversation_for(app: &App, tx: &mut Tx, inbound: &Inbound) -> Result<Conversation, store::Error> {
    if let Some(found) = tx.conversation_of(&inbound.channel, &inbound.alias).await? {
        return Ok(found);
    }
    let contact = match tx.contact_by_alias(&inbound.channel, &inbound.alias).await? {
        Some(contact) => contact,
        None => {
            let locale = tx.shop().await?.map_or_else(|| "en".to_owned(), |shop| shop.locale);
            let contact = Contact::new(app.new_id(), inbound.name.clone(), locale);
            tx.save_contact(&contact, app.now()).await?;
            tx.add_alias(&contact.id, &inbound.channel, &inbound.alias).await?;
            contact
        }
    };
    let conversation = Conversation {
        id: app.new_id(),
        contact: contact.id,
        channel: inbound.channel.clone(),
        alias: inbound.alias.clone(),
        with: With::Agent,
        memory: Memory::default(),
        last_seq: 0,
        answered_seq: 0,
    };
    tx.insert_conversation(&conversation, app.now()).await?;
    Ok(conversation)
}

/// What is kept of what was said.
pub(super) fn bounded(said: Said) -> Said {
    let cut = |text: String, max: usize| text.chars().filter(|c| *c != '\0').take(max).collect::<String>();
    match said {
        Said::Text(text) => Said::Text(cut(text, TEXT_CHARS_MAX)),
        Said::Tap { id, label } => Said::Tap { id: cut(id, BUTTON_CHARS_MAX), label: cut(label, BUTTON_CHARS_MAX) },
        Said::Sent(mut sent) => {
            sent.text = cut(sent.text, TEXT_CHARS_MAX);
            sent.enclosed.truncate(ENCLOSED_MAX);
            Said::Sent(sent)
        }
    }
}
