//! What answers of models use: tokens, and what they cost where prices are known.

use crate::domain::id::{ContactId, ConversationId, TurnId};
use crate::domain::money::Currency;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one answer used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// In which turn.
    pub turn: TurnId,
    /// The answer's place in the turn's journal.
    pub step: i64,
    /// Where.
    pub conversation: ConversationId,
    /// For whom.
    pub contact: ContactId,
    /// Who answered: a host.
    pub endpoint: String,
    /// The model as the endpoint names it.
    pub model: String,
    /// Tokens, and money.
    pub used: Used,
    /// When.
    pub at: Timestamp,
}

/// Tokens, and money of one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// Tokens read.
    pub input: u64,
    /// Of these, from an endpoint's cache.
    pub cached: u64,
    /// Tokens written.
    pub output: u64,
    /// Millionths of the currency; nothing when no price was known.
    pub cost: Option<u64>,
    /// The currency; nothing when no price was known.
    pub currency: Option<Currency>,
}

/// What one day, or one conversation, used in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spent {
    /// The day, or the conversation's id; empty for a whole.
    pub what: String,
    /// Turns in which a model answered.
    pub turns: u64,
    /// Tokens and money.
    pub used: Used,
}

impl Used {
    /// Share of the tokens read that came from a cache, in percent.
    pub fn cached_percent(&self) -> u64 {
        (self.cached.min(self.input) * 100).checked_div(self.input).unwrap_or(0)
    }
}

/// Millionths as a decimal, without zeros that say nothing.
pub fn amount(millionths: u64) -> String {
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    let short = text.trim_end_matches('0').chars().count();
    text.chars().take(short.max(text.len() - 4)).collect()
}

/// A decimal such as `2.50` as millionths; nothing when it is none.
pub fn millionths(decimal: &str) -> Option<u64> {
    let (whole, part) = decimal.trim().split_once('.').unwrap_or((decimal.trim(), ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 6 || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<6}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_amounts_are_told_whole_and_read_back() {
        let told: Vec<String> = [0, 1, 1_200, 400_000, 12_345_678, 5_000_000].into_iter().map(amount).collect();
        assert_eq!(told, ["0.00", "0.000001", "0.0012", "0.40", "12.345678", "5.00"]);
        for text in told {
            assert_eq!(amount(millionths(&text).unwrap()), text);
        }
        let none = ["", ".5", "-1", "1.1234567", "ten", "1e3", "9999999999", "1,5"];
        assert_eq!(none.map(millionths), [None; 8]);
        assert_eq!(Used { input: 3, cached: 1, ..Used::default() }.cached_percent(), 33);
        assert_eq!(Used::default().cached_percent(), 0);
    }
}
