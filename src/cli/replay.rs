//! `souk replay`: past turns run again from their journals, or put to another model or other instructions.

use crate::cli::BoxError;
use crate::cli::inbox::find;
use crate::cli::start::{self, Place};
use crate::cli::trace::none;
use serde_json::json;
use similar::{ChangeTag, TextDiff};
use souk::agent::past::{self, Past};
use souk::agent::replay::{Difference, Other, Replayed, ask_again, replay as again};
use souk::app::{App, assemble};
use souk::config::Loaded;
use souk::domain::conversation::Conversation;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Lines of one difference that are printed.
const LINES_MAX: usize = 200;
/// Lines around a change that are printed with it.
const AROUND: usize = 2;

/// Which turns, and with what.
#[derive(Debug, clap::Args)]
pub struct Replay {
    /// The conversation's id, or the end of it.
    conversation: String,
    /// Only this turn, counted from 1.
    #[arg(long)]
    turn: Option<usize>,
    /// Ask another model: `http://127.0.0.1:8093/v1/NAME`, or only NAME at the endpoint that is set.
    #[arg(long)]
    model: Option<String>,
    /// Ask with the instructions in this file, a template like prompts/system.md.
    #[arg(long)]
    prompt: Option<PathBuf>,
    /// Print JSON: one turn a line.
    #[arg(long)]
    json: bool,
}

/// Runs turns again. Fails when one of them comes out differently from its journal.
pub async fn replay(place: &Place, asked: &Replay) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    let app = start::beside(&loaded).await?;
    start::shop(&app)?;
    let done = run(&app, &loaded, asked).await;
    app.store.close().await;
    Ok(if done? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn run(app: &App, loaded: &Loaded, asked: &Replay) -> Result<bool, BoxError> {
    let id = find(app, &asked.conversation).await?;
    let mut tx = app.store.read(&app.shop).await?;
    let conversation = tx.conversation(&id).await?.ok_or("the conversation is gone")?;
    let turns = past::turns(&mut tx, &id, asked.turn).await?;
    drop(tx);
    if turns.is_empty() {
        return Err(none(asked.turn).into());
    }
    let mut same = true;
    for past in &turns {
        let (replayed, other) = one(app, loaded, asked, &conversation, past).await?;
        same &= other || !matches!(replayed, Replayed::Different { .. });
        if asked.json {
            println!("{}", json!({ "turn": past.number, "id": past.row.id, "replay": replayed }));
        } else {
            lines(past.number, &replayed).iter().for_each(|line| println!("{line}"));
        }
    }
    Ok(same)
}

/// A turn run again, and whether somebody else was asked.
async fn one(
    app: &App,
    loaded: &Loaded,
    asked: &Replay,
    conversation: &Conversation,
    past: &Past,
) -> Result<(Replayed, bool), BoxError> {
    if asked.model.is_none() && asked.prompt.is_none() {
        return Ok((again(app, conversation, past).await?, false));
    }
    let model = match &asked.model {
        None => Arc::clone(&app.model),
        Some(name) => {
            let mut loaded = loaded.clone();
            let llm = &mut loaded.config.llm;
            match name.rsplit_once('/').filter(|(url, _)| url.contains("://")) {
                Some((url, name)) => {
                    // A key belongs to the endpoint it was made for.
                    if url.trim_end_matches('/') != llm.base_url.trim_end_matches('/') {
                        llm.api_key = "".into();
                        llm.fallback = None;
                    }
                    (llm.base_url, llm.model) = (url.to_owned(), name.to_owned());
                }
                None => name.clone_into(&mut llm.model),
            }
            assemble::model(&loaded.config)?
        }
    };
    let instructions = match &asked.prompt {
        None => None,
        Some(file) => {
            let shown = file.display();
            Some(std::fs::read_to_string(file).map_err(|e| format!("{shown} cannot be read: {e}"))?)
        }
    };
    Ok((ask_again(app, conversation, past, Other { model, instructions }).await?, true))
}

fn lines(number: usize, replayed: &Replayed) -> Vec<String> {
    match replayed {
        Replayed::Same => vec![format!("turn {number}: same")],
        Replayed::Cannot { why } => vec![format!("turn {number}: {why}")],
        Replayed::Different { differences } => {
            let mut lines = vec![format!("turn {number}: different")];
            lines.extend(differences.iter().flat_map(difference));
            lines
        }
    }
}

fn difference(difference: &Difference) -> Vec<String> {
    let mut lines = vec![format!("  {} (- as it was, + now)", difference.what)];
    let diff = TextDiff::from_lines(&difference.before, &difference.now);
    for group in diff.grouped_ops(AROUND) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let text: String = change.value().chars().filter(|c| !c.is_control()).collect();
            lines.push(format!("    {sign} {text}"));
        }
    }
    if lines.len() > LINES_MAX {
        lines.truncate(LINES_MAX);
        lines.push("    … (the rest is in --json)".to_owned());
    }
    lines
}
