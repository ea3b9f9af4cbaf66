//! Which shops are in memory: read when first asked for, brought up to date when the database moved on, the least recently
//! used given up first.

use crate::search::Error;
use crate::search::embedded::held::{Fresh, Held, Meta};
use futures_util::TryStreamExt;
use sqlx::Sqlite;
use sqlx::SqlitePool;
use sqlx::Transaction;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use tokio::sync::OwnedRwLockReadGuard;
use tokio::sync::RwLock;

/// Bytes of words and vectors in memory, over all shops; one larger shop alone may exceed it.
pub const BYTES_MAX: usize = 256 * 1024 * 1024;

/// What remembering one more shop costs at least.
const ENTRY_BYTES: usize = 500;

const STATE: &str = "SELECT version, epoch, generation, dims FROM search_shops WHERE shop_id = $1";

const GONE: &str = "SELECT doc_row FROM search_gone WHERE shop_id = $1 AND rev > $2";

const CHANGED: &str = "SELECT doc_row, kind, doc_id, price_min, price_max, in_stock, pairs, words, words_hash,
        CASE WHEN made = $3 THEN vector END
    FROM search_docs WHERE shop_id = $1 AND rev > $2";

const EMBEDDED: &str = "SELECT doc_row, vector FROM search_docs
    WHERE shop_id = $1 AND vector_rev > $2 AND rev <= $2 AND made = $3 AND vector IS NOT NULL";

type DocRow = (i64, i64, String, i64, i64, i64, Vec<u8>, Vec<u8>, i64, Option<Vec<u8>>);

/// The shops in memory.
pub struct Cache {
    shops: Mutex<Shops>,
    bytes_max: usize,
}

#[derive(Default)]
struct Shops {
    held: HashMap<String, Entry>,
    uses: u64,
}

#[derive(Clone, Default)]
struct Entry {
    shop: Arc<RwLock<Held>>,
    bytes: usize,
    used: u64,
}

/// What the database says of a shop.
#[derive(Clone, Copy)]
struct State {
    version: i64,
    epoch: i64,
    generation: i64,
    dims: Option<i64>,
}

impl Cache {
    /// Empty, and never much over so many bytes.
    pub fn new(bytes_max: usize) -> Self {
        Self { shops: Mutex::default(), bytes_max }
    }

    /// The shop as the database has it now.
    pub async fn current(&self, readers: &SqlitePool, shop: &str) -> Result<OwnedRwLockReadGuard<Held>, Error> {
        let Some(state) = state(&mut *readers.acquire().await?, shop).await? else {
            // Not remembered, so that asking for shops that do not exist takes no memory.
            return Ok(Arc::new(RwLock::new(Held::default())).read_owned().await);
        };
        let lock = self.entry(shop);
        {
            let read = Arc::clone(&lock).read_owned().await;
            if read.version >= state.version {
                return Ok(read);
            }
        }
        let mut write = lock.write_owned().await;
        // Another task may have refreshed it while this one waited.
        if write.version < state.version {
            let mut tx = readers.begin().await?;
            if let Err(fault) = refresh(&mut tx, shop, &mut write).await {
                *write = Held::default();
                return Err(fault);
            }
        }
        self.account(shop, write.bytes());
        Ok(write.downgrade())
    }

    fn entry(&self, shop: &str) -> Arc<RwLock<Held>> {
        let mut shops = self.shops.lock().unwrap_or_else(PoisonError::into_inner);
        shops.uses += 1;
        let used = shops.uses;
        let entry = shops.held.entry(shop.to_owned()).or_default();
        entry.used = used;
        Arc::clone(&entry.shop)
    }

    /// Remembers a shop's size and gives up others until all fit. Whoever still reads one keeps it until done.
    fn account(&self, shop: &str, bytes: usize) {
        let mut shops = self.shops.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = shops.held.get_mut(shop) {
            entry.bytes = bytes + ENTRY_BYTES;
        }
        let mut total: usize = shops.held.values().map(|entry| entry.bytes).sum();
        while total > self.bytes_max {
            let others = shops.held.iter().filter(|(name, _)| *name != shop);
            let Some(oldest) = others.min_by_key(|(_, entry)| entry.used).map(|(name, _)| name.clone()) else { break };
            total -= shops.held.remove(&oldest).map_or(0, |entry| entry.bytes);
        }
    }

    #[cfg(test)]
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.shops.lock().unwrap().held.keys().cloned().collect();
        names.sort();
        names
    }
}

async fn state(connection: &mut sqlx::SqliteConnection, shop: &str) -> Result<Option<State>, Error> {
    let row: Option<(i64, i64, i64, Option<i64>)> = sqlx::query_as(STATE).bind(shop).fetch_optional(connection).await?;
    Ok(row.map(|(version, epoch, generation, dims)| State { version, epoch, generation, dims }))
}

/// Reads what changed since the known version, or everything if that cannot be told any more. The transaction makes version
/// and rows one snapshot.
async fn refresh(tx: &mut Transaction<'_, Sqlite>, shop: &str, held: &mut Held) -> Result<(), Error> {
    let Some(state) = state(tx, shop).await? else { return Ok(()) };
    let dims = state.dims.and_then(|dims| usize::try_from(dims).ok()).unwrap_or(0);
    if state.epoch > held.version || held.is_loose() {
        *held = Held::default();
    }
    if state.generation != held.generation || dims != held.dims {
        held.drop_vectors(state.generation, dims);
    }
    // Those that went away first: their rows may be others' by now.
    let gone: Vec<(i64,)> = sqlx::query_as(GONE).bind(shop).bind(held.version).fetch_all(&mut **tx).await?;
    for (row,) in gone {
        held.remove(row);
    }
    let wrong = || Error::Corrupt("a stored document cannot be read".into());
    let mut rows =
        sqlx::query_as::<_, DocRow>(CHANGED).bind(shop).bind(held.version).bind(state.generation).fetch(&mut **tx);
    while let Some((row, kind, id, price_min, price_max, in_stock, pairs, words, words_hash, vector)) =
        rows.try_next().await?
    {
        let meta = Meta { kind, price_min, price_max, in_stock: in_stock != 0, pairs: hashes(&pairs) };
        if !held.set(Fresh { row, id, meta, words, words_hash, vector }) {
            return Err(wrong());
        }
    }
    drop(rows);
    let mut rows = sqlx::query_as::<_, (i64, Vec<u8>)>(EMBEDDED)
        .bind(shop)
        .bind(held.version)
        .bind(state.generation)
        .fetch(&mut **tx);
    while let Some((row, vector)) = rows.try_next().await? {
        if !held.set_vector(row, &vector) {
            return Err(wrong());
        }
    }
    held.version = state.version;
    Ok(())
}

fn hashes(bytes: &[u8]) -> Box<[u64]> {
    bytes.as_chunks::<8>().0.iter().map(|hash| u64::from_le_bytes(*hash)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_shop_goes_first() {
        let cache = Cache::new(10_000);
        for shop in ["a", "b", "c"] {
            cache.entry(shop);
            cache.account(shop, 4_000);
            cache.entry("a");
        }
        assert_eq!(cache.names(), ["a", "c"]);
        cache.account("c", 50_000);
        assert_eq!(cache.names(), ["c"]);
    }
}
