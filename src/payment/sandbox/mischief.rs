//! How the sandbox misbehaves when it is told to: what networks do to calls and to events, and what banks do to money.

use crate::payment::refund::RefundStatus;
use crate::payment::sandbox::{Sandbox, after};
use jiff::Timestamp;
use std::collections::VecDeque;

/// Most calls that can be told to go wrong in advance.
const CALLS_MAX: usize = 100;

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// It is carried out, and the answer is lost.
    LoseAnswer,
    /// It is carried out, and half of the answer comes back.
    GarbleAnswer,
    /// It is refused with 429 and not carried out.
    TooMany,
    /// It is answered with 500 and not carried out.
    ServerError,
    /// It is carried out and answered with 500, and that answer is kept under its key: a repeat gets it again, as
    /// Stripe says of its own. Only looking at what there is tells what happened.
    ServerErrorKept,
}

/// What goes wrong with events, until told otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Webhooks {
    /// Nothing.
    #[default]
    Normal,
    /// Each is delivered twice at once.
    Twice,
    /// None is delivered; they stay listed.
    Dropped,
    /// Each waits this many seconds first.
    Delayed(u32),
    /// Each waits this many seconds first, and the newest goes out first.
    Backwards(u32),
}

/// What goes wrong with refunds that are made from now on, until told otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refunds {
    /// Nothing: they succeed at once.
    #[default]
    Normal,
    /// They are pending, and succeed after this many seconds.
    Slow(u32),
    /// They succeed, and fail after this many seconds.
    Failing(u32),
}

/// What was ordered.
#[derive(Debug, Default)]
pub(super) struct Mischief {
    pub(super) calls: VecDeque<Misbehaviour>,
    pub(super) webhooks: Webhooks,
    pub(super) refunds: Refunds,
    pub(super) short: i64,
}

impl Sandbox {
    /// Lets one of the next calls go wrong; several are used up in the order they were told.
    pub fn misbehave(&self, how: Misbehaviour) {
        let mut mischief = self.mischief();
        if mischief.calls.len() < CALLS_MAX {
            mischief.calls.push_back(how);
        }
    }

    /// Lets events that happen from now on go wrong.
    pub fn set_webhooks(&self, mood: Webhooks) {
        self.mischief().webhooks = mood;
    }

    /// Lets refunds that are made from now on go wrong.
    pub fn set_refunds(&self, mood: Refunds) {
        self.mischief().refunds = mood;
    }

    /// Lets the next payment be this much too small, in the smallest coin.
    pub fn pay_short(&self, minor: i64) {
        self.mischief().short = minor.max(0);
    }
}

impl Webhooks {
    pub(super) fn due(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Normal | Self::Twice => Some(now),
            Self::Dropped => None,
            Self::Delayed(seconds) | Self::Backwards(seconds) => after(now, i64::from(seconds)),
        }
    }

    pub(super) fn copies(self) -> u32 {
        if self == Self::Twice { 2 } else { 1 }
    }

    pub(super) fn is_backwards(self) -> bool {
        matches!(self, Self::Backwards(_))
    }
}

impl Refunds {
    /// How a refund begins, and what becomes of it when.
    pub(super) fn course(self, now: Timestamp) -> (RefundStatus, Option<(Timestamp, RefundStatus)>) {
        let then = |seconds: u32, status| after(now, i64::from(seconds)).map(|at| (at, status));
        match self {
            Self::Normal => (RefundStatus::Succeeded, None),
            Self::Slow(seconds) => (RefundStatus::Pending, then(seconds, RefundStatus::Succeeded)),
            Self::Failing(seconds) => (RefundStatus::Succeeded, then(seconds, RefundStatus::Failed)),
        }
    }
}
