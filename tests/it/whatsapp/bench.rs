//! How many messages a second leave through the little WhatsApp, from rows to its answers in rows again, each durable:
//! `SOUK_BENCH_OUTBOUND=1000 cargo test --test it whatsapp::bench -- --nocapture`. On SQLite and, with
//! `SOUK_TEST_POSTGRES_URL`, on PostgreSQL; commits wait for the disk. Printed, not asserted.

use crate::skip::variable;
use crate::store::a_shop;
use crate::whatsapp::phone::Street;
use souk::app::{App, assemble};
use souk::clock::{Clock, RandomIds, SystemClock};
use souk::conversation::say;
use souk::domain::contact::Contact;
use souk::domain::conversation::{Conversation, Memory, With};
use souk::domain::message::{Author, Reply};
use souk::domain::window::Window;
use souk::emulator::settings::{PairLimit, Settings};
use souk::store::Store;
use souk::worker;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// People whom the messages go to.
const PEOPLE: usize = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_a_second_through_the_emulator() {
    let Some(count) = variable("SOUK_BENCH_OUTBOUND").and_then(|n| n.parse::<usize>().ok()) else {
        println!("skipped: set SOUK_BENCH_OUTBOUND to measure");
        return;
    };
    for lanes in [4, 16] {
        measure("SQLite", lanes, count, None).await;
        if let Some(server) = variable("SOUK_TEST_POSTGRES_URL") {
            measure("PostgreSQL", lanes, count, Some(server)).await;
        }
    }
}

async fn measure(engine: &str, lanes: u32, count: usize, server: Option<String>) {
    let settings = Settings { pair: PairLimit::Off, per_second: 1_000_000, ..Settings::default() };
    let street = Street::with(settings, |config| {
        config.worker.lanes = lanes;
        for account in config.whatsapp.accounts.values_mut() {
            account.messages_per_second = 1_000;
        }
    })
    .await;
    let shop = &street.shop;
    let mut admin = None;
    let store = match &server {
        None => Store::sqlite(&shop.app.data.join("souk.db")).await.unwrap(),
        Some(server) => {
            let name = format!("souk_bench_out_{lanes}");
            let mut connection = PgConnection::connect(server).await.unwrap();
            for sql in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
                sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
            }
            let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
            admin = Some((connection, name));
            let store = Store::postgres(&url).await.unwrap();
            let here = a_shop(shop.app.shop.as_str());
            let mut tx = store.begin(&here.id).await.unwrap();
            tx.save_shop(&here).await.unwrap();
            tx.commit().await.unwrap();
            store
        }
    };
    let app = shop.another(|app| {
        app.store = store;
        app.clock = Arc::new(SystemClock);
        app.ids = Arc::new(RandomIds::default());
        // Its pace goes by its clock.
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        app.whatsapp = assemble::whatsapp(&app.config, &app.data, &clock).unwrap();
    });
    let app = app.await;
    // Jobs of the shop's own, which are due by its clock and not by the machine's.
    let before = app.store.count_jobs().await.unwrap();
    fill(&street, &app, count).await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let begun = Instant::now();
    let workers = tokio::spawn(worker::run(Arc::clone(&app), stopped));
    while app.store.count_jobs().await.unwrap() != before {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = begun.elapsed();
    stop.send(true).unwrap();
    workers.await.unwrap();
    assert_eq!(street.world.sent().len(), count, "each once");
    println!(
        "{engine:<10} {lanes:>2} lanes  {:>6.0} a second  ({count} in {took:.1?}, load {})",
        count as f64 / took.as_secs_f64(),
        load()
    );
    app.store.close().await;
    if let Some((mut connection, name)) = admin {
        let sql = format!("DROP DATABASE {name} WITH (FORCE)");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
    street.shop.over();
}

/// People who have written, and messages for them.
async fn fill(street: &Street, app: &App, count: usize) {
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let mut talks = Vec::new();
    for n in 0..PEOPLE {
        let phone = format!("49151{n:08}");
        street.world.shopper(&phone, "Somebody").unwrap().writes("hello").unwrap();
        let contact = Contact::new(app.new_id(), None, "en");
        tx.save_contact(&contact, app.now()).await.unwrap();
        tx.add_alias(&contact.id, "whatsapp", &format!("wa:{phone}")).await.unwrap();
        let talk = Conversation {
            id: app.new_id(),
            contact: contact.id.clone(),
            channel: "whatsapp:main".into(),
            alias: contact.id.to_string(),
            with: With::Agent,
            memory: Memory::default(),
            last_seq: 0,
            answered_seq: 0,
        };
        tx.insert_conversation(&talk, app.now()).await.unwrap();
        let window = Window { heard_at: Some(app.now()), ..Window::default() };
        tx.set_window(&talk.id, &window, None).await.unwrap();
        talks.push(talk.id);
    }
    for n in 0..count {
        let reply = Reply::text(format!("Your parcel {n} leaves today."));
        say(app, &mut tx, &talks[n % PEOPLE], Author::Agent, reply).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}
