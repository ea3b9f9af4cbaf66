//! The separate small question before an answer from the shop's texts is sent: do these passages suffice to answer? A
//! model judges that better of a text before it than of itself (sufficient context, ICLR 2025).

use crate::agent::ledger::Ledger;
use crate::agent::turn::Draft;
use crate::llm::{Answer, Message, Request, ToolSpec};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The one tool of this question.
const JUDGE: &str = "judge";
/// Characters of one passage that are shown.
const PASSAGE_CHARS_MAX: usize = 1_500;

/// What was said of the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enough {
    /// It answers the question.
    Yes,
    /// It answers a part of it.
    Partly,
    /// It does not.
    No,
}

impl Enough {
    /// As a sign from 0 to 1.
    pub fn doubt(self) -> f64 {
        match self {
            Self::Yes => 0.0,
            Self::Partly => 0.5,
            Self::No => 1.0,
        }
    }

    /// Reads the answer; anything unclear is no judgement.
    pub fn read(answer: &Answer) -> Option<Self> {
        let call = answer.calls.iter().find(|call| call.tool == JUDGE);
        let written = call.map_or(answer.text.as_str(), |call| call.arguments.as_str());
        let value: Value = serde_json::from_str(written.trim()).ok()?;
        serde_json::from_value(value.get("enough")?.clone()).ok()
    }
}

/// The question about a draft that rests on passages; `None` when it rests on none.
pub fn question(asked: &str, draft: &Draft, ledger: &Ledger) -> Option<Request> {
    let text = |name: &String| ledger.text(&format!("{name}.text")).map(|text| text.chars().take(PASSAGE_CHARS_MAX));
    let passages: Vec<String> =
        draft.sources.iter().filter(|n| n.starts_with('k')).filter_map(text).map(Iterator::collect).collect();
    if passages.is_empty() {
        return None;
    }
    let parameters = json!({
        "type": "object",
        "properties": {"enough": {"type": "string", "enum": ["yes", "partly", "no"]}},
        "required": ["enough"],
        "additionalProperties": false,
    });
    let description = "Says whether the passages suffice to answer the question.".to_owned();
    Some(Request {
        system: include_str!("../../../prompts/enough.md").to_owned(),
        messages: vec![
            Message::State { state: json!({"passages": passages}) },
            Message::Shopper { text: asked.to_owned() },
        ],
        tools: vec![ToolSpec { name: JUDGE.to_owned(), description, parameters }],
        may_call: true,
        only: Vec::new(),
    })
}
