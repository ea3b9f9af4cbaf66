//! The same index on a Qdrant server or cluster: one collection, a tenant a shop, words as a sparse vector.

mod point;

use crate::domain::id::ShopId;
use crate::search::Doc;
use crate::search::Error;
use crate::search::Filter;
use crate::search::HITS_MAX;
use crate::search::Hit;
use crate::search::Index;
use crate::search::Kind;
use crate::search::Settings;
use qdrant_client::QdrantError;
use qdrant_client::qdrant;
use qdrant_client::qdrant::CountPointsBuilder;
use qdrant_client::qdrant::CreateCollectionBuilder;
use qdrant_client::qdrant::CreateFieldIndexCollectionBuilder;
use qdrant_client::qdrant::DeletePointsBuilder;
use qdrant_client::qdrant::Distance;
use qdrant_client::qdrant::FieldType;
use qdrant_client::qdrant::GetPointsBuilder;
use qdrant_client::qdrant::HnswConfigDiffBuilder;
use qdrant_client::qdrant::KeywordIndexParamsBuilder;
use qdrant_client::qdrant::Modifier;
use qdrant_client::qdrant::PayloadIncludeSelector;
use qdrant_client::qdrant::PointStruct;
use qdrant_client::qdrant::QueryPointsBuilder;
use qdrant_client::qdrant::SparseVectorParamsBuilder;
use qdrant_client::qdrant::SparseVectorsConfigBuilder;
use qdrant_client::qdrant::UpsertPointsBuilder;
use qdrant_client::qdrant::VectorInput;
use qdrant_client::qdrant::VectorParamsBuilder;
use qdrant_client::qdrant::VectorsConfigBuilder;
use secrecy::ExposeSecret;
use std::time::Duration;

/// Points of one request.
const BATCH: usize = 500;

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
        let opened = Self { client, collection: format!("{name}_{dims}"), address: settings.qdrant_url.clone(), dims };
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
        ] {
            let request = CreateFieldIndexCollectionBuilder::new(&self.collection, field, kind).wait(true);
            self.client.create_field_index(request).await?;
        }
        Ok(())
    }

    fn check(&self, found: usize) -> Result<(), Error> {
        if found == self.dims { Ok(()) } else { Err(Error::Dimensions { found, expected: self.dims }) }
    }

    async fn put(&self, points: Vec<PointStruct>) -> Result<(), Error> {
        self.client.upsert_points(UpsertPointsBuilder::new(&self.collection, points).wait(true)).await?;
        Ok(())
    }

    async fn remove(&self, filter: qdrant::Filter) -> Result<(), Error> {
        self.client.delete_points(DeletePointsBuilder::new(&self.collection).points(filter).wait(true)).await?;
        Ok(())
    }

    async fn ask(
        &self,
        shop: &ShopId,
        side: &str,
        input: VectorInput,
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Hit>, Error> {
        let limit = u64::try_from(limit.min(HITS_MAX)).unwrap_or(1);
        let request = QueryPointsBuilder::new(&self.collection)
            .query(input)
            .using(side)
            .filter(point::condition(shop, filter))
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

    async fn upsert(&self, shop: &ShopId, docs: Vec<Doc>) -> Result<(), Error> {
        for vector in docs.iter().filter_map(|doc| doc.vector.as_ref()) {
            self.check(vector.len())?;
        }
        let mut docs = docs.into_iter();
        loop {
            let batch: Vec<Doc> = docs.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            let owner = shop.clone();
            let points = tokio::task::spawn_blocking(move || {
                batch.into_iter().map(|doc| point::of(&owner, doc)).collect::<Vec<_>>()
            });
            self.put(points.await.map_err(|error| Error::Unavailable(error.into()))?).await?;
        }
    }

    async fn delete(&self, shop: &ShopId, kind: Kind, ids: &[String]) -> Result<(), Error> {
        for batch in ids.chunks(BATCH) {
            self.remove(point::named(shop, kind, batch)).await?;
        }
        Ok(())
    }

    async fn clear(&self, shop: &ShopId) -> Result<(), Error> {
        self.remove(point::everything(shop)).await
    }

    async fn dense(&self, shop: &ShopId, vector: &[f32], filter: &Filter, limit: usize) -> Result<Vec<Hit>, Error> {
        self.check(vector.len())?;
        if limit == 0 || !point::has_direction(vector) {
            return Ok(Vec::new());
        }
        self.ask(shop, point::DENSE, VectorInput::new_dense(vector.to_vec()), filter, limit).await
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
        self.ask(shop, point::WORDS, VectorInput::new_sparse(indices, values), filter, limit).await
    }

    async fn count(&self, shop: &ShopId, kind: Kind) -> Result<u64, Error> {
        let filter = Filter { kind: Some(kind), ..Filter::default() };
        let request = CountPointsBuilder::new(&self.collection).filter(point::condition(shop, &filter)).exact(true);
        Ok(self.client.count(request).await?.result.map_or(0, |result| result.count))
    }

    async fn stamp(&self, shop: &ShopId) -> Result<Option<String>, Error> {
        let request = GetPointsBuilder::new(&self.collection, vec![point::stamp_id(shop)]).with_payload(true);
        let found = self.client.get_points(request).await?.result.into_iter().next();
        Ok(found.and_then(|point| point.payload.get(point::STAMP)?.as_str().cloned()))
    }

    async fn set_stamp(&self, shop: &ShopId, stamp: &str) -> Result<(), Error> {
        self.put(vec![point::stamp(shop, stamp)]).await
    }
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
