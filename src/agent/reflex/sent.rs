//! Messages that are more than words: a cart is taken over at our prices, and what cannot be read here is asked for in
//! words, kindly and without a model.

use crate::agent::journal::{Journal, Note};
use crate::agent::reflex::act;
use crate::agent::reflex::say::outcome;
use crate::agent::tool::{Effect, Output};
use crate::agent::wording::{self as w, Phrase, Voice, language, say};
use crate::agent::{Error, HandOffAsked, Outcome, Thread};
use crate::app::App;
use crate::domain::cart::{Cart, QUANTITY_MAX};
use crate::domain::conversation::HandOffReason;
use crate::domain::enclosed::{Enclosed, MediaKind, Sent, SentCart, SentLine};
use crate::domain::id::{ProductId, VariantId};
use crate::domain::message::{Button, Reply};
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Product, Variant};
use crate::store::Tx;
use serde_json::json;

/// Remarks about a cart in one reply.
const REMARKS_MAX: usize = 12;

/// Answers a message that is more than words, where it needs no model.
pub(super) async fn react(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    sent: &Sent,
) -> Result<Option<Outcome>, Error> {
    if let Some(cart) = sent.cart() {
        journal.note(Note::Reflex("cart sent".to_owned()));
        return take_over(app, thread, journal, cart, &sent.text).await.map(Some);
    }
    if !sent.text.trim().is_empty() {
        return Ok(None);
    }
    let sees =
        journal.look("sees pictures", async { Ok(app.config.llm.sees && app.model.is_language_model()) }).await?;
    let Some(asked) = asked_for(sent, sees) else {
        return Ok(None);
    };
    journal.note(Note::Reflex("more than words".to_owned()));
    let tongue = language(thread);
    Ok(Some(match asked {
        Asked::Say(phrase) => outcome(thread, Reply::text(tongue.pick(phrase))),
        Asked::Colleague => {
            let reply = Reply::text(tongue.pick(w::HANDING_OVER));
            let hand_off = HandOffAsked::of(HandOffReason::CannotDo, thread);
            let summary = sent.enclosed.iter().map(Enclosed::line).collect::<Vec<_>>().join("; ");
            Outcome { hand_off: Some(HandOffAsked { summary, ..hand_off }), ..outcome(thread, reply) }
        }
    }))
}

enum Asked {
    Say(Phrase),
    Colleague,
}

/// What to say to a message without words; `None` when a model looks at it.
fn asked_for(sent: &Sent, sees: bool) -> Option<Asked> {
    let thing = sent.enclosed.iter().find(|one| !matches!(one, Enclosed::Advert { .. }));
    Some(match thing {
        None => Asked::Say(w::GREETING),
        Some(Enclosed::Media(media)) => match media.what {
            MediaKind::Image if sees => return None,
            MediaKind::Voice | MediaKind::Audio => Asked::Say(w::CANNOT_HEAR),
            MediaKind::Image | MediaKind::Video | MediaKind::Document | MediaKind::Sticker => Asked::Say(w::CANNOT_SEE),
        },
        Some(Enclosed::Place { .. }) => Asked::Say(w::PLACE_SEEN),
        Some(Enclosed::People { .. }) => Asked::Say(w::PEOPLE_SEEN),
        // Nobody here knows what a merchant's own form is for.
        Some(Enclosed::Form { .. }) => Asked::Colleague,
        Some(Enclosed::Unreadable { .. } | Enclosed::Cart(_) | Enclosed::Advert { .. }) => Asked::Say(w::CANNOT_READ),
    })
}

/// A cart from the network's own catalogue becomes ours: numbers from the shopper, everything else from our rows. Then it
/// is proposed like any other, with what differs from what the shopper saw.
async fn take_over(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    sent: &SentCart,
    note: &str,
) -> Result<Outcome, Error> {
    let tongue = language(thread);
    let output = match journal.recorded()? {
        Some(output) => output,
        None => {
            let mut tx = app.store.begin(&thread.shop.id).await?;
            let cart = tx.cart(&thread.contact.id).await?;
            let (mut taken, mut remarks) = read(&mut tx, sent, &tongue).await?;
            remarks.extend(left_out(&mut tx, &cart, &taken, &tongue).await?);
            let mut output = Output::default();
            if !taken.lines.is_empty() && taken.lines != cart.lines {
                taken.version = cart.version + 1;
                tx.save_cart(&thread.contact.id, &taken, cart.version, app.now()).await?;
                output.effect = Some(Effect::CartChanged);
            }
            output.content = json!({ "remarks": remarks, "lines": taken.lines.len() });
            journal.record(&mut tx, &output).await?;
            tx.commit().await?;
            output
        }
    };
    let remarks = output.content.get("remarks").and_then(|r| r.as_array()).into_iter().flatten();
    let mut lines: Vec<String> =
        remarks.filter_map(|r| r.as_str()).take(REMARKS_MAX).map(|remark| tongue.sentence(remark)).collect();
    if !note.trim().is_empty() {
        lines.push(tongue.pick(w::CART_NOTE));
    }
    let none = output.content.get("lines").and_then(serde_json::Value::as_u64) == Some(0);
    let mut ended = if none { outcome(thread, Reply::default()) } else { act::checkout(app, thread, journal).await? };
    lines.extend(Some(std::mem::take(&mut ended.reply.text)).filter(|text| !text.is_empty()));
    ended.reply.text = lines.join("\n");
    if !note.trim().is_empty() && ended.reply.summary.is_none() {
        ended.reply.choices.push(Button::new("person", tongue.pick(w::order::TAP_PERSON)));
    }
    Ok(ended)
}

/// The lines that can be had, and what differs from what was asked for.
async fn read(tx: &mut Tx, sent: &SentCart, tongue: &Voice) -> Result<(Cart, Vec<String>), Error> {
    let (mut cart, mut remarks) = (Cart::default(), Vec::new());
    for line in &sent.lines {
        let Some((product, variant)) = article(tx, &line.sku).await? else {
            remarks.push(say(tongue, w::CART_UNKNOWN, &[("what", &line.sku)]));
            continue;
        };
        let name = product.name_of(&variant);
        let wanted = cart.quantity(&variant.id).saturating_add(line.quantity.max(1)).min(QUANTITY_MAX);
        let there = variant.stock.map_or(wanted, |left| wanted.min(u32::try_from(left).unwrap_or(0)));
        if there < wanted {
            let left = there.to_string();
            let phrase = if there == 0 { w::CART_SOLD_OUT } else { w::CART_SHORT };
            remarks.push(say(tongue, phrase, &[("what", &name), ("left", &left)]));
        }
        if let Err(refusal) = cart.set(&variant.id, there) {
            remarks.push(refusal.to_string());
            break;
        }
        if there > 0 && seen(line).is_some_and(|seen| seen != variant.price) {
            let now = tongue.money(variant.price);
            let before = seen(line).map(|seen| tongue.money(seen)).unwrap_or_default();
            remarks.push(say(tongue, w::CART_PRICE, &[("what", &name), ("now", &now), ("seen", &before)]));
        }
    }
    Ok((cart, remarks))
}

/// The price the shopper saw, if it can be read.
fn seen(line: &SentLine) -> Option<Money> {
    Money::parse(line.price.as_deref()?, Currency::parse(&line.currency).ok()?).ok()
}

/// A number of the network's catalogue is a variant of ours, or a product that has only one.
async fn article(tx: &mut Tx, sku: &str) -> Result<Option<(Product, Variant)>, Error> {
    let id = VariantId::new(sku);
    if let Some(product) = tx.product_of(&id).await?
        && let Some(variant) = product.variant(&id).cloned()
    {
        return Ok(Some((product, variant)));
    }
    let Some(product) = tx.product(&ProductId::new(sku)).await? else {
        return Ok(None);
    };
    Ok(match product.variants.as_slice() {
        [only] => {
            let only = only.clone();
            Some((product, only))
        }
        _ => None,
    })
}

/// What was in the cart before and is not in the one that was sent.
async fn left_out(tx: &mut Tx, before: &Cart, taken: &Cart, tongue: &Voice) -> Result<Vec<String>, Error> {
    let mut gone = Vec::new();
    if taken.lines.is_empty() {
        return Ok(gone);
    }
    for line in before.lines.iter().filter(|line| taken.quantity(&line.variant) == 0) {
        let product = tx.product_of(&line.variant).await?;
        if let Some((product, variant)) = product.as_ref().and_then(|p| Some((p, p.variant(&line.variant)?))) {
            gone.push(say(tongue, w::CART_LEFT_OUT, &[("what", &product.name_of(variant))]));
        }
    }
    Ok(gone)
}
