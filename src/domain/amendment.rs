//! Changes to an order that stands: other goods before it ships, returns and exchanges after. A pure machine.

use crate::domain::cart::{Quote, QuoteLine};
use crate::domain::checkout::Standing;
use crate::domain::id::{AmendmentId, OrderId};
use crate::domain::money::{self, Money};
use crate::domain::order::{Effect, OrderState, OutOf};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A change to an order that stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Amendment {
    /// Ours.
    pub id: AmendmentId,
    /// Which order.
    pub order: OrderId,
    /// What sort of change.
    pub kind: AmendmentKind,
    /// Where it stands.
    pub state: AmendmentState,
    /// What changes and what it costs.
    pub terms: Terms,
    /// When the shopper confirmed it.
    pub created: Timestamp,
}

/// What an amendment changes and what it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Goods that leave the order, at the prices paid.
    pub back: Vec<QuoteLine>,
    /// Goods that come into it, at today's prices.
    pub out: Vec<QuoteLine>,
    /// What `out` costs more than `back`: above nothing the shopper pays it, below nothing it is given back.
    pub difference: Money,
    /// The order's lines and totals afterwards.
    pub quote: Quote,
}

/// What sort of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmendmentKind {
    /// Other goods before it ships.
    Change,
    /// Goods come back.
    Return,
    /// Goods come back, others go out.
    Exchange,
}

/// Where an amendment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmendmentState {
    /// The difference is to be paid first.
    AwaitingPayment,
    /// Agreed; the goods are on their way back.
    Agreed,
    /// All of it happened.
    Done,
    /// It will not happen.
    Void,
}

/// Something that happened to an amendment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AmendmentEvent {
    /// The shopper confirmed it.
    Confirmed,
    /// What the provider says of the page for the difference.
    Payment {
        /// Where the page stands.
        standing: Standing,
        /// What it charges.
        amount: Money,
        /// Whether this money was not known before.
        news: bool,
        /// Whether the order still takes the change.
        open: bool,
    },
    /// The goods came back.
    Received,
    /// A colleague does not accept it.
    Refused,
}

/// What an event does to an amendment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmendmentChange {
    /// Where it stands now.
    pub state: AmendmentState,
    /// What follows.
    pub effects: Vec<Effect>,
    /// Why a person has to look.
    pub frozen: Option<String>,
}

impl Terms {
    /// The terms of taking `back` out of an order and putting `out` in. Delivery stays as it was charged.
    pub fn new(order: &Quote, back: Vec<QuoteLine>, out: Vec<QuoteLine>) -> Result<Self, money::Error> {
        let currency = order.total.currency;
        let given = money::sum(out.iter().map(|l| l.total), currency)?;
        let taken = money::sum(back.iter().map(|l| l.total), currency)?;
        let difference = given.minus(taken)?;
        let quote = order.with_lines(left(order, &back, &out)?)?;
        Ok(Self { back, out, difference, quote })
    }

    /// Whether the sums still are what they say; checked wherever terms were stored in between.
    pub fn adds_up(&self) -> bool {
        let currency = self.quote.total.currency;
        let sum = |lines: &[QuoteLine]| money::sum(lines.iter().map(|l| l.total), currency);
        let each = |lines: &[QuoteLine]| lines.iter().all(|l| l.unit.times(l.quantity).as_ref() == Ok(&l.total));
        let difference = sum(&self.out).and_then(|out| out.minus(sum(&self.back)?));
        each(&self.back) && each(&self.out) && self.quote.adds_up() && difference.as_ref() == Ok(&self.difference)
    }
}

/// The lines of an order without `back` and with `out`; pieces of one variant at one price stand on one line.
fn left(order: &Quote, back: &[QuoteLine], out: &[QuoteLine]) -> Result<Vec<QuoteLine>, money::Error> {
    let mut lines = order.lines.clone();
    for gone in back {
        if let Some(line) = lines.iter_mut().find(|l| l.variant == gone.variant && l.unit == gone.unit) {
            line.quantity = line.quantity.saturating_sub(gone.quantity);
        }
    }
    for new in out {
        match lines.iter_mut().find(|l| l.variant == new.variant && l.unit == new.unit) {
            Some(line) => line.quantity = line.quantity.saturating_add(new.quantity),
            None => lines.push(new.clone()),
        }
    }
    lines.retain(|l| l.quantity > 0);
    lines.iter().map(QuoteLine::again).collect()
}

impl Amendment {
    /// Whether an order in this state still takes it: changes before it ships, exchanges after.
    pub fn fits(&self, order: OrderState) -> bool {
        match self.kind {
            AmendmentKind::Change => order == OrderState::Paid,
            AmendmentKind::Return | AmendmentKind::Exchange => order == OrderState::Fulfilled,
        }
    }

    /// What an event does to it. Facts may come late, twice and in any order.
    pub fn on(&self, event: &AmendmentEvent) -> AmendmentChange {
        use AmendmentKind as Kind;
        use AmendmentState as State;
        let stays = || self.to(self.state, vec![]);
        match (self.state, event) {
            (State::AwaitingPayment, AmendmentEvent::Confirmed) => self.confirmed(),
            (State::AwaitingPayment, AmendmentEvent::Payment { standing: Standing::Paid, amount, open: false, .. }) => {
                let back = Effect::GiveBack { amount: *amount, of: OutOf::Surplus };
                self.to(State::Void, vec![Effect::Release, back])
            }
            (State::AwaitingPayment, AmendmentEvent::Payment { standing: Standing::Paid, amount, .. }) => {
                if *amount == self.terms.difference {
                    self.paid()
                } else {
                    let why = format!("{amount} was paid for a change that costs {}", self.terms.difference);
                    AmendmentChange { frozen: Some(why), ..stays() }
                }
            }
            (State::AwaitingPayment, AmendmentEvent::Payment { standing: Standing::Dead, .. })
            | (State::AwaitingPayment, AmendmentEvent::Refused) => self.to(State::Void, vec![Effect::Release]),
            (_, AmendmentEvent::Payment { standing: Standing::Paid, amount, news: true, .. }) => {
                // Money for something that is settled already, or will not happen.
                self.to(self.state, vec![Effect::GiveBack { amount: *amount, of: OutOf::Surplus }])
            }
            (State::Agreed, AmendmentEvent::Received) => {
                let mut effects = vec![Effect::Restock];
                if self.kind == Kind::Exchange {
                    effects.push(Effect::Sell);
                }
                effects.push(Effect::Apply);
                effects.extend(self.give_back());
                self.to(State::Done, effects)
            }
            (State::Agreed, AmendmentEvent::Refused) => {
                let mut effects = vec![Effect::Release];
                if self.terms.difference.minor > 0 {
                    effects.push(Effect::GiveBack { amount: self.terms.difference, of: OutOf::Sale });
                }
                self.to(State::Void, effects)
            }
            _ => stays(),
        }
    }

    // Nothing to pay first: what was confirmed is agreed, and a change of goods on the shelf is done at once.
    fn confirmed(&self) -> AmendmentChange {
        if self.terms.difference.minor > 0 {
            return self.to(AmendmentState::AwaitingPayment, vec![]);
        }
        match self.kind {
            AmendmentKind::Change => {
                let mut effects = vec![Effect::Restock, Effect::Sell, Effect::Apply];
                effects.extend(self.give_back());
                self.to(AmendmentState::Done, effects)
            }
            AmendmentKind::Return | AmendmentKind::Exchange => self.to(AmendmentState::Agreed, vec![]),
        }
    }

    fn paid(&self) -> AmendmentChange {
        let sale = Effect::BookSale(self.terms.difference);
        match self.kind {
            AmendmentKind::Change => {
                self.to(AmendmentState::Done, vec![sale, Effect::Restock, Effect::Sell, Effect::Apply])
            }
            AmendmentKind::Return | AmendmentKind::Exchange => self.to(AmendmentState::Agreed, vec![sale]),
        }
    }

    fn give_back(&self) -> Option<Effect> {
        let amount = Money::new(-self.terms.difference.minor, self.terms.difference.currency);
        (amount.minor > 0).then_some(Effect::GiveBack { amount, of: OutOf::Sale })
    }

    fn to(&self, state: AmendmentState, effects: Vec<Effect>) -> AmendmentChange {
        AmendmentChange { state, effects, frozen: None }
    }
}

impl AmendmentKind {
    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Return => "return",
            Self::Exchange => "exchange",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Change, Self::Return, Self::Exchange].into_iter().find(|kind| kind.word() == word)
    }
}

impl AmendmentState {
    /// The stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting_payment",
            Self::Agreed => "agreed",
            Self::Done => "done",
            Self::Void => "void",
        }
    }

    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::AwaitingPayment, Self::Agreed, Self::Done, Self::Void].into_iter().find(|state| state.word() == word)
    }
}
