//! Disputes over the API: answered with evidence, or given up.

use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::api::ask::Asked;
use crate::payment::sandbox::api::read;
use crate::payment::sandbox::form;
use crate::payment::sandbox::shape::dispute::EVIDENCE;
use crate::payment::sandbox::shape::{Fault, no_such, plain_fault};
use crate::payment::sandbox::state::dispute::{Dispute, Standing};
use crate::payment::sandbox::state::{Row, State};
use jiff::Timestamp;
use serde_json::Value;

impl Sandbox {
    /// Evidence is kept, and handed to the bank unless `submit` is false. Two texts decide at once, as in Stripe's
    /// test mode: `winning_evidence` and `losing_evidence`.
    pub(super) fn answer_dispute(
        &self,
        state: &mut State,
        now: Timestamp,
        asked: &Asked,
        id: &str,
    ) -> Result<Value, Fault> {
        asked.only(&["evidence", "metadata", "submit"])?;
        let mut dispute = open(state, id)?;
        asked.notes(&mut dispute.metadata)?;
        for (name, value) in asked.form.iter().filter(|(name, _)| name.starts_with("evidence")) {
            match form::segments(name).as_slice() {
                ["evidence", field] if EVIDENCE.contains(field) => {
                    dispute.evidence.insert((*field).to_owned(), form::text(name, value)?);
                }
                _ => return Err(form::unknown(name)),
            }
        }
        let submitted = asked.one("submit") != Some("false") && !dispute.evidence.is_empty();
        if submitted {
            dispute.standing = Standing::UnderReview;
        }
        state.put(Row::Dispute(dispute.clone()));
        self.tell_dispute(state, now, &dispute, "charge.dispute.updated");
        let verdict = dispute.evidence.get("uncategorized_text").map(String::as_str);
        match verdict.filter(|_| submitted) {
            Some("winning_evidence") => self.end_dispute(state, now, dispute, Standing::Won),
            Some("losing_evidence") => self.end_dispute(state, now, dispute, Standing::Lost),
            _ => {}
        }
        shown(state, id)
    }

    pub(super) fn close_dispute(
        &self,
        state: &mut State,
        now: Timestamp,
        asked: &Asked,
        id: &str,
    ) -> Result<Value, Fault> {
        asked.only(&[])?;
        let dispute = open(state, id)?;
        self.end_dispute(state, now, dispute, Standing::Lost);
        shown(state, id)
    }
}

fn open(state: &State, id: &str) -> Result<Dispute, Fault> {
    let dispute = state.disputes.get(id).cloned().ok_or_else(|| no_such("dispute", id, "dispute"))?;
    if dispute.standing.is_over() {
        return Err(plain_fault(None, "This dispute is already closed").kept());
    }
    Ok(dispute)
}

fn shown(state: &State, id: &str) -> Result<Value, Fault> {
    let found = state.disputes.get(id).and_then(|d| read::dispute(state, d));
    found.ok_or_else(|| no_such("dispute", id, "dispute"))
}
