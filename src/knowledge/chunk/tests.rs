//! Texts as shops write them, cut.

use super::*;
use crate::knowledge::load::{self, markdown};
use proptest::prelude::*;
use std::fmt::Write as _;

fn shown(markdown: &str) -> String {
    let mut out = String::new();
    for p in chunk("shop/returns.md", markdown::read(markdown)) {
        let validity = format!("{}..{}", p.valid_from.unwrap_or_default(), p.valid_until.unwrap_or_default());
        let _ = writeln!(out, "[{}] {} | {} | {validity}\n{}", p.id, p.title, p.heading, p.text);
    }
    out
}

#[test]
fn headings_lists_and_tables_become_plain_passages() {
    let markdown = "# Returns & *refunds*\nIntro with a [link](http://x.example \"t\") and `code`.\n\n\
        ## How long?\n30 days,\nwrapped.  \nA new line. <b>bold</b>\n\n<div>gone</div>\n\n- one\n  - two\n- three\n\n1. first\n2. second\n\n\
        ## Sizes\n| Size | Chest |\n|---|---|\n| M | 96–102 cm |\n| **L** | |\n\n### Kids\n> quoted ![alt](x.png)\n\n#### Deep\ntext\n\
        ## How long?\nagain\n\n    let x;\n    y\n";
    insta::assert_snapshot!(shown(markdown), @r##"
    [shop/returns.md] Returns & refunds |  | ..
    Intro with a link and code.
    [shop/returns.md#how-long] Returns & refunds | How long? | ..
    30 days, wrapped.
    A new line. bold

    - one
      - two
    - three
    1. first
    2. second
    [shop/returns.md#sizes] Returns & refunds | Sizes | ..
    Size M: Chest 96–102 cm
    Size L
    [shop/returns.md#sizes-kids] Returns & refunds | Sizes: Kids | ..
    quoted alt

    Deep

    text
    [shop/returns.md#how-long~2] Returns & refunds | How long? | ..
    again

    let x;
    y
    "##);
}

#[test]
fn validity_leaves_the_text_and_reaches_the_sections_inside() {
    let markdown = "Valid from: 2026-01-01\n\n## Christmas\nValid from: 2026-11-01\nvalid until: 2027-01-31\nGifts may wait.\n\n\
        ### Gifts\nBoxes.\n\n## Plain\nValid until: soon\nValid from: 2026-13-01\n";
    insta::assert_snapshot!(shown(markdown), @r##"
    [shop/returns.md#christmas] Returns | Christmas | 2026-11-01..2027-01-31
    Gifts may wait.
    [shop/returns.md#christmas-gifts] Returns | Christmas: Gifts | 2026-11-01..2027-01-31
    Boxes.
    [shop/returns.md#plain] Returns | Plain | 2026-01-01..
    Valid until: soon Valid from: 2026-13-01
    "##);
}

#[test]
fn long_sections_are_cut_between_paragraphs_then_sentences_then_letters() {
    let paragraph = "Seventeen words make a sentence. ".repeat(15);
    let text = format!(
        "# T\n## Long\n{paragraph}\n\n{paragraph}\n\n{paragraph}\n\n{}\n\n{}",
        paragraph.repeat(4),
        "x".repeat(3_000)
    );
    let passages = chunk("a.md", markdown::read(&text));
    assert!(passages.len() >= 6, "{}", passages.len());
    assert!(passages.iter().all(|p| p.text.chars().count() <= PASSAGE_CHARS_MAX && !p.text.is_empty()));
    assert_eq!(passages[0].id.as_str(), "a.md#long");
    assert_eq!(passages[1].id.as_str(), "a.md#long.2");
    assert!(passages[0].text.ends_with("sentence."));
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    assert_eq!(passages.iter().map(|p| letters(&p.text)).sum::<usize>() + letters("TLong"), letters(&text));
}

#[test]
fn an_id_stays_when_other_sections_come_and_go() {
    let id = |markdown: &str| chunk("a.md", markdown::read(markdown)).last().map(|p| p.id.clone());
    assert_eq!(id("## B\ntext"), id("intro\n\n## A\nnew\n\n## B\nother text"));
}

#[test]
fn the_demo_texts_are_cut_into_quotable_pieces() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("knowledge");
    if !folder.join("returns.md").exists() {
        println!("skipped: {} is absent", folder.display());
        return;
    }
    let texts = load::read_folder(&folder).expect("a folder");
    assert_eq!(texts.rejects, []);
    let passages: Vec<Passage> = texts.texts.iter().flat_map(|t| chunk(&t.source, t.blocks.clone())).collect();
    let christmas =
        passages.iter().find(|p| p.id.as_str() == "returns.md#longer-returns-at-christmas").expect("a section");
    assert_eq!(
        (christmas.valid_from.as_deref(), christmas.valid_until.as_deref()),
        (Some("2026-11-01"), Some("2027-01-31"))
    );
    assert!(christmas.text.starts_with("Presents may wait."), "{}", christmas.text);
    assert!(passages.iter().all(|p| !p.text.contains("Valid ") && !p.text.contains('|') && !p.title.is_empty()));
    let ids: std::collections::BTreeSet<&PassageId> = passages.iter().map(|p| &p.id).collect();
    assert_eq!(ids.len(), passages.len());
}

proptest! {
    #[test]
    fn any_text_is_cut_within_the_limits(markdown in "([#>*|\\-` \n1.:a-zé<\\[\\]()!]|\r\n|\\PC|Valid (from|until): 2026-0[0-9]-01\n){0,300}") {
        let passages = chunk("x.md", markdown::read(&markdown));
        let ids: std::collections::BTreeSet<&PassageId> = passages.iter().map(|p| &p.id).collect();
        prop_assert_eq!(ids.len(), passages.len());
        for passage in &passages {
            prop_assert!(!passage.text.trim().is_empty());
            prop_assert!(passage.text.chars().count() <= PASSAGE_CHARS_MAX);
            prop_assert!(tokens::count(&passage.text) <= PASSAGE_TOKENS_MAX);
        }
    }
}
