//! An embedder that remembers: each text's vector is written to a file once, so that the next run compares rankings instead of
//! waiting for the same vectors.

use crate::embed::{Embedder, Error};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a text's hash.
const KEY: usize = 16;
/// Bytes of a file that are read; more than that many vectors are made anew.
const BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// An embedder with a file of what it made.
pub struct Kept {
    inner: Arc<dyn Embedder>,
    made: Mutex<Made>,
}

struct Made {
    vectors: HashMap<[u8; KEY], Vec<f32>>,
    file: File,
}

impl Kept {
    /// Reads what was made before. A record that was cut off by a kill is written over.
    pub fn open(inner: Arc<dyn Embedder>, path: &Path) -> std::io::Result<Self> {
        let mut file = File::options().create(true).read(true).append(true).open(path)?;
        let mut bytes = Vec::new();
        (&mut file).take(BYTES_MAX).read_to_end(&mut bytes)?;
        let record = KEY + inner.dims() * size_of::<f32>();
        let whole = bytes.len() - bytes.len() % record.max(1);
        file.set_len(whole as u64)?;
        let mut vectors = HashMap::new();
        for chunk in bytes.chunks_exact(record) {
            let Some((key, numbers)) = chunk.split_first_chunk::<KEY>() else { continue };
            let (numbers, _) = numbers.as_chunks::<4>();
            vectors.insert(*key, numbers.iter().map(|n| f32::from_le_bytes(*n)).collect());
        }
        Ok(Self { inner, made: Mutex::new(Made { vectors, file }) })
    }

    fn known(&self, key: &[u8; KEY]) -> Option<Vec<f32>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).vectors.get(key).cloned()
    }

    fn remember(&self, fresh: Vec<([u8; KEY], Vec<f32>)>) -> std::io::Result<()> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::new();
        for (key, vector) in fresh {
            bytes.extend_from_slice(&key);
            vector.iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
            made.vectors.insert(key, vector);
        }
        made.file.write_all(&bytes)
    }
}

/// The embedder is part of the key: another one makes other vectors of the same length.
fn key(stamp: &str, text: &str) -> [u8; KEY] {
    let hash = Sha256::new().chain_update(stamp).chain_update([0]).chain_update(text).finalize();
    hash.first_chunk::<KEY>().copied().unwrap_or_default()
}

#[async_trait::async_trait]
impl Embedder for Kept {
    fn stamp(&self) -> String {
        self.inner.stamp()
    }

    fn name(&self) -> String {
        self.inner.name()
    }

    fn dims(&self) -> usize {
        self.inner.dims()
    }

    fn weight(&self) -> f32 {
        self.inner.weight()
    }

    fn near(&self) -> f32 {
        self.inner.near()
    }

    // Questions are not kept: how long one takes is a part of what is measured.
    async fn embed_query(&self, text: &str) -> Result<Vec<f32>, Error> {
        self.inner.embed_query(text).await
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, Error> {
        let stamp = self.stamp();
        let keys: Vec<[u8; KEY]> = texts.iter().map(|text| key(&stamp, text)).collect();
        let mut vectors: Vec<Option<Vec<f32>>> = keys.iter().map(|key| self.known(key)).collect();
        let open = |(text, vector): (&String, &Option<Vec<f32>>)| vector.is_none().then(|| text.clone());
        let missing: Vec<String> = texts.iter().zip(&vectors).filter_map(open).collect();
        if !missing.is_empty() {
            let mut made = self.inner.embed(&missing).await?.into_iter();
            let mut fresh = Vec::new();
            for (key, place) in keys.into_iter().zip(&mut vectors).filter(|(_, place)| place.is_none()) {
                let vector = made.next().unwrap_or_default();
                if vector.len() == self.dims() {
                    fresh.push((key, vector.clone()));
                }
                *place = Some(vector);
            }
            // What cannot be kept is made again next time.
            let _ = self.remember(fresh);
        }
        Ok(vectors.into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Default)]
    struct Counting(AtomicUsize);

    #[async_trait::async_trait]
    impl Embedder for Counting {
        fn stamp(&self) -> String {
            "counting".to_owned()
        }
        fn name(&self) -> String {
            "counting".to_owned()
        }
        fn dims(&self) -> usize {
            2
        }
        fn weight(&self) -> f32 {
            0.5
        }
        async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, Error> {
            self.0.fetch_add(texts.len(), Ordering::Relaxed);
            Ok(texts.iter().map(|text| vec![text.len() as f32, 1.0]).collect())
        }
    }

    #[tokio::test]
    async fn a_text_is_embedded_once_even_after_a_torn_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vectors");
        let texts: Vec<String> = ["a", "bb", "a", "ccc"].map(str::to_owned).to_vec();
        let inner = Arc::new(Counting::default());
        let kept = Kept::open(Arc::clone(&inner) as _, &path).unwrap();
        let first = kept.embed(&texts).await.unwrap();
        assert_eq!(first, [[1.0, 1.0], [2.0, 1.0], [1.0, 1.0], [3.0, 1.0]]);
        drop(kept);
        File::options().append(true).open(&path).unwrap().write_all(b"torn").unwrap();
        inner.0.store(0, Ordering::Relaxed);
        let kept = Kept::open(Arc::clone(&inner) as _, &path).unwrap();
        assert_eq!(kept.embed(&texts).await.unwrap(), first);
        assert_eq!(inner.0.load(Ordering::Relaxed), 0);
        assert_eq!(kept.embed(&["dddd".to_owned()]).await.unwrap(), [[4.0, 1.0]]);
        drop(kept);
        let again = Kept::open(Arc::clone(&inner) as _, &path).unwrap();
        assert_eq!(again.embed(&["dddd".to_owned()]).await.unwrap(), [[4.0, 1.0]]);
        assert_eq!(inner.0.load(Ordering::Relaxed), 1);
    }
}
