//! One reply in the making: a loop that acts, around a pure `Turn` that decides.

pub mod bind;
pub mod brief;
pub mod budget;
pub mod card;
pub mod clean;
pub mod context;
pub mod decide;
pub mod earlier;
pub mod journal;
pub mod known;
mod language;
pub mod ledger;
pub mod literal;
pub mod memory;
pub(crate) mod offers;
pub mod past;
pub mod prompt;
pub mod quote;
pub mod reflex;
pub mod render;
pub mod replay;
pub mod room;
pub mod safe;
pub mod subject;
pub mod tool;
pub mod trace;
pub mod turn;
pub(crate) mod wording;

use crate::agent::bind::Freedom;
use crate::agent::decide::Decision;
use crate::agent::decide::enough::{self, Enough};
use crate::app::App;
use crate::catalog;
use crate::checkout;
use crate::config::agent::FreeWords;
use crate::domain::contact::Contact;
use crate::domain::conversation::{Conversation, HandOffReason, Memory};
use crate::domain::id::TurnId;
use crate::domain::message::{Message, Reply};
use crate::domain::shop::Shop;
use crate::knowledge;
use crate::store;
use jiff::Timestamp;
use journal::{Answered, Journal, Note, Rest};
use ledger::Ledger;
use serde::{Deserialize, Serialize};
use turn::{Limits, Step, Turn};

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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// What the shopper reads; may be empty when something else will speak.
    pub reply: Reply,
    /// Set when a colleague is needed.
    pub hand_off: Option<HandOffAsked>,
    /// What the next turn should know.
    pub memory: Memory,
    /// What was wrong with replies that were not sent.
    pub problems: Vec<String>,
    /// What was decided, when a model was asked.
    pub decision: Option<Decision>,
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
    /// What the shopper is waiting for.
    #[serde(default)]
    pub wanted: String,
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
    /// A past turn was run again and today's code needs something that was not recorded.
    #[error("the journal does not tell: {0}")]
    Unrecorded(String),
}

/// Takes one turn: reflexes first, then the model with its tools, until there is something to send. The rest of the
/// journal is to be written together with what comes of it.
pub async fn take_turn(app: &App, thread: &Thread) -> Result<(Outcome, Rest), Error> {
    let mut journal = Journal::open(app, thread).await?;
    // On the heap: what a turn may do is large, and a worker's stack is not.
    let (outcome, decision) = Box::pin(run(app, thread, &mut journal)).await?;
    let rest = journal.end(&decision, &outcome);
    Ok((outcome, rest))
}

/// The turn over a journal: the same for a turn that is taken and for one that is run again. What is sent and what was
/// decided depend on the thread and the journal alone.
pub async fn run(app: &App, thread: &Thread, journal: &mut Journal<'_>) -> Result<(Outcome, String), Error> {
    let language = wording::language(thread);
    if let Some(mut outcome) = Box::pin(reflex::react(app, thread, journal)).await? {
        wording::translate(&mut outcome.reply, &language);
        let decision = decision("answer", &outcome);
        return Ok((outcome, decision));
    }
    let limit = journal.look("limit", Box::pin(budget::reached(app, thread))).await?;
    if let Some(why) = &limit {
        journal.plan_instead(why);
    }
    let mut ledger = Ledger::default();
    ledger.absorb(&journal.look("facts", Box::pin(context::facts(app, thread))).await?);
    let (mut limits, room) = journal.bounds();
    if limit.is_some() {
        limits.freedom = Freedom::House;
    }
    let request = Box::pin(context::request(app, thread, journal, room)).await?;
    let (mut turn, mut step) = Turn::begin(request, limits, room, thread);
    let started = app.now();
    loop {
        step = match step {
            Step::Ask(request) => match journal.answer(&request, overdue(app, started)).await? {
                Answered::Answer(answer) => {
                    let wrong = turn.problems().len();
                    let step = turn.answered(answer, &ledger);
                    if let Some(new) = turn.problems().get(wrong..).filter(|new| !new.is_empty()) {
                        journal.note(Note::NotSent(new.to_vec()));
                    }
                    step
                }
                Answered::TooLong(why) => turn.too_long(&why),
                Answered::Failed(why) => turn.failed(&why),
                Answered::OutOfTime => turn.out_of_time(),
            },
            Step::Call(calls) => {
                let mut outputs = Vec::new();
                for call in calls {
                    let output = Box::pin(journal.result(&call, &mut ledger)).await?;
                    outputs.push((call, output));
                }
                turn.returned(outputs)
            }
            Step::Finish(mut ending) => {
                ending.enough = Box::pin(suffices(app, thread, journal, &ending, &ledger)).await?;
                let word = ending.draft.as_ref().map_or_else(|| "safe".to_owned(), |draft| draft.outcome.clone());
                let mut outcome = Box::pin(render::outcome(app, thread, journal, *ending, &ledger)).await?;
                if let (Some(why), Some(asked)) = (&limit, &mut outcome.hand_off) {
                    asked.limited(why);
                }
                wording::translate(&mut outcome.reply, &language);
                let decision = decision(&word, &outcome);
                return Ok((outcome, decision));
            }
        };
    }
}

/// Asks whether the passages an answer rests on suffice, when a language model wrote it.
async fn suffices(
    app: &App,
    thread: &Thread,
    journal: &mut Journal<'_>,
    ending: &turn::Ending,
    ledger: &Ledger,
) -> Result<Option<Enough>, Error> {
    let answer = ending.draft.as_ref().filter(|draft| draft.outcome == "answer");
    let Some(question) = answer.and_then(|draft| enough::question(&thread.words(), draft, ledger)) else {
        return Ok(None);
    };
    let asks = async { Ok(app.model.is_language_model() && app.config.agent.ask_if_enough) };
    if !journal.look("asks_if_enough", asks).await? {
        return Ok(None);
    }
    Ok(match journal.answer(&question, false).await? {
        Answered::Answer(answer) => Enough::read(&answer),
        Answered::TooLong(_) | Answered::Failed(_) | Answered::OutOfTime => None,
    })
}

/// What was decided, in a word: the reply's own word unless something weightier came of it.
fn decision(word: &str, outcome: &Outcome) -> String {
    match (&outcome.hand_off, &outcome.reply.summary) {
        (Some(_), _) => "hand_off",
        (None, Some(_)) => "propose",
        (None, None) => word,
    }
    .to_owned()
}

fn limits(app: &App) -> Limits {
    let agent = &app.config.agent;
    let freedom = match (app.model.is_language_model(), agent.free_words) {
        (false, _) => Freedom::House,
        (true, FreeWords::Checked) => Freedom::Checked,
        (true, FreeWords::Closed) => Freedom::Closed,
    };
    Limits { model_calls: agent.model_calls_max, tool_calls: agent.tool_calls_max, freedom }
}

fn overdue(app: &App, started: Timestamp) -> bool {
    app.now().duration_since(started).as_secs() >= i64::from(app.config.agent.turn_seconds_max)
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
            "decision": self.decision,
        })
    }
}

impl HandOffAsked {
    /// Says that a limit is why the agent got no further, unless something else is the matter.
    fn limited(&mut self, why: &str) {
        use HandOffReason::{CannotDo, ModelFailed, NotKnown};
        if matches!(self.reason, CannotDo | ModelFailed | NotKnown) {
            self.reason = HandOffReason::Limit;
            self.tried.push(why.to_owned());
        }
    }
}

impl Thread {
    /// The words to answer, one message a line.
    pub fn words(&self) -> String {
        self.asked.iter().map(|m| m.body.words()).collect::<Vec<_>>().join("\n")
    }
}
