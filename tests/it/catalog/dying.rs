//! Processes that die while a feed is taken in, at any await: shoppers see the old catalogue or the new one, never half.

use crate::catalog::{feed, listed, selling};
use crate::shop::dying::{Dice, at_most};
use jiff::Span;
use souk::catalog::{self, undo};
use souk::store::versions::Side;
use souk::worker;
use std::future::{Future, poll_fn};

const SEEDS: u64 = 30;
fn rows(range: std::ops::Range<u32>, price: u32) -> String {
    range.map(|n| format!("p{n},Product {n},S{n},{price},5\np{n},,S{n}x,{price},5\n")).collect()
}

/// How many polls it takes to the end.
async fn polls<F: Future>(future: F) -> u64 {
    let (mut future, mut count) = (Box::pin(future), 0);
    poll_fn(|context| {
        count += 1;
        future.as_mut().poll(context)
    })
    .await;
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_feed_is_never_seen() {
    let (mut old, mut new) = (0, 0);
    let wanted = rows(10..150, 20);
    let shop = selling(&rows(0..40, 10)).await;
    let all = polls(feed(&shop.app, &wanted)).await;
    shop.over();
    // How often a future is polled depends on the load, so the deaths are drawn around the moment that was seen to matter:
    // from fewer polls after a run that got to the switch, from more after one that did not.
    let mut most = all;
    for seed in 0..SEEDS {
        let mut dice = Dice(seed);
        let mut shop = selling(&rows(0..40, 10)).await;
        let before = listed(&shop.app).await;
        let run = undo::kept(&shop.app, &shop.app.shop).await.unwrap().remove(0);
        let done = at_most(dice.below(most), feed(&shop.app, &wanted)).await;
        shop.dies().await;
        let app = &shop.app;
        let now = listed(app).await;
        let switched = now != before;
        if switched {
            assert_eq!(now.len(), 140, "seed {seed}");
            assert!(now.iter().all(|p| p.variants.len() == 2 && p.variants[0].price.minor == 2_000), "seed {seed}");
            let newest = app.store.read(&app.shop).await.unwrap().runs(1).await.unwrap().remove(0);
            assert_ne!(newest.id, run, "seed {seed}: a switch without its report");
            new += 1;
            most = (most * 3 / 4).max(4);
        } else {
            assert!(done.is_none(), "seed {seed}: it was done and nothing changed");
            old += 1;
            most = most * 3 / 2;
        }
        // What died is tidied away in time, and what it wanted can be had by doing it again.
        shop.clock.advance(Span::new().hours(7));
        catalog::upkeep(app).await.unwrap();
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        for staging in tx.stagings().await.unwrap() {
            assert!(staging.version.is_some(), "seed {seed}: {staging:?} was left");
        }
        drop(tx);
        let again = feed(app, &wanted).await.unwrap();
        assert_eq!(again.changes_anything(), !switched, "seed {seed}");
        assert_eq!(listed(app).await.len(), 140, "seed {seed}");
        worker::drain(app, 100).await;
        let left = app.store.read(&app.shop).await.unwrap().unindexed(10).await.unwrap();
        assert_eq!(left, [], "seed {seed}: the index hears of every change");
        shop.over();
    }
    println!("{all} polls: {old} times the old catalogue, {new} times the new one");
    assert!(old > 3 && new > 3);
}

#[tokio::test]
async fn what_was_tidied_away_is_not_switched_to() {
    let shop = selling("tent,Tent,T,100,10\n").await;
    let app = &shop.app;
    let run = undo::kept(app, &app.shop).await.unwrap().remove(0);
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let seen = tx.catalog_version().await.unwrap();
    let new = app.new_id();
    tx.begin_staging(&new, app.now()).await.unwrap();
    tx.stage_undo(&run, &new).await.unwrap();
    let count = tx.staged(&new).await.unwrap();
    assert!(tx.drop_versions(&new, Side::After, 1).await.unwrap() > 0);
    let refused = tx.switch_to(&new, seen, count, app.now()).await.unwrap_err();
    assert!(refused.is_race(), "{refused}");
    drop(tx);
    let mut tx = app.store.begin(&app.shop).await.unwrap();
    let late = tx.switch_to(&run, seen - 1, souk::store::switch::Count::default(), app.now()).await.unwrap_err();
    assert!(late.to_string().contains("the catalogue was changed by somebody else"), "{late}");
    drop(tx);
    shop.over();
}
