//! `souk trace`: what a conversation's turns did, as their journals tell it.

use crate::cli::BoxError;
use crate::cli::inbox::find;
use crate::cli::start::{self, Place};
use serde_json::json;
use souk::agent::{past, trace};
use souk::app::App;
use std::process::ExitCode;

/// Which turns, and how.
#[derive(Debug, clap::Args)]
pub struct Trace {
    /// The conversation's id, or the end of it.
    conversation: String,
    /// Only this turn, counted from 1.
    #[arg(long)]
    turn: Option<usize>,
    /// Print JSON: one turn a line, every text whole.
    #[arg(long)]
    json: bool,
}

/// Tells the turns.
pub async fn trace(place: &Place, asked: &Trace) -> Result<ExitCode, BoxError> {
    let app = start::beside(&start::settings(place)?).await?;
    start::shop(&app)?;
    let done = tell(&app, asked).await;
    app.store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn tell(app: &App, asked: &Trace) -> Result<(), BoxError> {
    let id = find(app, &asked.conversation).await?;
    let turns = past::turns(&mut app.store.read(&app.shop).await?, &id, asked.turn).await?;
    if turns.is_empty() {
        return Err(none(asked.turn).into());
    }
    for past in &turns {
        let told = trace::trace(past);
        if asked.json {
            println!("{}", json!(told));
        } else {
            trace::lines(&told).iter().for_each(|line| println!("{line}"));
        }
    }
    Ok(())
}

/// What to say when there is no such turn.
pub fn none(turn: Option<usize>) -> String {
    match turn {
        Some(number) => {
            format!("there is no turn {number} in this conversation; `souk trace` without --turn lists all")
        }
        None => "this conversation has no turns yet".to_owned(),
    }
}
