//! `souk whatsapp cost`: what messages cost.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use crate::cli::whatsapp::{account, table};
use jiff::Span;
use jiff::tz::TimeZone;
use serde_json::json;
use souk::app::App;
use souk::channel::whatsapp::manage::cost::{Sum, decimal, sums, svg};
use souk::store::message_costs::MESSAGES_MAX;
use std::path::PathBuf;
use std::process::ExitCode;

/// Examples and exit codes.
pub const HELP: &str = "Examples:\n  souk whatsapp cost\n  souk whatsapp cost --days 7\n  souk whatsapp cost --plot \
                        cost.svg\n  souk whatsapp cost --json | jq 'select(.kind == \"day\")'\n\nExpected is what the \
                        rate cards say (whatsapp.rate_cards) when a message leaves; charged is what was expected of \
                        those that Meta's statuses call billable. Meta's bill decides.\nExit code: 0 printed, 1 it \
                        could not be read, 2 used wrongly.";

/// Which days.
#[derive(Debug, clap::Args)]
pub struct Cost {
    /// Days back, today included.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=366))]
    days: u16,
    /// Also draw a bar a day into this file.
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    /// Print JSON: one row a line.
    #[arg(long)]
    json: bool,
}

/// Prints the sums.
pub async fn cost(place: &Place, wanted: Option<&str>, asked: &Cost) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    let name = match wanted {
        Some(_) => account(&loaded.config, wanted)?.0.to_owned(),
        None => String::new(),
    };
    let app = start::beside(&loaded).await?;
    start::shop(&app)?;
    let done = print(&app, &name, asked).await;
    app.store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn print(app: &App, name: &str, asked: &Cost) -> Result<(), BoxError> {
    let mut tx = app.store.read(&app.shop).await?;
    let shop = tx.shop().await?.ok_or("there is no shop")?;
    let zone = TimeZone::get(&shop.time_zone).unwrap_or(TimeZone::UTC);
    let first = shop.day(app.now()).saturating_sub(Span::new().days(i64::from(asked.days) - 1));
    let from = first.to_zoned(zone.clone())?.timestamp();
    let all = tx.message_costs(name, from, &zone).await?;
    if i64::try_from(all.len()).is_ok_and(|len| len >= MESSAGES_MAX) {
        eprintln!("souk: only the first {MESSAGES_MAX} messages are counted; ask for fewer days");
    }
    let (days, totals) = (sums(&all, false), sums(&all, true));
    if let Some(file) = &asked.plot {
        let dearest = totals.iter().max_by_key(|sum| sum.estimated);
        let picture = svg(&days, dearest.map_or("", |sum| &sum.key.currency));
        std::fs::write(file, picture).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    }
    if asked.json {
        for (kind, rows) in [("day", &days), ("total", &totals)] {
            for row in rows {
                let mut value = json!(row);
                value.as_object_mut().into_iter().for_each(|object| {
                    object.insert("kind".to_owned(), json!(kind));
                });
                println!("{value}");
            }
        }
        return Ok(());
    }
    if all.is_empty() {
        println!("Nothing left in these days.");
        return Ok(());
    }
    let titles = ["day", "country", "category", "sent", "failed", "expected", "charged", "billable", "free"];
    print!("{}", table(&titles, &days.iter().map(row).collect::<Vec<_>>()));
    println!("\nIn all");
    print!("{}", table(&titles, &totals.iter().map(row).collect::<Vec<_>>()));
    let unpriced: u64 = totals.iter().map(|sum| sum.unpriced).sum();
    if unpriced > 0 {
        println!("\n{unpriced} have no price: set whatsapp.rate_cards to a folder with Meta's rate cards.");
    }
    Ok(())
}

fn row(sum: &Sum) -> Vec<String> {
    let money = |millionths: i64| format!("{} {}", decimal(millionths), sum.key.currency).trim().to_owned();
    let key = [&sum.key.day, &sum.key.country, &sum.key.category].map(Clone::clone);
    let counts = [sum.messages.to_string(), sum.failed.to_string()];
    let said = [sum.charged_messages.to_string(), sum.free_messages.to_string()];
    [&key[..], &counts[..], &[money(sum.estimated), money(sum.charged)][..], &said[..]].concat()
}
