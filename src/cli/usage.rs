//! `souk usage`: what the model's answers used and cost.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use jiff::Span;
use serde_json::json;
use souk::agent::budget;
use souk::app::App;
use souk::domain::usage::{Spent, amount};
use std::process::ExitCode;

/// Conversations listed.
const CONVERSATIONS_MAX: i64 = 20;

/// Which days.
#[derive(Debug, clap::Args)]
pub struct Usage {
    /// Days back, today included.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=366))]
    days: u16,
    /// Print JSON: one row a line.
    #[arg(long)]
    json: bool,
}

/// Prints the sums.
pub async fn usage(place: &Place, asked: &Usage) -> Result<ExitCode, BoxError> {
    let app = start::beside(&start::settings(place)?).await?;
    start::shop(&app)?;
    let done = print(&app, asked).await;
    app.store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn print(app: &App, asked: &Usage) -> Result<(), BoxError> {
    let mut tx = app.store.read(&app.shop).await?;
    let shop = tx.shop().await?.ok_or("there is no shop")?;
    let first = shop.day(app.now()).saturating_sub(Span::new().days(i64::from(asked.days) - 1));
    let from = budget::beginning(first, &shop);
    let days = tx.usage_by_day(from, budget::offset_ms(&shop, app.now())).await?;
    let talks = tx.usage_by_conversation(from, CONVERSATIONS_MAX).await?;
    let total = tx.usage_since(from, None).await?;
    let reached = budget::shop_reached(&mut tx, &app.config.budget, &shop, app.now()).await?;
    if asked.json {
        for (kind, rows) in [("day", &days), ("conversation", &talks), ("total", &total)] {
            rows.iter().for_each(|row| println!("{}", value(kind, row)));
        }
        return Ok(());
    }
    if total.is_empty() {
        println!("No model was asked in these days; the keyless planner costs nothing.");
        return Ok(());
    }
    table("By day", &days);
    table("By conversation, the dearest first", &talks);
    table("In all", &total);
    reached.iter().for_each(|why| println!("{why} The keyless planner answers."));
    Ok(())
}

fn value(kind: &str, row: &Spent) -> serde_json::Value {
    let used = &row.used;
    json!({
        "kind": kind, "what": row.what, "turns": row.turns, "input": used.input, "cached": used.cached,
        "cached_percent": used.cached_percent(), "output": used.output,
        "cost": used.cost.map(amount), "currency": used.currency,
    })
}

fn table(title: &str, rows: &[Spent]) {
    println!("{title}");
    let width = rows.iter().map(|row| row.what.chars().count()).max().unwrap_or(0);
    for row in rows {
        let used = &row.used;
        let cost = match (used.cost, used.currency) {
            (Some(cost), Some(currency)) => format!("{} {currency}", amount(cost)),
            _ => "no price known".to_owned(),
        };
        println!(
            "  {:<width$}  {:>6} turns  {:>10} read  {:>3} % cached  {:>8} written  {cost}",
            row.what,
            row.turns,
            used.input,
            used.cached_percent(),
            used.output
        );
    }
}
