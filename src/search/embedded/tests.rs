//! The contract, and what only this index has: a file that others write too.

use super::*;
use crate::search::contract;
use crate::search::contract::doc;
use crate::search::contract::ids;
use crate::search::contract::put;
use crate::search::contract::vector;
use crate::search::contract::words;

async fn open(folder: &tempfile::TempDir) -> Embedded {
    Embedded::open(&folder.path().join("shop.db")).await.unwrap()
}

#[tokio::test]
async fn it_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    contract::contract(&open(&folder).await).await;
}

#[tokio::test]
async fn two_handles_on_one_file_see_each_others_writes() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (open(&folder).await, open(&folder).await);
    let shop = ShopId::new("s");
    let any = Filter::default();
    put(&one, &shop, vec![(doc("a", "tent"), 1), (doc("b", "stove"), 2)]).await;
    assert_eq!(two.dense(&shop, &vector(1), &any, 1).await.unwrap()[0].id, "a");
    put(&two, &shop, vec![(doc("c", "lamp"), 3), (doc("a", "kettle"), 4)]).await;
    assert_eq!(one.dense(&shop, &vector(3), &any, 1).await.unwrap()[0].id, "c");
    assert_eq!(one.dense(&shop, &vector(4), &any, 1).await.unwrap()[0].id, "a");
    assert_eq!(ids(&words(&one, &shop, "lamp kettle", &any).await).len(), 2);
    one.delete(&shop, Kind::Product, &["c".to_owned()]).await.unwrap();
    assert!(!ids(&two.dense(&shop, &vector(3), &any, 9).await.unwrap()).contains(&"c"));
    one.clear(&shop).await.unwrap();
    assert!(two.dense(&shop, &vector(3), &any, 9).await.unwrap().is_empty());
    // Another model after the clearing: the other handle takes the new length too.
    put(&one, &shop, Vec::new()).await;
    let short = doc("short", "tent");
    let made = Made { of: contract::lack(&short), vector: vec![0.6, 0.8] };
    one.upsert(&shop, vec![short]).await.unwrap();
    one.set_vectors(&shop, contract::STAMP, vec![made]).await.unwrap();
    assert_eq!(two.dense(&shop, &[0.6, 0.8], &any, 9).await.unwrap()[0].id, "short");
}

#[tokio::test]
async fn what_other_shops_have_does_not_move_a_ranking() {
    let folder = tempfile::tempdir().unwrap();
    let index = open(&folder).await;
    let shop = ShopId::new("s");
    let docs =
        [("a", "blue tent"), ("b", "red tent tent"), ("c", "blue stove"), ("d", "green lamp"), ("e", "blue mat")];
    put(&index, &shop, docs.iter().map(|(id, title)| (doc(id, title), 1)).collect()).await;
    let alone = words(&index, &shop, "blue tent", &Filter::default()).await;
    let theirs = (0..600).map(|n| (doc(&format!("t{n}"), "tent tent of many many words"), n)).collect();
    put(&index, &ShopId::new("large"), theirs).await;
    assert_eq!(words(&open(&folder).await, &shop, "blue tent", &Filter::default()).await, alone);
}

#[tokio::test]
async fn tables_of_an_earlier_version_are_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(&folder).await;
    for old in ["DROP TABLE search_docs", "CREATE TABLE search_docs (doc_row INTEGER)", "CREATE TABLE search_words (x)"]
    {
        sqlx::query(old).execute(&first.writer).await.unwrap();
    }
    drop(first);
    let again = open(&folder).await;
    assert_eq!(again.stamp(&ShopId::new("s")).await.unwrap(), None);
    put(&again, &ShopId::new("s"), vec![(doc("a", "tent"), 1)]).await;
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let shop = ShopId::new("s");
    let first = open(&folder).await;
    put(&first, &shop, vec![(doc("a", "tent"), 1)]).await;
    drop(first);
    let again = open(&folder).await;
    assert_eq!(ids(&words(&again, &shop, "tents", &Filter::default()).await), ["a"]);
    assert_eq!(again.stamp(&shop).await.unwrap().unwrap().vectors, contract::STAMP);
}

#[tokio::test]
async fn writers_of_two_handles_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (open(&folder).await, open(&folder).await);
    let shop = ShopId::new("s");
    let write = async |index: &Embedded, name: &str| {
        for n in 0..25u64 {
            put(index, &shop, vec![(doc(&format!("{name}{n}"), "tent"), n)]).await;
        }
    };
    tokio::join!(write(&one, "one"), write(&two, "two"));
    assert_eq!(one.count(&shop, Kind::Product).await.unwrap(), 50);
    assert_eq!(one.dense(&shop, &vector(1), &Filter::default(), 100).await.unwrap().len(), 50);
}

#[tokio::test]
async fn of_many_written_at_once_each_has_its_own_words_and_vector() {
    let folder = tempfile::tempdir().unwrap();
    let (index, shop, any) = (open(&folder).await, ShopId::new("s"), Filter::default());
    index.set_stamp(&shop, &Stamp { words: 1, vectors: contract::STAMP.to_owned() }).await.unwrap();
    let many = write::BATCH * 2 + 234;
    let docs: Vec<Doc> = (0..many).map(|n| doc(&format!("d{n}"), &format!("tent w{n}x"))).collect();
    let made = docs.iter().zip(0u64..).map(|(doc, n)| Made { of: contract::lack(doc), vector: vector(n) }).collect();
    assert_eq!(index.upsert(&shop, docs).await.unwrap(), many as u64);
    assert_eq!(index.set_vectors(&shop, contract::STAMP, made).await.unwrap(), many as u64);
    assert_eq!(index.count_lacking(&shop, Kind::Product).await.unwrap(), 0);
    for n in [0, 99, 100, 499, 500, many - 1] {
        assert_eq!(ids(&words(&index, &shop, &format!("w{n}x"), &any).await), [format!("d{n}")]);
        assert_eq!(index.dense(&shop, &vector(n as u64), &any, 1).await.unwrap()[0].id, format!("d{n}"));
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_said_to_be_unreadable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.db");
    std::fs::write(&path, "not a database, but long enough to be taken for one ".repeat(200)).unwrap();
    assert!(matches!(Embedded::open(&path).await, Err(Error::Corrupt(_))));
}
