//! Money given back: a pure machine. A refund is a row before it is a request, so that a crash repeats and never doubles.

use crate::domain::cart::QuoteLine;
use crate::domain::id::{OrderId, RefundId};
use crate::domain::ledger::EntryKind;
use crate::domain::money::{self, Money};
use crate::domain::order::OutOf;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Money given back, or asked to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Refund {
    /// Ours; the idempotency key towards the provider.
    pub id: RefundId,
    /// For which order.
    pub order: OrderId,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: RefundState,
    /// Why, for whom, for what.
    pub details: Details,
    /// The provider's payment it is taken from; `None` when a person has to give it back by hand.
    pub intent: Option<String>,
    /// The provider's id, once it answered.
    pub provider_id: Option<String>,
    /// When it was first asked for: after a day the provider forgets the key.
    pub first_sent: Option<Timestamp>,
    /// When the row was made.
    pub created: Timestamp,
}

/// What a refund is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What the money was paid for.
    pub of: OutOf,
    /// Why, in words a colleague and a shopper can read.
    pub why: String,
    /// Who wants it.
    pub asked_by: AskedBy,
    /// Who agreed or refused, when somebody was asked.
    #[serde(default)]
    pub decided_by: Option<String>,
    /// For which lines, when it is for lines.
    #[serde(default)]
    pub lines: Vec<QuoteLine>,
    /// What the provider or the bank said when it failed.
    #[serde(default)]
    pub failure: Option<String>,
}

impl Details {
    /// For no lines in particular, and nobody asked yet.
    pub fn new(of: OutOf, why: impl Into<String>, asked_by: AskedBy) -> Self {
        Self { of, why: why.into(), asked_by, decided_by: None, lines: Vec::new(), failure: None }
    }
}

/// Who wants money given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum AskedBy {
    /// The shopper, by confirming a proposal.
    Shopper,
    /// A colleague.
    Colleague {
        /// As signed in.
        name: String,
    },
    /// A rule: paid twice, paid too late.
    Rule,
    /// Somebody in the provider's own pages; we only found it there.
    Outside,
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// A colleague has to agree, or to pay it by hand.
    Waiting,
    /// To be asked for.
    Queued,
    /// The provider has it; the money is on its way.
    Sent,
    /// The shopper has it.
    Done,
    /// Not possible; the shop still owes it.
    Failed,
    /// A colleague said no.
    Declined,
}

/// Something that happened to a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundEvent {
    /// A colleague agrees.
    Approved,
    /// A colleague does not.
    Declined,
    /// A colleague gave it back by hand.
    PaidByHand,
    /// The provider refused it for good.
    Refused,
    /// What the provider says of it.
    Told {
        /// Where it stands there.
        standing: Standing,
        /// Whether it was not known to be there before.
        first: bool,
    },
}

/// Where the provider's refund stands, in the three cases that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// On its way.
    OnItsWay,
    /// Arrived; it can still come back.
    Done,
    /// Came back, or never left.
    Failed,
}

/// What an event does to a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundChange {
    /// Where it stands now.
    pub state: RefundState,
    /// What is booked, each once by its kind and the refund's name.
    pub book: Vec<EntryKind>,
    /// Whether the provider is asked next.
    pub send: bool,
    /// Whether somebody should hear of it.
    pub tell: bool,
}

impl Refund {
    /// What an event does to it; facts may come late, twice and in any order.
    pub fn on(&self, event: &RefundEvent) -> RefundChange {
        use RefundState as State;
        let change = |state, book: &[EntryKind]| RefundChange {
            state,
            book: book.to_vec(),
            send: false,
            tell: state != self.state,
        };
        // A surplus was never a sale, so none is taken back.
        let credit: &[EntryKind] = match self.details.of {
            OutOf::Sale => &[EntryKind::Credit],
            OutOf::Surplus => &[],
        };
        let both = [credit, &[EntryKind::Refund]].concat();
        match (self.state, event) {
            (State::Waiting, RefundEvent::Approved) if self.intent.is_some() => {
                RefundChange { send: true, tell: false, ..change(State::Queued, credit) }
            }
            (State::Waiting, RefundEvent::PaidByHand) => change(State::Done, &both),
            (State::Waiting, RefundEvent::Declined) => change(State::Declined, &[]),
            (State::Queued, RefundEvent::Refused) => change(State::Failed, &[]),
            (State::Queued | State::Sent, RefundEvent::Told { standing: Standing::OnItsWay, .. }) => {
                change(State::Sent, &both)
            }
            (State::Queued | State::Sent, RefundEvent::Told { standing: Standing::Done, .. }) => {
                change(State::Done, &both)
            }
            // An answer said no, and there it is after all.
            (State::Failed, RefundEvent::Told { standing: Standing::OnItsWay, first: true }) => {
                change(State::Sent, &both)
            }
            (State::Failed, RefundEvent::Told { standing: Standing::Done, first: true }) => change(State::Done, &both),
            (State::Queued, RefundEvent::Told { standing: Standing::Failed, .. }) => change(State::Failed, credit),
            (State::Sent | State::Done, RefundEvent::Told { standing: Standing::Failed, .. }) => {
                change(State::Failed, &[EntryKind::RefundReturned])
            }
            _ => change(self.state, &[]),
        }
    }
}

impl RefundState {
    const ALL: [Self; 6] = [Self::Waiting, Self::Queued, Self::Sent, Self::Done, Self::Failed, Self::Declined];

    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Declined => "declined",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether its amount is gone, or going.
    pub fn counts(self) -> bool {
        matches!(self, Self::Queued | Self::Sent | Self::Done)
    }

    /// Whether what it is for is spoken for, also while nobody has agreed yet.
    pub fn claims(self) -> bool {
        self == Self::Waiting || self.counts()
    }
}

/// A payment that money can be taken back from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The provider's payment.
    pub intent: Option<String>,
    /// What is left of it.
    pub left: Money,
}

/// Spreads an amount over the payments it can be taken from, the latest first: what was paid last is given back first.
/// What no payment covers stands under `None` and is for a person. The parts add up to the amount.
pub fn spread(amount: Money, sources: &[Source]) -> Result<Vec<(Option<String>, Money)>, money::Error> {
    let mut parts = Vec::new();
    let mut rest = amount;
    for source in sources.iter().rev().filter(|s| s.intent.is_some() && s.left.minor > 0) {
        if rest.minor <= 0 {
            break;
        }
        let part = Money::new(rest.minor.min(source.left.minor), amount.currency);
        parts.push((source.intent.clone(), part));
        rest = rest.minus(part)?;
    }
    if rest.minor > 0 {
        parts.push((None, rest));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests;
