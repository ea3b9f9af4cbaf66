//! Text without markup as blocks. A heading is only guessed where little else is possible.

use crate::knowledge::block::{BLOCKS_MAX, Block};

/// Characters of a line that may be a heading.
const HEADING_CHARS_MAX: usize = 80;
/// Words of one.
const HEADING_WORDS_MAX: usize = 12;

/// Reads a text: paragraphs between empty lines, lists, underlined lines and lone short lines as headings.
pub fn read(text: &str) -> Vec<Block> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace(['\r', '\u{c}'], "\n");
    let mut blocks = Vec::new();
    let groups: Vec<Vec<&str>> = text
        .split('\n')
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .split(|line| line.trim().is_empty())
        .map(<[&str]>::to_vec)
        .filter(|group| !group.is_empty())
        .collect();
    for (index, group) in groups.iter().enumerate() {
        if blocks.len() >= BLOCKS_MAX {
            break;
        }
        let mut lines = group.as_slice();
        if let [first, under, rest @ ..] = lines
            && is_rule(under)
            && !is_item(first)
        {
            push_heading(&mut blocks, first, under.trim_start().starts_with('='));
            lines = rest;
        } else if let [first, rest @ ..] = lines {
            let lone = rest.is_empty() && groups.get(index + 1).is_some_and(|next| is_prose(next));
            let question =
                first.trim_end().ends_with('?') && rest.first().is_some_and(|line| !line.trim().ends_with('?'));
            if may_head(first) && (lone || question) {
                let top = blocks.is_empty() && !first.trim_end().ends_with('?');
                push_heading(&mut blocks, first, top);
                lines = rest;
            }
        }
        push_lines(&mut blocks, lines);
    }
    blocks
}

fn push_heading(blocks: &mut Vec<Block>, line: &str, top: bool) {
    let text = line.trim().trim_end_matches(':').trim().to_owned();
    blocks.push(Block::Heading { level: if top { 1 } else { 2 }, text });
}

fn push_lines(blocks: &mut Vec<Block>, lines: &[&str]) {
    let mut paragraph: Vec<&str> = Vec::new();
    for line in lines {
        if is_item(line) {
            end(blocks, &mut paragraph);
            blocks.push(Block::Line(item(line)));
        } else if !is_rule(line) {
            paragraph.push(line.trim());
        }
    }
    end(blocks, &mut paragraph);
}

fn end(blocks: &mut Vec<Block>, paragraph: &mut Vec<&str>) {
    if !paragraph.is_empty() {
        blocks.push(Block::Paragraph(paragraph.join("\n")));
        paragraph.clear();
    }
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3 && ["=", "-", "_", "*", "~"].iter().any(|sign| line.trim_start_matches(sign).is_empty())
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    ["- ", "* ", "• ", "– ", "· "].iter().any(|mark| line.starts_with(mark))
}

fn item(line: &str) -> String {
    let rest = line.trim_start().trim_start_matches(['-', '*', '•', '–', '·']).trim();
    format!("- {rest}")
}

fn may_head(line: &str) -> bool {
    let line = line.trim();
    let words = line.split_whitespace().count();
    let starts = line
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c.is_numeric() || (c.is_alphabetic() && !c.is_lowercase()));
    line.chars().count() <= HEADING_CHARS_MAX
        && (1..=HEADING_WORDS_MAX).contains(&words)
        && starts
        && !is_item(line)
        && !line.ends_with(['.', ',', ';', '!'])
        && line.chars().any(char::is_alphabetic)
}

/// Something a heading can stand above: a longer paragraph or a list.
fn is_prose(group: &[&str]) -> bool {
    group.iter().any(|line| is_item(line))
        || group.len() > 1
        || group
            .first()
            .is_some_and(|line| line.trim().ends_with(['.', '!', ':']) || line.chars().count() > HEADING_CHARS_MAX)
}
