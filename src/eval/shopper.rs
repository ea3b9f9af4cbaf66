//! The scripted shopper: does what the steps say, through the same doors as a real one, and keeps what was heard.

mod act;
mod console;
pub(in crate::eval) use act::button_list;
pub mod snapshot;

use crate::channel::Inbound;
use crate::conversation::receive;
use crate::domain::conversation::With;
use crate::domain::id::ConversationId;
use crate::domain::message::{Author, Body, Reply, Said};
use crate::eval::Error;
use crate::eval::scenario::{Scenario, Step, Who};
use crate::eval::shopper::snapshot::Snapshot;
use crate::eval::world::World;
use crate::onboard::orders::PERSONA_CHANNEL;
use jiff::Span;
use std::collections::BTreeMap;

/// The shopper's id on the fake network.
const ALIAS: &str = "shopper-1";
/// Seconds between two steps: people are not that fast.
const STEP_SECONDS: i64 = 2;

/// A message the shopper got.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// Who wrote it.
    pub author: Author,
    /// What it says.
    pub reply: Reply,
}

/// What came of one step.
#[derive(Clone, Debug)]
pub struct Heard {
    /// What was done.
    pub done: String,
    /// What was heard.
    pub spoken: Vec<Spoken>,
    /// What the payment page said.
    pub page: Option<String>,
    /// Why the step could not be done.
    pub stuck: Option<String>,
    /// Who answers since.
    pub with: With,
    /// Whether the shopper wrote or tapped.
    pub shopper_acted: bool,
    /// The rows, where they are graded.
    pub rows: Option<Snapshot>,
}

/// A story that was played.
#[derive(Clone, Debug)]
pub struct Played {
    /// Step by step; shorter than the scenario when a step could not be done.
    pub steps: Vec<Heard>,
    /// The rows before the first step.
    pub before: Snapshot,
    /// The rows in the end.
    pub after: Snapshot,
    /// Messages that were sent more than once.
    pub doubled: usize,
    /// SKUs whose stock the scenario itself changed.
    pub meddled: Vec<String>,
}

/// One shopper in one world.
pub struct Shopper<'a> {
    world: &'a World,
    name: Option<String>,
    written: u32,
    last: Option<Inbound>,
    conversation: Option<ConversationId>,
    spoken: Vec<Spoken>,
    meddled: Vec<String>,
}

/// What a step left beside messages.
#[derive(Default)]
struct Trace {
    page: Option<String>,
    stuck: Option<String>,
    shopper_acted: bool,
}

/// Plays a scenario to its end, or to the first step that cannot be done.
pub async fn play(world: &World, scenario: &Scenario) -> Result<Played, Error> {
    let mut shopper = Shopper::enter(world, &scenario.shopper).await?;
    let before = snapshot::take(world, None).await?;
    let mut steps = Vec::new();
    for step in &scenario.steps {
        let heard = shopper.step(step).await?;
        let stuck = heard.stuck.is_some();
        steps.push(heard);
        if stuck {
            break;
        }
    }
    let after = snapshot::take(world, shopper.conversation.as_ref()).await?;
    let sent = world.network.sent();
    let mut times: BTreeMap<_, usize> = BTreeMap::new();
    for message in &sent {
        *times.entry(message.id.clone()).or_default() += 1;
    }
    let doubled = times.values().filter(|n| **n > 1).count();
    Ok(Played { steps, before, after, doubled, meddled: shopper.meddled })
}

impl<'a> Shopper<'a> {
    /// Where the shopper writes, once they have.
    pub(in crate::eval) fn conversation(&self) -> Option<&ConversationId> {
        self.conversation.as_ref()
    }

    /// A shopper at the door, perhaps a past customer.
    pub(in crate::eval) async fn enter(world: &'a World, who: &Who) -> Result<Self, Error> {
        if let Some(persona) = &who.persona {
            let mut tx = world.app.store.begin(&world.app.shop).await?;
            let contact = tx.contact_by_alias(PERSONA_CHANNEL, persona).await?;
            let contact = contact.ok_or_else(|| Error::Persona(persona.clone()))?;
            tx.add_alias(&contact.id, "fake", ALIAS).await?;
            tx.commit().await?;
        }
        Ok(Self {
            world,
            name: who.name.clone(),
            written: 0,
            last: None,
            conversation: None,
            spoken: Vec::new(),
            meddled: Vec::new(),
        })
    }

    /// Does one step and keeps what was heard.
    pub(in crate::eval) async fn step(&mut self, step: &Step) -> Result<Heard, Error> {
        let act = step.act().map_err(Error::Step)?;
        self.world.clock.advance(Span::new().seconds(STEP_SECONDS));
        let before = self.world.network.sent().len();
        let trace = self.act(&act).await?;
        self.world.settle().await?;
        let spoken: Vec<Spoken> = self
            .world
            .network
            .sent()
            .into_iter()
            .skip(before)
            .filter_map(|m| match m.body {
                Body::Reply(reply) => Some(Spoken { author: m.author, reply: *reply }),
                Body::Heard(_) => None,
            })
            .collect();
        self.spoken.extend(spoken.iter().cloned());
        let rows = match step.state.is_empty() {
            true => None,
            false => Some(snapshot::take(self.world, self.conversation.as_ref()).await?),
        };
        Ok(Heard {
            done: act.describe(),
            spoken,
            page: trace.page,
            stuck: trace.stuck,
            with: self.with().await?,
            shopper_acted: trace.shopper_acted,
            rows,
        })
    }

    /// Who answers now.
    pub(in crate::eval) async fn with(&self) -> Result<With, Error> {
        let Some(id) = &self.conversation else { return Ok(With::Agent) };
        let conversation = self.world.rows().await?.conversation(id).await?;
        Ok(conversation.map_or(With::Agent, |c| c.with))
    }

    async fn send(&mut self, said: Said) -> Result<(), Error> {
        self.written += 1;
        let inbound = Inbound {
            channel: "fake".to_owned(),
            alias: ALIAS.to_owned(),
            external_id: format!("in-{}", self.written),
            said,
            name: self.name.clone(),
        };
        self.last = Some(inbound.clone());
        let received = receive::receive(&self.world.app, &self.world.app.shop, inbound).await?;
        self.conversation = Some(received.conversation);
        Ok(())
    }
}
