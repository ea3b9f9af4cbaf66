//! Google Merchant feeds as RSS or Atom: a stream of tags, no tree, no entities of the file's own.

use crate::catalog::feed::google::{Entry, field, products};
use crate::catalog::feed::note::{Complaint, Kind, Notes, Saying};
use crate::catalog::feed::{Error, PROGRESS_ROWS, Read, Wish, newlines};
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::collections::BTreeSet;

/// Elements inside each other within an entry; deeper ones are not looked at.
const DEPTH_MAX: usize = 8;
/// Bytes of one value at most.
const VALUE_BYTES_MAX: usize = 512 * 1024;
/// Fields of one entry at most.
const FIELDS_MAX: usize = 300;
/// Bytes at the beginning in which the feed has to show itself.
const PROBE_BYTES: usize = 64 * 1024;

static MANY: Saying = Saying {
    kind: Kind::Read,
    one: "product has more than 300 fields",
    many: "products have more than 300 fields",
    then: "only the first ones were read",
};

/// Whether XML is a product feed; an error says what it is instead.
pub fn recognise(text: &str) -> Result<(), Error> {
    let end = (0..=PROBE_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let start = text.get(..end).unwrap_or_default().to_lowercase();
    let unknown = |hint: &str| Err(Error::UnknownFormat { hint: hint.to_owned() });
    let page = ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| start.contains(tag));
    if page && !start.contains("<rss") {
        if ["password", "login", "log in", "sign in", "anmelden", "passwort"].iter().any(|word| start.contains(word)) {
            return unknown(
                "it is a web page that asks to sign in; use the feed's public address, or download the file and name it",
            );
        }
        return unknown("it is a web page; use the address of the feed itself, or export the products as CSV");
    }
    if start.contains("<rss") || start.contains("<feed") || start.contains("base.google.com/ns") {
        return Ok(());
    }
    if start.contains("<urlset") || start.contains("<sitemapindex") {
        return unknown("it is a sitemap; give it as a web site of texts, and the products as a feed");
    }
    unknown("it is XML, but neither an RSS nor an Atom feed of products; export a Google Merchant feed or CSV")
}

/// Reads the entries of a feed. Where the XML breaks, the entry there is named and reading goes on at the next one.
pub fn parse(text: &str, wish: &mut Wish<'_>, notes: &mut Notes) -> Read {
    let mut feed = Feed { text, wish, lines: (0, 1), entries: Vec::new(), broken: Vec::new(), seen: 0 };
    let mut at = Some(0);
    let mut whole = true;
    while let Some(from) = at {
        match feed.stretch(from, notes) {
            Stretch::Done => break,
            Stretch::Full => {
                whole = false;
                break;
            }
            Stretch::Broken(position) => at = next_entry(text, position.max(from + 1)),
        }
    }
    let end = text.trim_end();
    if whole && !["</rss>", "</feed>", "</channel>", "</rdf:RDF>"].iter().any(|tag| end.ends_with(tag)) {
        whole = false;
        let line = feed.line(end.len());
        notes.warn(line, "", "the file stops before its last tag; what it does not show is kept");
    }
    let Feed { wish, entries, broken, .. } = feed;
    products(entries, broken, whole, wish, notes)
}

struct Feed<'f, 'w> {
    text: &'f str,
    wish: &'f mut Wish<'w>,
    lines: (usize, u64),
    entries: Vec<Entry>,
    broken: Vec<String>,
    seen: u64,
}

enum Stretch {
    Done,
    /// As many entries as are read at most.
    Full,
    /// Where to look for the next entry.
    Broken(usize),
}

/// An entry in the making.
#[derive(Default)]
struct Open {
    entry: Entry,
    /// Its own element, then what stands open inside.
    path: Vec<String>,
    value: String,
    detail: [String; 3],
    too_deep: usize,
    /// Whether the value's name bears a prefix: it is Google's own, and goes before the feed's of the same name.
    own: bool,
    /// The names of such values so far.
    owned: BTreeSet<String>,
}

impl Feed<'_, '_> {
    fn line(&mut self, position: usize) -> u64 {
        let (byte, line) = self.lines;
        let position = position.max(byte);
        let line = line + newlines(self.text.as_bytes().get(byte..position).unwrap_or_default());
        self.lines = (position, line);
        line
    }

    fn stretch(&mut self, from: usize, notes: &mut Notes) -> Stretch {
        let mut reader = Reader::from_str(self.text.get(from..).unwrap_or_default());
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let mut open: Option<Open> = None;
        loop {
            let before = from + usize::try_from(reader.buffer_position()).unwrap_or_default();
            let event = reader.read_event();
            let after = from + usize::try_from(reader.buffer_position()).unwrap_or_default();
            let event = match event {
                Ok(event) => event,
                Err(error) => {
                    let position = from + usize::try_from(reader.error_position()).unwrap_or_default();
                    return self.lost(open, position, &error.to_string(), notes);
                }
            };
            match event {
                Event::Start(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    match &mut open {
                        None if matches!(name.as_str(), "item" | "entry") => {
                            self.seen += 1;
                            if self.seen > self.wish.limits.rows {
                                let line = self.line(before);
                                let text = format!(
                                    "only the first {} products were read; split the file",
                                    self.wish.limits.rows
                                );
                                notes.warn(line, "", text);
                                return Stretch::Full;
                            }
                            if self.seen.is_multiple_of(PROGRESS_ROWS) {
                                (self.wish.progress)(before as u64, self.text.len() as u64);
                            }
                            let line = self.line(before);
                            open = Some(Open {
                                entry: Entry { line, ..Entry::default() },
                                path: vec![name],
                                ..Open::default()
                            });
                        }
                        None => {}
                        Some(_) if matches!(name.as_str(), "item" | "entry") => {
                            return self.lost(open, before, "another product begins inside this one", notes);
                        }
                        Some(open) => {
                            open.link(&tag);
                            open.begin(name, tag.name().prefix().is_some());
                        }
                    }
                }
                Event::Empty(tag) => {
                    if let Some(open) = &mut open {
                        open.link(&tag);
                    }
                }
                Event::End(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    let Some(mut inside) = open.take() else { continue };
                    match inside.end(&name) {
                        Ended::Inside => open = Some(inside),
                        Ended::Whole => {
                            if inside.entry.fields.len() >= FIELDS_MAX {
                                notes.say(&MANY, inside.entry.line, inside.entry.get("id"));
                            }
                            self.entries.push(inside.entry);
                        }
                        Ended::Crossed(expected) => {
                            let reason = format!("<{expected}> is closed by </{name}>");
                            return self.lost(Some(inside), after, &reason, notes);
                        }
                    }
                }
                Event::Text(text) => write(&mut open, &text.xml10_content()),
                Event::CData(text) => write(&mut open, &text.xml10_content()),
                Event::GeneralRef(reference) => write(&mut open, &resolved(&reference)),
                Event::Eof if open.is_some() => {
                    return self.lost(open, after, "the file ends in the middle of it", notes);
                }
                Event::Eof => return Stretch::Done,
                // A file's own entities are never defined, so that none can grow.
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    fn lost(&mut self, open: Option<Open>, position: usize, reason: &str, notes: &mut Notes) -> Stretch {
        let line = self.line(position);
        let what = open.map(|open| {
            let entry = open.entry;
            let group =
                if entry.get("item_group_id").is_empty() { entry.get("id") } else { entry.get("item_group_id") };
            self.broken.push(group.to_owned());
            entry.get("id").to_owned()
        });
        let reason = format!("the XML is broken here: {}", crate::catalog::feed::cell::quote(reason));
        notes.reject(
            line,
            &what.unwrap_or_default(),
            Complaint::new("xml", reason, "mend the feed; the products around it went in"),
        );
        Stretch::Broken(position)
    }
}

enum Ended {
    Inside,
    Whole,
    Crossed(String),
}

impl Open {
    /// Atom writes a page's address as an attribute; links to other things say what they are.
    fn link(&mut self, tag: &BytesStart<'_>) {
        let value = |key: &str| tag.attributes().flatten().find(|a| a.key.as_ref() == key).map(|a| a.value);
        if tag.local_name().as_ref() == "link"
            && self.path.len() == 1
            && value("rel").is_none_or(|rel| rel == "alternate")
            && let Some(href) = value("href")
        {
            self.entry.fields.push(("link".into(), href.replace("&amp;", "&")));
        }
    }

    fn begin(&mut self, name: String, own: bool) {
        if self.path.len() == 1 {
            self.own = own;
        }
        if self.path.len() >= DEPTH_MAX {
            self.too_deep += 1;
            return;
        }
        // Tags inside a value are HTML that nobody escaped; its words still belong to the value.
        if self.path.len() < 2 || self.path.get(1).is_some_and(|outer| outer == "product_detail") {
            self.value.clear();
        } else {
            self.value.push(' ');
        }
        self.path.push(name);
    }

    fn end(&mut self, name: &str) -> Ended {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return Ended::Inside;
        }
        let Some(expected) = self.path.pop() else { return Ended::Whole };
        if expected != name {
            return Ended::Crossed(expected);
        }
        let outer: Vec<String> = self.path.iter().skip(1).map(|n| field(n)).collect();
        match outer.as_slice() {
            _ if self.path.is_empty() => return Ended::Whole,
            [] if field(name) == "product_detail" => {
                let detail = std::mem::take(&mut self.detail).join(":");
                self.put("product_detail", detail);
            }
            [] => {
                let value = std::mem::take(&mut self.value);
                self.put(name, value);
            }
            [outer] if outer == "product_detail" => {
                let place = ["section_name", "attribute_name", "attribute_value"].iter().position(|n| *n == name);
                if let Some(part) = place.and_then(|place| self.detail.get_mut(place)) {
                    *part = std::mem::take(&mut self.value).replace(':', " ");
                }
            }
            _ => self.value.push(' '),
        }
        Ended::Inside
    }

    fn put(&mut self, name: &str, value: String) {
        if self.entry.fields.len() < FIELDS_MAX && !value.trim().is_empty() {
            let name = match field(name).as_str() {
                "summary" | "content" => "description".to_owned(),
                other => other.to_owned(),
            };
            let place = if self.own && self.owned.insert(name.clone()) { 0 } else { self.entry.fields.len() };
            self.entry.fields.insert(place, (name, value));
        }
    }
}

fn write(open: &mut Option<Open>, text: &str) {
    if let Some(open) = open
        && open.too_deep == 0
    {
        // The beginning of a value that is too long is kept, and long enough to be named as cut.
        let room = VALUE_BYTES_MAX.saturating_sub(open.value.len()).min(text.len());
        let end = (0..=room).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        open.value.push_str(text.get(..end).unwrap_or_default());
    }
}

/// Predefined entities and character references; any other stays as written, and HTML's are decoded with the text.
fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return letter.to_string();
    }
    let name = reference.xml10_content();
    match name.as_ref() {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        other => format!("&{other};"),
    }
}

/// Where the next entry begins.
fn next_entry(text: &str, from: usize) -> Option<usize> {
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at))?;
    let rest = text.get(from..)?;
    let begins = |at: usize| {
        let name = rest.get(at + 1..).and_then(|rest| rest.split(['>', ' ', '<', '\n', '\r', '\t']).next());
        matches!(name, Some("item" | "entry"))
    };
    rest.match_indices('<').map(|(at, _)| at).find(|at| begins(*at)).map(|at| from + at)
}
