//! Part numbers as people type them: without their hyphens, with more of them, with blanks. Generated from the catalogue.

use crate::catalog::feed::jsonl::PART_NUMBER;
use crate::catalog::find::{self, Search};
use crate::domain::product::Product;
use crate::eval::retrieval::house::Progress;
use crate::eval::retrieval::interval::Dice;
use crate::eval::retrieval::{Error, System};
use serde::Serialize;
use std::collections::HashMap;

/// Letters and digits a code needs to be one.
const CHARS_MIN: usize = 5;
/// The same sample every time.
const SEED: u64 = 11;

/// How often the first product shown is the one whose number was typed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Codes {
    /// Numbers with a hyphen, typed without.
    pub without_hyphens: Hits,
    /// With a hyphen between letters and digits where there is none.
    pub extra_hyphens: Hits,
    /// With a blank there.
    pub split: Hits,
}

/// Right ones of all.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Hits {
    /// Share of right ones.
    pub hit1: f64,
    /// Numbers typed.
    pub of: usize,
    /// Some that failed: what was typed.
    pub failed: Vec<String>,
}

/// Failures that are listed.
const FAILED_MAX: usize = 8;

/// Types so many part numbers in each way.
pub async fn measure(
    system: &System<'_>,
    products: &[Product],
    most: usize,
    progress: Progress<'_>,
) -> Result<Codes, Error> {
    let mut owners: HashMap<String, Vec<&str>> = HashMap::new();
    let mut written: Vec<(&str, String)> = Vec::new();
    for product in products {
        for code in part_numbers(product).into_iter().filter(|code| is_code(code)) {
            let owned = owners.entry(squashed(&code)).or_default();
            if !owned.contains(&product.id.as_str()) {
                owned.push(product.id.as_str());
            }
            written.push((product.id.as_str(), code));
        }
    }
    // A number two products share has no right answer.
    written.retain(|(_, code)| owners.get(&squashed(code)).is_some_and(|ids| ids.len() == 1));
    let mut dice = Dice(SEED);
    for at in (1..written.len()).rev() {
        written.swap(at, dice.below(at + 1));
    }
    let hyphenated = written.iter().filter(|(_, code)| code.contains('-'));
    let plain = written.iter().filter(|(_, code)| !code.contains('-') && parted(code, "-") != *code);
    let (hyphenated, plain): (Vec<_>, Vec<_>) = (hyphenated.take(most).collect(), plain.take(most).collect());
    let of = (hyphenated.len() + 2 * plain.len()) as u64;
    let mut done = 0;
    let mut codes = Codes::default();
    let typed = [
        (&mut codes.without_hyphens, &hyphenated, squashed as fn(&str) -> String),
        (&mut codes.extra_hyphens, &plain, |code: &str| parted(code, "-")),
        (&mut codes.split, &plain, |code: &str| parted(code, " ")),
    ];
    for (hits, sample, way) in typed {
        let mut right = 0;
        for (id, code) in sample {
            let query = way(code);
            let search = Search::of(&query, 1);
            let found = find::find_by(system.app, system.shop, &search, &system.ranking).await?;
            if found.items.first().is_some_and(|item| item.product.id.as_str() == *id) {
                right += 1;
            } else if hits.failed.len() < FAILED_MAX {
                hits.failed.push(query);
            }
            done += 1;
            progress("Typing part numbers", done, of);
        }
        hits.of = sample.len();
        hits.hit1 = f64::from(right) / sample.len().max(1) as f64;
    }
    Ok(codes)
}

fn part_numbers(product: &Product) -> Vec<String> {
    let own = product.variants.iter().filter_map(|variant| variant.mpn.clone());
    let mut all: Vec<String> = own.chain(product.attributes.get(PART_NUMBER).cloned()).collect();
    all.dedup();
    all
}

/// Letters and digits in one word, both of them: a name such as "Office 2010" is no part number.
fn is_code(code: &str) -> bool {
    let of = |kind: fn(&char) -> bool| code.chars().filter(kind).count();
    let (letters, digits) = (of(char::is_ascii_alphabetic), of(char::is_ascii_digit));
    let plain = code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    plain && letters > 0 && digits > 1 && letters + digits >= CHARS_MIN
}

fn squashed(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

/// With something between each run of letters and each run of digits.
fn parted(code: &str, between: &str) -> String {
    let mut out = String::new();
    let mut last: Option<char> = None;
    for c in code.chars() {
        if last.is_some_and(|last| last.is_ascii_digit() != c.is_ascii_digit() && last != '-' && c != '-') {
            out.push_str(between);
        }
        out.push(c);
        last = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_typed_in_other_ways() {
        assert_eq!(squashed("C13T-0711 B"), "c13t0711b");
        assert_eq!(parted("GT3000BP", "-"), "GT-3000-BP");
        assert_eq!(parted("AB-12", " "), "AB-12");
        assert!(is_code("006R90321") && is_code("dv7-1211ea"));
        assert!(!is_code("Office 2010") && !is_code("12345") && !is_code("A-12"));
    }
}
