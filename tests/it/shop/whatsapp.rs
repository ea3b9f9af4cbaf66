//! What WhatsApp tells, as rows: people whose numbers change, messages that are changed, colleagues on the phone.

use crate::http::whatsapp::{accounts, change, talks, texts, written};
use crate::world::TestShop;
use bytes::Bytes;
use jiff::Span;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use souk::conversation::whatsapp::intake::{Intake, TOGETHER};
use souk::conversation::whatsapp::{Delivery, Took, tidy};
use souk::domain::conversation::{Conversation, HandOffReason, With};
use souk::domain::message::{Author, Body, Said};
use souk::llm::keyless::Keyless;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The shop's morning, as the network writes it.
const NOW: i64 = 1_797_238_800;

struct Line {
    shop: TestShop,
    intake: Arc<Intake>,
}

impl Line {
    async fn open() -> Self {
        let shop = TestShop::demo_with(Keyless, accounts).await;
        let intake = Intake::new(Arc::clone(&shop.app), TOGETHER);
        Self { shop, intake }
    }

    async fn hears(&self, body: &Value) -> Took {
        self.intake.take(Delivery::read("main", Bytes::from(body.to_string()))).await.unwrap()
    }

    /// One message with these fields.
    async fn message(&self, id: &str, message: Value) -> Took {
        let mut message = message;
        for (name, value) in [("id", json!(id)), ("timestamp", json!(NOW.to_string()))] {
            message.as_object_mut().unwrap().entry(name).or_insert(value);
        }
        self.hears(&change("messages", &json!({"metadata": {"phone_number_id": "4001"}, "messages": [message]}))).await
    }

    async fn text(&self, id: &str, mut who: Value, text: &str) -> Took {
        who["type"] = json!("text");
        who["text"] = json!({ "body": text });
        self.message(id, who).await
    }

    async fn talks(&self) -> Vec<Conversation> {
        talks(&self.shop).await
    }

    async fn words(&self, talk: &Conversation) -> Vec<String> {
        written(&self.shop, talk).await.iter().map(|m| m.body.words().to_owned()).collect()
    }

    /// Everything of a talk is answered, as the agent would.
    async fn answered(&self, talk: &Conversation) {
        let app = &self.shop.app;
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        let talk = tx.conversation(&talk.id).await.unwrap().unwrap();
        tx.set_answered(&talk.id, talk.last_seq, &talk.memory).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn aliases(&self, talk: &Conversation) -> Vec<String> {
        let app = &self.shop.app;
        app.store.read(&app.shop).await.unwrap().aliases_of(&talk.contact, "whatsapp").await.unwrap()
    }
}

#[tokio::test]
async fn a_person_stays_the_same_through_numbers_and_ids() {
    let line = Line::open().await;
    line.text("1", json!({"from": "491"}), "from before there were ids").await;
    line.text("2", json!({"from_user_id": "DE.Ina"}), "with a user name").await;
    assert_eq!(line.talks().await.len(), 2, "nothing says that they are one");
    line.text("3", json!({"from": "491", "from_user_id": "DE.Ina"}), "with both").await;
    let all = line.talks().await;
    assert_eq!(all[0].contact, all[1].contact);
    let talk = all.iter().find(|t| t.alias == t.contact.to_string()).unwrap().clone();
    assert_eq!(line.words(&talk).await, ["with a user name", "with both"]);
    assert_eq!(line.aliases(&talk).await, ["user:DE.Ina", "wa:491"]);

    let moved = json!({"type": "system", "from": "491", "system": {"type": "user_changed_number", "wa_id": "492", "user_id": "DE.Ina2"}});
    line.message("4", moved.clone()).await;
    assert_eq!(line.message("4", moved).await, Took { new: 0, repeated: 1 });
    assert_eq!(line.aliases(&talk).await, ["user:DE.Ina2", "wa:492", "was:DE.Ina"]);
    line.text("5", json!({"from": "492", "from_user_id": "DE.Ina2"}), "from the new number").await;
    line.text("6", json!({"from_user_id": "DE.Ina"}), "from before, late").await;
    assert_eq!(line.words(&talk).await[2..], ["from the new number", "from before, late"]);
    // Somebody else gets the number that was left.
    line.text("7", json!({"from": "491", "from_user_id": "DE.Bo"}), "I am new here").await;
    let stranger = line.talks().await.into_iter().find(|t| t.contact != talk.contact).unwrap();
    assert_eq!(line.words(&stranger).await, ["I am new here"]);

    let update = json!({"user_id_update": [{"wa_id": "492", "timestamp": NOW, "user_id": {"previous": "DE.Ina2", "current": "DE.Ina3"}}]});
    line.hears(&change("user_id_update", &update)).await;
    line.text("8", json!({"from_user_id": "DE.Ina3"}), "and again").await;
    assert_eq!(line.words(&talk).await.last().unwrap(), "and again");
    let card = json!({"from_user_id": "DE.Ina3", "type": "contacts", "contacts": [{"origin": "contact_request",
        "name": {"formatted_name": "Ina"}, "phones": [{"phone": "+49 155 55001", "wa_id": "4915555001"}]}]});
    line.message("9", card).await;
    assert!(line.aliases(&talk).await.contains(&"tel:4915555001".to_owned()));
    line.shop.finish(&[]).await;
}

#[tokio::test]
async fn words_are_changed_and_taken_back() {
    let line = Line::open().await;
    let ina = || json!({"from": "491", "from_user_id": "DE.Ina"});
    let edit = |original: &str, text: &str| {
        let mut edit = ina();
        edit["type"] = json!("edit");
        edit["edit"] = json!({"original_message_id": original, "message": {"type": "text", "text": {"body": text}}});
        edit
    };
    let revoke = |original: &str| {
        let mut revoke = ina();
        revoke["type"] = json!("revoke");
        revoke["revoke"] = json!({"original_message_id": original});
        revoke
    };
    line.text("1", ina(), "tnet").await;
    line.message("2", edit("1", "tent")).await;
    let talk = line.talks().await.remove(0);
    assert_eq!(line.words(&talk).await, ["tent"]);
    line.answered(&talk).await;
    line.message("3", edit("1", "a big tent")).await;
    assert_eq!(line.words(&talk).await, ["tent", "a big tent"], "an answer was given to what was said");
    line.message("4", revoke("3")).await;
    assert_eq!(line.words(&talk).await, ["tent"], "not answered: never said");
    line.message("5", revoke("1")).await;
    let left = written(&line.shop, &talk).await;
    let Body::Heard(Said::Sent(sent)) = &left[0].body else { panic!("{left:?}") };
    assert_eq!((sent.text.as_str(), sent.enclosed[0].line().as_str()), ("", "cannot be read: taken back"));
    // Nobody changes what somebody else said, nor what they do not know.
    line.text("6", ina(), "mine").await;
    let mut foreign = edit("6", "stolen");
    (foreign["from"], foreign["from_user_id"]) = (json!("492"), json!("DE.Bo"));
    line.message("7", foreign).await;
    line.message("8", revoke("nothing")).await;
    assert_eq!(line.words(&talk).await.last().unwrap(), "mine");
    line.shop.finish(&[]).await;
}

#[tokio::test]
async fn signs_and_notices_are_kept_and_not_answered() {
    let line = Line::open().await;
    line.text("1", json!({"from": "491"}), "hello").await;
    let talk = line.talks().await.remove(0);
    line.answered(&talk).await;
    let react =
        |emoji: &str| json!({"from": "491", "type": "reaction", "reaction": {"message_id": "1", "emoji": emoji}});
    line.message("2", react("👍")).await;
    let app = &line.shop.app;
    let signs = app.store.read(&app.shop).await.unwrap().reactions(&talk.id, 9).await.unwrap();
    assert_eq!((signs.len(), signs[0].2.as_str(), signs[0].1.is_some()), (1, "👍", true));
    line.message("3", react("")).await;
    assert_eq!(app.store.read(&app.shop).await.unwrap().reactions(&talk.id, 9).await.unwrap(), []);
    line.message("4", json!({"from": "493", "type": "reaction", "reaction": {"message_id": "1", "emoji": "x"}})).await;
    line.message("5", json!({"from": "491", "type": "text", "text": {"body": "x"}, "group_id": "g"})).await;
    for field in ["history", "smb_app_state_sync", "calls", "account_update", "message_template_status_update"] {
        let told = change(field, &json!({"event": "SOMETHING"}));
        assert_eq!((line.hears(&told).await.new, line.hears(&told).await.repeated), (1, 1));
    }
    assert_eq!((line.words(&talk).await.len(), line.talks().await.len()), (1, 1));
    let kept = app.store.read(&app.shop).await.unwrap().channel_events(20).await.unwrap();
    assert_eq!(kept.len(), 6);
    line.shop.finish(&[]).await;
}

#[tokio::test]
async fn a_colleague_on_the_phone_silences_the_agent() {
    let line = Line::open().await;
    let echo = |id: &str, inner: Value| {
        let mut message = json!({"from": "4930", "to": "491", "id": id, "timestamp": NOW.to_string()});
        message.as_object_mut().unwrap().extend(inner.as_object().unwrap().clone());
        change("smb_message_echoes", &json!({"metadata": {"phone_number_id": "4001"}, "message_echoes": [message]}))
    };
    line.text("1", json!({"from": "491"}), "hello").await;
    let said = echo("2", json!({"type": "text", "text": {"body": "I am on it"}}));
    line.hears(&said).await;
    assert_eq!(line.hears(&said).await.repeated, 1);
    line.text("3", json!({"from": "491"}), "thanks").await;
    line.shop.settles_down().await;
    let talk = line.talks().await.remove(0);
    assert_eq!(line.words(&talk).await, ["hello", "I am on it", "thanks"], "nothing was said in between");
    assert!(matches!(&talk.with, With::Colleague { hand_off } if hand_off.reason == HandOffReason::TakenOver));
    assert_eq!(talk.answered_seq, talk.last_seq);
    let second = &written(&line.shop, &talk).await[1];
    assert!(matches!(second.author, Author::Colleague { .. }));
    let app = &line.shop.app;
    assert!(app.store.read(&app.shop).await.unwrap().was_sent(&second.id).await.unwrap());
    line.hears(&echo("4", json!({"type": "edit", "edit": {"original_message_id": "2", "message": {"type": "text", "text": {"body": "Done"}}}}))).await;
    line.hears(&echo("5", json!({"type": "edit", "edit": {"original_message_id": "1", "message": {"type": "text", "text": {"body": "put in your mouth"}}}}))).await;
    assert_eq!(line.words(&talk).await, ["hello", "Done", "thanks"]);
    line.hears(&echo("6", json!({"type": "revoke", "revoke": {"original_message_id": "2"}}))).await;
    assert_eq!(line.words(&talk).await, ["hello", "", "thanks"]);
    line.shop.finish(&[]).await;
}

#[tokio::test]
async fn files_late_messages_and_wishes_about_advertising() {
    let line = Line::open().await;
    let app = &line.shop.app;
    line.message(
        "1",
        json!({"from": "491", "type": "image", "image": {"id": "8001", "mime_type": "image/png", "caption": "these"}}),
    )
    .await;
    let talk = line.talks().await.remove(0);
    let message = written(&line.shop, &talk).await.remove(0);
    let Body::Heard(Said::Sent(sent)) = &message.body else { panic!("{message:?}") };
    let mut tx = app.store.read(&app.shop).await.unwrap();
    let rows = tx.media_of(&message.id).await.unwrap();
    assert_eq!(
        rows,
        [(sent.media().next().unwrap().id.clone(), "wanted".to_owned())],
        "what is fetched is what is shown"
    );
    let (window, heard) = tx.window(&talk.id).await.unwrap();
    assert_eq!((window.heard_at.unwrap().as_second(), heard.as_deref()), (NOW, Some("1")));
    drop(tx);
    // A message of two days ago: the window is open because of the first.
    let late = |who: &str| json!({"from": who, "timestamp": (NOW - 2 * 86_400).to_string()});
    line.text("2", late("491"), "late").await;
    assert_eq!(line.talks().await[0].with, With::Agent);
    line.text("3", late("492"), "too late").await;
    let lost = line.talks().await.into_iter().find(|t| t.contact != talk.contact).unwrap();
    assert!(lost.with.is_colleague(), "nothing may be written to them");
    let window = app.store.read(&app.shop).await.unwrap().window(&talk.id).await.unwrap().0;
    assert_eq!(window.heard_at.unwrap().as_second(), NOW, "a late message turns no clock back");
    // A moment to come opens no window for ever.
    line.text("4", json!({"from": "493", "timestamp": (NOW + 900_000_000).to_string()}), "from the future").await;
    let future =
        line.talks().await.into_iter().find(|t| t.contact != talk.contact && t.contact != lost.contact).unwrap();
    let window = app.store.read(&app.shop).await.unwrap().window(&future.id).await.unwrap().0;
    assert_eq!(window.heard_at, Some(app.now()));

    let wish = |value: &str, at: i64| {
        change(
            "user_preferences",
            &json!({"metadata": {"phone_number_id": "4001"}, "user_preferences": [
        {"wa_id": "491", "detail": "told", "category": "marketing_messages", "value": value, "timestamp": at}]}),
        )
    };
    let may = async || app.store.read(&app.shop).await.unwrap().may_promote(&talk.contact).await.unwrap();
    assert!(!may().await);
    line.hears(&wish("resume", NOW - 10)).await;
    assert!(may().await);
    line.hears(&wish("stop", NOW - 5)).await;
    line.hears(&wish("resume", NOW - 10)).await;
    assert!(!may().await, "a repeat of an older yes is no yes");
    line.shop.finish(&[]).await;
}

#[tokio::test]
async fn old_ids_are_forgotten_after_nine_days() {
    let line = Line::open().await;
    line.text("1", json!({"from": "491"}), "hello").await;
    line.shop.clock.advance(Span::new().hours(8 * 24));
    assert_eq!(tidy::step(&line.shop.app).await.unwrap(), 0);
    assert_eq!(line.text("1", json!({"from": "491"}), "hello").await.repeated, 1);
    line.shop.clock.advance(Span::new().hours(25));
    assert_eq!(tidy::step(&line.shop.app).await.unwrap(), 1);
    line.shop.finish(&[]).await;
}

/// Whatever is repeated, split, mixed and sent at once: each message is there once, and those of a body in their order.
#[test]
fn each_message_is_there_once() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let line = runtime.block_on(Line::open());
    let number = AtomicUsize::new(0);
    // Bodies as runs of numbers, each to be sent so many times.
    let bodies = prop::collection::vec((0usize..20, 1usize..8, 1usize..4), 1..12);
    let mut runner = TestRunner::new(Config::with_cases(60));
    let checked = runner.run(&bodies, |bodies| {
        let who = format!("49{}", 1_000 + number.fetch_add(1, Ordering::Relaxed));
        runtime.block_on(async {
            let mut all = Vec::new();
            for (from, count, times) in &bodies {
                let ids: Vec<String> = (*from..from + count).map(|n| format!("{who}.{n:03}")).collect();
                let messages: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), id.as_str())).collect();
                let delivery = Delivery::read("main", Bytes::from(texts("4001", &who, &messages).to_string()));
                all.extend((0..*times).map(|_| line.intake.take(delivery.clone())));
            }
            for took in futures_util::future::join_all(all).await {
                took.unwrap();
            }
        });
        let talk = runtime.block_on(async {
            let mut tx = line.shop.app.store.read(&line.shop.app.shop).await.unwrap();
            let known = tx.known_by("whatsapp", &[format!("wa:{who}")]).await.unwrap();
            tx.conversation_of("whatsapp:main", known[0].contact.as_str()).await.unwrap().unwrap()
        });
        let words = runtime.block_on(line.words(&talk));
        let mut expected: Vec<String> = Vec::new();
        for (from, count, _) in &bodies {
            for n in *from..from + count {
                let id = format!("{who}.{n:03}");
                if !expected.contains(&id) {
                    expected.push(id);
                }
            }
        }
        // They were handed in one after the other, so the first sight of each gives the order.
        prop_assert_eq!(words, expected);
        Ok(())
    });
    checked.unwrap();
    runtime.block_on(line.shop.finish(&[]));
}
