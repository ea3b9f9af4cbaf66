//! Whole turns against a tiny world of tools.

mod after_sales;
mod any_input;
mod buying;
mod finding;
mod world;

use crate::llm::keyless::Keyless;
use crate::llm::{ChatModel, Message, Request};

#[tokio::test]
async fn it_is_honest_about_being_no_language_model() {
    assert_eq!(Keyless.name(), "keyless planner");
    assert!(!Keyless.is_language_model());
    let request = Request {
        system: String::new(),
        messages: vec![Message::Shopper { text: "hello".into() }],
        tools: Vec::new(),
        may_call: false,
        only: Vec::new(),
    };
    let answer = Keyless.answer(&request).await.expect("the planner never fails");
    assert_eq!(answer.calls.len(), 1);
    assert_eq!(answer.calls[0].tool, "reply");
}
