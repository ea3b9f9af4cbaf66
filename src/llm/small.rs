//! A small model as a reader: it says what the shopper wants, in any language, and the planner acts and speaks. Models of
//! one or two thousand million parameters choose well between named things and write badly; so they only choose.

mod reading;
#[cfg(test)]
mod tests;

use crate::llm::keyless::{self, Reading};
use crate::llm::{Answer, ChatModel, Error, Message, Request, ToolSpec};
use serde_json::json;
use std::sync::Arc;

/// The one tool a reader has.
const READ: &str = "read";
/// What the reader is told; it never changes, so that endpoints can cache it.
const INSTRUCTIONS: &str = include_str!("../../prompts/small.md");
/// Characters of what was said last by our side that the reader sees.
const BEFORE_CHARS_MAX: usize = 200;
/// Titles shown before that the reader sees.
const SHOWN_MAX: usize = 5;

/// A small model in front of the planner.
pub struct Small {
    model: Arc<dyn ChatModel>,
}

impl Small {
    /// Lets `model` read.
    pub fn new(model: Arc<dyn ChatModel>) -> Self {
        Self { model }
    }

    /// The model's reading of a message, or `None` when what it answered is none; the planner reads for itself then.
    async fn read(&self, request: &Request) -> Result<(Option<Reading>, Answer), Error> {
        let answer = self.model.answer(&question(request)).await?;
        let call = answer.calls.iter().find(|call| call.tool == READ);
        let written = call.map_or(answer.text.as_str(), |call| call.arguments.as_str());
        Ok((reading::parse(written, request), answer))
    }
}

#[async_trait::async_trait]
impl ChatModel for Small {
    fn name(&self) -> String {
        format!("{} as a reader, planner as speaker", self.model.name())
    }

    fn is_language_model(&self) -> bool {
        // What is sent is written by the planner, and it needs no window to be counted.
        false
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Error> {
        let begun = request.messages.iter().any(|m| matches!(m, Message::Result { .. } | Message::Remark { .. }));
        if begun {
            // The reading of the first step travels in the ids of the calls, so that a turn that is resumed needs no
            // second one.
            return Ok(keyless::plan_as(request, reading::carried(request).as_ref()));
        }
        if keyless::is_sure(request) {
            return Ok(keyless::plan(request));
        }
        let (reading, asked) = match self.read(request).await {
            Ok(read) => read,
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the reader did not answer; the planner reads"
                );
                (None, Answer::default())
            }
        };
        let mut answer = keyless::plan_as(request, reading.as_ref());
        if let Some(reading) = reading {
            reading::carry(&mut answer, &reading);
        }
        answer.usage = asked.usage;
        Ok(answer)
    }
}

/// What the reader is asked: its fixed instructions, a little of the situation, and the message.
fn question(request: &Request) -> Request {
    let said = reading::said(request);
    let seen = json!({
        "our_last_words": reading::last_agent(request, BEFORE_CHARS_MAX),
        "shown": reading::shown(request, SHOWN_MAX),
        "cart_is_empty": reading::cart_is_empty(request),
    });
    let parameters = json!({
        "type": "object",
        "properties": {
            "wants": {"type": "string", "enum": keyless::WANTS},
            "request": {"type": "string"},
        },
        "required": ["wants", "request"],
        "additionalProperties": false,
    });
    let description = "Says what the shopper wants.".to_owned();
    Request {
        system: INSTRUCTIONS.to_owned(),
        messages: vec![Message::State { state: seen }, Message::Shopper { text: said }],
        tools: vec![ToolSpec { name: READ.to_owned(), description, parameters }],
        may_call: true,
        only: Vec::new(),
    }
}
