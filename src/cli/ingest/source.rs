//! What a path holds: a feed, texts, or a whole shop.

use crate::cli::BoxError;
use souk::catalog::feed::FEED_BYTES_MAX;
use souk::domain::id::ShopId;
use souk::knowledge::load::{self, Format, Loaded, RICH_BYTES_MAX};
use souk::onboard::{self, Folder};
use std::io::Read;
use std::path::Path;

/// The name of what comes from standard input.
pub const STDIN: &str = "-";

/// What was found.
#[derive(Debug)]
pub enum Source {
    /// A product feed.
    Feed {
        /// Its file name, for hints.
        name: String,
        /// Its content.
        bytes: Vec<u8>,
    },
    /// Texts.
    Texts(Loaded),
    /// A shop's folder.
    Shop {
        /// The shop's id.
        id: ShopId,
        /// What is in it.
        folder: Box<Folder>,
    },
}

/// Reads what a path names.
pub fn read(path: &Path) -> Result<Source, BoxError> {
    let shown = path.display();
    if path.as_os_str() == STDIN {
        return Ok(Source::Feed {
            name: "standard input".to_owned(),
            bytes: bounded(std::io::stdin(), FEED_BYTES_MAX)?,
        });
    }
    let meta = std::fs::metadata(path).map_err(|e| format!("{shown} cannot be read: {e}; check the path"))?;
    if meta.is_dir() {
        return folder(path);
    }
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let low = name.to_lowercase();
    if [".gz", ".zip", ".bz2", ".xz", ".zst"].iter().any(|end| low.ends_with(end)) {
        return Err(
            format!("{shown} is compressed; unpack it first, for instance: gunzip -c {shown} | souk ingest -").into()
        );
    }
    let file = std::fs::File::open(path).map_err(|e| format!("{shown} cannot be opened: {e}"))?;
    let bytes = bounded(file, FEED_BYTES_MAX).map_err(|e| format!("{shown}: {e}"))?;
    let format = load::recognise(&name, &bytes);
    // A table is a feed unless it is one of questions and answers.
    let table = matches!(format, Some(Format::Csv)) && bytes.len() as u64 <= RICH_BYTES_MAX;
    match load::read_bytes(&name, &bytes, "") {
        Ok((text, rejects)) => Ok(Source::Texts(Loaded { texts: vec![text], rejects, ..Loaded::default() })),
        Err(_) if format.is_none() || table => Ok(Source::Feed { name, bytes }),
        Err(reject) => Err(format!("{shown} {}", reject.reason).into()),
    }
}

fn folder(path: &Path) -> Result<Source, BoxError> {
    let shown = path.display();
    let loaded = load::read_folder(path).map_err(|e| format!("{shown} cannot be read: {e}"))?;
    if path.join("shop.toml").exists() {
        let folder = onboard::read(path).map_err(|e| format!("{shown}: {e}"))?;
        let id = folder.profile.shop(false).map_err(|e| format!("{shown}: {e}"))?.id;
        return Ok(Source::Shop { id, folder: Box::new(folder) });
    }
    if loaded.texts.is_empty() && loaded.rejects.is_empty() {
        return Err(format!(
            "{shown} holds neither a shop.toml nor texts (.md, .html, .txt, .pdf, .docx, .csv, .xlsx); name a product feed itself, such as {shown}/products.csv"
        )
        .into());
    }
    Ok(Source::Texts(loaded))
}

fn bounded(from: impl Read, max: u64) -> Result<Vec<u8>, BoxError> {
    let mut bytes = Vec::new();
    // One byte more than allowed tells an input that is too long, however it grows meanwhile.
    from.take(max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max {
        return Err(format!("it is longer than {max} bytes; split it").into());
    }
    Ok(bytes)
}
