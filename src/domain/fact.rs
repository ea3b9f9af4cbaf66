//! Facts: what a tool read from the store in this turn, each with a name that a reply can point to.

use crate::domain::money::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One thing known to be true in this turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is about: `p1`, `o2`, `k1`, `cart`.
    pub entity: String,
    /// Which property: `price`, `status`; together with the entity it is the placeholder `{{p1.price}}`.
    pub field: String,
    /// Names under which a text speaks of the entity: a product's title, an order's number.
    pub called: Vec<String>,
    /// The value.
    pub value: Value,
}

/// A typed value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// A price or total.
    Money(Money),
    /// Pieces, days, a count.
    Count(i64),
    /// A day.
    Date(Date),
    /// Words: a name, a status, a tracking number, a passage.
    Text(String),
}

impl Fact {
    /// The placeholder's inside: `p1.price`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.entity, self.field)
    }
}

impl Value {
    /// As a reply shows it.
    pub fn show(&self) -> String {
        match self {
            Self::Money(money) => money.to_string(),
            Self::Count(count) => count.to_string(),
            Self::Date(date) => date.strftime("%-d %B %Y").to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}
