//! What a turn did so far. A turn that died is run again: what it had read, asked and done is played back, so that it
//! goes on where it was and nothing is asked, charged or added twice. The same journal runs a past turn again.

pub mod entry;
mod rehearse;

use crate::agent::ledger::Ledger;
use crate::agent::room::Room;
use crate::agent::tool::{self, Output};
use crate::agent::turn::Limits;
use crate::agent::{self, Error, Outcome, Thread, prompt};
use crate::app::App;
use crate::domain::contact::Contact;
use crate::domain::id::TurnId;
use crate::domain::usage::{Usage, Used};
use crate::llm::keyless::Keyless;
use crate::llm::{self, Answer, Call, Message, Request};
use crate::store::{self, Tx};
pub use entry::{Answered, Note};
use entry::{Asked, Began, Called, Did, Ended, Entry, Sent, Text};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// How the journal is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A turn is taken: what is not recorded is done and written down.
    Live,
    /// A past turn is run again: what is not recorded is not known.
    Replay,
    /// A past question is put to another model: what is not recorded is tried out and undone.
    Rehearse,
}

/// The journal of one turn.
pub struct Journal<'a> {
    app: &'a App,
    thread: &'a Thread,
    mode: Mode,
    began: Option<Began>,
    steps: VecDeque<Entry>,
    looks: Vec<(String, serde_json::Value)>,
    looked: BTreeMap<String, usize>,
    notes: VecDeque<Note>,
    recorded: Vec<Entry>,
    messages: Vec<Message>,
    played: bool,
    rest: Rest,
    requests: Vec<Request>,
    acts: Vec<Call>,
    instructions: Option<String>,
    planner: bool,
}

/// Entries that were not written yet. What was only read may wait for the next step that has to be on disk.
#[derive(Clone, Debug, Default)]
pub struct Rest {
    next: i64,
    entries: Vec<Entry>,
    texts: Vec<Text>,
}

impl Rest {
    /// Writes what is left; the same step twice is an error, since two workers would be in one turn.
    pub async fn write(&mut self, tx: &mut Tx, turn: &TurnId) -> Result<(), store::Error> {
        for (hash, body) in std::mem::take(&mut self.texts) {
            tx.keep_text(&hash, &body).await?;
        }
        for entry in std::mem::take(&mut self.entries) {
            tx.write_journal(turn, self.next, &entry).await?;
            self.next += 1;
        }
        Ok(())
    }
}

impl<'a> Journal<'a> {
    /// Reads what an earlier try of this turn did.
    pub async fn open(app: &'a App, thread: &'a Thread) -> Result<Self, Error> {
        let mut tx = app.store.read(&thread.shop.id).await?;
        let recorded: Vec<Entry> = tx.journal(&thread.turn).await?;
        let mut journal = Self::over(app, thread, recorded, Mode::Live);
        if journal.began.is_none() {
            let (shop, room) = (entry::text(&thread.shop), Room::of(app));
            let began = Began {
                at: app.now(),
                shop: shop.0.clone(),
                contact: Contact { address: None, ..thread.contact.clone() },
                memory: thread.conversation.memory.clone(),
                asked: thread.asked.iter().map(|m| m.seq).collect(),
                history: thread.history.iter().map(|m| m.seq).collect(),
                limits: agent::limits(app),
                model: app.model.name(),
                history_tokens: room.map(|room| room.history),
                room,
            };
            journal.rest.texts.push(shop);
            journal.rest.entries.push(Entry::Began(Box::new(began.clone())));
            journal.began = Some(began);
        }
        Ok(journal)
    }

    /// A journal over recorded entries.
    pub fn over(app: &'a App, thread: &'a Thread, recorded: Vec<Entry>, mode: Mode) -> Self {
        let next = i64::try_from(recorded.len()).unwrap_or(i64::MAX);
        let mut journal = Self {
            app,
            thread,
            mode,
            began: None,
            steps: VecDeque::new(),
            looks: Vec::new(),
            looked: BTreeMap::new(),
            notes: VecDeque::new(),
            recorded: recorded.clone(),
            messages: Vec::new(),
            played: false,
            rest: Rest { next, ..Rest::default() },
            requests: Vec::new(),
            acts: Vec::new(),
            instructions: None,
            planner: false,
        };
        for entry in recorded {
            match entry {
                Entry::Began(began) => journal.began = Some(*began),
                Entry::Looked { what, found } => journal.looks.push((what, found)),
                Entry::Noted(note) => journal.notes.push_back(note),
                Entry::Ended(_) => {}
                step => journal.steps.push_back(step),
            }
        }
        journal
    }

    /// What the turn may use up, and how much of everything the model sees. Another model has a window of its own.
    pub fn bounds(&self) -> (Limits, Option<Room>) {
        match &self.began {
            Some(began) if self.mode != Mode::Rehearse => (began.limits, began.room()),
            Some(began) => (began.limits, Room::of(self.app)),
            None => (agent::limits(self.app), Room::of(self.app)),
        }
    }

    /// Has the keyless planner answer in place of the model.
    pub fn plan_instead(&mut self, why: &str) {
        // Whoever tries another model wants to hear that one.
        if self.mode != Mode::Rehearse {
            self.planner = true;
            self.note(Note::Planner(format!("The keyless planner answers. {why}")));
        }
    }

    /// Takes other instructions for the model than the program's.
    pub fn instruct(&mut self, template: Option<String>) {
        self.instructions = template;
    }

    /// The instructions for the model.
    pub fn system(&self) -> Result<String, Error> {
        Ok(match &self.instructions {
            Some(template) => prompt::of(template, &self.thread.shop)?,
            None => prompt::system(&self.thread.shop)?,
        })
    }

    /// The recorded answer, or asks the model and records it before anything is done with it. Nobody is asked when the
    /// turn's time is over.
    pub async fn answer(&mut self, request: &Request, overdue: bool) -> Result<Answered, Error> {
        self.requests.push(request.clone());
        let recorded = if self.mode == Mode::Rehearse { None } else { self.next() };
        match recorded {
            Some(Entry::Answered(answered)) => return Ok(answered),
            Some(Entry::Asked(asked)) => {
                self.messages = asked.sent.messages(&self.messages);
                return Ok(asked.answered);
            }
            _ if self.mode == Mode::Replay => {
                return Err(Error::Unrecorded("another answer of the model".to_owned()));
            }
            _ => {}
        }
        let (sent, texts) = Sent::of(request, &self.messages);
        self.messages.clone_from(&request.messages);
        let at = self.app.now();
        let answered = if overdue { Answered::OutOfTime } else { self.ask(request).await };
        if self.mode == Mode::Live {
            let ms = self.since(at);
            self.rest.texts.extend(texts);
            let entry = Entry::Asked(Box::new(Asked { sent, answered: answered.clone(), at, ms }));
            let mut tx = self.app.store.begin(&self.thread.shop.id).await?;
            self.write(&mut tx, entry).await?;
            if let Answered::Answer(answer) = &answered {
                self.book(&mut tx, answer, at).await?;
            }
            tx.commit().await?;
        }
        Ok(answered)
    }

    /// What an answer used goes into the ledger in the transaction that keeps the answer.
    async fn book(&self, tx: &mut Tx, answer: &Answer, at: Timestamp) -> Result<(), Error> {
        if answer.endpoint.is_empty() && answer.usage == llm::Usage::default() {
            // Nobody was asked: the planner costs nothing.
            return Ok(());
        }
        let conversation = &self.thread.conversation;
        let used = Used {
            input: answer.usage.input,
            cached: answer.usage.cached,
            output: answer.usage.output,
            cost: answer.cost.map(|cost| cost.millionths),
            currency: answer.cost.map(|cost| cost.currency),
        };
        let usage = Usage {
            turn: self.thread.turn.clone(),
            step: self.rest.next - 1,
            conversation: conversation.id.clone(),
            contact: self.thread.contact.id.clone(),
            endpoint: answer.endpoint.clone(),
            model: answer.model.clone(),
            used,
            at,
        };
        Ok(tx.book_usage(&usage).await?)
    }

    async fn ask(&self, request: &Request) -> Answered {
        // Adapters have deadlines of their own; this one holds whatever stands behind the trait.
        let patience = Duration::from_secs(u64::from(self.app.config.agent.turn_seconds_max));
        let model = if self.planner { &Keyless } else { self.app.model.as_ref() };
        let answer = tokio::time::timeout(patience, model.answer(request)).await;
        match answer.unwrap_or(Err(llm::Error::TimedOut(patience))) {
            Ok(answer) => {
                self.app.corrections.learn(request, &answer);
                Answered::Answer(answer)
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, turn = %self.thread.turn, "the model did not answer");
                Answered::not(&error)
            }
        }
    }

    /// The recorded result of a call, or makes the call and records it. A tool that changes something is recorded in the
    /// same transaction as its change.
    pub async fn result(&mut self, call: &Call, ledger: &mut Ledger) -> Result<Output, Error> {
        if self.mode == Mode::Rehearse {
            return Box::pin(self.rehearse(call, ledger)).await;
        }
        if let Some(output) = self.next_result() {
            return Ok(remembered(output, ledger));
        }
        if self.mode == Mode::Replay {
            return Err(Error::Unrecorded(format!("another call of {}", call.tool)));
        }
        self.tell(call);
        let (shop, at) = (&self.thread.shop.id, self.app.now());
        let (mut tx, output) = match tool::plan(call) {
            Ok(tool::Plan::Read(read)) => {
                // A search may ask the network, so no transaction is open meanwhile.
                let output = tool::read(self.app, self.thread, read, ledger).await?;
                (self.app.store.begin(shop).await?, output)
            }
            Ok(tool::Plan::Act(act)) => {
                let mut tx = self.app.store.begin(shop).await?;
                let output = tool::act(self.app, self.thread, &mut tx, act, ledger).await?;
                (tx, output)
            }
            Err(problem) => (self.app.store.begin(shop).await?, Output::refused(&problem)),
        };
        let names = output.named.iter().map(|(letter, id)| ledger.name(*letter, id)).collect();
        let ms = self.since(at);
        let called = Called { call: call.clone(), output: output.clone(), names, at, ms };
        self.write(&mut tx, Entry::Called(Box::new(called))).await?;
        tx.commit().await?;
        ledger.absorb(&output.facts);
        Ok(output)
    }

    /// Something the server reads on its own account: what an earlier try of this turn found, or what is found now.
    pub async fn look<T, F>(&mut self, what: &str, find: F) -> Result<T, Error>
    where
        T: Serialize + DeserializeOwned,
        F: Future<Output = Result<T, Error>>,
    {
        let times = self.looked.entry(what.to_owned()).or_default();
        let mut known = self.looks.iter().filter(|(key, _)| key == what).map(|(_, found)| found);
        let found = match self.mode {
            Mode::Live => known.nth(*times),
            // Code that looks more often than it did sees what was seen last.
            Mode::Replay | Mode::Rehearse => known.clone().nth(*times).or_else(|| known.next_back()),
        };
        *times += 1;
        if let Some(found) = found.and_then(|found| serde_json::from_value(found.clone()).ok()) {
            return Ok(found);
        }
        if self.mode == Mode::Replay {
            return Err(Error::Unrecorded(what.to_owned()));
        }
        let found = find.await?;
        if let (Mode::Live, Ok(value)) = (self.mode, serde_json::to_value(&found)) {
            self.rest.entries.push(Entry::Looked { what: what.to_owned(), found: value });
        }
        Ok(found)
    }

    /// Writes down something worth telling.
    pub fn note(&mut self, note: Note) {
        // A turn that is resumed says again what it said before it died.
        if self.notes.front() == Some(&note) {
            self.notes.pop_front();
        } else {
            self.rest.entries.push(Entry::Noted(note));
        }
    }

    /// A recorded result of the server's own act, if this turn did it before.
    pub fn recorded(&mut self) -> Result<Option<Output>, Error> {
        match self.next_result() {
            Some(output) => Ok(Some(output)),
            None if self.mode == Mode::Live => Ok(None),
            None => Err(Error::Unrecorded("an act of the server".to_owned())),
        }
    }

    /// Whether an earlier try of this turn began with an act rather than with the model.
    pub fn begins_with_an_act(&self) -> bool {
        !self.played && matches!(self.steps.front(), Some(Entry::Result(_) | Entry::Did(_)))
    }

    /// Records the server's own act in the transaction that does it.
    pub async fn record(&mut self, tx: &mut Tx, output: &Output) -> Result<(), Error> {
        let did = Did { output: output.clone(), at: self.app.now() };
        self.write(tx, Entry::Did(Box::new(did))).await
    }

    /// Closes the journal with what the turn came to; what is not on disk yet is given back, to be written together with it.
    pub fn end(mut self, decision: &str, outcome: &Outcome) -> Rest {
        let ended = Ended { decision: decision.to_owned(), outcome: outcome.clone(), at: self.app.now() };
        self.rest.entries.push(Entry::Ended(Box::new(ended)));
        self.rest
    }

    /// The requests that were made, in order.
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    fn next(&mut self) -> Option<Entry> {
        let entry = self.steps.pop_front();
        self.played |= entry.is_some();
        entry
    }

    fn next_result(&mut self) -> Option<Output> {
        match self.next()? {
            Entry::Called(called) => Some(called.output),
            Entry::Did(did) => Some(did.output),
            Entry::Result(output) => Some(*output),
            _ => None,
        }
    }

    async fn write(&mut self, tx: &mut Tx, entry: Entry) -> Result<(), Error> {
        self.rest.entries.push(entry);
        self.rest.write(tx, &self.thread.turn).await?;
        Ok(())
    }

    fn since(&self, at: Timestamp) -> i64 {
        i64::try_from(self.app.now().duration_since(at).as_millis()).unwrap_or(i64::MAX)
    }

    fn tell(&self, call: &Call) {
        let conversation = &self.thread.conversation;
        if let (Some(channel), Some(label)) =
            (self.app.channels.get(conversation.channel.as_str()), tool::progress(&call.tool))
        {
            channel.progress(&conversation.id, label);
        }
    }
}

/// A recorded output as if it had just come: the short names are given again in the same order.
fn remembered(output: Output, ledger: &mut Ledger) -> Output {
    for (letter, id) in &output.named {
        ledger.name(*letter, id);
    }
    ledger.absorb(&output.facts);
    output
}
