//! Finds products for a wish in the shopper's own words.

use crate::agent::ledger::Ledger;
use crate::agent::tool::{Effect, Output};
use crate::agent::{Error, Thread, card};
use crate::app::App;
use crate::catalog::find::{self, Search, Sort};
use crate::catalog::understand::Note;
use crate::domain::fact::Value;
use crate::domain::id::ProductId;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Products in one result.
const LIMIT_MAX: u32 = 10;
/// Characters of the wish.
const QUERY_CHARS_MAX: usize = 400;

/// What the model gives.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    query: String,
    #[serde(default)]
    cheaper_than: Option<String>,
    #[serde(default)]
    sort: Option<Sort>,
    #[serde(default)]
    limit: Option<u32>,
}

pub(super) fn parameters() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": {
            "query": {"type": "string"},
            "cheaper_than": {"type": ["string", "null"]},
            "sort": {"type": "string", "enum": ["relevance", "price_low", "price_high"]},
            "limit": {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX},
        },
        "required": ["query", "cheaper_than", "sort", "limit"],
        "additionalProperties": false,
    })
}

/// Runs the search and names what it found.
pub async fn run(app: &App, thread: &Thread, arguments: Arguments, ledger: &mut Ledger) -> Result<Output, Error> {
    let query: String = arguments.query.chars().take(QUERY_CHARS_MAX).collect();
    let cheaper_than = arguments.cheaper_than.as_deref().filter(|id| !id.is_empty());
    let search = Search {
        query,
        cheaper_than: cheaper_than.map(|id| ProductId::new(ledger.id_of(id).unwrap_or(id))),
        sort: arguments.sort.unwrap_or_default(),
        limit: arguments.limit.unwrap_or(5).clamp(1, LIMIT_MAX) as usize,
    };
    let found = find::find(app, &thread.shop, &search).await?;
    let mut output = Output::default();
    let mut items = Vec::new();
    for item in &found.items {
        let name = output.named(ledger, 'p', item.product.id.as_str());
        items.push(card::item(&mut output, &name, &item.product, &item.matching));
    }
    output.fact("search", "total", &[], Value::Count(i64::try_from(found.total).unwrap_or(i64::MAX)));
    for (field, limit) in [("at_most", found.wish.at_most), ("at_least", found.wish.at_least)] {
        if let Some(limit) = limit {
            output.fact("search", field, &[], Value::Money(limit));
        }
    }
    output.content = json!({
        "items": items,
        "total": found.total,
        "understood": {
            "words": found.wish.words,
            "at_most": found.wish.at_most.map(|m| m.to_string()),
            "at_least": found.wish.at_least.map(|m| m.to_string()),
            "options": found.wish.options,
            "attributes": found.wish.attributes,
        },
        "relaxed": found.relaxed,
        "relevant": found.relevant,
    });
    // Only what was said is told: most wishes have none of these.
    let wish = &found.wish;
    let said = [
        ("measures", wish.measures.iter().map(ToString::to_string).collect::<Vec<String>>()),
        ("without", wish.not.clone()),
        ("notes", wish.notes.iter().map(Note::text).collect()),
    ];
    if let Some(told) = output.content.as_object_mut() {
        told.extend(
            said.into_iter().filter(|(_, said)| !said.is_empty()).map(|(key, said)| (key.to_owned(), json!(said))),
        );
    }
    output.effect = Some(Effect::Searched { arguments: serde_json::to_value(&arguments).unwrap_or_default() });
    Ok(output)
}
