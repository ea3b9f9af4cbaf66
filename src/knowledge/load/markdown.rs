//! Markdown as a flat row of plain blocks: headings, paragraphs, and lines of lists and tables.

use crate::knowledge::block::{BLOCKS_MAX, Block, HARD_BREAK, row};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Nested lists are drawn in up to this depth.
const INDENT_MAX: usize = 6;

/// Reads a text.
pub fn read(markdown: &str) -> Vec<Block> {
    Blocks::new(markdown).take(BLOCKS_MAX).collect()
}

/// Walks through a text.
struct Blocks<'a> {
    events: Parser<'a>,
    text: String,
    /// One entry a list we are in: the next number of an ordered one.
    lists: Vec<Option<u64>>,
    marker: Option<String>,
    header: Vec<String>,
    cells: Vec<String>,
    ready: std::collections::VecDeque<Block>,
}

impl<'a> Blocks<'a> {
    /// A walk from the beginning.
    fn new(markdown: &'a str) -> Self {
        Self {
            events: Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH),
            text: String::new(),
            lists: Vec::new(),
            marker: None,
            header: Vec::new(),
            cells: Vec::new(),
            ready: std::collections::VecDeque::new(),
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => {
                self.text.extend(text.chars().filter(|c| !c.is_control() || *c == '\n').map(|c| match c {
                    HARD_BREAK => ' ',
                    other => other,
                }));
            }
            Event::SoftBreak => self.text.push('\n'),
            Event::HardBreak => self.text.push(HARD_BREAK),
            Event::Start(tag) => self.start(&tag),
            Event::End(end) => self.end(end),
            // HTML is dropped: what it would show cannot be told without a browser.
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::List(first) => {
                self.flush();
                self.lists.push(*first);
            }
            Tag::Item => {
                self.flush();
                let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(INDENT_MAX));
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{indent}{number}. ");
                        *number = number.saturating_add(1);
                        marker
                    }
                    _ => format!("{indent}- "),
                };
                self.marker = Some(marker);
            }
            Tag::Table(_) => self.header.clear(),
            Tag::TableHead | Tag::TableRow => self.cells.clear(),
            Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::BlockQuote(_) => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Heading(level) => {
                let text = self.collected();
                self.ready.push_back(Block::Heading { level: number(level), text });
            }
            TagEnd::CodeBlock => {
                // The lines of code are meant as lines.
                self.text = self.text.trim_end().replace('\n', &HARD_BREAK.to_string());
                self.flush();
            }
            TagEnd::Paragraph | TagEnd::Item | TagEnd::BlockQuote(_) => self.flush(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                self.marker = None;
            }
            TagEnd::TableCell => {
                let cell = self.collected().replace(['\n', HARD_BREAK], " ");
                self.cells.push(cell);
            }
            TagEnd::TableHead => self.header = std::mem::take(&mut self.cells),
            TagEnd::TableRow => {
                if let Some(row) = row(&self.header, &self.cells) {
                    self.ready.push_back(Block::Line(row));
                }
                self.cells.clear();
            }
            _ => {}
        }
    }

    fn collected(&mut self) -> String {
        std::mem::take(&mut self.text).trim().to_owned()
    }

    fn flush(&mut self) {
        let text = self.collected();
        if text.is_empty() {
            return;
        }
        let block = if self.lists.is_empty() {
            Block::Paragraph(text)
        } else {
            let indent = || "  ".repeat(self.lists.len().min(INDENT_MAX));
            let marker = self.marker.take().unwrap_or_else(indent);
            Block::Line(format!("{marker}{}", text.replace('\n', " ").replace(HARD_BREAK, "\n")))
        };
        self.ready.push_back(block);
    }
}

impl Iterator for Blocks<'_> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        loop {
            if let Some(block) = self.ready.pop_front() {
                return Some(block);
            }
            match self.events.next() {
                Some(event) => self.take(event),
                None => {
                    self.flush();
                    return self.ready.pop_front();
                }
            }
        }
    }
}

fn number(level: HeadingLevel) -> usize {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
