//! A model whose window is small: what does not fit is summed up, shrinks or goes, and the shopper is answered all the same.

use crate::shop::memory::{Read, listens};
use crate::world::TestShop;
use serde_json::{Value, json};
use souk::llm::correction::EVEN;
use souk::llm::scripted::Scripted;
use souk::llm::{Answer, Call, Error, Message, Request, Usage};
use std::sync::Arc;

fn call(tool: &str, arguments: &Value) -> Answer {
    let call = Call { id: tool.into(), tool: tool.into(), arguments: arguments.to_string() };
    Answer { calls: vec![call], ..Default::default() }
}

fn state(request: &Request) -> Value {
    let found = request.messages.iter().find_map(|m| if let Message::State { state } = m { Some(state) } else { None });
    found.unwrap().clone()
}

/// What stands before the message to answer.
fn history(request: &Request) -> usize {
    request.messages.iter().take_while(|m| !matches!(m, Message::State { .. })).count() - 1
}

/// A language model that searches when tents are asked for and shows what it finds.
fn seller(read: &Read) -> Scripted {
    let read = Arc::clone(read);
    let seller = Scripted::new().always(move |request| {
        read.lock().unwrap().push(request.clone());
        let asked = serde_json::to_string(&request.messages).unwrap();
        Ok(match request.messages.last() {
            Some(Message::Result { .. }) => call(
                "reply",
                &json!({"text": "Have a look.", "show": ["p1"], "choices": [], "sources": [], "outcome": "answer"}),
            ),
            _ if request.messages.len() == 2 && asked.contains("tent") => call(
                "catalog_search",
                &json!({"query": "blue tent", "cheaper_than": null, "sort": "relevance", "limit": 2}),
            ),
            _ => Answer { text: "Yes, of course.".into(), ..Default::default() },
        })
    });
    seller.posing()
}

#[tokio::test]
async fn a_long_talk_keeps_its_goal_and_its_products_while_the_history_shrinks() {
    let read = Read::default();
    let shop = TestShop::demo_with(seller(&read), |config| config.agent.history_tokens = 40).await;
    shop.says("Maya", "I need a light tent for two people under 400 €").await;
    let shown = shop.replies("Maya").await.pop().unwrap().cards.remove(0);
    let mut sizes = Vec::new();
    let chat = [
        "that looks really lovely to me",
        "my dog is called Rex by the way",
        "yesterday was a long rainy Sunday",
        "have you ever slept outside yourself",
        "mountains make everybody happy in the end",
        "sorry for writing such long messages",
        "bread and cheese taste better up there",
        "our train leaves early every morning",
        "grandmother used to knit warm socks",
        "stars were bright above the lake",
        "anyway thanks for listening so patiently",
        "where were we with all this",
    ];
    for text in chat {
        shop.says("Maya", text).await;
        let request = read.lock().unwrap().last().unwrap().clone();
        sizes.push(history(&request));
    }
    assert!(!shop.conversation("Maya").await.with.is_colleague(), "{}", shop.hears("Maya").await);
    assert!(sizes.iter().all(|size| *size <= 6), "the history has a limit: {sizes:?}");
    let request = read.lock().unwrap().pop().unwrap();
    let told = serde_json::to_string(&request.messages[..history(&request)]).unwrap();
    assert!(!told.contains("light tent"), "{told}");
    let earlier = &state(&request)["earlier"];
    assert_eq!(earlier["goal"], "I need a light tent for two people under 400 €");
    assert_eq!(earlier["items"][0], json!({"product": shown.product, "title": shown.title}));
    let whole = earlier.to_string();
    assert!(!whole.contains(shown.price.trim_start_matches("from ")), "prices are read again: {whole}");
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn a_short_talk_has_nothing_to_sum_up() {
    let read = Read::default();
    let shop = TestShop::demo_with(listens(&read).posing(), |_| ()).await;
    for text in ["hello there", "how are you today", "fine weather today"] {
        shop.says("Maya", text).await;
    }
    let request = read.lock().unwrap().pop().unwrap();
    assert_eq!((history(&request), state(&request).get("earlier")), (4, None));
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn a_request_that_is_too_long_is_sent_once_more_with_half_the_history() {
    let read = Read::default();
    let kept = Arc::clone(&read);
    let narrow = Scripted::new().always(move |request| {
        kept.lock().unwrap().push(request.clone());
        if history(request) > 3 {
            return Err(Error::TooLong("the window has room for three".into()));
        }
        Ok(Answer { text: "Yes, I am here.".into(), ..Default::default() })
    });
    let shop = TestShop::demo_with(narrow.posing(), |_| ()).await;
    for text in ["hello there", "how are you today", "fine weather today"] {
        shop.says("Maya", text).await;
    }
    let sizes: Vec<usize> = read.lock().unwrap().iter().map(history).collect();
    assert_eq!(sizes, [0, 2, 4, 2]);
    assert_eq!(shop.replies("Maya").await.len(), 3);
    assert!(!shop.conversation("Maya").await.with.is_colleague(), "{}", shop.hears("Maya").await);
    shop.finish(&["Maya"]).await;
}

#[tokio::test]
async fn a_model_that_counts_more_tokens_sees_less() {
    let read = Read::default();
    let kept = Arc::clone(&read);
    let model = Scripted::new().always(move |request| {
        kept.lock().unwrap().push(request.clone());
        let usage = Usage { input: 1_000_000, ..Usage::default() };
        let (endpoint, model) = ("endpoint.example".to_owned(), "m".to_owned());
        Ok(Answer { text: "Yes, I am here.".into(), usage, endpoint, model, ..Default::default() })
    });
    let shop = TestShop::demo_with(model.posing(), |config| config.agent.history_tokens = 24).await;
    assert_eq!(shop.app.corrections.per_mille(), EVEN);
    shop.says("Maya", "hello there, dear shop of mine").await;
    assert_eq!(shop.app.corrections.per_mille(), 2 * EVEN);
    shop.says("Maya", "how are you today").await;
    let request = read.lock().unwrap().pop().unwrap();
    assert_eq!(history(&request), 1, "by our own count both messages would fit");
    assert!(state(&request)["earlier"]["goal"].as_str().unwrap().starts_with("hello there"));
    shop.finish(&["Maya"]).await;
}
