//! Proposals: acts that wait for the shopper's yes. What is shown is what is stored, and what is stored is what is done.

use crate::domain::address::Address;
use crate::domain::amendment::Terms;
use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::id::{ContactId, ConversationId, OrderId, ProposalId, VariantId};
use crate::domain::money::Money;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An act waiting for the shopper's yes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

/// What a shopper wants done: names only. Every amount is computed from it, when it is proposed and again when it is
/// confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum Wish {
    /// Order the cart.
    Checkout,
    /// Call an order off before it ships.
    Cancel {
        /// Which.
        order: OrderId,
    },
    /// Other goods in an order that has not shipped.
    ChangeItems {
        /// Which.
        order: OrderId,
        /// What for what.
        swaps: Vec<Swap>,
    },
    /// Another address for an order that has not shipped.
    ChangeAddress {
        /// Which.
        order: OrderId,
        /// Where to.
        address: Address,
    },
    /// Send goods back.
    Return {
        /// Which.
        order: OrderId,
        /// What of it.
        pieces: Vec<Pieces>,
    },
    /// Send goods back for others.
    Exchange {
        /// Which.
        order: OrderId,
        /// What for what.
        swaps: Vec<Swap>,
    },
    /// Money back for goods that are kept or never came.
    Refund {
        /// Which.
        order: OrderId,
        /// What of it.
        pieces: Vec<Pieces>,
    },
    /// Keep an address for the next order.
    KeepAddress {
        /// Which.
        address: Address,
    },
}

/// So many pieces of one variant in an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pieces {
    /// Which variant, as it stands in the order.
    pub variant: VariantId,
    /// How many.
    pub quantity: u32,
}

/// So many pieces of one variant for as many of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// What stands in the order.
    pub from: VariantId,
    /// What is wanted in its place: another variant of the same product.
    pub to: VariantId,
    /// How many.
    pub quantity: u32,
}

/// What a proposal would do, with every amount it would move.
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
    /// Call an order off.
    Cancel {
        /// Which.
        order: OrderId,
        /// Its number.
        number: String,
        /// What is given back; nothing when it was not paid.
        refund: Option<Money>,
    },
    /// Other goods before it ships.
    ChangeItems {
        /// Which.
        order: OrderId,
        /// Its number.
        number: String,
        /// What was asked for.
        swaps: Vec<Swap>,
        /// What changes and what it costs.
        terms: Terms,
    },
    /// Another address.
    ChangeAddress {
        /// Which.
        order: OrderId,
        /// Its number.
        number: String,
        /// Where to.
        address: Address,
    },
    /// Goods come back.
    Return {
        /// Which.
        order: OrderId,
        /// Its number.
        number: String,
        /// What comes back and what it brings.
        terms: Terms,
    },
    /// Goods come back, others go out.
    Exchange {
        /// Which.
        order: OrderId,
        /// Its number.
        number: String,
        /// What was asked for.
        swaps: Vec<Swap>,
        /// What changes and what it costs.
        terms: Terms,
    },
    /// Money back without goods.
    Refund {
        /// Which.
        order: OrderId,
        /// Its number.
        number: String,
        /// For what, at the prices paid.
        lines: Vec<QuoteLine>,
        /// Sum of the lines.
        amount: Money,
        /// Whether a colleague has to agree.
        approval: bool,
    },
    /// Keep an address for the next order.
    KeepAddress {
        /// Which.
        address: Address,
    },
}

impl Act {
    /// What was wished for, so that it can be computed again from the rows as they are now.
    pub fn wish(&self) -> Wish {
        let pieces = |lines: &[QuoteLine]| {
            lines.iter().map(|l| Pieces { variant: l.variant.clone(), quantity: l.quantity }).collect::<Vec<_>>()
        };
        match self {
            Self::Checkout { .. } => Wish::Checkout,
            Self::Cancel { order, .. } => Wish::Cancel { order: order.clone() },
            Self::ChangeItems { order, swaps, .. } => Wish::ChangeItems { order: order.clone(), swaps: swaps.clone() },
            Self::ChangeAddress { order, address, .. } => {
                Wish::ChangeAddress { order: order.clone(), address: address.clone() }
            }
            Self::Return { order, terms, .. } => Wish::Return { order: order.clone(), pieces: pieces(&terms.back) },
            Self::Exchange { order, swaps, .. } => Wish::Exchange { order: order.clone(), swaps: swaps.clone() },
            Self::Refund { order, lines, .. } => Wish::Refund { order: order.clone(), pieces: pieces(lines) },
            Self::KeepAddress { address } => Wish::KeepAddress { address: address.clone() },
        }
    }

    /// The order it is about, once there is one.
    pub fn order(&self) -> Option<&OrderId> {
        match self {
            Self::Checkout { .. } | Self::KeepAddress { .. } => None,
            Self::Cancel { order, .. }
            | Self::ChangeItems { order, .. }
            | Self::ChangeAddress { order, .. }
            | Self::Return { order, .. }
            | Self::Exchange { order, .. }
            | Self::Refund { order, .. } => Some(order),
        }
    }
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
    /// A newer one took its place, or what it was about changed.
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
