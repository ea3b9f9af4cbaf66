//! A reduced price for a time: what an article costs at a moment.

use crate::domain::money::Money;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A reduction with a beginning or an end, as a feed announces it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// What the article costs outside the sale.
    pub regular: Money,
    /// What it costs during the sale.
    pub reduced: Money,
    /// First moment of the sale; `None` means it has begun.
    pub from: Option<Timestamp>,
    /// First moment after the sale; `None` means it does not end.
    pub until: Option<Timestamp>,
}

impl Sale {
    /// The price at a moment, and the former price to show beside it.
    pub fn at(&self, now: Timestamp) -> (Money, Option<Money>) {
        let runs = self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until);
        if runs { (self.reduced, Some(self.regular)) } else { (self.regular, None) }
    }

    /// The next moment after `now` at which the price turns.
    pub fn next_turn(&self, now: Timestamp) -> Option<Timestamp> {
        [self.from, self.until].into_iter().flatten().filter(|at| *at > now).min()
    }
}
