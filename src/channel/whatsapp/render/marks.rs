//! Markdown, as models write it, in the network's own marks. The source is edited in place and never written anew, so
//! that nothing which only looks like a mark (`3*4`, `snake_case`) is lost.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Between the cells of a row.
const CELL: &str = " · ";

/// One change: what stands there, and what shall.
struct Edit {
    range: Range<usize>,
    with: String,
}

/// The text with the network's marks.
pub fn marked(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut editor = Editor { text, edits: Vec::new(), heading: false };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        editor.see(&event, range);
    }
    editor.written()
}

struct Editor<'a> {
    text: &'a str,
    edits: Vec<Edit>,
    heading: bool,
}

impl Editor<'_> {
    fn at(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    fn edit(&mut self, range: Range<usize>, with: impl Into<String>) {
        self.edits.push(Edit { range, with: with.into() });
    }

    fn around(&mut self, range: &Range<usize>, long: usize, with: &str) {
        if range.len() >= 2 * long {
            self.edit(range.start..range.start + long, with);
            self.edit(range.end - long..range.end, with);
        }
    }

    fn see(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Strong) => self.around(&range, 2, if self.heading { "" } else { "*" }),
            Event::Start(Tag::Emphasis) if !self.in_word(&range) => self.around(&range, 1, "_"),
            Event::Start(Tag::Strikethrough) if self.at(range.clone()).starts_with("~~") => {
                self.around(&range, 2, "~");
            }
            Event::Start(Tag::Heading { .. }) => self.heading(range),
            Event::End(TagEnd::Heading(_)) => self.heading = false,
            Event::Start(Tag::Link { link_type, .. }) => self.link(*link_type, range, 1),
            Event::Start(Tag::Image { link_type, .. }) => self.link(*link_type, range, 2),
            // The language of a block of code is for machines.
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) if !language.is_empty() => {
                let first = self.at(range.clone()).lines().next().unwrap_or_default().len();
                if let Some(at) = self.at(range.start..range.start + first).find(language.as_ref()) {
                    self.edit(range.start + at..range.start + at + language.len(), "");
                }
            }
            Event::Start(Tag::Table(_)) => self.table(&range),
            _ => {}
        }
    }

    /// Marks inside a word are no marks: `3*4*5`.
    fn in_word(&self, range: &Range<usize>) -> bool {
        let before = self.at(0..range.start).chars().next_back();
        let after = self.at(range.end..self.text.len()).chars().next();
        before.is_some_and(char::is_alphanumeric) || after.is_some_and(char::is_alphanumeric)
    }

    fn heading(&mut self, range: Range<usize>) {
        let source = self.at(range.clone()).trim_end();
        let words = source.trim_start_matches('#').trim();
        // A heading drawn with a line under it, or an empty one, stays as it is.
        if !source.starts_with('#') || words.is_empty() || words.contains('\n') {
            return;
        }
        let words = words.trim_end_matches('#').trim_end();
        let Some(start) = source.find(words).filter(|_| !words.is_empty()) else { return };
        let (start, end) = (range.start + start, range.start + start + words.len());
        let till = range.start + source.len();
        self.heading = true;
        self.edit(range.start..start, "*");
        self.edit(end..till, "*");
    }

    fn link(&mut self, kind: LinkType, range: Range<usize>, before: usize) {
        if kind != LinkType::Inline {
            return;
        }
        // Up to the last `](`: a label may hold brackets of its own.
        if let Some(middle) = self.at(range.clone()).rfind("](") {
            self.edit(range.start..range.start + before, "");
            self.edit(range.start + middle..range.end, "");
        }
    }

    fn table(&mut self, range: &Range<usize>) {
        let mut rows = Vec::new();
        for (at, row) in self.at(range.clone()).trim_end().lines().enumerate() {
            // The second line only rules the first off.
            if at == 1 {
                continue;
            }
            let cells = row.trim().trim_matches('|').split('|').map(str::trim).filter(|cell| !cell.is_empty());
            rows.push(cells.map(marked).collect::<Vec<_>>().join(CELL));
        }
        let till = range.start + self.at(range.clone()).trim_end().len();
        self.edit(range.start..till, rows.join("\n"));
    }

    fn written(mut self) -> String {
        // An edit inside another one's place is made by that one: of two that begin together the longer counts.
        self.edits.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
        let (mut written, mut at) = (String::with_capacity(self.text.len()), 0);
        for edit in &self.edits {
            if edit.range.start < at {
                continue;
            }
            written.push_str(self.text.get(at..edit.range.start).unwrap_or_default());
            written.push_str(&edit.with);
            at = edit.range.end;
        }
        written.push_str(self.text.get(at..).unwrap_or_default());
        written
    }
}
