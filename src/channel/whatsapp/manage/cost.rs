//! What messages cost: by day, country and category, as expected and as Meta's statuses said.

use serde::Serialize;
use std::collections::BTreeMap;

/// Days that are drawn.
const DAYS_DRAWN_MAX: usize = 400;

/// One message that left, as far as its price goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    /// `2026-10-03`, by the shop's clock.
    pub day: String,
    /// `BR`; `??` where the number does not tell.
    pub country: String,
    /// As what it is charged: what the status said, else what was expected.
    pub category: String,
    /// Millionths of the currency; none where no rate card prices it.
    pub estimate: Option<i64>,
    /// The rate card's.
    pub currency: String,
    /// What the status said: charged, free, or nothing yet.
    pub charged: Option<bool>,
    /// Whether it failed, so that it costs nothing.
    pub failed: bool,
}

/// What belongs together.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// The day.
    pub day: String,
    /// The country.
    pub country: String,
    /// The category.
    pub category: String,
    /// The currency, or nothing.
    pub currency: String,
}

/// A sum.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// Of what.
    #[serde(flatten)]
    pub key: Key,
    /// Messages that left.
    pub messages: u64,
    /// Messages that failed.
    pub failed: u64,
    /// What was expected of all that left, in millionths.
    pub estimated: i64,
    /// What was expected of those that a status called charged.
    pub charged: i64,
    /// Messages that a status called charged.
    pub charged_messages: u64,
    /// Messages that a status called free.
    pub free_messages: u64,
    /// Messages that no rate card prices.
    pub unpriced: u64,
}

/// Sums them up; `total` leaves the day, country and category out.
pub fn sums(all: &[Spent], total: bool) -> Vec<Sum> {
    let mut sums: BTreeMap<Key, Sum> = BTreeMap::new();
    for one in all {
        let key = match total {
            true => Key { currency: one.currency.clone(), ..Key::default() },
            false => Key {
                day: one.day.clone(),
                country: one.country.clone(),
                category: one.category.clone(),
                currency: one.currency.clone(),
            },
        };
        let sum = sums.entry(key.clone()).or_insert_with(|| Sum { key, ..Sum::default() });
        if one.failed {
            sum.failed += 1;
            continue;
        }
        sum.messages += 1;
        let estimate = one.estimate.unwrap_or_default();
        sum.unpriced += u64::from(one.estimate.is_none());
        sum.estimated = sum.estimated.saturating_add(estimate);
        match one.charged {
            Some(true) => {
                sum.charged_messages += 1;
                sum.charged = sum.charged.saturating_add(estimate);
            }
            Some(false) => sum.free_messages += 1,
            None => {}
        }
    }
    sums.into_values().collect()
}

/// A picture: a bar a day, what was expected behind and what was charged before it.
pub fn svg(sums: &[Sum], currency: &str) -> String {
    const WIDE: f64 = 720.0;
    const HIGH: f64 = 240.0;
    const ROOM: f64 = 56.0;
    let mut days: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for sum in sums.iter().filter(|sum| sum.key.currency == currency) {
        let day = days.entry(&sum.key.day).or_default();
        *day = (day.0.saturating_add(sum.estimated), day.1.saturating_add(sum.charged));
    }
    let skip = days.len().saturating_sub(DAYS_DRAWN_MAX);
    let days: Vec<(&str, (i64, i64))> = days.into_iter().skip(skip).collect();
    let most = days.iter().map(|(_, (estimated, _))| *estimated).max().unwrap_or(0).max(1);
    let step = WIDE / days.len().max(1) as f64;
    let mut bars = String::new();
    for (n, (day, (estimated, charged))) in days.iter().enumerate() {
        let x = ROOM + step * n as f64;
        for (class, value) in [("e", estimated), ("c", charged)] {
            let high = HIGH * (*value).max(0) as f64 / most as f64;
            bars.push_str(&format!(
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{high:.1}\"><title>{day}: {} \
                 {currency}</title></rect>",
                ROOM + HIGH - high,
                (step * 0.8).max(0.5),
                decimal(*value),
            ));
        }
        // As many days are named as there is room for.
        if n % days.len().div_ceil(8).max(1) == 0 {
            bars.push_str(&format!("<text x=\"{x:.1}\" y=\"{:.1}\">{day}</text>", ROOM + HIGH + 18.0));
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" role=\"img\" \
         aria-label=\"What messages cost by day\"><style>text{{font:11px system-ui,sans-serif;fill:#334}}.e{{fill:#bcd}}\
         .c{{fill:#1856c9}}</style><rect width=\"{w}\" height=\"{h}\" fill=\"#fff\"/><text x=\"{ROOM}\" y=\"24\">WhatsApp, \
         {currency} a day: expected (light), called charged by a status (dark); the highest is {}</text>{bars}</svg>\n",
        decimal(most),
        w = WIDE + 2.0 * ROOM,
        h = HIGH + 2.0 * ROOM,
    )
}

/// Millionths as a decimal.
pub fn decimal(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    format!("{sign}{}", crate::domain::usage::amount(millionths.unsigned_abs()))
}
