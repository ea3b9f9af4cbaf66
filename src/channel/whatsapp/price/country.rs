//! The country of a number or an id, and the market Meta counts a country to.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Digits of the longest calling code in the table.
const CODE_DIGITS_MAX: usize = 7;
/// The market of countries that no list names.
pub const OTHER: &str = "Other";

static CODES: LazyLock<BTreeMap<&'static str, &'static str>> =
    LazyLock::new(|| rows(include_str!("../../../../assets/whatsapp/calling_codes.csv")).collect());
/// Country → its name and its market.
static MARKETS: LazyLock<BTreeMap<&'static str, (&'static str, &'static str)>> = LazyLock::new(|| {
    let rows = rows(include_str!("../../../../assets/whatsapp/markets.csv"));
    rows.filter_map(|(country, rest)| Some((country, rest.split_once(',')?))).collect()
});

/// The rows below the heading, parted at the first comma. Nothing in the tables is quoted.
fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().skip(1).filter_map(|line| line.trim_end().split_once(','))
}

/// The country of a number with or without its plus, or of an id such as `BR.8Qx1`.
pub fn country_of(alias: &str) -> Option<&'static str> {
    if let Some((country, _)) = alias.split_once('.') {
        let upper = country.to_ascii_uppercase();
        return CODES.values().find(|known| **known == upper).copied();
    }
    let digits = alias.strip_prefix('+').unwrap_or(alias);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    (1..=CODE_DIGITS_MAX).rev().find_map(|long| CODES.get(digits.get(..long)?).copied())
}

/// The market a country is counted to: `Brazil`, `Rest of Africa`, `Other`.
pub fn market_of(country: &str) -> &'static str {
    MARKETS.get(country).map_or(OTHER, |(_, market)| market)
}

/// The country's own name, under which a newer card may have a row of its own.
pub fn name_of(country: &str) -> Option<&'static str> {
    MARKETS.get(country).map(|(name, _)| *name)
}
