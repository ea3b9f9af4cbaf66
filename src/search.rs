//! Finding things by words and by meaning: one trait, embedded in SQLite or on a Qdrant server. Fusion is ours, above it.

pub mod analyse;
pub mod embedded;
pub mod fuse;
pub mod hash;
mod pairs;
pub mod qdrant;
pub mod rerank;

#[cfg(test)]
mod contract;

use crate::domain::id::ShopId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Hits one side (dense or lexical) brings at most.
pub const HITS_MAX: usize = 200;

/// An index of documents. It finds ids; what is shown is always read from the store.
#[async_trait::async_trait]
pub trait Index: Send + Sync {
    /// As shown to operators.
    fn name(&self) -> String;

    /// Adds documents or replaces those of the same shop, kind and id. They can be found by their words at once; a document
    /// whose text stayed the same keeps its vector. Answers how many of them lack one now.
    async fn upsert(&self, shop: &ShopId, docs: Vec<Doc>) -> Result<u64, Error>;

    /// Gives documents the vectors made of their texts by the embedder of this stamp. A document that is gone or has another
    /// text by now is left as it is, and all are where the shop's stamp is another. Answers how many were taken.
    async fn set_vectors(&self, shop: &ShopId, stamp: &str, made: Vec<Made>) -> Result<u64, Error>;

    /// Some documents that lack a vector of the shop's stamp, in no promised order.
    async fn lacking(&self, shop: &ShopId, limit: usize) -> Result<Vec<Lack>, Error>;

    /// How many documents of a kind lack a vector of the shop's stamp; quick where none does.
    async fn count_lacking(&self, shop: &ShopId, kind: Kind) -> Result<u64, Error>;

    /// Every document of a kind with the hash of its text.
    async fn held(&self, shop: &ShopId, kind: Kind) -> Result<BTreeMap<String, i64>, Error>;

    /// Removes documents; unknown ids are no error.
    async fn delete(&self, shop: &ShopId, kind: Kind, ids: &[String]) -> Result<(), Error>;

    /// Removes everything of a shop.
    async fn clear(&self, shop: &ShopId) -> Result<(), Error>;

    /// The nearest documents to a vector, best first, score = cosine similarity. Only vectors of the shop's stamp count.
    async fn dense(&self, shop: &ShopId, vector: &[f32], filter: &Filter, limit: usize) -> Result<Vec<Hit>, Error>;

    /// The best documents for any of the tokens (made by `analyse::query`), best first, score = BM25, higher is better.
    async fn lexical(&self, shop: &ShopId, tokens: &[String], filter: &Filter, limit: usize)
    -> Result<Vec<Hit>, Error>;

    /// How many documents of a kind the shop has.
    async fn count(&self, shop: &ShopId, kind: Kind) -> Result<u64, Error>;

    /// What the shop's documents were made with.
    async fn stamp(&self, shop: &ShopId) -> Result<Option<Stamp>, Error>;

    /// Remembers it. Vectors of another embedder count no more from now on; the words stay.
    async fn set_stamp(&self, shop: &ShopId, stamp: &Stamp) -> Result<(), Error>;
}

/// What words and vectors were made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Version of how words are cut and documents put together.
    pub words: i64,
    /// The embedder's stamp.
    pub vectors: String,
}

/// A document without the vector it should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// The hash of the text to embed.
    pub text: i64,
}

/// A vector for a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The document, and the hash of the text this was made of.
    pub of: Lack,
    /// The vector.
    pub vector: Vec<f32>,
}

/// What kind of thing a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A product.
    Product,
    /// A passage of a knowledge text.
    Passage,
}

/// A document to be found.
#[derive(Clone, Debug, PartialEq)]
pub struct Doc {
    /// Its kind.
    pub kind: Kind,
    /// The product's or passage's id, unique within shop and kind.
    pub id: String,
    /// Raw text of the title: counts more than the body.
    pub title: String,
    /// Raw text of description, brand, category, option values.
    pub body: String,
    /// Codes: SKUs, part numbers, barcodes; exact matches should win.
    pub codes: Vec<String>,
    /// The hash (`hash::text`) of what is embedded of it: as long as it stays, the vector stays.
    pub text: i64,
    /// Lowest price in minor units, 0 for passages.
    pub price_min: i64,
    /// Highest price in minor units, 0 for passages.
    pub price_max: i64,
    /// Whether anything of it can be bought; true for passages.
    pub in_stock: bool,
    /// `key` → values, lower case: `size` → `m`, `colour` → `blue`, `category` → `rain jackets`, `waterproof` → `yes`.
    pub attributes: Vec<(String, String)>,
}

/// What must hold for a hit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// A variant at or above this price (`price_max >= x`), minor units.
    pub price_at_least: Option<i64>,
    /// A variant at or below this price (`price_min <= x`), minor units.
    pub price_at_most: Option<i64>,
    /// Something of it can be bought.
    pub in_stock: bool,
    /// For each key at least one of the values, lower case.
    pub attributes: Vec<(String, Vec<String>)>,
}

/// A found document.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The document's id.
    pub id: String,
    /// Higher is better; the scale depends on the side.
    pub score: f32,
}

/// Why the index did not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not reachable, busy, a full disk.
    #[error("the search index is not available")]
    Unavailable(#[source] BoxError),
    /// What is stored cannot be read.
    #[error("the search index holds something unreadable; `souk ingest --reindex` rebuilds it")]
    Corrupt(#[source] BoxError),
    /// The vector does not fit the index.
    #[error("a vector of {found} numbers does not fit an index of {expected}")]
    Dimensions {
        /// What came.
        found: usize,
        /// What the index holds.
        expected: usize,
    },
}

/// A cause of any kind.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Which index is used.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// gRPC address of a Qdrant server, for instance `http://127.0.0.1:6334`; empty means embedded.
    pub qdrant_url: String,
    /// Its key.
    #[serde(skip_serializing)]
    pub qdrant_api_key: secrecy::SecretString,
    /// Collection on that server.
    pub qdrant_collection: String,
    /// Full address of a reranking endpoint, for instance `http://127.0.0.1:8012/v1/rerank`; empty means none.
    pub rerank_url: String,
    /// Its model.
    pub rerank_model: String,
    /// Its key.
    #[serde(skip_serializing)]
    pub rerank_api_key: secrecy::SecretString,
}
