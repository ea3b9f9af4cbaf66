//! Numbers in figures and in small words, with the word for thousands behind them.

use crate::catalog::understand::lexicon;
use crate::catalog::understand::token::{Kind, Token};

/// A number and how many tokens it takes.
pub struct Number {
    /// Tokens.
    pub length: usize,
    /// A plain decimal.
    pub decimal: String,
    /// Whether it is written in figures.
    pub figures: bool,
}

/// The number that begins at a token: `20`, `1 299` before a currency, `twenty five`, `500 ribu`.
pub fn at(tokens: &[Token], at: usize) -> Option<Number> {
    let token = tokens.get(at).filter(|t| !t.frozen)?;
    let mut number = match token.kind {
        Kind::Number => figures(tokens, at, &token.low),
        Kind::Word => words(tokens, at)?,
        Kind::Symbol => return None,
    };
    let behind = tokens.get(at + number.length);
    // "10 k" apart is no thousand: it may be a karat or a race.
    let thousands = behind.filter(|t| t.kind == Kind::Word && !t.frozen && (t.low != "k" || t.glued));
    if let Some(times) = thousands.and_then(|t| lexicon::multiplier(&t.low))
        && let Some(decimal) = multiplied(&number.decimal, times)
    {
        number = Number { length: number.length + 1, decimal, ..number };
    }
    Some(number)
}

fn figures(tokens: &[Token], at: usize, low: &str) -> Number {
    let alone = Number { length: 1, decimal: low.to_owned(), figures: true };
    // The French write "1 299 €": groups of three with blanks, believed only where a currency follows.
    let group = tokens.get(at + 1).filter(|t| t.kind == Kind::Number && !t.glued && !t.frozen);
    let Some(group) = group else { return alone };
    let whole = group.low.split('.').next().unwrap_or_default();
    let shaped =
        (1..=3).contains(&low.len()) && low.bytes().all(|b| b.is_ascii_digit()) && low != "0" && whole.len() == 3;
    let marked = tokens.get(at + 2).is_some_and(|t| lexicon::is_currency(&t.low));
    if shaped && marked { Number { length: 2, decimal: format!("{low}{}", group.low), figures: true } } else { alone }
}

/// `twenty`, `twenty five`, `two hundred`.
fn words(tokens: &[Token], at: usize) -> Option<Number> {
    let value =
        |at: usize| tokens.get(at).filter(|t| t.kind == Kind::Word && !t.frozen).and_then(|t| lexicon::spoken(&t.low));
    let first = value(at)?;
    let next = at + 1 + usize::from(tokens.get(at + 1).is_some_and(|t| t.low == "-" && t.glued));
    let (length, total) = match value(next) {
        Some(100) if (2..10).contains(&first) => (next + 1 - at, first * 100),
        Some(ones) if (20..100).contains(&first) && ones < 10 => (next + 1 - at, first + ones),
        _ => (1, first),
    };
    Some(Number { length, decimal: total.to_string(), figures: false })
}

fn multiplied(decimal: &str, times: i64) -> Option<String> {
    let (whole, part) = decimal.split_once('.').unwrap_or((decimal, ""));
    let zeros = usize::try_from(times.ilog10()).ok()?;
    (part.len() <= zeros && whole.len() + zeros <= 12).then(|| format!("{whole}{part:0<zeros$}"))
}
