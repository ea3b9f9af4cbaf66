//! `souk whatsapp connect`: walks through everything between an account at Meta and a shop that answers.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use crate::cli::whatsapp;
use secrecy::ExposeSecret;
use serde_json::json;
use souk::channel::whatsapp::manage::finding::Report;
use souk::channel::whatsapp::manage::{Change, Desk, shape};
use souk::clock::{Clock, Ids, RandomIds, SystemClock};
use std::process::ExitCode;

/// Examples and exit codes.
pub const HELP: &str = "Examples:\n  souk whatsapp connect\n  souk whatsapp connect --dry-run\n  souk whatsapp connect \
                        --fix                  # subscribe the app, set its webhook\n  souk whatsapp connect --url \
                        https://your.shop --fix\n  souk whatsapp connect --json | jq '.findings[] | select(.level != \
                        \"ok\")'\n\nMeta visits the webhook while it is being set: the shop has to run.\nExit code: 0 \
                        all is well, 1 something is not, 2 used wrongly.";
/// Letters of a verify token that is made up.
const VERIFY_CHARS: usize = 24;
/// The name of an account that has none yet.
const FIRST: &str = "main";

/// How to look.
#[derive(Debug, clap::Args)]
pub struct Connect {
    /// The shop's address (default http.public_url).
    #[arg(long)]
    url: Option<String>,
    /// Subscribe the app to the business account and set its webhook where they are wrong.
    #[arg(long, conflicts_with = "dry_run")]
    fix: bool,
    /// Only look, and say what --fix would change.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Looks; fails when something is not as it should be.
pub async fn connect(place: &Place, wanted: Option<&str>, asked: &Connect) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    let verify: String = RandomIds::default().secret().chars().take(VERIFY_CHARS).collect();
    if loaded.config.whatsapp.accounts.is_empty() {
        let lines = shape::lines(wanted.unwrap_or(FIRST), &verify);
        if asked.json {
            println!("{}", json!({"account": null, "findings": [], "changes": [], "lines": lines, "ok": false}));
        } else {
            println!("There is no WhatsApp account in the settings yet. Write this into config.toml and fill it in:\n");
            println!("{lines}");
            println!("Then run souk whatsapp connect again. To try WhatsApp without an account: souk whatsapp emulate");
        }
        return Ok(ExitCode::FAILURE);
    }
    let (name, account) = whatsapp::account(&loaded.config, wanted)?;
    let url = asked.url.clone().unwrap_or_else(|| loaded.config.public_url());
    if !url.starts_with("https://") && !url.starts_with("http://") {
        eprintln!("souk: --url starts with https://");
        return Ok(ExitCode::from(2));
    }
    let desk = Desk::new(name, account, url)?;
    let change = match (asked.fix, asked.dry_run) {
        (true, _) => Change::Fix,
        (_, true) => Change::Rehearse,
        _ => Change::Nothing,
    };
    let report = desk.connect(change, SystemClock.now()).await;
    let unset = account.verify_token.expose_secret().trim().is_empty();
    if asked.json {
        let (findings, changes) = (&report.findings, &report.changes);
        let made = unset.then_some(&verify);
        println!(
            "{}",
            json!({
                "account": name, "callback": desk.callback(), "findings": findings, "changes": changes,
                "dry_run": asked.dry_run, "verify_token": made, "ok": report.is_good(),
            })
        );
    } else {
        print!("{}", text(&report, asked.dry_run));
        if unset {
            println!(
                "\nA verify_token that was made up just now:\n\n[whatsapp.accounts.{name}]\nverify_token = \"{verify}\""
            );
        }
    }
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// As people read it.
fn text(report: &Report, dry_run: bool) -> String {
    let wide = report.findings.iter().map(|f| f.what.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for one in &report.findings {
        text.push_str(&format!("{:<4}  {:<wide$}  {}\n", one.level.word(), one.what, one.found));
        if let Some(remedy) = &one.remedy {
            text.push_str(&format!("{:<4}  {:<wide$}  → {remedy}\n", "", ""));
        }
    }
    for change in &report.changes {
        text.push_str(&format!("{}{change}\n", if dry_run { "would " } else { "did " }));
    }
    text
}
