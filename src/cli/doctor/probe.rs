//! `souk doctor --probe`: what the model endpoints can do, and what to set.

use crate::cli::BoxError;
use serde_json::json;
use souk::channel::whatsapp::manage::{Change, Desk, finding};
use souk::clock::{Clock, SystemClock};
use souk::config::Loaded;
use souk::llm::probe::{self, Report, Verdict};
use std::process::ExitCode;

/// Asks the endpoint and its fallback; fails when one of them does not answer.
pub async fn probe(loaded: &Loaded, as_json: bool) -> Result<ExitCode, BoxError> {
    let settings = &loaded.config.llm;
    let accounts = whatsapp(loaded, as_json).await?;
    if !settings.has_endpoint() && !accounts.is_empty() {
        let good = accounts.iter().all(|(_, report)| report.is_good());
        if as_json {
            println!("{}", json!({"endpoints": [], "whatsapp": told(&accounts), "ok": good}));
        }
        return Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    if !settings.has_endpoint() {
        return Err("there is no model endpoint to probe; set llm.base_url, or OPENAI_API_KEY".into());
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut asked = vec![("llm", settings.addressed())];
    asked.extend(settings.fallback.as_deref().map(|fallback| ("llm.fallback", fallback.clone())));
    let mut reports = Vec::new();
    for (section, settings) in asked {
        if !as_json {
            eprintln!(
                "Asking {} ({section}): at most {} requests and {} seconds …",
                settings.base_url,
                probe::REQUESTS_MAX,
                probe::SECONDS_MAX
            );
        }
        let report = probe::probe(&settings).await?;
        if !as_json {
            print!("{}", text(section, &report));
        }
        reports.push((section, report));
    }
    let answers = reports.iter().all(|(_, report)| report.advice.is_some())
        && accounts.iter().all(|(_, report)| report.is_good());
    if as_json {
        let endpoints: Vec<_> =
            reports.iter().map(|(section, report)| json!({"section": section, "report": report})).collect();
        println!("{}", json!({"endpoints": endpoints, "whatsapp": told(&accounts), "ok": answers}));
    }
    Ok(if answers { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

type Accounts = Vec<(String, finding::Report)>;

/// What `souk whatsapp connect` looks at, in short: only what is not well is printed.
async fn whatsapp(loaded: &Loaded, as_json: bool) -> Result<Accounts, BoxError> {
    let mut all = Vec::new();
    for (name, account) in &loaded.config.whatsapp.accounts {
        let desk = Desk::new(name, account, loaded.config.public_url())?;
        let report = desk.connect(Change::Nothing, SystemClock.now()).await;
        let bad = report.findings.iter().filter(|one| one.remedy.is_some());
        if !as_json {
            println!(
                "whatsapp {name}: {} of {} good",
                report.findings.len() - bad.clone().count(),
                report.findings.len()
            );
            bad.for_each(|one| println!("  {:<4}  {}: {}", one.level.word(), one.what, one.found));
        }
        all.push((name.clone(), report));
    }
    Ok(all)
}

fn told(accounts: &Accounts) -> Vec<serde_json::Value> {
    accounts.iter().map(|(name, report)| json!({"account": name, "findings": report.findings})).collect()
}

fn text(section: &str, report: &Report) -> String {
    let mut text = format!("{}\n", report.name);
    let width = report.findings.iter().map(|finding| finding.what.chars().count()).max().unwrap_or(0);
    for finding in &report.findings {
        let word = match finding.verdict {
            Verdict::Yes => "yes",
            Verdict::Partly => "partly",
            Verdict::No => "no",
            Verdict::Unknown => "?",
        };
        let (what, ms, seen) = (finding.what, finding.ms, &finding.seen);
        text.push_str(&format!("  {word:<6}  {what:<width$}  {ms:>6} ms  {seen}\n"));
    }
    text.push_str(&format!("  {} requests, {} ms\n\n", report.requests, report.ms));
    match &report.advice {
        Some(advice) => text.push_str(&format!("To set in config.toml:\n\n{}\n", advice.toml(section))),
        None => text.push_str("It does not answer: check base_url, api_key and model.\n"),
    }
    text
}
