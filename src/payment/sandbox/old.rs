//! The sandbox's file as it was before it became a journal: one JSON object, with pages, events and answers only.

use crate::payment::sandbox::shape;
use crate::payment::sandbox::state::answer::Answer;
use crate::payment::sandbox::state::endpoint::OWN;
use crate::payment::sandbox::state::event::{Happening, Sending};
use crate::payment::sandbox::state::movement::{Cause, Movement};
use crate::payment::sandbox::state::payment::{Fate, Payment};
use crate::payment::sandbox::state::session::Kept;
use crate::payment::sandbox::state::{Row, Stage, State};
use jiff::Timestamp;
use serde::Deserialize;

#[derive(Deserialize)]
struct Old {
    webhook_secret: String,
    #[serde(default)]
    sessions: Vec<Kept>,
    #[serde(default)]
    events: Vec<OldEvent>,
    #[serde(default)]
    answers: Vec<OldAnswer>,
}

#[derive(Deserialize)]
struct OldEvent {
    id: String,
    kind: String,
    created: Timestamp,
    session: String,
    stage: Stage,
    due: Option<Timestamp>,
    tries: u32,
    copies: u32,
}

#[derive(Deserialize)]
struct OldAnswer {
    key: String,
    digest: String,
    at: Timestamp,
    session: String,
    stage: Stage,
}

/// Reads an old file; none if it is not one.
pub fn read(bytes: &[u8], public_url: &str) -> Option<State> {
    let old: Old = serde_json::from_slice(bytes).ok()?;
    let mut state = State::default();
    state.apply(Row::Secret(old.webhook_secret));
    for page in old.sessions {
        if let Some((payment, movement)) = payment(&page) {
            state.apply(Row::Payment(payment));
            movement.into_iter().for_each(|m| state.apply(Row::Movement(m)));
        }
        state.apply(Row::Session(page));
    }
    let object = |state: &State, id: &str, stage| {
        let page = state.sessions.get(id)?;
        Some(shape::session::object(page, stage, public_url).to_string())
    };
    for event in old.events {
        let Some(object) = object(&state, &event.session, event.stage) else { continue };
        let sending =
            Sending { endpoint: OWN.to_owned(), due: event.due, tries: event.tries, arrived: event.due.is_none() };
        state.apply(Row::Event(Happening {
            id: event.id,
            kind: event.kind,
            created: event.created,
            session: event.session,
            object,
            request: None,
            key: None,
            copies: event.copies,
            sendings: vec![sending],
        }));
    }
    for answer in old.answers {
        let Some(body) = object(&state, &answer.session, answer.stage) else { continue };
        let OldAnswer { key, digest, at, .. } = answer;
        state.apply(Row::Answer(Answer { key, digest, at, status: 200, body }));
    }
    Some(state)
}

/// The payment an old page only had the name of.
fn payment(page: &Kept) -> Option<(Payment, Option<Movement>)> {
    let id = page.intent.clone()?;
    let rest = id.trim_start_matches("pi_");
    let charge = format!("ch_{rest}");
    let movement = (page.stage == Stage::Paid).then(|| Movement {
        id: format!("txn_{rest}"),
        cause: Cause::Charge,
        source: charge.clone(),
        payment: id.clone(),
        created: page.created,
        amount: page.total,
        fee: 0,
    });
    let payment = Payment {
        id,
        charge,
        session: page.id.clone(),
        created: page.created,
        amount: page.total,
        stage: page.stage,
        metadata: page.intent_metadata.clone(),
        shipping: page.shipping.clone(),
        last4: "4242".to_owned(),
        movement: movement.as_ref().map(|m| m.id.clone()),
        fate: Fate::Good,
        disputed_at: None,
    };
    Some((payment, movement))
}
