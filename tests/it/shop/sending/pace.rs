//! How many messages a second leave: from rows to the network's answer in rows again, each durable. Printed, not asserted:
//! `SOUK_BENCH_OUTBOUND=1000 cargo test --test it sending::pace -- --nocapture`, with `SOUK_BENCH_LANES=16` for other lanes.

use crate::skip::variable;
use crate::world::TestShop;
use crate::world::graph::Graph;
use souk::clock::{RandomIds, SystemClock};
use souk::conversation::say;
use souk::domain::contact::Contact;
use souk::domain::conversation::{Conversation, Memory, With};
use souk::domain::message::{Author, Reply};
use souk::domain::window::Window;
use souk::llm::keyless::Keyless;
use souk::store::Store;
use souk::worker;
use std::sync::Arc;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_a_second() {
    let Some(count) = variable("SOUK_BENCH_OUTBOUND").and_then(|n| n.parse::<usize>().ok()) else {
        println!("skipped: set SOUK_BENCH_OUTBOUND to measure");
        return;
    };
    let lanes = variable("SOUK_BENCH_LANES").and_then(|n| n.parse().ok()).unwrap_or(16);
    let graph = Graph::start().await;
    let shop = TestShop::demo_with(Keyless, |config| {
        graph.settings(config);
        config.worker.lanes = lanes;
        for account in config.whatsapp.accounts.values_mut() {
            account.messages_per_second = 1_000;
        }
    })
    .await;
    // The tests' own store does not wait for the disk; a shop's does.
    let store = Store::sqlite(&shop.app.data.join("souk.db")).await.unwrap();
    let app = shop.another(|app| {
        app.store = store;
        app.clock = Arc::new(SystemClock);
        app.ids = Arc::new(RandomIds::default());
    });
    let app = app.await;
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    for n in 0..count {
        let contact = Contact {
            id: app.new_id(),
            name: None,
            locale: "en".into(),
            stopped: false,
            address: None,
            forgotten: None,
        };
        tx.save_contact(&contact, app.now()).await.unwrap();
        tx.add_alias(&contact.id, "whatsapp", &format!("wa:49{n:010}")).await.unwrap();
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
        say(&app, &mut tx, &talk.id, Author::Agent, Reply::text("Your parcel leaves today.")).await.unwrap();
    }
    tx.commit().await.unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let begun = Instant::now();
    let workers = tokio::spawn(worker::run(Arc::clone(&app), stopped));
    while app.store.count_jobs().await.unwrap() != souk::store::jobs::JobCount::default() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = begun.elapsed();
    stop.send(true).unwrap();
    workers.await.unwrap();
    assert_eq!(graph.taken().len(), count, "each once");
    println!("{count} messages in {took:.1?}, {lanes} lanes: {:.0} a second", count as f64 / took.as_secs_f64());
    shop.over();
}
