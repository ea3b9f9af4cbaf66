//! The demo shop measured: does it find what is asked for, does it know what it does not know, and how does it talk?

mod answers;
mod beside;
mod talk;
mod wishes;

use crate::agent::{HandOffAsked, Thread, take_turn};
use crate::app::App;
use crate::app::assemble::from_config;
use crate::clock::HandClock;
use crate::config;
use crate::domain::contact::Contact;
use crate::domain::conversation::{Conversation, Memory, With};
use crate::domain::id::{ContactId, ConversationId, Id, MessageId, TurnId};
use crate::domain::message::{Author, Body, Message, Reply, Said};
use crate::domain::shop::Shop;
use crate::onboard::{demo, open};
use crate::store::turns::OpenTurn;
use std::sync::Arc;

/// The demo shop in a folder of its own, on a Sunday in November.
struct House {
    app: App,
    shop: Shop,
    _folder: tempfile::TempDir,
}

impl House {
    async fn open() -> Self {
        Self::open_with("static").await
    }

    /// With one of the shipped embedders.
    async fn open_with(model: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let model = ("SOUK_EMBED__MODEL".to_owned(), model.to_owned());
        let loaded = config::load(folder.path(), None, [model]).unwrap();
        let mut app = from_config(&loaded, "http://127.0.0.1:0").await.unwrap();
        app.clock = Arc::new(HandClock::at("2026-11-22T10:00:00Z".parse().unwrap()));
        let read = demo::folder().unwrap();
        let report = open(&app, &read, true, &mut |_, _, _| ()).await.unwrap();
        app.shop = report.shop.clone();
        let shop = app.store.read(&report.shop).await.unwrap().shop().await.unwrap().unwrap();
        Self { app, shop, _folder: folder }
    }

    /// A stranger's conversation, or a persona's.
    async fn talk(&self, contact: &str) -> Talk<'_> {
        let contact = ContactId::from_text(contact.to_owned());
        let mut tx = self.app.store.begin(&self.shop.id).await.unwrap();
        let known = tx.contact(&contact).await.unwrap();
        let contact = known.unwrap_or_else(|| Contact::new(contact, None, "en"));
        tx.save_contact(&contact, self.app.now()).await.unwrap();
        let conversation = Conversation {
            id: self.app.new_id::<ConversationId>(),
            contact: contact.id.clone(),
            channel: "web".into(),
            alias: contact.id.to_string(),
            with: With::Agent,
            memory: Memory::default(),
            last_seq: 0,
            answered_seq: 0,
        };
        tx.insert_conversation(&conversation, self.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        Talk { house: self, contact, conversation, history: Vec::new() }
    }
}

/// A conversation as a test leads it.
struct Talk<'a> {
    house: &'a House,
    contact: Contact,
    conversation: Conversation,
    history: Vec<Message>,
}

impl Talk<'_> {
    /// One turn: what is said, and what comes back.
    async fn say(&mut self, text: &str) -> Reply {
        self.turn(text).await.0
    }

    async fn turn(&mut self, text: &str) -> (Reply, Option<HandOffAsked>) {
        let said = match text.strip_prefix("tap:") {
            Some(id) => Said::Tap { id: id.to_owned(), label: id.to_owned() },
            None => Said::Text(text.to_owned()),
        };
        let asked = self.message(Author::Shopper, Body::Heard(said));
        let thread = Thread {
            shop: self.house.shop.clone(),
            contact: self.contact.clone(),
            conversation: self.conversation.clone(),
            turn: self.house.app.new_id::<TurnId>(),
            asked: vec![asked.clone()],
            history: self.history.clone(),
        };
        let app = &self.house.app;
        let open = OpenTurn { id: thread.turn.clone(), upto_seq: asked.seq };
        let mut tx = app.store.begin(&self.house.shop.id).await.unwrap();
        tx.begin_turn(&open, &self.conversation.id, app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let (outcome, _) = take_turn(&self.house.app, &thread).await.unwrap();
        let mut tx = app.store.begin(&self.house.shop.id).await.unwrap();
        tx.finish_turn(&thread.turn, &outcome.record(), app.now()).await.unwrap();
        tx.commit().await.unwrap();
        self.conversation.memory = outcome.memory;
        let answer = self.message(Author::Agent, Body::Reply(Box::new(outcome.reply.clone())));
        self.history.extend([asked, answer]);
        (outcome.reply, outcome.hand_off)
    }

    /// The turn written down: text, cards, buttons, sources.
    async fn heard(&mut self, text: &str) -> String {
        let (reply, hand_off) = self.turn(text).await;
        let mut out = reply.text.clone();
        for card in &reply.cards {
            out.push_str(&format!("\n[{} | {} | {} | {}]", card.title, card.subtitle, card.price, card.stock));
        }
        for line in reply.summary.iter().flat_map(|s| &s.lines) {
            out.push_str(&format!("\n[{} × {} {}]", line.quantity, line.title, line.options));
        }
        let labels: Vec<&str> = reply.choices.iter().map(|b| b.label.as_str()).collect();
        if !labels.is_empty() {
            out.push_str(&format!("\n({})", labels.join(" | ")));
        }
        for source in &reply.sources {
            out.push_str(&format!("\n– {}", source.heading));
        }
        if let Some(asked) = hand_off {
            out.push_str(&format!("\n→ {:?}: {}", asked.reason, asked.summary));
        }
        out
    }

    fn message(&self, author: Author, body: Body) -> Message {
        Message {
            id: self.house.app.new_id::<MessageId>(),
            conversation: self.conversation.id.clone(),
            seq: self.history.len() as i64 + 1,
            author,
            body,
            at: self.house.app.now(),
            external_id: None,
        }
    }
}

/// Rows of a table: tab-separated, without empty lines.
fn rows(table: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
    let row = |line: &'static str| line.split_once('\t').expect("a row has two columns");
    table.lines().filter(|l| !l.is_empty()).map(row).map(|(asked, right)| (asked, right.split('|').collect())).collect()
}
