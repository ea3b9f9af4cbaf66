//! What is no plain question: files, changes, refusals to be written to, signs, and what the network does not carry.

use crate::whatsapp::phone::{Street, form, words};
use serde_json::json;
use souk::domain::message::{Author, Body, Said};
use souk::domain::template::{Category, Template};
use souk::emulator::shopper::say::Saying;
use souk::emulator::world::Shopper;

/// A picture of one point, and the beginning of a recording.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
const OGG: &[u8] = b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0";

impl Street {
    /// States of the files that came with the newest message of the shopper.
    async fn files(&self) -> Vec<(String, Vec<u8>)> {
        let messages = self.messages().await;
        let newest = messages.iter().rev().find(|m| m.author == Author::Shopper).unwrap();
        let app = &self.shop.app;
        let rows = app.store.read(&app.shop).await.unwrap().media_of(&newest.id).await.unwrap();
        rows.into_iter()
            .map(|(id, state)| (state, std::fs::read(app.media_file(&app.shop, &id)).unwrap_or_default()))
            .collect()
    }

    async fn answer_to(&self, who: &Shopper, saying: &Saying) -> String {
        let before = who.chat().len();
        who.says(saying).unwrap();
        self.settles().await;
        let chat = who.chat();
        chat[before..].iter().filter(|b| b.ours).map(words).collect::<Vec<_>>().join("\n")
    }
}

#[tokio::test]
async fn files_are_fetched_checked_and_asked_about_in_words() {
    let street = Street::open().await;
    let ana = street.ana();
    for (saying, bytes) in
        [(Saying::file("image", "image/png", PNG), PNG), (Saying::file("voice", "audio/ogg; codecs=opus", OGG), OGG)]
    {
        let answer = street.answer_to(&ana, &saying).await;
        assert!(!answer.is_empty(), "{saying:?}");
        println!("{answer}");
        assert_eq!(street.files().await, [("kept".to_owned(), bytes.to_vec())]);
    }
    // Bytes that are not what they claim.
    let answer = street.answer_to(&ana, &Saying::file("image", "image/png", b"<script>alert(1)</script>")).await;
    assert!(!answer.is_empty());
    assert_eq!(street.files().await, [("refused".to_owned(), Vec::new())]);
    // The network hands over other bytes than it told of.
    ana.says(&Saying::file("image", "image/png", PNG)).unwrap();
    street.world.with(|s| {
        let told = s.queue.last_mut().unwrap();
        told.update.value["messages"][0]["image"]["sha256"] = json!("AAAA");
    });
    street.settles().await;
    assert_eq!(street.files().await, [("refused".to_owned(), Vec::new())]);
    // A file that the network itself could not fetch.
    assert!(!street.answer_to(&ana, &Saying::BrokenFile { file: "image".into() }).await.is_empty());
    street.ends().await;
}

#[tokio::test]
async fn an_edit_before_the_answer_is_what_is_answered() {
    let street = Street::open().await;
    let ana = street.ana();
    let id = ana.writes("do you have tents?").unwrap();
    street.world.settle().await;
    ana.says(&Saying::Edit { message: id.clone(), body: "do you have boot wax?".into() }).unwrap();
    street.settles().await;
    let chat = ana.chat();
    let answers: Vec<String> = chat.iter().filter(|b| b.ours).map(words).collect();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers[0].contains("Wax"), "{answers:?}");
    // Taken back before it was answered, it was never said.
    let id = ana.writes("and a tent").unwrap();
    street.world.settle().await;
    ana.says(&Saying::Revoke { message: id }).unwrap();
    street.settles().await;
    assert_eq!(ana.chat().iter().filter(|b| b.ours).count(), 1);
    street.ends().await;
}

#[tokio::test]
async fn who_wants_no_promotions_gets_none() {
    let street = Street::open().await;
    let ana = street.ana();
    let body = json!([{"type": "BODY", "text": "Everything is cheaper today."}]);
    street.approves(&[form("sale", "MARKETING", &body)]).await;
    street.says(&ana, "do you have boot wax?").await;
    let promote = async || {
        let template =
            Template { name: "sale".into(), language: "en".into(), category: Category::Marketing, values: [].into() };
        let reply = souk::domain::message::Reply {
            template: Some(template),
            ..souk::domain::message::Reply::text("Everything is cheaper today.")
        };
        let app = &street.shop.app;
        let before = ana.chat().len();
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        souk::conversation::say(app, &mut tx, &street.talk().await.id, Author::Shop, reply).await.unwrap();
        tx.commit().await.unwrap();
        street.settles().await;
        ana.chat().len() - before
    };
    let consents = async || {
        let app = &street.shop.app;
        let contact = street.talk().await.contact;
        app.store.read(&app.shop).await.unwrap().may_promote(&contact).await.unwrap()
    };
    assert_eq!(promote().await, 0, "nobody agreed");
    // The platform's own switch is a word of the shopper's.
    ana.stops_marketing(false).unwrap();
    street.settles().await;
    assert!(consents().await);
    assert_eq!(promote().await, 1, "she agreed");
    street.shop.clock.advance(jiff::Span::new().minutes(1));
    ana.stops_marketing(true).unwrap();
    street.settles().await;
    assert!(!consents().await);
    assert_eq!(promote().await, 0, "she took it back");
    // STOP in words: confirmed once, and then only answers.
    street.shop.clock.advance(jiff::Span::new().minutes(1));
    ana.stops_marketing(false).unwrap();
    street.settles().await;
    assert!(!street.answer_to(&ana, &Saying::text("STOP")).await.is_empty());
    assert_eq!(promote().await, 0);
    assert!(!street.answer_to(&ana, &Saying::text("do you have boot wax?")).await.is_empty());
    street.ends().await;
}

#[tokio::test]
async fn a_reaction_is_no_yes() {
    let street = Street::open().await;
    let ana = street.ana();
    street.says(&ana, "do you have boot wax?").await;
    street.taps(&ana, "Add to cart").await;
    street.taps(&ana, "Checkout").await;
    let summary = ana.chat().pop().unwrap();
    let answer = street.answer_to(&ana, &Saying::Reaction { message: summary.id, emoji: "👍".into() }).await;
    assert_eq!(answer, "");
    assert!(street.shop.orders().await.is_empty());
    street.taps(&ana, "Confirm order").await;
    assert_eq!(street.shop.orders().await.len(), 1);
    street.ends().await;
}

#[tokio::test]
async fn what_the_network_does_not_carry_is_answered_in_words() {
    let street = Street::open().await;
    let ana = street.ana();
    let answer = street.answer_to(&ana, &Saying::Unsupported { what: "poll_creation".into() }).await;
    assert!(!answer.is_empty());
    println!("{answer}");
    let messages = street.messages().await;
    assert!(matches!(&messages[0].body, Body::Heard(Said::Sent(_))), "{:?}", messages[0]);
    let name = "hologram".to_owned();
    let answer = street.answer_to(&ana, &Saying::Raw { name, object: json!({"x": 1}), more: None }).await;
    assert!(!answer.is_empty());
    street.ends().await;
}
