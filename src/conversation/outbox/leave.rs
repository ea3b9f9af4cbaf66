//! Whether a message may leave at all: STOP, consent, and what a day may cost.

use crate::agent::budget::beginning;
use crate::agent::reflex::is_stop;
use crate::app::App;
use crate::channel::whatsapp::NETWORK;
use crate::config::budget::Budget;
use crate::conversation::outbox::consent;
use crate::domain::contact::Contact;
use crate::domain::finding::{Finding, FindingKind};
use crate::domain::message::{Author, Body, Message, Reply};
use crate::domain::message_budget::{Verdict, Wish, may_leave};
use crate::domain::template::Category;
use crate::domain::usage::amount;
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
    let is_news = message.author == Author::Shop && !window.is_open(app.now());
    let wish = match (promotes, is_news) {
        (true, _) => Wish::Marketing,
        (false, true) => Wish::Proactive,
        (false, false) => Wish::Answer,
    };
    let stays = over_budget(app, tx, wish).await?;
    Ok(stays.then_some("what messages may cost today is spent"))
}

/// Whether a message stays because of what the day has cost; whoever runs the shop is told, once a day in the log and for
/// as long as it is so in the console.
async fn over_budget(app: &App, tx: &mut Tx, wish: Wish) -> Result<bool, store::Error> {
    let limit = Budget::limit(&app.config.whatsapp.day_cost).and_then(|limit| i64::try_from(limit).ok());
    let (Some(limit), Some(shop)) = (limit, tx.shop().await?) else {
        return Ok(false);
    };
    let today = shop.day(app.now());
    let costs = tx.sends_cost_since(beginning(today, &shop)).await?;
    // Amounts of two currencies cannot be added.
    let spent = costs.iter().map(|(_, cost)| *cost).max().unwrap_or_default();
    let verdict = may_leave(spent, Some(limit), wish);
    if verdict == Verdict::Leave {
        tx.clear_finding(FindingKind::MessagesCost, NETWORK, app.now()).await?;
        return Ok(false);
    }
    let step = if spent >= limit { "all" } else { "most" };
    if tx.first_sight("whatsapp/budget", &format!("{today} {step}"), app.now()).await? {
        tracing::warn!(spent, limit, "the day's budget for WhatsApp messages is spent, or nearly (millionths)");
    }
    let told = |millionths: i64| amount(millionths.unsigned_abs());
    let finding = Finding {
        id: app.new_id(),
        kind: FindingKind::MessagesCost,
        about: NETWORK.to_owned(),
        order: None,
        text: format!("Messages of today are expected to cost {} of {}.", told(spent), told(limit)),
        first_seen: app.now(),
    };
    tx.note_finding(&finding, app.now()).await?;
    Ok(verdict == Verdict::Stop)
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
