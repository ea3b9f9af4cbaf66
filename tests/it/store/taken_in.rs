//! What is not indexed yet and what was taken in when, each shop's own.

use crate::store::{Db, at};
use souk::domain::id::ProductId;
use souk::store::runs::Run;
use std::sync::Arc;

pub async fn a_change_while_it_is_indexed_stays_on_the_list(db: Arc<Db>) {
    let there = db.add_shop("there").await;
    let mut tx = db.tx().await;
    let (tent, mat) = (ProductId::new("tent"), ProductId::new("mat"));
    tx.mark_unindexed(&tent, at(1)).await.unwrap();
    tx.mark_unindexed_all_of(std::slice::from_ref(&mat), at(2)).await.unwrap();
    let listed = tx.unindexed(10).await.unwrap();
    assert_eq!(listed.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["tent", "mat"]);
    assert_eq!(tx.unindexed(1).await.unwrap(), listed[..1]);
    tx.mark_unindexed(&tent, at(3)).await.unwrap();
    tx.clear_unindexed(&listed).await.unwrap();
    let left = tx.unindexed(10).await.unwrap();
    assert_eq!(left.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["tent"], "it changed again meanwhile");
    tx.commit().await.unwrap();
    let mut tx = db.store.begin(&there).await.unwrap();
    assert_eq!(tx.unindexed(10).await.unwrap(), []);
    tx.clear_unindexed(&left).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.tx().await.unindexed(10).await.unwrap(), left);
}

pub async fn a_change_in_the_same_moment_is_another_change(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let tent = ProductId::new("tent");
    tx.mark_unindexed(&tent, at(5)).await.unwrap();
    let listed = tx.unindexed(9).await.unwrap();
    tx.mark_unindexed_all_of(&[tent.clone(), tent.clone()], at(5)).await.unwrap();
    tx.clear_unindexed(&listed).await.unwrap();
    assert_eq!(tx.count_unindexed().await.unwrap(), 1);
    // A clock that went back changes nothing about that.
    let listed = tx.unindexed(9).await.unwrap();
    tx.mark_unindexed(&tent, at(1)).await.unwrap();
    tx.clear_unindexed(&listed).await.unwrap();
    assert_eq!(tx.count_unindexed().await.unwrap(), 1);
}

pub async fn reports_are_kept_and_the_newest_comes_first(db: Arc<Db>) {
    let there = db.add_shop("there").await;
    let mut tx = db.tx().await;
    let run =
        |ms| Run { id: db.id(), kind: "products".into(), source: "a.csv".into(), at: at(ms), report: "{}".into() };
    let (old, new) = (run(1), run(2));
    tx.keep_run(&old).await.unwrap();
    tx.keep_run(&new).await.unwrap();
    assert_eq!(tx.runs(10).await.unwrap(), [new.clone(), old.clone()]);
    assert_eq!(tx.run(&old.id).await.unwrap(), Some(old.clone()));
    tx.commit().await.unwrap();
    let mut tx = db.store.begin(&there).await.unwrap();
    assert_eq!(tx.forget_runs(0).await.unwrap(), 0);
    assert_eq!(tx.runs(10).await.unwrap(), []);
    assert_eq!(tx.run(&old.id).await.unwrap(), None);
    tx.commit().await.unwrap();
    let mut tx = db.tx().await;
    assert_eq!((tx.forget_runs(1).await.unwrap(), tx.runs(10).await.unwrap()), (1, vec![new]));
}
