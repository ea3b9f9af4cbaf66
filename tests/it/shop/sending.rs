//! Sending on WhatsApp: once, in order, and nothing silent, whatever the network does.

use crate::shop::dying::Mortal;
use crate::world::TestShop;
use crate::world::graph::{Does, Graph, Taken};
use jiff::Span;
use souk::channel::Inbound;
use souk::config::Config;
use souk::conversation::receive::receive;
use souk::conversation::{outbox, say};
use souk::domain::contact::Contact;
use souk::domain::conversation::{Conversation, HandOffReason, Memory, With};
use souk::domain::id::{ContactId, ConversationId};
use souk::domain::message::{Author, Reply, Said};
use souk::domain::send::{Became, News, SendState};
use souk::llm::keyless::Keyless;

mod crashes;
mod late;

/// A shop with one WhatsApp account, and a shopper who has written to it.
pub struct Talk {
    pub shop: TestShop,
    pub graph: Graph,
    pub id: ConversationId,
    contact: ContactId,
    heard: u32,
}

impl Talk {
    pub async fn begin() -> Self {
        Self::with(Graph::start().await, |_| ()).await
    }

    pub async fn with(graph: Graph, change: impl FnOnce(&mut Config)) -> Self {
        let shop = TestShop::demo_with(Keyless, |config| {
            graph.settings(config);
            change(config);
        })
        .await;
        let mut tx = shop.app.store.begin(&shop.app.shop).await.unwrap();
        let contact = Contact::new(shop.app.new_id(), Some("Ana".into()), "en");
        tx.save_contact(&contact, shop.app.now()).await.unwrap();
        tx.add_alias(&contact.id, "whatsapp", "wa:5511988887777").await.unwrap();
        let conversation = Conversation {
            id: shop.app.new_id(),
            contact: contact.id.clone(),
            channel: "whatsapp:main".into(),
            alias: contact.id.to_string(),
            with: With::Agent,
            memory: Memory::default(),
            last_seq: 0,
            answered_seq: 0,
        };
        tx.insert_conversation(&conversation, shop.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        Self { shop, graph, id: conversation.id, contact: contact.id, heard: 0 }
    }

    /// The shopper writes; nothing is answered yet.
    pub async fn writes(&mut self, text: &str) {
        self.comes(Said::Text(text.to_owned())).await;
    }

    /// The shopper taps a button, and the shop settles down.
    pub async fn taps(&mut self, id: &str) {
        self.comes(Said::Tap { id: id.to_owned(), label: "Read".into() }).await;
        self.shop.settles_down().await;
    }

    async fn comes(&mut self, said: Said) {
        self.heard += 1;
        let app = &self.shop.app;
        let inbound = Inbound {
            channel: "whatsapp:main".into(),
            alias: self.contact.to_string(),
            external_id: format!("wamid.IN{}", self.heard),
            said,
            name: None,
        };
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        let (mut window, _) = tx.window(&self.id).await.unwrap();
        window.hear(app.now());
        tx.set_window(&self.id, &window, Some(&inbound.external_id)).await.unwrap();
        outbox::release(app, &mut tx, &self.id).await.unwrap();
        tx.commit().await.unwrap();
        receive(app, &app.shop, inbound).await.unwrap();
    }

    /// The shopper writes, and the shop settles down.
    pub async fn says(&mut self, text: &str) {
        self.writes(text).await;
        self.shop.settles_down().await;
    }

    /// The shop itself has something to say.
    pub async fn tells(&self, reply: Reply) {
        let app = &self.shop.app;
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        say(app, &mut tx, &self.id, Author::Shop, reply).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn hears(&self, news: &News) {
        let app = &self.shop.app;
        let mut tx = app.store.begin(&app.shop).await.unwrap();
        outbox::hear(app, &mut tx, "main", news).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn states(&self) -> Vec<SendState> {
        let app = &self.shop.app;
        let mut tx = app.store.read(&app.shop).await.unwrap();
        tx.ticks(&self.id, 0).await.unwrap().into_iter().map(|ticks| ticks.state).collect()
    }

    pub async fn colleague(&self) -> Option<(HandOffReason, String)> {
        let app = &self.shop.app;
        let mut tx = app.store.read(&app.shop).await.unwrap();
        match tx.conversation(&self.id).await.unwrap().unwrap().with {
            With::Agent => None,
            With::Colleague { hand_off } => Some((hand_off.reason, hand_off.summary)),
        }
    }

    async fn last_seq(&self) -> i64 {
        let mut tx = self.shop.app.store.read(&self.shop.app.shop).await.unwrap();
        tx.conversation(&self.id).await.unwrap().unwrap().last_seq
    }

    pub fn texts(&self) -> Vec<String> {
        self.graph.taken().iter().map(Taken::text).collect()
    }

    pub fn passes(&self, seconds: i64) {
        self.shop.clock.advance(Span::new().seconds(seconds));
    }

    pub async fn ends(self) {
        self.shop.finish(&[]).await;
    }
}

#[tokio::test]
async fn an_answer_is_sent_once_and_its_ticks_only_go_forward() {
    let mut talk = Talk::begin().await;
    talk.says("do you have boot wax?").await;
    let taken = talk.graph.taken();
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!(taken[0].body["to"], "+5511988887777");
    assert_eq!(taken[0].body["messaging_product"], "whatsapp");
    assert!(taken[0].body.get("context").is_none(), "nothing is quoted when nothing came in between");
    assert_eq!(talk.graph.read()[0]["message_id"], "wamid.IN1");
    assert_eq!(talk.graph.read()[0]["typing_indicator"]["type"], "text");
    assert_eq!(talk.states().await, [SendState::Accepted]);
    for (what, expected) in [
        (Became::Delivered, SendState::Delivered),
        (Became::Sent, SendState::Delivered),
        (Became::Other("warning".into()), SendState::Delivered),
        (Became::Read, SendState::Read),
        (Became::Delivered, SendState::Read),
    ] {
        talk.hears(&taken[0].news(what)).await;
        assert_eq!(talk.states().await, [expected]);
    }
    talk.shop.settles_down().await;
    assert_eq!(talk.graph.asked(), 1);
    assert_eq!(talk.colleague().await, None);
    talk.ends().await;
}

#[tokio::test]
async fn a_lost_answer_is_resolved_by_news_and_then_nothing_is_sent_again() {
    let mut talk = Talk::begin().await;
    talk.graph.will([Does::TakesAndLoses]);
    talk.writes("do you have boot wax?").await;
    talk.passes(1);
    souk::worker::drain(&talk.shop.app, 10).await;
    assert_eq!(talk.states().await, [SendState::Unknown]);
    let taken = talk.graph.taken();
    talk.hears(&taken[0].news(Became::Delivered)).await;
    talk.shop.waits(5).await;
    assert_eq!(talk.states().await, [SendState::Delivered]);
    assert_eq!(talk.graph.asked(), 1, "it was sent again");
    talk.ends().await;
}

#[tokio::test]
async fn without_news_it_is_sent_again_and_newer_words_wait_for_it() {
    let mut talk = Talk::begin().await;
    talk.graph.will([Does::Loses]);
    talk.writes("do you have boot wax?").await;
    talk.passes(1);
    souk::worker::drain(&talk.shop.app, 10).await;
    talk.tells(Reply::text("The second message.")).await;
    souk::worker::drain(&talk.shop.app, 10).await;
    assert_eq!(talk.graph.asked(), 1, "the second message did not wait for the first");
    assert_eq!(talk.states().await, [SendState::Unknown, SendState::Queued]);
    talk.shop.settles_down().await;
    assert_eq!(talk.states().await, [SendState::Accepted, SendState::Accepted]);
    let texts = talk.texts();
    assert_eq!((texts.len(), texts[1].as_str()), (2, "The second message."));
    talk.ends().await;
}

#[tokio::test]
async fn what_is_about_money_is_not_sent_twice_and_a_colleague_is_told() {
    let mut talk = Talk::begin().await;
    talk.says("do you have boot wax?").await;
    let before = talk.graph.asked();
    talk.graph.will([Does::Loses]);
    let payment = souk::domain::message::PaymentRequest {
        order: "FJ-1".into(),
        total: "€9.90".into(),
        url: "https://shop.example/pay/1".into(),
        label: "Pay €9.90".into(),
        expires_at: talk.shop.app.after(Span::new().minutes(30)),
    };
    talk.tells(Reply { payment: Some(payment), ..Reply::text("Here is your payment page.") }).await;
    talk.tells(Reply::text("A later message.")).await;
    talk.shop.waits(10).await;
    assert_eq!(talk.states().await, [SendState::Accepted, SendState::Unknown, SendState::Accepted]);
    assert_eq!(talk.graph.asked(), before + 2);
    assert_eq!(talk.colleague().await.unwrap().0, HandOffReason::NotDelivered);
    talk.ends().await;
}

#[tokio::test]
async fn too_much_for_one_shopper_backs_off_by_powers_of_four() {
    let mut talk = Talk::begin().await;
    talk.graph.will([Does::Refuses(131_056); 3]);
    talk.writes("do you have boot wax?").await;
    talk.passes(1);
    let mut waits = Vec::new();
    while talk.graph.taken().is_empty() {
        souk::worker::drain(&talk.shop.app, 10).await;
        let Some(due) = talk.shop.app.store.next_due().await.unwrap() else { break };
        let wait = due.duration_since(talk.shop.app.now());
        waits.push(wait.as_millis() as i64);
        talk.shop.clock.advance(Span::new().milliseconds(wait.as_millis() as i64));
    }
    // Each wait is at most a quarter longer than it has to be.
    let expected = [1_000, 4_000, 16_000];
    assert_eq!(waits.len(), 3, "{waits:?}");
    for (wait, least) in waits.iter().zip(expected) {
        assert!((least..=least * 5 / 4).contains(wait), "{waits:?}");
    }
    talk.says("and sun cream?").await;
    assert_eq!(talk.graph.asked(), 5, "the next message is tried at once");
    talk.ends().await;
}

#[tokio::test]
async fn a_message_that_can_never_arrive_is_tried_once_and_a_colleague_is_told() {
    for code in [131_026, 131_009, 100] {
        let mut talk = Talk::begin().await;
        talk.graph.will([Does::Refuses(code)]);
        talk.says("do you have boot wax?").await;
        talk.shop.waits(60).await;
        assert_eq!(talk.graph.asked(), 1, "{code}");
        assert_eq!(talk.states().await, [SendState::Failed], "{code}");
        let (reason, summary) = talk.colleague().await.unwrap();
        assert_eq!(reason, HandOffReason::NotDelivered);
        assert!(summary.contains(&code.to_string()), "{summary}");
        talk.ends().await;
    }
}

#[tokio::test]
async fn what_passes_is_tried_again_but_not_for_ever() {
    let mut talk = Talk::begin().await;
    talk.graph.will([Does::Refuses(131_000); 2]);
    talk.says("do you have boot wax?").await;
    assert_eq!((talk.graph.asked(), talk.states().await), (3, vec![SendState::Accepted]));
    talk.graph.will([Does::Refuses(130_429); 50]);
    talk.says("and sun cream?").await;
    for _ in 0..10 {
        talk.shop.waits(10).await;
    }
    assert_eq!(talk.graph.asked(), 9);
    assert_eq!(talk.states().await, [SendState::Accepted, SendState::Failed]);
    assert!(talk.colleague().await.is_some());
    talk.ends().await;
}

#[tokio::test]
async fn an_answer_quotes_what_it_answers_when_more_was_said_meanwhile() {
    let mut talk = Talk::begin().await;
    talk.writes("do you have boot wax?").await;
    talk.passes(1);
    // The turn is taken and its answer written down; before that leaves, the shopper writes again.
    while talk.last_seq().await < 2 {
        assert_eq!(souk::worker::drain(&talk.shop.app, 1).await, 1);
    }
    assert_eq!(talk.graph.asked(), 0);
    talk.writes("and sun cream?").await;
    talk.shop.settles_down().await;
    let taken = talk.graph.taken();
    assert_eq!(taken.len(), 2, "{taken:?}");
    assert_eq!(taken[0].body["context"]["message_id"], "wamid.IN1");
    assert!(taken[1].body.get("context").is_none());
    talk.ends().await;
}
