//! How many webhooks of WhatsApp are taken in: `SOUK_BENCH_INBOUND=<webhooks>[,<at once>] cargo test --test it inbound --
//! --nocapture`. Signed bodies go to the real router over TCP, on SQLite and, with `SOUK_TEST_POSTGRES_URL`, on PostgreSQL,
//! each committed by itself and together with others. Commits wait for the disk, as they do in a shop.

use crate::http::whatsapp::{SECRET, accounts, texts};
use crate::skip::variable;
use crate::store::a_shop;
use crate::world::TestShop;
use secrecy::SecretString;
use souk::app::App;
use souk::channel::whatsapp::verify;
use souk::conversation::whatsapp::intake::{Intake, TOGETHER};
use souk::http::{self, Site};
use souk::llm::keyless::Keyless;
use souk::store::Store;
use sqlx::{Connection, PgConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Shoppers who write.
const SHOPPERS: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_taken_in() {
    let Some(asked) = variable("SOUK_BENCH_INBOUND") else {
        println!("skipped: set SOUK_BENCH_INBOUND to measure");
        return;
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (webhooks, at_once) = asked.split_once(',').unwrap_or((&asked, "64"));
    let (webhooks, at_once): (usize, usize) = (webhooks.parse().unwrap(), at_once.parse().unwrap());
    println!("{webhooks} webhooks, {at_once} at once, load {}", load());
    for together in [1, TOGETHER] {
        let shop = TestShop::demo_with(Keyless, accounts).await;
        let file = shop.app.data.join("souk.db");
        let store = Store::sqlite(&file).await.unwrap();
        let app = shop.another(|app| app.store = store).await;
        measure("SQLite", app, together, webhooks, at_once).await;
        if let Some(server) = variable("SOUK_TEST_POSTGRES_URL") {
            let name = format!("souk_bench_{}", shop.app.ids.secret());
            let mut admin = PgConnection::connect(&server).await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}")))
                .execute(&mut admin)
                .await
                .unwrap();
            sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
            let base = server.rsplit_once('/').unwrap().0;
            let store = Store::postgres(&format!("{base}/{name}")).await.unwrap();
            let here = a_shop(shop.app.shop.as_str());
            let mut tx = store.begin(&here.id).await.unwrap();
            tx.save_shop(&here).await.unwrap();
            tx.commit().await.unwrap();
            let app = shop.another(|app| app.store = store.clone()).await;
            measure("PostgreSQL", app, together, webhooks, at_once).await;
            store.close().await;
            sqlx::query(sqlx::AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)")))
                .execute(&mut admin)
                .await
                .unwrap();
        }
        shop.finish(&[]).await;
    }
}

async fn measure(engine: &str, app: Arc<App>, together: usize, webhooks: usize, at_once: usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhooks/whatsapp/main", listener.local_addr().unwrap());
    let mut site = Site::new(Arc::clone(&app), "token".to_owned());
    site.intake = Intake::new(Arc::clone(&app), together);
    let intake = Arc::clone(&site.intake);
    let router = http::router(Arc::new(site));
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let client = reqwest::Client::builder().timeout(Duration::from_secs(120)).build().unwrap();
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..at_once {
        let (client, url, next) = (client.clone(), url.clone(), Arc::clone(&next));
        tasks.spawn(async move {
            let mut times = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= webhooks {
                    return times;
                }
                let body = texts(
                    "4001",
                    &format!("49{}", 10_000 + n % SHOPPERS),
                    &[(&format!("wamid.{n}"), "Have you got tents for two?")],
                )
                .to_string();
                let signature = verify::sign(body.as_bytes(), &SecretString::from(SECRET));
                let sent = Instant::now();
                let request = client.post(&url).header("X-Hub-Signature-256", signature).body(body);
                assert_eq!(request.send().await.unwrap().status(), 200);
                times.push(sent.elapsed());
            }
        });
    }
    let mut times: Vec<Duration> = tasks.join_all().await.into_iter().flatten().collect();
    let all = begun.elapsed();
    times.sort();
    assert_eq!(intake.counts.new.load(Ordering::Relaxed), webhooks as u64, "something was lost");
    println!(
        "{engine:<10} up to {together:>2} together   {:>6.0} acks/s   p50 {:>8.1?}   p99 {:>8.1?}   load {}",
        webhooks as f64 / all.as_secs_f64(),
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        load()
    );
    server.abort();
}

fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}
