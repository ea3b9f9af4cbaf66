//! The shop's balance: movements with their fees.

use crate::domain::money::Money;
use crate::payment::sandbox::Sandbox;
use crate::payment::sandbox::state::dispute::Dispute;
use crate::payment::sandbox::state::movement::{Cause, Movement};
use crate::payment::sandbox::state::payment::Payment;
use crate::payment::sandbox::state::refund::Refund;
use crate::payment::sandbox::state::{Row, State};
use jiff::Timestamp;

/// What a payment costs: so many thousandths of it, and so many of the smallest coin.
const FEE_THOUSANDTHS: i64 = 29;
/// The fixed part of what a payment costs.
const FEE_FIXED: i64 = 30;
/// What a dispute costs, in the smallest coin.
pub const DISPUTE_FEE: i64 = 1500;

impl Sandbox {
    /// A payment came.
    pub(super) fn move_in(&self, state: &mut State, now: Timestamp, payment: &Payment) -> String {
        let fee = fee(payment.amount.minor);
        self.record(state, now, (Cause::Charge, &payment.charge, &payment.id), payment.amount, fee)
    }

    /// A refund leaves.
    pub(super) fn move_out(
        &self,
        state: &mut State,
        now: Timestamp,
        refund: &str,
        of: &Payment,
        amount: Money,
    ) -> String {
        self.record(state, now, (Cause::Refund, refund, &of.id), negative(amount), 0)
    }

    /// A refund comes back.
    pub(super) fn move_back(&self, state: &mut State, now: Timestamp, refund: &Refund) -> String {
        self.record(state, now, (Cause::RefundFailure, &refund.id, &refund.payment), refund.amount, 0)
    }

    /// A dispute takes the money, and its fee.
    pub(super) fn withdraw(&self, state: &mut State, now: Timestamp, dispute: &Dispute) -> String {
        let about = (Cause::Dispute, dispute.id.as_str(), dispute.payment.as_str());
        self.record(state, now, about, negative(dispute.amount), DISPUTE_FEE)
    }

    /// A dispute gives the money back; the fee stays with the provider.
    pub(super) fn reinstate(&self, state: &mut State, now: Timestamp, dispute: &Dispute) -> String {
        let about = (Cause::DisputeReversal, dispute.id.as_str(), dispute.payment.as_str());
        self.record(state, now, about, dispute.amount, 0)
    }

    fn record(&self, state: &mut State, now: Timestamp, about: (Cause, &str, &str), amount: Money, fee: i64) -> String {
        let (cause, source, payment) = about;
        let id = self.id("txn", now);
        let (source, payment) = (source.to_owned(), payment.to_owned());
        state.put(Row::Movement(Movement { id: id.clone(), cause, source, payment, created: now, amount, fee }));
        id
    }
}

/// Rounded half up, as Stripe does.
fn fee(minor: i64) -> i64 {
    minor.saturating_mul(FEE_THOUSANDTHS).saturating_add(500).div_euclid(1000).saturating_add(FEE_FIXED)
}

fn negative(amount: Money) -> Money {
    Money::new(amount.minor.saturating_neg(), amount.currency)
}

#[cfg(test)]
mod tests {
    use super::fee;

    #[test]
    fn fees_are_those_an_emulator_we_did_not_write_takes() {
        // Seen at seahaven-stripe-world 0.3.0.
        assert_eq!((fee(2000), fee(5000)), (88, 175));
    }
}
