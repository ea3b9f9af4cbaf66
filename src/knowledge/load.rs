//! Reading texts: Markdown, HTML, plain text, PDF, Word, tables of questions and answers; one file or a folder, bounded,
//! in a fixed order, never outside the folder.

mod docx;
mod folder;
pub mod html;
pub mod markdown;
mod packed;
mod pdf;
mod plain;
mod table;
pub mod workbook;

#[cfg(test)]
mod tests;

pub use folder::read_folder;

use crate::fetch::Known;
use crate::knowledge::block::Block;
use crate::knowledge::decode;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Bytes of one text file at most.
pub const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Bytes of one PDF, Word or Excel file, or of a page, at most.
pub const RICH_BYTES_MAX: u64 = 20 * 1024 * 1024;

/// Ends of names that no page has: a page under such a name is what a server shows instead of the file.
const NOT_PAGES: [&str; 11] = ["csv", "tsv", "xlsx", "xlsm", "docx", "pdf", "xml", "json", "jsonl", "gz", "zip"];
const LOGIN: &str = "is a web page and not what its name says: its server may ask to sign in first; download the file \
    itself, or use an address that opens without signing in";

/// A file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Path below the folder with `/`, or the address: `returns.md`.
    pub source: String,
    /// Its words, in order.
    pub blocks: Vec<Block>,
    /// What its server said of it, for the next time.
    pub known: Known,
}

impl Text {
    /// A text in Markdown.
    pub fn markdown(source: &str, markdown: &str) -> Self {
        Self { source: source.to_owned(), blocks: markdown::read(markdown), known: Known::default() }
    }
}

/// Something that was left out: a file, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Path below the folder, or the address.
    pub source: String,
    /// Where in it, as `row 7`; empty for the whole of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// Why, and what to do.
    pub reason: String,
}

/// Parts of a file that were left out: where, and why.
type Left = Vec<(String, String)>;

/// What came from one place, sorted by source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Where it came from: a text of this place that does not come again is gone. Empty for single files.
    pub origin: String,
    /// The readable files.
    pub texts: Vec<Text>,
    /// The others.
    pub rejects: Vec<Reject>,
    /// Sources that are there and as they were; they were not read again.
    pub unchanged: Vec<String>,
    /// Something could not be looked at, so that what did not come may still be there.
    pub partial: bool,
}

impl Loaded {
    /// Forgets a file that somebody else reads.
    pub fn leave_out(&mut self, source: &str) {
        self.texts.retain(|text| text.source != source);
        self.rejects.retain(|reject| reject.source != source);
    }
}

/// Why nothing was read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder is absent or closed to us.
    #[error("the folder {} cannot be read", folder.display())]
    Folder {
        /// Which folder.
        folder: PathBuf,
        /// The system's answer.
        #[source]
        cause: std::io::Error,
    },
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Markdown.
    Markdown,
    /// A page.
    Html,
    /// Text without markup.
    Plain,
    /// PDF.
    Pdf,
    /// Word.
    Docx,
    /// Rows of questions and answers.
    Csv,
    /// Excel.
    Xlsx,
}

/// How a file is written, by its content and then by its name; none when it is no text.
pub fn recognise(name: &str, bytes: &[u8]) -> Option<Format> {
    let ending = ending(name);
    let ending = ending.as_str();
    if bytes.starts_with(b"%PDF-") {
        return Some(Format::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return match () {
            () if packed::has(bytes, "word/document.xml") => Some(Format::Docx),
            () if packed::has(bytes, "xl/workbook.xml") => Some(Format::Xlsx),
            () => by_ending(ending).filter(|format| matches!(format, Format::Docx | Format::Xlsx)),
        };
    }
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(1_024)).unwrap_or_default()).to_lowercase();
    let start = start.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    if !matches!(ending, "md" | "markdown") && (start.starts_with("<!doctype html") || start.contains("<html")) {
        return Some(Format::Html);
    }
    by_ending(ending)
}

/// The end of a file's name or of an address, in lower case without its point.
fn ending(name: &str) -> String {
    let low = name.to_lowercase();
    let low = low.split(['?', '#']).next().unwrap_or(&low);
    let file = low.rsplit('/').next().unwrap_or(low);
    file.rsplit_once('.').map_or("", |(_, ending)| ending).to_owned()
}

fn by_ending(ending: &str) -> Option<Format> {
    Some(match ending {
        "md" | "markdown" => Format::Markdown,
        "html" | "htm" | "xhtml" => Format::Html,
        "txt" | "text" => Format::Plain,
        "pdf" => Format::Pdf,
        "docx" => Format::Docx,
        "csv" | "tsv" => Format::Csv,
        "xlsx" | "xlsm" => Format::Xlsx,
        _ => return None,
    })
}

/// Reads a file of which the `source` is its name or address. `charset` is what a server says of it, or nothing.
/// It may take long for a PDF: call it where that stops nobody.
pub fn read_bytes(source: &str, bytes: &[u8], charset: &str) -> Result<(Text, Vec<Reject>), Reject> {
    let whole = |reason: String| Reject { source: source.to_owned(), place: String::new(), reason };
    let format = recognise(source, bytes).ok_or_else(|| {
        whole(
            "is no text we read; give .md, .html, .txt, .pdf, .docx, or a table of questions as .csv or .xlsx"
                .to_owned(),
        )
    })?;
    if format == Format::Html && NOT_PAGES.contains(&ending(source).as_str()) {
        return Err(whole(LOGIN.to_owned()));
    }
    let most = match format {
        Format::Markdown | Format::Plain => FILE_BYTES_MAX,
        _ => RICH_BYTES_MAX,
    };
    if bytes.len() as u64 > most {
        return Err(whole(format!("is longer than {most} bytes; split it")));
    }
    let text = || decode::text(bytes, charset).ok_or_else(|| "is no text; save it as text in UTF-8".to_owned());
    let (blocks, left) = match format {
        Format::Markdown => {
            text().map(|text| (markdown::read(text.strip_prefix('\u{feff}').unwrap_or(&text)), Vec::new()))
        }
        Format::Html => text().and_then(|text| page(&text, charset, bytes)).map(|blocks| (blocks, Vec::new())),
        Format::Plain => text().map(|text| (plain::read(&text), Vec::new())),
        Format::Csv => text().and_then(|text| table::csv(&text)),
        Format::Pdf => pdf::read(bytes),
        Format::Docx => docx::read(bytes),
        Format::Xlsx => table::xlsx(bytes),
    }
    .map_err(whole)?;
    let says = |block: &Block| match block {
        Block::Paragraph(text) | Block::Line(text) => text.chars().any(char::is_alphanumeric),
        Block::Heading { .. } | Block::Language(_) => false,
    };
    if !blocks.iter().any(says) {
        return Err(whole(if bytes.is_empty() { "is empty" } else { "has no text in it" }.to_owned()));
    }
    let part = |(place, reason)| Reject { source: source.to_owned(), place, reason };
    let rejects = left.into_iter().map(part).collect();
    Ok((Text { source: source.to_owned(), blocks, known: Known::default() }, rejects))
}

/// Reads a page, whatever it is called.
pub fn read_page(source: &str, bytes: &[u8], charset: &str) -> Result<(Text, Vec<Reject>), Reject> {
    let text = decode::text(bytes, charset).ok_or_else(|| "is no text".to_owned());
    let blocks = text.and_then(|text| page(&text, charset, bytes));
    let whole = |reason| Reject { source: source.to_owned(), place: String::new(), reason };
    Ok((Text { source: source.to_owned(), blocks: blocks.map_err(whole)?, known: Known::default() }, Vec::new()))
}

/// A page that was saved, or one that a file of another name turned out to be.
fn page(text: &str, charset: &str, bytes: &[u8]) -> Result<Vec<Block>, String> {
    // The page itself may name its character set where nobody else does.
    let said = meta_charset(bytes).filter(|_| charset.is_empty() && std::str::from_utf8(bytes).is_err());
    let page = match said.and_then(|said| decode::text(bytes, &said)) {
        Some(text) => html::read(&text),
        None => html::read(text),
    };
    if page.login {
        return Err("is a page that asks for a password; save the page itself, after logging in".to_owned());
    }
    Ok(page.blocks)
}

fn meta_charset(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(2_048)).unwrap_or_default()).to_lowercase();
    let (_, after) = start.split_once("charset=")?;
    Some(
        after
            .trim_start_matches(['"', '\''])
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
            .collect(),
    )
}
