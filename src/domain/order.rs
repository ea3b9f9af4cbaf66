//! Orders: what was confirmed, where it stands, and what can happen to it. [`engine`] says what follows.

pub mod engine;

use crate::domain::address::Address;
use crate::domain::amendment::AmendmentState;
use crate::domain::cart::Quote;
use crate::domain::fact::Status;
use crate::domain::id::{AmendmentId, ContactId, ConversationId, FindingId, OrderId, RefundId};
use crate::domain::money::Money;
use crate::domain::refund::RefundState;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something a shopper confirmed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Ours.
    pub id: OrderId,
    /// As shoppers say it: `FJ-1042`.
    pub number: String,
    /// Whose it is.
    pub contact: ContactId,
    /// Where it was placed; `None` when it came in some other way.
    pub conversation: Option<ConversationId>,
    /// Where it stands.
    pub state: OrderState,
    /// Lines and totals, as confirmed.
    pub quote: Quote,
    /// When things happened.
    pub times: Times,
    /// The parcel.
    pub tracking: Option<Tracking>,
    /// Why it is frozen, or another remark of the shop.
    pub note: Option<String>,
    /// Where it stood when it was frozen.
    pub before_freeze: Option<OrderState>,
    /// Where the goods go, once known.
    pub ship_to: Option<Address>,
    /// Opens the order's page without a login; cannot be guessed.
    pub token: String,
}

/// When things happened to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// The shopper confirmed.
    pub placed: Timestamp,
    /// The money was there.
    pub paid: Option<Timestamp>,
    /// The parcel left.
    pub shipped: Option<Timestamp>,
    /// The parcel arrived.
    pub delivered: Option<Timestamp>,
    /// Cancelled, expired or refunded.
    pub closed: Option<Timestamp>,
    /// The shopper or a colleague wants it called off, and the provider has yet to close the page.
    #[serde(default)]
    pub cancel_asked: Option<Timestamp>,
}

/// The parcel of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracking {
    /// Who carries it.
    pub carrier: String,
    /// The carrier's number.
    pub number: String,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// Placed, stock held, not paid.
    AwaitingPayment,
    /// The shopper paid with a slow method.
    PaymentPending,
    /// Paid in full.
    Paid,
    /// Given to the carrier.
    Fulfilled,
    /// Never paid in time; the stock is back.
    Expired,
    /// Called off before it shipped; what was paid goes back.
    Cancelled,
    /// Paid back in full.
    Refunded,
    /// Something about the money does not add up; a person decides.
    Frozen,
}

/// What an event does to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it stands now.
    pub state: OrderState,
    /// What follows, in this order, in the same transaction.
    pub effects: Vec<Effect>,
    /// Why it was frozen, or what a colleague should know.
    pub why: Option<String>,
}

/// What follows from an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The goods held are sold.
    Sell,
    /// The goods held go back on the shelf.
    Release,
    /// Goods that were sold go back on the shelf.
    Restock,
    /// Goods were sold for that much.
    BookSale(Money),
    /// Money goes back to the shopper.
    GiveBack {
        /// How much.
        amount: Money,
        /// What it was paid for.
        of: OutOf,
    },
    /// The provider is asked to close the page.
    ClosePage,
    /// The provider is asked for a page, unless one is there.
    OpenPage,
    /// The order's lines become what the amendment says.
    Apply,
    /// Somebody hears of it.
    Tell(Happening),
}

/// What money that goes back was paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutOf {
    /// Goods: the sale is taken back with it.
    Sale,
    /// Nothing: paid twice, too late, or for what was called off.
    Surplus,
}

/// What somebody is told about an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// The payment page is ready.
    PageOpen,
    /// Money is on its way.
    Pending,
    /// Paid.
    Paid,
    /// Not paid in time, or the slow method failed.
    Expired,
    /// Called off.
    Cancelled,
    /// Paid after the goods were given up: it goes back.
    PaidTooLate,
    /// Paid a second time: the second goes back.
    PaidTwice,
    /// Given to the carrier.
    Shipped,
    /// Arrived.
    Delivered,
    /// A colleague has to look.
    Frozen,
    /// The shopper's bank wants the money back: a colleague has to answer it.
    Disputed,
    /// Reconciliation found something that a colleague has to look at.
    Found(FindingId),
    /// A colleague has to agree to a refund.
    RefundWaits(RefundId),
    /// Money is on its way back, did not get there, or will not go.
    RefundMoved(RefundId, RefundState),
    /// The page for the difference of an amendment is ready.
    DifferenceOpen(AmendmentId),
    /// An amendment moved on.
    Amended(AmendmentId, AmendmentState),
}

impl OrderState {
    const ALL: [Self; 8] = [
        Self::AwaitingPayment,
        Self::PaymentPending,
        Self::Paid,
        Self::Fulfilled,
        Self::Expired,
        Self::Cancelled,
        Self::Refunded,
        Self::Frozen,
    ];

    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting_payment",
            Self::PaymentPending => "payment_pending",
            Self::Paid => "paid",
            Self::Fulfilled => "fulfilled",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
            Self::Frozen => "frozen",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether the order still holds stock that is not sold yet.
    pub fn holds_stock(self) -> bool {
        matches!(self, Self::AwaitingPayment | Self::PaymentPending)
    }
}

impl Order {
    /// Where the order stands, as a shopper would say it.
    pub fn status(&self) -> &'static str {
        self.stands().word()
    }

    /// Where the order stands, as one of the words there are.
    pub fn stands(&self) -> Status {
        match (self.state, self.times.delivered) {
            (OrderState::AwaitingPayment, _) => Status::WaitingForPayment,
            (OrderState::PaymentPending, _) => Status::PaymentPending,
            (OrderState::Paid, _) => Status::Paid,
            (OrderState::Fulfilled, None) => Status::OnItsWay,
            (OrderState::Fulfilled, Some(_)) => Status::Delivered,
            (OrderState::Expired, _) => Status::Expired,
            (OrderState::Cancelled, _) => Status::Cancelled,
            (OrderState::Refunded, _) => Status::Refunded,
            (OrderState::Frozen, _) => Status::BeingChecked,
        }
    }
}

impl Happening {
    /// Its name: with the order, what is told once.
    pub fn word(&self) -> String {
        match self {
            Self::PageOpen => "page_open".to_owned(),
            Self::Pending => "pending".to_owned(),
            Self::Paid => "paid".to_owned(),
            Self::Expired => "expired".to_owned(),
            Self::Cancelled => "cancelled".to_owned(),
            Self::PaidTooLate => "paid_too_late".to_owned(),
            Self::PaidTwice => "paid_twice".to_owned(),
            Self::Shipped => "shipped".to_owned(),
            Self::Delivered => "delivered".to_owned(),
            Self::Frozen => "frozen".to_owned(),
            Self::Disputed => "disputed".to_owned(),
            Self::Found(id) => format!("found:{id}"),
            Self::RefundWaits(id) => format!("refund_waits:{id}"),
            Self::RefundMoved(id, state) => format!("refund_{}:{id}", state.word()),
            Self::DifferenceOpen(id) => format!("difference_open:{id}"),
            Self::Amended(id, state) => format!("amended_{}:{id}", state.word()),
        }
    }
}
