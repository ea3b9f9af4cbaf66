//! The lines of a page and how large they are written, from which headings are told.

use crate::knowledge::block::Block;
use crate::knowledge::load::plain;
use pdf_extract::{MediaBox, OutputDev, OutputError, PlainTextOutput, Transform};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::rc::Rc;

/// A line is a heading from this many times the size of the text.
const LARGER: f64 = 1.15;
/// Characters of a heading at most, over all of its lines.
const HEADING_CHARS_MAX: usize = 150;
/// Sizes are told apart by halves of a point.
const STEPS: f64 = 2.0;
/// The deepest heading that is made.
const LEVEL_MAX: usize = 3;

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its words.
    pub text: String,
    /// The size most of it is written in, in halves of a point.
    size: u32,
}

/// What a page's letters are written to.
#[derive(Clone, Default)]
struct Paper(Rc<RefCell<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Sets a page's letters as the library does, and remembers how large each one was.
struct Setter<'p> {
    plain: PlainTextOutput<&'p mut dyn Write>,
    paper: Paper,
    /// Where a letter ends, and its size.
    sizes: Vec<(usize, u32)>,
}

impl OutputDev for Setter<'_> {
    fn begin_page(
        &mut self,
        number: u32,
        media: &MediaBox,
        art: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.plain.begin_page(number, media, art)
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        self.plain.end_page()
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        spacing: f64,
        size: f64,
        letter: &str,
    ) -> Result<(), OutputError> {
        self.plain.output_character(place, width, spacing, size, letter)?;
        // Its height on the page, which a turned or mirrored letter has as well.
        let height = size * place.m21.hypot(place.m22) * STEPS;
        self.sizes.push((self.paper.0.borrow().len(), height.round().clamp(0.0, 10_000.0) as u32));
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.plain.begin_word()
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        self.plain.end_word()
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        self.plain.end_line()
    }
}

/// The lines of one page.
pub fn of_page(document: &pdf_extract::Document, number: u32) -> Result<Vec<Line>, OutputError> {
    let paper = Paper::default();
    let mut writer = paper.clone();
    let sizes = {
        let plain = PlainTextOutput::new(&mut writer as &mut dyn Write);
        let mut setter = Setter { plain, paper: paper.clone(), sizes: Vec::new() };
        pdf_extract::output_doc_page(document, &mut setter, number)?;
        setter.sizes
    };
    let bytes = paper.0.take();
    let mut sizes = sizes.into_iter().peekable();
    let mut end = 0;
    let lines = bytes.split(|byte| *byte == b'\n').map(|raw| {
        end += raw.len() + 1;
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        while let Some((_, size)) = sizes.next_if(|(at, _)| *at < end) {
            *counts.entry(size).or_default() += 1;
        }
        let size = counts.into_iter().max_by_key(|(_, count)| *count).map_or(0, |(size, _)| size);
        Line { text: String::from_utf8_lossy(raw).into_owned(), size }
    });
    Ok(lines.collect())
}

/// Lines as blocks: those in larger type are headings, and between them the text is read like any plain one.
pub fn blocks(lines: &[Line]) -> Vec<Block> {
    let text = most(lines);
    let groups: Vec<&[Line]> = lines.chunk_by(|a, b| a.size == b.size || b.text.trim().is_empty()).collect();
    let heads: Vec<bool> = groups.iter().map(|group| is_heading(group, text)).collect();
    let sizes: BTreeSet<u32> = groups.iter().zip(&heads).filter(|(_, head)| **head).map(|(g, _)| size(g)).collect();
    // The largest type is a title when it stands once; chapters are no title.
    let of_size = |wanted: u32| groups.iter().zip(&heads).filter(|(g, head)| **head && size(g) == wanted).count();
    let first = if sizes.last().is_some_and(|largest| of_size(*largest) == 1) { 1 } else { 2 };
    let level = |size: u32| (first + sizes.iter().rev().take_while(|other| **other > size).count()).min(LEVEL_MAX);
    let (mut blocks, mut body) = (Vec::new(), String::new());
    for (group, head) in groups.iter().zip(&heads) {
        if *head {
            flush(&mut blocks, &mut body, true);
            blocks.push(Block::Heading { level: level(size(group)), text: words(group) });
        } else {
            for line in *group {
                body.push_str(&line.text);
                body.push('\n');
            }
        }
    }
    flush(&mut blocks, &mut body, !sizes.is_empty());
    blocks
}

/// Reads what stands between headings. Where type tells them, a lone short line is at most one of the lowest.
fn flush(blocks: &mut Vec<Block>, body: &mut String, told: bool) {
    for block in plain::read(&std::mem::take(body)) {
        blocks.push(match block {
            Block::Heading { text, .. } if told => Block::Heading { level: LEVEL_MAX, text },
            other => other,
        });
    }
}

/// The size most letters are written in.
fn most(lines: &[Line]) -> u32 {
    let mut letters: BTreeMap<u32, usize> = BTreeMap::new();
    for line in lines {
        *letters.entry(line.size).or_default() += line.text.trim().chars().count();
    }
    letters.into_iter().max_by_key(|(_, count)| *count).map_or(0, |(size, _)| size)
}

fn is_heading(group: &[Line], text: u32) -> bool {
    let words = words(group);
    f64::from(size(group)) >= f64::from(text) * LARGER
        && words.chars().any(char::is_alphabetic)
        && words.chars().count() <= HEADING_CHARS_MAX
}

fn size(group: &[Line]) -> u32 {
    group.first().map_or(0, |line| line.size)
}

fn words(group: &[Line]) -> String {
    group.iter().flat_map(|line| line.text.split_whitespace()).collect::<Vec<_>>().join(" ")
}
