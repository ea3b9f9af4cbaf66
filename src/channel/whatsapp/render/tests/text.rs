//! Marks, cuts and seams.

use crate::channel::whatsapp::limits::units;
use crate::channel::whatsapp::render::fit::{clean, cut, distinct, label, part};
use crate::channel::whatsapp::render::marks::marked;
use std::collections::BTreeSet;

#[test]
fn markdown_becomes_the_networks_marks() {
    for (markdown, marks) in [
        ("**bold** and __bold__", "*bold* and *bold*"),
        ("*soft* and _soft_", "_soft_ and _soft_"),
        ("***both***", "_*both*_"),
        ("~~gone~~", "~gone~"),
        ("# Returns\n\nWithin 30 days.", "*Returns*\n\nWithin 30 days."),
        ("## **Returns** ##\ntext", "*Returns*\ntext"),
        ("see [our **page**](https://x.example/a_b)", "see our *page*"),
        ("![a tent](https://x.example/t.png)", "a tent"),
        ("- one\n- **two**", "- one\n- *two*"),
        ("| Size | Price |\n|---|---|\n| M | **€9** |\n| L | €10 |", "Size · Price\nM · *€9*\nL · €10"),
        ("```rust\nlet x = 1;\n```", "```\nlet x = 1;\n```"),
    ] {
        assert_eq!(marked(markdown), marks);
    }
}

#[test]
fn what_only_looks_like_a_mark_stays() {
    for text in [
        "3*4*5 = 60",
        "2 * 3 * 4",
        "snake_case_name and a_b",
        "5 * €3.00 and 2 * €4.00",
        "€149.90 – was €200",
        "#1042 is on its way",
        "a < b > c & d",
        "[ ] not done",
        "it's 30°C ~ 86°F",
        "\\o/",
        "1. first\n2. second",
        "FJ-1042 * FJ-1043",
        "¿Qué? شكراً \u{202b}x\u{202c}",
    ] {
        assert_eq!(marked(text), text);
    }
}

#[test]
fn cuts_end_between_letters() {
    let family = "👨‍👩‍👧‍👦";
    assert_eq!(units(family), 11);
    assert_eq!(cut(&family.repeat(3), 24), format!("{}…", family.repeat(2)));
    assert_eq!(cut("naïve", 5), "naïve");
    assert_eq!(cut("na\u{308}ive", 3), "n…", "an accent is not torn from its letter");
    assert_eq!(units(&cut(&format!("e{}", "\u{301}".repeat(50)), 20)), 20, "one endless letter");
    assert_eq!(label(" \u{200b}", 20), "–");
    assert_eq!(label("two\nlines", 20), "two lines");
    let mut taken = BTreeSet::new();
    let made: Vec<String> = (0..12).map(|_| distinct(&mut taken, "the same long label again", 20)).collect();
    assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), 12);
    assert!(made.iter().all(|label| units(label) <= 20));
}

#[test]
fn control_characters_go_and_the_marks_of_direction_stay() {
    assert_eq!(clean("a\u{0}b\u{7}\r\nc\td\u{9f}"), "ab\nc d");
    assert_eq!(clean("\u{202b}שלום\u{202c} \u{200f}x"), "\u{202b}שלום\u{202c} \u{200f}x");
}

#[test]
fn a_text_is_parted_where_it_ends_best() {
    assert_eq!(part("One here. Two here. Three", 1, 22), ("One here. Two here.", "Three"));
    assert_eq!(part("One.\n\nTwo. Three. Four", 1, 18), ("One.", "Two. Three. Four"));
    assert_eq!(part("one two three", 1, 9), ("one two", "three"));
    assert_eq!(part("abcdefgh", 1, 3), ("abc", "defgh"));
    assert_eq!(part("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 1, 3).0, "👨\u{200d}", "a letter longer than the room is parted all the same");
}
