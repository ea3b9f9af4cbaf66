//! What models use is added up by day, contact and conversation; texts are kept once; past turns are listed in order.

use crate::store::{Db, at, now};
use souk::domain::id::{ContactId, ConversationId, TurnId};
use souk::domain::money::Currency;
use souk::domain::usage::{Usage, Used};
use souk::store::turns::OpenTurn;
use std::sync::Arc;

const DAY: i64 = 86_400_000;

fn usage(turn: &TurnId, step: i64, who: (&ContactId, &ConversationId), cost: Option<u64>, ms: i64) -> Usage {
    Usage {
        turn: turn.clone(),
        step,
        conversation: who.1.clone(),
        contact: who.0.clone(),
        endpoint: "llm.example".into(),
        model: "m".into(),
        used: Used { input: 100, cached: 40, output: 10, cost, currency: cost.map(|_| Currency::EUR) },
        at: at(ms),
    }
}

pub async fn usage_is_added_up_and_stays_in_its_shop(db: Arc<Db>) {
    let there = db.add_shop("there").await;
    let mut tx = db.tx().await;
    let (ann, talk) = db.conversation(&mut tx).await;
    let (ben, other) = db.conversation(&mut tx).await;
    let turns: Vec<TurnId> = (0..3).map(|_| db.id()).collect();
    for (n, turn) in (1..).zip(&turns) {
        let id = if n == 3 { &other } else { &talk };
        tx.begin_turn(&OpenTurn { id: turn.clone(), upto_seq: n }, id, now()).await.unwrap();
        assert!(tx.finish_turn(turn, &"", at(5)).await.unwrap());
    }
    tx.book_usage(&usage(&turns[0], 1, (&ann, &talk), Some(300), 0)).await.unwrap();
    tx.book_usage(&usage(&turns[0], 4, (&ann, &talk), Some(200), 9)).await.unwrap();
    tx.book_usage(&usage(&turns[1], 1, (&ann, &talk), None, 20)).await.unwrap();
    tx.book_usage(&usage(&turns[2], 1, (&ben, &other), Some(50), DAY)).await.unwrap();
    tx.keep_text("h", "once").await.unwrap();
    tx.keep_text("h", "again").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.tx().await;
    assert!(tx.book_usage(&usage(&turns[0], 4, (&ann, &talk), None, 0)).await.is_err(), "one answer, one row");
    drop(tx);

    let mut tx = db.tx().await;
    let sums = |spent: Vec<souk::domain::usage::Spent>| -> Vec<(String, u64, u64, Option<u64>)> {
        spent.into_iter().map(|s| (s.what, s.turns, s.used.input, s.used.cost)).collect()
    };
    let all = sums(tx.usage_since(now(), None).await.unwrap());
    assert_eq!(all, [(String::new(), 1, 100, None), (String::new(), 2, 300, Some(550))]);
    let hers = sums(tx.usage_since(now(), Some(&ann)).await.unwrap());
    assert_eq!(hers, [(String::new(), 1, 100, None), (String::new(), 1, 200, Some(500))]);
    assert_eq!(sums(tx.usage_since(at(DAY + 1), None).await.unwrap()), []);
    let days = sums(tx.usage_by_day(now(), 0).await.unwrap());
    assert_eq!(
        days.iter().map(|d| (d.0.as_str(), d.3)).collect::<Vec<_>>(),
        [("2026-09-21", None), ("2026-09-21", Some(500)), ("2026-09-22", Some(50))]
    );
    let dearest = sums(tx.usage_by_conversation(now(), 1).await.unwrap());
    assert_eq!(dearest, [(talk.to_string(), 1, 200, Some(500))]);
    assert_eq!(sums(tx.usage_of(&other).await.unwrap()), [(other.to_string(), 1, 100, Some(50))]);
    assert_eq!(tx.text("h").await.unwrap().as_deref(), Some("once"));
    let past = tx.turns(&talk, 9).await.unwrap();
    assert_eq!(
        past.iter().map(|p| (&p.id, p.upto_seq, p.done)).collect::<Vec<_>>(),
        [(&turns[0], 1, true), (&turns[1], 2, true)]
    );
    assert_eq!(tx.turns(&talk, 1).await.unwrap()[0].id, turns[1], "the newest are kept");
    drop(tx);

    let mut tx = db.store.begin(&there).await.unwrap();
    assert_eq!(tx.usage_since(now(), None).await.unwrap(), []);
    assert_eq!(tx.usage_by_day(now(), 0).await.unwrap(), []);
    assert_eq!(tx.usage_by_conversation(now(), 9).await.unwrap(), []);
    assert_eq!(tx.usage_of(&talk).await.unwrap(), []);
    assert_eq!(tx.text("h").await.unwrap(), None);
    assert_eq!(tx.turns(&talk, 9).await.unwrap(), []);
    tx.keep_text("h", "theirs").await.unwrap();
    assert!(tx.book_usage(&usage(&turns[0], 9, (&ann, &talk), None, 0)).await.is_err(), "a turn of another shop");
    drop(tx);
    // A rehearsal commits nothing.
    let rehearsal = db.store.rehearsal();
    let mut tx = rehearsal.begin(&db.shop).await.unwrap();
    tx.keep_text("new", "x").await.unwrap();
    assert_eq!(tx.text("new").await.unwrap().as_deref(), Some("x"));
    tx.commit().await.unwrap();
    assert_eq!(db.tx().await.text("new").await.unwrap(), None);
}
