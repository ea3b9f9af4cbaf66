//! A past turn as colleagues read it: prompt parts, calls, facts, checks, decision, tokens, cost, time.

mod lines;

pub use lines::lines;

use crate::agent::journal::entry::{Answered, Asked, Called, Entry, Note};
use crate::agent::past::Past;
use crate::agent::tool::Output;
use crate::domain::fact::Fact;
use crate::domain::usage::amount;
use crate::llm::{Message, tokens};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// A turn, told.
#[derive(Clone, Debug, Serialize)]
pub struct Trace {
    /// Its place in the conversation, from 1.
    pub number: usize,
    /// Its id.
    pub turn: String,
    /// When it began.
    pub started_at: Timestamp,
    /// Milliseconds it took; nothing while it is under way.
    pub ms: Option<i64>,
    /// What the shopper wrote.
    pub asked: Vec<String>,
    /// Who was to answer.
    pub model: Option<String>,
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// What was decided, in a word; nothing while it is under way.
    pub decision: Option<String>,
    /// What was said.
    pub reply: Option<String>,
    /// What the reply showed beside its text.
    pub shown: Vec<String>,
    /// Why a colleague was asked for, and what was tried.
    pub hand_off: Option<String>,
    /// What all answers together used.
    pub used: Used,
    /// What is missing, when the journal is of an older kind.
    pub remark: Option<String>,
}

/// Tokens and money.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Used {
    /// Tokens read.
    pub input: u64,
    /// Of these, from the endpoint's cache.
    pub cached: u64,
    /// Tokens written.
    pub output: u64,
    /// What it cost, by currency.
    pub cost: BTreeMap<String, String>,
}

/// One step of a turn.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    /// The server answered by itself.
    Reflex {
        /// Which.
        name: String,
    },
    /// The server read something on its own account.
    Looked {
        /// What.
        what: String,
        /// What it found.
        found: serde_json::Value,
    },
    /// The model was asked.
    Asked(Box<Question>),
    /// A tool was called.
    Called {
        /// Which.
        tool: String,
        /// With what.
        arguments: String,
        /// Milliseconds it took.
        ms: i64,
        /// What came of it.
        result: Findings,
    },
    /// The server did something on the shopper's word.
    Did {
        /// What came of it.
        result: Findings,
    },
    /// A reply was checked and not sent.
    Checked {
        /// Why.
        problems: Vec<String>,
    },
    /// Something worth telling.
    Noted {
        /// A sentence.
        text: String,
    },
}

/// A question to the model and what came back.
#[derive(Clone, Debug, Serialize)]
pub struct Question {
    /// What was sent, part by part; of a later question, what was added.
    pub parts: Vec<Part>,
    /// Messages it repeats from the question before.
    pub repeated: usize,
    /// Words that came.
    pub text: String,
    /// Calls that came: tool and arguments.
    pub calls: Vec<(String, String)>,
    /// Why nothing came.
    pub failed: Option<String>,
    /// Who answered.
    pub by: String,
    /// Milliseconds until the answer.
    pub ms: i64,
    /// What it used.
    pub used: Used,
}

/// One part of a prompt.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// `instructions`, `tools`, `shopper`…
    pub name: String,
    /// Tokens as o200k counts them; nothing when no language model read it.
    pub tokens: Option<usize>,
    /// What it says.
    pub text: String,
}

/// What a tool came to.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    /// What the model read.
    pub content: serde_json::Value,
    /// The facts it yielded: name and value.
    pub facts: Vec<(String, String)>,
    /// What it left behind.
    pub effect: Option<serde_json::Value>,
}

/// Tells a turn.
pub fn trace(past: &Past) -> Trace {
    let began = past.began();
    let counted = began.is_some_and(|began| began.history_tokens.is_some());
    let mut trace = Trace {
        number: past.number,
        turn: past.row.id.to_string(),
        started_at: past.row.started_at,
        ms: past.row.finished_at.map(|end| millis(past.row.started_at, end)),
        asked: past.asked.iter().map(|m| m.body.words().to_owned()).collect(),
        model: began.map(|b| b.model.clone()),
        steps: Vec::new(),
        decision: None,
        reply: None,
        shown: Vec::new(),
        hand_off: None,
        used: Used::default(),
        remark: None,
    };
    let mut costs = BTreeMap::new();
    for entry in &past.entries {
        if let Some(step) = step(past, entry, counted) {
            trace.steps.push(step);
        }
        match entry {
            Entry::Asked(asked) => add(&mut trace.used, &mut costs, &asked.answered),
            Entry::Answered(answered) => add(&mut trace.used, &mut costs, answered),
            Entry::Ended(ended) => {
                trace.decision = Some(ended.decision.clone());
                trace.reply = Some(ended.outcome.reply.text.clone());
                trace.shown = ended.outcome.reply.extras();
                let asked = ended.outcome.hand_off.as_ref();
                trace.hand_off = asked.map(|h| format!("{}: {} {}", h.reason.word(), h.summary, h.tried.join(" ")));
            }
            _ => {}
        }
    }
    trace.used.cost = costs.into_iter().map(|(code, sum)| (code, amount(sum))).collect();
    if began.is_none() {
        trace.remark = Some(
            if past.row.done && past.entries.is_empty() {
                "Nothing was recorded: the turn was given up, or it is older than this journal."
            } else {
                "This turn was recorded before journals held what a turn starts from and how it ended."
            }
            .to_owned(),
        );
    }
    trace
}

fn millis(from: Timestamp, to: Timestamp) -> i64 {
    i64::try_from(to.duration_since(from).as_millis()).unwrap_or(i64::MAX)
}

fn add(used: &mut Used, costs: &mut BTreeMap<String, u64>, answered: &Answered) {
    if let Answered::Answer(answer) = answered {
        used.input += answer.usage.input;
        used.cached += answer.usage.cached;
        used.output += answer.usage.output;
        if let Some(cost) = answer.cost {
            let sum = costs.entry(cost.currency.code().to_owned()).or_default();
            *sum = sum.saturating_add(cost.millionths);
        }
    }
}

fn step(past: &Past, entry: &Entry, counted: bool) -> Option<Step> {
    Some(match entry {
        Entry::Began(_) | Entry::Ended(_) => return None,
        Entry::Looked { what, found } => Step::Looked { what: what.clone(), found: found.clone() },
        Entry::Noted(Note::Reflex(name)) => Step::Reflex { name: name.clone() },
        Entry::Noted(Note::NotSent(problems)) => Step::Checked { problems: problems.clone() },
        Entry::Noted(Note::Planner(why)) => Step::Noted { text: why.clone() },
        Entry::Asked(asked) => Step::Asked(Box::new(question(past, asked, counted))),
        Entry::Answered(answered) => Step::Asked(Box::new(came(answered))),
        Entry::Called(called) => {
            let Called { call, output, ms, .. } = called.as_ref();
            let (tool, arguments) = (call.tool.clone(), call.arguments.clone());
            Step::Called { tool, arguments, ms: *ms, result: findings(output) }
        }
        Entry::Did(did) => Step::Did { result: findings(&did.output) },
        Entry::Result(output) => Step::Did { result: findings(output) },
    })
}

fn findings(output: &Output) -> Findings {
    let fact = |fact: &Fact| (fact.name(), fact.value.show());
    Findings {
        content: output.content.clone(),
        facts: output.facts.iter().map(fact).collect(),
        effect: output.effect.as_ref().and_then(|effect| serde_json::to_value(effect).ok()),
    }
}

fn question(past: &Past, asked: &Asked, counted: bool) -> Question {
    let part =
        |name: &str, text: String| Part { name: name.to_owned(), tokens: counted.then(|| tokens::count(&text)), text };
    let kept = |hash: &str| past.texts.get(hash).cloned().unwrap_or_default();
    let mut parts = Vec::new();
    if asked.sent.kept == 0 {
        let instructions = serde_json::from_str(&kept(&asked.sent.system)).unwrap_or_default();
        parts.push(part("instructions", instructions));
        parts.push(part("tools", kept(&asked.sent.tools)));
    }
    parts.extend(asked.sent.added.iter().map(|message| {
        let (name, text) = said(message);
        part(name, text)
    }));
    Question { parts, repeated: asked.sent.kept, ms: asked.ms, ..came(&asked.answered) }
}

fn said(message: &Message) -> (&'static str, String) {
    let json = |value: &serde_json::Value| serde_json::to_string(value).unwrap_or_default();
    match message {
        Message::Shopper { text } => ("shopper", text.clone()),
        Message::Picture { picture } => ("picture", format!("{} ({})", picture.id, picture.mime)),
        Message::Agent { text } => ("agent", text.clone()),
        Message::State { state } => ("state", json(state)),
        Message::Calls { calls } => {
            ("calls", calls.iter().map(|c| format!("{} {}", c.tool, c.arguments)).collect::<Vec<_>>().join("\n"))
        }
        Message::Result { content, .. } => ("result", content.clone()),
        Message::Remark { text } => ("remark", text.clone()),
    }
}

fn came(answered: &Answered) -> Question {
    let mut question = Question {
        parts: Vec::new(),
        repeated: 0,
        text: String::new(),
        calls: Vec::new(),
        failed: None,
        by: String::new(),
        ms: 0,
        used: Used::default(),
    };
    let mut costs = BTreeMap::new();
    add(&mut question.used, &mut costs, answered);
    question.used.cost = costs.into_iter().map(|(code, sum)| (code, amount(sum))).collect();
    match answered {
        Answered::Answer(answer) => {
            question.text.clone_from(&answer.text);
            question.calls = answer.calls.iter().map(|c| (c.tool.clone(), c.arguments.clone())).collect();
            question.by = [answer.model.as_str(), answer.endpoint.as_str()].join(" ").trim().to_owned();
        }
        Answered::TooLong(why) | Answered::Failed(why) => question.failed = Some(why.clone()),
        Answered::OutOfTime => question.failed = Some("the turn's time was over".to_owned()),
    }
    question
}
