//! Secrets this program makes for itself: a file of the data folder that only its owner may read.

use crate::clock::Ids;
use std::io::{self, Write};
use std::path::Path;

/// Shortest line that counts as a secret.
pub const CHARS_MIN: usize = 20;
/// Most lines that are read.
const LINES_MAX: usize = 16;

/// The secrets of a file, the one in use first; made when there are none. Whoever changes a secret writes the new one
/// above the old one, which stays good as long as it is listed.
pub fn kept(file: &Path, ids: &dyn Ids) -> io::Result<Vec<String>> {
    let found = read(file)?;
    if !found.is_empty() {
        return Ok(found);
    }
    // Made whole beside its place and moved there, so that nobody reads half a secret.
    let fresh = file.with_extension(format!("new-{}", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&fresh)?.write_all(format!("{}\n", ids.secret()).as_bytes())?;
    // A link does not replace what another process put there meanwhile; both then use the same.
    let linked = std::fs::hard_link(&fresh, file);
    let placed = match linked {
        Ok(()) => std::fs::remove_file(&fresh),
        Err(_) if read(file)?.is_empty() => std::fs::rename(&fresh, file),
        Err(_) => std::fs::remove_file(&fresh),
    };
    placed.and_then(|()| read(file))
}

fn read(file: &Path) -> io::Result<Vec<String>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let lines = text.lines().map(str::trim).filter(|line| line.len() >= CHARS_MIN);
    Ok(lines.take(LINES_MAX).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::RandomIds;

    #[test]
    fn a_secret_is_made_once_and_older_ones_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("links.key");
        let ids = RandomIds::default();
        let first = kept(&file, &ids).expect("made");
        assert_eq!(kept(&file, &ids).expect("read"), first);
        assert_eq!(first.len(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(&file, format!("a-new-secret-of-the-operator\n\nshort\n{}\n", first.concat())).expect("written");
        assert_eq!(kept(&file, &ids).expect("read"), ["a-new-secret-of-the-operator".to_owned(), first.concat()]);
        std::fs::write(&file, "\n").expect("written");
        assert_ne!(kept(&file, &ids).expect("made again"), first);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left lying about");
    }
}
