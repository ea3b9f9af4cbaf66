//! Questions over a real catalogue: part numbers however they are typed, and what real shoppers search for.

use crate::skip::{skip, variable};
use flate2::read::GzDecoder;
use souk::catalog::feed;
use souk::catalog::feed::jsonl::PART_NUMBER;
use souk::catalog::understand::{Vocabulary, understand};
use souk::domain::money::Currency;
use souk::domain::product::Product;
use souk::search::analyse;
use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::path::PathBuf;

/// Products of the catalogue that are read: enough part numbers, few enough for every run.
const LINES: usize = 4_000;

/// The folder and the first products of the catalogue in it, where it lies beside the checkout.
fn goods() -> Option<(PathBuf, Vec<Product>)> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = variable("SOUK_SHARED_DATA").map_or_else(beside, PathBuf::from).join("chorus");
    let Ok(file) = std::fs::File::open(folder.join("products.jsonl.gz")) else {
        skip("shared-data", "the shared data is not there; name its folder with SOUK_SHARED_DATA");
        return None;
    };
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let text = text.lines().take(LINES).collect::<Vec<_>>().join("\n");
    let limits = feed::Limits::default();
    let parsed = feed::parse(
        "products.jsonl",
        text.as_bytes(),
        Currency::EUR,
        jiff::Timestamp::UNIX_EPOCH,
        &limits,
        &mut |_, _| {},
    )
    .unwrap();
    Some((folder, parsed.items.into_iter().map(|item| item.product).collect()))
}

/// Part numbers that are codes and no names, with the keys they are found by.
fn part_numbers(goods: &[Product]) -> Vec<(&str, Vec<String>)> {
    let numbers = goods.iter().filter_map(|product| product.attributes.get(PART_NUMBER));
    let codes =
        numbers.filter(|code| code.chars().any(|c| c.is_ascii_digit()) && !code.contains(' ') && code.len() > 4);
    codes.map(|code| (code.as_str(), analyse::code_keys(code))).collect()
}

#[test]
fn part_numbers_are_found_however_they_are_typed() {
    let Some((_, goods)) = goods() else { return };
    let numbers = part_numbers(&goods);
    let letters = |code: &str| code.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let cut = |code: &str, with: char| {
        let (a, b) = code.split_at_checked(code.len() / 2).unwrap_or((code, ""));
        format!("{a}{with}{b}")
    };
    let found = |typed: &dyn Fn(&str) -> String| {
        let hits = numbers.iter().filter(|(code, keys)| analyse::query(&typed(code)).iter().any(|t| keys.contains(t)));
        hits.count() as f64 / numbers.len() as f64
    };
    let squashed = found(&|code| letters(code).to_lowercase());
    let hyphened = found(&|code| cut(&letters(code), '-'));
    let blank = found(&|code| format!("do you have {}?", cut(&letters(code).to_lowercase(), ' ')));
    println!("{} part numbers: squashed {squashed:.3}, hyphened {hyphened:.3}, with a blank {blank:.3}", numbers.len());
    assert!(numbers.len() > 500, "too few part numbers to tell anything");
    assert!(squashed >= 0.99 && hyphened >= 0.97 && blank >= 0.95);
}

#[test]
fn a_code_nobody_has_is_no_other_code() {
    let Some((_, goods)) = goods() else { return };
    let numbers = part_numbers(&goods);
    let known: BTreeSet<&String> = numbers.iter().flat_map(|(_, keys)| keys).collect();
    let mut asked = 0;
    for (code, _) in numbers.iter().take(500) {
        // Backwards and with other digits: shaped like a code of the shop, and none.
        let turned: String = code.chars().rev().map(|c| if c.is_ascii_digit() { '7' } else { c }).collect();
        let windows = analyse::code_windows(&turned);
        let keys: Vec<&String> = windows.iter().filter(|window| window.sure).flat_map(|window| &window.keys).collect();
        asked += usize::from(!keys.is_empty());
        let own = analyse::code_keys(&turned);
        assert!(keys.iter().all(|key| own.iter().any(|own| own.contains(*key))), "{turned}: {keys:?}");
        assert!(own.iter().any(|key| known.contains(key)) || keys.iter().all(|key| !known.contains(*key)), "{turned}");
    }
    assert!(asked > 200, "only {asked} were taken for codes");
}

#[test]
fn what_real_shoppers_search_for_keeps_its_words() {
    let Some((folder, goods)) = goods() else { return };
    let vocabulary = Vocabulary::from_products(&goods);
    let mut reader = csv::Reader::from_path(folder.join("ratings-dev.csv")).unwrap();
    let queries: BTreeSet<String> = reader.records().filter_map(|row| Some(row.ok()?.get(0)?.to_owned())).collect();
    let mut read: HashMap<&str, String> = HashMap::new();
    for query in &queries {
        let wish = understand(query, Currency::EUR, &vocabulary);
        let constrained =
            !wish.constraints().is_empty() || !wish.codes.is_empty() || wish.sort.is_some() || wish.quantity.is_some();
        if constrained || wish.words != *query {
            read.insert(query, format!("{wish:?}"));
        }
    }
    // None of them names a price, a size, a code or an exclusion.
    assert!(queries.len() > 50 && read.is_empty(), "{read:#?}");
}
