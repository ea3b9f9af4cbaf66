//! Whether a message may leave at all: STOP, consent, and what a day may cost.

use crate::agent::reflex::is_stop;
use crate::app::App;
use crate::conversation::outbox::consent;
use crate::domain::contact::Contact;
use crate::domain::message::{Author, Body, Message, Reply};
use crate::domain::template::Category;
use crate::domain::window::Window;
use crate::store::{self, Tx};

/// Messages before one that are looked through for what the shopper said last.
const LOOKED_BACK: i64 = 20;

/// Why a message stays, in words for colleagues; nothing if it may leave.
pub async fn stays(
    app: &App,
    tx: &mut Tx,
    contact: &Contact,
    message: &Message,
    reply: &Reply,
    window: &Window,
) -> Result<Option<&'static str>, store::Error> {
    let promotes = reply.template.as_ref().is_some_and(|template| template.category == Category::Marketing);
    if promotes && !consent::given(tx, &contact.id).await? {
        return Ok(Some("the shopper has not agreed to promotions"));
    }
    if contact.stopped && !answers(app, tx, message, window).await? {
        return Ok(Some("the shopper wrote STOP"));
    }
    Ok(None)
}

/// Whether a message is part of a talk that the shopper is in: an answer of the agent or a colleague, or news about what
/// they have just done, unless the last thing they said was STOP.
async fn answers(app: &App, tx: &mut Tx, message: &Message, window: &Window) -> Result<bool, store::Error> {
    match message.author {
        Author::Agent | Author::Colleague { .. } => Ok(true),
        Author::Shopper => Ok(false),
        Author::Shop => {
            if !window.is_open(app.now()) {
                return Ok(false);
            }
            let before = tx.messages_until(&message.conversation, message.seq, LOOKED_BACK).await?;
            let last = before.iter().rev().find_map(|m| match &m.body {
                Body::Heard(said) => Some(said),
                Body::Reply(_) => None,
            });
            Ok(last.is_some_and(|said| !said.written().is_some_and(is_stop)))
        }
    }
}
