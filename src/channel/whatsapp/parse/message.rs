//! One message, or one thing that comes in a message's place.

use crate::channel::whatsapp::event::{Echo, Edit, Event, Heard, Moved, Reaction, Revoke, Sender};
use crate::channel::whatsapp::parse::json::Fields;
use crate::channel::whatsapp::parse::{WORD_CHARS_MAX, id, moment, said, who};
use crate::domain::enclosed::Enclosed;
use crate::domain::identity::{Ids, is_user_id};
use crate::domain::message::Said;

/// Letters of a reaction.
const EMOJI_CHARS_MAX: usize = 16;

/// Reads a shopper's message.
pub(super) fn read(message: &Fields<'_>, sender: Sender) -> Event {
    let kind = message.word("type", WORD_CHARS_MAX);
    if message.get("group_id").is_some() {
        return other("group");
    }
    if kind == "system" {
        return system(message, sender);
    }
    // Without an id a repeat could not be told from a new message.
    let Some(own) = id(message, "id") else {
        return other(&format!("{kind} without an id"));
    };
    if sender.ids == Ids::default() {
        return other(&format!("{kind} of nobody"));
    }
    match kind.as_str() {
        "reaction" => reaction(message, own, sender),
        "edit" => edit(message, own, sender, false),
        "revoke" => revoke(message, own, sender, false),
        _ => Event::Message(Box::new(heard(message, &kind, own, sender))),
    }
}

/// Reads what a colleague wrote from the phone's own app.
pub(super) fn echo(message: &Fields<'_>, receiver: Sender) -> Event {
    let kind = message.word("type", WORD_CHARS_MAX);
    let Some(own) = id(message, "id").filter(|_| receiver.ids != Ids::default()) else {
        return other("echo to nobody");
    };
    if message.get("group_id").is_some() {
        return other("group");
    }
    match kind.as_str() {
        "reaction" => other("reaction of a colleague"),
        "edit" => edit(message, own, receiver, true),
        "revoke" => revoke(message, own, receiver, true),
        _ => {
            let at = moment(message, "timestamp");
            let heard = heard(message, &kind, own, receiver);
            let extras = heard.said.extras();
            let text = heard.said.words().to_owned();
            Event::Echo(Box::new(Echo { id: heard.id, receiver: heard.sender, at, text, extras }))
        }
    }
}

/// A message with words or things.
fn heard(message: &Fields<'_>, kind: &str, id: String, sender: Sender) -> Heard {
    let read = said::read(message, kind);
    let context = message.inner("context");
    let referral = message.inner("referral");
    let mut said = read.said;
    let about = context.inner("referred_product").short("product_retailer_id", WORD_CHARS_MAX);
    let advert = said::advert(&referral);
    let answers = context.short("id", super::ID_CHARS_MAX);
    let entered = referral.text("ctwa_clid").is_some() || referral.text("source_type").as_deref() == Some("ad");
    // A tap is a whole request by itself: what it was tapped on stands in its id.
    if !matches!(said, Said::Tap { .. }) && (about.is_some() || advert.is_some() || answers.is_some()) {
        let mut sent = match said {
            Said::Sent(sent) => *sent,
            other => crate::domain::enclosed::Sent::of_words(other.words()),
        };
        sent.about = about;
        sent.enclosed.extend(advert);
        said = Said::Sent(Box::new(sent));
    }
    Heard {
        id,
        sender,
        at: moment(message, "timestamp"),
        said,
        files: read.files,
        answers,
        entered,
        phones: read.phones,
    }
}

fn reaction(message: &Fields<'_>, id: String, sender: Sender) -> Event {
    let inner = message.inner("reaction");
    match super::id(&inner, "message_id") {
        Some(to) => Event::Reaction(Reaction {
            id,
            sender,
            to,
            emoji: inner.short("emoji", EMOJI_CHARS_MAX),
            at: moment(message, "timestamp"),
        }),
        None => other("reaction to nothing"),
    }
}

fn edit(message: &Fields<'_>, own: String, sender: Sender, by_colleague: bool) -> Event {
    let inner = message.inner("edit");
    let now = inner.inner("message");
    let kind = now.word("type", WORD_CHARS_MAX);
    let Some(original) = id(&inner, "original_message_id") else {
        return other("edit of nothing");
    };
    let mut now = heard(&now, &kind, own, sender);
    now.at = moment(message, "timestamp");
    Event::Edit(Box::new(Edit { original, now, by_colleague }))
}

fn revoke(message: &Fields<'_>, own: String, sender: Sender, by_colleague: bool) -> Event {
    match id(&message.inner("revoke"), "original_message_id") {
        Some(original) => Event::Revoke(Revoke { id: own, original, sender, by_colleague }),
        None => other("revoke of nothing"),
    }
}

/// A number or an id changed. The sentence that tells it is for people and is not read.
fn system(message: &Fields<'_>, sender: Sender) -> Event {
    let inner = message.inner("system");
    let kind = inner.word("type", WORD_CHARS_MAX);
    let mut now = who::ids(&inner, "wa_id", "user_id", "parent_user_id");
    if now.wa.is_none() {
        now.wa = who::ids(&inner, "new_wa_id", "", "").wa;
    }
    let told = who::ids(&inner, "", "previous_user_id", "previous_parent_user_id");
    let mut before = sender.ids;
    before.user = told.user.or(before.user);
    before.parent = told.parent.or(before.parent);
    match kind.as_str() {
        "user_changed_number" | "customer_changed_number" if now.wa.is_some() => {}
        "user_changed_user_id" if now.user.as_deref().is_some_and(is_user_id) => {}
        _ => return other(&format!("system {kind}")),
    }
    Event::Moved(Moved { id: id(message, "id"), before, now, at: moment(message, "timestamp") })
}

pub(super) fn other(kind: &str) -> Event {
    Event::Other { kind: kind.to_owned() }
}

/// Something that is there and cannot be shown.
pub(super) fn unreadable(what: &str) -> Enclosed {
    Enclosed::Unreadable { what: what.to_owned() }
}
