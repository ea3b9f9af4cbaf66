//! The check of replies, measured on real goods and orders, where those lie beside the checkout.

use crate::skip::{skip, variable};
use souk::eval::mutation::{Kind, run, source};
use std::path::PathBuf;

/// Sentences of each kind and half: enough to see a hole, few enough for every run.
const SAMPLES: usize = 30;

#[test]
fn false_replies_are_caught_and_true_ones_pass() {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = variable("SOUK_SHARED_DATA").map_or_else(beside, PathBuf::from);
    if !folder.join("tau-retail/db.json").exists() {
        return skip("shared-data", "the shared data is not there; name its folder with SOUK_SHARED_DATA");
    }
    let goods = source::load(&folder).unwrap_or_else(|e| panic!("{e}: {e:?}"));
    let table = run(&goods, SAMPLES, 7);
    println!("{}\n{}", table.text(), table.examples.join("\n"));
    for row in table.seen.iter().chain(&table.held_out) {
        assert!(row.bound.of >= SAMPLES / 2, "too few sentences of {:?}", row.kind);
        match row.kind {
            // No more than one true sentence in two hundred, of both halves together at most one.
            None => assert!(row.bound.hits * 200 <= row.bound.of.max(200), "{row:?}"),
            Some(Kind::Digit | Kind::Variant) => assert!(row.bound.hits * 100 >= row.bound.of * 98, "{row:?}"),
            Some(_) => assert!(row.bound.hits * 100 >= row.bound.of * 99, "{row:?}"),
        }
    }
    let numbers = |kind| table.held_out.iter().find(|r| r.kind == Some(kind)).map_or(0, |r| r.naive.hits);
    assert!(numbers(Kind::Swapped) * 10 < SAMPLES, "the naive check is not so naive");
}
