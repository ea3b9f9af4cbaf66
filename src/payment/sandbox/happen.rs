//! What happens: events written down for delivery, and what time does by itself.

use crate::payment::refund::RefundStatus;
use crate::payment::sandbox::state::dispute::Dispute;
use crate::payment::sandbox::state::endpoint::{OWN, OWN_EVENTS};
use crate::payment::sandbox::state::event::{Happening, Sending};
use crate::payment::sandbox::state::refund::Refund;
use crate::payment::sandbox::state::session::Kept;
use crate::payment::sandbox::state::{Row, Stage, State};
use crate::payment::sandbox::{Sandbox, shape};
use jiff::Timestamp;
use serde_json::Value;

impl Sandbox {
    /// Lets time do its work, in the order of what is due.
    pub(super) fn pass_time(&self, state: &mut State, now: Timestamp) {
        let late = state.sessions.iter().filter(|s| s.stage == Stage::Open && s.expires_at <= now);
        for page in late.cloned().collect::<Vec<_>>() {
            self.close(state, now, page);
        }
        let turning = |r: &Refund| r.next.filter(|(at, _)| *at <= now).map(|(_, status)| (r.clone(), status));
        for (refund, status) in state.refunds.iter().filter_map(turning).collect::<Vec<_>>() {
            self.turn_refund(state, now, refund, status);
        }
        let disputed = state.payments.iter().filter(|p| p.disputed_at.is_some_and(|at| at <= now));
        for payment in disputed.map(|p| p.id.clone()).collect::<Vec<_>>() {
            self.open_dispute(state, now, &payment);
        }
    }

    /// An open page closes unpaid.
    pub(super) fn close(&self, state: &mut State, now: Timestamp, mut page: Kept) {
        page.stage = Stage::Expired;
        state.put(Row::Session(page.clone()));
        self.tell_session(state, now, &page, "checkout.session.expired");
    }

    /// An event about a page.
    pub(super) fn tell_session(&self, state: &mut State, now: Timestamp, page: &Kept, kind: &str) {
        let object = shape::session::object(page, page.stage, &self.public_url);
        self.emit(state, now, kind, &page.id, &object);
    }

    /// An event about a payment.
    pub(super) fn tell_intent(&self, state: &mut State, now: Timestamp, payment: &str, kind: &str) {
        let Some(payment) = state.payments.get(payment).cloned() else { return };
        let object = shape::payment::intent(&payment);
        self.emit(state, now, kind, &payment.session, &object);
    }

    /// An event about a charge.
    pub(super) fn tell_charge(&self, state: &mut State, now: Timestamp, payment: &str, kind: &str) {
        let Some(payment) = state.payments.get(payment).cloned() else { return };
        let object = shape::payment::charge(&payment, state);
        self.emit(state, now, kind, &payment.session, &object);
    }

    /// An event about a refund.
    pub(super) fn tell_refund(&self, state: &mut State, now: Timestamp, refund: &Refund, kind: &str) {
        let Some(payment) = state.payments.get(&refund.payment).cloned() else { return };
        let object = shape::refund::object(refund, &payment);
        self.emit(state, now, kind, &payment.session, &object);
    }

    /// An event about a dispute.
    pub(super) fn tell_dispute(&self, state: &mut State, now: Timestamp, dispute: &Dispute, kind: &str) {
        let Some(payment) = state.payments.get(&dispute.payment).cloned() else { return };
        let object = shape::dispute::object(dispute, &payment, state);
        self.emit(state, now, kind, &payment.session, &object);
    }

    /// Writes an event down; it is delivered later.
    fn emit(&self, state: &mut State, now: Timestamp, kind: &str, session: &str, object: &Value) {
        let mood = self.mischief().webhooks;
        let sending =
            |endpoint: &str| Sending { endpoint: endpoint.to_owned(), due: mood.due(now), tries: 0, arrived: false };
        let own = OWN_EVENTS.contains(&kind).then(|| sending(OWN));
        let others = state.endpoints.iter().filter(|e| e.hears(kind)).map(|e| sending(&e.id));
        let happening = Happening {
            id: self.id("evt", now),
            kind: kind.to_owned(),
            created: now,
            session: session.to_owned(),
            object: object.to_string(),
            request: state.origin.request.clone(),
            key: state.origin.key.clone(),
            copies: mood.copies(),
            sendings: own.into_iter().chain(others).collect(),
        };
        state.put(Row::Event(happening));
    }

    /// A refund goes on: it arrives, or it comes back and the money is with the shop again.
    pub(super) fn turn_refund(&self, state: &mut State, now: Timestamp, mut refund: Refund, status: RefundStatus) {
        refund.next = None;
        if refund.status == status || !refund.counts() {
            state.put(Row::Refund(refund));
            return;
        }
        refund.status = status;
        if status == RefundStatus::Failed {
            refund.failure_movement = Some(self.move_back(state, now, &refund));
        }
        state.put(Row::Refund(refund.clone()));
        if status == RefundStatus::Failed {
            self.tell_refund(state, now, &refund, "refund.failed");
        }
        self.tell_refund(state, now, &refund, "refund.updated");
    }
}
