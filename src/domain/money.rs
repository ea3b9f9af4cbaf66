//! Money: integer minor units with a currency. Sums are checked; floats never touch it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The largest amount a price, line or total may have, in minor units: far above any shop, far below overflow.
pub const AMOUNT_MINOR_MAX: i64 = 1_000_000_000_000;

/// An ISO 4217 currency code in upper case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// An amount in the minor unit of its currency (cents for EUR, yen for JPY).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative only for differences.
    pub minor: i64,
    /// What the minor units are of.
    pub currency: Currency,
}

/// Why a text is not an amount, or two amounts cannot be joined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text has a shape that is no amount.
    #[error("\"{0}\" is not an amount; write it like 149.90")]
    NotAnAmount(String),
    /// More digits behind the point than the currency has.
    #[error("{0} has more decimals than {1} allows")]
    TooPrecise(String, Currency),
    /// Not three letters.
    #[error("\"{0}\" is not a currency code; write three letters such as EUR")]
    NotACurrency(String),
    /// Two currencies in one sum.
    #[error("{0} and {1} cannot be added")]
    Mixed(Currency, Currency),
    /// Above [`AMOUNT_MINOR_MAX`].
    #[error("the amount is too large")]
    TooLarge,
}

impl Currency {
    /// The euro, the demo shop's currency.
    pub const EUR: Self = Self(*b"EUR");

    /// Reads a three-letter code in any case.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let code = text.trim().to_ascii_uppercase();
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(bytes) if bytes.iter().all(u8::is_ascii_uppercase) => Ok(Self(bytes)),
            _ => Err(Error::NotACurrency(text.to_owned())),
        }
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Digits behind the point in amounts at the payment provider (Stripe's table of zero- and three-decimal currencies).
    pub fn exponent(self) -> u32 {
        match self.code() {
            "BIF" | "CLP" | "DJF" | "GNF" | "JPY" | "KMF" | "KRW" | "MGA" | "PYG" | "RWF" | "VND" | "VUV" | "XAF"
            | "XOF" | "XPF" => 0,
            "BHD" | "JOD" | "KWD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }

    fn symbol(&self) -> Option<&'static str> {
        Some(match self.code() {
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            "JPY" => "¥",
            "INR" => "₹",
            "BRL" => "R$",
            _ => return None,
        })
    }
}

impl Money {
    /// An amount from minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in this currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Reads a plain decimal such as `149.90` or `149`; no signs, no separators, no rounding.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, Error> {
        let text = text.trim();
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || !digits(whole) || !digits(part) || text.ends_with('.') {
            return Err(Error::NotAnAmount(text.to_owned()));
        }
        let exponent = currency.exponent() as usize;
        let part = part.trim_end_matches('0');
        if part.len() > exponent {
            return Err(Error::TooPrecise(text.to_owned(), currency));
        }
        let minor: i64 =
            format!("{whole}{part:0<exponent$}").parse().map_err(|_| Error::NotAnAmount(text.to_owned()))?;
        if minor > AMOUNT_MINOR_MAX {
            return Err(Error::TooLarge);
        }
        Ok(Self::new(minor, currency))
    }

    /// The sum; an error when the currencies differ or the result leaves the range.
    pub fn plus(self, other: Self) -> Result<Self, Error> {
        if self.currency != other.currency {
            return Err(Error::Mixed(self.currency, other.currency));
        }
        self.with_minor(self.minor.checked_add(other.minor))
    }

    /// What is left; may go below nothing.
    pub fn minus(self, other: Self) -> Result<Self, Error> {
        let negated = other.minor.checked_neg().ok_or(Error::TooLarge)?;
        self.plus(Self::new(negated, other.currency))
    }

    /// The amount `quantity` times.
    pub fn times(self, quantity: u32) -> Result<Self, Error> {
        self.with_minor(self.minor.checked_mul(i64::from(quantity)))
    }

    /// The plain decimal, without symbol: `149.90`.
    pub fn decimal(self) -> String {
        let exponent = self.currency.exponent() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = exponent + 1);
        let (whole, part) = digits.split_at(digits.len() - exponent);
        let point = if exponent == 0 { "" } else { "." };
        format!("{sign}{whole}{point}{part}")
    }

    fn with_minor(self, minor: Option<i64>) -> Result<Self, Error> {
        match minor {
            Some(minor) if minor.unsigned_abs() <= AMOUNT_MINOR_MAX.unsigned_abs() => {
                Ok(Self::new(minor, self.currency))
            }
            _ => Err(Error::TooLarge),
        }
    }
}

/// Adds amounts up, starting from zero in `currency`.
pub fn sum(amounts: impl IntoIterator<Item = Money>, currency: Currency) -> Result<Money, Error> {
    amounts.into_iter().try_fold(Money::zero(currency), Money::plus)
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.currency.symbol() {
            Some(symbol) => write!(f, "{symbol}{}", self.decimal()),
            None => write!(f, "{} {}", self.currency, self.decimal()),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("a code")
    }

    #[test]
    fn amounts_follow_the_exponent_of_their_currency() {
        let shown = |text: &str, code: &str| Money::parse(text, currency(code)).map(|m| (m.minor, m.to_string()));
        assert_eq!(shown("149.90", "EUR"), Ok((14_990, "€149.90".into())));
        assert_eq!(shown("0.05", "usd"), Ok((5, "$0.05".into())));
        assert_eq!(shown("1500", "JPY"), Ok((1500, "¥1500".into())));
        assert_eq!(shown("1.234", "KWD"), Ok((1234, "KWD 1.234".into())));
        assert_eq!(shown("12.345", "EUR"), Err(Error::TooPrecise("12.345".into(), currency("EUR"))));
        for bad in ["", "-1", "1,50", "1.", ".5", "1e3", "€5", "9999999999999"] {
            assert!(Money::parse(bad, Currency::EUR).is_err(), "{bad} was read as an amount");
        }
    }

    #[test]
    fn currencies_never_mix_and_sums_never_wrap() {
        let euro = Money::new(1, Currency::EUR);
        assert_eq!(euro.plus(Money::new(1, currency("USD"))), Err(Error::Mixed(Currency::EUR, currency("USD"))));
        assert_eq!(Money::new(AMOUNT_MINOR_MAX, Currency::EUR).plus(euro), Err(Error::TooLarge));
        assert_eq!(Money::new(i64::MAX, Currency::EUR).times(2), Err(Error::TooLarge));
    }

    proptest! {
        /// Sums are exact or refused, whatever stands in them.
        #[test]
        fn no_sum_wraps_or_panics(a in any::<i64>(), b in any::<i64>(), small in -5i64..5, times in any::<u32>()) {
            let edges = [a, b, small, i64::MIN, i64::MAX, AMOUNT_MINOR_MAX, -AMOUNT_MINOR_MAX];
            let fits = |exact: i128| i64::try_from(exact).ok().filter(|m| m.unsigned_abs() <= AMOUNT_MINOR_MAX.unsigned_abs());
            for one in edges {
                let left = Money::new(one, Currency::EUR);
                prop_assert_eq!(left.times(times).ok().map(|m| m.minor), fits(i128::from(one) * i128::from(times)));
                prop_assert!(!left.decimal().is_empty());
                for other in edges {
                    let right = Money::new(other, Currency::EUR);
                    let (sum, rest) = (i128::from(one) + i128::from(other), i128::from(one) - i128::from(other));
                    prop_assert_eq!(left.plus(right).ok().map(|m| m.minor), fits(sum));
                    let whole = left.minus(right).ok().map(|m| m.minor);
                    prop_assert_eq!(whole, fits(rest).filter(|_| other != i64::MIN));
                }
            }
        }

        #[test]
        fn what_is_written_is_read_back(minor in 0..AMOUNT_MINOR_MAX, code in prop::sample::select(vec!["EUR", "JPY", "KWD"])) {
            let money = Money::new(minor, currency(code));
            prop_assert_eq!(Money::parse(&money.decimal(), money.currency), Ok(money));
        }
    }
}
