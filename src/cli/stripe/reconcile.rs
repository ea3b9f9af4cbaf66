//! `souk stripe reconcile`: compares, and prints what was compared, put right and found.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use secrecy::ExposeSecret;
use souk::app::assemble;
use souk::checkout::reconcile::report::Report;
use souk::checkout::reconcile::{self, Wanted};
use souk::domain::finding::Finding;
use std::process::ExitCode;

/// Examples and exit codes.
pub const HELP: &str = "Examples:\n  souk stripe reconcile\n  souk stripe reconcile --days 14\n  souk stripe reconcile \
                        --dry-run\n  souk stripe reconcile --json | jq '.open[].text'\n\nExit code: 0 nothing is open, \
                        1 findings are open or the provider could not be asked, 2 used wrongly.";

/// How to compare.
#[derive(Debug, clap::Args)]
pub struct Reconcile {
    /// Days to look back (default stripe.reconcile_days).
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=30))]
    days: Option<u32>,
    /// Change nothing, only say what would be done.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Compares; fails when findings are open.
pub async fn reconcile(place: &Place, asked: &Reconcile) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    // The sandbox lives in the process that serves: a second one would not see what happens there.
    let sandbox = loaded.config.stripe.secret_key.expose_secret().trim().is_empty();
    let _lock = if sandbox { Some(assemble::lock(&place.data)?) } else { None };
    let app = start::beside(&loaded).await?;
    let shop = start::shop(&app)?;
    let wanted = Wanted { dry_run: asked.dry_run, long: true, days: asked.days };
    let done = reconcile::reconcile(&app, &shop, wanted).await;
    app.store.close().await;
    let report = done?;
    if asked.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print!("{}", text(&report, asked.dry_run));
    }
    let findings = if asked.dry_run { &report.found } else { &report.open };
    let good = findings.is_empty() && report.failed.is_empty() && report.ended;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn text(report: &Report, dry_run: bool) -> String {
    let compared = &report.compared;
    let mut text = format!(
        "Compared {} unfinished attempts, {} events, {} payment pages, {} refunds, {} disputes, {} rules.\n",
        compared.attempts, compared.events, compared.sessions, compared.refunds, compared.disputes, compared.rules
    );
    for one in &report.repaired {
        let would = if dry_run { "would have " } else { "" };
        text.push_str(&format!("  {would}{}: {}\n", one.what, one.about));
    }
    let findings = if dry_run { &report.found } else { &report.open };
    for Finding { kind, text: what, order, first_seen, .. } in findings {
        let order = order.as_ref().map_or_else(String::new, |id| format!(" [{id}]"));
        text.push_str(&format!("  FINDING {} since {first_seen}{order}\n          {what}\n", kind.word()));
    }
    for one in &report.failed {
        text.push_str(&format!("  could not be asked: {one}\n"));
    }
    if findings.is_empty() && report.failed.is_empty() {
        text.push_str("Nothing is open.\n");
    }
    text
}
