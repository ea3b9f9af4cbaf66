//! The endpoint as a stub on loopback: what it gets, and what is made of its answers.

use crate::clock::SystemClock;
use crate::llm::ChatModel;
use crate::llm::Codec;
use crate::llm::Error;
use crate::llm::Message;
use crate::llm::Request;
use crate::llm::Settings;
use crate::llm::endpoints::Endpoints;
use crate::llm::openai::OpenAi;
use crate::llm::openai::SettingsError;
use secrecy::SecretString;
use serde_json::Value;
use serde_json::json;
use std::error::Error as _;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use wiremock::Mock;
use wiremock::MockServer;
use wiremock::ResponseTemplate;
use wiremock::matchers::method;
use wiremock::matchers::path;

mod front;
mod senses;

fn settings(base_url: &str) -> Settings {
    Settings {
        base_url: base_url.to_owned(),
        api_key: SecretString::from("sk-secret\n"),
        model: "small".to_owned(),
        answer_seconds_max: 5,
        ..Settings::default()
    }
}

fn request() -> Request {
    let messages = vec![Message::Shopper { text: "A tent, please.".to_owned() }];
    Request { system: "You sell tents.".to_owned(), messages, tools: Vec::new(), may_call: true, only: Vec::new() }
}

fn good() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"choices": [{"message": {"content": "Hello."}}]}))
}

/// A stub that gives these answers in order, the last one again and again.
async fn stub(answers: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    let last = answers.len() - 1;
    for (place, answer) in answers.into_iter().enumerate() {
        let mock = Mock::given(method("POST")).and(path("/v1/chat/completions")).respond_with(answer);
        let mock = if place < last { mock.up_to_n_times(1) } else { mock };
        mock.with_priority(u8::try_from(place + 1).unwrap()).mount(&server).await;
    }
    server
}

/// What comes of asking it as the program does, with a second try.
async fn asked(answers: Vec<ResponseTemplate>) -> (Result<String, Error>, usize, Duration) {
    let server = stub(answers).await;
    let model = Endpoints::new(&settings(&format!("{}/v1/", server.uri())), Arc::new(SystemClock)).unwrap();
    let start = Instant::now();
    let answer = model.answer(&request()).await.map(|answer| answer.text);
    (answer, server.received_requests().await.unwrap().len(), start.elapsed())
}

#[tokio::test]
async fn sends_what_chat_completions_wants() {
    let server = stub(vec![good()]).await;
    let model = OpenAi::new(&settings(&format!("{}/v1//", server.uri()))).unwrap();
    assert_eq!(model.answer(&request()).await.unwrap().text, "Hello.");
    let sent = server.received_requests().await.unwrap().remove(0);
    assert_eq!(sent.headers["authorization"], "Bearer sk-secret");
    assert_eq!(sent.headers["content-type"], "application/json");
    for leaking in ["openai-organization", "openai-project", "openai-beta"] {
        assert!(!sent.headers.contains_key(leaking), "{leaking}");
    }
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    insta::assert_snapshot!(body.to_string(), @r#"{"model":"small","stream":false,"max_tokens":800,"messages":[{"role":"system","content":"You sell tents."},{"role":"user","content":"A tent, please."}]}"#);
    assert_eq!(model.name(), format!("small at {}", server.address()));
    assert!(model.is_language_model());
}

#[tokio::test]
async fn speaks_responses_when_told_to() {
    let server = MockServer::start().await;
    let message = json!({"type": "message", "content": [{"type": "output_text", "text": "Hello."}]});
    let usage = json!({"input_tokens": 1000, "input_tokens_details": {"cached_tokens": 500}, "output_tokens": 10});
    let answer = json!({"status": "completed", "error": null, "output": [message], "usage": usage});
    let mock = Mock::given(method("POST")).and(path("/v1/responses"));
    mock.respond_with(ResponseTemplate::new(200).set_body_json(answer)).mount(&server).await;
    let settings = Settings {
        codec: Codec::Responses,
        input_price: "2".to_owned(),
        cached_price: "0.5".to_owned(),
        output_price: "8".to_owned(),
        ..settings(&format!("{}/v1", server.uri()))
    };
    let answer = OpenAi::new(&settings).unwrap().answer(&request()).await.unwrap();
    assert_eq!((answer.text.as_str(), answer.model.as_str()), ("Hello.", "small"));
    assert_eq!((answer.endpoint, answer.attempts), (server.address().to_string(), 1));
    assert_eq!((answer.usage.cached, answer.cost.unwrap().millionths), (500, 500 * 2 + 250 + 80));
    let sent: Value = serde_json::from_slice(&server.received_requests().await.unwrap()[0].body).unwrap();
    assert_eq!((&sent["store"], &sent["max_output_tokens"]), (&json!(false), &json!(800)));
}

#[tokio::test]
async fn does_not_sleep_an_hour() {
    let hour = ResponseTemplate::new(429).insert_header("retry-after", "3600").set_body_string("slow down");
    let (answer, requests, took) = asked(vec![hour]).await;
    let Err(Error::Busy { retry_after, source }) = answer else { panic!("{answer:?}") };
    assert_eq!((retry_after, requests), (Some(Duration::from_secs(60)), 1));
    assert_eq!(source.to_string(), "HTTP 429 Too Many Requests: ");
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn asks_a_busy_endpoint_once_more() {
    let (answer, requests, _) = asked(vec![ResponseTemplate::new(503), good()]).await;
    assert_eq!((answer.unwrap(), requests), ("Hello.".to_owned(), 2));
    let (answer, requests, _) = asked(vec![ResponseTemplate::new(500)]).await;
    assert!(matches!(answer, Err(Error::Busy { retry_after: None, .. })), "{answer:?}");
    assert_eq!(requests, 2);
    let upstream = ResponseTemplate::new(200).set_body_json(json!({"error": {"code": 502, "message": "upstream"}}));
    let (answer, requests, _) = asked(vec![upstream, good()]).await;
    assert_eq!((answer.unwrap(), requests), ("Hello.".to_owned(), 2));
}

#[tokio::test]
async fn does_not_repeat_what_was_refused() {
    let number = json!({"error": {"code": 400, "message": "bad tools", "type": "invalid_request_error"}});
    let long = json!({"error": {"code": 400, "message": "x", "type": "exceed_context_size_error", "n_ctx": 4096}});
    let key = json!({"error": {"message": "no such key: sk-secret", "code": "invalid_api_key"}});
    for (status, body, words) in [
        (400, number, "HTTP 400 Bad Request: bad tools"),
        (401, key, "HTTP 401 Unauthorized: no such key: ***"),
        (404, json!({"detail": "no such model"}), "HTTP 404 Not Found: no such model"),
    ] {
        let (answer, requests, _) = asked(vec![ResponseTemplate::new(status).set_body_json(body)]).await;
        let Err(Error::Rejected(why)) = answer else { panic!("{status}: {answer:?}") };
        assert_eq!((why.to_string().as_str(), requests), (words, 1));
    }
    let (answer, requests, _) = asked(vec![ResponseTemplate::new(400).set_body_json(long)]).await;
    assert!(matches!(answer, Err(Error::TooLong(_))), "{answer:?}");
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn follows_no_redirect() {
    let elsewhere = MockServer::start().await;
    let redirect = ResponseTemplate::new(307).insert_header("location", elsewhere.uri());
    let (answer, _, _) = asked(vec![redirect]).await;
    assert!(matches!(answer, Err(Error::Rejected(_))), "{answer:?}");
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_hanging_endpoint_meets_the_deadline() {
    let server = stub(vec![good().set_delay(Duration::from_secs(30))]).await;
    let hasty = Settings { answer_seconds_max: 1, ..settings(&format!("{}/v1", server.uri())) };
    let start = Instant::now();
    let answer = OpenAi::new(&hasty).unwrap().answer(&request()).await;
    assert!(matches!(answer, Err(Error::TimedOut(_))), "{answer:?}");
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn an_answer_that_is_no_answer_is_unreadable() {
    for body in ["", "<html>", r#"{"choices": [{"mess"#, "{}", r#"{"choices": [{"message": {"content": ""}}]}"#] {
        let (answer, requests, _) = asked(vec![ResponseTemplate::new(200).set_body_string(body)]).await;
        assert!(matches!(answer, Err(Error::Unreadable(_))), "{body}: {answer:?}");
        assert_eq!(requests, 2, "the next one may be better");
    }
    let huge = format!("[\"{}\"]", "a".repeat(2_000_000));
    let (answer, _, _) = asked(vec![ResponseTemplate::new(200).set_body_string(huge)]).await;
    assert_eq!(answer.unwrap_err().source().unwrap().to_string(), "the answer has more than 2000000 bytes");
}

#[tokio::test]
async fn a_body_cut_short_is_unreadable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut peer, _) = listener.accept().await.unwrap();
        let mut sent = [0; 4096];
        let _ = peer.read(&mut sent).await.unwrap();
        peer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"choices\"").await.unwrap();
    });
    let answer = OpenAi::new(&settings(&base)).unwrap().answer(&request()).await;
    server.await.unwrap();
    assert!(matches!(answer, Err(Error::Unreadable(_))), "{answer:?}");
}

#[tokio::test]
async fn nobody_there_is_busy() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let answer = OpenAi::new(&settings(&format!("http://127.0.0.1:{port}/v1"))).unwrap().answer(&request()).await;
    assert!(matches!(answer, Err(Error::Busy { .. })), "{answer:?}");
}

#[tokio::test]
async fn a_broken_key_is_an_error_and_not_a_panic() {
    let broken = Settings { api_key: SecretString::from("a\nb"), ..settings("http://127.0.0.1:1/v1") };
    assert!(matches!(OpenAi::new(&broken), Err(SettingsError::Key)));
}

/// What was logged, from all crates and at all levels.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn logs_no_body() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    let subscriber = subscriber.with_writer(move || writer.clone()).finish();
    // With a single subscriber, a place in the code that another test's thread passes first is silenced for good.
    let _second = tracing::Dispatch::new(tracing_subscriber::fmt().finish());
    let _guard = tracing::subscriber::set_default(subscriber);
    for status in [200, 400, 401, 503] {
        let (answer, ..) =
            asked(vec![ResponseTemplate::new(status).set_body_string("{\"my address is Elm Street")]).await;
        answer.unwrap_err();
    }
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(log.contains("asking once more"), "nothing was logged, so nothing is proven");
    for secret in ["Elm Street", "A tent, please", "sk-secret"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn probes() {
    let server = MockServer::start().await;
    let list = |name: &str| {
        let body = json!({"object": "list", "data": [{"id": name, "meta": {}}], "models": []});
        Mock::given(method("GET")).and(path("/v1/models")).respond_with(ResponseTemplate::new(200).set_body_json(body))
    };
    let model = OpenAi::new(&settings(&format!("{}/v1", server.uri()))).unwrap();
    assert!(matches!(model.probe().await, Err(Error::Rejected(_))), "404");
    list("small").up_to_n_times(1).mount(&server).await;
    let host = server.address();
    assert_eq!(model.probe().await.unwrap(), format!("{host} is reachable and lists small"));
    list("large").mount(&server).await;
    let other = model.probe().await.unwrap();
    assert_eq!(other, format!("{host} is reachable, but small is not among its 1 models"));
}
