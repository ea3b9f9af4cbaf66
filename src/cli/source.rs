//! `souk source`: addresses from which feeds come by themselves.

use crate::cli::BoxError;
use crate::cli::catalog::show;
use crate::cli::ingest::report;
use crate::cli::start::{self, Place};
use serde_json::json;
use souk::app::App;
use souk::catalog::sources::{self, Outcome};
use souk::domain::id::SourceId;
use souk::store::sources::Source;
use std::process::ExitCode;

/// What to do with the sources.
#[derive(Debug, clap::Args)]
pub struct Sources {
    /// Print JSON: one object a line.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// Add an address, or change how often it is asked. The running server fetches it at once.
    Add {
        /// The address of a product feed.
        url: String,
        /// How often: 30m, 6h, 1d.
        #[arg(long, default_value = "60m", value_parser = minutes)]
        every: i64,
        /// What it holds.
        #[arg(long, default_value = "products", value_parser = ["products", "texts"])]
        kind: String,
    },
    /// Every source: how it went last, and when it is asked next.
    List,
    /// Ask no more; what came from it stays.
    Remove {
        /// Its id, or its address.
        source: String,
    },
    /// Ask now: one source, or all of them.
    Fetch {
        /// Its id, or its address.
        source: Option<String>,
    },
}

/// `90m`, `6h`, `1d` in minutes.
fn minutes(text: &str) -> Result<i64, String> {
    let wrong = || format!("\"{text}\" is no pace; write 30m, 6h or 1d");
    let (digits, times) = match text.char_indices().next_back() {
        Some((at, 'm')) => (text.get(..at), 1),
        Some((at, 'h')) => (text.get(..at), 60),
        Some((at, 'd')) => (text.get(..at), 1_440),
        _ => (Some(text), 1),
    };
    let count: i64 = digits.unwrap_or_default().parse().map_err(|_| wrong())?;
    count.checked_mul(times).ok_or_else(wrong)
}

/// Adds, lists, removes, fetches.
pub async fn source(place: &Place, asked: &Sources) -> Result<ExitCode, BoxError> {
    let app = start::beside(&start::settings(place)?).await?;
    start::shop(&app)?;
    let done = act(&app, asked).await;
    app.store.close().await;
    done
}

async fn act(app: &App, asked: &Sources) -> Result<ExitCode, BoxError> {
    let shop = &app.shop;
    match &asked.act {
        Act::Add { url, every, kind } => {
            let source = sources::add(app, shop, url, kind, *every).await?;
            if asked.json {
                println!("{}", value(&source));
            } else {
                println!(
                    "{} is asked every {} minutes, first as soon as a server runs (or now: souk source fetch {}).",
                    source.url, source.every_minutes, source.id
                );
            }
        }
        Act::List => {
            let all = app.store.read(shop).await?.sources().await?;
            if all.is_empty() && !asked.json {
                println!("No feed comes by itself yet: souk source add https://…");
            }
            for source in &all {
                println!("{}", if asked.json { value(source).to_string() } else { told(source) });
            }
        }
        Act::Remove { source } => {
            let source = find(app, source).await?;
            sources::remove(app, shop, &source.id).await?;
            println!("{} is asked no more.", source.url);
        }
        Act::Fetch { source } => {
            let list = match source {
                Some(source) => vec![find(app, source).await?],
                None => app.store.read(shop).await?.sources().await?,
            };
            let mut failed = false;
            for source in list {
                let outcome = sources::fetch(app, shop, &source.id).await?;
                failed |= matches!(outcome, Outcome::Failed(_));
                print!("{}", brought(&source, &outcome, asked.json));
            }
            return Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS });
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn find(app: &App, text: &str) -> Result<Source, BoxError> {
    let all = app.store.read(&app.shop).await?.sources().await?;
    let found = all.into_iter().find(|s| s.url == text || s.id == SourceId::new(text));
    found.ok_or_else(|| format!("there is no source \"{text}\"; `souk source list` names them").into())
}

fn value(source: &Source) -> serde_json::Value {
    json!({
        "source": source.id, "url": source.url, "kind": source.kind, "every_minutes": source.every_minutes,
        "next_at": source.next_at.to_string(), "fetched_at": source.fetched_at.map(|at| at.to_string()),
        "changed_at": source.changed_at.map(|at| at.to_string()), "failures": source.failures, "problem": source.problem,
    })
}

fn told(source: &Source) -> String {
    let mut text = format!("{}  {}  every {} min", source.id, source.url, source.every_minutes);
    match source.fetched_at {
        Some(at) => text.push_str(&format!("  fetched {}", show::moment(at))),
        None => text.push_str("  not fetched yet"),
    }
    text.push_str(&format!("  next {}", show::moment(source.next_at)));
    if let Some(problem) = &source.problem {
        text.push_str(&format!("\n    failed {} times in a row: {problem}", source.failures));
    }
    text
}

fn brought(source: &Source, outcome: &Outcome, as_json: bool) -> String {
    let (word, report) = match outcome {
        Outcome::Same => ("same", None),
        Outcome::TakenIn(report) => ("taken_in", Some(report)),
        Outcome::Texts(_) => ("taken_in", None),
        Outcome::Failed(_) => ("failed", None),
        Outcome::Gone => ("gone", None),
    };
    let problem = match outcome {
        Outcome::Failed(problem) => Some(problem),
        _ => None,
    };
    let texts = match outcome {
        Outcome::Texts(report) => Some(report),
        _ => None,
    };
    if as_json {
        let all = json!({"url": source.url, "outcome": word, "report": report, "texts": texts, "problem": problem});
        return format!("{all}\n");
    }
    let mut text = format!("{}\n", source.url);
    match (report, problem) {
        (Some(report), _) => show::lines(&mut text, report),
        (None, None) if texts.is_some() => {
            if let Some(read) = texts {
                report::lines_of_texts(&mut text, read);
            }
        }
        (None, Some(problem)) => text.push_str(&format!("  not taken in, the catalogue stays as it is: {problem}\n")),
        (None, None) => text.push_str("  nothing new since the last time\n"),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn paces_are_read() {
        let read = |text| minutes(text).ok();
        assert_eq!([read("30m"), read("6h"), read("1d"), read("90")], [Some(30), Some(360), Some(1_440), Some(90)]);
        assert_eq!([read(""), read("m"), read("soon"), read("9223372036854775807d"), read("1é")], [None; 5]);
    }
}
