//! A PDF as blocks. The library that reads it may panic or run on for ever on odd files, so it runs in a thread of its
//! own, is waited for only so long, and what repeats on its pages is taken for their frame.

use crate::knowledge::block::Block;
use crate::knowledge::load::plain;
use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;

/// Pages of a file.
pub const PAGES_MAX: usize = 500;
/// Bytes of its text.
const TEXT_BYTES_MAX: usize = 8 * 1024 * 1024;
/// How long reading may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Letters a page with text has at least, on the average.
const LETTERS_MIN: usize = 8;
/// Lines at the top and at the bottom of a page that may be its frame.
const FRAME_LINES: usize = 2;
/// Pages from which a frame can be told.
const FRAME_PAGES_MIN: usize = 3;
pub const BROKEN: &str =
    "cannot be read as a PDF; open it and print it to a new PDF, or give the text as .docx or .txt";

/// Reads a file.
pub fn read(bytes: &[u8]) -> Result<Vec<Block>, String> {
    let (done, wait) = mpsc::channel();
    let bytes = bytes.to_vec();
    let spawned = std::thread::Builder::new().name("pdf".to_owned()).spawn(move || {
        // Nobody waits any more when the time was over.
        let _ = done.send(pages(&bytes));
    });
    spawned.map_err(|_| "cannot be read now; try again".to_owned())?;
    match wait.recv_timeout(PATIENCE) {
        Ok(pages) => blocks(&pages?),
        Err(mpsc::RecvTimeoutError::Timeout) => {
            Err(format!("takes longer than {} seconds to read; split it", PATIENCE.as_secs()))
        }
        // The thread is gone without an answer: the library panicked.
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(BROKEN.to_owned()),
    }
}

fn pages(bytes: &[u8]) -> Result<Vec<String>, String> {
    let document = pdf_extract::Document::load_mem(bytes).map_err(|_| BROKEN.to_owned())?;
    if document.is_encrypted() {
        return Err("is locked with a password; save it without one".to_owned());
    }
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    if numbers.len() > PAGES_MAX {
        return Err(format!("has more than {PAGES_MAX} pages; split it"));
    }
    let (mut pages, mut length) = (Vec::new(), 0usize);
    for number in numbers {
        let mut page = String::new();
        // One page that cannot be read does not take the others along.
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut output = pdf_extract::PlainTextOutput::new(&mut page);
            pdf_extract::output_doc_page(&document, &mut output, number).is_ok()
        }));
        if read.unwrap_or(false) {
            length += page.len();
            if length > TEXT_BYTES_MAX {
                return Err(format!("holds more than {} MB of text; split it", TEXT_BYTES_MAX / 1_048_576));
            }
            pages.push(page);
        } else {
            pages.push(String::new());
        }
    }
    Ok(pages)
}

fn blocks(pages: &[String]) -> Result<Vec<Block>, String> {
    let letters: usize = pages.iter().map(|page| page.chars().filter(|c| c.is_alphabetic()).count()).sum();
    if letters < LETTERS_MIN * pages.len().max(1) {
        return Err("is a picture of a text (scanned) and holds no letters; give the text itself, or run text \
                    recognition (OCR) over it first"
            .to_owned());
    }
    Ok(plain::read(&without_frame(pages)))
}

/// Lines that most pages begin or end with, and page numbers, are no text.
fn without_frame(pages: &[String]) -> String {
    // Numbers differ from page to page.
    let shape = |line: &str| line.trim().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>();
    let lines: Vec<Vec<&str>> = pages.iter().map(|page| page.lines().collect()).collect();
    let edge = |page: &[&str]| -> Vec<usize> {
        let full: Vec<usize> = page.iter().enumerate().filter(|(_, l)| !l.trim().is_empty()).map(|(i, _)| i).collect();
        let last = full.len().saturating_sub(FRAME_LINES);
        full.iter().enumerate().filter(|(n, _)| *n < FRAME_LINES || *n >= last).map(|(_, i)| *i).collect()
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for page in &lines {
        let mut shapes: Vec<String> = edge(page).into_iter().filter_map(|i| page.get(i)).map(|l| shape(l)).collect();
        shapes.sort();
        shapes.dedup();
        for shape in shapes {
            *counts.entry(shape).or_default() += 1;
        }
    }
    let frame = |line: &str| {
        let often = counts.get(&shape(line)).copied().unwrap_or_default();
        lines.len() >= FRAME_PAGES_MIN && often * 3 >= lines.len() * 2
    };
    let mut out = String::new();
    for page in &lines {
        let edges = edge(page);
        for (index, line) in page.iter().enumerate() {
            let number = !line.trim().is_empty() && line.trim().chars().all(|c| c.is_ascii_digit());
            if !(edges.contains(&index) && (number || frame(line))) {
                out.push_str(line);
                out.push('\n');
            }
        }
        out.push('\n');
    }
    out
}
