//! Whether a literal and a fact say the same, whatever spelling either has.

use crate::agent::bind::words::fold;
use crate::agent::literal::date::Day;
use crate::agent::literal::unit::Class;
use crate::agent::literal::{self, Kind, Literal, number};
use crate::domain::fact::{Fact, Unit, Value};
use std::ops::Range;

/// Words on each side of a figure that tell what it is about.
const NEIGHBOURS: usize = 4;
/// Letters of a word that are compared.
const STEM_CHARS: usize = 5;
/// Letters a word needs to say anything.
const TELLING_CHARS_MIN: usize = 3;
/// How many more neighbours another figure of a passage needs in common to be the one that is meant.
const CLEARLY: usize = 2;
/// The telling words around a place.
pub(super) fn neighbours(text: &str, place: &Range<usize>) -> Vec<String> {
    let stem = |word: &str| fold(word).chars().take(STEM_CHARS).collect::<String>();
    let telling = |w: &&(usize, &str)| w.1.chars().count() >= TELLING_CHARS_MIN && w.1.chars().all(char::is_alphabetic);
    let words = literal::words(text);
    let before = words.iter().rev().filter(|w| w.0 + w.1.len() <= place.start).take(NEIGHBOURS).filter(telling);
    let after = words.iter().filter(|w| w.0 >= place.end).take(NEIGHBOURS / 2).filter(telling);
    before.chain(after).map(|w| stem(w.1)).collect()
}

/// Whether a passage or a text holds the literal, and holds it for what it is said of here.
pub(super) fn quoted(literal: &Literal, near: &[String], fact: &Fact) -> bool {
    let Some(text) = fact.value.words() else { return false };
    let figures: Vec<Literal> = literal::find(text).into_iter().filter(|l| comparable(literal, l)).collect();
    let common = |place: &Range<usize>| neighbours(text, place).iter().filter(|n| near.contains(n)).count();
    let right = figures.iter().filter(|l| equal(literal, l)).map(|l| common(&l.place)).max();
    let other = figures.iter().filter(|l| !equal(literal, l)).map(|l| common(&l.place)).max().unwrap_or(0);
    right.is_some_and(|right| other < right + CLEARLY)
}

/// Whether the fact's value is the literal's.
pub(super) fn agrees(literal: &Literal, fact: &Fact) -> bool {
    let reads = |thousandths: Option<i64>| thousandths.is_some_and(|t| literal.readings().contains(&t));
    match (&fact.value, literal.kind) {
        (Value::Money(money), Kind::Money) => literal.may_be(*money),
        (Value::Money(money), Kind::Figure) => {
            let exponent = money.currency.exponent() as usize;
            exponent > 0
                && literal.unit.is_none()
                && number::decimals(&literal.text) == exponent
                && literal.may_be(*money)
        }
        (Value::Count(count), Kind::Figure) => {
            matches!(literal.unit, None | Some(Class::Pieces)) && is_number(literal) && reads(count.checked_mul(1_000))
        }
        (Value::Quantity { amount, unit }, Kind::Figure) => {
            let class = match unit {
                Unit::Left => Class::Left,
                Unit::Days => Class::Days,
            };
            let pieces = class == Class::Left && literal.unit == Some(Class::Pieces);
            (literal.unit.is_none_or(|u| u == class) || pieces)
                && is_number(literal)
                && reads(amount.checked_mul(1_000))
        }
        (Value::Percent(hundredths), Kind::Percent) => reads(hundredths.checked_abs().and_then(|h| h.checked_mul(10))),
        (Value::Date(date), Kind::Date) => {
            let day = Day { year: Some(date.year()), month: date.month(), day: Some(date.day()) };
            literal.days().iter().any(|d| d.is(day))
        }
        (Value::Date(date), Kind::Figure) => {
            let year = literal.text.chars().count() == 4 && reads(Some(i64::from(date.year()) * 1_000));
            year || ((ordinal(literal) && literal.unit.is_none()) && reads(Some(i64::from(date.day()) * 1_000)))
        }
        (Value::Name(text), Kind::Figure | Kind::Email) => holds_word(text, &literal.text),
        (Value::Text(text), _) if !text.chars().any(char::is_numeric) && number::word(&literal.text).is_none() => false,
        (Value::Text(text), _) => {
            let named = format!("{} {text}", fact.field.replace(['.', '_'], " "));
            literal::find(&named).iter().any(|l| comparable(literal, l) && equal(literal, l))
        }
        _ => false,
    }
}

/// Whether the shopper wrote the literal.
pub(super) fn says(said: &str, literal: &Literal) -> bool {
    let amount = |l: &Literal| l.kind == Kind::Money || l.kind == Kind::Figure;
    literal::find(said).iter().any(|l| match literal.kind {
        // "under 150" is answered with "under €150".
        Kind::Money => amount(l) && l.unit.is_none() && is_number(l) && same_number(literal, l),
        _ => literal.kind == l.kind && literal.unit == l.unit && equal(literal, l),
    }) || (!is_number(literal) && holds_word(said, &literal.text))
}

/// Kinds that may be the same thing: a bare number in a text is not an amount, and 5 days are not 5 pieces.
fn comparable(literal: &Literal, other: &Literal) -> bool {
    if literal.kind != other.kind {
        return false;
    }
    literal.kind != Kind::Figure || literal.unit == other.unit || literal.unit.is_none() && short(other)
}

/// A code, a size, a number without a unit.
fn short(other: &Literal) -> bool {
    other.unit.is_none() || !is_number(other)
}

fn equal(literal: &Literal, other: &Literal) -> bool {
    let same_text = number::plain(&literal.text).eq_ignore_ascii_case(&number::plain(&other.text));
    match literal.kind {
        Kind::Money => same_number(literal, other) && shared_currency(literal, other),
        Kind::Percent => same_number(literal, other),
        Kind::Date => literal.days().iter().any(|a| other.days().iter().any(|b| a.is(*b))),
        Kind::Figure => same_text || (is_number(literal) && is_number(other) && same_number(literal, other)),
        Kind::Link | Kind::Email => same_text,
    }
}

fn same_number(a: &Literal, b: &Literal) -> bool {
    let readings = b.readings();
    a.readings().iter().any(|r| readings.contains(r))
}

fn shared_currency(a: &Literal, b: &Literal) -> bool {
    let codes = |l: &Literal| l.currencies.split_ascii_whitespace().collect::<Vec<_>>();
    let (a, b) = (codes(a), codes(b));
    a.is_empty() || b.is_empty() || a.iter().any(|code| b.contains(code))
}

/// A number and not a code: nothing but digits and their signs, or a number with its unit.
fn is_number(literal: &Literal) -> bool {
    let text = number::plain(&literal.text);
    let bare = text.chars().all(|c| c.is_ascii_digit() || ".,'’+ \u{a0}\u{202f}\u{2009}".contains(c));
    bare || number::word(&text).is_some() || (literal.unit.is_some() && text.starts_with(|c: char| c.is_ascii_digit()))
}

fn ordinal(literal: &Literal) -> bool {
    let text = number::plain(&literal.text);
    let tail = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.len() > tail.len() && ["st", "nd", "rd", "th", "º", "ª", "er", "."].contains(&tail)
}

fn holds_word(text: &str, wanted: &str) -> bool {
    literal::words(text).iter().any(|(_, word)| number::plain(word).eq_ignore_ascii_case(&number::plain(wanted)))
}
