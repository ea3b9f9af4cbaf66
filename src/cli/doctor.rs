//! `souk doctor`: every setting and where it came from, then whether each part works, and what to do when not.

mod check;
mod outside;
mod probe;

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use check::{Check, Level};
use serde_json::json;
use souk::config::Effective;
use std::process::ExitCode;

/// How to report.
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Ask the model endpoint what it can do, and print what to set. Sends some small requests, which cost a little.
    #[arg(long)]
    probe: bool,
}

/// Examines everything; fails when a check failed.
pub async fn doctor(place: &Place, asked: &Doctor) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    if asked.probe {
        return probe::probe(&loaded, asked.json).await;
    }
    let settings = loaded.effective();
    let checks = check::all(&loaded).await;
    let failed = checks.iter().any(|c| c.level == Level::Fail);
    if asked.json {
        println!("{}", json!({ "data": loaded.data, "settings": settings, "checks": checks, "ok": !failed }));
    } else {
        print!("{}", text(&settings, &checks));
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn text(settings: &[Effective], checks: &[Check]) -> String {
    let key = settings.iter().map(|s| s.key.chars().count()).max().unwrap_or(0);
    let value = settings.iter().map(|s| s.value.chars().count()).max().unwrap_or(0).min(40);
    let mut text = "Settings\n".to_owned();
    for one in settings {
        let shown = if one.value.is_empty() { "–" } else { &one.value };
        text.push_str(&format!("  {:<key$}  {shown:<value$}  {}\n", one.key, one.origin));
    }
    text.push_str("\nChecks\n");
    let name = checks.iter().map(|c| c.name.chars().count()).max().unwrap_or(0);
    for one in checks {
        text.push_str(&format!("  {:<4}  {:<name$}  {}\n", one.level.word(), one.name, one.finding));
        if let Some(remedy) = &one.remedy {
            text.push_str(&format!("  {:<4}  {:<name$}  → {remedy}\n", "", ""));
        }
    }
    text
}
