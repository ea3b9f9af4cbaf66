//! What the network tells later: news before the answer, failures after it, a window that was closed all along, STOP.

use super::Talk;
use crate::world::graph::Does;
use souk::domain::message::Reply;
use souk::domain::send::{Became, News, SendState};

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
