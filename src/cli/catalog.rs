//! `souk catalog`: what was taken in when, one report in full, and the way back.

pub mod show;

use crate::cli::BoxError;
use crate::cli::ingest;
use crate::cli::start::{self, Place};
use serde_json::{Value, json};
use souk::app::{App, assemble};
use souk::catalog::report::Report;
use souk::catalog::undo;
use souk::domain::id::RunId;
use souk::store::runs::Run;
use std::process::ExitCode;
use std::sync::Arc;

/// Runs listed at most.
const LIST_MAX: i64 = 500;
/// Letters at the end of an id that may stand for it.
const ENDING_MIN: usize = 4;

/// What to do with the runs.
#[derive(Debug, clap::Args)]
pub struct Catalog {
    /// Print JSON: one object a line.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// What was taken in, the latest first.
    History {
        /// How many runs.
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(i64).range(1..=LIST_MAX))]
        last: i64,
    },
    /// The report of one run.
    Show {
        /// Its id, or the end of it.
        run: String,
    },
    /// Bring the catalogue back to what it was before a run; what was sold since stays sold.
    Undo {
        /// The run, or the end of its id; the last one when none is named.
        run: Option<String>,
    },
}

/// Lists, shows, undoes.
pub async fn catalog(place: &Place, asked: &Catalog) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    // Held while this process indexes; with a server running the jobs are left to it.
    let lock = match &asked.act {
        Act::Undo { .. } => assemble::lock(&place.data).ok(),
        _ => None,
    };
    let app = Arc::new(start::beside(&loaded).await?);
    start::shop(&app)?;
    let done = act(&app, asked).await;
    if done.is_ok() && lock.is_some() {
        let shop = app.shop.clone();
        ingest::follow(&app, &loaded, &shop, 0, false, true).await?;
    }
    app.store.close().await;
    print!("{}", done?);
    Ok(ExitCode::SUCCESS)
}

async fn act(app: &App, asked: &Catalog) -> Result<String, BoxError> {
    match &asked.act {
        Act::History { last } => history(app, *last, asked.json).await,
        Act::Show { run } => {
            let run = find(app, run).await?;
            Ok(if asked.json { format!("{}\n", value(&run)) } else { told(&run) })
        }
        Act::Undo { run } => {
            let run = match run {
                Some(run) => Some(find(app, run).await?.id),
                None => None,
            };
            let report = undo::undo(app, &app.shop, run.as_ref()).await?;
            if asked.json {
                return Ok(format!("{}\n", json!(report)));
            }
            let mut text = format!("Shop {}, {}\n", app.shop, report.source);
            show::lines(&mut text, &report);
            text.push_str("The catalogue is what it was before that run; what was sold since stays sold.\n");
            Ok(text)
        }
    }
}

async fn history(app: &App, last: i64, as_json: bool) -> Result<String, BoxError> {
    let runs = app.store.read(&app.shop).await?.runs(last).await?;
    let undoable: Vec<RunId> = undo::kept(app, &app.shop).await?;
    let mut text = String::new();
    if runs.is_empty() && !as_json {
        text.push_str("Nothing was taken in yet: souk ingest FILE\n");
    }
    for run in &runs {
        let kept = undoable.contains(&run.id);
        if as_json {
            let mut value = value(run);
            if let Some(fields) = value.as_object_mut() {
                fields.insert("undoable".to_owned(), Value::from(kept));
            }
            text.push_str(&format!("{value}\n"));
            continue;
        }
        let line = souk::catalog::report::line(run);
        let mark = if kept { "" } else { "  (no way back)" };
        text.push_str(&format!("{}  {}  {}  {line}{mark}\n", run.id, show::moment(run.at), run.source));
    }
    Ok(text)
}

/// The run with this id, or the only one whose id ends so.
async fn find(app: &App, id: &str) -> Result<Run, BoxError> {
    let mut tx = app.store.read(&app.shop).await?;
    if let Some(run) = tx.run(&RunId::new(id)).await? {
        return Ok(run);
    }
    let runs = tx.runs(LIST_MAX).await?;
    let mut fitting = runs.into_iter().filter(|run| id.len() >= ENDING_MIN && run.id.as_str().ends_with(id));
    match (fitting.next(), fitting.next()) {
        (Some(run), None) => Ok(run),
        (Some(_), Some(_)) => Err(format!("several runs end in \"{id}\"; write more of the id").into()),
        _ => Err(format!("there is no run \"{id}\"; `souk catalog history` lists them").into()),
    }
}

// Reports of texts have a shape of their own and are shown as they were kept.
fn report(run: &Run) -> Option<Report> {
    (run.kind == "products").then(|| serde_json::from_str(&run.report).ok()).flatten()
}

fn value(run: &Run) -> Value {
    let report: Value = serde_json::from_str(&run.report).unwrap_or_default();
    json!({"run": run.id, "kind": run.kind, "source": run.source, "at": run.at.to_string(), "report": report})
}

fn told(run: &Run) -> String {
    let mut text = format!("Run {}\n", run.id);
    show::row(&mut text, "when", &show::moment(run.at));
    show::row(&mut text, "source", &run.source);
    match report(run) {
        Some(report) => show::lines(&mut text, &report),
        None => text.push_str(&format!("{:#}\n", serde_json::from_str::<Value>(&run.report).unwrap_or_default())),
    }
    text
}
