//! One reply in the making: a loop that acts, around a pure `Turn` that decides.

pub mod bind;
pub mod card;
pub mod context;
pub mod decide;
pub mod journal;
pub mod known;
mod language;
pub mod ledger;
pub mod literal;
pub(crate) mod offers;
pub mod prompt;
pub mod reflex;
pub mod render;
pub mod tool;
pub mod turn;
pub(crate) mod wording;

use crate::app::App;
use crate::catalog;
use crate::checkout;
use crate::domain::contact::Contact;
use crate::domain::conversation::{Conversation, HandOffReason, Memory};
use crate::domain::id::TurnId;
use crate::domain::message::{Message, Reply};
use crate::domain::shop::Shop;
use crate::knowledge;
use crate::store;
use jiff::Timestamp;
use journal::{Answered, Journal};
use ledger::Ledger;
use serde::{Deserialize, Serialize};
use turn::{Limits, Step, Turn};

/// Characters of a hand-off summary.
const SUMMARY_CHARS_MAX: usize = 400;

/// What a turn starts from, read once.
#[derive(Clone, Debug)]
pub struct Thread {
    /// The shop.
    pub shop: Shop,
    /// Who asks.
    pub contact: Contact,
    /// Where.
    pub conversation: Conversation,
    /// This turn.
    pub turn: TurnId,
    /// The messages to answer: one, or a burst.
    pub asked: Vec<Message>,
    /// What was said before, oldest first.
    pub history: Vec<Message>,
}

/// What a turn ends with.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What the shopper reads; may be empty when something else will speak.
    pub reply: Reply,
    /// Set when a colleague is needed.
    pub hand_off: Option<HandOffAsked>,
    /// What the next turn should know.
    pub memory: Memory,
    /// What was wrong with replies that were not sent.
    pub problems: Vec<String>,
}

/// A wish for a colleague.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOffAsked {
    /// Why.
    pub reason: HandOffReason,
    /// What the shopper wants.
    pub summary: String,
    /// What was tried.
    pub tried: Vec<String>,
}

/// Why a turn did not end. It will be resumed from its journal.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rows could not be read or written.
    #[error("the turn could not be stored")]
    Store(#[from] store::Error),
    /// The catalogue or the texts could not be searched.
    #[error("the shop could not be searched")]
    Catalog(#[from] catalog::Error),
    /// The shop's texts could not be searched.
    #[error("the shop's texts could not be searched")]
    Knowledge(#[from] knowledge::Error),
    /// A step of a purchase failed.
    #[error("a step of the purchase failed")]
    Checkout(#[from] checkout::Error),
    /// A prompt of ours does not render.
    #[error("a prompt does not render")]
    Prompt(#[from] minijinja::Error),
}

/// Takes one turn: reflexes first, then the model with its tools, until there is something to send.
pub async fn take_turn(app: &App, thread: &Thread) -> Result<Outcome, Error> {
    let mut journal = Journal::open(app, thread).await?;
    let language = wording::language(thread);
    if let Some(mut outcome) = reflex::react(app, thread, &mut journal).await? {
        wording::translate(&mut outcome.reply, &language);
        return Ok(outcome);
    }
    let mut ledger = Ledger::default();
    ledger.absorb(&context::facts(app, thread).await?);
    let request = context::request(app, thread).await?;
    let limits = Limits { model_calls: app.config.agent.model_calls_max, tool_calls: app.config.agent.tool_calls_max };
    let (mut turn, mut step) = Turn::begin(request, limits, thread);
    let started = app.now();
    loop {
        step = match step {
            Step::Ask(_) if overdue(app, started) => turn.out_of_time(),
            Step::Ask(request) => match journal.answer(&request).await? {
                Answered::Answer(answer) => turn.answered(answer, &ledger),
                Answered::Failed(why) => turn.failed(&why),
            },
            Step::Call(calls) => {
                let mut outputs = Vec::new();
                for call in calls {
                    let output = journal.result(&call, &mut ledger).await?;
                    outputs.push((call, output));
                }
                turn.returned(outputs)
            }
            Step::Finish(ending) => {
                let mut outcome = render::outcome(app, thread, *ending, &ledger).await?;
                wording::translate(&mut outcome.reply, &language);
                return Ok(outcome);
            }
        };
    }
}

fn overdue(app: &App, started: Timestamp) -> bool {
    app.now().duration_since(started).as_secs() >= i64::from(app.config.agent.turn_seconds_max)
}

/// The shopper's own words as a hand-off summary.
pub fn summary_of(asked: &[Message]) -> String {
    let words: Vec<&str> = asked.iter().map(|m| m.body.words()).collect();
    let text: String = words.join(" ").chars().take(SUMMARY_CHARS_MAX).collect();
    format!("The shopper wrote: {text}")
}

impl Outcome {
    /// What is kept of the outcome beside the messages.
    pub fn record(&self) -> serde_json::Value {
        serde_json::json!({
            "hand_off": self.hand_off,
            "cards": self.reply.cards.len(),
            "proposal": self.reply.summary.as_ref().map(|s| s.proposal.clone()),
            "empty": self.reply.is_empty(),
            "not_sent": self.problems,
        })
    }
}

impl Thread {
    /// The words to answer, one message a line.
    pub fn words(&self) -> String {
        self.asked.iter().map(|m| m.body.words()).collect::<Vec<_>>().join("\n")
    }
}
