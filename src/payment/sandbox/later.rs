//! What banks do after a payment, by test card, by a clock, or by the sandbox's own controls: refunds that fail,
//! disputes that open and close.

use crate::payment::refund::RefundStatus;
use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::state::dispute::{Dispute, Standing};
use crate::payment::sandbox::state::{Row, Stage, State};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Seconds after which a test card does what it does later.
pub const LATER_SECONDS: i64 = 30;

impl Sandbox {
    /// A refund comes back now. Answers whether there is one whose money was away.
    pub fn fail_refund(&self, refund: &str) -> bool {
        self.with(|state, now| match state.refunds.get(refund).filter(|r| r.counts()).cloned() {
            Some(refund) => {
                self.turn_refund(state, now, refund, RefundStatus::Failed);
                true
            }
            None => false,
        })
    }

    /// The shopper's bank asks for a payment back. Answers the dispute's id; none if the payment cannot be disputed.
    pub fn dispute_payment(&self, payment: &str) -> Option<String> {
        self.with(|state, now| self.open_dispute(state, now, payment))
    }

    /// The bank decides. Answers whether there was something to decide.
    pub fn decide_dispute(&self, dispute: &str, shop_wins: bool) -> bool {
        let standing = if shop_wins { Standing::Won } else { Standing::Lost };
        self.with(|state, now| match state.disputes.get(dispute).filter(|d| !d.standing.is_over()).cloned() {
            Some(dispute) => {
                self.end_dispute(state, now, dispute, standing);
                true
            }
            None => false,
        })
    }

    /// Opens a dispute over what is left of a paid payment, once.
    pub(super) fn open_dispute(&self, state: &mut State, now: Timestamp, payment: &str) -> Option<String> {
        let mut payment = state.payments.get(payment).cloned()?;
        if payment.disputed_at.take().is_some() {
            state.put(Row::Payment(payment.clone()));
        }
        let left = payment.amount.minor.saturating_sub(state.refunded(&payment.id));
        if payment.stage != Stage::Paid || left <= 0 || state.dispute_of(&payment.id).is_some() {
            return None;
        }
        let mut dispute = Dispute {
            id: self.id("du", now),
            payment: payment.id.clone(),
            created: now,
            amount: payment.amount,
            standing: Standing::NeedsResponse,
            metadata: BTreeMap::new(),
            evidence: BTreeMap::new(),
            movements: Vec::new(),
        };
        dispute.amount.minor = left;
        dispute.movements.push(self.withdraw(state, now, &dispute));
        state.put(Row::Dispute(dispute.clone()));
        self.tell_dispute(state, now, &dispute, "charge.dispute.created");
        self.tell_dispute(state, now, &dispute, "charge.dispute.funds_withdrawn");
        Some(dispute.id)
    }

    /// A dispute ends.
    pub(super) fn end_dispute(&self, state: &mut State, now: Timestamp, mut dispute: Dispute, standing: Standing) {
        dispute.standing = standing;
        if standing == Standing::Won {
            dispute.movements.push(self.reinstate(state, now, &dispute));
        }
        state.put(Row::Dispute(dispute.clone()));
        if standing == Standing::Won {
            self.tell_dispute(state, now, &dispute, "charge.dispute.funds_reinstated");
        }
        self.tell_dispute(state, now, &dispute, "charge.dispute.closed");
    }
}
