//! Feeds that come by themselves: what fails is shown, waits longer each time, and changes nothing.

use crate::catalog::{listed, selling};
use jiff::Span;
use souk::catalog::{
    self,
    sources::{self, Outcome},
};
use souk::domain::finding::FindingKind;
use souk::domain::job::Job;

#[tokio::test]
async fn a_source_that_fails_is_shown_and_asked_less_often() {
    let shop = selling("tent,Tent,T,100,10\n").await;
    let app = &shop.app;
    let before = listed(app).await;
    // An address inside one's own network is refused, whoever listens there.
    let source = sources::add(app, &app.shop, " http://127.0.0.1:9/x.csv ", "products", 60).await.unwrap();
    catalog::upkeep(app).await.unwrap();
    catalog::upkeep(app).await.unwrap();
    let until = app.after(Span::new().seconds(30));
    let claimed = loop {
        let claimed = app.store.claim_job("w", app.now(), until).await.unwrap().expect("a job for the source");
        if claimed.job == (Job::FetchSource { source: source.id.clone() }) {
            break claimed;
        }
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        tx.finish_job(&claimed).await.unwrap();
        tx.commit().await.unwrap();
    };
    souk::worker::work(app, &claimed).await.unwrap();
    let mut waits = Vec::new();
    for _ in 0..6 {
        let now = app.store.read(&app.shop).await.unwrap().source(&source.id).await.unwrap().unwrap();
        waits.push(now.next_at.duration_since(app.now()).as_secs() / 60);
        assert!(matches!(sources::fetch(app, &app.shop, &source.id).await.unwrap(), Outcome::Failed(_)));
    }
    assert!((120..127).contains(&waits[0]) && (240..247).contains(&waits[1]), "{waits:?}");
    assert!((1_440..1_447).contains(&waits[5]), "no longer than a day: {waits:?}");
    let mut tx = app.store.read(&app.shop).await.unwrap();
    let shown = tx.source(&source.id).await.unwrap().unwrap();
    assert_eq!((shown.failures, shown.fetched_at), (7, None));
    let found = tx.findings_about(source.id.as_str()).await.unwrap();
    assert_eq!(found, [FindingKind::SourceFails], "once, however often it fails");
    drop(tx);
    assert_eq!(listed(app).await, before);
    // A new pace asks at once; a source that is gone fails no more.
    let faster = sources::add(app, &app.shop, "http://127.0.0.1:9/x.csv", "products", 5).await.unwrap();
    assert_eq!((faster.id.clone(), faster.next_at, faster.every_minutes), (source.id.clone(), app.now(), 5));
    assert!(sources::remove(app, &app.shop, &source.id).await.unwrap());
    assert_eq!(sources::fetch(app, &app.shop, &source.id).await.unwrap(), Outcome::Gone);
    let mut tx = app.store.read(&app.shop).await.unwrap();
    assert_eq!(tx.findings_about(source.id.as_str()).await.unwrap(), []);
    drop(tx);
    for (url, every) in [("ftp://x.example/y", 60), ("https://x.example/y", 1), ("https://x.example/y", 100_000)] {
        assert!(sources::add(app, &app.shop, url, "products", every).await.is_err(), "{url} {every}");
    }
    shop.over();
}
