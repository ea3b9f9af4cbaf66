//! Facts: what a tool read from the store in this turn, each with a name that a reply can point to.

pub mod status;

use crate::domain::money::Money;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
pub use status::Status;

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

/// A typed value. The type decides what a reply may do with it: a status is compared as a status, a link never becomes
/// text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// A price or total.
    Money(Money),
    /// So many of something that has no unit.
    Count(i64),
    /// So many of a unit: `3 left`, `12 days`.
    Quantity {
        /// How many.
        amount: i64,
        /// Of what.
        unit: Unit,
    },
    /// A share, in hundredths of a per cent: 1250 is 12.5 %.
    Percent(i64),
    /// A day.
    Date(Date),
    /// Where an order or a product's stock stands: one word of a closed set.
    Status(Status),
    /// What something is called: a title, a brand, a carrier, a number people say.
    Name(String),
    /// An address. It is opened by a button of the server and never written.
    Link(String),
    /// Other words: a passage, a property, an option.
    Text(String),
}

/// What a quantity counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Pieces that can still be bought.
    Left,
    /// Days.
    Days,
}

impl Fact {
    /// The placeholder's inside: `p1.price`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.entity, self.field)
    }
}

impl Unit {
    /// Its word after a number.
    pub fn word(self, amount: i64) -> &'static str {
        match (self, amount) {
            (Self::Left, _) => "left",
            (Self::Days, 1) => "day",
            (Self::Days, _) => "days",
        }
    }
}

impl Value {
    /// As a reply shows it.
    pub fn show(&self) -> String {
        match self {
            Self::Money(money) => money.to_string(),
            Self::Count(count) => count.to_string(),
            Self::Quantity { amount, unit } => format!("{amount} {}", unit.word(*amount)),
            Self::Percent(hundredths) => percent(*hundredths),
            Self::Date(date) => date.strftime("%-d %B %Y").to_string(),
            Self::Status(status) => status.word().to_owned(),
            Self::Name(text) | Self::Text(text) => text.clone(),
            Self::Link(_) => String::new(),
        }
    }

    /// The words of a value that is made of words.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Name(text) | Self::Text(text) => Some(text),
            Self::Status(status) => Some(status.word()),
            _ => None,
        }
    }
}

/// `12.5 %` without needless zeros.
fn percent(hundredths: i64) -> String {
    let (whole, part) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    let sign = if hundredths < 0 { "-" } else { "" };
    let part = format!("{part:02}");
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{part}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_they_are_said() {
        let shown = [
            (Value::Quantity { amount: 1, unit: Unit::Days }, "1 day"),
            (Value::Quantity { amount: 3, unit: Unit::Left }, "3 left"),
            (Value::Percent(1_250), "12.5%"),
            (Value::Percent(-2_000), "-20%"),
            (Value::Percent(5), "0.05%"),
            (Value::Status(Status::OnItsWay), "on its way"),
            (Value::Link("https://shop.example/o/1".to_owned()), ""),
        ];
        for (value, text) in shown {
            assert_eq!(value.show(), text);
        }
    }
}
