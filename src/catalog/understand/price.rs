//! Prices in a sentence, told from sizes, litres, degrees and persons.

use crate::catalog::understand::lexicon;
use crate::catalog::understand::lexicon::Side;
use crate::catalog::understand::number;
use crate::catalog::understand::token::{Kind, Token, phrase};
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

/// How many tokens a bound on something else takes: "at least 4 persons", "within 30 days".
pub fn bound(tokens: &[Token], at: usize) -> Option<usize> {
    let (length, _) = lexicon::CUES.longest(tokens, at)?;
    let length = length + fillers(tokens, at + length);
    let number = number::at(tokens, at + length)?;
    // "Günstiger als das erste": "das" is ten in Hindi.
    let counts = number.figures || tokens.get(at + length).is_some_and(|t| !lexicon::is_doubtful(&t.low));
    counts.then_some(length + number.length)
}

/// An amount in a currency that is not the shop's, with the words that lead to it: it is not converted.
pub fn foreign(tokens: &[Token], at: usize, currency: Currency) -> Option<(usize, String)> {
    let cue = lexicon::CUES.longest(tokens, at).or_else(|| Some((lexicon::AROUND.longest(tokens, at)?.0, Side::Most)));
    let cue = cue.map_or(0, |(length, _)| length + fillers(tokens, at + length));
    let sign = |at: usize| -> Option<(usize, String)> {
        if phrase(tokens, at, "r $").is_some() {
            return (currency.code() != "BRL").then(|| (2, "BRL".to_owned()));
        }
        let low = &tokens.get(at).filter(|t| !t.frozen)?.low;
        // "20 pounds" are a weight wherever nobody pays in them.
        let codes = lexicon::currencies(low).filter(|codes| !codes.contains(&currency.code()) && low != "pound")?;
        Some((1, codes.first()?.to_string()))
    };
    let before = sign(at + cue);
    let start = at + cue + before.as_ref().map_or(0, |(length, _)| *length);
    let number = number::at(tokens, start).filter(|n| n.figures || cue > 0)?;
    let after = sign(start + number.length);
    let (_, code) = before.as_ref().or(after.as_ref())?;
    let end = start + number.length + after.as_ref().map_or(0, |(length, _)| *length);
    let tail = lexicon::AFTER.longest(tokens, end).map_or(0, |(length, _)| length);
    Some((end + tail - at, format!("{} {code}", number.decimal)))
}

/// "between 50 and 100", "from 50 to 100", "50-100 euros".
fn range(tokens: &[Token], at: usize, currency: Currency) -> Option<(usize, Limit)> {
    let opening = lexicon::RANGE_OPENINGS.longest(tokens, at);
    let mut length = opening.map_or(0, |(length, ())| length);
    let low = amount(tokens, at + length, currency)?;
    length += low.length;
    let (join, ()) = lexicon::RANGE_JOINS.longest(tokens, at + length)?;
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
    let (length, side) = lexicon::CUES.longest(tokens, at)?;
    let length = length + fillers(tokens, at + length);
    let amount = amount(tokens, at + length, currency)?;
    let length = length + amount.length;
    // "from 2 to 4 people" is a range of something else.
    let ranged = lexicon::RANGE_JOINS
        .longest(tokens, at + length)
        .is_some_and(|(join, ())| tokens.get(at + length + join).is_some_and(|t| t.kind == Kind::Number));
    (!ranged || amount.marked).then_some((length, side.limit(amount.money)))
}

/// "around 100".
fn around(tokens: &[Token], at: usize, currency: Currency) -> Option<(usize, Limit)> {
    let (length, ()) = lexicon::AROUND.longest(tokens, at)?;
    let amount = amount(tokens, at + length, currency)?;
    let off = amount.money.minor.checked_mul(AROUND_PERCENT)? / 100;
    let money = |minor| Money::new(minor, currency);
    let limit = Limit::Between(money(amount.money.minor - off), money(amount.money.minor + off));
    Some((length + amount.length, limit))
}

/// "150 max", "100 or more", and "150 €" alone, which is what somebody can spend.
fn followed(tokens: &[Token], at: usize, currency: Currency) -> Option<(usize, Limit)> {
    let amount = amount(tokens, at, currency)?;
    match lexicon::AFTER.longest(tokens, at + amount.length) {
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
    let number = number::at(tokens, at + before)?;
    let money = Money::parse(&number.decimal, currency).ok()?;
    let next = at + before + number.length;
    let after = mark(tokens, next, currency)?;
    let marked = before + after > 0;
    let doubtful = !number.figures && tokens.get(at + before).is_some_and(|t| lexicon::is_doubtful(&t.low));
    if (after == 0 && counts_something(tokens, next, marked, money)) || (doubtful && !marked) {
        return None;
    }
    Some(Amount { length: before + number.length + after, money, marked })
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
    let Some(codes) = lexicon::currencies(&token.low).filter(|_| !token.frozen) else { return Some(0) };
    // "Rs. 500" and "Rp. 500".
    let point =
        matches!(token.low.as_str(), "rs" | "rp") && tokens.get(at + 1).is_some_and(|t| t.glued && t.low == ".");
    codes.contains(&currency.code()).then_some(1 + usize::from(point))
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
