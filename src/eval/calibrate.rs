//! Calibrating: labelled messages are played with everything let through, weights and thresholds are fitted to one half of
//! what came of them, and judged by the other.

pub mod labels;
pub mod measure;
pub mod plot;
pub mod seen;
pub mod terminal;
#[cfg(test)]
mod tests;
pub mod threshold;

use crate::agent::{Outcome, Thread, take_turn};
use crate::domain::contact::Contact;
use crate::domain::conversation::{Conversation, Memory, With};
use crate::domain::id::{ContactId, ConversationId, MessageId, TurnId};
use crate::domain::message::{Author, Body, Message, Said};
use crate::domain::risk::Calibration;
use crate::domain::risk::fit::{Point, curve};
use crate::domain::shop::Shop;
use crate::eval::Error;
use crate::eval::calibrate::labels::Label;
use crate::eval::calibrate::measure::{Bin, Measures, bins, measure, scored};
use crate::eval::calibrate::seen::{Half, Seen};
use crate::eval::calibrate::threshold::{Threshold, fit};
use crate::eval::world::model::Answering;
use crate::eval::world::{Template, World};
use crate::store::turns::OpenTurn;
use jiff::Timestamp;
use serde::Serialize;

/// When every message is written: a Monday before Christmas, 11:00 in the demo shop.
const START: &str = "2026-11-23T10:00:00Z";
/// The channel of the shoppers.
const CHANNEL: &str = "web";

/// One half, measured three ways.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// Everything is sent.
    pub open: Measures,
    /// As shipped.
    pub shipped: Measures,
    /// As fitted.
    pub fitted: Measures,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Who answered.
    pub model: String,
    /// What was fitted.
    pub calibration: Calibration,
    /// What could be proven for each class.
    pub thresholds: Vec<Threshold>,
    /// On the half it was fitted to.
    pub fit: Compared,
    /// On the other.
    pub held_out: Compared,
    /// Risk over coverage on the other half, by the fitted weights.
    pub curve: Vec<Point>,
    /// Predicted risks and what was seen on the other half.
    pub bins: Vec<Bin>,
    /// Every message.
    pub seen: Vec<Seen>,
}

/// Plays the messages, each as the first of a stranger, and fits.
pub async fn run(
    labels: &[Label],
    answering: &Answering,
    told: &mut (dyn FnMut(usize, &str) + Send),
) -> Result<Report, Error> {
    let template = Template::build(START.parse().unwrap_or(Timestamp::UNIX_EPOCH)).await?;
    let world = World::open_calibrated(&template, answering.model(&[])?, Calibration::lets_all_pass()).await?;
    let seen = play(&world, labels, told).await;
    world.close().await;
    Ok(report(&answering.name(), seen?))
}

async fn play(world: &World, labels: &[Label], told: &mut (dyn FnMut(usize, &str) + Send)) -> Result<Vec<Seen>, Error> {
    let shop = world.rows().await?.shop().await?.ok_or(Error::Template)?;
    let mut seen = Vec::with_capacity(labels.len());
    for (number, label) in labels.iter().enumerate() {
        let outcome = ask(world, &shop, number, &label.asked).await?;
        let card = outcome.reply.cards.first().map(|card| card.product.clone());
        let product = match card {
            Some(id) => world.rows().await?.product(&id).await?,
            None => None,
        };
        seen.push(Seen::grade(label, &outcome, product.as_ref().map(|product| product.category.as_str())));
        told(number + 1, &label.asked);
    }
    Ok(seen)
}

/// One message of somebody nobody knows.
async fn ask(world: &World, shop: &Shop, number: usize, text: &str) -> Result<Outcome, Error> {
    let app = &world.app;
    let contact = Contact::new(app.new_id::<ContactId>(), None, "en");
    let conversation = Conversation {
        id: app.new_id::<ConversationId>(),
        contact: contact.id.clone(),
        channel: CHANNEL.to_owned(),
        alias: format!("asks-{number}"),
        with: With::Agent,
        memory: Memory::default(),
        last_seq: 0,
        answered_seq: 0,
    };
    let asked = Message {
        id: app.new_id::<MessageId>(),
        conversation: conversation.id.clone(),
        seq: 1,
        author: Author::Shopper,
        body: Body::Heard(Said::Text(text.to_owned())),
        at: app.now(),
        external_id: None,
    };
    let turn = OpenTurn { id: app.new_id::<TurnId>(), upto_seq: asked.seq };
    let mut tx = app.store.begin(&shop.id).await?;
    tx.save_contact(&contact, app.now()).await?;
    tx.insert_conversation(&conversation, app.now()).await?;
    tx.begin_turn(&turn, &conversation.id, app.now()).await?;
    tx.commit().await?;
    let thread = Thread {
        shop: shop.clone(),
        contact,
        conversation,
        turn: turn.id.clone(),
        asked: vec![asked],
        history: Vec::new(),
    };
    let (outcome, _) = take_turn(app, &thread).await?;
    let mut tx = app.store.begin(&shop.id).await?;
    tx.finish_turn(&turn.id, &outcome.record(), app.now()).await?;
    tx.commit().await?;
    Ok(outcome)
}

/// Fits to one half and measures on both.
pub fn report(model: &str, seen: Vec<Seen>) -> Report {
    let of = |half: Half| seen.iter().filter(|seen| seen.half == half).collect::<Vec<&Seen>>();
    let (to_fit, held_out) = (of(Half::Fit), of(Half::HeldOut));
    let answers = to_fit.iter().filter(|seen| seen.answered()).count();
    let made_from = format!("{answers} answers of {model} to {} labelled messages", to_fit.len());
    let (calibration, thresholds) = fit(&to_fit, made_from);
    let compared = |half: &[&Seen]| Compared {
        open: measure(half, &Calibration::lets_all_pass()),
        shipped: measure(half, &Calibration::default()),
        fitted: measure(half, &calibration),
    };
    let scored = scored(&held_out, &calibration);
    Report {
        model: model.to_owned(),
        fit: compared(&to_fit),
        held_out: compared(&held_out),
        curve: curve(&scored),
        bins: bins(&scored),
        thresholds,
        calibration,
        seen,
    }
}
