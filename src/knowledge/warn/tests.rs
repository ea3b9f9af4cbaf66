//! Texts that will hurt answers, and texts that only look so.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use crate::knowledge::chunk::chunk;
use crate::knowledge::load::{Text, read_folder};

fn kinds(texts: &[(&str, &str)]) -> Vec<(String, String)> {
    let passages: Vec<Passage> =
        texts.iter().flat_map(|(source, text)| chunk(source, Text::markdown(source, text).blocks)).collect();
    let came = texts.iter().map(|(source, _)| *source).collect();
    let all: Vec<&Passage> = passages.iter().collect();
    warnings(&all, &came, "2026-07-01", "en").into_iter().map(|w| (w.kind, w.places.join(" / "))).collect()
}

#[test]
fn passages_that_contradict_each_other_are_named_with_their_places() {
    for (one, other) in [
        (
            "## Returns\nYou may return goods within 14 days.",
            "## How long is the return policy?\nYou can return goods within 30 days.",
        ),
        ("## Shipping\nStandard shipping costs 4,90 €.", "## Shipping\nStandard shipping costs €5.90."),
        ("## Warranty\nAll tents have a warranty of 2 years.", "## FAQ\nOur tents have a warranty of 5 years."),
        (
            "## Versand\nDer Versand nach Deutschland dauert 3 Tage.",
            "## Versand\nDer Versand nach Deutschland dauert 5 Tage.",
        ),
    ] {
        let found = kinds(&[("a.md", one), ("b.md", other)]);
        assert!(
            matches!(found.as_slice(), [(kind, places)] if kind == "contradiction" && places.contains("a.md") && places.contains("b.md")),
            "{one} {other} {found:?}"
        );
    }
}

#[test]
fn different_cases_are_no_contradiction() {
    for (one, other) in [
        ("## Shipping\nStandard shipping takes 5 days.", "## Shipping\nExpress shipping takes 2 days."),
        ("## Express\nIt takes 2 days.", "## Standard\nIt takes 5 days."),
        ("## Shipping\nShipping to Germany costs 5 €.", "## Shipping\nShipping to France costs 9 €."),
        (
            "## Returns\nYou may return goods within 14 days.",
            "## Returns for members\nYou may return goods within 60 days.",
        ),
        ("## Returns\nYou may return goods within 14 days.", "## Refunds\nWe refund returned goods within 5 days."),
        ("## Returns\nYou may return goods within 14 days.", "## Returns\nYou may return goods within 2 weeks."),
        ("## Returns\nReturn goods within 14 days.", "## Returns\nReturn goods within 14 days, and not 30 days."),
        (
            "## Returns\nValid until: 2026-10-31\nReturn goods within 14 days.",
            "## Returns\nValid from: 2026-11-01\nReturn goods within 60 days.",
        ),
        ("## A\nOrders over 50 € ship free.", "## A\nOrders over 50 € ship free."),
    ] {
        let found = kinds(&[("a.md", one), ("b.md", other)]);
        assert!(!found.iter().any(|(kind, _)| *kind == "contradiction"), "{one} {other} {found:?}");
    }
}

#[test]
fn the_demo_shops_texts_contradict_nothing() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge");
    if !folder.exists() {
        println!("skipped: {} is absent", folder.display());
        return;
    }
    let loaded = read_folder(&folder).unwrap();
    let passages: Vec<Passage> = loaded.texts.iter().flat_map(|t| chunk(&t.source, t.blocks.clone())).collect();
    let came = loaded.texts.iter().map(|t| t.source.as_str()).collect();
    let found = warnings(&passages.iter().collect::<Vec<_>>(), &came, "2026-07-01", "en");
    assert_eq!(found, []);
}

#[test]
fn what_ended_is_there_twice_headless_or_foreign_is_named() {
    let long = "A sentence about nothing much in particular that goes on for a while. ".repeat(120);
    let twice = "Parcels are packed by hand, with paper and string, in a small room behind our shop in the old town.";
    let german = "## Versand\nWir verschicken alle Pakete innerhalb von zwei Werktagen und Sie bekommen eine Nachricht, sobald das Paket unterwegs ist.";
    let found = kinds(&[
        ("old.md", "## Sale\nValid until: 2026-06-30\nAll is cheap."),
        ("soon.md", "## Sale\nValid until: 2026-07-20\nMuch is cheap."),
        ("later.md", "## Sale\nValid until: 2026-12-31\nSome is cheap."),
        ("long.md", &long),
        ("one.md", twice),
        ("two.md", twice),
        ("german.md", german),
    ]);
    let of = |kind: &str| -> Vec<String> { found.iter().filter(|(k, _)| *k == kind).map(|(_, p)| p.clone()).collect() };
    assert_eq!(of("expired"), ["old.md, \"Sale\""]);
    assert_eq!(of("expires_soon"), ["soon.md, \"Sale\""]);
    assert_eq!(of("no_headings"), ["long.md"]);
    assert!(of("duplicate").contains(&"one.md / two.md".to_owned()), "{found:?}");
    assert_eq!(of("language"), ["german.md"]);
    assert_eq!(of("contradiction"), Vec::<String>::new());
}
