//! What holds while vectors are still to be made, and after their texts or the embedder changed.

use super::{STAMP, doc, fresh, ids, lack, put, vector, words};
use crate::search::{Doc, Filter, Index, Kind, Lack, Made, Stamp};

/// The contract's part on vectors.
pub async fn contract(index: &dyn Index) {
    words_are_found_before_there_is_a_vector(index).await;
    only_a_new_text_loses_its_vector(index).await;
    a_vector_of_an_earlier_text_is_not_taken(index).await;
    another_embedder_makes_all_vectors_anew(index).await;
}

fn made(of: &Doc, seed: u64) -> Made {
    Made { of: lack(of), vector: vector(seed) }
}

fn sorted(mut lacking: Vec<Lack>) -> Vec<Lack> {
    lacking.sort_by(|a, b| a.id.cmp(&b.id));
    lacking
}

async fn words_are_found_before_there_is_a_vector(index: &dyn Index) {
    let shop = fresh(index, "at once").await;
    let any = Filter::default();
    index.set_stamp(&shop, &Stamp { words: 1, vectors: STAMP.to_owned() }).await.unwrap();
    let (tent, stove) = (doc("a", "blue tent"), doc("b", "blue stove"));
    let mut manual = doc("m", "blue manual");
    manual.kind = Kind::Passage;
    assert_eq!(index.upsert(&shop, vec![tent.clone(), stove.clone(), manual.clone()]).await.unwrap(), 3);
    assert_eq!(words(index, &shop, "blue", &any).await.len(), 3);
    assert!(index.dense(&shop, &vector(1), &any, 9).await.unwrap().is_empty());
    assert_eq!(sorted(index.lacking(&shop, 9).await.unwrap()), [lack(&tent), lack(&stove), lack(&manual)]);
    assert_eq!(index.lacking(&shop, 1).await.unwrap().len(), 1);
    assert_eq!(index.count_lacking(&shop, Kind::Product).await.unwrap(), 2);
    assert_eq!(index.set_vectors(&shop, STAMP, vec![made(&stove, 1), made(&doc("no", "x"), 1)]).await.unwrap(), 1);
    assert_eq!(ids(&index.dense(&shop, &vector(1), &any, 9).await.unwrap()), ["b"]);
    assert_eq!(sorted(index.lacking(&shop, 9).await.unwrap()), [lack(&tent), lack(&manual)]);
    assert_eq!(index.count_lacking(&shop, Kind::Product).await.unwrap(), 1);
    assert_eq!(index.count_lacking(&shop, Kind::Passage).await.unwrap(), 1);
}

async fn only_a_new_text_loses_its_vector(index: &dyn Index) {
    let shop = fresh(index, "kept").await;
    let any = Filter::default();
    put(index, &shop, vec![(doc("a", "blue tent"), 1), (doc("b", "blue stove"), 2)]).await;
    // Another price, another property among the words, the same text.
    let mut dearer = doc("a", "blue tent");
    (dearer.price_min, dearer.price_max, dearer.body) = (9_000, 9_000, "waterproof".to_owned());
    assert_eq!(index.upsert(&shop, vec![dearer]).await.unwrap(), 0);
    assert_eq!(ids(&index.dense(&shop, &vector(1), &any, 1).await.unwrap()), ["a"]);
    assert_eq!(ids(&words(index, &shop, "waterproof", &any).await), ["a"]);
    let dear = Filter { price_at_least: Some(9_000), ..Filter::default() };
    assert_eq!(ids(&index.dense(&shop, &vector(1), &dear, 9).await.unwrap()), ["a"]);
    let other = doc("a", "green tent");
    assert_eq!(index.upsert(&shop, vec![other.clone()]).await.unwrap(), 1);
    assert_eq!(ids(&index.dense(&shop, &vector(1), &any, 9).await.unwrap()), ["b"]);
    assert_eq!(index.lacking(&shop, 9).await.unwrap(), [lack(&other)]);
    let held = index.held(&shop, Kind::Product).await.unwrap();
    assert_eq!(
        held.into_iter().collect::<Vec<_>>(),
        [("a".to_owned(), other.text), ("b".to_owned(), doc("b", "blue stove").text)]
    );
}

async fn a_vector_of_an_earlier_text_is_not_taken(index: &dyn Index) {
    let shop = fresh(index, "late").await;
    let any = Filter::default();
    let (before, after) = (doc("a", "blue tent"), doc("a", "green tent"));
    put(index, &shop, vec![(before.clone(), 1)]).await;
    index.upsert(&shop, vec![after.clone()]).await.unwrap();
    assert_eq!(index.set_vectors(&shop, STAMP, vec![made(&before, 1)]).await.unwrap(), 0);
    assert!(index.dense(&shop, &vector(1), &any, 9).await.unwrap().is_empty());
    assert_eq!(index.lacking(&shop, 9).await.unwrap(), [lack(&after)]);
}

async fn another_embedder_makes_all_vectors_anew(index: &dyn Index) {
    let shop = fresh(index, "embedder").await;
    let any = Filter::default();
    let (tent, stove) = (doc("a", "blue tent"), doc("b", "blue stove"));
    put(index, &shop, vec![(tent.clone(), 1), (stove.clone(), 2)]).await;
    assert_eq!(index.dense(&shop, &vector(1), &any, 9).await.unwrap().len(), 2);
    // The same again changes nothing.
    index.set_stamp(&shop, &Stamp { words: 2, vectors: STAMP.to_owned() }).await.unwrap();
    assert_eq!(index.dense(&shop, &vector(1), &any, 9).await.unwrap().len(), 2);
    index.set_stamp(&shop, &Stamp { words: 2, vectors: "model:2".to_owned() }).await.unwrap();
    assert!(index.dense(&shop, &vector(1), &any, 9).await.unwrap().is_empty());
    assert_eq!(words(index, &shop, "blue", &any).await.len(), 2);
    assert_eq!(index.count_lacking(&shop, Kind::Product).await.unwrap(), 2);
    assert_eq!(index.set_vectors(&shop, STAMP, vec![made(&tent, 1)]).await.unwrap(), 0, "the old embedder is late");
    assert_eq!(index.set_vectors(&shop, "model:2", vec![made(&stove, 3)]).await.unwrap(), 1);
    let found = index.dense(&shop, &vector(3), &any, 9).await.unwrap();
    assert!(ids(&found) == ["b"] && found[0].score > 0.99, "{found:?}");
    assert_eq!(index.lacking(&shop, 9).await.unwrap(), [lack(&tent)]);
}
