//! What a feed says, what it must not touch, how it is told, and how it is taken back.

use crate::catalog::{Deed, feed, listed, order, pieces, selling, shelf, take_in};
use souk::catalog::Error;
use souk::catalog::ingest::{self, Missing, Report};
use souk::catalog::report::{Changes, PriceChange};
use souk::catalog::undo;
use souk::domain::id::RunId;

fn why(result: Result<Report, Error>) -> String {
    result.unwrap_err().to_string()
}

#[tokio::test]
async fn what_was_sold_stays_sold_until_the_feed_says_otherwise() {
    let shop = selling("tent,Tent,T,100,10\nmat,Mat,M,20,10\n").await;
    let app = &shop.app;
    assert!(order(app, "o1", "T", Deed::Hold(3)).await && order(app, "o1", "T", Deed::Sell).await);
    // Another price and another title, and the figure of the last time.
    let report = feed(app, "tent,Rain tent,T,90,10\nmat,Mat,M,20,10\n").await.unwrap();
    assert_eq!(report.changes, Changes { price: 1, text: 1, ..Changes::default() });
    assert_eq!(pieces(app, "T").await, 7);
    // A new figure is the merchant's word.
    let report = feed(app, "tent,Rain tent,T,90,8\nmat,Mat,M,20,10\n").await.unwrap();
    assert_eq!(report.changes, Changes { stock: 1, ..Changes::default() });
    assert_eq!(pieces(app, "T").await, 8);
    // What an unpaid order holds still lies on the merchant's shelf: it is part of his figure and of no other shopper's.
    assert!(order(app, "o2", "T", Deed::Hold(2)).await);
    feed(app, "tent,Rain tent,T,90,6\nmat,Mat,M,20,10\n").await.unwrap();
    assert_eq!(pieces(app, "T").await, 4);
    assert!(order(app, "o2", "T", Deed::Release).await);
    assert_eq!(pieces(app, "T").await, 6);
    // Fewer than are held.
    assert!(order(app, "o3", "T", Deed::Hold(5)).await);
    feed(app, "tent,Rain tent,T,90,2\nmat,Mat,M,20,10\n").await.unwrap();
    assert_eq!(pieces(app, "T").await, 0);
    // Counted no more, and counted again.
    feed(app, "tent,Rain tent,T,90,\nmat,Mat,M,20,10\n").await.unwrap();
    assert_eq!(shelf(app).await["T"], None);
    shop.over();
}

#[tokio::test]
async fn a_product_that_was_away_comes_back_with_what_is_left() {
    let shop = selling("tent,Tent,T,100,10\nmat,Mat,M,20,10\n").await;
    let app = &shop.app;
    assert!(order(app, "o1", "T", Deed::Hold(3)).await && order(app, "o1", "T", Deed::Sell).await);
    feed(app, "mat,Mat,M,20,10\n").await.unwrap();
    assert!(!shelf(app).await.contains_key("T"));
    feed(app, "tent,Tent,T,100,10\nmat,Mat,M,20,10\n").await.unwrap();
    assert_eq!(pieces(app, "T").await, 7);
    shop.over();
}

#[tokio::test]
async fn a_report_says_what_changed_and_what_looks_wrong() {
    let shop = selling("tent,Tent,T,100,10\nmat,Mat,M,20,10\nrope,Rope,R,5,1\ncup,Cup,C,8,1\n").await;
    let app = &shop.app;
    let rows = "tent,Tent,T,15,10\nmat,Warm mat,M,20,9\nbag,Bag,C,0,1\nbad,Bad,B,cheap,1\nrope,Rope,R,5,1\n";
    let whole = format!("{}{rows}", super::HEADER);
    let dry = ingest::preview(app, &app.shop, "t.csv", whole.as_bytes(), Missing::Retire).await.unwrap();
    let told = feed(app, rows).await.unwrap();
    assert_eq!(dry, Report { run: None, ..told.clone() }, "a dry run tells the same");
    assert_eq!((told.added, told.changed, told.unchanged, told.retired, told.rejects()), (1, 2, 1, 1, 1));
    assert_eq!(told.changes, Changes { price: 1, stock: 1, text: 1, ..Changes::default() });
    let price = PriceChange { what: "Tent".into(), old: "100.00 EUR".into(), new: "15.00 EUR".into() };
    assert_eq!(told.prices, [price]);
    assert_eq!((&told.added_examples, &told.retired_examples), (&vec!["Bag".to_owned()], &vec!["Cup".to_owned()]));
    let warned = told.warnings.iter().map(|w| format!("{}: {}", w.what, w.text)).collect::<Vec<_>>().join("\n");
    for part in [
        "T: its price jumps from 100.00 EUR to 15.00 EUR",
        "C: its price is 0",
        "C: the SKU belonged to \"cup\" and belongs to \"bag\" now",
    ] {
        assert!(warned.contains(part), "{part} is missing in\n{warned}");
    }
    let kept = app.store.read(&app.shop).await.unwrap().run(&told.run.clone().unwrap()).await.unwrap().unwrap();
    assert_eq!(serde_json::from_str::<Report>(&kept.report).unwrap(), told, "it is kept as it was told");
    shop.over();
}

#[tokio::test]
async fn a_feed_that_does_too_much_stops_and_changes_nothing() {
    let many = |range: std::ops::Range<u32>| range.map(|n| format!("p{n},P{n},S{n},10,1\n")).collect::<String>();
    let shop = selling(&many(0..20)).await;
    let app = &shop.app;
    let before = listed(app).await;
    let stopped = take_in(app, &many(0..15), Missing::Careful).await;
    let Err(Error::Stopped(report)) = stopped else { panic!("{stopped:?}") };
    assert!(report.stopped.as_ref().unwrap().contains("would retire 5 of 20 products"), "{report:?}");
    let bad = |n: u32| format!("b{n},B{n},B{n},cheap,1\n");
    let broken = many(0..20) + &(0..21).map(bad).collect::<String>();
    assert!(why(take_in(app, &broken, Missing::Keep).await).contains("21 rows of this feed cannot be read"));
    assert_eq!(listed(app).await, before);
    let run = app.store.read(&app.shop).await.unwrap().runs(1).await.unwrap().remove(0);
    let kept: Report = serde_json::from_str(&run.report).unwrap();
    assert!(kept.stopped.is_some() && kept.rejected.len() == 21, "the merchant reads why");
    assert!(undo::kept(app, &app.shop).await.unwrap().iter().all(|id| id != &run.id), "nothing to undo");
    // As asked.
    assert_eq!(take_in(app, &many(0..15), Missing::Keep).await.unwrap().retired, 0);
    assert_eq!(
        take_in(app, &many(0..16), Missing::Careful).await.unwrap().retired,
        4,
        "a fifth is no more than a fifth"
    );
    assert_eq!(take_in(app, &many(0..2), Missing::Retire).await.unwrap().retired, 14);
    shop.over();
}

#[tokio::test]
async fn a_dry_run_changes_no_row() {
    let shop = selling("tent,Tent,T,100,10\nmat,Mat,M,20,10\n").await;
    let app = &shop.app;
    let before = crate::world::past::rows(app).await;
    let rows = format!("{}tent,Tent,T,1,1\nnew,New,N,1,1\n", super::HEADER);
    let report = ingest::preview(app, &app.shop, "t.csv", rows.as_bytes(), Missing::Retire).await.unwrap();
    assert_eq!((report.added, report.changed, report.retired), (1, 1, 1));
    assert!(crate::world::past::rows(app).await == before, "a dry run left a trace");
    shop.over();
}

#[tokio::test]
async fn a_run_is_undone_and_what_was_sold_since_stays_sold() {
    let shop = selling("tent,Tent,T,100,10\nmat,Mat,M,20,10\nrope,Rope,R,5,4\n").await;
    let app = &shop.app;
    assert!(order(app, "o0", "R", Deed::Hold(1)).await, "held while the feed takes the rope away");
    let before = listed(app).await;
    let run = feed(app, "tent,Rain tent,T,90,50\nmat,Mat,M2,20,10\nbag,Bag,M,30,3\n").await.unwrap();
    assert_eq!((run.added, run.changed, run.retired), (1, 2, 1));
    let undone = undo::undo(app, &app.shop, None).await.unwrap();
    assert_eq!((undone.added, undone.changed, undone.retired), (1, 2, 1));
    assert_eq!((undone.undoes.as_ref(), undone.prices[0].new.as_str()), (run.run.as_ref(), "100.00 EUR"));
    assert_eq!(listed(app).await, before, "as it was");
    assert!(why(undo::undo(app, &app.shop, None).await).contains("the last run undid"));
    // And back again, with sales on the way: what is sold in either world is sold in both.
    undo::undo(app, &app.shop, undone.run.as_ref()).await.unwrap();
    assert_eq!(pieces(app, "T").await, 50);
    assert!(order(app, "o1", "T", Deed::Hold(3)).await && order(app, "o1", "T", Deed::Sell).await);
    assert!(order(app, "o0", "R", Deed::Release).await, "given back while the rope is away");
    let again = undo::kept(app, &app.shop).await.unwrap().remove(0);
    undo::undo(app, &app.shop, Some(&again)).await.unwrap();
    assert_eq!((pieces(app, "T").await, pieces(app, "M").await, pieces(app, "R").await), (7, 10, 4));
    shop.over();
}

#[tokio::test]
async fn a_run_is_not_undone_over_a_later_one() {
    let shop = selling("tent,Tent,T,100,10\nmat,Mat,M,20,10\n").await;
    let app = &shop.app;
    let first = feed(app, "tent,Tent,T,90,10\nmat,Mat,M,20,10\n").await.unwrap().run.unwrap();
    let other = feed(app, "tent,Tent,T,90,10\nmat,Mat,M,21,10\n").await.unwrap().run.unwrap();
    // The later run touched another product.
    undo::undo(app, &app.shop, Some(&first)).await.unwrap();
    assert_eq!(listed(app).await.iter().map(|p| p.variants[0].price.minor).collect::<Vec<_>>(), [2100, 10_000]);
    feed(app, "tent,Tent,T,100,10\nmat,Mat,M,22,10\n").await.unwrap();
    let refused = why(undo::undo(app, &app.shop, Some(&other)).await);
    assert!(refused.contains("a later run changed mat as well"), "{refused}");
    let unknown = why(undo::undo(app, &app.shop, Some(&RunId::new("run_nobody"))).await);
    assert!(unknown.contains("changed nothing, or is too old"), "{unknown}");
    // A SKU that went its own way since.
    feed(app, "tent,Tent,T,100,10\nmat,Mat,M3,22,10\n").await.unwrap();
    let lost = undo::kept(app, &app.shop).await.unwrap().remove(0);
    feed(app, "tent,Tent,T,100,10\nmat,Mat,M3,22,10\nbag,Bag,M,9,1\n").await.unwrap();
    assert!(why(undo::undo(app, &app.shop, Some(&lost)).await).contains("bag"));
    shop.over();
}

#[tokio::test]
async fn old_ways_back_are_tidied_away() {
    let shop = selling("tent,Tent,T,100,10\n").await;
    let app = &shop.app;
    for price in 1..=12 {
        feed(app, &format!("tent,Tent,T,{price},10\n")).await.unwrap();
    }
    let kept = undo::kept(app, &app.shop).await.unwrap();
    assert_eq!(kept.len(), 10);
    for _ in 0..10 {
        let newest = undo::kept(app, &app.shop).await.unwrap();
        assert_eq!(newest.len(), 10);
    }
    let mut tx = app.store.read(&app.shop).await.unwrap();
    for run in &kept {
        assert_eq!(tx.staged(run).await.unwrap(), souk::store::switch::Count::default(), "the staged side is gone");
    }
    shop.over();
}
