//! What a path holds: a feed, texts, or a whole shop.

use crate::cli::BoxError;
use souk::catalog::feed::FEED_BYTES_MAX;
use souk::domain::id::ShopId;
use souk::fetch::Fetcher;
use souk::knowledge::load::{self, FILE_BYTES_MAX, Reject};
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
    /// Markdown texts.
    Texts {
        /// Source and Markdown.
        texts: Vec<(String, String)>,
        /// Files that were left out.
        rejected: Vec<Reject>,
    },
    /// A shop's folder.
    Shop {
        /// The shop's id.
        id: ShopId,
        /// What is in it.
        folder: Box<Folder>,
        /// Files that were left out.
        rejected: Vec<Reject>,
    },
}

/// Reads what a path or an address names.
pub async fn read(path: &Path, fetcher: &Fetcher) -> Result<Source, BoxError> {
    let shown = path.display();
    if let Some(url) = path.to_str().filter(|text| text.starts_with("https://") || text.starts_with("http://")) {
        let fetched = fetcher.get(url, FEED_BYTES_MAX, None).await?.ok_or_else(|| format!("{url} gave nothing"))?;
        return told(url.to_owned(), fetched.bytes);
    }
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
    let max = if is_text(&name) { FILE_BYTES_MAX } else { FEED_BYTES_MAX };
    let file = std::fs::File::open(path).map_err(|e| format!("{shown} cannot be opened: {e}"))?;
    let bytes = bounded(file, max).map_err(|e| format!("{shown}: {e}"))?;
    told(name, bytes)
}

/// A feed, or a text by its name.
fn told(name: String, bytes: Vec<u8>) -> Result<Source, BoxError> {
    if !is_text(&name) {
        return Ok(Source::Feed { name, bytes });
    }
    let shown = &name;
    let text = String::from_utf8(bytes).map_err(|_| format!("{shown} is not UTF-8; save it as UTF-8"))?;
    if text.trim().is_empty() {
        return Err(format!("{shown} is empty").into());
    }
    Ok(Source::Texts { texts: vec![(name, text)], rejected: Vec::new() })
}

fn is_text(name: &str) -> bool {
    name.to_lowercase().ends_with(".md")
}

fn folder(path: &Path) -> Result<Source, BoxError> {
    let shown = path.display();
    let loaded = load::read(path).map_err(|e| format!("{shown} cannot be read: {e}"))?;
    if path.join("shop.toml").exists() {
        let folder = onboard::read(path).map_err(|e| format!("{shown}: {e}"))?;
        let id = folder.profile.shop(false).map_err(|e| format!("{shown}: {e}"))?.id;
        return Ok(Source::Shop { id, folder: Box::new(folder), rejected: loaded.rejects });
    }
    if loaded.texts.is_empty() && loaded.rejects.is_empty() {
        return Err(format!(
            "{shown} holds neither a shop.toml nor Markdown files (.md); name a product feed itself, such as {shown}/products.csv"
        )
        .into());
    }
    let texts = loaded.texts.into_iter().map(|t| (t.source, t.text)).collect();
    Ok(Source::Texts { texts, rejected: loaded.rejects })
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
