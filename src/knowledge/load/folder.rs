//! A folder of texts.

use crate::knowledge::load::{Error, Loaded, RICH_BYTES_MAX, Reject, read_bytes};
use std::io::Read;
use std::path::Path;

/// Files of a folder at most.
pub const FILES_MAX: usize = 2_000;
/// Folders inside folders at most.
pub const DEPTH_MAX: usize = 8;
/// Entries looked at, whatever they are.
pub const ENTRIES_MAX: usize = 50_000;
/// Ends of the names of texts.
const ENDINGS: [&str; 11] =
    [".md", ".markdown", ".html", ".htm", ".xhtml", ".txt", ".pdf", ".docx", ".xlsx", ".csv", ".tsv"];

/// Reads every text of a folder and its sub-folders; hidden ones are skipped, links are not followed. A folder with a
/// PDF in it may take long: call it where that stops nobody.
pub fn read_folder(folder: &Path) -> Result<Loaded, Error> {
    let place = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mut loaded = Loaded { origin: format!("folder {}", place.display()), ..Loaded::default() };
    let mut found = Vec::new();
    let mut entries_left = ENTRIES_MAX;
    let top = std::fs::read_dir(folder).map_err(|cause| Error::Folder { folder: folder.to_owned(), cause })?;
    let mut open = vec![(top, String::new(), 0)];
    while let Some((entries, prefix, depth)) = open.pop() {
        for entry in entries {
            if entries_left == 0 {
                let reason = format!("only the first {ENTRIES_MAX} entries were looked at");
                loaded.partial = true;
                loaded.rejects.push(reject(prefix, reason));
                open.clear();
                break;
            }
            entries_left -= 1;
            let Ok(entry) = entry else { continue };
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(kind) = entry.file_type() else { continue };
            if name.starts_with('.') {
                continue;
            }
            let source = format!("{prefix}{name}");
            if kind.is_file() && is_ours(&name) && !own(&source) {
                found.push((source, entry.path()));
            } else if let Some(reason) = foreign(&name).filter(|_| !kind.is_dir() && !own(&source)) {
                loaded.rejects.push(reject(source, reason.to_owned()));
            } else if kind.is_symlink() && is_ours(&name) {
                let reason = "is a link, which is not followed; put the file itself here";
                loaded.rejects.push(reject(source, reason.to_owned()));
            } else if kind.is_dir() && depth < DEPTH_MAX {
                match std::fs::read_dir(entry.path()) {
                    Ok(inner) => open.push((inner, format!("{source}/"), depth + 1)),
                    Err(cause) => {
                        loaded.partial = true;
                        loaded.rejects.push(reject(source, format!("cannot be read: {cause}")));
                    }
                }
            } else if kind.is_dir() {
                let reason = format!("folders more than {DEPTH_MAX} deep are not read");
                loaded.rejects.push(reject(source, reason));
            }
        }
    }
    found.sort();
    for (index, (source, path)) in found.into_iter().enumerate() {
        let read =
            if index < FILES_MAX { text(&source, &path) } else { Err(format!("only {FILES_MAX} files are read")) };
        let read = read.map_err(|reason| reject(source.clone(), reason));
        match read.and_then(|(source, bytes)| read_bytes(&source, &bytes, "")) {
            Ok((text, left)) => {
                loaded.texts.push(text);
                loaded.rejects.extend(left);
            }
            Err(whole) => loaded.rejects.push(whole),
        }
    }
    loaded.rejects.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(loaded)
}

/// Whether a file is a text by its name.
fn is_ours(name: &str) -> bool {
    let low = name.to_lowercase();
    ENDINGS.iter().any(|ending| low.ends_with(ending))
}

/// What a shop's own folder holds beside its texts; who reads the folder reads these by themselves.
fn own(source: &str) -> bool {
    ["products.csv", "products.tsv", "products.jsonl", "orders.json"].contains(&source.to_lowercase().as_str())
}

/// What to do with a file that holds words and cannot be read. Pictures and the like are none of the texts' business.
fn foreign(name: &str) -> Option<&'static str> {
    let low = name.to_lowercase();
    let (_, ending) = low.rsplit_once('.')?;
    Some(match ending {
        "doc" | "odt" | "rtf" | "pages" | "epub" | "mhtml" | "eml" | "msg" => {
            "is written in a way that is not read; save it as .docx, .pdf, .html or .md"
        }
        "ppt" | "pptx" | "odp" | "key" => "is a presentation, which is not read; save it as .pdf",
        "xls" | "ods" | "numbers" => "is a table that is not read; save it as .xlsx or .csv",
        "json" | "jsonl" | "xml" | "gz" | "zip" => "is no text; if it is a product feed, give it by itself",
        _ => return None,
    })
}

fn reject(source: String, reason: String) -> Reject {
    Reject { source, place: String::new(), reason }
}

fn text(source: &str, path: &Path) -> Result<(String, Vec<u8>), String> {
    let file = std::fs::File::open(path).map_err(|cause| format!("cannot be read: {cause}"))?;
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too long, however it grows meanwhile.
    file.take(RICH_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|cause| format!("cannot be read: {cause}"))?;
    Ok((source.to_owned(), bytes))
}
