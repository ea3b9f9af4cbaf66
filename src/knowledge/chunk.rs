//! A text cut into passages: one a heading, short enough to quote and to be read by a model, plain enough to read out.

#[cfg(test)]
mod tests;

use crate::domain::id::PassageId;
use crate::domain::passage::Passage;
use crate::knowledge::block::{Block, HARD_BREAK};
use crate::knowledge::{day, language};
use crate::llm::tokens;
use jiff::civil::Date;
use std::collections::HashMap;
use unicode_segmentation::UnicodeSegmentation;

/// Passages of one text at most.
pub const PASSAGES_MAX: usize = 2_000;
/// Characters of a passage at most.
pub const PASSAGE_CHARS_MAX: usize = 1_200;
/// Tokens of a passage at most, by our count. Scripts that take many tokens a character get shorter passages.
pub const PASSAGE_TOKENS_MAX: usize = 400;
/// Characters of a title or heading at most.
pub const HEADING_CHARS_MAX: usize = 200;
/// Characters of an id's readable part at most.
const SLUG_CHARS_MAX: usize = 80;

/// First and last day something holds.
#[derive(Clone, Debug, Default)]
struct Validity {
    from: Option<String>,
    until: Option<String>,
}

/// What stands under one heading.
#[derive(Default)]
struct Section {
    heading: String,
    validity: Validity,
    language: Option<String>,
    blocks: Vec<Block>,
}

/// Cuts a text. `source` is the file's name or address, as in `returns.md`.
pub fn chunk(source: &str, blocks: Vec<Block>) -> Vec<Passage> {
    let whole = language::of_blocks(&blocks);
    let (title, sections) = sections(blocks);
    let title = if title.is_empty() { stem(source) } else { title };
    let mut passages = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for section in sections {
        let slug = slug(&section.heading);
        let twin = seen.entry(slug.clone()).or_default();
        *twin += 1;
        for (part, text) in (1..).zip(parts(section.blocks)) {
            if passages.len() >= PASSAGES_MAX {
                return passages;
            }
            passages.push(Passage {
                id: id(source, &slug, *twin, part),
                source: source.to_owned(),
                title: title.clone(),
                heading: section.heading.clone(),
                language: section.language.clone().or_else(|| language::of(&text)).or_else(|| whole.clone()),
                text,
                valid_from: section.validity.from.clone(),
                valid_until: section.validity.until.clone(),
            });
        }
    }
    passages
}

/// The first top heading, and the text under each further one. A day that bounds a section bounds those inside it too.
fn sections(blocks: Vec<Block>) -> (String, Vec<Section>) {
    let mut title = String::new();
    let mut sections = vec![Section::default()];
    // The headings above the present place, by level: the whole text, `##`, `###`.
    let mut levels: [(String, Validity); 3] = Default::default();
    for block in blocks {
        match block {
            Block::Heading { level: 1, text } if title.is_empty() => title = head(&text),
            Block::Heading { level, text } if level <= 3 => {
                let depth = if level == 3 { 2 } else { 1 };
                for (index, slot) in levels.iter_mut().enumerate().skip(depth) {
                    *slot = if index == depth { (head(&text), Validity::default()) } else { Default::default() };
                }
                let names = levels.iter().map(|(name, _)| name.as_str()).filter(|name| !name.is_empty());
                let heading = names.collect::<Vec<_>>().join(": ");
                sections.push(Section { heading, validity: inherited(&levels), ..Section::default() });
            }
            Block::Heading { text, .. } => keep(&mut sections, Block::Paragraph(text)),
            Block::Paragraph(text) => {
                let depth = levels.iter().rposition(|(name, _)| !name.is_empty()).unwrap_or(0);
                let Some((_, validity)) = levels.get_mut(depth) else { continue };
                let text = without_validity(&text, validity);
                if let Some(section) = sections.last_mut() {
                    section.validity = inherited(&levels);
                }
                if !text.is_empty() {
                    keep(&mut sections, Block::Paragraph(text));
                }
            }
            line @ Block::Line(_) => keep(&mut sections, line),
            Block::Language(code) => {
                if let Some(section) = sections.last_mut() {
                    section.language = Some(code);
                }
            }
        }
    }
    (title, sections)
}

fn keep(sections: &mut [Section], block: Block) {
    if let Some(section) = sections.last_mut() {
        section.blocks.push(block);
    }
}

fn inherited(levels: &[(String, Validity)]) -> Validity {
    let deepest = |pick: fn(&Validity) -> &Option<String>| levels.iter().rev().find_map(|(_, v)| pick(v).clone());
    Validity { from: deepest(|v| &v.from), until: deepest(|v| &v.until) }
}

/// Takes `Valid from:` and `Valid until:` lines out of a paragraph, the latter also as people write them; a date that is
/// none stays, so that somebody sees it. Inside a sentence it bounds nothing: the text around it may hold for ever.
fn without_validity(text: &str, validity: &mut Validity) -> String {
    let mut kept = Vec::new();
    for line in text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.trim();
        let day = (value.len() == 10).then(|| value.parse::<Date>().ok()).flatten().map(|day| day.to_string());
        if let Some(until) = day::until(line).filter(|until| until.alone) {
            validity.until = Some(until.day.to_string());
        } else if key.trim().eq_ignore_ascii_case("valid from") && day.is_some() {
            validity.from = day;
        } else {
            kept.push(line);
        }
    }
    kept.join(" ").replace(HARD_BREAK, "\n")
}

/// Blocks joined into texts of at most [`PASSAGE_CHARS_MAX`] characters.
fn parts(blocks: Vec<Block>) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut current = String::new();
    let (mut length, mut cost) = (0, 0);
    let mut after_line = false;
    for block in blocks {
        let (text, line) = match block {
            Block::Line(text) => (text, true),
            Block::Paragraph(text) | Block::Heading { text, .. } => (text, false),
            Block::Language(_) => continue,
        };
        for piece in pieces(&text) {
            let size = piece.chars().count();
            let glue = if line && after_line { "\n" } else { "\n\n" };
            let more = tokens::count(&piece) + 1;
            let full = length + glue.len() + size > PASSAGE_CHARS_MAX || cost + more > PASSAGE_TOKENS_MAX;
            if length > 0 && full {
                parts.push(std::mem::take(&mut current));
                (length, cost) = (0, 0);
            }
            cost += more;
            if length > 0 {
                current.push_str(glue);
                length += glue.len();
            }
            current.push_str(&piece);
            length += size;
            after_line = line;
        }
    }
    if length > 0 {
        parts.push(current);
    }
    parts
}

/// A block that is too long by itself, cut between sentences, and a monstrous sentence between characters.
fn pieces(text: &str) -> Vec<String> {
    // A nested item's indent stays.
    let text = text.trim_end().trim_start_matches(['\n', '\r']);
    if fits(text) {
        return if text.trim().is_empty() { Vec::new() } else { vec![text.to_owned()] };
    }
    let mut pieces = Vec::new();
    let mut current = String::new();
    let (mut length, mut cost) = (0, 0);
    for sentence in text.split_sentence_bounds() {
        for part in letters(sentence) {
            let (size, more) = (part.chars().count(), tokens::count(part) + 1);
            if length > 0 && (length + size > PASSAGE_CHARS_MAX || cost + more > PASSAGE_TOKENS_MAX) {
                pieces.push(std::mem::take(&mut current));
                (length, cost) = (0, 0);
            }
            current.push_str(part);
            (length, cost) = (length + size, cost + more);
        }
    }
    pieces.push(current);
    pieces.iter().map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect()
}

/// A sentence that is too long by itself, cut between characters.
fn letters(sentence: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = sentence;
    while !fits(rest) {
        let chars = rest.char_indices().nth(PASSAGE_CHARS_MAX).map_or(rest, |(at, _)| rest.split_at(at).0);
        // One less than the limit: a sum of parts counts one more for each.
        let part = tokens::truncate(chars, PASSAGE_TOKENS_MAX - 1);
        if part.is_empty() {
            break;
        }
        parts.push(part);
        rest = rest.strip_prefix(part).unwrap_or_default();
    }
    parts.push(rest);
    parts
}

fn fits(text: &str) -> bool {
    text.chars().count() <= PASSAGE_CHARS_MAX && tokens::fits(text, PASSAGE_TOKENS_MAX - 1)
}

/// `returns.md#longer-returns-at-christmas`; a second section of that name adds `~2`, a second part `.2`.
fn id(source: &str, slug: &str, twin: usize, part: usize) -> PassageId {
    let mut id = source.to_owned();
    if !slug.is_empty() || twin > 1 {
        id.push('#');
        id.push_str(slug);
    }
    if twin > 1 {
        id.push_str(&format!("~{twin}"));
    }
    if part > 1 {
        id.push_str(&format!(".{part}"));
    }
    PassageId::new(id)
}

fn slug(heading: &str) -> String {
    let mut slug = String::new();
    for letter in heading.chars().flat_map(char::to_lowercase).take(SLUG_CHARS_MAX) {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

fn head(text: &str) -> String {
    let line = text.split(['\n', HARD_BREAK]).map(str::trim).collect::<Vec<_>>().join(" ");
    line.trim().chars().take(HEADING_CHARS_MAX).collect()
}

/// `shop/store-hours.md` → `Store hours`.
fn stem(source: &str) -> String {
    let file = source.rsplit(['/', '\\']).next().unwrap_or(source);
    let words = file.rsplit_once('.').map_or(file, |(stem, _)| stem).replace(['-', '_'], " ");
    let mut letters = words.trim().chars().take(HEADING_CHARS_MAX);
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
