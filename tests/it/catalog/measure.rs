//! How long the writer is held: `SOUK_BENCH_SWITCH=20000,100000` takes in so many variants and prints the seconds.

use crate::catalog::{feed, listed};
use crate::skip::{skip, variable};
use crate::world::TestShop;
use souk::app::App;
use souk::catalog::{ingest, undo};
use souk::store::versions::Staged;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

fn rows(variants: u32, price: u32) -> String {
    let mut text = String::new();
    for product in 0..variants / 5 {
        let words = "a light and sturdy thing for days outside, ".repeat(6);
        for size in 0..5 {
            let title = if size == 0 { format!("Product {product} {words}") } else { String::new() };
            text.push_str(&format!("p{product},\"{title}\",S{product}-{size},{price},5\n"));
        }
    }
    text
}

/// What a message that has to be acknowledged waits for the writer, at most.
async fn longest_wait(app: Arc<App>, stop: Arc<AtomicBool>) -> Duration {
    let mut longest = Duration::ZERO;
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let tx = app.store.begin(&app.shop).await.unwrap();
        longest = longest.max(begun.elapsed());
        drop(tx);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    longest
}

async fn timed<T>(app: &Arc<App>, what: &str, work: impl Future<Output = T>) -> T {
    let stop = Arc::new(AtomicBool::new(false));
    let waits = tokio::spawn(longest_wait(Arc::clone(app), Arc::clone(&stop)));
    let begun = Instant::now();
    let done = work.await;
    let took = begun.elapsed();
    stop.store(true, Ordering::Relaxed);
    println!(
        "  {what}: {:.2} s, a message waited {:.2} s at most",
        took.as_secs_f64(),
        waits.await.unwrap().as_secs_f64()
    );
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_switch_holds_the_writer_shortly() {
    let Some(sizes) = variable("SOUK_BENCH_SWITCH") else {
        skip("switch", "SOUK_BENCH_SWITCH is not set");
        return;
    };
    for variants in sizes.split(',').map(|n| n.parse::<u32>().unwrap()) {
        let shop = TestShop::demo().await;
        let app = &shop.app;
        println!("{variants} variants");
        let (first, second) = (rows(variants, 10), rows(variants, 11));
        timed(app, "first load", feed(app, &first)).await.unwrap();
        assert_eq!(listed(app).await.len() as u32, (variants / 5).min(10_000));
        timed(app, "nothing new", feed(app, &first)).await.unwrap();
        timed(app, "every price", feed(app, &second)).await.unwrap();
        timed(app, "undone", undo::undo(app, &app.shop, None)).await.unwrap();
        let one = second.lines().take(variants as usize / 100).chain(first.lines().skip(variants as usize / 100));
        let one: String = one.map(|line| format!("{line}\n")).collect();
        timed(app, "one in a hundred", feed(app, &one)).await.unwrap();
        let begun = Instant::now();
        souk::catalog::index::collect_vocabulary(app, &app.shop).await.unwrap();
        println!("  vocabulary: {:.2} s", begun.elapsed().as_secs_f64());
        alone(app).await;
        shop.over();
    }
}

/// The switch by itself: every product staged as it is, nothing else in the transaction.
async fn alone(app: &App) {
    let products = listed_all(app).await;
    let run = app.new_id();
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let seen = tx.catalog_version().await.unwrap();
    let stored = souk::store::catalog::Stored { whole: "w".into(), text: "t".into() };
    tx.begin_staging(&run, app.now()).await.unwrap();
    for product in &products {
        tx.stage(&run, &[Staged::Put { product, stored: &stored, sales: BTreeMap::new() }]).await.unwrap();
    }
    while tx.keep_before(&run, 1_000).await.unwrap() > 0 {}
    let count = tx.staged(&run).await.unwrap();
    tx.commit().await.unwrap();
    let begun = Instant::now();
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    tx.switch_to(&run, seen, count, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    println!("  the switch alone, {} products changed: {:.2} s", products.len(), begun.elapsed().as_secs_f64());
    ingest::collect_words(app, &app.shop).await.unwrap();
}

async fn listed_all(app: &App) -> Vec<souk::domain::product::Product> {
    let mut tx = app.store.read(&app.shop).await.unwrap();
    let ids = tx.product_ids_after("", 1_000_000).await.unwrap();
    tx.products(&ids).await.unwrap()
}
