//! Compressed feeds: what stands inside, within bounds.

use crate::catalog::feed::Error;
use flate2::read::MultiGzDecoder;
use std::borrow::Cow;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Files of an archive that are looked at.
const ENTRIES_MAX: usize = 1_000;

/// What a file is once it is unpacked.
pub enum Content<'a> {
    /// Text in some encoding.
    Text(Cow<'a, [u8]>),
    /// A workbook, still as an archive.
    Workbook(Cow<'a, [u8]>),
}

/// Unpacks gzip and an archive of one file; at most `max` bytes come out, whatever the file promises.
pub fn unpack(bytes: &[u8], max: u64) -> Result<Content<'_>, Error> {
    if bytes.starts_with(b"\x1F\x8B") {
        let text = bounded(MultiGzDecoder::new(bytes), max)?;
        // Compressed once more is nobody's feed, and unpacking again is how bombs work.
        return if text.starts_with(b"PK\x03\x04") {
            archive(Cow::Owned(text), max)
        } else {
            Ok(Content::Text(text.into()))
        };
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return archive(Cow::Borrowed(bytes), max);
    }
    Ok(Content::Text(Cow::Borrowed(bytes)))
}

fn archive(bytes: Cow<'_, [u8]>, max: u64) -> Result<Content<'_>, Error> {
    let broken = |_| unknown("it is a damaged archive; pack or export it anew");
    let mut archive = ZipArchive::new(Cursor::new(bytes.as_ref())).map_err(broken)?;
    let names: Vec<String> = archive.file_names().take(ENTRIES_MAX).flatten().map(Cow::into_owned).collect();
    if names.iter().any(|name| name == "xl/workbook.xml") {
        let promised: u64 = (0..archive.len()).filter_map(|n| archive.by_index_raw(n).ok().map(|f| f.size())).sum();
        if promised > max {
            return Err(Error::TooLarge { bytes: promised, max });
        }
        drop(archive);
        return Ok(Content::Workbook(bytes));
    }
    // What a Mac packs beside each file is no content.
    let real = |name: &&String| !name.ends_with('/') && !name.starts_with("__MACOSX/") && !name.ends_with(".DS_Store");
    let files: Vec<&String> = names.iter().filter(real).collect();
    let [name] = files.as_slice() else {
        return Err(unknown(&format!("it is an archive of {} files; pack one file of products alone", files.len())));
    };
    let text = bounded(archive.by_name(name).map_err(broken)?, max)?;
    Ok(Content::Text(text.into()))
}

fn bounded(reader: impl Read, max: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = reader.take(max.saturating_add(1)).read_to_end(&mut bytes);
    if bytes.len() as u64 > max {
        return Err(Error::TooLarge { bytes: bytes.len() as u64, max });
    }
    match read {
        Ok(_) => Ok(bytes),
        Err(_) => Err(unknown("it is compressed and damaged; pack or export it anew")),
    }
}

fn unknown(hint: &str) -> Error {
    Error::UnknownFormat { hint: hint.to_owned() }
}
