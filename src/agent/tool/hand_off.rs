//! Asks for a colleague.

use crate::agent::tool::{Effect, Output};
use crate::agent::{HandOffAsked, Thread};
use crate::domain::conversation::HandOffReason;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Characters of the summary.
const SUMMARY_CHARS_MAX: usize = 600;

/// What the model gives.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    reason: HandOffReason,
    summary: String,
}

pub(super) fn parameters() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": {
            "reason": {"type": "string", "enum": ["asked_for_person", "not_known", "cannot_do", "complaint", "payment"]},
            "summary": {"type": "string"},
        },
        "required": ["reason", "summary"],
        "additionalProperties": false,
    })
}

/// Notes the wish; the conversation changes hands when the turn is recorded.
pub fn run(thread: &Thread, arguments: Arguments) -> Output {
    let summary = arguments.summary.chars().take(SUMMARY_CHARS_MAX).collect();
    let mut output = Output::of(json!({"handed_off": true, "colleagues": thread.shop.colleagues}));
    let asked = HandOffAsked { reason: arguments.reason, summary, tried: Vec::new(), wanted: String::new() };
    output.effect = Some(Effect::HandOff(asked));
    output
}
