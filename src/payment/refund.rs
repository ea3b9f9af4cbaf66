//! Money given back through the provider.

use crate::domain::id::{OrderId, RefundId};
use crate::domain::money::Money;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is to be given back. Everything in it was stored before the first try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundRequest {
    /// Ours; the idempotency key, and kept in the refund's metadata.
    pub refund: RefundId,
    /// The order, for the metadata.
    pub order: OrderId,
    /// The payment it is taken from.
    pub intent: String,
    /// How much; never more than is left of the payment.
    pub amount: Money,
}

/// A refund as the provider has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The provider's id.
    pub id: String,
    /// The payment it was taken from.
    pub intent: Option<String>,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub status: RefundStatus,
    /// Our id, when we asked for it; `None` for one made in the provider's dashboard.
    pub ours: Option<RefundId>,
    /// Why it failed.
    pub failure: Option<String>,
    /// When it was made.
    pub created: Timestamp,
}

/// Where a refund stands, as Stripe names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// The shopper has to do something, such as naming an account.
    RequiresAction,
    /// Done. It can still fail later, when the bank sends it back.
    Succeeded,
    /// Not possible; the money is with the shop again.
    Failed,
    /// Called off; the money is with the shop again.
    Canceled,
}
