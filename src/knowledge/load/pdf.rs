//! A PDF as blocks. The library that reads it may panic or run on for ever on odd files, so it runs in a thread of its
//! own, is waited for only so long, and what repeats on its pages is taken for their frame.

mod line;

use crate::knowledge::block::Block;
use crate::knowledge::load::Left;
use crate::knowledge::load::pdf::line::Line;
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
pub fn read(bytes: &[u8]) -> Result<(Vec<Block>, Left), String> {
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

fn pages(bytes: &[u8]) -> Result<Vec<Page>, String> {
    let mut document = pdf_extract::Document::load_mem(bytes).map_err(|_| BROKEN.to_owned())?;
    // Many are only locked against printing, and open without a password.
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err("is locked with a password; save it without one".to_owned());
    }
    let numbers: BTreeMap<u32, _> = document.get_pages();
    if numbers.len() > PAGES_MAX {
        return Err(format!("has more than {PAGES_MAX} pages; split it"));
    }
    let (mut pages, mut length) = (Vec::new(), 0usize);
    for (number, id) in numbers {
        // One page that cannot be read does not take the others along.
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| line::of_page(&document, number)));
        let broken = !matches!(read, Ok(Ok(_)));
        let lines = read.ok().and_then(Result::ok).unwrap_or_default();
        length += lines.iter().map(|line| line.text.len() + 1).sum::<usize>();
        if length > TEXT_BYTES_MAX {
            return Err(format!("holds more than {} MB of text; split it", TEXT_BYTES_MAX / 1_048_576));
        }
        // A page on which something is drawn and nothing written; one without either is blank paper.
        let drawn = || document.get_page_content(id).is_ok_and(|content| content.windows(3).any(|w| w == b" Do"));
        let silent = !lines.iter().any(|line| line.text.chars().any(char::is_alphanumeric));
        pages.push(Page { number, lost: broken || (silent && drawn()), lines });
    }
    Ok(pages)
}

/// One page.
struct Page {
    number: u32,
    lines: Vec<Line>,
    /// There is something on it that could not be read.
    lost: bool,
}

fn blocks(pages: &[Page]) -> Result<(Vec<Block>, Left), String> {
    let of = |page: &Page| page.lines.iter().flat_map(|l| l.text.chars()).filter(|c| c.is_alphabetic()).count();
    let letters: usize = pages.iter().map(of).sum();
    if letters < LETTERS_MIN * pages.len().max(1) {
        return Err("is a picture of a text (scanned) and holds no letters; give the text itself, or run text \
                    recognition (OCR) over it first"
            .to_owned());
    }
    let lost: Vec<String> = pages.iter().filter(|page| page.lost).map(|page| page.number.to_string()).collect();
    let left = match lost.as_slice() {
        [] => Left::new(),
        lost => {
            let word = if lost.len() == 1 { "page" } else { "pages" };
            let reason = "is a picture of a text or cannot be read; give what it says as text";
            vec![(format!("{word} {}", lost.join(", ")), reason.to_owned())]
        }
    };
    Ok((line::blocks(&without_frame(pages)), left))
}

/// Lines that most pages begin or end with, and page numbers, are no text.
fn without_frame(pages: &[Page]) -> Vec<Line> {
    // Numbers differ from page to page.
    let shape = |line: &str| line.trim().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>();
    let lines: Vec<&[Line]> = pages.iter().map(|page| page.lines.as_slice()).collect();
    let edge = |page: &[Line]| -> Vec<usize> {
        let full: Vec<usize> =
            page.iter().enumerate().filter(|(_, l)| !l.text.trim().is_empty()).map(|(i, _)| i).collect();
        let last = full.len().saturating_sub(FRAME_LINES);
        full.iter().enumerate().filter(|(n, _)| *n < FRAME_LINES || *n >= last).map(|(_, i)| *i).collect()
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for page in &lines {
        let mut shapes: Vec<String> =
            edge(page).into_iter().filter_map(|i| page.get(i)).map(|l| shape(&l.text)).collect();
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
    let mut out = Vec::new();
    for page in &lines {
        let edges = edge(page);
        for (index, line) in page.iter().enumerate() {
            let text = line.text.trim();
            let number = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
            if !(edges.contains(&index) && (number || frame(text))) {
                out.push(line.clone());
            }
        }
        out.push(Line::default());
    }
    out
}
