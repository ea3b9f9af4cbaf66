//! Lengths, weights, capacities and the like: how they are written, bounded and compared.

mod key;
mod product;

pub(super) use key::beginnings;
pub use product::{by, meets, variant_meets};

use crate::catalog::understand::lexicon;
use crate::catalog::understand::lexicon::Side;
use crate::catalog::understand::number;
use crate::catalog::understand::token::{Kind, Token};
use crate::search::analyse;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How far "about 2 kg" reaches to both sides.
const AROUND_SHARE: f64 = 0.2;
/// How far a value may be off and is still the one that was asked for: a 17-inch screen has 17.3, a terabyte 1,024 GB.
const EXACT_SHARE: f64 = 0.05;
/// Litres up to which "50 L" is a volume and no price with a size.
const LITRES_MAX: f64 = 120.0;
/// Measures of one wish.
pub const MEASURES_MAX: usize = 8;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// In millimetres.
    Length,
    /// In grams.
    Mass,
    /// In millilitres.
    Volume,
    /// In megabytes.
    Storage,
    /// In watts.
    Power,
    /// In volts.
    Voltage,
    /// In milliampere-hours.
    Charge,
    /// In watt-hours.
    Energy,
    /// In hertz.
    Frequency,
    /// In lumens.
    Light,
}

/// How a value is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Not above.
    Most,
    /// Not below.
    Least,
    /// Just this, give or take what rounding does.
    Exact,
}

/// A measure somebody wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What is measured.
    pub dimension: Dimension,
    /// Which side it bounds.
    pub op: Op,
    /// In the unit of the dimension.
    pub value: f64,
    /// Of what, where it was said: length, screen, ram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// As it is shown: `2 kg`.
    pub shown: String,
}

impl Measure {
    /// Whether a value, in the unit of the dimension, meets it.
    pub fn allows(&self, value: f64) -> bool {
        match self.op {
            // What is written rounded is not refused for its third digit.
            Op::Most => value <= self.value * 1.000_001,
            Op::Least => value >= self.value * 0.999_999,
            Op::Exact => (value - self.value).abs() <= self.value * EXACT_SHARE,
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.op {
            Op::Most => "≤ ",
            Op::Least => "≥ ",
            Op::Exact => "",
        };
        match &self.key {
            Some(key) => write!(f, "{key} {sign}{}", self.shown),
            None => write!(f, "{sign}{}", self.shown),
        }
    }
}

/// A unit's dimension and how many of the dimension's own unit it is.
pub fn unit(name: &str) -> Option<(Dimension, f64)> {
    use Dimension::{Charge, Energy, Frequency, Length, Light, Mass, Power, Storage, Voltage, Volume};
    Some(match analyse::unit(name)? {
        "mm" => (Length, 1.0),
        "cm" => (Length, 10.0),
        "m" => (Length, 1_000.0),
        "in" => (Length, 25.4),
        "ft" => (Length, 304.8),
        "mg" => (Mass, 0.001),
        "g" => (Mass, 1.0),
        "kg" => (Mass, 1_000.0),
        "oz" => (Mass, 28.349_5),
        "lb" => (Mass, 453.592),
        "ml" => (Volume, 1.0),
        "cl" => (Volume, 10.0),
        "l" => (Volume, 1_000.0),
        "gal" => (Volume, 3_785.41),
        "mb" => (Storage, 1.0),
        "gb" => (Storage, 1_000.0),
        "tb" => (Storage, 1_000_000.0),
        "w" => (Power, 1.0),
        "kw" => (Power, 1_000.0),
        "v" => (Voltage, 1.0),
        "mah" => (Charge, 1.0),
        "wh" => (Energy, 1.0),
        "kwh" => (Energy, 1_000.0),
        "hz" => (Frequency, 1.0),
        "mhz" => (Frequency, 1_000_000.0),
        "ghz" => (Frequency, 1_000_000_000.0),
        "lm" => (Light, 1.0),
        // Kilometres are how far away somebody lives.
        _ => return None,
    })
}

/// A number with its unit.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Tokens.
    pub length: usize,
    /// What is measured.
    pub dimension: Dimension,
    /// In the unit of the dimension.
    pub value: f64,
    /// As it is shown.
    pub shown: String,
}

/// The measure that begins at a token of a sentence: `2 kg`, `17"`, `3 1/2 in`, `½ l`, `10-ft`.
pub fn read(tokens: &[Token], at: usize) -> Option<Reading> {
    let reading = stored(tokens, at)?;
    // In a sentence a capital M or L apart is a size: "under 150 M". "50 L" is a volume up to a point.
    let unit = tokens.get(at + reading.length - 1)?;
    let letter = unit.upper && !unit.glued && unit.low.chars().count() == 1;
    let size = unit.low == "m" || (unit.low == "l" && reading.value > LITRES_MAX * 1_000.0);
    (!(letter && size)).then_some(reading)
}

/// The measure that begins at a token of what a shop says.
pub fn stored(tokens: &[Token], at: usize) -> Option<Reading> {
    let (length, amount, shown) = amount(tokens, at)?;
    let next = at + length;
    let hyphen = usize::from(tokens.get(next).is_some_and(|t| t.low == "-" && t.glued));
    let token = tokens.get(next + hyphen).filter(|t| !t.frozen)?;
    let name = match token.low.as_str() {
        "\"" => "in",
        "'" => "ft",
        // "In" after a blank is nearly always the preposition.
        "in" if !token.glued => return None,
        low => low,
    };
    let fluid = tokens.get(next).is_some_and(|t| matches!(t.low.as_str(), "fl" | "fluid"));
    let ounces = tokens.get(next + 1).is_some_and(|t| analyse::unit(&t.low) == Some("oz"));
    if fluid && ounces {
        let (dimension, value) = (Dimension::Volume, amount * 29.573_5);
        return Some(Reading { length: length + 2, dimension, value, shown: format!("{shown} fl oz") });
    }
    let (dimension, times) = unit(name)?;
    let shown = format!("{shown} {}", analyse::unit(name).unwrap_or(name));
    Some(Reading { length: length + hyphen + 1, dimension, value: amount * times, shown })
}

/// A number, a fraction or both.
fn amount(tokens: &[Token], at: usize) -> Option<(usize, f64, String)> {
    if let Some((length, part, shown)) = fraction(tokens, at) {
        return Some((length, part, shown));
    }
    let number = number::at(tokens, at)
        .filter(|n| n.figures || tokens.get(at).is_some_and(|t| !lexicon::is_doubtful(&t.low)))?;
    let whole: f64 = number.decimal.parse().ok()?;
    match fraction(tokens, at + number.length).filter(|_| !number.decimal.contains('.')) {
        Some((more, part, shown)) => Some((number.length + more, whole + part, format!("{} {shown}", number.decimal))),
        None => Some((number.length, whole, number.decimal)),
    }
}

/// `1/2`, `½`.
fn fraction(tokens: &[Token], at: usize) -> Option<(usize, f64, String)> {
    let first = tokens.get(at)?;
    let (length, above, below) = if first.kind == Kind::Symbol {
        let (above, below) = first.low.split_once('/')?;
        (1, above.to_owned(), below.to_owned())
    } else {
        let slash = tokens.get(at + 1).is_some_and(|t| t.low == "/" && t.glued);
        let below = tokens.get(at + 2).filter(|t| slash && t.glued && t.kind == Kind::Number)?;
        (3, first.low.clone(), below.low.clone())
    };
    let (a, b): (u32, u32) = (above.parse().ok()?, below.parse().ok()?);
    let common = matches!(b, 2 | 3 | 4 | 5 | 8 | 16 | 32 | 64) && (1..b).contains(&a);
    common.then(|| (length, f64::from(a) / f64::from(b), format!("{a}/{b}")))
}

/// What a sentence demands at a token, and how many tokens say so.
pub struct Demand {
    /// Tokens.
    pub length: usize,
    /// One, or two for a range.
    pub measures: Vec<Measure>,
}

/// The bounds on a measure that begin at a token: "at least 2 m long", "under 1 kg", "10 to 20 litres", "16 GB or more".
pub fn bounded(tokens: &[Token], at: usize) -> Option<Demand> {
    let mut demand = range(tokens, at)
        .or_else(|| cued(tokens, at))
        .or_else(|| around(tokens, at))
        .or_else(|| followed(tokens, at))?;
    let dimension = demand.measures.first()?.dimension;
    if let Some((more, key)) = key::behind(tokens, at + demand.length, dimension) {
        demand.length += more;
        demand.measures.iter_mut().filter(|m| m.key.is_none()).for_each(|m| m.key = Some(key.to_owned()));
    }
    let before = key::before(tokens, at, dimension);
    demand.measures.iter_mut().filter(|m| m.key.is_none()).for_each(|m| m.key = before.map(str::to_owned));
    Some(demand)
}

/// Just this measure: "500GB", "17 inch". The search keeps its words.
pub fn exact(tokens: &[Token], at: usize) -> Option<Demand> {
    let reading = read(tokens, at)?;
    let key = key::behind(tokens, at + reading.length, reading.dimension).map(|(_, key)| key);
    let key = key.or_else(|| key::before(tokens, at, reading.dimension));
    let length = reading.length;
    Some(Demand { length, measures: vec![reading.measure(Op::Exact, key)] })
}

impl Reading {
    fn measure(self, op: Op, key: Option<&str>) -> Measure {
        let key = key.map(str::to_owned);
        Measure { dimension: self.dimension, op, value: self.value, key, shown: self.shown }
    }
}

impl Side {
    fn op(self) -> Op {
        match self {
            Self::Most => Op::Most,
            Self::Least => Op::Least,
        }
    }
}

fn cued(tokens: &[Token], at: usize) -> Option<Demand> {
    let plain = lexicon::CUES.longest(tokens, at).map(|(length, side)| (length, side, None));
    let (cue, side, key) = key::comparison(tokens, at).or(plain)?;
    let cue = cue + fillers(tokens, at + cue);
    let reading = read(tokens, at + cue)?;
    Some(Demand { length: cue + reading.length, measures: vec![reading.measure(side.op(), key)] })
}

fn range(tokens: &[Token], at: usize) -> Option<Demand> {
    let opening = lexicon::RANGE_OPENINGS.longest(tokens, at).map_or(0, |(length, ())| length);
    let start = at + opening;
    let low = read(tokens, start);
    let (first, plain, shown) = amount(tokens, start)?;
    let joined = start + low.as_ref().map_or(first, |low| low.length);
    let (join, ()) = lexicon::RANGE_JOINS.longest(tokens, joined)?;
    let high = read(tokens, joined + join)?;
    let low = match low {
        Some(low) => low,
        // "10 to 20 litres" has the unit once.
        None => {
            let (_, amount, _) = amount(tokens, joined + join)?;
            let times = high.value / amount;
            let unit = high.shown.rsplit(' ').next().unwrap_or_default();
            Reading { length: first, dimension: high.dimension, value: plain * times, shown: format!("{shown} {unit}") }
        }
    };
    if low.dimension != high.dimension || low.value > high.value {
        return None;
    }
    let length = joined + join + high.length - at;
    Some(Demand { length, measures: vec![low.measure(Op::Least, None), high.measure(Op::Most, None)] })
}

fn around(tokens: &[Token], at: usize) -> Option<Demand> {
    let (cue, ()) = lexicon::AROUND.longest(tokens, at)?;
    let reading = read(tokens, at + cue)?;
    let length = cue + reading.length;
    let bound = |op, share: f64| Measure { value: reading.value * share, ..reading.clone().measure(op, None) };
    Some(Demand { length, measures: vec![bound(Op::Least, 1.0 - AROUND_SHARE), bound(Op::Most, 1.0 + AROUND_SHARE)] })
}

fn followed(tokens: &[Token], at: usize) -> Option<Demand> {
    let reading = read(tokens, at)?;
    let (after, side) = lexicon::AFTER.longest(tokens, at + reading.length)?;
    Some(Demand { length: reading.length + after, measures: vec![reading.measure(side.op(), None)] })
}

fn fillers(tokens: &[Token], at: usize) -> usize {
    tokens.iter().skip(at).take(2).take_while(|t| lexicon::AMOUNT_FILLERS.contains(&t.low.as_str())).count()
}

#[cfg(test)]
mod tests;
