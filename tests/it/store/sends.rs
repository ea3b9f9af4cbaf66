//! What is handed to networks: moved once, in order, seen by its own shop only.

use crate::store::people::heard;
use crate::store::{Db, at, now};
use jiff::SignedDuration;
use souk::domain::id::{ConversationId, MessageId};
use souk::domain::send::{Became, HELD, News, Problem, Send, SendState, WAITING};
use souk::domain::template::Category;
use souk::domain::window::Window;
use std::sync::Arc;

fn send(db: &Db, c: &ConversationId, m: &MessageId, (seq, part): (i64, i64)) -> Send {
    Send {
        id: db.id(),
        conversation: c.clone(),
        message: m.clone(),
        seq,
        part,
        account: "main".into(),
        kind: "text".into(),
        category: Category::Service,
        state: SendState::Queued,
        body: serde_json::json!({"type": "text", "text": {"body": "hi"}}),
        outside_id: None,
        doubles: true,
        tries: 0,
        due_at: Some(now()),
        estimate: Some(7_000),
        currency: "EUR".into(),
        free_why: String::new(),
        pricing: None,
        problem: None,
        superseded: false,
        created_at: now(),
    }
}

fn news(outside: &str, what: Became) -> News {
    News { outside_id: outside.into(), ours: None, what, at: now(), problem: None, pricing: None }
}

pub async fn a_send_moves_once_and_stays_in_its_shop(db: Arc<Db>) {
    let there = db.add_shop("there").await;
    let mut tx = db.tx().await;
    let (contact, id) = db.conversation(&mut tx).await;
    tx.add_alias(&contact, "whatsapp", "wa:5511").await.unwrap();
    let message = tx.append(heard(&db, &id, "m")).await.unwrap();
    let first = send(&db, &id, &message.id, (1, 0));
    tx.insert_send(&first).await.unwrap();
    let held = Send { kind: HELD.into(), state: SendState::Held, due_at: None, ..send(&db, &id, &message.id, (1, 1)) };
    tx.insert_send(&held).await.unwrap();
    let note = Send { kind: WAITING.into(), free_why: "service".into(), ..send(&db, &id, &message.id, (1, 2)) };
    tx.insert_send(&note).await.unwrap();
    let window = Window { heard_at: Some(now()), ..Window::default() };
    tx.set_window(&id, &window, Some("wamid.IN")).await.unwrap();
    tx.set_window(&id, &Window { shut: true, ..window }, None).await.unwrap();
    tx.set_pair_wait(&id, Some((2, at(9)))).await.unwrap();
    tx.keep_orphan("main", &news("wamid.9", Became::Read), now()).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = db.tx().await;
    let taken = Send {
        state: SendState::Accepted,
        outside_id: Some("wamid.1".into()),
        tries: 1,
        due_at: None,
        problem: Some(Problem { code: 1, text: "before".into() }),
        ..first.clone()
    };
    assert!(tx.move_send(&taken, (SendState::Queued, 0), at(5)).await.unwrap());
    assert!(!tx.move_send(&taken, (SendState::Queued, 0), at(6)).await.unwrap(), "moved twice");
    assert_eq!(tx.send(&first.id).await.unwrap(), Some(taken.clone()));
    assert_eq!(tx.send_by_outside("main", "wamid.1").await.unwrap(), Some(taken.clone()));
    assert_eq!(tx.send_by_outside("other", "wamid.1").await.unwrap(), None);
    assert_eq!(tx.sends_of(&message.id).await.unwrap().len(), 3);
    assert_eq!(tx.held_messages(&id).await.unwrap(), std::slice::from_ref(&message.id));
    assert!(tx.told_of_waiting(&id, at(-1)).await.unwrap() && !tx.told_of_waiting(&id, now()).await.unwrap());
    assert_eq!(tx.pair_wait(&id).await.unwrap(), Some((2, at(9))));
    assert_eq!(tx.sends_cost_since(now()).await.unwrap(), [("EUR".to_owned(), 14_000)], "what is held costs nothing");
    assert_eq!(tx.sends_cost_since(at(1)).await.unwrap(), []);
    let told = tx.message_costs("", at(-1), &jiff::tz::TimeZone::UTC).await.unwrap();
    assert_eq!(told.len(), 1, "only what the network took is told");
    assert_eq!(tx.message_costs("other", at(-1), &jiff::tz::TimeZone::UTC).await.unwrap(), []);
    assert_eq!(tx.free_sends_since("main", "service", now()).await.unwrap(), 1);
    let (shut, heard_id) = tx.window(&id).await.unwrap();
    assert!(shut.shut && heard_id.as_deref() == Some("wamid.IN"));
    assert!(tx.insert_send(&send(&db, &id, &message.id, (1, 0))).await.is_err(), "two sends in one place");
    drop(tx);

    let mut tx = db.store.begin(&there).await.unwrap();
    assert_eq!(tx.send(&first.id).await.unwrap(), None);
    assert_eq!(tx.send_by_outside("main", "wamid.1").await.unwrap(), None);
    assert_eq!(tx.sends_of(&message.id).await.unwrap(), []);
    assert_eq!(tx.next_send(&id, at(99)).await.unwrap(), None);
    assert_eq!(tx.held_messages(&id).await.unwrap(), []);
    assert!(!tx.told_of_waiting(&id, at(-1)).await.unwrap());
    assert_eq!(tx.pair_wait(&id).await.unwrap(), None);
    assert_eq!(tx.take_orphans("main", "wamid.9").await.unwrap(), []);
    assert_eq!(tx.sends_cost_since(at(-1)).await.unwrap(), []);
    assert_eq!(tx.free_sends_since("main", "service", at(-1)).await.unwrap(), 0);
    assert_eq!(tx.ticks(&id, 0).await.unwrap(), []);
    assert_eq!(tx.message_costs("", at(-1), &jiff::tz::TimeZone::UTC).await.unwrap(), []);
    assert_eq!(tx.aliases_of(&contact, "whatsapp").await.unwrap(), Vec::<String>::new());
    assert_eq!(tx.window(&id).await.unwrap(), (Window::default(), None));
    assert!(!tx.move_send(&first, (SendState::Accepted, 1), at(9)).await.unwrap());
    tx.set_pair_wait(&id, None).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.store.begin(&there).await.unwrap();
    assert!(tx.insert_send(&send(&db, &id, &message.id, (1, 7))).await.is_err(), "hung on a foreign message");
    drop(tx);
    let mut tx = db.store.begin(&there).await.unwrap();
    assert!(tx.set_pair_wait(&id, Some((1, now()))).await.is_err(), "hung on a foreign conversation");
    drop(tx);

    let mut tx = db.tx().await;
    assert_eq!(tx.pair_wait(&id).await.unwrap(), Some((2, at(9))), "another shop ended the wait");
    tx.set_pair_wait(&id, None).await.unwrap();
    assert_eq!(tx.pair_wait(&id).await.unwrap(), None);
    assert_eq!(tx.take_orphans("main", "wamid.9").await.unwrap().len(), 1);
}

pub async fn the_oldest_is_next_and_what_waits_for_hours_is_passed(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let (_, id) = db.conversation(&mut tx).await;
    let one = tx.append(heard(&db, &id, "1")).await.unwrap();
    let two = tx.append(heard(&db, &id, "2")).await.unwrap();
    let later = now().checked_add(SignedDuration::from_hours(2)).unwrap();
    let patient = Send { due_at: Some(later), ..send(&db, &id, &one.id, (1, 0)) };
    let second = send(&db, &id, &one.id, (1, 1));
    let newer = send(&db, &id, &two.id, (2, 0));
    for one in [&newer, &second, &patient] {
        tx.insert_send(one).await.unwrap();
    }
    let next = |send: Option<Send>| send.map(|send| send.id);
    assert_eq!(next(tx.next_send(&id, at(600_000)).await.unwrap()), Some(second.id.clone()));
    assert_eq!(next(tx.next_send(&id, later).await.unwrap()), Some(patient.id.clone()));
    let sending = Send { state: SendState::Sending, tries: 1, due_at: None, ..second.clone() };
    tx.move_send(&sending, (SendState::Queued, 0), at(1)).await.unwrap();
    assert_eq!(next(tx.next_send(&id, now()).await.unwrap()), Some(second.id.clone()));
    let unknown = Send { state: SendState::Unknown, due_at: Some(later), ..sending };
    tx.move_send(&unknown, (SendState::Sending, 1), at(2)).await.unwrap();
    assert_eq!(next(tx.next_send(&id, now()).await.unwrap()), Some(second.id), "nothing overtakes what is unknown");
    tx.move_send(&Send { due_at: None, ..unknown }, (SendState::Unknown, 1), at(3)).await.unwrap();
    assert_eq!(next(tx.next_send(&id, now()).await.unwrap()), Some(newer.id), "given up for good");
}

pub async fn news_that_came_too_early_is_taken_once(db: Arc<Db>) {
    let mut tx = db.tx().await;
    for what in [Became::Sent, Became::Delivered, Became::Sent, Became::Other("x".into())] {
        tx.keep_orphan("main", &news("wamid.1", what), now()).await.unwrap();
    }
    tx.keep_orphan("main", &news("wamid.2", Became::Sent), now()).await.unwrap();
    assert_eq!(tx.take_orphans("other", "wamid.1").await.unwrap(), []);
    assert_eq!(tx.take_orphans("main", "wamid.1").await.unwrap().len(), 3);
    assert_eq!(tx.take_orphans("main", "wamid.1").await.unwrap(), []);
    let much_later = now().checked_add(SignedDuration::from_hours(9 * 24)).unwrap();
    tx.keep_orphan("main", &news("wamid.3", Became::Sent), much_later).await.unwrap();
    assert_eq!(tx.take_orphans("main", "wamid.2").await.unwrap(), [], "nobody asked for it in nine days");
}

pub async fn ticks_say_the_least_of_all_parts(db: Arc<Db>) {
    let mut tx = db.tx().await;
    let (_, id) = db.conversation(&mut tx).await;
    let problem = Some(Problem { code: 5, text: "no".into() });
    let cases: [(&[SendState], SendState); 4] = [
        (&[SendState::Read, SendState::Delivered], SendState::Delivered),
        (&[SendState::Sent, SendState::Queued, SendState::Read], SendState::Queued),
        (&[SendState::Failed, SendState::Read], SendState::Failed),
        (&[SendState::Delivered, SendState::Failed], SendState::Failed),
    ];
    for (n, (parts, _)) in (1..).zip(&cases) {
        let message = tx.append(heard(&db, &id, &n.to_string())).await.unwrap();
        for (part, state) in (0..).zip(*parts) {
            let failed = *state == SendState::Failed;
            let problem = problem.clone().filter(|_| failed);
            tx.insert_send(&Send { state: *state, problem, ..send(&db, &id, &message.id, (n, part)) }).await.unwrap();
        }
        // What another send stands for does not count, and neither does the note that something waits.
        let gone = Send { state: SendState::Failed, superseded: true, ..send(&db, &id, &message.id, (n, 8)) };
        tx.insert_send(&gone).await.unwrap();
        tx.insert_send(&Send { kind: WAITING.into(), ..send(&db, &id, &message.id, (n, 9)) }).await.unwrap();
    }
    let ticks = tx.ticks(&id, 0).await.unwrap();
    assert_eq!(ticks.len(), cases.len());
    for (ticks, (parts, expected)) in ticks.iter().zip(cases) {
        assert_eq!(ticks.state, expected, "{parts:?}");
        assert_eq!(ticks.problem.is_some(), expected == SendState::Failed);
    }
    assert_eq!(tx.ticks(&id, 2).await.unwrap().len(), 2);
}
