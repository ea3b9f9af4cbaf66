//! What must stay in the house: the instructions, the names of the tools, notes that were never meant for shoppers.

use crate::agent::bind::words::Words;
use crate::agent::bind::{Evidence, Problem};
use std::collections::BTreeSet;

/// Words in a row that two texts only share when one was copied.
const RUN: usize = 8;
/// Words of the house that no shopper is told; they hold an underscore, which no sentence does.
const OURS: [&str; 7] = [
    "server_state",
    "server_remark",
    "catalog_search",
    "knowledge_search",
    "order_propose",
    "checkout_propose",
    "cart_edit",
];

/// What of a text was copied from what is private.
pub(super) fn leaked(text: &str, evidence: &Evidence<'_>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = OURS.iter().filter(|w| text.contains(**w)).map(|_| Problem::Leak).collect();
    let words = Words::read(text);
    let said: Vec<&str> = words.words.iter().map(|w| w.plain.as_str()).collect();
    if said.len() >= RUN {
        let runs: BTreeSet<&[&str]> = said.windows(RUN).collect();
        let copied = evidence.private.iter().any(|private| {
            let private = Words::read(private);
            let private: Vec<&str> = private.words.iter().map(|w| w.plain.as_str()).collect();
            private.windows(RUN).any(|run| runs.contains(run))
        });
        problems.extend(copied.then_some(Problem::Leak));
    }
    problems.truncate(1);
    problems
}
