//! Orders and how a payment moves them: a pure function of state and fact.

use crate::domain::cart::Quote;
use crate::domain::checkout::{SessionFact, Standing};
use crate::domain::id::{ContactId, ConversationId, OrderId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something a shopper confirmed.
#[derive(Clone, Debug, PartialEq)]
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
    /// Called off before payment.
    Cancelled,
    /// Paid back in full.
    Refunded,
    /// Something about the money does not add up; a person decides.
    Frozen,
}

/// What a fact about the payment does to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Nothing new.
    Nothing,
    /// Money is on its way: keep the stock held.
    Pending,
    /// Paid: the stock is sold.
    Paid,
    /// Will not be paid: give the stock back.
    Expired,
    /// Stop and tell a person.
    Frozen {
        /// What does not add up.
        why: String,
    },
}

/// What the shopper is told about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// A colleague has to look.
    Frozen,
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

    /// The state a change leads to; `None` when it leads nowhere new.
    pub fn after(change: &Change) -> Option<Self> {
        match change {
            Change::Nothing => None,
            Change::Pending => Some(Self::PaymentPending),
            Change::Paid => Some(Self::Paid),
            Change::Expired => Some(Self::Expired),
            Change::Frozen { .. } => Some(Self::Frozen),
        }
    }
}

impl Order {
    /// What a fact about a session does to this order. Facts may come late, twice and in any order; the amount and the
    /// reference are compared before anything is believed.
    pub fn on_payment(&self, fact: &SessionFact) -> Change {
        let frozen = |why: String| Change::Frozen { why };
        if fact.reference.as_deref() != Some(self.id.as_str()) {
            return frozen(format!("payment {} names another order", fact.session));
        }
        let matters = matches!(fact.standing, Standing::Paid | Standing::Processing);
        if matters && fact.amount != self.quote.total {
            return frozen(format!("{} was paid, but {} was shown", fact.amount, self.quote.total));
        }
        match (self.state, fact.standing) {
            (OrderState::AwaitingPayment | OrderState::PaymentPending, Standing::Paid) => Change::Paid,
            (OrderState::AwaitingPayment, Standing::Processing) => Change::Pending,
            (OrderState::AwaitingPayment | OrderState::PaymentPending, Standing::Dead) => Change::Expired,
            (OrderState::Expired | OrderState::Cancelled, Standing::Paid) => {
                frozen("paid after the stock was given back".to_owned())
            }
            _ => Change::Nothing,
        }
    }

    /// Where the order stands, as a shopper would say it.
    pub fn status(&self) -> &'static str {
        match (self.state, self.times.delivered) {
            (OrderState::AwaitingPayment, _) => "waiting for payment",
            (OrderState::PaymentPending, _) => "payment being processed",
            (OrderState::Paid, _) => "paid, being packed",
            (OrderState::Fulfilled, None) => "on its way",
            (OrderState::Fulfilled, Some(_)) => "delivered",
            (OrderState::Expired, _) => "expired, not paid in time",
            (OrderState::Cancelled, _) => "cancelled",
            (OrderState::Refunded, _) => "refunded",
            (OrderState::Frozen, _) => "being checked by a colleague",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::{Currency, Money};
    use proptest::prelude::*;

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn order(state: OrderState) -> Order {
        let total = Money::new(15_480, Currency::EUR);
        let quote = Quote {
            lines: vec![],
            subtotal: total,
            shipping_label: String::new(),
            shipping: Money::zero(Currency::EUR),
            total,
        };
        Order {
            id: OrderId::new("ord_1"),
            number: "FJ-1".into(),
            contact: ContactId::new("con_1"),
            conversation: None,
            state,
            quote,
            times: Times { placed: AT, paid: None, shipped: None, delivered: None, closed: None },
            tracking: None,
            note: None,
            token: String::new(),
        }
    }

    fn fact(standing: Standing, minor: i64) -> SessionFact {
        SessionFact {
            session: "cs_test_1".into(),
            reference: Some("ord_1".into()),
            standing,
            amount: Money::new(minor, Currency::EUR),
        }
    }

    fn standing() -> impl Strategy<Value = Standing> {
        prop::sample::select(vec![Standing::Open, Standing::Processing, Standing::Paid, Standing::Dead])
    }

    #[test]
    fn a_wrong_amount_or_reference_stops_the_order() {
        let waiting = order(OrderState::AwaitingPayment);
        assert_eq!(waiting.on_payment(&fact(Standing::Paid, 15_480)), Change::Paid);
        assert!(matches!(waiting.on_payment(&fact(Standing::Paid, 15_479)), Change::Frozen { .. }));
        let strange = SessionFact { reference: Some("ord_2".into()), ..fact(Standing::Paid, 15_480) };
        assert!(matches!(waiting.on_payment(&strange), Change::Frozen { .. }));
        let late = order(OrderState::Expired);
        assert!(matches!(late.on_payment(&fact(Standing::Paid, 15_480)), Change::Frozen { .. }));
    }

    proptest! {
        // The oracle is written the other way round: from the set of facts seen, not from the transitions.
        #[test]
        fn any_history_pays_at_most_once_and_only_in_full(
            history in prop::collection::vec((standing(), prop::sample::select(vec![15_480i64, 15_479])), 0..12)
        ) {
            let mut order = order(OrderState::AwaitingPayment);
            let mut paid = 0;
            for (standing, minor) in &history {
                let change = order.on_payment(&fact(*standing, *minor));
                paid += usize::from(change == Change::Paid);
                if change == Change::Paid {
                    prop_assert_eq!((*standing, *minor), (Standing::Paid, 15_480));
                }
                if let Some(state) = OrderState::after(&change) {
                    order.state = state;
                }
            }
            prop_assert!(paid <= 1);
            let full = history.contains(&(Standing::Paid, 15_480));
            prop_assert!(order.state != OrderState::Paid || full);
        }
    }
}
