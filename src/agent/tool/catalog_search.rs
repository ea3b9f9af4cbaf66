//! Finds products for a wish in the shopper's own words.

use crate::agent::ledger::Ledger;
use crate::agent::tool::{Effect, Output};
use crate::agent::{Error, Thread, card, wording};
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
    // A language model tells what was left out in its own words; who answers by rule repeats it as it is.
    let spoken = wording::language(thread).language().tag();
    let told_in = if app.model.is_language_model() { find::TOLD_IN } else { spoken };
    let search = Search {
        query,
        cheaper_than: cheaper_than.map(|id| ProductId::new(ledger.id_of(id).unwrap_or(id))),
        shown: thread.conversation.memory.shown.clone(),
        sort: arguments.sort.unwrap_or_default(),
        limit: arguments.limit.unwrap_or(5).clamp(1, LIMIT_MAX) as usize,
        told_in: told_in.to_owned(),
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
        ("brands", wish.brands.clone()),
        ("notes", wish.notes.iter().map(Note::text).collect()),
    ];
    if let Some(told) = output.content.as_object_mut() {
        told.extend(
            said.into_iter().filter(|(_, said)| !said.is_empty()).map(|(key, said)| (key.to_owned(), json!(said))),
        );
    }
    // What is remembered has to mean the same when other products are shown.
    let mut remembered = json!(Arguments { query: found.stands, ..arguments });
    for told in [output.content.pointer_mut("/understood"), Some(&mut remembered)].into_iter().flatten() {
        if let (Some(quantity), Some(told)) = (found.wish.quantity, told.as_object_mut()) {
            told.insert("quantity".to_owned(), json!(quantity));
        }
    }
    output.effect = Some(Effect::Searched { arguments: remembered });
    Ok(output)
}
