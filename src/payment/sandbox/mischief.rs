//! How the sandbox misbehaves when a test tells it to: what networks do to calls and to events.

use crate::payment::sandbox::{Sandbox, later};
use jiff::Timestamp;
use std::collections::VecDeque;

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// It is carried out, and the answer is lost.
    LoseAnswer,
    /// It is carried out, and half of the answer comes back.
    GarbleAnswer,
    /// It is refused with 429 and not carried out.
    TooMany,
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
}

/// What was ordered.
#[derive(Debug, Default)]
pub(super) struct Mischief {
    pub(super) calls: VecDeque<Misbehaviour>,
    pub(super) webhooks: Webhooks,
}

impl Sandbox {
    /// Lets one of the next calls go wrong; several are used up in the order they were told.
    pub fn misbehave(&self, how: Misbehaviour) {
        self.mischief().calls.push_back(how);
    }

    /// Lets events that happen from now on go wrong.
    pub fn set_webhooks(&self, mood: Webhooks) {
        self.mischief().webhooks = mood;
    }
}

impl Webhooks {
    pub(super) fn due(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Normal | Self::Twice => Some(now),
            Self::Dropped => None,
            Self::Delayed(seconds) => later(now, i64::from(seconds)),
        }
    }

    pub(super) fn copies(self) -> u32 {
        if self == Self::Twice { 2 } else { 1 }
    }
}
