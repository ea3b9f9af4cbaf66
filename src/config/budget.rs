//! What the model may cost: for the shop, and for one contact. Beyond it the keyless planner answers.

use crate::config::Error;
use crate::domain::usage::millionths;
use serde::{Deserialize, Serialize};

/// Budgets and limits; empty and zero mean none.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    /// What all answers of a day may cost, a decimal in the currency of `llm.price_currency`.
    pub shop_day_cost: String,
    /// What all answers of a month may cost.
    pub shop_month_cost: String,
    /// What the answers for one contact may cost in a day.
    pub contact_day_cost: String,
    /// Turns with a model one contact may have in a day.
    pub contact_day_turns: u32,
    /// Tokens, read and written, one contact may use in a day.
    pub contact_day_tokens: u64,
    /// Messages of one contact in a minute, on one channel; what comes faster is stored and answered together.
    pub contact_messages_per_minute: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            shop_day_cost: String::new(),
            shop_month_cost: String::new(),
            contact_day_cost: String::new(),
            contact_day_turns: 300,
            contact_day_tokens: 0,
            contact_messages_per_minute: 30,
        }
    }
}

impl Budget {
    /// A setting of money as millionths; nothing when it is not set.
    pub fn limit(text: &str) -> Option<u64> {
        millionths(text).filter(|_| !text.trim().is_empty())
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let keys = [
            ("budget.shop_day_cost", &self.shop_day_cost),
            ("budget.shop_month_cost", &self.shop_month_cost),
            ("budget.contact_day_cost", &self.contact_day_cost),
        ];
        keys.into_iter().try_for_each(|(key, text)| is_cost(key, text))
    }
}

/// Whether a setting is a cost, or nothing.
pub(super) fn is_cost(key: &str, text: &str) -> Result<(), Error> {
    if text.trim().is_empty() || millionths(text).is_some() {
        return Ok(());
    }
    Err(Error::Invalid { key: key.to_owned(), problem: "write a decimal such as 2.50, or nothing".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_a_decimal_or_nothing() {
        let with = |text: &str| Budget { shop_day_cost: text.to_owned(), ..Budget::default() };
        assert!(with("").check().is_ok() && with("2.50").check().is_ok());
        assert!(with("two").check().unwrap_err().to_string().contains("budget.shop_day_cost"));
        assert_eq!((Budget::limit(""), Budget::limit("0.5")), (None, Some(500_000)));
    }
}
