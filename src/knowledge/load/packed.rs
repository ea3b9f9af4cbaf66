//! Files that are packed folders (DOCX, XLSX): opened within limits, because a small one can unpack to anything.

use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Bytes that all parts of a file may unpack to.
pub const UNPACKED_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// Parts of a file.
const PARTS_MAX: usize = 5_000;
/// Parts that are read.
const BROKEN: &str = "is broken; open it and save it again";

/// Opens a file and unpacks it once, to see that it stays within limits whatever it says of itself.
pub fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BROKEN.to_owned())?;
    if zip.len() > PARTS_MAX {
        return Err(format!("has more than {PARTS_MAX} parts; save its text as a new file"));
    }
    let mut left = UNPACKED_BYTES_MAX;
    for index in 0..zip.len() {
        let part = zip.by_index(index).map_err(|_| BROKEN.to_owned())?;
        let came = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| BROKEN.to_owned())?;
        if came > left {
            return Err(format!(
                "unpacks to more than {} MB; save its text as a new file",
                UNPACKED_BYTES_MAX / 1_048_576
            ));
        }
        left -= came;
    }
    Ok(zip)
}

/// Whether a packed file has a part of this name.
pub fn has(bytes: &[u8], part: &str) -> bool {
    ZipArchive::new(Cursor::new(bytes)).is_ok_and(|zip| zip.index_for_name(part).is_some())
}

/// One part of a file.
pub fn part(zip: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<Vec<u8>> {
    let part = zip.by_name(name).ok()?;
    let mut bytes = Vec::new();
    part.take(UNPACKED_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
