//! Proposals, and what a payment provider tells us about the page of an order.

use crate::domain::cart::Quote;
use crate::domain::id::{CheckoutId, ContactId, ConversationId, OrderId, ProposalId};
use crate::domain::money::Money;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An act waiting for the shopper's yes.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Ours; also the idempotency key of what it leads to.
    pub id: ProposalId,
    /// Where it was shown.
    pub conversation: ConversationId,
    /// Whose yes counts.
    pub contact: ContactId,
    /// What it would do.
    pub act: Act,
    /// Where it stands.
    pub state: ProposalState,
    /// After this it cannot be confirmed.
    pub expires_at: Timestamp,
}

/// What a proposal would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Order the cart as it stood.
    Checkout {
        /// Lines and totals as shown.
        quote: Quote,
        /// The cart it was made from.
        cart_version: i64,
    },
}

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Waiting.
    Open,
    /// The shopper said yes, and it was done.
    Committed,
    /// The shopper said no.
    Cancelled,
    /// A newer one took its place, or the cart changed.
    Superseded,
    /// Too late.
    Expired,
}

impl ProposalState {
    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Committed => "committed",
            Self::Cancelled => "cancelled",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Committed, Self::Cancelled, Self::Superseded, Self::Expired]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// One attempt to be paid for an order: a page at the payment provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkout {
    /// Ours; the idempotency key towards the provider.
    pub id: CheckoutId,
    /// What is paid.
    pub order: OrderId,
    /// Where it stands.
    pub state: CheckoutState,
    /// The provider's id, once it answered.
    pub session: Option<String>,
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

impl CheckoutState {
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
