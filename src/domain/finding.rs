//! What the program cannot put right by itself and a person has to look at: kept once, as long as it is true.

use crate::domain::id::{FindingId, OrderId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Characters of a finding's text that are kept.
pub const TEXT_CHARS_MAX: usize = 400;

/// Something that does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Ours.
    pub id: FindingId,
    /// What kind of difference.
    pub kind: FindingKind,
    /// The id of the thing: with the kind, what makes it one finding.
    pub about: String,
    /// The order it belongs to, when there is one.
    pub order: Option<OrderId>,
    /// What a colleague has to know.
    pub text: String,
    /// When it was first true.
    pub first_seen: Timestamp,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $home:ident;)*) => {
        /// Every kind of difference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FindingKind {
            $($(#[$doc])* $name,)*
        }

        impl FindingKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stored word.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// Where it is seen.
            pub fn home(self) -> Home {
                match self {
                    $(Self::$name => Home::$home,)*
                }
            }
        }
    };
}

/// Where a kind of difference is seen, which says who clears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// At a page of the provider: true until that page is looked at and found in order.
    Session,
    /// At a refund.
    Refund,
    /// At a dispute.
    Dispute,
    /// In an event, which cannot be asked for again.
    Event,
    /// In our own rows: all of them are looked through each time.
    Rows,
    /// At a network that carries messages: true until it takes them again.
    Network,
    /// At an address that feeds come from: true until it gives one that can be taken in.
    Source,
}

kinds! {
    /// A paid page with our mark, of an attempt that is not here.
    PaidUnknown = "paid_unknown", Session;
    /// A page charges another amount or currency than our attempt.
    AmountDiffers = "amount_differs", Session;
    /// A page names another order than our attempt.
    OrderDiffers = "order_differs", Session;
    /// A second page of one attempt was paid.
    PaidTwice = "paid_twice", Session;
    /// Paid here, but not at the provider.
    PaidHereOnly = "paid_here_only", Session;
    /// The provider does not know a page of ours.
    SessionMissing = "session_missing", Session;
    /// A page could not be read.
    SessionUnreadable = "session_unreadable", Session;
    /// The provider gave back another amount than we asked for.
    RefundDiffers = "refund_differs", Refund;
    /// The provider made two refunds of one of ours.
    RefundTwice = "refund_twice", Refund;
    /// Sent here, but the provider does not know it.
    RefundMissing = "refund_missing", Refund;
    /// A refund could not be read.
    RefundUnreadable = "refund_unreadable", Refund;
    /// A dispute could not be read.
    DisputeUnreadable = "dispute_unreadable", Dispute;
    /// An event could not be read.
    EventUnreadable = "event_unreadable", Event;
    /// A dispute waits for an answer or a decision.
    DisputeOpen = "dispute_open", Rows;
    /// An entry of the ledger does not add up to nothing.
    LedgerUnbalanced = "ledger_unbalanced", Rows;
    /// An order counts as paid, but no money came in.
    PaidWithoutMoney = "paid_without_money", Rows;
    /// An attempt counts as paid, but is not in the ledger.
    PaidNotBooked = "paid_not_booked", Rows;
    /// An order is settled, but its shopper owes or is owed something.
    CustomerNotEven = "customer_not_even", Rows;
    /// More was given back or taken by banks than was paid.
    MoreBackThanPaid = "more_back_than_paid", Rows;
    /// Fewer than no pieces are on the shelf.
    StockBelowNothing = "stock_below_nothing", Rows;
    /// Goods are held for what is over.
    HeldForNothing = "held_for_nothing", Rows;
    /// An order that is over can still be paid.
    PayableForNothing = "payable_for_nothing", Rows;
    /// An order waits for a payment that nobody can make any more.
    WaitsForNothing = "waits_for_nothing", Rows;
    /// What messages may cost in a day is spent, or nearly.
    MessagesCost = "messages_cost", Network;
    /// An account may not send until somebody takes care of it.
    MessagesRefused = "messages_refused", Network;
    /// A feed that is fetched by itself did not come, or would do too much.
    SourceFails = "source_fails", Source;
}

impl FindingKind {
    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}
