//! A server that answers well, late, wrongly and not at all.

use super::*;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;
use wiremock::Mock;
use wiremock::MockServer;
use wiremock::Request;
use wiremock::ResponseTemplate;
use wiremock::matchers::body_partial_json;
use wiremock::matchers::header;
use wiremock::matchers::method;
use wiremock::matchers::path;

fn client(base_url: &str) -> OpenAi {
    let settings = Settings {
        model: "tiny".into(),
        base_url: base_url.into(),
        api_key: SecretString::from("k"),
        dims: 2,
        ..Settings::default()
    };
    with(&settings)
}

fn with(settings: &Settings) -> OpenAi {
    // The program installs it once in main; a second time changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    OpenAi::new(settings).unwrap()
}

fn texts(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("text {n}")).collect()
}

async fn answering(template: ResponseTemplate) -> (MockServer, OpenAi) {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path("/v1/embeddings")).respond_with(template).mount(&server).await;
    let client = client(&format!("{}/v1/", server.uri()));
    (server, client)
}

async fn answer(status: u16, body: Value) -> Result<Vec<Vec<f32>>, Error> {
    let (_server, client) = answering(ResponseTemplate::new(status).set_body_json(body)).await;
    client.embed(&texts(2)).await
}

#[tokio::test]
async fn vectors_come_in_the_order_of_the_texts_and_of_unit_length() {
    let server = MockServer::start().await;
    Mock::given(path("/v1/embeddings"))
        .and(header("authorization", "Bearer k"))
        .and(body_partial_json(json!({ "model": "tiny", "input": ["a", "b"], "encoding_format": "float" })))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({
            "object": "list", "usage": { "unheard_of": [] },
            "data": [{ "index": 1, "embedding": [0, 5] }, { "index": 0, "embedding": [3.0, 4.0] }],
        })))
        .expect(1)
        .mount(&server)
        .await;
    let list = ["a".to_owned(), "  ".to_owned(), "b".to_owned()];
    let vectors = client(&format!("{}/v1", server.uri())).embed(&list).await.unwrap();
    assert_eq!(vectors, [[0.6, 0.8], [0.0, 0.0], [0.0, 1.0]]);
}

/// Two ways servers tell a question from a document: a word before it, or the model's name.
#[tokio::test]
async fn questions_and_documents_are_marked_each_in_its_way() {
    let server = MockServer::start().await;
    for (asked, vector) in [
        (json!({ "model": "tiny-passage", "input": ["passage: a tent"] }), [1, 0]),
        (json!({ "model": "tiny-query", "input": ["query: a tent"] }), [0, 1]),
    ] {
        let answer = json!({ "data": [{ "embedding": vector }] });
        let answer = ResponseTemplate::new(200).set_body_json(answer);
        Mock::given(body_partial_json(asked)).respond_with(answer).expect(1).mount(&server).await;
    }
    let mut settings = Settings {
        model: "tiny-passage".into(),
        base_url: format!("{}/v1", server.uri()),
        dims: 2,
        query_model: "tiny-query".into(),
        query_prefix: "query: ".into(),
        document_prefix: "passage: ".into(),
        ..Settings::default()
    };
    let marking = with(&settings);
    assert_eq!(marking.embed(&["a tent".to_owned()]).await.unwrap(), [[1.0, 0.0]]);
    assert_eq!(marking.embed_query("a tent").await.unwrap(), [0.0, 1.0]);
    assert_eq!(marking.embed_query("  ").await.unwrap(), [0.0, 0.0], "a mark alone is no question");
    // What is before documents makes other vectors; what is before questions does not.
    settings.query_prefix = String::new();
    assert_eq!(with(&settings).stamp(), marking.stamp());
    settings.document_prefix = String::new();
    assert_ne!(with(&settings).stamp(), marking.stamp());
}

#[tokio::test]
async fn without_an_index_the_order_stands_for_it() {
    let body = json!({ "data": [{ "embedding": [1, 0] }, { "embedding": [0, 1] }] });
    assert_eq!(answer(200, body).await.unwrap(), [[1.0, 0.0], [0.0, 1.0]]);
}

#[tokio::test]
async fn many_texts_go_in_batches() {
    let server = MockServer::start().await;
    let echo = |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let input = body["input"].as_array().unwrap();
        assert!(input.len() <= BATCH);
        let number = |text: &Value| text.as_str().unwrap().split(' ').nth(1).unwrap().parse::<f32>().unwrap();
        let data: Vec<Value> = input.iter().map(|text| json!({ "embedding": [1.0, number(text)] })).collect();
        ResponseTemplate::new(200).set_body_json(json!({ "data": data }))
    };
    Mock::given(method("POST")).respond_with(echo).expect(3).mount(&server).await;
    let vectors = client(&server.uri()).embed(&texts(150)).await.unwrap();
    assert_eq!(vectors.len(), 150);
    assert!(vectors.iter().enumerate().all(|(n, vector)| (vector[1] / vector[0] - n as f32).abs() < 0.01));
}

#[tokio::test]
async fn what_may_pass_is_busy_and_what_stays_wrong_is_not() {
    for status in [429, 500, 503, 408] {
        assert!(matches!(answer(status, json!({})).await, Err(Error::Busy(_))), "{status}");
    }
    for status in [400, 401, 404, 302] {
        assert!(matches!(answer(status, json!({})).await, Err(Error::Unreadable(_))), "{status}");
    }
    let nobody = client("http://127.0.0.1:1/v1").embed(&texts(1)).await;
    assert!(matches!(nobody, Err(Error::Busy(_))));
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_unreadable() {
    let two = |a: Value, b: Value| json!({ "data": [a, b] });
    let good = json!({ "index": 0, "embedding": [1, 0] });
    let wrong = [
        json!({ "data": [good] }),
        json!({ "data": [good, good, good] }),
        json!({ "error": "no" }),
        two(good.clone(), good.clone()),
        two(good.clone(), json!({ "index": 7, "embedding": [1, 0] })),
        two(good.clone(), json!({ "index": 1, "embedding": [1, 0, 0] })),
        two(good.clone(), json!({ "index": 1, "embedding": "AAAA" })),
    ];
    for body in wrong {
        assert!(matches!(answer(200, body.clone()).await, Err(Error::Unreadable(_))), "{body}");
    }
    let (_server, client) = answering(ResponseTemplate::new(200).set_body_string("<html>welcome</html>")).await;
    assert!(matches!(client.embed(&texts(2)).await, Err(Error::Unreadable(_))));
    let (_server, client) =
        answering(ResponseTemplate::new(200).set_body_bytes(vec![b' '; ANSWER_BYTES_MAX + 1])).await;
    assert!(matches!(client.embed(&texts(2)).await, Err(Error::Unreadable(_))));
}

#[tokio::test]
async fn no_texts_ask_nothing() {
    assert!(client("http://127.0.0.1:1").embed(&[]).await.unwrap().is_empty());
    assert_eq!(client("http://127.0.0.1:1").embed(&[String::new()]).await.unwrap(), [[0.0, 0.0]]);
}

#[test]
fn the_stamp_names_model_and_length() {
    assert_eq!(client("http://h/v1").stamp(), "openai:tiny:2");
}

proptest! {
    #[test]
    fn any_items_are_put_in_order_or_refused(
        items in proptest::collection::vec((any::<Option<u8>>(), proptest::collection::vec(any::<f32>(), 0..4)), 0..5),
        expected in 0usize..5
    ) {
        let items = items.into_iter().map(|(index, embedding)| Item { index: index.map(usize::from), embedding });
        if let Ok(vectors) = client("http://h").in_order(items.collect(), expected) {
            prop_assert_eq!(vectors.len(), expected);
            prop_assert!(vectors.iter().flatten().all(|x| x.is_finite()));
        }
    }
}
