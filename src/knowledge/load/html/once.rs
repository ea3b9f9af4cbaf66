//! What a page says twice, told once.

use crate::knowledge::block::Block;
use std::collections::BTreeSet;

/// A question that stands in the page and in its description is kept once, where the page has it.
pub fn said_once(blocks: &mut Vec<Block>) {
    let heading = |block: &Block| match block {
        Block::Heading { text, .. } => Some(text.to_lowercase()),
        _ => None,
    };
    let mut counts = std::collections::BTreeMap::new();
    for name in blocks.iter().filter_map(heading) {
        *counts.entry(name).or_insert(0usize) += 1;
    }
    let described: BTreeSet<String> =
        counts.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut texts: BTreeSet<String> = BTreeSet::new();
    let mut dropping = false;
    let mut at = String::new();
    blocks.retain(|block| {
        if let Some(name) = heading(block) {
            dropping = described.contains(&name) && !seen.insert(name.clone());
            at = name;
            return !dropping;
        }
        let text = match block {
            Block::Paragraph(text) | Block::Line(text) => format!("{at}\n{}", text.trim_start_matches("- ")),
            _ => return true,
        };
        // Under a repeated heading only what was not said under the first one stays.
        texts.insert(text) || !dropping
    });
}
