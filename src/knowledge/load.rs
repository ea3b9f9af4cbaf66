//! Reading a folder of Markdown files: bounded, in a fixed order, never outside the folder.

use serde::Serialize;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes of one file at most.
pub const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Files of a folder at most.
pub const FILES_MAX: usize = 2_000;
/// Folders inside folders at most.
pub const DEPTH_MAX: usize = 8;
/// Entries looked at, whatever they are.
pub const ENTRIES_MAX: usize = 50_000;

/// A file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Path below the folder with `/`: `returns.md`.
    pub source: String,
    /// Its Markdown.
    pub text: String,
}

/// A file that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// Path below the folder.
    pub source: String,
    /// Why.
    pub reason: String,
}

/// What a folder holds, sorted by source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The readable files.
    pub texts: Vec<Text>,
    /// The others.
    pub rejects: Vec<Reject>,
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

/// Reads every `*.md` file of a folder and its sub-folders; hidden ones are skipped, links are not followed.
pub fn read(folder: &Path) -> Result<Loaded, Error> {
    let mut loaded = Loaded::default();
    let mut found = Vec::new();
    let mut entries_left = ENTRIES_MAX;
    let top = std::fs::read_dir(folder).map_err(|cause| Error::Folder { folder: folder.to_owned(), cause })?;
    let mut open = vec![(top, String::new(), 0)];
    while let Some((entries, prefix, depth)) = open.pop() {
        for entry in entries {
            if entries_left == 0 {
                let reason = format!("only the first {ENTRIES_MAX} entries were looked at");
                loaded.rejects.push(Reject { source: prefix, reason });
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
            if kind.is_file() && name.to_lowercase().ends_with(".md") {
                found.push((source, entry.path()));
            } else if kind.is_dir() && depth < DEPTH_MAX {
                match std::fs::read_dir(entry.path()) {
                    Ok(inner) => open.push((inner, format!("{source}/"), depth + 1)),
                    Err(cause) => loaded.rejects.push(Reject { source, reason: format!("cannot be read: {cause}") }),
                }
            } else if kind.is_dir() {
                let reason = format!("folders more than {DEPTH_MAX} deep are not read");
                loaded.rejects.push(Reject { source, reason });
            }
        }
    }
    found.sort();
    for (index, (source, path)) in found.into_iter().enumerate() {
        let text = if index < FILES_MAX { text(&path) } else { Err(format!("only {FILES_MAX} files are read")) };
        match text {
            Ok(text) => loaded.texts.push(Text { source, text }),
            Err(reason) => loaded.rejects.push(Reject { source, reason }),
        }
    }
    loaded.rejects.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(loaded)
}

fn text(path: &Path) -> Result<String, String> {
    let file = std::fs::File::open(path).map_err(|cause| format!("cannot be read: {cause}"))?;
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too long, however it grows meanwhile.
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|cause| format!("cannot be read: {cause}"))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(format!("is longer than {FILE_BYTES_MAX} bytes; split it"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "is not UTF-8; save it as UTF-8".to_owned())?;
    if text.trim().is_empty() { Err("is empty".to_owned()) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_readable_markdown_is_read_in_a_fixed_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            std::fs::write(path, bytes).expect("written");
        };
        write("b.md", b"# B");
        write("a/z.MD", b"# Z");
        write("a/.hidden.md", b"x");
        write(".git/x.md", b"x");
        write("c.txt", b"x");
        write("latin.md", b"caf\xE9");
        write("empty.md", b" \n");
        write("long.md", &vec![b'x'; FILE_BYTES_MAX as usize + 1]);
        write("1/2/3/4/5/6/7/8/9/deep.md", b"x");
        let loaded = read(folder.path()).expect("a folder");
        assert_eq!(loaded.texts.iter().map(|t| t.source.as_str()).collect::<Vec<_>>(), ["a/z.MD", "b.md"]);
        let rejects: Vec<String> = loaded.rejects.iter().map(|r| format!("{} {}", r.source, r.reason)).collect();
        insta::assert_snapshot!(rejects.join("\n"), @r##"
        1/2/3/4/5/6/7/8/9 folders more than 8 deep are not read
        empty.md is empty
        latin.md is not UTF-8; save it as UTF-8
        long.md is longer than 1048576 bytes; split it
        "##);
        assert!(read(&folder.path().join("absent")).is_err());
    }
}
