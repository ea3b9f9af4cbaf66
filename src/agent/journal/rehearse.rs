//! A past question, put to another model: recorded results are used where the same was asked, everything else is read
//! or tried out in a transaction that is undone.

use crate::agent::Error;
use crate::agent::journal::entry::{Called, Entry};
use crate::agent::journal::{Journal, remembered};
use crate::agent::ledger::Ledger;
use crate::agent::tool::{self, Effect, Output};
use crate::llm::Call;

impl Journal<'_> {
    /// What a call comes to when nothing may come of it.
    pub(super) async fn rehearse(&mut self, call: &Call, ledger: &mut Ledger) -> Result<Output, Error> {
        if let Some(output) = self.same_call(call, ledger) {
            return Ok(remembered(output, ledger));
        }
        let output = match tool::plan(call) {
            Ok(tool::Plan::Read(read)) => tool::read(self.app, self.thread, read, ledger).await?,
            Ok(tool::Plan::Act(_)) => self.try_out(call, ledger).await?,
            Err(problem) => Output::refused(&problem),
        };
        ledger.absorb(&output.facts);
        Ok(output)
    }

    /// The recorded result of the same call, when its short names mean the same things now.
    fn same_call(&self, call: &Call, ledger: &Ledger) -> Option<Output> {
        let value = |arguments: &str| serde_json::from_str::<serde_json::Value>(arguments).ok();
        let asked = value(&call.arguments);
        self.recorded.iter().find_map(|entry| match entry {
            Entry::Called(called) => {
                let Called { call: before, output, names, .. } = called.as_ref();
                let mut ledger = ledger.clone();
                let same = before.tool == call.tool
                    && (before.arguments == call.arguments || (asked.is_some() && value(&before.arguments) == asked));
                let named =
                    output.named.iter().zip(names).all(|((letter, id), name)| ledger.name(*letter, id) == *name);
                (same && named).then(|| output.clone())
            }
            _ => None,
        })
    }

    /// Does it after everything that was tried out before, and undoes all of it. The transaction is short, since a server
    /// may be at work beside it.
    async fn try_out(&mut self, call: &Call, ledger: &mut Ledger) -> Result<Output, Error> {
        let mut tx = self.app.store.begin(&self.thread.shop.id).await?;
        for before in &self.acts {
            if let Ok(tool::Plan::Act(act)) = tool::plan(before) {
                tool::act(self.app, self.thread, &mut tx, act, &mut ledger.clone()).await?;
            }
        }
        let output = match tool::plan(call) {
            Ok(tool::Plan::Act(act)) => tool::act(self.app, self.thread, &mut tx, act, ledger).await?,
            _ => Output::refused("that is no act"),
        };
        if let Some(Effect::Proposed { proposal }) = &output.effect {
            // The proposal is gone with the transaction; its summary is still to be shown.
            let found = tx.proposal(proposal).await?;
            if let Ok(found) = serde_json::to_value(found) {
                self.looks.push((format!("proposal {proposal}"), found));
            }
        }
        drop(tx);
        self.acts.push(call.clone());
        Ok(output)
    }
}
