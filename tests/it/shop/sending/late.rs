//! What the network tells later: news before the answer, failures after it, a window that was closed all along, STOP.

use super::Talk;
use crate::world::graph::Does;
use serde_json::json;
use souk::channel::whatsapp::template::parse;
use souk::domain::message::Reply;
use souk::domain::send::{Became, News, SendState};
use souk::domain::template::{Category, Template};

#[tokio::test]
async fn news_that_comes_before_the_answer_is_kept_for_it() {
    let mut talk = Talk::begin().await;
    // Without our own id in it, as when the network leaves that out.
    let news = News {
        outside_id: "wamid.1".into(),
        ours: None,
        what: Became::Delivered,
        at: talk.shop.app.now(),
        problem: None,
        pricing: None,
    };
    talk.hears(&news).await;
    talk.hears(&News { what: Became::Sent, ..news.clone() }).await;
    talk.says("do you have boot wax?").await;
    assert_eq!(talk.states().await, [SendState::Delivered]);
    talk.ends().await;
}

#[tokio::test]
async fn what_failed_later_is_sent_again_as_another_message() {
    let mut talk = Talk::begin().await;
    talk.says("do you have boot wax?").await;
    let first = talk.graph.taken().remove(0);
    talk.hears(&first.news(Became::Sent)).await;
    talk.hears(&first.failed(131_000)).await;
    talk.hears(&first.failed(131_000)).await;
    talk.shop.settles_down().await;
    let taken = talk.graph.taken();
    assert_eq!(taken.len(), 2, "once more, however often the failure is told");
    assert_eq!(taken[0].text(), taken[1].text());
    assert_ne!(taken[0].ours(), taken[1].ours());
    assert_eq!(talk.states().await, [SendState::Accepted]);
    talk.hears(&taken[1].news(Became::Read)).await;
    assert_eq!(talk.states().await, [SendState::Read]);
    talk.ends().await;
}

#[tokio::test]
async fn what_fails_again_and_again_ends_with_a_colleague() {
    let mut talk = Talk::begin().await;
    talk.says("do you have boot wax?").await;
    for n in 0..10 {
        let Some(newest) = talk.graph.taken().get(n).cloned() else { break };
        talk.hears(&newest.failed(131_000)).await;
        talk.shop.waits(10).await;
    }
    assert_eq!(talk.graph.asked(), 6);
    assert_eq!(talk.states().await, [SendState::Failed]);
    assert!(talk.colleague().await.is_some());
    talk.ends().await;
}

#[tokio::test]
async fn after_a_closed_window_the_message_waits_and_leaves_when_the_shopper_writes() {
    let mut talk = Talk::begin().await;
    talk.says("do you have boot wax?").await;
    talk.shop.waits(60 * 25).await;
    let asked = talk.graph.asked();
    talk.tells(Reply::text("Your boots have come back from the workshop.")).await;
    talk.shop.settles_down().await;
    assert_eq!(talk.graph.asked(), asked, "something left through a closed window");
    assert_eq!(talk.states().await, [SendState::Accepted, SendState::Held]);
    assert!(talk.colleague().await.unwrap().1.contains("waits until the shopper writes"));
    talk.says("hello?").await;
    assert_eq!(talk.texts().get(asked).map(String::as_str), Some("Your boots have come back from the workshop."));
    assert_eq!(talk.states().await[1], SendState::Accepted);
    talk.ends().await;
}

#[tokio::test]
async fn the_networks_word_about_the_window_counts_at_once_and_late() {
    for at_once in [true, false] {
        let mut talk = Talk::begin().await;
        if at_once {
            talk.graph.will([Does::Refuses(131_047)]);
        }
        talk.says("do you have boot wax?").await;
        if !at_once {
            let first = talk.graph.taken().remove(0);
            talk.hears(&first.failed(131_047)).await;
            talk.hears(&first.failed(131_047)).await;
            talk.shop.settles_down().await;
        }
        assert_eq!(talk.states().await, [SendState::Held], "at once: {at_once}");
        talk.tells(Reply::text("More.")).await;
        talk.shop.settles_down().await;
        assert_eq!(talk.graph.asked(), 1, "the window is shut until the shopper writes");
        talk.says("hello?").await;
        let texts = talk.texts();
        let answers = texts.iter().filter(|text| text.contains("wax")).count();
        assert_eq!(answers, if at_once { 1 } else { 2 }, "{texts:?}");
        assert_eq!(texts.iter().filter(|text| *text == "More.").count(), 1);
        talk.ends().await;
    }
}

#[tokio::test]
async fn after_stop_only_answers_leave() {
    let mut talk = Talk::begin().await;
    talk.says("STOP").await;
    assert_eq!(talk.graph.taken().len(), 1, "it is confirmed");
    talk.tells(Reply::text("Look what is new!")).await;
    talk.shop.settles_down().await;
    assert_eq!(talk.graph.taken().len(), 1);
    assert_eq!(talk.states().await, [SendState::Accepted, SendState::Dropped]);
    talk.says("do you have boot wax?").await;
    assert_eq!(talk.graph.taken().len(), 2, "who asks is answered");
    talk.ends().await;
}

impl Talk {
    /// The network has approved these forms.
    async fn approves(&self, forms: serde_json::Value) {
        let (forms, _) = parse(&json!({ "data": forms }));
        let mut tx = self.shop.app.store.begin(&self.shop.app.shop).await.unwrap();
        tx.replace_templates("main", &forms).await.unwrap();
        tx.commit().await.unwrap();
    }
}

fn form(name: &str, category: &str, components: serde_json::Value) -> serde_json::Value {
    json!({"id": name, "name": name, "language": "en", "category": category, "status": "APPROVED",
        "components": components})
}

fn sent_off(category: Category) -> Reply {
    let template = Template {
        name: "order_sent".into(),
        language: "en".into(),
        category,
        values: [("number".to_owned(), "FJ-1".to_owned())].into(),
    };
    Reply { template: Some(template), ..Reply::text("Your order FJ-1 is on its way.") }
}

#[tokio::test]
async fn through_a_closed_window_an_approved_template_leaves() {
    let mut talk = Talk::begin().await;
    talk.approves(json!([form("order_sent", "UTILITY", json!([{"type": "BODY", "text": "Order {{number}} left."}]))]))
        .await;
    talk.says("do you have boot wax?").await;
    talk.tells(sent_off(Category::Utility)).await;
    talk.shop.settles_down().await;
    assert_eq!(talk.texts()[1], "Your order FJ-1 is on its way.", "in an open window in full");
    talk.shop.waits(60 * 25).await;
    talk.tells(sent_off(Category::Utility)).await;
    talk.shop.settles_down().await;
    let taken = talk.graph.taken();
    assert_eq!(taken.len(), 3);
    assert_eq!(taken[2].body["template"]["components"][0]["parameters"][0]["text"], "FJ-1");
    assert_eq!(talk.colleague().await, None);
    // Nobody has agreed to promotions.
    talk.tells(sent_off(Category::Marketing)).await;
    talk.shop.settles_down().await;
    assert_eq!(talk.graph.asked(), 3);
    assert_eq!(talk.states().await[3], SendState::Dropped);
    talk.ends().await;
}

#[tokio::test]
async fn what_has_no_template_is_announced_once_and_leaves_on_the_tap() {
    let mut talk = Talk::begin().await;
    let button = json!([{"type": "BODY", "text": "There is an answer."},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Read"}]}]);
    talk.approves(json!([form("reply_waiting", "UTILITY", button)])).await;
    talk.says("do you have boot wax?").await;
    talk.shop.waits(60 * 25).await;
    talk.tells(Reply::text("First.")).await;
    talk.tells(Reply::text("Second.")).await;
    talk.shop.settles_down().await;
    let taken = talk.graph.taken();
    assert_eq!(taken.len(), 2, "announced once");
    assert_eq!(taken[1].text(), "reply_waiting");
    let payload = taken[1].body["template"]["components"][0]["parameters"][0]["payload"].as_str().unwrap().to_owned();
    assert_eq!(talk.states().await, [SendState::Accepted, SendState::Held, SendState::Held]);
    assert_eq!(talk.colleague().await, None);
    talk.taps(&payload).await;
    assert_eq!(talk.texts()[2..], ["First.", "Second."], "what waited, in its order, and nothing beside it");
    talk.ends().await;
}

#[tokio::test]
async fn the_days_budget_stops_news_but_never_answers() {
    let graph = crate::world::graph::Graph::start().await;
    let cards = tempfile::tempdir().unwrap();
    let card = "Market,Currency,Marketing,Utility,Authentication,Service\nBrazil,USD,0.06,0.0068,0.01,0\n";
    std::fs::write(cards.path().join("2026-10-01 USD.csv"), card).unwrap();
    let mut talk = Talk::with(graph, |config| {
        config.whatsapp.rate_cards = cards.path().display().to_string();
        config.whatsapp.day_cost = "0.01".into();
    })
    .await;
    talk.approves(json!([form("order_sent", "UTILITY", json!([{"type": "BODY", "text": "Order {{number}} left."}]))]))
        .await;
    talk.says("do you have boot wax?").await;
    talk.shop.waits(60 * 25).await;
    let before = talk.graph.asked();
    for _ in 0..4 {
        talk.tells(sent_off(Category::Utility)).await;
        talk.shop.settles_down().await;
    }
    // Each costs 0.0068: the second one goes beyond the limit, and then it ends.
    assert_eq!(talk.graph.asked() - before, 2);
    assert_eq!(talk.states().await[3..], [SendState::Dropped, SendState::Dropped]);
    let mut tx = talk.shop.app.store.read(&talk.shop.app.shop).await.unwrap();
    let findings = tx.open_findings(10).await.unwrap();
    drop(tx);
    assert!(findings.iter().any(|f| f.kind.word() == "messages_cost"), "{findings:?}");
    talk.says("are you there?").await;
    assert!(talk.graph.asked() > before + 2, "who writes is answered");
    talk.ends().await;
}
