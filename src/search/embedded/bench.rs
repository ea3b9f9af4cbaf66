//! Times and ranking quality on a real catalogue; runs only where `SOUK_BENCH` names `products.jsonl.gz` of Chorus.

use crate::domain::id::ShopId;
use crate::embed::Embedder;
use crate::embed::local::Local;
use crate::search::Doc;
use crate::search::Filter;
use crate::search::HITS_MAX;
use crate::search::Index;
use crate::search::Kind;
use crate::search::Lack;
use crate::search::Made;
use crate::search::Stamp;
use crate::search::analyse;
use crate::search::embedded::Embedded;
use crate::search::fuse;
use crate::search::hash;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "where the data lies is said by the environment")]
fn data() -> Option<String> {
    std::env::var("SOUK_BENCH").ok().filter(|path| !path.is_empty())
}

fn text<'a>(product: &'a Value, field: &str) -> &'a str {
    product.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn products(path: &Path) -> Vec<Value> {
    let zcat = std::process::Command::new("zcat").arg(path).output().expect("zcat runs");
    let lines = String::from_utf8(zcat.stdout).expect("the data is UTF-8");
    lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

async fn docs(products: &[Value]) -> Vec<(Doc, Vec<f32>)> {
    let embedded = |p: &Value| format!("{}. {}", text(p, "title"), text(p, "short_description"));
    let texts: Vec<String> = products.iter().map(embedded).collect();
    let vectors = Local::new().embed(&texts).await.unwrap();
    let barcodes = |p: &Value| p.get("ean").and_then(Value::as_array).cloned().unwrap_or_default();
    let doc = |(p, text_): (&Value, &String)| Doc {
        kind: Kind::Product,
        id: text(p, "id").to_owned(),
        title: text(p, "title").to_owned(),
        body: format!("{} {} {}", text(p, "short_description"), text(p, "supplier"), text(p, "name")),
        codes: barcodes(p).iter().filter_map(Value::as_str).chain([text(p, "name")]).map(str::to_owned).collect(),
        text: hash::text(text_),
        price_min: p.get("price").and_then(Value::as_i64).unwrap_or(0),
        price_max: p.get("price").and_then(Value::as_i64).unwrap_or(0),
        in_stock: true,
        attributes: vec![("brand".into(), text(p, "supplier").to_lowercase())],
    };
    products.iter().zip(&texts).map(doc).zip(vectors).collect()
}

/// Query → product → rating; "query,product_id,rating" with queries that may be quoted.
fn ratings(path: &Path) -> BTreeMap<String, HashMap<String, f64>> {
    let mut rated: BTreeMap<String, HashMap<String, f64>> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(path).expect("the ratings lie beside the products");
    for record in reader.deserialize::<(String, String, f64)>() {
        let (query, product, rating) = record.expect("query, product, rating");
        rated.entry(query).or_default().insert(product, rating);
    }
    rated
}

fn ndcg(found: &[String], rated: &HashMap<String, f64>) -> f64 {
    let gain = |(at, rating): (usize, f64)| rating / 3.0 / (at as f64 + 2.0).log2();
    let mut ideal: Vec<f64> = rated.values().copied().collect();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let best: f64 = ideal.into_iter().take(10).enumerate().map(gain).sum();
    let got = found.iter().take(10).map(|id| rated.get(id).copied().unwrap_or(0.0)).enumerate().map(gain).sum::<f64>();
    got / best
}

fn spread(name: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{name}: p50 {:.2} ms, p99 {:.2} ms over {}", at(0.5), at(0.99), times.len());
}

fn since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1_000.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_catalogue() {
    let Some(path) = data() else {
        println!("skipped: SOUK_BENCH names no products.jsonl.gz");
        return;
    };
    let path = Path::new(&path);
    let products = products(path);
    let start = Instant::now();
    let docs = docs(&products).await;
    println!("{} products, embedded in {:.0} ms", docs.len(), since(start));

    let folder = tempfile::tempdir().unwrap();
    let index = Embedded::open(&folder.path().join("bench.db")).await.unwrap();
    let shop = ShopId::new("bench");
    let start = Instant::now();
    index.set_stamp(&shop, &Stamp { words: 1, vectors: "static".to_owned() }).await.unwrap();
    let (docs, vectors): (Vec<Doc>, Vec<Vec<f32>>) = docs.into_iter().unzip();
    index.upsert(&shop, docs.clone()).await.unwrap();
    println!("words of all {:.0} ms", since(start));
    let start = Instant::now();
    let lack = |doc: &Doc| Lack { kind: doc.kind, id: doc.id.clone(), text: doc.text };
    let made = docs.iter().zip(vectors).map(|(doc, vector)| Made { of: lack(doc), vector }).collect();
    index.set_vectors(&shop, "static", made).await.unwrap();
    println!("vectors of all {:.0} ms", since(start));
    let start = Instant::now();
    index.upsert(&shop, docs.into_iter().take(500).collect()).await.unwrap();
    println!("500 again {:.0} ms", since(start));
    let start = Instant::now();
    let first = Local::new().embed(&["first".to_owned()]).await.unwrap();
    index.dense(&shop, &first[0], &Filter::default(), 10).await.unwrap();
    println!("first dense, with loading {:.1} ms", since(start));

    let rated = ratings(&path.with_file_name("ratings-dev.csv"));
    let filtered = Filter {
        kind: Some(Kind::Product),
        price_at_most: Some(20_000),
        attributes: vec![("brand".into(), vec!["hp".into(), "xerox".into()])],
        ..Filter::default()
    };
    let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut scores: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (query, rated) in rated {
        let tokens = analyse::query(&query);
        let vector = Local::new().embed(std::slice::from_ref(&query)).await.unwrap().remove(0);
        for (name, filter) in [("", &Filter::default()), (" filtered", &filtered)] {
            let start = Instant::now();
            let lexical = index.lexical(&shop, &tokens, filter, HITS_MAX).await.unwrap();
            times.entry(if name.is_empty() { "lexical" } else { "lexical filtered" }).or_default().push(since(start));
            let start = Instant::now();
            let dense = index.dense(&shop, &vector, filter, HITS_MAX).await.unwrap();
            times.entry(if name.is_empty() { "dense" } else { "dense filtered" }).or_default().push(since(start));
            if name.is_empty() && rated.values().any(|rating| *rating > 0.0) {
                let fused = fuse::fuse(&lexical, &dense, Local::new().weight());
                for (side, hits) in [("lexical", lexical), ("dense", dense), ("fused", fused)] {
                    let ids: Vec<String> = hits.into_iter().map(|hit| hit.id).collect();
                    scores.entry(side).or_default().push(ndcg(&ids, &rated));
                }
            }
        }
    }
    for (name, times) in times {
        spread(name, times);
    }
    for (side, scores) in scores {
        println!("nDCG@10 {side}: {:.3} over {}", scores.iter().sum::<f64>() / scores.len() as f64, scores.len());
    }
}
