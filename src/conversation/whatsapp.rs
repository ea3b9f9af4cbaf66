//! What WhatsApp tells becomes rows: everything of a body in one transaction, and each thing once.

pub mod begin;
mod change;
mod hear;
pub mod intake;
pub mod media;
mod staff;
pub mod template_news;
pub mod tidy;
mod who;

use crate::app::App;
use crate::channel::whatsapp::event::{Event, Preference, Told};
use crate::channel::whatsapp::order_message::payment_status;
use crate::channel::whatsapp::parse::{self, Parsed};
use crate::channel::whatsapp::{account_of, channel_of, settings::Account};
use crate::conversation::outbox;
use crate::domain::id::ConversationId;
use crate::domain::message::Message;
use crate::store::channel_events::ChannelEvent;
use crate::store::consents::Consent;
use crate::store::{self, Tx};
use bytes::Bytes;
use jiff::Timestamp;
use secrecy::ExposeSecret;

/// A body that is believed.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The account of the address it came to.
    account: String,
    body: Bytes,
    parsed: Parsed,
}

/// What became of the things in a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Took {
    /// Seen for the first time.
    pub new: u64,
    /// Seen before.
    pub repeated: u64,
}

impl Delivery {
    /// Reads a body whose signature was right.
    pub fn read(account: &str, body: Bytes) -> Self {
        let parsed = parse::parse(&body);
        Self { account: account.to_owned(), body, parsed }
    }

    /// How many things it tells.
    pub fn len(&self) -> usize {
        self.parsed.told.len()
    }

    /// Whether it tells nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Takes a body in, within a transaction.
async fn take(app: &App, tx: &mut Tx, delivery: &Delivery) -> Result<Took, store::Error> {
    let mut took = Took::default();
    let whole = |kind: &str| Told {
        event: Event::Other { kind: kind.to_owned() },
        field: String::new(),
        number: None,
        raw: String::from_utf8_lossy(&delivery.body).into_owned(),
    };
    if delivery.parsed.strange {
        keep(app, tx, &delivery.account, &whole("not a webhook of WhatsApp"), None).await?;
    }
    if delivery.parsed.cut {
        tracing::error!(account = delivery.account, most = parse::EVENTS_MAX, "a body told more than is read");
        keep(app, tx, &delivery.account, &whole("more than is read"), None).await?;
    }
    for told in &delivery.parsed.told {
        let new = match account_for(app, &delivery.account, told) {
            Some(account) => take_one(app, tx, account, told).await?,
            // Answering it would come from another number than the one that was written to.
            None => keep(app, tx, &delivery.account, told, Some("for a number that is not set up")).await?,
        };
        if new {
            took.new += 1;
        } else {
            took.repeated += 1;
        }
    }
    Ok(took)
}

/// The account something is about. An app has one address for all its numbers: another account is believed if the same
/// secret signs for it.
fn account_for<'a>(app: &'a App, came_to: &'a str, told: &Told) -> Option<&'a str> {
    let accounts = &app.config.whatsapp.accounts;
    let Some(number) = &told.number else { return Some(came_to) };
    let own = accounts.get(came_to)?;
    if own.phone_number_id == *number {
        return Some(came_to);
    }
    let shares = |other: &Account| {
        let secret = |a: &Account| a.app_secret.iter().map(|s| s.expose_secret().trim().to_owned()).collect::<Vec<_>>();
        let own = secret(own);
        secret(other).iter().any(|s| !s.is_empty() && own.contains(s))
    };
    let found = accounts.iter().find(|(_, other)| other.phone_number_id == *number && shares(other));
    found.map(|(name, _)| name.as_str())
}

/// Takes one thing in. Answers false when it came in before.
async fn take_one(app: &App, tx: &mut Tx, account: &str, told: &Told) -> Result<bool, store::Error> {
    let id = match &told.event {
        Event::Message(heard) => Some(&heard.id),
        Event::Echo(echo) => Some(&echo.id),
        Event::Edit(edit) => Some(&edit.now.id),
        Event::Revoke(revoke) => Some(&revoke.id),
        Event::Reaction(reaction) => Some(&reaction.id),
        _ => None,
    };
    if let Some(id) = id
        && !tx.first_sight(&channel_of(account), id, app.now()).await?
    {
        return Ok(false);
    }
    match &told.event {
        Event::Message(heard) => hear::hear(app, tx, account, heard).await?,
        Event::Echo(echo) => staff::wrote(app, tx, account, echo).await?,
        Event::Edit(edit) if edit.by_colleague => staff::edited(tx, account, edit).await?,
        Event::Edit(edit) => change::edited(app, tx, account, edit).await?,
        Event::Revoke(revoke) if revoke.by_colleague => staff::took_back(tx, account, revoke).await?,
        Event::Revoke(revoke) => change::took_back(tx, account, revoke).await?,
        Event::Reaction(reaction) => change::reacted(app, tx, account, reaction).await?,
        // Repeats are the outbox's own business: it knows how far a message has come.
        Event::Status(news) => outbox::hear(app, tx, account, news).await?,
        Event::Moved(moved) => {
            if !keep(app, tx, account, told, Some("changed id")).await? {
                return Ok(false);
            }
            who::moved(app, tx, moved).await?;
        }
        Event::Preference(preference) => {
            if !keep(app, tx, account, told, Some("preference")).await? {
                return Ok(false);
            }
            prefer(app, tx, account, preference).await?;
        }
        Event::Template(news) => {
            if !keep(app, tx, account, told, Some("template")).await? {
                return Ok(false);
            }
            template_news::template_news(app, tx, account, news).await?;
        }
        Event::Account(news) => {
            if !keep(app, tx, account, told, Some(&news.event)).await? {
                return Ok(false);
            }
            if news.grave {
                tracing::error!(account, kind = news.kind, event = news.event, "Meta says something about the account");
            }
        }
        Event::Payment => {
            if !keep(app, tx, account, told, Some("payment")).await? {
                return Ok(false);
            }
            let change: serde_json::Value = serde_json::from_str(&told.raw).unwrap_or_default();
            for hint in change.get("value").map(payment_status::read).unwrap_or_default() {
                app.enqueue(tx, &hint.job()).await?;
            }
        }
        Event::Errors { codes } => {
            tracing::warn!(account, ?codes, "Meta tells of an error of its own");
            return keep(app, tx, account, told, Some("errors")).await;
        }
        Event::Other { .. } => return keep(app, tx, account, told, None).await,
    }
    Ok(true)
}

/// Keeps something as it came. Answers false when the very same was kept before.
async fn keep(app: &App, tx: &mut Tx, account: &str, told: &Told, kind: Option<&str>) -> Result<bool, store::Error> {
    let kind = match (&told.event, kind) {
        (_, Some(kind)) => kind,
        (Event::Other { kind }, None) => kind,
        _ => "",
    };
    let event = ChannelEvent {
        account: account.to_owned(),
        field: told.field.clone(),
        kind: kind.to_owned(),
        raw: told.raw.clone(),
        at: app.now(),
    };
    tx.keep_channel_event(&event).await
}

/// The shopper told the network whether they want advertising. It is kept even of somebody who never wrote.
async fn prefer(app: &App, tx: &mut Tx, account: &str, told: &Preference) -> Result<(), store::Error> {
    let granted = match told.value.to_lowercase().as_str() {
        "stop" => false,
        "resume" | "signup" => true,
        _ => return Ok(()),
    };
    let contact = who::wrote(app, tx, &told.sender).await?;
    let consent = Consent {
        source: channel_of(account),
        text: told.detail.clone(),
        at: network_time(app, told.at),
        ..Consent::to_marketing(app.ids.as_ref(), &contact, granted, app.now())
    };
    tx.add_consent(&consent).await
}

/// A moment by the network's clock; one that is to come is now.
fn network_time(app: &App, at: Option<Timestamp>) -> Timestamp {
    at.unwrap_or_else(|| app.now()).min(app.now())
}

/// Our message that the network names so.
async fn named(tx: &mut Tx, id: &ConversationId, outside: &str) -> Result<Option<Message>, store::Error> {
    if let Some(message) = tx.message_by_outside(id, outside).await? {
        return Ok(Some(message));
    }
    // A message of ours may have gone out in several pieces, each with a name of its own.
    let Some(account) = tx.conversation(id).await?.and_then(|c| account_of(&c.channel).map(str::to_owned)) else {
        return Ok(None);
    };
    match tx.send_by_outside(&account, outside).await?.filter(|send| &send.conversation == id) {
        Some(send) => tx.message(&send.message).await,
        None => Ok(None),
    }
}
