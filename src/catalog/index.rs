//! Putting products into the search index, and rebuilding it when the embedder changed.

use crate::app::App;
use crate::catalog::Error;
use crate::catalog::feed::jsonl::PART_NUMBER;
use crate::catalog::understand::Vocabulary;
use crate::domain::id::{ProductId, ShopId};
use crate::domain::product::Product;
use crate::knowledge;
use crate::search::{Doc, Kind};

/// Products embedded at once.
const BATCH: usize = 256;
/// Characters of the description that are embedded: attribute dumps and long tails make vectors worse.
const EMBEDDED_CHARS: usize = 600;

/// Puts products into the index; ids that are retired or unknown are taken out.
pub async fn index_products(app: &App, shop: &ShopId, ids: &[ProductId]) -> Result<(), Error> {
    for batch in ids.chunks(BATCH) {
        let products = app.store.read(shop).await?.products(batch).await?;
        let gone: Vec<String> =
            batch.iter().filter(|id| !products.iter().any(|p| &p.id == *id)).map(ToString::to_string).collect();
        app.index.delete(shop, Kind::Product, &gone).await?;
        let texts: Vec<String> = products.iter().map(embedded).collect();
        let vectors = app.embedder.embed(&texts).await?;
        let docs = products.iter().zip(vectors).map(|(product, vector)| doc(product, vector)).collect();
        app.index.upsert(shop, docs).await?;
    }
    Ok(())
}

/// Puts the products on the list of what is not indexed yet into the index.
pub async fn index_changes(app: &App, shop: &ShopId) -> Result<(), Error> {
    loop {
        let marked = app.store.read(shop).await?.unindexed(BATCH as i64).await?;
        if marked.is_empty() {
            return Ok(());
        }
        let ids: Vec<ProductId> = marked.iter().map(|(id, _)| id.clone()).collect();
        index_products(app, shop, &ids).await?;
        let mut tx = app.store.begin(shop).await?;
        for (id, mark) in &marked {
            tx.clear_unindexed(id, *mark).await?;
        }
        tx.commit().await?;
    }
}

/// Puts the shop's passages into the index.
pub async fn index_passages(app: &App, shop: &ShopId) -> Result<(), Error> {
    knowledge::index::index(app, shop).await?;
    Ok(())
}

/// Rebuilds the whole index of a shop with the embedder in use.
pub async fn index_shop(app: &App, shop: &ShopId, progress: &mut (dyn FnMut(u64, u64) + Send)) -> Result<(), Error> {
    let (total, _) = app.store.read(shop).await?.catalog_size().await?;
    app.index.clear(shop).await?;
    let mut after = String::new();
    let mut done = 0;
    loop {
        let ids = app.store.read(shop).await?.product_ids_after(&after, BATCH as i64).await?;
        let Some(last) = ids.last() else { break };
        after = last.to_string();
        index_products(app, shop, &ids).await?;
        done += ids.len() as u64;
        progress(done, total.unsigned_abs());
    }
    index_passages(app, shop).await?;
    app.index.set_stamp(shop, &app.embedder.stamp()).await?;
    Ok(())
}

/// Whether the shop's vectors were made by the embedder in use.
pub async fn is_current(app: &App, shop: &ShopId) -> Result<bool, Error> {
    Ok(app.index.stamp(shop).await?.as_deref() == Some(app.embedder.stamp().as_str()))
}

/// Collects the words the shop's products use for sizes, colours and properties.
pub async fn collect_vocabulary(app: &App, shop: &ShopId) -> Result<(), Error> {
    let mut products = Vec::new();
    let mut after = String::new();
    loop {
        let mut tx = app.store.read(shop).await?;
        let ids = tx.product_ids_after(&after, BATCH as i64).await?;
        let Some(last) = ids.last() else { break };
        after = last.to_string();
        products.extend(tx.products(&ids).await?);
    }
    let vocabulary = Vocabulary::from_products(&products);
    let body = serde_json::to_string(&vocabulary).unwrap_or_default();
    let mut tx = app.store.begin(shop).await?;
    tx.save_vocabulary(&body).await?;
    tx.commit().await?;
    Ok(())
}

fn embedded(product: &Product) -> String {
    let description: String = product.description.chars().take(EMBEDDED_CHARS).collect();
    format!("{}. {}. {}", product.title, product.category, description)
}

/// A product as a document: attributes and options as filters, and once more as words.
fn doc(product: &Product, vector: Vec<f32>) -> Doc {
    let mut attributes: Vec<(String, String)> = Vec::new();
    let mut add = |key: &str, value: &str| {
        let pair = (key.to_lowercase(), value.to_lowercase());
        if !value.is_empty() && !attributes.contains(&pair) {
            attributes.push(pair);
        }
    };
    add("category", &product.category);
    add("brand", &product.brand);
    product.attributes.iter().for_each(|(key, value)| add(key, value));
    product.variants.iter().flat_map(|v| &v.options).for_each(|c| add(&c.name, &c.value));
    // Properties are filters. As words they drown the text: dozens of them cost a tenth of what BM25 ranks rightly.
    let named = [&product.category, &product.brand].into_iter().map(String::as_str);
    let choices = product.variants.iter().flat_map(|v| &v.options).map(|choice| choice.value.as_str());
    let mut properties: Vec<&str> = named.chain(choices).collect();
    properties.dedup();
    let mut codes: Vec<String> = product.variants.iter().map(|v| v.id.to_string()).collect();
    codes.extend(product.variants.iter().filter_map(|v| v.barcode.clone()));
    codes.extend(product.attributes.get(PART_NUMBER).cloned());
    let (low, high) = product.price_range().map_or((0, 0), |(low, high)| (low.minor, high.minor));
    Doc {
        kind: Kind::Product,
        id: product.id.to_string(),
        title: product.title.clone(),
        body: format!("{} {}", product.description, properties.join(" ")),
        codes,
        vector: Some(vector),
        price_min: low,
        price_max: high,
        in_stock: product.in_stock(),
        attributes,
    }
}
