//! How well the check of replies works: true sentences about real goods and orders must pass, the same ones with one thing
//! made false must not. Beside it the naive check that only asks whether each number occurs somewhere in what was read.

mod mutant;
mod shape;
pub mod source;
mod spell;

use crate::agent::bind::{Evidence, Freedom, Segment, segments};
use crate::agent::ledger::Ledger;
use crate::agent::literal;
use crate::domain::fact::Fact;
use crate::domain::shop::Shop;
use crate::eval::report::wilson;
use crate::eval::tau_retail::load;
use crate::wording::Voice;
use mutant::{About, Dice};
use serde::Serialize;
use shape::SHAPES;
use source::Goods;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Sentences tried for one that fits, per sentence wanted.
const TRIES: usize = 60;
/// Examples kept of what went wrong.
const EXAMPLES_MAX: usize = 40;

/// Why the data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file.
    #[error("{path} cannot be read; name the folder of the shared data with --data")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Tau's file.
    #[error("tau-retail cannot be read")]
    Tau(#[source] crate::eval::tau_retail::data::Error),
    /// A feed.
    #[error("a feed cannot be read")]
    Feed(#[source] crate::catalog::feed::Error),
    /// An order.
    #[error("an order of tau-retail does not fit together")]
    Order,
}

/// What is made false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One digit.
    Digit,
    /// Two prices change places.
    Swapped,
    /// The price of another size or colour.
    Variant,
    /// Another total.
    Total,
    /// Another day.
    Date,
    /// Another status.
    Status,
    /// In stock or not.
    Stock,
    /// An address that is not ours.
    Link,
    /// Somebody else's order.
    OtherOrder,
    /// A share nobody worked out.
    Percent,
    /// A discount nobody gave.
    Discount,
    /// A deed nobody did.
    Deed,
    /// Delivery for nothing.
    FreeShipping,
    /// A day of arrival nobody promised.
    Arrival,
    /// Money back nobody promised.
    Refund,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Digit,
        Self::Swapped,
        Self::Variant,
        Self::Total,
        Self::Date,
        Self::Status,
        Self::Stock,
        Self::Link,
        Self::OtherOrder,
        Self::Percent,
        Self::Discount,
        Self::Deed,
        Self::FreeShipping,
        Self::Arrival,
        Self::Refund,
    ];

    /// Whether the lie is a sentence of its own.
    fn is_told(self) -> bool {
        self >= Self::Percent || self == Self::Link
    }
}

/// A share with its 95 % interval, in per cent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rate {
    /// How many.
    pub hits: usize,
    /// Of how many.
    pub of: usize,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// One row of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was made false; `None` for the true sentences.
    pub kind: Option<Kind>,
    /// Caught by the check; for true sentences stopped by mistake.
    pub bound: Rate,
    /// The same for the naive check.
    pub naive: Rate,
}

/// The table.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    /// Sentences and goods that were never looked at while building the check.
    pub held_out: Vec<Row>,
    /// Those that were.
    pub seen: Vec<Row>,
    /// Seen sentences that went wrong, for whoever mends the check.
    pub examples: Vec<String>,
}

/// Makes `samples` true sentences of each half, and as many false ones of each kind.
pub fn run(goods: &Goods, samples: usize, seed: u64) -> Table {
    let shop = &load::shop();
    let mut examples = Vec::new();
    let seen = half(goods, shop, samples, seed, 0, &mut examples);
    let held_out = half(goods, shop, samples, seed, 1, &mut Vec::new());
    Table { held_out, seen, examples }
}

fn half(goods: &Goods, shop: &Shop, samples: usize, seed: u64, part: usize, examples: &mut Vec<String>) -> Vec<Row> {
    let mut dice = Dice::new(seed.wrapping_add(u64::try_from(part).unwrap_or_default()));
    let kinds: Vec<Option<Kind>> = std::iter::once(None).chain(Kind::ALL.into_iter().map(Some)).collect();
    let mut rows = Vec::new();
    for kind in kinds {
        let (mut of, mut bound, mut naive) = (0, 0, 0);
        for _ in 0..samples.saturating_mul(TRIES) {
            if of == samples {
                break;
            }
            let Some((text, shape, about)) = sentence(goods, kind, part, &mut dice) else { continue };
            let (ledger, facts) = about.facts(shop);
            let (passed, problems) = checked(&text, shape, &ledger);
            of += 1;
            bound += usize::from(!passed);
            naive += usize::from(!occurs(&text, &facts));
            if passed == kind.is_some() && examples.len() < EXAMPLES_MAX {
                examples.push(format!("{kind:?}: {text} {problems}"));
            }
        }
        rows.push(Row { kind, bound: rate(bound, of), naive: rate(naive, of) });
    }
    rows
}

/// One sentence about goods of one half, true or made false.
fn sentence<'a>(
    goods: &'a Goods,
    kind: Option<Kind>,
    part: usize,
    dice: &mut Dice,
) -> Option<(String, &'static shape::Shape, About<'a>)> {
    let shelf = dice.pick(&goods.shelves)?;
    let of_half = |n: usize, len: usize| (n - n % 2 + part < len).then_some(n - n % 2 + part);
    let mut product = || shelf.get(of_half(dice.below(shelf.len()), shelf.len())?);
    let (a, b) = (product()?, product()?);
    let mut order = || goods.orders.get(of_half(dice.below(goods.orders.len()), goods.orders.len())?);
    let (order, other) = (order()?, order()?);
    let shape = SHAPES.get(of_half(dice.below(SHAPES.len()), SHAPES.len())?)?;
    if order.number == other.number {
        return None;
    }
    let about = About { goods: (a, b), order, other, habit: dice.below(3) };
    let slots = about.slots(shape, dice)?;
    let text = match kind {
        None => mutant::fill(shape.text, &slots),
        Some(kind) => {
            let text = about.mutated(kind, shape, &slots, part, dice)?;
            (text != mutant::fill(shape.text, &slots)).then_some(text)?
        }
    };
    Some((text, shape, about))
}

fn checked(text: &str, shape: &shape::Shape, ledger: &Ledger) -> (bool, String) {
    let cites: Vec<String> = shape.cites.iter().map(|c| (*c).to_owned()).collect();
    // What the lists of harmless words stop is measured apart (agent/bind/tests/honest.rs): here it is the truth of figures
    // and states that is checked.
    let voice = Voice::of_tag("en");
    let evidence = Evidence {
        voice: &voice,
        ledger,
        echo: &[],
        sources: &cites,
        acts: shape.acts.to_vec(),
        private: &[],
        house: &[],
        freedom: Freedom::Checked,
    };
    match segments(&[Segment { text: text.to_owned(), cites: cites.clone() }], &evidence) {
        Ok(_) => (true, String::new()),
        Err(problems) => (false, format!("{problems:?}")),
    }
}

/// The naive check: every number of the text occurs in some result of a tool.
fn occurs(text: &str, facts: &[Fact]) -> bool {
    let mut known: BTreeSet<i64> = BTreeSet::new();
    for fact in facts {
        for figure in literal::find(&fact.value.show()) {
            known.extend(figure.readings());
        }
        // A date's parts are numbers, too.
        known.extend(numbers(&fact.value.show()));
    }
    numbers(text).iter().all(|n| known.contains(n))
}

fn numbers(text: &str) -> Vec<i64> {
    literal::words(text).into_iter().filter_map(|(_, word)| literal::number::readings(word).first().copied()).collect()
}

fn rate(hits: usize, of: usize) -> Rate {
    let (low, high) = wilson(hits, of);
    Rate { hits, of, low, high }
}

impl Table {
    /// The rows of the held-out half as a person reads them.
    pub fn text(&self) -> String {
        let mut text = String::from("held-out half                    caught by the check           naive check\n");
        for row in &self.held_out {
            let name = row.kind.map_or_else(|| "true, stopped by mistake".to_owned(), |k| format!("{k:?}"));
            let told = |r: Rate| {
                let percent = if r.of == 0 { 0.0 } else { r.hits as f64 * 100.0 / r.of as f64 };
                format!("{percent:5.1} % ({:.1}–{:.1}) of {}", r.low, r.high, r.of)
            };
            text.push_str(&format!("{name:<26} {:>30} {:>30}\n", told(row.bound), told(row.naive)));
        }
        text
    }
}
