//! Attempts to be paid: a page at the payment provider each, and what the provider says of it.

use crate::domain::id::{AmendmentId, CheckoutId, OrderId};
use crate::domain::money::Money;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One attempt to be paid: a page at the payment provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkout {
    /// Ours; the idempotency key towards the provider.
    pub id: CheckoutId,
    /// The order that is paid.
    pub order: OrderId,
    /// What is paid of it: an amendment's difference, or, without one, the order itself.
    pub amendment: Option<AmendmentId>,
    /// Counts the attempts of the order, from 1.
    pub place: i64,
    /// What the page charges.
    pub amount: Money,
    /// Where it stands.
    pub state: CheckoutState,
    /// The provider's id, once it answered.
    pub session: Option<String>,
    /// The provider's payment behind the page, once seen: what a refund is taken from.
    pub intent: Option<String>,
    /// The page, while it can be paid.
    pub url: Option<String>,
    /// Fixed before the first try, so that a repeat asks for exactly the same.
    pub expires_at: Timestamp,
}

/// Where a payment attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckoutState {
    /// Written down, not yet asked for.
    Requested,
    /// The page exists.
    Open,
    /// Finished by the shopper; the money is on its way.
    Pending,
    /// Paid.
    Paid,
    /// Cannot be paid any more.
    Closed,
}

impl Checkout {
    /// Where a word of the provider takes the attempt. What is paid stays paid, and what was closed without payment can
    /// only be found paid after all.
    pub fn after(&self, standing: Standing) -> CheckoutState {
        match (self.state, standing) {
            (CheckoutState::Paid, _) | (_, Standing::Paid) => CheckoutState::Paid,
            (CheckoutState::Closed, _) | (_, Standing::Dead) => CheckoutState::Closed,
            (_, Standing::Processing) => CheckoutState::Pending,
            (now, Standing::Open) => now,
        }
    }
}

impl CheckoutState {
    /// Whether it can still be paid.
    pub fn is_alive(self) -> bool {
        matches!(self, Self::Requested | Self::Open | Self::Pending)
    }

    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Closed => "closed",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Requested, Self::Open, Self::Pending, Self::Paid, Self::Closed]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// What the provider says of a session when asked. Only this moves an order, never an event's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionFact {
    /// The provider's id.
    pub session: String,
    /// The order it names as its reference.
    pub reference: Option<String>,
    /// Where it stands.
    pub standing: Standing,
    /// The total of the page.
    pub amount: Money,
}

/// Where a session stands, in the four cases that matter to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Can still be paid.
    Open,
    /// Finished, money not there yet.
    Processing,
    /// Money is there.
    Paid,
    /// Can never be paid: it expired, or the slow method failed.
    Dead,
}
