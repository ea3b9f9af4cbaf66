//! Against a fake that keeps state and has moods, over HTTP.

use super::*;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// How the fake behaves, and what it was asked.
#[derive(Default)]
struct Fake {
    mood: &'static str,
    asked: Vec<Value>,
}

type Shared = Arc<Mutex<Fake>>;

/// Scores a text by how often it has the first word of the question.
async fn rerank(State(fake): State<Shared>, Json(body): Json<Value>) -> Result<String, StatusCode> {
    let mood = {
        let mut fake = fake.lock().unwrap();
        fake.asked.push(body.clone());
        fake.mood
    };
    let word = body["query"].as_str().unwrap().split(' ').next().unwrap().to_owned();
    let texts = body["documents"].as_array().unwrap();
    let score = |text: &Value| text.as_str().unwrap().matches(&word).count() as f64 - 5.0;
    let results: Vec<Value> =
        texts.iter().enumerate().map(|(at, text)| json!({"index": at, "relevance_score": score(text)})).collect();
    Ok(match mood {
        "bare" => {
            let bare = texts.iter().enumerate().map(|(at, text)| json!({"index": at, "score": score(text)}));
            Value::from(bare.collect::<Vec<Value>>()).to_string()
        }
        "few" => json!({"results": [results[2], {"index": 99, "relevance_score": 9.0}, results[2]]}).to_string(),
        "echo" => {
            let echoed = results.into_iter().map(|mut r| {
                r["document"] = json!({"text": "…"});
                r
            });
            json!({"id": "1", "results": echoed.collect::<Vec<Value>>(), "usage": {"total_tokens": 3}}).to_string()
        }
        "empty" => json!({"results": []}).to_string(),
        "nonsense" => "<html>busy</html>".to_owned(),
        "endless" => "[".repeat(ANSWER_BYTES_MAX + 2),
        "slow" => {
            tokio::time::sleep(TOTAL * 4).await;
            String::new()
        }
        "refused" => return Err(StatusCode::TOO_MANY_REQUESTS),
        _ => json!({ "results": results }).to_string(),
    })
}

async fn fake() -> (Shared, Reranker) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let fake = Shared::default();
    let router = Router::new().route("/v1/rerank", post(rerank)).with_state(Arc::clone(&fake));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rerank_url = format!("http://{}/v1/rerank", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let settings = Settings { rerank_url, rerank_model: "judge".to_owned(), ..Settings::default() };
    (fake, Reranker::of(&settings).unwrap().unwrap())
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn every_shape_gives_the_same_order() {
    let (fake, reranker) = fake().await;
    let goods = texts(&["bag", "tent peg", "tent tent", "tent tent tent"]);
    for (mood, order) in [("", [3, 2, 1, 0]), ("bare", [3, 2, 1, 0]), ("echo", [3, 2, 1, 0]), ("few", [2, 0, 1, 3])] {
        fake.lock().unwrap().mood = mood;
        assert_eq!(reranker.order("tent for two", &goods).await.unwrap(), order, "{mood}");
    }
    let asked = fake.lock().unwrap().asked.remove(0);
    assert_eq!((&asked["model"], &asked["top_n"]), (&json!("judge"), &json!(4)));
}

#[tokio::test]
async fn a_server_that_fails_is_an_error_and_no_order() {
    let (fake, reranker) = fake().await;
    let goods = texts(&["bag", "tent"]);
    for mood in ["empty", "nonsense", "endless", "slow", "refused"] {
        fake.lock().unwrap().mood = mood;
        assert!(reranker.order("tent", &goods).await.is_err(), "{mood}");
    }
    fake.lock().unwrap().mood = "";
    assert_eq!(reranker.order("tent", &goods).await.unwrap(), [1, 0], "it recovers");
}

#[tokio::test]
async fn only_so_many_texts_leave_and_the_others_keep_their_place() {
    let (fake, reranker) = fake().await;
    let mut goods: Vec<String> = (0..TEXTS_MAX + 5).map(|_| "x".repeat(TEXT_CHARS_MAX * 2)).collect();
    goods[7] = "tent".to_owned();
    let order = reranker.order("tent", &goods).await.unwrap();
    assert_eq!((order[0], order.len()), (7, goods.len()));
    assert_eq!(order[TEXTS_MAX..], (TEXTS_MAX..goods.len()).collect::<Vec<_>>());
    let sent = fake.lock().unwrap().asked[0]["documents"].as_array().unwrap().clone();
    assert_eq!(sent.len(), TEXTS_MAX);
    assert!(sent.iter().all(|text| text.as_str().unwrap().len() <= TEXT_CHARS_MAX));
    assert_eq!(reranker.order("tent", &goods[..1]).await.unwrap(), [0], "one text is not worth a question");
    assert_eq!(fake.lock().unwrap().asked.len(), 1);
}

#[test]
fn without_an_address_there_is_none() {
    assert!(Reranker::of(&Settings::default()).unwrap().is_none());
}
