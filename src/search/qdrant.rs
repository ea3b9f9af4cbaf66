//! The same index on a Qdrant server or cluster: one collection, a tenant a shop, words as a sparse vector.

mod change;
mod point;

use crate::domain::id::ShopId;
use crate::search::{Doc, Error, Filter, HITS_MAX, Hit, Index, Kind, Lack, Made, Settings, Stamp};
use qdrant_client::QdrantError;
use qdrant_client::qdrant;
use qdrant_client::qdrant::points_update_operation::Operation;
use qdrant_client::qdrant::{
    CountPointsBuilder, CreateCollectionBuilder, CreateFieldIndexCollectionBuilder, DeletePointsBuilder, Distance,
    FieldType, GetPointsBuilder, HnswConfigDiffBuilder, KeywordIndexParamsBuilder, Modifier, PayloadIncludeSelector,
    PointsUpdateOperation, QueryPointsBuilder, ScrollPointsBuilder, SparseVectorParamsBuilder,
    SparseVectorsConfigBuilder, UpdateBatchPointsBuilder, UpsertPointsBuilder, VectorInput, VectorParamsBuilder,
    VectorsConfigBuilder,
};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

/// Points of one request.
const BATCH: usize = 500;

/// Points of one page of a listing.
const PAGE: u32 = 1_000;

/// Shops whose stamp is remembered.
const STAMPS_MAX: usize = 10_000;

/// Time to reach the server.
const CONNECT: Duration = Duration::from_secs(3);

/// Time for one request; a batch waits until it can be searched.
const TOTAL: Duration = Duration::from_secs(30);

/// Neighbours of a point in a tenant's own graph; there is no graph over all tenants, since nobody searches all.
const TENANT_LINKS: u64 = 16;

/// The collection where none is named.
const COLLECTION: &str = "souk";

/// gRPC codes for a collection that went away, one that is there already, and lost data.
const NOT_FOUND: i32 = 5;
const ALREADY_EXISTS: i32 = 6;
const DATA_LOSS: i32 = 15;

/// Search on a Qdrant server.
pub struct Qdrant {
    client: qdrant_client::Qdrant,
    collection: String,
    address: String,
    dims: usize,
    stamps: Mutex<HashMap<ShopId, String>>,
}

impl Qdrant {
    /// Connects, and makes the collection and its payload indexes where they do not exist. The length of the vectors
    /// is part of the collection's name, so that a change of model never meets vectors of another length.
    pub async fn open(settings: &Settings, dims: usize) -> Result<Self, Error> {
        let key = settings.qdrant_api_key.expose_secret();
        let mut builder = qdrant_client::Qdrant::from_url(&settings.qdrant_url)
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            // The check prints to standard output, which belongs to the program.
            .skip_compatibility_check();
        if !key.is_empty() {
            builder = builder.api_key(key);
        }
        let client = builder.build()?;
        let name = if settings.qdrant_collection.is_empty() { COLLECTION } else { &settings.qdrant_collection };
        let opened = Self {
            client,
            collection: format!("{name}_{dims}"),
            address: settings.qdrant_url.clone(),
            dims,
            stamps: Mutex::default(),
        };
        opened.make_collection().await?;
        Ok(opened)
    }

    async fn make_collection(&self) -> Result<(), Error> {
        if !self.client.collection_exists(&self.collection).await? {
            let size = u64::try_from(self.dims).expect("a length in memory fits 64 bits");
            let mut dense = VectorsConfigBuilder::default();
            dense.add_named_vector_params(point::DENSE, VectorParamsBuilder::new(size, Distance::Cosine));
            let mut words = SparseVectorsConfigBuilder::default();
            words.add_named_vector_params(
                point::WORDS,
                SparseVectorParamsBuilder::default().modifier(i32::from(Modifier::Idf)),
            );
            let request = CreateCollectionBuilder::new(&self.collection)
                .vectors_config(dense)
                .sparse_vectors_config(words)
                .hnsw_config(HnswConfigDiffBuilder::default().m(0).payload_m(TENANT_LINKS));
            match self.client.create_collection(request).await {
                // Another process was quicker.
                Err(error) if code(&error) == Some(ALREADY_EXISTS) => {}
                other => {
                    other?;
                }
            }
        }
        self.make_payload_indexes().await
    }

    /// Made before the first document, so that the tenant graphs know them. Making one again changes nothing.
    async fn make_payload_indexes(&self) -> Result<(), Error> {
        let tenant = CreateFieldIndexCollectionBuilder::new(&self.collection, point::SHOP, FieldType::Keyword)
            .field_index_params(KeywordIndexParamsBuilder::default().is_tenant(true))
            .wait(true);
        self.client.create_field_index(tenant).await?;
        for (field, kind) in [
            (point::KIND, FieldType::Keyword),
            (point::ID, FieldType::Keyword),
            (point::ATTR, FieldType::Keyword),
            (point::PRICE_MIN, FieldType::Integer),
            (point::PRICE_MAX, FieldType::Integer),
            (point::IN_STOCK, FieldType::Bool),
            (point::MADE, FieldType::Keyword),
            (point::TEXT, FieldType::Integer),
        ] {
            let request = CreateFieldIndexCollectionBuilder::new(&self.collection, field, kind).wait(true);
            self.client.create_field_index(request).await?;
        }
        Ok(())
    }

    fn check(&self, found: usize) -> Result<(), Error> {
        if found == self.dims { Ok(()) } else { Err(Error::Dimensions { found, expected: self.dims }) }
    }

    /// The embedder's stamp of a shop, asked for once: whoever embeds otherwise by now is another process with other settings.
    async fn current(&self, shop: &ShopId) -> Result<Option<String>, Error> {
        let known = self.stamps.lock().unwrap_or_else(PoisonError::into_inner).get(shop).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let read = self.stamp(shop).await?.map(|stamp| stamp.vectors);
        self.remember(shop, read.clone());
        Ok(read)
    }

    fn remember(&self, shop: &ShopId, stamp: Option<String>) {
        let mut stamps = self.stamps.lock().unwrap_or_else(PoisonError::into_inner);
        if stamps.len() >= STAMPS_MAX {
            stamps.clear();
        }
        match stamp {
            Some(stamp) => stamps.insert(shop.clone(), stamp),
            None => stamps.remove(shop),
        };
    }

    /// Those of the documents that are there, each with the stamp of its vector.
    async fn known<'a>(
        &self,
        shop: &ShopId,
        documents: impl Iterator<Item = (Kind, &'a str)>,
    ) -> Result<Vec<(Lack, Option<String>)>, Error> {
        let ids: Vec<qdrant::PointId> = documents.map(|(kind, id)| point::id_of(shop, kind, id)).collect();
        let request = GetPointsBuilder::new(&self.collection, ids).with_payload(told([
            point::KIND,
            point::ID,
            point::TEXT,
            point::MADE,
        ]));
        let found = self.client.get_points(request).await?.result;
        found.iter().map(|found| Ok((point::lack(found)?, point::made(&found.payload).map(str::to_owned)))).collect()
    }

    async fn page(
        &self,
        filter: qdrant::Filter,
        limit: u32,
        from: Option<qdrant::PointId>,
    ) -> Result<(Vec<Lack>, Option<qdrant::PointId>), Error> {
        let mut request = ScrollPointsBuilder::new(&self.collection).filter(filter).limit(limit).with_payload(told([
            point::KIND,
            point::ID,
            point::TEXT,
        ]));
        if let Some(from) = from {
            request = request.offset(from);
        }
        let answer = self.client.scroll(request).await?;
        let found = answer.result.iter().map(point::lack).collect::<Result<Vec<Lack>, Error>>()?;
        Ok((found, answer.next_page_offset))
    }

    async fn count_of(&self, filter: qdrant::Filter) -> Result<u64, Error> {
        let request = CountPointsBuilder::new(&self.collection).filter(filter).exact(true);
        Ok(self.client.count(request).await?.result.map_or(0, |result| result.count))
    }

    async fn change(&self, operations: Vec<Operation>) -> Result<(), Error> {
        if operations.is_empty() {
            return Ok(());
        }
        let operations: Vec<PointsUpdateOperation> =
            operations.into_iter().map(|operation| PointsUpdateOperation { operation: Some(operation) }).collect();
        let request = UpdateBatchPointsBuilder::new(&self.collection, operations).wait(true);
        self.client.update_points_batch(request).await?;
        Ok(())
    }

    async fn remove(&self, filter: qdrant::Filter) -> Result<(), Error> {
        self.client.delete_points(DeletePointsBuilder::new(&self.collection).points(filter).wait(true)).await?;
        Ok(())
    }

    async fn ask(
        &self,
        side: &str,
        input: VectorInput,
        condition: qdrant::Filter,
        limit: usize,
    ) -> Result<Vec<Hit>, Error> {
        let limit = u64::try_from(limit.min(HITS_MAX)).unwrap_or(1);
        let request = QueryPointsBuilder::new(&self.collection)
            .query(input)
            .using(side)
            .filter(condition)
            .limit(limit)
            .with_payload(PayloadIncludeSelector { fields: vec![point::ID.to_owned()] });
        let answer = self.client.query(request).await?;
        answer.result.into_iter().map(point::hit).collect()
    }
}

#[async_trait::async_trait]
impl Index for Qdrant {
    fn name(&self) -> String {
        format!("Qdrant at {}", self.address)
    }

    async fn upsert(&self, shop: &ShopId, docs: Vec<Doc>) -> Result<u64, Error> {
        let stamp = self.current(shop).await?;
        let (mut docs, mut lacking) = (docs.into_iter(), 0);
        loop {
            let batch: Vec<Doc> = docs.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(lacking);
            }
            let known = self.known(shop, batch.iter().map(|doc| (doc.kind, doc.id.as_str()))).await?;
            let (owner, stamp) = (shop.clone(), stamp.clone());
            let written =
                tokio::task::spawn_blocking(move || change::written(&owner, &batch, &known, stamp.as_deref()));
            let (operations, without) = written.await.map_err(|error| Error::Unavailable(error.into()))?;
            lacking += without;
            self.change(operations).await?;
        }
    }

    async fn set_vectors(&self, shop: &ShopId, stamp: &str, made: Vec<Made>) -> Result<u64, Error> {
        for one in &made {
            self.check(one.vector.len())?;
        }
        if self.current(shop).await?.as_deref() != Some(stamp) {
            return Ok(0);
        }
        let mut taken = 0;
        for batch in made.chunks(BATCH) {
            // A vector for a point that is not there would fail the whole batch.
            let known = self.known(shop, batch.iter().map(|made| (made.of.kind, made.of.id.as_str()))).await?;
            let fitting: Vec<&Made> =
                batch.iter().filter(|made| known.iter().any(|(there, _)| *there == made.of)).collect();
            taken += fitting.len() as u64;
            self.change(change::embedded(shop, &fitting, stamp)).await?;
        }
        Ok(taken)
    }

    async fn lacking(&self, shop: &ShopId, limit: usize) -> Result<Vec<Lack>, Error> {
        let stamp = self.current(shop).await?.unwrap_or_default();
        let filter = point::lacking(shop, &[Kind::Product, Kind::Passage], &stamp);
        let limit = u32::try_from(limit).unwrap_or(u32::MAX).max(1);
        Ok(self.page(filter, limit, None).await?.0)
    }

    async fn count_lacking(&self, shop: &ShopId, kind: Kind) -> Result<u64, Error> {
        let stamp = self.current(shop).await?.unwrap_or_default();
        self.count_of(point::lacking(shop, &[kind], &stamp)).await
    }

    async fn held(&self, shop: &ShopId, kind: Kind) -> Result<BTreeMap<String, i64>, Error> {
        let filter = point::condition(shop, &Filter { kind: Some(kind), ..Filter::default() });
        let (mut held, mut from) = (BTreeMap::new(), None);
        loop {
            let (found, next) = self.page(filter.clone(), PAGE, from).await?;
            held.extend(found.into_iter().map(|lack| (lack.id, lack.text)));
            from = next;
            if from.is_none() {
                return Ok(held);
            }
        }
    }

    async fn delete(&self, shop: &ShopId, kind: Kind, ids: &[String]) -> Result<(), Error> {
        for batch in ids.chunks(BATCH) {
            self.remove(point::named(shop, kind, batch)).await?;
        }
        Ok(())
    }

    async fn clear(&self, shop: &ShopId) -> Result<(), Error> {
        self.remember(shop, None);
        self.remove(point::everything(shop)).await
    }

    async fn dense(&self, shop: &ShopId, vector: &[f32], filter: &Filter, limit: usize) -> Result<Vec<Hit>, Error> {
        self.check(vector.len())?;
        let Some(stamp) = self.current(shop).await? else { return Ok(Vec::new()) };
        if limit == 0 || !point::has_direction(vector) {
            return Ok(Vec::new());
        }
        let mut condition = point::condition(shop, filter);
        condition.must.push(point::made_by(&stamp));
        self.ask(point::DENSE, VectorInput::new_dense(vector.to_vec()), condition, limit).await
    }

    async fn lexical(
        &self,
        shop: &ShopId,
        tokens: &[String],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Hit>, Error> {
        let (indices, values) = point::asked(tokens);
        if limit == 0 || indices.is_empty() {
            return Ok(Vec::new());
        }
        self.ask(point::WORDS, VectorInput::new_sparse(indices, values), point::condition(shop, filter), limit).await
    }

    async fn count(&self, shop: &ShopId, kind: Kind) -> Result<u64, Error> {
        let filter = Filter { kind: Some(kind), ..Filter::default() };
        self.count_of(point::condition(shop, &filter)).await
    }

    async fn stamp(&self, shop: &ShopId) -> Result<Option<Stamp>, Error> {
        let request = GetPointsBuilder::new(&self.collection, vec![point::stamp_id(shop)]).with_payload(true);
        let Some(found) = self.client.get_points(request).await?.result.into_iter().next() else { return Ok(None) };
        let (cut, stamp) = (found.payload.get(point::CUT), found.payload.get(point::STAMP));
        let stamp = stamp.and_then(|stamp| stamp.as_str().cloned());
        Ok(stamp.and_then(|vectors| Some(Stamp { words: cut?.as_integer()?, vectors })))
    }

    async fn set_stamp(&self, shop: &ShopId, stamp: &Stamp) -> Result<(), Error> {
        self.client
            .upsert_points(UpsertPointsBuilder::new(&self.collection, vec![point::stamp(shop, stamp)]).wait(true))
            .await?;
        self.remember(shop, Some(stamp.vectors.clone()));
        Ok(())
    }
}

fn told<const N: usize>(fields: [&str; N]) -> PayloadIncludeSelector {
    PayloadIncludeSelector { fields: fields.map(str::to_owned).to_vec() }
}

fn code(error: &QdrantError) -> Option<i32> {
    match error {
        QdrantError::ResponseError { status } => Some(i32::from(status.code())),
        _ => None,
    }
}

impl From<QdrantError> for Error {
    fn from(error: QdrantError) -> Self {
        match code(&error) {
            Some(NOT_FOUND | DATA_LOSS) => Self::Corrupt(error.into()),
            _ => Self::Unavailable(error.into()),
        }
    }
}

#[cfg(test)]
mod tests;
