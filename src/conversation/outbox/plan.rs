//! What is handed over for a message: rendered, priced and written down once, or again when it could not leave before.

use crate::app::App;
use crate::channel::whatsapp::line::Line;
use crate::channel::whatsapp::render::{self, Bubble, Situation};
use crate::channel::whatsapp::template::{self, ButtonShape};
use crate::conversation::outbox::{another, leave, mishap, price};
use crate::conversation::{Error, voice};
use crate::domain::conversation::Conversation;
use crate::domain::id::MessageId;
use crate::domain::message::{Author, Body, Message, Reply};
use crate::domain::send::{Event, HELD, Problem, Send, SendState, WAITING};
use crate::domain::template::{Category, Template};
use crate::store::{self, Tx};
use crate::wording::Voice;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The form that tells a shopper that something waits for them.
const REPLY_WAITING: &str = "reply_waiting";
/// What its button brings back: nothing is to be answered, only released.
pub const READ: &str = "waiting:read";
/// Messages that are looked through for the one that is answered.
const ASKED_BACK: i64 = 20;

/// Writes down what is to be handed over for a message, unless it was done before.
pub async fn plan(app: &App, tx: &mut Tx, line: &Line, c: &Conversation, id: &MessageId) -> Result<(), Error> {
    let rows = tx.sends_of(id).await?;
    let held = rows.iter().find(|row| row.state == SendState::Held);
    if !rows.is_empty() && held.is_none() {
        return Ok(());
    }
    let message = tx.message(id).await?.ok_or_else(|| Error::Missing(format!("message {id}")))?;
    let Body::Reply(reply) = &message.body else {
        return Ok(());
    };
    let contact = tx.contact(&c.contact).await?.ok_or_else(|| Error::Missing(format!("contact {}", c.contact)))?;
    let planned = Planned { app, line, c, message: &message, rows: &rows };
    let (window, _) = tx.window(&c.id).await?;
    if let Some(why) = leave::stays(app, tx, &contact, &message, reply, &window).await? {
        tracing::info!(message = %id, why, "a message stays");
        return Ok(planned.drop(tx, why).await?);
    }
    let voice = voice(tx, &c.id).await?;
    let bubbles = if window.is_open(app.now()) {
        let quote = quote(tx, c, &message).await?;
        // What the network's catalogue turned out not to have is shown in our own words.
        let refused = rows.iter().any(|row| row.problem.is_some() && is_of_catalogue(&row.body));
        let catalog = Some(line.settings.catalog_id.as_str()).filter(|id| !id.is_empty() && !refused);
        render::render(reply, &Situation { catalog, quote: quote.as_deref(), voice: &voice, now: app.now() })
    } else {
        match planned.template(tx, reply).await? {
            Some(bubble) => vec![bubble],
            None => return Ok(planned.hold(tx, reply, &voice, window.heard_at).await?),
        }
    };
    if bubbles.is_empty() {
        return Ok(planned.drop(tx, "there is nothing in it that this network can carry").await?);
    }
    planned.write(tx, bubbles).await?;
    Ok(())
}

/// Whether a body shows goods out of the network's own catalogue.
pub(super) fn is_of_catalogue(body: &serde_json::Value) -> bool {
    let kind = body.pointer("/interactive/type").and_then(serde_json::Value::as_str);
    matches!(kind, Some("product" | "product_list"))
}

/// What is known while a message is planned.
struct Planned<'a> {
    app: &'a App,
    line: &'a Line,
    c: &'a Conversation,
    message: &'a Message,
    rows: &'a [Send],
}

impl Planned<'_> {
    fn fresh(&self, after: usize) -> Send {
        let fresh = another(self.app, self.rows, self.c, (&self.message.id, self.message.seq), &self.line.account);
        Send { part: fresh.part + i64::try_from(after).unwrap_or(i64::MAX), ..fresh }
    }

    async fn write(&self, tx: &mut Tx, bubbles: Vec<Bubble>) -> Result<(), store::Error> {
        self.unhold(tx).await?;
        for (n, bubble) in bubbles.into_iter().enumerate() {
            let kind = bubble.kind;
            let send = self.carrying(tx, kind, bubble, n).await?;
            tx.insert_send(&send).await?;
        }
        Ok(())
    }

    async fn carrying(&self, tx: &mut Tx, kind: &str, bubble: Bubble, after: usize) -> Result<Send, store::Error> {
        let price = price::of(self.app, tx, self.line, self.c, bubble.category).await?;
        Ok(Send {
            kind: kind.to_owned(),
            category: bubble.category,
            body: bubble.body,
            doubles: bubble.doubles,
            estimate: price.as_ref().map(|price| price.micros),
            free_why: price.as_ref().and_then(|price| price.free).map_or("", price::word).to_owned(),
            currency: price.map(|price| price.currency).unwrap_or_default(),
            ..self.fresh(after)
        })
    }

    /// What stood for the whole message gives way to what carries it.
    async fn unhold(&self, tx: &mut Tx) -> Result<(), store::Error> {
        for row in self.rows.iter().filter(|row| row.state == SendState::Held) {
            let gone = Send { state: row.state.on(Event::Drop), superseded: true, ..row.clone() };
            tx.move_send(&gone, (row.state, row.tries), self.app.now()).await?;
        }
        Ok(())
    }

    async fn drop(&self, tx: &mut Tx, why: &str) -> Result<(), store::Error> {
        self.unhold(tx).await?;
        let problem = Some(Problem { code: 0, text: why.to_owned() });
        let send = Send { kind: HELD.to_owned(), state: SendState::Dropped, due_at: None, problem, ..self.fresh(0) };
        tx.insert_send(&send).await
    }

    /// The message in a form that may leave at any time, if it has one that the account may use.
    async fn template(&self, tx: &mut Tx, reply: &Reply) -> Result<Option<Bubble>, store::Error> {
        let Some(wanted) = &reply.template else {
            return Ok(None);
        };
        self.filled(tx, wanted, None).await
    }

    async fn filled(
        &self,
        tx: &mut Tx,
        wanted: &Template,
        payload: Option<&str>,
    ) -> Result<Option<Bubble>, store::Error> {
        let shop = tx.shop().await?.map(|shop| shop.locale).unwrap_or_default();
        let list = tx.templates(&self.line.account).await?;
        let Some(form) = template::choose_for(&list, wanted, &shop) else {
            tracing::warn!(template = %wanted.name, "no approved template of this name; souk whatsapp templates lists them");
            return Ok(None);
        };
        let mut wanted = wanted.clone();
        let has_reply = form.buttons.iter().any(|button| matches!(button, ButtonShape::QuickReply { .. }));
        if let Some(payload) = payload.filter(|_| has_reply) {
            wanted.values.insert("payload".to_owned(), payload.to_owned());
        }
        match template::fill(&wanted, form) {
            Ok(bubble) => Ok(Some(bubble)),
            Err(error) => {
                tracing::warn!(%error, "a template could not be filled");
                Ok(None)
            }
        }
    }

    /// Keeps the message until the shopper writes, and has them know once that it is there.
    async fn hold(
        &self,
        tx: &mut Tx,
        reply: &Reply,
        voice: &Voice,
        heard_at: Option<Timestamp>,
    ) -> Result<(), store::Error> {
        if reply.template.as_ref().is_some_and(|template| template.category == Category::Marketing) {
            return self.drop(tx, "there is no approved template for it").await;
        }
        let is_held = self.rows.iter().any(|row| row.state == SendState::Held);
        if !is_held {
            let held = Send { kind: HELD.to_owned(), state: SendState::Held, due_at: None, ..self.fresh(0) };
            tx.insert_send(&held).await?;
        }
        let since = heard_at.unwrap_or(Timestamp::UNIX_EPOCH);
        if tx.told_of_waiting(&self.c.id, since).await? {
            return Ok(());
        }
        let wanted = Template {
            name: REPLY_WAITING.to_owned(),
            language: voice.locale().to_string(),
            category: Category::Utility,
            values: BTreeMap::new(),
        };
        let stopped = tx.contact(&self.c.contact).await?.is_some_and(|contact| contact.stopped);
        let note = if stopped { None } else { self.filled(tx, &wanted, Some(READ)).await? };
        match note {
            Some(bubble) => {
                let send = self.carrying(tx, WAITING, bubble, usize::from(!is_held)).await?;
                tx.insert_send(&send).await
            }
            None => {
                let what =
                    "A message waits until the shopper writes: the window is closed and no approved template fits.";
                mishap::tell(self.app, tx, &self.c.id, what).await
            }
        }
    }
}

/// The network's id of the message that an answer is to, if the shopper has written more meanwhile.
async fn quote(tx: &mut Tx, c: &Conversation, message: &Message) -> Result<Option<String>, store::Error> {
    if message.author != Author::Agent {
        return Ok(None);
    }
    let before = tx.messages_until(&c.id, i64::MAX, ASKED_BACK).await?;
    let mut heard = before.iter().rev().filter(|m| m.author == Author::Shopper);
    let newest = heard.next();
    let answered = newest.into_iter().chain(heard).find(|m| m.seq <= c.answered_seq);
    let is_newest = newest.map(|m| m.seq) == answered.map(|m| m.seq);
    Ok(answered.filter(|_| !is_newest).and_then(|m| m.external_id.clone()))
}
