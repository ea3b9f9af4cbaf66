//! What an answer costs: whole millionths of a currency, never floats.

use crate::domain::money::Currency;
use crate::llm::Usage;
use serde::{Deserialize, Serialize};

/// Tokens that a price is of.
const TOKENS_PER_PRICE: u128 = 1_000_000;
/// Digits behind the point of a price; a price in millionths has no more.
const DECIMALS_MAX: usize = 6;
/// Digits before the point: a million tokens for a million is a slip of the pen.
const DIGITS_MAX: usize = 6;
/// Highest cost that is told; it fits the rows of both databases.
pub const COST_MAX: u64 = i64::MAX as u64;

/// What one answer cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Millionths of the currency's unit, rounded up; at most [`COST_MAX`].
    pub millionths: u64,
    /// Of which currency.
    pub currency: Currency,
}

/// Prices of an endpoint, in millionths of the currency for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    input: u64,
    cached: u64,
    output: u64,
    currency: Currency,
}

/// Why prices cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Error {
    /// Not a decimal.
    #[error("llm.{setting}: {price:?} is no price of a million tokens; write it like 0.40")]
    NotAPrice {
        /// Which setting.
        setting: &'static str,
        /// What was written.
        price: String,
    },
    /// Only one of the two.
    #[error("llm.input_price and llm.output_price belong together; set both or none")]
    Half,
    /// Not a currency.
    #[error("llm.price_currency: {0:?} is no currency code; write three letters such as USD")]
    NotACurrency(String),
}

impl Prices {
    /// Reads prices; none when neither input nor output has one.
    pub fn parse(input: &str, cached: &str, output: &str, currency: &str) -> Result<Option<Self>, Error> {
        let (input, output) = (decimal("input_price", input)?, decimal("output_price", output)?);
        let cached = decimal("cached_price", cached)?;
        let (input, output) = match (input, output) {
            (Some(input), Some(output)) => (input, output),
            (None, None) if cached.is_none() => return Ok(None),
            _ => return Err(Error::Half),
        };
        let currency = Currency::parse(currency).map_err(|_| Error::NotACurrency(currency.to_owned()))?;
        Ok(Some(Self { input, cached: cached.unwrap_or(input), output, currency }))
    }

    /// What these tokens cost, rounded up once; an absurd count costs [`COST_MAX`] and does not overflow.
    pub fn price(&self, usage: Usage) -> Cost {
        let cached = usage.cached.min(usage.input);
        // Three products of two 64-bit numbers need 130 bits, so that adding saturates.
        let share = |tokens: u64, price: u64| u128::from(tokens) * u128::from(price);
        let sum = share(usage.input - cached, self.input)
            .saturating_add(share(cached, self.cached))
            .saturating_add(share(usage.output, self.output));
        let millionths = u64::try_from(sum.div_ceil(TOKENS_PER_PRICE)).unwrap_or(COST_MAX).min(COST_MAX);
        Cost { millionths, currency: self.currency }
    }
}

/// Millionths out of `0.40`.
fn decimal(setting: &'static str, text: &str) -> Result<Option<u64>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::NotAPrice { setting, price: text.to_owned() };
    let (whole, parts) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |digits: &str, max: usize| {
        (1..=max).contains(&digits.len()) && digits.bytes().all(|letter| letter.is_ascii_digit())
    };
    if !digits(whole, DIGITS_MAX) || !digits(parts, DECIMALS_MAX) {
        return Err(wrong());
    }
    format!("{whole}{parts:0<DECIMALS_MAX$}").parse().map(Some).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::COST_MAX;
    use super::Error;
    use super::Prices;
    use crate::llm::Usage;
    use proptest::prelude::any;
    use proptest::prelude::proptest;

    fn prices(input: &str, cached: &str, output: &str) -> Prices {
        Prices::parse(input, cached, output, "usd").unwrap().unwrap()
    }

    fn millionths(prices: &Prices, input: u64, cached: u64, output: u64) -> u64 {
        prices.price(Usage { input, cached, output, reasoning: 0 }).millionths
    }

    #[test]
    fn a_million_tokens_cost_their_price() {
        let mini = prices("0.40", "0.10", "1.60");
        assert_eq!(millionths(&mini, 1_000_000, 0, 0), 400_000);
        assert_eq!(millionths(&mini, 1_000_000, 1_000_000, 0), 100_000);
        assert_eq!(millionths(&mini, 0, 0, 1_000_000), 1_600_000);
        // 1000 × 0.40 + 2000 × 0.10 + 100 × 1.60 = 760 millionths.
        assert_eq!(millionths(&mini, 3000, 2000, 100), 760);
        assert_eq!(mini.price(Usage::default()).currency.code(), "USD");
    }

    #[test]
    fn without_a_price_for_the_cache_it_costs_like_the_rest() {
        assert_eq!(millionths(&prices("2", "", "8"), 10, 10, 0), 20);
        assert_eq!(millionths(&prices("2", "0", "8"), 10, 10, 0), 0);
    }

    #[test]
    fn rounds_up_once_and_never_down_to_nothing() {
        let cheap = prices("0.000001", "0.000001", "0.000001");
        assert_eq!(millionths(&cheap, 1, 0, 0), 1);
        assert_eq!(millionths(&cheap, 1, 0, 1), 1);
        assert_eq!(millionths(&cheap, 0, 0, 0), 0);
    }

    #[test]
    fn absurd_counts_cost_the_most_and_do_not_overflow() {
        let dear = prices("999999.999999", "999999.999999", "999999.999999");
        assert_eq!(millionths(&dear, u64::MAX, u64::MAX, u64::MAX), COST_MAX);
        assert_eq!(millionths(&dear, 5, 9, 0), millionths(&dear, 5, 5, 0), "more cached than read");
    }

    #[test]
    fn refuses_what_is_no_price() {
        for odd in ["-1", "0,4", "1e3", ".5", "5.", "1.2.3", "0.0000001", "1000000", "€1", "½"] {
            let expected = Error::NotAPrice { setting: "input_price", price: odd.to_owned() };
            assert_eq!(Prices::parse(odd, "", "1", "USD"), Err(expected));
        }
        assert_eq!(Prices::parse("1", "", "", "USD"), Err(Error::Half));
        assert_eq!(Prices::parse("", "1", "", "USD"), Err(Error::Half));
        assert_eq!(Prices::parse("1", "", "1", "dollar"), Err(Error::NotACurrency("dollar".to_owned())));
        assert_eq!(Prices::parse(" ", "", "", "anything"), Ok(None));
    }

    proptest! {
        #[test]
        fn more_tokens_never_cost_less(input in any::<u64>(), output in any::<u64>(), more in any::<u64>()) {
            let some = prices("0.40", "0.10", "1.60");
            assert!(millionths(&some, input, 0, output) <= millionths(&some, input.saturating_add(more), 0, output));
        }

        #[test]
        fn survives_any_text(text in ".{0,12}") {
            let _ = Prices::parse(&text, &text, &text, &text);
        }
    }
}
