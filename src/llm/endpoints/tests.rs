//! Endpoints that are busy, hang, lie and come back; stubs on loopback stand for them.

use crate::clock::HandClock;
use crate::clock::SystemClock;
use crate::llm::Answer;
use crate::llm::ChatModel;
use crate::llm::Error;
use crate::llm::Message;
use crate::llm::Request;
use crate::llm::Settings;
use crate::llm::endpoints::Endpoints;
use crate::llm::openai::SettingsError;
use crate::llm::scripted::Scripted;
use jiff::Timestamp;
use jiff::ToSpan;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use wiremock::Mock;
use wiremock::MockServer;
use wiremock::ResponseTemplate;
use wiremock::matchers::method;

fn settings(base_url: &str) -> Settings {
    Settings { base_url: base_url.to_owned(), model: "small".to_owned(), answer_seconds_max: 3, ..Settings::default() }
}

fn request() -> Request {
    let messages = vec![Message::Shopper { text: "A tent, please.".to_owned() }];
    Request { system: "You sell tents.".to_owned(), messages, tools: Vec::new(), may_call: true, only: Vec::new() }
}

fn says(text: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"choices": [{"message": {"content": text}}]}))
}

async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    server
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

/// What comes of an endpoint at this address with a good one behind it.
async fn with_fallback(first: &str) -> (Answer, Duration) {
    let second = server(says("Hello from the second.")).await;
    let fallback = Some(Box::new(settings(&second.uri())));
    let endpoints = Endpoints::new(&Settings { fallback, ..settings(first) }, Arc::new(SystemClock)).unwrap();
    let start = Instant::now();
    let answer = endpoints.answer(&request()).await.unwrap();
    assert_eq!(answer.text, "Hello from the second.");
    assert_eq!(answer.endpoint, second.address().to_string());
    (answer, start.elapsed())
}

#[tokio::test]
async fn asks_a_busy_endpoint_once_more() {
    let server = server(says("Hello.")).await;
    let busy = Mock::given(method("POST")).respond_with(ResponseTemplate::new(503)).up_to_n_times(1).with_priority(1);
    busy.mount(&server).await;
    let endpoints = Endpoints::new(&settings(&server.uri()), Arc::new(SystemClock)).unwrap();
    let answer = endpoints.answer(&request()).await.unwrap();
    assert_eq!((answer.text.as_str(), answer.attempts, requests(&server).await), ("Hello.", 2, 2));
    assert!(answer.ms >= 300, "the wait is part of it: {}", answer.ms);
}

#[tokio::test]
async fn one_that_wants_an_hour_is_not_waited_for() {
    let busy = server(ResponseTemplate::new(429).insert_header("retry-after", "3600")).await;
    let (answer, took) = with_fallback(&busy.uri()).await;
    assert_eq!((answer.attempts, requests(&busy).await), (2, 1));
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn one_that_hangs_leaves_time_for_the_other() {
    let hanging = server(says("Too late.").set_delay(Duration::from_secs(30))).await;
    let (answer, took) = with_fallback(&hanging.uri()).await;
    assert_eq!((answer.attempts, requests(&hanging).await), (2, 1));
    assert!(took >= Duration::from_millis(1700) && took < Duration::from_secs(3), "{took:?}");
}

#[tokio::test]
async fn one_that_lies_is_asked_again_and_then_the_other() {
    for body in ["<html>", "{}", r#"{"choices": [{"mess"#] {
        let broken = server(ResponseTemplate::new(200).set_body_string(body)).await;
        assert_eq!(with_fallback(&broken.uri()).await.0.attempts, 3, "{body}");
    }
    let refusing = server(ResponseTemplate::new(401)).await;
    assert_eq!(with_fallback(&refusing.uri()).await.0.attempts, 2, "asking again does not help there");
}

#[tokio::test]
async fn a_stream_cut_short_is_no_answer() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        for _ in 0..2 {
            let (mut peer, _) = listener.accept().await.unwrap();
            let _ = peer.read(&mut [0; 4096]).await.unwrap();
            peer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"choices\"").await.unwrap();
        }
    });
    assert_eq!(with_fallback(&address).await.0.attempts, 3);
    server.await.unwrap();
}

#[tokio::test]
async fn one_that_is_down_is_left_alone_until_it_is_back() {
    let clock = Arc::new(HandClock::at(Timestamp::from_second(1_800_000_000).unwrap()));
    let first = MockServer::start().await;
    let down = Mock::given(method("POST")).respond_with(ResponseTemplate::new(500)).up_to_n_times(4).with_priority(1);
    down.mount(&first).await;
    Mock::given(method("POST")).respond_with(says("I am back.")).mount(&first).await;
    let second = server(says("Hello from the second.")).await;
    let fallback = Some(Box::new(settings(&second.uri())));
    let patient = Settings { fallback, tries_max: 1, failures_max: 3, rest_seconds: 30, ..settings(&first.uri()) };
    let endpoints = Endpoints::new(&patient, Arc::clone(&clock) as _).unwrap();
    let said = async || endpoints.answer(&request()).await.unwrap().text;
    for _ in 0..6 {
        assert_eq!(said().await, "Hello from the second.");
    }
    assert_eq!(requests(&first).await, 3, "left alone after three failures");
    clock.advance(30.seconds());
    assert_eq!(said().await, "Hello from the second.", "tried once, and still down");
    assert_eq!(said().await, "Hello from the second.");
    assert_eq!(requests(&first).await, 4);
    clock.advance(30.seconds());
    assert_eq!([said().await, said().await], ["I am back.", "I am back."]);
}

#[tokio::test]
async fn with_nobody_behind_it_the_rest_is_told() {
    let down = server(ResponseTemplate::new(500)).await;
    let alone = Settings { tries_max: 1, failures_max: 1, ..settings(&down.uri()) };
    let clock = Arc::new(HandClock::at(Timestamp::from_second(1_800_000_000).unwrap()));
    let endpoints = Endpoints::new(&alone, clock).unwrap();
    assert!(matches!(endpoints.answer(&request()).await, Err(Error::Busy { retry_after: None, .. })));
    let Err(Error::Busy { retry_after, .. }) = endpoints.answer(&request()).await else { panic!("it rests") };
    assert_eq!(retry_after, Some(Duration::from_secs(30)));
    assert_eq!(requests(&down).await, 1);
}

/// Counts how many requests it answers at the same time.
#[derive(Default)]
struct Counting {
    now: AtomicUsize,
    most: AtomicUsize,
}

#[async_trait::async_trait]
impl ChatModel for Counting {
    fn name(&self) -> String {
        "counting (a fake)".to_owned()
    }

    fn is_language_model(&self) -> bool {
        false
    }

    async fn answer(&self, _: &Request) -> Result<Answer, Error> {
        self.most.fetch_max(self.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.now.fetch_sub(1, Ordering::SeqCst);
        Ok(Answer::default())
    }
}

#[tokio::test]
async fn only_so_many_are_asked_at_the_same_time() {
    for limit in [1, 3, 100] {
        let counting = Arc::new(Counting::default());
        let settings = Settings { concurrent_max: limit, ..Settings::default() };
        let asked = vec![(Arc::clone(&counting) as Arc<dyn ChatModel>, &settings)];
        let endpoints = Endpoints::of(asked, Duration::from_secs(20), Arc::new(SystemClock));
        let request = request();
        let answers = futures_util::future::join_all((0..12).map(|_| endpoints.answer(&request))).await;
        assert!(answers.iter().all(Result::is_ok));
        assert_eq!(counting.most.load(Ordering::SeqCst), 12.min(limit as usize));
    }
}

#[tokio::test]
async fn waiting_for_a_place_counts_and_blames_nobody() {
    let settings = Settings { concurrent_max: 1, failures_max: 1, ..Settings::default() };
    let model: Arc<dyn ChatModel> = Arc::new(Scripted::new().hangs().says("Free again."));
    let endpoints = Endpoints::of(vec![(model, &settings)], Duration::from_millis(400), Arc::new(SystemClock));
    let request = request();
    let hanging = endpoints.answer(&request);
    let waiting = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        tokio::time::timeout(Duration::from_millis(100), endpoints.answer(&request)).await
    };
    tokio::select! {
        _ = hanging => panic!("it hangs"),
        waited = waiting => assert!(waited.is_err(), "no place, so no answer"),
    }
    assert_eq!(endpoints.answer(&request).await.unwrap().text, "Free again.", "given up, not failed");
}

#[test]
fn a_fallback_has_no_fallback() {
    let third = Some(Box::new(settings("http://127.0.0.1:3")));
    let second = Settings { fallback: third, ..settings("http://127.0.0.1:2") };
    let first = Settings { fallback: Some(Box::new(second)), ..settings("http://127.0.0.1:1") };
    assert!(matches!(Endpoints::new(&first, Arc::new(SystemClock)), Err(SettingsError::Fallback)));
    let second = Some(Box::new(settings("http://127.0.0.1:2")));
    let two = Settings { small: true, fallback: second, ..settings("http://127.0.0.1:1") };
    let two = Endpoints::new(&two, Arc::new(SystemClock)).unwrap();
    assert_eq!(two.name(), "small at 127.0.0.1:1, else small at 127.0.0.1:2");
    assert!(two.is_language_model());
}
