//! What a turn did so far. A turn that died is run again: its recorded answers and results are played back, so that it
//! goes on where it was and nothing is asked, charged or added twice.

use crate::agent::ledger::Ledger;
use crate::agent::tool::{self, Output};
use crate::agent::{Error, Thread};
use crate::app::App;
use crate::llm::{self, Answer, Call, Request};
use crate::store::Tx;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::Duration;

/// A recorded step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    Answered(Answered),
    Result(Box<Output>),
}

/// What came of asking the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// An answer.
    Answer(Answer),
    /// None, and why.
    Failed(String),
}

/// The journal of one turn.
pub struct Journal<'a> {
    app: &'a App,
    thread: &'a Thread,
    recorded: VecDeque<Entry>,
    step: i64,
}

impl<'a> Journal<'a> {
    /// Reads what an earlier try of this turn did.
    pub async fn open(app: &'a App, thread: &'a Thread) -> Result<Self, Error> {
        let mut tx = app.store.read(&thread.shop.id).await?;
        let recorded: Vec<Entry> = tx.journal(&thread.turn).await?;
        Ok(Self { app, thread, recorded: recorded.into(), step: 0 })
    }

    /// The recorded answer, or asks the model and records it before anything is done with it.
    pub async fn answer(&mut self, request: &Request) -> Result<Answered, Error> {
        if let Some(Entry::Answered(answered)) = self.next() {
            return Ok(answered);
        }
        // Adapters have deadlines of their own; this one holds whatever stands behind the trait.
        let patience = Duration::from_secs(u64::from(self.app.config.agent.turn_seconds_max));
        let answer = tokio::time::timeout(patience, self.app.model.answer(request)).await;
        let answered = match answer.unwrap_or(Err(llm::Error::TimedOut(patience))) {
            Ok(answer) => Answered::Answer(answer),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, turn = %self.thread.turn, "the model did not answer");
                Answered::Failed(error.to_string())
            }
        };
        let mut tx = self.app.store.begin(&self.thread.shop.id).await?;
        self.write(&mut tx, &Entry::Answered(answered.clone())).await?;
        tx.commit().await.map_err(Error::from)?;
        Ok(answered)
    }

    /// The recorded result of a call, or makes the call and records it. A tool that changes something is recorded in the
    /// same transaction as its change.
    pub async fn result(&mut self, call: &Call, ledger: &mut Ledger) -> Result<Output, Error> {
        if let Some(Entry::Result(output)) = self.next() {
            for (letter, id) in &output.named {
                ledger.name(*letter, id);
            }
            ledger.absorb(&output.facts);
            return Ok(*output);
        }
        self.tell(call);
        let shop = &self.thread.shop.id;
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
        self.write(&mut tx, &Entry::Result(Box::new(output.clone()))).await?;
        tx.commit().await?;
        ledger.absorb(&output.facts);
        Ok(output)
    }

    /// A recorded result of the server's own act, if this turn did it before.
    pub fn recorded(&mut self) -> Option<Output> {
        match self.next() {
            Some(Entry::Result(output)) => Some(*output),
            _ => None,
        }
    }

    /// Whether an earlier try of this turn began with an act rather than with the model.
    pub fn begins_with_an_act(&self) -> bool {
        self.step == 0 && matches!(self.recorded.front(), Some(Entry::Result(_)))
    }

    /// Records the server's own act in the transaction that does it.
    pub async fn record(&mut self, tx: &mut Tx, output: &Output) -> Result<(), Error> {
        self.write(tx, &Entry::Result(Box::new(output.clone()))).await
    }

    fn next(&mut self) -> Option<Entry> {
        let entry = self.recorded.pop_front();
        self.step += i64::from(entry.is_some());
        entry
    }

    async fn write(&mut self, tx: &mut Tx, entry: &Entry) -> Result<(), Error> {
        tx.write_journal(&self.thread.turn, self.step, entry).await?;
        self.step += 1;
        Ok(())
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
