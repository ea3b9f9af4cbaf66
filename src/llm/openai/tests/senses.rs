//! Pictures and recordings as endpoints take them.

use super::settings;
use crate::llm::AnswerForm;
use crate::llm::Codec;
use crate::llm::Message;
use crate::llm::Request;
use crate::llm::Settings;
use crate::llm::openai::chat;
use crate::llm::openai::responses;
use crate::llm::picture::Picture;
use crate::llm::speech;
use serde_json::json;
use std::sync::Arc;
use wiremock::Mock;
use wiremock::MockServer;
use wiremock::ResponseTemplate;
use wiremock::matchers::body_string_contains;
use wiremock::matchers::method;
use wiremock::matchers::path;

fn shown() -> Request {
    let bytes: Arc<[u8]> = Arc::from(*b"jpeg");
    let picture = Picture { id: "med1".to_owned(), mime: "image/jpeg".to_owned(), bytes };
    let messages = vec![Message::Picture { picture }, Message::Shopper { text: "Have you got this?".to_owned() }];
    Request { system: "You sell tents.".to_owned(), messages, tools: Vec::new(), may_call: true, only: Vec::new() }
}

#[test]
fn a_picture_and_the_words_with_it_are_one_message() {
    let settings = |codec| Settings { model: "m".to_owned(), codec, answers: AnswerForm::Tools, ..Settings::default() };
    let address = "data:image/jpeg;base64,anBlZw==";
    let body = chat::body(&settings(Codec::Chat), &shown());
    let expected = json!({"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": address}}, {"type": "text", "text": "Have you got this?"},
    ]});
    assert_eq!(body.pointer("/messages/1"), Some(&expected));
    let body = responses::body(&settings(Codec::Responses), &shown());
    let expected = json!({"type": "message", "role": "user", "content": [
        {"type": "input_image", "image_url": address}, {"type": "input_text", "text": "Have you got this?"},
    ]});
    let input = body.get("input").and_then(|input| input.as_array()).unwrap();
    assert_eq!(input.last(), Some(&expected));
}

#[test]
fn what_is_written_down_of_a_picture_is_its_name() {
    let request = shown();
    let written = serde_json::to_string(&request).unwrap();
    assert!(written.contains("med1") && !written.contains("jpeg,") && !written.contains("106"), "{written}");
    assert_eq!(serde_json::from_str::<Request>(&written).unwrap(), request, "read back, it is the same picture");
}

#[tokio::test]
async fn a_recording_is_sent_with_its_model_and_its_words_come_back() {
    let server = MockServer::start().await;
    let asked = Mock::given(method("POST"))
        .and(path("/v1/audio/transcriptions"))
        .and(body_string_contains("name=\"model\"\r\n\r\nwhisper"))
        .and(body_string_contains("filename=\"voice.ogg\"\r\nContent-Type: audio/ogg"));
    asked
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"text": " A tent for two. "})))
        .mount(&server)
        .await;
    let mut settings = settings(&format!("{}/v1", server.uri()));
    assert!(speech::of(&settings).unwrap().is_none(), "no model is set for it");
    settings.transcription_model = "whisper".to_owned();
    let heard = speech::of(&settings).unwrap().unwrap();
    let words = heard.transcribe(Arc::from(*b"OggS"), "audio/ogg", "voice.ogg").await.unwrap();
    assert_eq!(words, "A tent for two.");
    server.reset().await;
    let odd = ResponseTemplate::new(200).set_body_json(json!({"segments": []}));
    Mock::given(method("POST")).respond_with(odd).mount(&server).await;
    assert!(heard.transcribe(Arc::from(*b"OggS"), "audio/ogg", "voice.ogg").await.is_err());
}
