//! What a path holds: a feed, texts, or a whole shop.

use crate::cli::BoxError;
use souk::catalog::feed::{self, FEED_BYTES_MAX};
use souk::domain::id::ShopId;
use souk::fetch::Fetcher;
use souk::knowledge::load::{self, Format, Loaded};
use souk::onboard::{self, Folder};
use std::io::Read;
use std::path::Path;

/// The name of what comes from standard input.
pub const STDIN: &str = "-";
/// Bytes at the beginning of a file in which a map of a site says that it is one.
const MAP_HEAD_BYTES: usize = 2_000;

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
    /// A web site, by its address or that of its map.
    Site(String),
    /// A shop's folder.
    Shop {
        /// The shop's id.
        id: ShopId,
        /// What is in it.
        folder: Box<Folder>,
    },
}

/// Reads what a path or an address names.
pub async fn read(path: &Path, site: bool, fetcher: &Fetcher) -> Result<Source, BoxError> {
    let shown = path.display();
    if let Some(url) = path.to_str().filter(|text| text.starts_with("https://") || text.starts_with("http://")) {
        if site {
            return Ok(Source::Site(url.to_owned()));
        }
        let fetched = fetcher.get(url, FEED_BYTES_MAX, None).await?.ok_or_else(|| format!("{url} gave nothing"))?;
        if is_map(&fetched.bytes) {
            return Ok(Source::Site(url.to_owned()));
        }
        return told(url.to_owned(), fetched.bytes, &fetched.charset);
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
    if [".bz2", ".xz", ".zst"].iter().any(|end| low.ends_with(end)) {
        return Err(format!("{shown} is compressed in a way that is not read; unpack it, or pack it with gzip").into());
    }
    let file = std::fs::File::open(path).map_err(|e| format!("{shown} cannot be opened: {e}"))?;
    let bytes = bounded(file, FEED_BYTES_MAX).map_err(|e| format!("{shown}: {e}"))?;
    told(name, bytes, "")
}

/// A feed, or a text: by its content.
fn told(name: String, bytes: Vec<u8>, charset: &str) -> Result<Source, BoxError> {
    let format = load::recognise(&name, &bytes);
    // Google's feeds are tables in files that end in .txt.
    if format == Some(Format::Plain) && feed::recognise(&name, &bytes).is_some() {
        return Ok(Source::Feed { name, bytes });
    }
    // A table is a feed unless it is one of questions and answers, which are never as long as feeds may be.
    let table = matches!(format, Some(Format::Csv | Format::Xlsx));
    match load::read_bytes(&name, &bytes, charset) {
        Ok((text, rejects)) => Ok(Source::Texts(Loaded { texts: vec![text], rejects, ..Loaded::default() })),
        Err(_) if format.is_none() || table => Ok(Source::Feed { name, bytes }),
        Err(reject) => Err(format!("{name} {}", reject.reason).into()),
    }
}

/// Whether this is the map of a web site.
fn is_map(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(MAP_HEAD_BYTES)).unwrap_or_default()).into_owned();
    start.contains("<urlset") || start.contains("<sitemapindex")
}

fn folder(path: &Path) -> Result<Source, BoxError> {
    let shown = path.display();
    let mut loaded = load::read_folder(path).map_err(|e| format!("{shown} cannot be read: {e}"))?;
    if path.join("shop.toml").exists() {
        let folder = onboard::read(path).map_err(|e| format!("{shown}: {e}"))?;
        let id = folder.profile.shop(false).map_err(|e| format!("{shown}: {e}"))?.id;
        return Ok(Source::Shop { id, folder: Box::new(folder) });
    }
    // Only a shop's own folder is read with its products.
    for (name, _) in onboard::feeds(path).map_err(|e| format!("{shown}: {e}"))? {
        let reason = format!("is a product feed; give it by itself: souk ingest {}", path.join(&name).display());
        loaded.leave_out(&name);
        loaded.rejects.push(load::Reject { source: name, place: String::new(), reason });
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
