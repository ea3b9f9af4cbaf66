//! A Word file as blocks: paragraphs, headings by their style, lists and tables.

use crate::knowledge::block::{BLOCKS_MAX, Block, HARD_BREAK, row};
use crate::knowledge::load::{Left, packed};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

const DOCUMENT: &str = "word/document.xml";
const STYLES: &str = "word/styles.xml";

/// Reads a file.
pub fn read(bytes: &[u8]) -> Result<(Vec<Block>, Left), String> {
    let mut zip = packed::open(bytes)?;
    let styles = packed::part(&mut zip, STYLES).map(|xml| styles(&xml)).unwrap_or_default();
    let document = packed::part(&mut zip, DOCUMENT).ok_or("holds no text; save it as .docx again")?;
    let mut reader = Reader::from_reader(document.as_slice());
    let mut walk = Walk { styles, ..Walk::default() };
    let mut buffer = Vec::new();
    let mut left = Left::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => walk.start(&tag),
            Ok(Event::Empty(tag)) => {
                walk.start(&tag);
                walk.end(tag.local_name().as_ref());
            }
            Ok(Event::End(tag)) => walk.end(tag.local_name().as_ref()),
            Ok(Event::Text(text)) if walk.in_text => {
                walk.text.push_str(&text.xml_content(quick_xml::XmlVersion::Implicit1_0));
            }
            Ok(Event::GeneralRef(entity)) if walk.in_text => walk.text.push_str(&resolved(&entity)),
            Ok(Event::Eof) => break,
            // What came before a break is kept.
            Err(_) if !walk.blocks.is_empty() => {
                let reason = "is broken: what follows is left out; open it and save it again";
                left.push(("the end".to_owned(), reason.to_owned()));
                break;
            }
            Err(_) => return Err("is broken; open it and save it again".to_owned()),
            _ => {}
        }
        if walk.blocks.len() >= BLOCKS_MAX {
            break;
        }
        buffer.clear();
    }
    Ok((walk.blocks, left))
}

fn resolved(entity: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = entity.resolve_char_ref() {
        return letter.to_string();
    }
    let name: &str = entity;
    quick_xml::escape::resolve_predefined_entity(name).unwrap_or_default().to_owned()
}

/// Each style's level of heading, by the name people see: its id is translated in many languages, that name is not.
fn styles(xml: &[u8]) -> BTreeMap<String, usize> {
    let mut reader = Reader::from_reader(xml);
    let (mut found, mut id, mut buffer) = (BTreeMap::new(), String::new(), Vec::new());
    while let Ok(event) = reader.read_event_into(&mut buffer) {
        match event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "style" => id = value(&tag, "styleId").unwrap_or_default(),
                "name" => {
                    if let Some(level) = value(&tag, "val").and_then(|name| level(&name)) {
                        found.insert(id.clone(), level);
                    }
                }
                _ => {}
            },
            _ => {}
        }
        buffer.clear();
    }
    found
}

fn level(name: &str) -> Option<usize> {
    let name = name.to_lowercase();
    if name == "title" {
        return Some(1);
    }
    let number = name.strip_prefix("heading")?.trim().parse::<usize>().ok()?;
    (1..=6).contains(&number).then_some(number)
}

fn value(tag: &BytesStart<'_>, key: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == key)?;
    Some(found.value.to_string())
}

#[derive(Default)]
struct Walk {
    blocks: Vec<Block>,
    styles: BTreeMap<String, usize>,
    text: String,
    in_text: bool,
    heading: Option<usize>,
    item: Option<usize>,
    tables: usize,
    header: Vec<String>,
    cells: Vec<String>,
    cell: String,
    first_row: bool,
}

impl Walk {
    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "p" => (self.heading, self.item) = (None, None),
            "t" => self.in_text = true,
            "tab" => self.text.push(' '),
            "br" | "cr" => self.text.push(HARD_BREAK),
            "pStyle" => {
                let style = value(tag, "val").unwrap_or_default();
                self.heading = self.styles.get(&style).copied().or_else(|| level(&style));
            }
            "numPr" => self.item = Some(0),
            "ilvl" => {
                let depth = value(tag, "val").and_then(|v| v.parse::<usize>().ok());
                self.item = self.item.and(depth.map(|d| d.min(6)));
            }
            "tbl" => {
                self.tables += 1;
                self.header.clear();
                self.first_row = true;
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "p" => self.paragraph(),
            "tc" => self.cells.push(std::mem::take(&mut self.cell).trim().to_owned()),
            "tr" => {
                let cells = std::mem::take(&mut self.cells);
                // A first row whose cells all name something is the header.
                let names = cells.len() > 1 && cells.iter().all(|cell| !cell.is_empty() && cell.chars().count() <= 40);
                if std::mem::take(&mut self.first_row) && names {
                    self.header = cells;
                } else if let Some(line) = row(&self.header, &cells) {
                    self.blocks.push(Block::Line(line));
                }
            }
            "tbl" => self.tables = self.tables.saturating_sub(1),
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        if text.is_empty() {
            return;
        }
        if self.tables > 0 {
            self.cell.push_str(&text.replace(HARD_BREAK, " "));
            self.cell.push(' ');
        } else if let Some(level) = self.heading {
            self.blocks.push(Block::Heading { level, text });
        } else if let Some(depth) = self.item {
            self.blocks.push(Block::Line(format!("{}- {}", "  ".repeat(depth), text.replace(HARD_BREAK, "\n"))));
        } else {
            self.blocks.push(Block::Paragraph(text));
        }
    }
}
