//! `souk stripe connect`: checks the key and the account, and sets the webhook endpoint up.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use clap::{Args, Subcommand};
use secrecy::ExposeSecret;
use serde_json::json;
use souk::clock::{Clock, Ids, RandomIds, SystemClock};
use souk::config::Config;
use souk::payment::choose::{self, Way};
use souk::payment::stripe::connect::{Change, Level, Report, Setup};
use std::process::ExitCode;

/// What to do at Stripe.
#[derive(Debug, Args)]
pub struct Stripe {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the key and the account, and make the webhook endpoint if there is none.
    #[command(
        after_help = "Examples:\n  STRIPE_SECRET_KEY=rk_test_… souk stripe connect\n  souk stripe connect --dry-run\n  \
                            souk stripe connect --url https://your.shop --fix\n  souk stripe connect --json | jq -r \
                            .webhook_secret\n\nThe secret of a new endpoint is printed once: set it as \
                            STRIPE_WEBHOOK_SECRET.\nExit code: 0 all is well, 1 something is not, 2 used wrongly."
    )]
    Connect(Connect),
}

#[derive(Debug, Args)]
struct Connect {
    /// The shop's address (default http.public_url).
    #[arg(long)]
    url: Option<String>,
    /// Put an endpoint right that is disabled, misses events or is of another version.
    #[arg(long)]
    fix: bool,
    /// Only look, and say what would be changed.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Does it; fails when something is not as it should be.
pub async fn stripe(place: &Place, asked: &Stripe) -> Result<ExitCode, BoxError> {
    let Command::Connect(asked) = &asked.command;
    let loaded = start::settings(place)?;
    let way = way(&loaded.config)?.ok_or(
        "there is no Stripe key, so the sandbox is paid and needs no setting up; set STRIPE_SECRET_KEY to a restricted \
         key (rk_test_… or rk_live_…) first",
    )?;
    let url = asked.url.clone().unwrap_or_else(|| loaded.config.public_url());
    if !url.starts_with("https://") && !url.starts_with("http://") {
        eprintln!("souk: --url starts with https://");
        return Ok(ExitCode::from(2));
    }
    let setup = setup(&loaded.config, &way, url);
    let change = if asked.fix { Change::Everything } else { Change::Missing };
    let report = if asked.dry_run {
        setup.rehearse(change).await
    } else {
        // A run of its own each time: yesterday's answer must not stand for today's.
        setup.connect(change, &format!("connect_{}", RandomIds::default().sortable(SystemClock.now()))).await
    };
    if asked.json {
        let secret = report.secret.as_ref().map(ExposeSecret::expose_secret);
        let (findings, changes) = (&report.findings, &report.changes);
        let good = report.is_good();
        let dry = asked.dry_run;
        println!(
            "{}",
            json!({ "findings": findings, "changes": changes, "dry_run": dry, "webhook_secret": secret, "ok": good })
        );
    } else {
        print!("{}", text(&report, asked.dry_run));
    }
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The way to Stripe, when there is a key.
pub fn way(config: &Config) -> Result<Option<Way>, BoxError> {
    Ok(choose::way(&config.stripe)?)
}

/// What is examined, with these settings.
pub fn setup<'a>(config: &Config, way: &'a Way, public_url: String) -> Setup<'a> {
    Setup {
        transport: &way.http,
        mode: way.mode,
        restricted: config.stripe.secret_key.expose_secret().trim().starts_with("rk_"),
        real: way.real,
        public_url,
        has_secret: config.stripe.webhook_secrets.iter().any(|s| !s.expose_secret().trim().is_empty()),
    }
}

fn text(report: &Report, dry_run: bool) -> String {
    let wide = report.findings.iter().map(|f| f.what.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for one in &report.findings {
        let word = match one.level {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Fail => "FAIL",
        };
        text.push_str(&format!("{word:<4}  {:<wide$}  {}\n", one.what, one.found));
        if let Some(remedy) = &one.remedy {
            text.push_str(&format!("{:<4}  {:<wide$}  → {remedy}\n", "", ""));
        }
    }
    for change in &report.changes {
        text.push_str(&format!("{}{change}\n", if dry_run { "would " } else { "" }));
    }
    if let Some(secret) = &report.secret {
        text.push_str(&format!(
            "\nThe webhook's secret, shown this once. Set it, and start souk again:\n\n  \
             STRIPE_WEBHOOK_SECRET={}\n",
            secret.expose_secret()
        ));
    }
    text
}
