//! How long a search takes in a large shop: `SOUK_BENCH_DATA=<data folder> SOUK_BENCH_QUERIES=<csv> cargo test --test it bench
//! -- --nocapture`. The folder comes from `souk ingest`; the first column of the file is asked for.

mod inbound;
mod scale;

use souk::app::assemble;
use souk::catalog::find::{self, Search};
use souk::config;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

const QUERIES: usize = 200;

#[tokio::test]
async fn a_search_in_a_large_shop() {
    let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let (Some(data), Some(file)) = (path("SOUK_BENCH_DATA"), path("SOUK_BENCH_QUERIES")) else {
        println!("skipped: set SOUK_BENCH_DATA and SOUK_BENCH_QUERIES to measure");
        return;
    };
    let loaded = config::load(&data, None, []).unwrap();
    let app = assemble::from_config(&loaded, "http://127.0.0.1").await.unwrap();
    let shop = app.store.read(&app.shop).await.unwrap().shop().await.unwrap().unwrap();
    let mut seen = BTreeSet::new();
    let mut reader = csv::Reader::from_path(file).unwrap();
    let queries = reader.records().filter_map(|row| Some(row.ok()?.get(0)?.to_owned()));
    let queries: Vec<String> = queries.filter(|q| seen.insert(q.clone())).collect();
    let search = |query: &str| Search::of(query, 5);
    let begun = Instant::now();
    find::find(&app, &shop, &search("laptop")).await.unwrap();
    let first = begun.elapsed();
    let mut times = Vec::new();
    let mut found = 0;
    for query in queries.iter().cycle().take(QUERIES) {
        let begun = Instant::now();
        let result = find::find(&app, &shop, &search(query)).await.unwrap();
        times.push(begun.elapsed());
        found += usize::from(!result.items.is_empty());
    }
    times.sort();
    println!("distinct queries {:>5}   searches {QUERIES}, with results {found}", queries.len());
    println!("first {first:>9.1?}   p50 {:>9.1?}   p99 {:>9.1?}", times[QUERIES / 2], times[QUERIES * 99 / 100]);
    assert!(found > 0, "nothing was found at all");
}
