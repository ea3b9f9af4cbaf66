//! What holds for any sentence.

use super::vocabulary;
use crate::catalog::understand::{TEXT_CHARS_MAX, Vocabulary, understand};
use crate::domain::money::Currency;
use proptest::prelude::*;

/// Sentences of the labels and of the table, without what is expected of them.
fn sentences() -> Vec<&'static str> {
    let labels = include_str!("../../../../evals/labels/constraints.tsv").lines().filter(|line| !line.starts_with('#'));
    let table = include_str!("../tests.txt").lines().filter(|line| !line.starts_with('#'));
    let labels = labels.filter_map(|line| line.split('\t').nth(1));
    labels.chain(table.filter_map(|line| line.split_once(" => ")).map(|(text, _)| text)).collect()
}

#[test]
fn what_remains_is_read_as_nothing_but_itself() {
    let vocabulary = vocabulary();
    let mut changed = Vec::new();
    for text in sentences() {
        let once = understand(text, Currency::EUR, &vocabulary);
        let twice = understand(&once.words, Currency::EUR, &vocabulary);
        let anew = twice.at_most.is_some() || twice.at_least.is_some() || twice.sort.is_some() || !twice.not.is_empty();
        if twice.words != once.words || anew {
            changed.push(format!("{text:?}: {:?} becomes {:?}", once.words, twice.words));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn long_rubbish_is_read_to_its_limit() {
    let vocabulary = vocabulary();
    for piece in
        ["under ", "1/2 ", "x3 not ", "500GB-", "ガバ", "بدون ", "\"\"''", "9.9.9,", "no or no ", "under 5 between "]
    {
        let text = piece.repeat(TEXT_CHARS_MAX);
        let wish = understand(&text, Currency::EUR, &vocabulary);
        assert!(wish.words.chars().count() <= TEXT_CHARS_MAX && wish.not.len() <= 20, "{piece}");
    }
}

proptest! {
    #[test]
    fn any_unicode_is_survived(text in "\\PC{0,200}") {
        for vocabulary in [Vocabulary::default(), vocabulary()] {
            let wish = understand(&text, Currency::EUR, &vocabulary);
            prop_assert!(wish.measures.iter().all(|m| m.value.is_finite()));
            for constraint in wish.constraints() {
                prop_assert!(!wish.without(&constraint).constraints().contains(&constraint));
            }
        }
    }

    #[test]
    fn amounts_in_any_dress_are_survived(text in "(under|between|and|to|1|20|1.299,00|1 299|½|1/2|twenty|€|\\$|r\\$|rs\\.|kg|gb|\"|x|of them|-|cheaper|than|the second| ){0,30}") {
        let wish = understand(&text, Currency::EUR, &vocabulary());
        if let (Some(least), Some(most)) = (wish.at_least, wish.at_most) {
            prop_assert!(least.minor <= most.minor);
        }
        prop_assert!(wish.quantity.is_none_or(|n| n > 0));
    }
}
