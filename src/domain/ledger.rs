//! The ledger: double entry, so that every amount that moves is taken from one account and given to another, and
//! whatever does not add up shows as a balance that should be nothing.

use crate::domain::id::OrderId;
use crate::domain::money::Money;

/// Where money is. Positive is what the shop has or is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// Held for the shop by the payment provider.
    Provider,
    /// What the shopper owes; below nothing, what the shop owes the shopper.
    Customer,
    /// Earned: grows downwards.
    Sales,
    /// Paid to the provider for its work.
    Fees,
    /// Taken back by a bank until a dispute is decided.
    Disputed,
    /// Lost in disputes.
    Losses,
}

/// Why money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKind {
    /// A shopper's payment arrived; named by the provider's session.
    Capture,
    /// Goods were sold; named by the order or the amendment.
    Sale,
    /// A sale was taken back, in whole or in part; named by our refund or amendment.
    Credit,
    /// Money was given back; named by the provider's refund.
    Refund,
    /// A refund came back; named by the provider's refund.
    RefundReturned,
    /// A bank took money for a dispute; named by the dispute.
    DisputeOut,
    /// The provider's charge for a dispute; named by the dispute.
    DisputeFee,
    /// A bank gave it back; named by the dispute.
    DisputeBack,
    /// A dispute was lost; named by the dispute.
    DisputeLost,
}

/// Money that moved: its postings add up to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Why.
    pub kind: EntryKind,
    /// With the kind, what makes it happen once: the id of the thing that moved it.
    pub outside_id: String,
    /// The order it belongs to.
    pub order: OrderId,
    /// How much; what is above nothing moves from `from` to `to`.
    pub amount: Money,
}

impl Account {
    const ALL: [Self; 6] = [Self::Provider, Self::Customer, Self::Sales, Self::Fees, Self::Disputed, Self::Losses];

    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Customer => "customer",
            Self::Sales => "sales",
            Self::Fees => "fees",
            Self::Disputed => "disputed",
            Self::Losses => "losses",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.word() == word)
    }
}

impl EntryKind {
    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Capture => "capture",
            Self::Sale => "sale",
            Self::Credit => "credit",
            Self::Refund => "refund",
            Self::RefundReturned => "refund_returned",
            Self::DisputeOut => "dispute_out",
            Self::DisputeFee => "dispute_fee",
            Self::DisputeBack => "dispute_back",
            Self::DisputeLost => "dispute_lost",
        }
    }

    /// Where the money comes from, and where it goes.
    pub fn accounts(self) -> (Account, Account) {
        match self {
            Self::Capture => (Account::Customer, Account::Provider),
            Self::Sale => (Account::Sales, Account::Customer),
            Self::Credit => (Account::Customer, Account::Sales),
            Self::Refund => (Account::Provider, Account::Customer),
            Self::RefundReturned => (Account::Customer, Account::Provider),
            Self::DisputeOut => (Account::Provider, Account::Disputed),
            Self::DisputeFee => (Account::Provider, Account::Fees),
            Self::DisputeBack => (Account::Disputed, Account::Provider),
            Self::DisputeLost => (Account::Disputed, Account::Losses),
        }
    }
}

impl Entry {
    /// An entry of `amount`, once per `outside_id`.
    pub fn new(kind: EntryKind, outside_id: impl Into<String>, order: &OrderId, amount: Money) -> Self {
        Self { kind, outside_id: outside_id.into(), order: order.clone(), amount }
    }

    /// What each account gets, in minor units: two postings that add up to nothing.
    pub fn postings(&self) -> [(Account, i64); 2] {
        let (from, to) = self.kind.accounts();
        [(from, -self.amount.minor), (to, self.amount.minor)]
    }
}
