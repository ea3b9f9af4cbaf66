//! A page as blocks: what its reader sees, without the frame around it.

mod once;

use crate::knowledge::block::{BLOCKS_MAX, Block, HARD_BREAK, row};
use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use serde_json::Value;

/// Elements that hold no words of the text, whatever is inside.
const SILENT: [&str; 14] = [
    "script", "style", "noscript", "template", "svg", "nav", "aside", "footer", "form", "button", "select", "iframe",
    "head", "header",
];
/// Silent elements inside one another that are counted.
const DEPTH_MAX: usize = 10_000;
/// Questions of one page's markup.
const QUESTIONS_MAX: usize = 1_000;
/// Lists inside lists that are drawn in.
const INDENT_MAX: usize = 6;

/// What a page says of itself and holds.
#[derive(Debug, Default)]
pub struct Page {
    /// Its words.
    pub blocks: Vec<Block>,
    /// The language it says it is in, as `de`.
    pub language: Option<String>,
    /// Where it says it really lies.
    pub canonical: Option<String>,
    /// Whether it asks not to be taken in.
    pub noindex: bool,
    /// Whether it asks for a password.
    pub login: bool,
}

/// Reads a page. What stands in `main` or `article` is the text; a page without either is read as a whole.
pub fn read(html: &str) -> Page {
    let mut walk = Walk::default();
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => walk.start(&tag),
            Token::EndTag(tag) => walk.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => walk.text(&String::from_utf8_lossy(&text.value)),
            _ => {}
        }
        if walk.blocks.len() >= BLOCKS_MAX {
            break;
        }
    }
    walk.flush();
    walk.done()
}

#[derive(Default)]
struct Walk {
    page: Page,
    blocks: Vec<(Block, bool)>,
    text: String,
    title: Option<String>,
    /// The silent elements we are in.
    silent: Vec<String>,
    /// In how many `main` and `article` elements we are.
    inside: usize,
    heading: Option<usize>,
    in_title: bool,
    in_pre: bool,
    /// JSON of the page's own description of its questions.
    linked: Option<String>,
    lists: Vec<Option<u64>>,
    marker: Option<String>,
    cells: Vec<String>,
    in_cell: bool,
    header: Vec<String>,
    all_header: bool,
    in_table: usize,
}

impl Walk {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name).to_lowercase();
        let value =
            |key: &str| tag.attributes.get(key.as_bytes()).map(|v| String::from_utf8_lossy(&v.value).trim().to_owned());
        match name.as_str() {
            "html" => self.page.language = value("lang").and_then(|tag| primary(&tag)),
            "title" if self.title.is_none() && !self.silent.iter().any(|s| s == "svg") => self.in_title = true,
            "meta" if value("name").is_some_and(|n| n.eq_ignore_ascii_case("robots")) => {
                let said = value("content").unwrap_or_default().to_lowercase();
                self.page.noindex |= said.split(',').any(|word| matches!(word.trim(), "noindex" | "none"));
            }
            "link" if value("rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) => {
                self.page.canonical = value("href").filter(|href| !href.is_empty());
            }
            "script" if value("type").is_some_and(|t| t.eq_ignore_ascii_case("application/ld+json")) => {
                self.linked = Some(String::new());
            }
            "input" if value("type").is_some_and(|t| t.eq_ignore_ascii_case("password")) => self.page.login = true,
            _ => {}
        }
        // The body ends a head that nobody closed.
        if name == "body" {
            self.silent.clear();
        }
        let hidden = tag.attributes.contains_key(&b"hidden"[..]) && !matches!(name.as_str(), "input" | "meta" | "link");
        if SILENT.contains(&name.as_str()) && !tag.self_closing || (hidden && is_container(&name)) {
            // The header of an article holds its heading.
            if !(name == "header" && self.inside > 0) {
                self.flush();
                if self.silent.len() < DEPTH_MAX {
                    self.silent.push(name);
                }
                return;
            }
        }
        if !self.silent.is_empty() {
            // A container of the same name inside a hidden one is counted, so that the right end ends it.
            if self.silent.last().is_some_and(|open| *open == name) && self.silent.len() < DEPTH_MAX {
                self.silent.push(name);
            }
            return;
        }
        self.open(&name);
    }

    fn open(&mut self, name: &str) {
        match name {
            "main" | "article" => {
                self.flush();
                self.inside += 1;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.heading = name.trim_start_matches('h').parse().ok();
            }
            // What opens on a tap: the question of an answer.
            "summary" | "dt" => {
                self.flush();
                self.heading = Some(3);
            }
            "br" => self.text.push(if self.in_pre { '\n' } else { HARD_BREAK }),
            "ul" | "menu" => self.list(None),
            "ol" => self.list(Some(1)),
            "li" => {
                self.flush();
                let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(INDENT_MAX));
                self.marker = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = format!("{indent}{number}. ");
                        *number = number.saturating_add(1);
                        marker
                    }
                    _ => format!("{indent}- "),
                });
            }
            "table" => {
                self.flush();
                self.in_table += 1;
                self.header.clear();
            }
            "tr" => {
                self.end_row();
                self.all_header = true;
            }
            "td" | "th" if self.in_table > 0 => {
                self.end_cell();
                self.in_cell = true;
                self.all_header &= name == "th";
            }
            "pre" => {
                self.flush();
                self.in_pre = true;
            }
            _ if is_container(name) && self.in_table == 0 => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        let name = name.to_lowercase();
        if name == "title" {
            self.in_title = false;
        }
        if name == "script"
            && let Some(json) = self.linked.take()
        {
            self.questions(&json);
        }
        if let Some(at) = self.silent.iter().rposition(|open| *open == name) {
            self.silent.truncate(at);
            return;
        }
        if !self.silent.is_empty() {
            return;
        }
        match name.as_str() {
            "main" | "article" => {
                self.flush();
                self.inside = self.inside.saturating_sub(1);
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "summary" | "dt" => self.flush(),
            "ul" | "ol" | "menu" => {
                self.flush();
                self.lists.pop();
                self.marker = None;
            }
            "td" | "th" => self.end_cell(),
            "tr" => self.end_row(),
            "table" => {
                self.end_row();
                self.in_table = self.in_table.saturating_sub(1);
            }
            "pre" => {
                self.text = self.text.trim_end().replace('\n', &HARD_BREAK.to_string());
                self.flush();
                self.in_pre = false;
            }
            _ if is_container(&name) && self.in_table == 0 => self.flush(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(json) = &mut self.linked {
            json.push_str(text);
        } else if self.in_title {
            self.title.get_or_insert_default().push_str(text);
        } else if self.silent.is_empty() {
            self.text.extend(text.chars().filter(|c| !c.is_control() || c.is_whitespace()));
        }
    }

    fn list(&mut self, first: Option<u64>) {
        self.flush();
        if self.lists.len() < DEPTH_MAX {
            self.lists.push(first);
        }
    }

    fn end_cell(&mut self) {
        let cell = words(&self.text).replace(HARD_BREAK, " ");
        self.text.clear();
        if std::mem::take(&mut self.in_cell) {
            self.cells.push(cell);
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let cells = std::mem::take(&mut self.cells);
        if cells.is_empty() {
            return;
        }
        if self.all_header && self.header.is_empty() {
            self.header = cells;
        } else if let Some(line) = row(&self.header, &cells) {
            self.push(Block::Line(line));
        }
        self.all_header = true;
    }

    fn flush(&mut self) {
        let text = words(&std::mem::take(&mut self.text));
        let heading = self.heading.take();
        if text.is_empty() {
            return;
        }
        let block = if let Some(level) = heading {
            Block::Heading { level, text }
        } else if self.lists.is_empty() {
            Block::Paragraph(text)
        } else {
            let indent = || "  ".repeat(self.lists.len().min(INDENT_MAX));
            let marker = self.marker.take().unwrap_or_else(indent);
            Block::Line(format!("{marker}{}", text.replace(HARD_BREAK, "\n")))
        };
        self.push(block);
    }

    fn push(&mut self, block: Block) {
        self.blocks.push((block, self.inside > 0));
    }

    /// Questions and answers in the page's own description of itself (`FAQPage` of schema.org).
    fn questions(&mut self, json: &str) {
        let Ok(value) = serde_json::from_str::<Value>(json) else { return };
        let mut open = vec![&value];
        let mut found = Vec::new();
        while let Some(value) = open.pop() {
            match value {
                Value::Array(items) => open.extend(items.iter().rev()),
                Value::Object(map) if map.get("@type").is_some_and(|kind| is(kind, "Question")) => {
                    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(plain).unwrap_or_default();
                    let answer = map.get("acceptedAnswer").map(|a| a.get(0).unwrap_or(a)).and_then(|a| a.get("text"));
                    found.push((text(map.get("name")), text(answer)));
                }
                Value::Object(map) => open.extend(["mainEntity", "@graph"].iter().filter_map(|key| map.get(*key))),
                _ => {}
            }
        }
        for (question, answer) in found.into_iter().filter(|(q, a)| !q.is_empty() && !a.is_empty()).take(QUESTIONS_MAX)
        {
            self.blocks.push((Block::Heading { level: 3, text: question }, true));
            self.blocks.push((Block::Paragraph(answer), true));
        }
    }

    fn done(self) -> Page {
        let Self { mut page, mut blocks, title, .. } = self;
        // Few words in the middle mean that the page is built another way.
        let size = |inside: bool| -> usize {
            blocks.iter().filter(|(_, i)| *i || !inside).map(|(block, _)| length(block)).sum()
        };
        if size(true) * 5 >= size(false) {
            blocks.retain(|(_, inside)| *inside);
        }
        let mut blocks: Vec<Block> = blocks.into_iter().map(|(block, _)| block).collect();
        once::said_once(&mut blocks);
        let named = blocks.iter().any(|b| matches!(b, Block::Heading { level: 1, .. }));
        let title = words(&title.unwrap_or_default());
        if !named && !title.is_empty() {
            // `Returns | Fjellheim` and `Returns – Fjellheim` name the shop after the page.
            let own = title.split([" | ", " – ", " — ", " · "].as_slice().first().copied().unwrap_or(" | "));
            let text = own.into_iter().next().unwrap_or(&title).to_owned();
            blocks.insert(0, Block::Heading { level: 1, text });
        }
        page.blocks = blocks;
        page
    }
}

fn length(block: &Block) -> usize {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Line(text) => text.len(),
        Block::Language(_) => 0,
    }
}

fn is(kind: &Value, name: &str) -> bool {
    kind.as_str() == Some(name) || kind.as_array().is_some_and(|all| all.iter().any(|k| k.as_str() == Some(name)))
}

/// An answer may hold markup itself.
fn plain(html: &str) -> String {
    let mut text = String::new();
    for token in Tokenizer::new(html) {
        let Ok(token) = token;
        match token {
            Token::String(words) => text.push_str(&String::from_utf8_lossy(&words.value)),
            Token::StartTag(_) | Token::EndTag(_) => text.push(' '),
            _ => {}
        }
    }
    words(&text)
}

/// White space as a browser shows it; a break that is meant stays.
fn words(text: &str) -> String {
    let lines = text.split(HARD_BREAK).map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let joined = lines.collect::<Vec<_>>().join(&HARD_BREAK.to_string());
    joined.trim_matches(|c: char| c == HARD_BREAK || c.is_whitespace()).to_owned()
}

/// `de-AT` → `de`.
fn primary(tag: &str) -> Option<String> {
    let first = tag.split(['-', '_']).next()?.to_lowercase();
    (first.len() == 2 && first.bytes().all(|b| b.is_ascii_lowercase())).then_some(first)
}

fn is_container(name: &str) -> bool {
    matches!(
        name,
        "p" | "div" | "section" | "dd" | "dl" | "li" | "ul" | "ol" | "blockquote" | "details" | "body" | "figure" | "figcaption"
            | "address" | "fieldset" | "header" | "hr" | "center" | "caption" | "span" if name != "span"
    )
}
