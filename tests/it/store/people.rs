//! Contacts, conversations, messages, what was seen, turns.

use crate::store::{Db, at, now};
use souk::domain::contact::{Contact, Forgotten};
use souk::domain::conversation::{HandOff, HandOffReason, Memory, With};
use souk::domain::id::{ContactId, ConversationId, ProductId};
use souk::domain::message::{Author, Body, Message, Reply, Said};
use souk::store::turns::OpenTurn;
use std::sync::Arc;
use tokio::task::JoinSet;

/// A shopper's message.
pub fn heard(db: &Db, conversation: &ConversationId, text: &str) -> Message {
    Message {
        id: db.id(),
        conversation: conversation.clone(),
        seq: 0,
        author: Author::Shopper,
        body: Body::Heard(Said::Text(text.to_owned())),
        at: now(),
        external_id: Some(format!("outside {text}")),
    }
}

pub async fn two_people_never_share_an_alias(db: Arc<Db>) {
    let mut tasks = JoinSet::new();
    for n in 0..20 {
        let db = Arc::clone(&db);
        tasks.spawn(async move {
            let mut tx = db.tx().await;
            let contact = db.contact(&mut tx).await;
            let mine = tx.add_alias(&contact, "fake", "+49 1").await.unwrap();
            assert!(tx.add_alias(&contact, "fake", &format!("own {n}")).await.unwrap());
            tx.commit().await.unwrap();
            mine.then_some(contact)
        });
    }
    let winners: Vec<ContactId> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    let mut tx = db.tx().await;
    assert_eq!(tx.contact_by_alias("fake", "+49 1").await.unwrap().unwrap().id, winners[0]);
    assert_eq!(tx.contact_by_alias("other", "+49 1").await.unwrap(), None);
    let changed = Contact {
        id: winners[0].clone(),
        name: Some("Maya".into()),
        locale: "es".into(),
        stopped: true,
        address: None,
        forgotten: Some(Forgotten { at: at(5), cart: 2 }),
    };
    tx.save_contact(&changed, now()).await.unwrap();
    assert_eq!(tx.contact(&winners[0]).await.unwrap(), Some(changed));
}

pub async fn a_conversation_remembers(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let (contact, id) = db.conversation(&mut tx).await;
    let memory = Memory { shown: vec![ProductId::new("tent")], asked_back: 2, ..Memory::default() };
    tx.set_answered(&id, 5, &memory).await.unwrap();
    tx.set_answered(&id, 3, &memory).await.unwrap();
    let hand_off = HandOff {
        reason: HandOffReason::Complaint,
        summary: "angry".into(),
        tried: vec!["a".into()],
        wanted: "b".into(),
        at: at(7),
    };
    tx.append(heard(&db, &id, "hello")).await.unwrap();
    assert_eq!(tx.list_conversations(true, 10).await.unwrap().len(), 0);
    tx.set_with(&id, &With::Colleague { hand_off: hand_off.clone() }, at(7)).await.unwrap();
    let stored = tx.conversation(&id).await.unwrap().unwrap();
    assert_eq!((&stored.contact, stored.last_seq, stored.answered_seq), (&contact, 1, 5));
    assert_eq!((stored.memory, stored.with), (memory, With::Colleague { hand_off }));
    let listed = tx.list_conversations(true, 10).await.unwrap();
    assert_eq!((listed.len(), listed[0].changed_at), (1, at(7)));
    assert_eq!(tx.conversation_of("fake", &stored.alias).await.unwrap().map(|c| c.id), Some(id.clone()));
    tx.set_with(&id, &With::Agent, at(8)).await.unwrap();
    assert_eq!(tx.conversation(&id).await.unwrap().unwrap().with, With::Agent);
}

pub async fn messages_are_numbered_without_gaps(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let (_, id) = db.conversation(&mut tx).await;
    tx.commit().await.unwrap();
    let mut tasks = JoinSet::new();
    for n in 0..20 {
        let (db, id) = (Arc::clone(&db), id.clone());
        tasks.spawn(async move {
            let mut tx = db.tx().await;
            let message = tx.append(heard(&db, &id, &n.to_string())).await.unwrap();
            // Half of them change their mind: a number given back is given again.
            if n % 2 == 0 {
                tx.commit().await.unwrap();
            }
            message.seq
        });
    }
    tasks.join_all().await;
    let mut tx = db.tx().await;
    let all = tx.messages_after(&id, 0, 100).await.unwrap();
    assert_eq!(all.iter().map(|m| m.seq).collect::<Vec<_>>(), (1..=10).collect::<Vec<i64>>());
    let last = tx.messages_until(&id, i64::MAX, 3).await.unwrap();
    assert_eq!(last.iter().map(|m| m.seq).collect::<Vec<_>>(), [8, 9, 10]);
    assert_eq!(tx.messages_until(&id, 2, 9).await.unwrap().len(), 2);
    assert_eq!(tx.message(&all[4].id).await.unwrap().as_ref(), Some(&all[4]));
}

pub async fn a_message_is_marked_sent_once(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let (_, id) = db.conversation(&mut tx).await;
    let reply = Reply::text("Grüße, ¿qué tal? 🏕");
    let message = Message {
        author: Author::Colleague { name: "Ann".into() },
        body: Body::Reply(Box::new(reply)),
        ..heard(&db, &id, "")
    };
    let message = tx.append(message).await.unwrap();
    assert!(!tx.was_sent(&message.id).await.unwrap());
    assert!(tx.mark_sent(&message.id, Some("wamid.1"), now()).await.unwrap());
    assert!(!tx.mark_sent(&message.id, Some("wamid.2"), now()).await.unwrap());
    assert!(tx.was_sent(&message.id).await.unwrap());
    let stored = tx.message(&message.id).await.unwrap().unwrap();
    assert_eq!((stored.external_id.as_deref(), stored.body), (Some("wamid.1"), message.body));
}

pub async fn the_first_sight_is_one(db: Arc<Db>) {
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let db = Arc::clone(&db);
        tasks.spawn(async move {
            let mut tx = db.tx().await;
            let first = tx.first_sight("fake", "message 1", now()).await.unwrap();
            tx.commit().await.unwrap();
            first
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|first| *first).count(), 1);
    let mut tx = db.tx().await;
    assert!(tx.first_sight("other", "message 1", now()).await.unwrap());
    drop(tx);
    let mut tx = db.tx().await;
    assert!(tx.first_sight("other", "message 1", now()).await.unwrap(), "what was not committed was not seen");
}

pub async fn a_turn_is_open_once_and_its_journal_has_no_twins(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let (_, id) = db.conversation(&mut tx).await;
    let turn = OpenTurn { id: db.id(), upto_seq: 3 };
    tx.begin_turn(&turn, &id, now()).await.unwrap();
    tx.write_journal(&turn.id, 0, &"asked").await.unwrap();
    tx.write_journal(&turn.id, 1, &"answered").await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = db.tx().await;
    let second = OpenTurn { id: db.id(), upto_seq: 4 };
    assert!(tx.begin_turn(&second, &id, now()).await.is_err(), "two turns are open");
    drop(tx);
    let mut tx = db.tx().await;
    assert!(tx.write_journal(&turn.id, 1, &"answered twice").await.is_err(), "a step was written twice");
    drop(tx);
    let mut tx = db.tx().await;
    assert_eq!(tx.open_turn(&id).await.unwrap(), Some(turn.clone()));
    assert_eq!(tx.journal::<String>(&turn.id).await.unwrap(), ["asked", "answered"]);
    assert!(tx.finish_turn(&turn.id, &"done", now()).await.unwrap());
    assert!(!tx.finish_turn(&turn.id, &"done again", now()).await.unwrap());
    assert_eq!(tx.open_turn(&id).await.unwrap(), None);
    tx.begin_turn(&second, &id, now()).await.unwrap();
    tx.commit().await.unwrap();
}
