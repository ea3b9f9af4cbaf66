//! What follows from what happens to an order: a pure function of state and event. Facts of the provider may come late,
//! twice and in any order, and end in the same state or in `Frozen` with a person told; asks can be refused.

use crate::domain::checkout::{SessionFact, Standing};
use crate::domain::money::Money;
use crate::domain::order::{Change, Effect, Happening, Order, OrderState, OutOf};

/// Something that happened, or that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// What the provider says of a page of this order.
    Payment {
        /// What it said when it was asked.
        fact: SessionFact,
        /// Whether the money on it was not known before.
        news: bool,
        /// Whether the goods of an order that gave them up could be held once more.
        again: bool,
    },
    /// The shopper confirmed calling it off, or a colleague decided it.
    CancelAsked {
        /// What is left of its sale.
        left: Money,
    },
    /// The parcel was given to the carrier.
    Shipped,
    /// The parcel arrived.
    Delivered,
    /// Money was given back; what is left of its sale.
    GivenBack {
        /// Sales less credits.
        left: Money,
    },
    /// The shopper's bank took the money, or asks for it.
    Disputed {
        /// What the bank calls the reason.
        why: String,
    },
    /// The dispute was decided for the shop.
    DisputeWon,
    /// The dispute was decided for the shopper.
    DisputeLost,
    /// A colleague has looked at a frozen order and lets it go on.
    Resumed {
        /// What of the order's own money is there: captured, and not on its way back.
        there: Money,
    },
    /// A colleague has looked at a frozen order and calls it off.
    GivenUp {
        /// What the shopper paid and has not got back.
        there: Money,
        /// What of that was booked as a sale.
        left: Money,
    },
    /// Something does not add up.
    DoesNotAddUp {
        /// What.
        why: String,
    },
}

/// Why an ask is refused, in words for the shopper or the colleague.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It left the house.
    #[error("it has already been sent; it can be returned once it has arrived")]
    Sent,
    /// It is over.
    #[error("it is closed already")]
    Closed,
    /// A person is at it.
    #[error("a colleague is looking at it")]
    Frozen,
    /// It is not paid.
    #[error("it is not paid")]
    NotPaid,
    /// It was not sent.
    #[error("it has not been sent yet")]
    NotSent,
    /// Nothing to resume.
    #[error("it is not frozen")]
    NotFrozen,
    /// A change waits for its payment.
    #[error("a change to it is still waiting for its payment")]
    BeingChanged,
    /// Neither nothing nor everything was paid.
    #[error("what was paid is not its total; give the money back instead")]
    PartlyPaid,
}

impl Order {
    /// What an event does to this order.
    pub fn on(&self, event: &Event) -> Result<Change, Refusal> {
        match event {
            Event::Payment { fact, news, again } => Ok(self.on_payment(fact, *news, *again)),
            Event::CancelAsked { left } => self.on_cancel(*left),
            Event::Shipped => match self.state {
                OrderState::Paid => Ok(self.to(OrderState::Fulfilled, vec![Effect::Tell(Happening::Shipped)])),
                OrderState::Fulfilled => Ok(self.stays()),
                other => Err(stuck(other)),
            },
            Event::Delivered => match self.state {
                OrderState::Fulfilled if self.times.delivered.is_none() => {
                    Ok(self.to(OrderState::Fulfilled, vec![Effect::Tell(Happening::Delivered)]))
                }
                OrderState::Fulfilled => Ok(self.stays()),
                OrderState::Paid => Err(Refusal::NotSent),
                other => Err(stuck(other)),
            },
            Event::GivenBack { left } => Ok(match self.state {
                OrderState::Paid if left.minor <= 0 => self.to(OrderState::Refunded, vec![Effect::Restock]),
                OrderState::Fulfilled if left.minor <= 0 => self.to(OrderState::Refunded, vec![]),
                _ => self.stays(),
            }),
            Event::Disputed { why } => Ok(self.on_dispute(why)),
            Event::DisputeWon => Ok(match (self.state, self.before_freeze) {
                (OrderState::Frozen, Some(before @ OrderState::Paid)) => self.to(before, vec![]),
                _ => self.stays(),
            }),
            Event::DisputeLost => Ok(match (self.state, self.before_freeze) {
                (OrderState::Frozen, Some(OrderState::Paid)) | (OrderState::Paid, _) => {
                    self.to(OrderState::Refunded, vec![Effect::Restock])
                }
                (OrderState::Fulfilled, _) => self.to(OrderState::Refunded, vec![]),
                _ => self.stays(),
            }),
            Event::Resumed { there } => self.on_resumed(*there),
            Event::GivenUp { there, left } => self.on_given_up(*there, *left),
            Event::DoesNotAddUp { why } => Ok(self.freezes(why.clone())),
        }
    }

    fn on_payment(&self, fact: &SessionFact, news: bool, again: bool) -> Change {
        use OrderState as State;
        if fact.reference.as_deref() != Some(self.id.as_str()) {
            return self.freezes(format!("payment {} names another order", fact.session));
        }
        let total = self.quote.total;
        match (self.state, fact.standing) {
            (State::AwaitingPayment | State::PaymentPending, Standing::Paid | Standing::Processing)
                if fact.amount != total =>
            {
                self.freezes(format!("{} was paid, but {total} was shown", fact.amount))
            }
            (State::AwaitingPayment | State::PaymentPending, Standing::Paid) if self.times.cancel_asked.is_some() => {
                let back = Effect::GiveBack { amount: fact.amount, of: OutOf::Surplus };
                self.to(State::Cancelled, vec![Effect::Release, back, Effect::Tell(Happening::Cancelled)])
            }
            (State::AwaitingPayment | State::PaymentPending, Standing::Paid) => self.paid(),
            (State::AwaitingPayment, Standing::Processing) => {
                self.to(State::PaymentPending, vec![Effect::Tell(Happening::Pending)])
            }
            (State::AwaitingPayment | State::PaymentPending, Standing::Dead) => {
                let asked = self.times.cancel_asked.is_some();
                let (state, told) =
                    if asked { (State::Cancelled, Happening::Cancelled) } else { (State::Expired, Happening::Expired) };
                self.to(state, vec![Effect::Release, Effect::Tell(told)])
            }
            (State::Expired, Standing::Paid) if news && again && fact.amount == total => self.paid(),
            (State::Expired | State::Cancelled, Standing::Paid) if news => {
                self.surplus(fact.amount, Happening::PaidTooLate)
            }
            (State::Paid | State::Fulfilled | State::Refunded, Standing::Paid) if news => {
                self.surplus(fact.amount, Happening::PaidTwice)
            }
            (State::Frozen, Standing::Paid) if news => {
                self.freezes(format!("{} was paid while it was being looked at", fact.amount))
            }
            _ => self.stays(),
        }
    }

    fn on_cancel(&self, left: Money) -> Result<Change, Refusal> {
        match self.state {
            // The provider closes the page first: only then is it certain that nobody pays.
            OrderState::AwaitingPayment | OrderState::PaymentPending => {
                Ok(self.to(self.state, vec![Effect::ClosePage]))
            }
            OrderState::Paid => {
                // A change may still wait for its payment; its page closes with the order.
                let mut effects = vec![Effect::Restock, Effect::ClosePage];
                effects.extend(give_back(left, OutOf::Sale));
                effects.push(Effect::Tell(Happening::Cancelled));
                Ok(self.to(OrderState::Cancelled, effects))
            }
            OrderState::Fulfilled => Err(Refusal::Sent),
            OrderState::Expired | OrderState::Cancelled | OrderState::Refunded => Err(Refusal::Closed),
            OrderState::Frozen => Err(Refusal::Frozen),
        }
    }

    fn on_dispute(&self, why: &str) -> Change {
        let why = format!("the shopper's bank disputes the payment: {why}");
        let told = Effect::Tell(Happening::Disputed);
        let state = match self.state {
            // Goods still in the house stay there until it is decided.
            OrderState::Paid => OrderState::Frozen,
            state => state,
        };
        Change { state, effects: vec![told], why: Some(why) }
    }

    fn on_resumed(&self, there: Money) -> Result<Change, Refusal> {
        if self.state != OrderState::Frozen {
            return Err(Refusal::NotFrozen);
        }
        match self.before_freeze {
            Some(before @ (OrderState::AwaitingPayment | OrderState::PaymentPending)) => {
                if there == self.quote.total {
                    Ok(self.paid())
                } else if there.minor == 0 {
                    // The page it was frozen over may be gone; the goods are still held.
                    Ok(self.to(before, vec![Effect::OpenPage]))
                } else {
                    Err(Refusal::PartlyPaid)
                }
            }
            Some(before) => Ok(self.to(before, vec![])),
            None => Err(Refusal::NotFrozen),
        }
    }

    fn on_given_up(&self, there: Money, left: Money) -> Result<Change, Refusal> {
        let shelf = match (self.state, self.before_freeze) {
            (OrderState::Frozen, Some(OrderState::Paid)) => Effect::Restock,
            (OrderState::Frozen, _) => Effect::Release,
            _ => return Err(Refusal::NotFrozen),
        };
        let mut effects = vec![shelf, Effect::ClosePage];
        effects.extend(give_back(left, OutOf::Sale));
        let surplus = Money::new(there.minor.saturating_sub(left.minor), there.currency);
        effects.extend(give_back(surplus, OutOf::Surplus));
        effects.push(Effect::Tell(Happening::Cancelled));
        Ok(self.to(OrderState::Cancelled, effects))
    }

    fn paid(&self) -> Change {
        let effects = vec![Effect::Sell, Effect::BookSale(self.quote.total), Effect::Tell(Happening::Paid)];
        self.to(OrderState::Paid, effects)
    }

    // Money that belongs to nothing goes back, and the shopper hears why.
    fn surplus(&self, amount: Money, told: Happening) -> Change {
        let back = Effect::GiveBack { amount, of: OutOf::Surplus };
        self.to(self.state, vec![back, Effect::Tell(told)])
    }

    // An order that is over, or out of the house, has nothing left to stop; a person is told all the same.
    fn freezes(&self, why: String) -> Change {
        let state = match self.state {
            OrderState::AwaitingPayment | OrderState::PaymentPending | OrderState::Paid | OrderState::Frozen => {
                OrderState::Frozen
            }
            over @ (OrderState::Fulfilled | OrderState::Expired | OrderState::Cancelled | OrderState::Refunded) => over,
        };
        Change { state, effects: vec![Effect::Tell(Happening::Frozen)], why: Some(why) }
    }

    fn to(&self, state: OrderState, effects: Vec<Effect>) -> Change {
        Change { state, effects, why: None }
    }

    fn stays(&self) -> Change {
        self.to(self.state, vec![])
    }
}

fn give_back(amount: Money, of: OutOf) -> Option<Effect> {
    (amount.minor > 0).then_some(Effect::GiveBack { amount, of })
}

fn stuck(state: OrderState) -> Refusal {
    match state {
        OrderState::AwaitingPayment | OrderState::PaymentPending => Refusal::NotPaid,
        OrderState::Frozen => Refusal::Frozen,
        _ => Refusal::Closed,
    }
}
