//! Prices in a sentence, told from sizes, litres, degrees and persons.

use crate::catalog::understand::lexicon;
use crate::catalog::understand::lexicon::Side;
use crate::catalog::understand::token::{Kind, Token, longest, phrase};
use crate::domain::money::{Currency, Money};

/// How far "around 100" reaches to both sides.
const AROUND_PERCENT: i64 = 20;
/// Unmarked numbers below this before a noun count things: "at least 3 pockets".
const COUNT_BELOW: i64 = 10;
/// "50 L" is a volume up to here, above it a price and a size.
const LITRES_MAX: i64 = 120;

/// A price limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Not above.
    Most(Money),
    /// Not below.
    Least(Money),
    /// Both.
    Between(Money, Money),
}

/// An amount and how many tokens it takes.
struct Amount {
    length: usize,
    money: Money,
    /// Whether a currency stands beside it.
    marked: bool,
}

/// The price limit that begins at a token, and how many tokens it takes.
pub fn limit(tokens: &[Token], at: usize, currency: Currency) -> Option<(usize, Limit)> {
    range(tokens, at, currency)
        .or_else(|| cued(tokens, at, currency))
        .or_else(|| around(tokens, at, currency))
        .or_else(|| followed(tokens, at, currency))
}

/// How many tokens a bound on something else takes: "under 2 kg", "at least 4 persons".
pub fn measure(tokens: &[Token], at: usize) -> Option<usize> {
    let (length, _) = longest(tokens, at, lexicon::CUES)?;
    let length = length + fillers(tokens, at + length);
    let number = tokens.get(at + length).is_some_and(|t| t.kind == Kind::Number && !t.frozen);
    number.then(|| length + 1)
}

/// "between 50 and 100", "from 50 to 100", "50-100 euros".
fn range(tokens: &[Token], at: usize, currency: Currency) -> Option<(usize, Limit)> {
    let opening = longest(tokens, at, lexicon::RANGE_OPENINGS);
    let mut length = opening.map_or(0, |(length, ())| length);
    let low = amount(tokens, at + length, currency)?;
    length += low.length;
    let (join, ()) = longest(tokens, at + length, lexicon::RANGE_JOINS)?;
    length += join;
    let high = amount(tokens, at + length, currency)?;
    length += high.length;
    if (opening.is_none() && !low.marked && !high.marked) || low.money.minor > high.money.minor {
        return None;
    }
    Some((length, Limit::Between(low.money, high.money)))
}

/// "under 150", "at least 50 euros".
fn cued(tokens: &[Token], at: usize, currency: Currency) -> Option<(usize, Limit)> {
    let (length, side) = longest(tokens, at, lexicon::CUES)?;
    let length = length + fillers(tokens, at + length);
    let amount = amount(tokens, at + length, currency)?;
    let length = length + amount.length;
    // "from 2 to 4 people" is a range of something else.
    let ranged = longest(tokens, at + length, lexicon::RANGE_JOINS)
        .is_some_and(|(join, ())| tokens.get(at + length + join).is_some_and(|t| t.kind == Kind::Number));
    (!ranged || amount.marked).then_some((length, side.limit(amount.money)))
}

/// "around 100".
fn around(tokens: &[Token], at: usize, currency: Currency) -> Option<(usize, Limit)> {
    let (length, ()) = longest(tokens, at, lexicon::AROUND)?;
    let amount = amount(tokens, at + length, currency)?;
    let off = amount.money.minor.checked_mul(AROUND_PERCENT)? / 100;
    let money = |minor| Money::new(minor, currency);
    let limit = Limit::Between(money(amount.money.minor - off), money(amount.money.minor + off));
    Some((length + amount.length, limit))
}

/// "150 max", "100 or more", and "150 €" alone, which is what somebody can spend.
fn followed(tokens: &[Token], at: usize, currency: Currency) -> Option<(usize, Limit)> {
    let amount = amount(tokens, at, currency)?;
    match longest(tokens, at + amount.length, lexicon::AFTER) {
        Some((after, side)) => Some((amount.length + after, side.limit(amount.money))),
        None => amount.marked.then_some((amount.length, Limit::Most(amount.money))),
    }
}

impl Side {
    fn limit(self, money: Money) -> Limit {
        match self {
            Self::Most => Limit::Most(money),
            Self::Least => Limit::Least(money),
        }
    }
}

fn fillers(tokens: &[Token], at: usize) -> usize {
    tokens.iter().skip(at).take(2).take_while(|t| lexicon::AMOUNT_FILLERS.contains(&t.low.as_str())).count()
}

/// An amount in the shop's currency; `None` for other currencies, and for numbers of something else.
fn amount(tokens: &[Token], at: usize, currency: Currency) -> Option<Amount> {
    let before = mark(tokens, at, currency)?;
    let number = tokens.get(at + before).filter(|t| t.kind == Kind::Number && !t.frozen)?;
    let money = Money::parse(&number.low, currency).ok()?;
    let next = at + before + 1;
    let after = mark(tokens, next, currency)?;
    let marked = before + after > 0;
    if after == 0 && counts_something(tokens, next, marked, money) {
        return None;
    }
    Some(Amount { length: before + 1 + after, money, marked })
}

/// How many tokens a sign of the shop's currency takes; `None` for one of another currency.
fn mark(tokens: &[Token], at: usize, currency: Currency) -> Option<usize> {
    // "R$" are two tokens.
    if phrase(tokens, at, "r $").is_some() {
        return (currency.code() == "BRL").then_some(2);
    }
    let Some(token) = tokens.get(at) else { return Some(0) };
    if token.low == "$" && token.glued && at.checked_sub(1).and_then(|b| tokens.get(b)).is_some_and(|t| t.low == "r") {
        return None;
    }
    match lexicon::currencies(&token.low) {
        None => Some(0),
        Some(codes) => codes.contains(&currency.code()).then_some(1),
    }
}

/// Whether the token behind a number says that it is no price.
fn counts_something(tokens: &[Token], at: usize, marked: bool, money: Money) -> bool {
    let Some(next) = tokens.get(at) else { return false };
    let tight = next.glued && matches!(next.low.as_str(), "/" | ":" | "%" | "°" | "\"" | "”" | "″" | "′");
    let scale = 10_i64.pow(money.currency.exponent());
    let litres = !next.upper || money.minor <= LITRES_MAX * scale;
    let letter = next.kind == Kind::Word && next.low.chars().count() == 1;
    let unit = match next.low.as_str() {
        "l" => litres,
        // A capital behind a price is a size: "under 150 M".
        _ if letter && next.upper && !next.glued => false,
        low => lexicon::is_unit(low),
    };
    // "2-person" and "3-season".
    let hyphen = next.low == "-" && next.glued && tokens.get(at + 1).is_some_and(|t| t.glued && t.kind == Kind::Word);
    let glued_word = next.glued && next.kind == Kind::Word;
    if marked {
        return tight && next.low == "%";
    }
    let few = money.minor < COUNT_BELOW * scale;
    let noun = next.kind == Kind::Word && !lexicon::is_function_word(&next.low);
    tight || unit || hyphen || glued_word || next.low == "°" || next.low == "%" || (few && noun)
}
