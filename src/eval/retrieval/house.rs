//! The shop a bench measures in: a feed taken in as every shop takes it in, kept beside its vectors for the next run.

use crate::app::{App, assemble};
use crate::catalog::feed::FEED_BYTES_MAX;
use crate::catalog::index;
use crate::catalog::ingest::{self, Missing};
use crate::config::Loaded;
use crate::domain::id::ShopId;
use crate::domain::money::{Currency, Money};
use crate::domain::shop::{AfterSales, Shipping, Shop};
use crate::eval::retrieval::Error;
use crate::eval::retrieval::kept::Kept;
use crate::search::Kind;
use crate::worker;
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The shop's id.
const SHOP: &str = "bench";
/// In its folder: what it was made of and by.
const MADE_OF: &str = "made-of";
/// Letters of hashes in names of folders.
const NAME_CHARS: usize = 12;
/// Jobs done for one feed at most.
const JOBS_MAX: u64 = 1_000_000;

/// A step of the way, how far, and how far to go.
pub type Progress<'a> = &'a mut (dyn FnMut(&str, u64, u64) + Send);

/// Where the shop for a feed and an embedder lies below a folder.
pub fn folder(below: &Path, feed: &Path, model: &str) -> Result<PathBuf, Error> {
    let bytes = std::fs::read(feed).map_err(|source| Error::Feed { file: feed.to_owned(), source })?;
    let model: String = model.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let hash: String = hex(&Sha256::digest(&bytes)).chars().take(NAME_CHARS).collect();
    Ok(below.join(format!("{hash}-{model}")))
}

/// Opens the shop of a data folder as it is.
pub async fn as_it_is(loaded: &Loaded) -> Result<(Arc<App>, Shop), Error> {
    let app = assemble::from_config(loaded, &loaded.config.public_url()).await?;
    let shop = app.store.read(&app.shop).await?.shop().await?;
    let shop = shop.ok_or_else(|| Error::NoShop(loaded.data.clone()))?;
    Ok((Arc::new(app), shop))
}

/// Opens the shop of a feed, taking the feed in where this program has not yet done so. `loaded.data` is its folder; vectors
/// are kept beside it, so that they are made once for each text, whatever else changes.
pub async fn of_feed(loaded: &Loaded, feed: &Path, progress: Progress<'_>) -> Result<(Arc<App>, Shop), Error> {
    let folder = &loaded.data;
    let scratch = |source| Error::Folder { folder: folder.clone(), source };
    let program = program();
    let current = std::fs::read_to_string(folder.join(MADE_OF)).is_ok_and(|made_of| made_of == program);
    if !current && folder.exists() {
        std::fs::remove_dir_all(folder).map_err(scratch)?;
    }
    std::fs::create_dir_all(folder).map_err(scratch)?;
    let mut app = assemble::from_config(loaded, &loaded.config.public_url()).await?;
    let vectors = folder.with_extension("vectors");
    app.embedder = Arc::new(Kept::open(Arc::clone(&app.embedder), &vectors).map_err(scratch)?);
    app.shop = ShopId::new(SHOP);
    let app = Arc::new(app);
    if !current {
        take_in(&app, feed, progress).await?;
        std::fs::write(folder.join(MADE_OF), program).map_err(scratch)?;
    }
    Ok((app, shop()))
}

/// Who made it: another build may read a feed or cut its texts otherwise.
fn program() -> String {
    let meta = std::env::current_exe().and_then(std::fs::metadata);
    let when = meta.as_ref().ok().and_then(|m| m.modified().ok());
    format!("{} {:?} {when:?}", env!("CARGO_PKG_VERSION"), meta.ok().map(|m| m.len()))
}

async fn take_in(app: &Arc<App>, feed: &Path, progress: Progress<'_>) -> Result<(), Error> {
    let (name, bytes) = read(feed).map_err(|source| Error::Feed { file: feed.to_owned(), source })?;
    let shop = shop();
    let mut tx = app.store.begin(&shop.id).await?;
    tx.save_shop(&shop).await?;
    tx.commit().await?;
    index::keep_up(app, &shop.id).await?;
    let told = &mut |done, of| progress("Storing products", done, of);
    ingest::ingest(app, &shop.id, &name, &bytes, Missing::Retire, told).await?;
    let (products, _) = app.store.read(&shop.id).await?.catalog_size().await?;
    let of = products.unsigned_abs();
    for _ in 0..JOBS_MAX {
        progress("Indexing products", app.index.count(&shop.id, Kind::Product).await?, of);
        if worker::drain(app, 1).await == 0 {
            break;
        }
    }
    let found = app.index.count(&shop.id, Kind::Product).await?;
    if found == of && of > 0 { Ok(()) } else { Err(Error::NotIndexed { found, of }) }
}

/// A feed's name and content, unpacked.
fn read(feed: &Path) -> Result<(String, Vec<u8>), std::io::Error> {
    let name = feed.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let file = std::fs::File::open(feed)?;
    let mut bytes = Vec::new();
    let unpacked = match name.strip_suffix(".gz") {
        Some(unpacked) => {
            GzDecoder::new(file).take(FEED_BYTES_MAX).read_to_end(&mut bytes)?;
            unpacked.to_owned()
        }
        None => {
            file.take(FEED_BYTES_MAX).read_to_end(&mut bytes)?;
            name
        }
    };
    Ok((unpacked, bytes))
}

fn shop() -> Shop {
    let currency = Currency::EUR;
    Shop {
        id: ShopId::new(SHOP),
        name: SHOP.to_owned(),
        currency,
        locale: "en".to_owned(),
        time_zone: "UTC".to_owned(),
        greeting: String::new(),
        starters: Vec::new(),
        colleagues: String::new(),
        shipping: Shipping { label: String::new(), fee: Money::zero(currency), free_from: None },
        order_prefix: "B".to_owned(),
        address: Vec::new(),
        tax: None,
        after_sales: AfterSales::default(),
        demo: false,
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
