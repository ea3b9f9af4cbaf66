//! Finds passages in the shop's own texts.

use crate::agent::ledger::Ledger;
use crate::agent::tool::Output;
use crate::agent::{Error, Thread};
use crate::app::App;
use crate::domain::fact::Value;
use crate::knowledge::look_up;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Passages in one result.
const PASSAGES_MAX: usize = 4;
/// Characters of the question.
const QUERY_CHARS_MAX: usize = 400;

/// What the model gives.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    query: String,
}

pub(super) fn parameters() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": {"query": {"type": "string"}},
        "required": ["query"],
        "additionalProperties": false,
    })
}

/// Looks the question up and names the passages.
pub async fn run(app: &App, thread: &Thread, arguments: Arguments, ledger: &mut Ledger) -> Result<Output, Error> {
    let query: String = arguments.query.chars().take(QUERY_CHARS_MAX).collect();
    let found = look_up::look_up(app, &thread.shop, &query, PASSAGES_MAX).await?;
    let mut output = Output::default();
    let mut passages = Vec::new();
    for (passage, fit) in &found {
        let name = output.named(ledger, 'k', passage.id.as_str());
        let called = vec![passage.title.clone(), passage.heading.clone()];
        output.fact(&name, "title", &called, Value::Name(passage.title.clone()));
        output.fact(&name, "heading", &called, Value::Name(passage.heading.clone()));
        output.fact(&name, "text", &called, Value::Text(passage.text.clone()));
        passages.push(json!({
            "ref": name,
            "passage": passage.id,
            "title": passage.title,
            "heading": passage.heading,
            "text": passage.text,
            "valid_until": passage.valid_until,
            "match": fit,
        }));
    }
    output.content = json!({ "passages": passages });
    Ok(output)
}
