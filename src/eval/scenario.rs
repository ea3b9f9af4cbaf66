//! Scenarios: what a shopper does, what has to be heard and what has to be true in the end, as YAML a merchant can read.

pub mod expect;
pub mod load;

use crate::domain::id::VariantId;
use crate::eval::scenario::expect::{Event, Expect, Pattern, State};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Steps of one scenario.
pub const STEPS_MAX: usize = 60;
/// The moment a scenario starts at unless it says otherwise: a Monday before Christmas, 11:00 in the demo shop.
const START: &str = "2026-11-23T10:00:00Z";

/// One story with its expectations.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// `area.name`, unique over all files.
    pub id: String,
    /// What it shows, in a sentence.
    #[serde(default)]
    pub about: String,
    /// Totals are printed per tag.
    #[serde(default)]
    pub tags: Vec<String>,
    /// When it begins.
    #[serde(default = "start")]
    pub at: Timestamp,
    /// Who writes.
    #[serde(default)]
    pub shopper: Who,
    /// Lines of a scripted model; with any, this scenario never asks another model.
    #[serde(default)]
    pub script: Vec<Line>,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// What has to be true in the end.
    #[serde(default)]
    pub state: State,
    /// What must not happen at any time.
    #[serde(default)]
    pub never: Vec<Event>,
    /// What must not be said at any time.
    #[serde(default)]
    pub never_says: Vec<Pattern>,
    /// Why the product does not pass yet; failing is then reported apart, and passing is a failure.
    #[serde(default)]
    pub known_gap: Option<String>,
    /// Where it was read.
    #[serde(skip)]
    pub file: PathBuf,
}

/// The shopper.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Who {
    /// A past customer of the demo shop: `maya`, `jonas`.
    #[serde(rename = "as")]
    pub persona: Option<String>,
    /// The name the channel gives; may be hostile.
    pub name: Option<String>,
}

/// One line of a scripted model.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Line {
    /// Plain words, from an endpoint that does not call `reply`.
    Says(String),
    /// A tool call.
    Calls {
        /// Which tool.
        tool: String,
        /// Its arguments.
        #[serde(default)]
        arguments: serde_json::Value,
    },
    /// A call whose arguments are no JSON.
    Garbles(String),
    /// The endpoint is busy.
    Busy,
}

/// One thing that happens; exactly one of the actions is set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Step {
    /// The shopper writes.
    pub says: Option<String>,
    /// The process dies before this answer of the model to what `says` says, and another takes over.
    pub dies_before_answer: Option<u32>,
    /// The shopper taps the newest button with this id or label.
    pub taps: Option<String>,
    /// The shopper taps the oldest button with this id or label.
    pub taps_old: Option<String>,
    /// The shopper taps it twice before anything happens.
    pub taps_twice: Option<String>,
    /// Somebody sends the id of a button that was never shown.
    pub forges: Option<String>,
    /// The shopper fills in the newest payment page.
    pub pays: Option<Card>,
    /// The slow payment arrives.
    pub settles: bool,
    /// The slow payment fails.
    pub fails: bool,
    /// Time passes: `36 minutes`, `25 hours`.
    pub waits: Option<Wait>,
    /// A colleague does something.
    pub colleague: Option<Colleague>,
    /// The shop's stock changes meanwhile.
    pub stock: BTreeMap<VariantId, u32>,
    /// The shop's prices change meanwhile.
    pub price: BTreeMap<VariantId, String>,
    /// The payment provider sends its last event again.
    pub repeats_webhook: bool,
    /// The network delivers the last message again.
    pub repeats_message: bool,
    /// What the shopper has to hear.
    pub expect: Expect,
    /// What has to be true after this step.
    pub state: State,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Act<'a> {
    /// Words, and the answer of the model before which the process dies.
    Says(&'a str, Option<u32>),
    /// A button.
    Taps(&'a str, Which),
    /// A button that was never shown.
    Forges(&'a str),
    /// The payment page.
    Pays(Card),
    /// The slow payment's end; true when the money arrives.
    Ends(bool),
    /// Time.
    Waits(SignedDuration),
    /// A colleague.
    Colleague(&'a Colleague),
    /// New stock.
    Stock(&'a BTreeMap<VariantId, u32>),
    /// New prices.
    Price(&'a BTreeMap<VariantId, String>),
    /// The provider's last event again.
    RepeatsWebhook,
    /// The last message again.
    RepeatsMessage,
}

/// Which button of several with one name, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The last one shown.
    Newest,
    /// The first one shown.
    Oldest,
    /// The last one shown, two times at once.
    NewestTwice,
}

/// What a colleague does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colleague {
    /// Writes, and has the conversation from then on.
    Says(String),
    /// Takes the conversation.
    Takes,
    /// Gives it back to the agent.
    Returns,
    /// Gives the newest paid order to the carrier.
    Ships,
    /// Marks the newest order on its way as arrived.
    Delivers,
    /// Agrees to every refund that waits.
    Approves,
    /// Refuses every refund that waits.
    Declines,
    /// Has the goods of every return and exchange that is agreed.
    Receives,
    /// Does not accept them.
    Refuses,
}

/// A test card by what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Card {
    /// Pays.
    Good,
    /// Is declined.
    Declined,
    /// Has no funds.
    NoFunds,
    /// Is past its date.
    Expired,
    /// Has another security code.
    WrongCode,
    /// Pays slowly.
    Pending,
}

/// A stretch of time, written as `36 minutes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Wait(pub SignedDuration);

impl TryFrom<String> for Wait {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.parse::<SignedDuration>() {
            Ok(wait) if wait.is_positive() && wait.as_hours() < 24 * 400 => Ok(Self(wait)),
            _ => Err(format!("\"{text}\" is no stretch of time; write it like 36 minutes or 25 hours")),
        }
    }
}

fn start() -> Timestamp {
    START.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

impl Scenario {
    /// The part of the id before the first point.
    pub fn area(&self) -> &str {
        self.id.split('.').next().unwrap_or_default()
    }
}

impl Step {
    /// The one thing this step does; an error names what is wrong with it.
    pub fn act(&self) -> Result<Act<'_>, String> {
        let flag = |set: bool, act: Act<'static>| set.then_some(act);
        let acts = [
            self.says.as_deref().map(|words| Act::Says(words, self.dies_before_answer)),
            self.taps.as_deref().map(|b| Act::Taps(b, Which::Newest)),
            self.taps_old.as_deref().map(|b| Act::Taps(b, Which::Oldest)),
            self.taps_twice.as_deref().map(|b| Act::Taps(b, Which::NewestTwice)),
            self.forges.as_deref().map(Act::Forges),
            self.pays.map(Act::Pays),
            flag(self.settles, Act::Ends(true)),
            flag(self.fails, Act::Ends(false)),
            self.waits.map(|wait| Act::Waits(wait.0)),
            self.colleague.as_ref().map(Act::Colleague),
            (!self.stock.is_empty()).then_some(Act::Stock(&self.stock)),
            (!self.price.is_empty()).then_some(Act::Price(&self.price)),
            flag(self.repeats_webhook, Act::RepeatsWebhook),
            flag(self.repeats_message, Act::RepeatsMessage),
        ];
        let mut acts = acts.into_iter().flatten();
        let act = acts.next().ok_or("the step does nothing; give it one of says, taps, pays, waits …")?;
        if acts.next().is_some() {
            return Err("the step does two things; make it two steps".to_owned());
        }
        if self.dies_before_answer.is_some() && self.says.is_none() {
            return Err("dies_before_answer needs says".to_owned());
        }
        Ok(act)
    }
}

impl Act<'_> {
    /// As the report prints it.
    pub fn describe(&self) -> String {
        match self {
            Self::Says(words, None) => format!("says \"{words}\""),
            Self::Says(words, Some(n)) => format!("says \"{words}\" (the process dies before answer {n})"),
            Self::Taps(button, Which::Newest) => format!("taps [{button}]"),
            Self::Taps(button, Which::Oldest) => format!("taps the old [{button}]"),
            Self::Taps(button, Which::NewestTwice) => format!("taps [{button}] twice"),
            Self::Forges(id) => format!("forges a tap on {id}"),
            Self::Pays(card) => format!("pays ({card:?})"),
            Self::Ends(true) => "the slow payment arrives".to_owned(),
            Self::Ends(false) => "the slow payment fails".to_owned(),
            Self::Waits(wait) => format!("waits {wait:#}"),
            Self::Colleague(Colleague::Says(words)) => format!("a colleague says \"{words}\""),
            Self::Colleague(Colleague::Takes) => "a colleague takes over".to_owned(),
            Self::Colleague(Colleague::Returns) => "a colleague gives back".to_owned(),
            Self::Colleague(Colleague::Ships) => "a colleague ships".to_owned(),
            Self::Colleague(Colleague::Delivers) => "a colleague marks as delivered".to_owned(),
            Self::Colleague(Colleague::Approves) => "a colleague approves the refund".to_owned(),
            Self::Colleague(Colleague::Declines) => "a colleague declines the refund".to_owned(),
            Self::Colleague(Colleague::Receives) => "a colleague has the goods back".to_owned(),
            Self::Colleague(Colleague::Refuses) => "a colleague does not accept the goods".to_owned(),
            Self::Stock(changes) => format!("the stock changes: {changes:?}"),
            Self::Price(changes) => format!("prices change: {changes:?}"),
            Self::RepeatsWebhook => "the provider repeats its event".to_owned(),
            Self::RepeatsMessage => "the network repeats the message".to_owned(),
        }
    }
}
