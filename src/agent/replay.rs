//! A past turn, run again: with what was recorded, to see that today's code comes to the same bit for bit; or put to
//! another model or other instructions, to see what that would have changed. Nothing comes of either.

use crate::agent::journal::entry::Entry;
use crate::agent::journal::{Journal, Mode};
use crate::agent::past::Past;
use crate::agent::{Error, Outcome, run};
use crate::app::App;
use crate::domain::conversation::Conversation;
use crate::domain::message::Reply;
use crate::llm::{ChatModel, Request};
use serde::Serialize;
use std::sync::Arc;

/// What came of running a turn again.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Replayed {
    /// Every prompt, the reply and the decision are the same.
    Same,
    /// They are not.
    Different {
        /// What differs, in the order of the turn.
        differences: Vec<Difference>,
    },
    /// It cannot be run again, and why.
    Cannot {
        /// In a sentence.
        why: String,
    },
}

/// One thing that came out differently.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// `prompt 1`, `reply`, `decision`…
    pub what: String,
    /// As it was.
    pub before: String,
    /// As it is now.
    pub now: String,
}

/// Another model or other instructions.
pub struct Other {
    /// Who is asked.
    pub model: Arc<dyn ChatModel>,
    /// A template in place of the program's instructions.
    pub instructions: Option<String>,
}

/// Runs a turn again from its journal.
pub async fn replay(app: &App, conversation: &Conversation, past: &Past) -> Result<Replayed, Error> {
    let rehearsal = app.rehearsal(Arc::clone(&app.model));
    let mut tx = rehearsal.store.read(&app.shop).await?;
    let Some(thread) = past.thread(&mut tx, conversation).await? else {
        return Ok(cannot("it was taken before journals held what a turn starts from"));
    };
    drop(tx);
    let Some((decision, outcome)) = ended(past) else {
        return Ok(cannot("it did not end by itself"));
    };
    let mut journal = Journal::over(&rehearsal, &thread, past.entries.clone(), Mode::Replay);
    let again = Box::pin(run(&rehearsal, &thread, &mut journal)).await;
    let mut differences = prompts(&past.requests(), journal.requests());
    match again {
        Ok((now, word)) => {
            differences.extend(difference("decision", decision, &word));
            differences.extend(outcomes(outcome, &now));
        }
        Err(Error::Unrecorded(what)) => {
            let (what, before) = (format!("reads {what}"), "not recorded".to_owned());
            differences.push(Difference { what: "course".to_owned(), before, now: what });
        }
        Err(error) => return Err(error),
    }
    Ok(if differences.is_empty() { Replayed::Same } else { Replayed::Different { differences } })
}

/// Puts a past turn to somebody else. What was read or done before is taken from the journal where the same is asked;
/// everything else is tried out and undone.
pub async fn ask_again(app: &App, conversation: &Conversation, past: &Past, other: Other) -> Result<Replayed, Error> {
    let rehearsal = app.rehearsal(other.model);
    let mut tx = rehearsal.store.read(&app.shop).await?;
    let Some(thread) = past.thread(&mut tx, conversation).await? else {
        return Ok(cannot("it was taken before journals held what a turn starts from"));
    };
    drop(tx);
    let Some((decision, outcome)) = ended(past) else {
        return Ok(cannot("it did not end by itself"));
    };
    if past.requests().is_empty() {
        return Ok(cannot("no model was asked in it: the server answered by itself"));
    }
    let mut journal = Journal::over(&rehearsal, &thread, past.entries.clone(), Mode::Rehearse);
    journal.instruct(other.instructions);
    let (now, word) = match Box::pin(run(&rehearsal, &thread, &mut journal)).await {
        Ok(again) => again,
        Err(Error::Unrecorded(what)) => {
            return Ok(cannot(&format!("today's code reads {what}, which is not recorded")));
        }
        Err(error) => return Err(error),
    };
    let mut differences: Vec<Difference> = difference("decision", decision, &word).into_iter().collect();
    differences.extend(outcomes(outcome, &now));
    Ok(if differences.is_empty() { Replayed::Same } else { Replayed::Different { differences } })
}

fn cannot(why: &str) -> Replayed {
    Replayed::Cannot { why: format!("this turn cannot be run again: {why}") }
}

fn ended(past: &Past) -> Option<(&str, &Outcome)> {
    past.entries.iter().find_map(|entry| match entry {
        Entry::Ended(ended) => Some((ended.decision.as_str(), &ended.outcome)),
        _ => None,
    })
}

fn prompts(before: &[Option<Request>], now: &[Request]) -> Vec<Difference> {
    let count = before.len().max(now.len());
    let told = |request: Option<&Request>| request.map_or_else(|| "none".to_owned(), written);
    (0..count)
        .filter_map(|n| {
            let (before, now) = (told(before.get(n).and_then(Option::as_ref)), told(now.get(n)));
            difference(&format!("prompt {}", n + 1), &before, &now)
        })
        .collect()
}

/// A request as text, its instructions as the lines they are.
fn written(request: &Request) -> String {
    let mut rest = serde_json::to_value(request).unwrap_or_default();
    if let Some(fields) = rest.as_object_mut() {
        fields.shift_remove("system");
    }
    format!("{}\n{}", request.system, pretty(&rest))
}

fn outcomes(before: &Outcome, now: &Outcome) -> Vec<Difference> {
    let parts = |outcome: &Outcome| {
        [
            ("text", outcome.reply.text.clone()),
            ("reply", pretty(&Reply { text: String::new(), ..outcome.reply.clone() })),
            ("hand-off", pretty(&outcome.hand_off)),
            ("memory", pretty(&outcome.memory)),
            ("not sent", pretty(&outcome.problems)),
        ]
    };
    let pairs = parts(before).into_iter().zip(parts(now));
    pairs.filter_map(|((what, before), (_, now))| difference(what, &before, &now)).collect()
}

fn pretty<T: Serialize>(value: &T) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn difference(what: &str, before: &str, now: &str) -> Option<Difference> {
    (before != now).then(|| Difference { what: what.to_owned(), before: before.to_owned(), now: now.to_owned() })
}
