//! `souk whatsapp consent`: who allowed promotions, how and in which words.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use crate::cli::whatsapp::sheet::{self, Row};
use crate::cli::whatsapp::table;
use clap::Subcommand;
use jiff::Timestamp;
use serde_json::json;
use souk::app::App;
use souk::channel::whatsapp::NETWORK;
use souk::conversation::whatsapp::begin::{self, digits};
use souk::domain::id::ShopId;
use souk::domain::identity;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

/// Examples and exit codes.
pub const HELP: &str = "Examples:\n  souk whatsapp consent add --to +5511987654321 --source 'checkout 2026-05-04' --text \
                        'Yes, send me offers on WhatsApp'\n  souk whatsapp consent add --file newsletter.csv       # \
                        columns to, source, text, at\n  souk whatsapp consent list\n  souk whatsapp consent withdraw --to \
                        +5511987654321 --source 'by phone'\n\nNothing is overwritten: the newest counts, and what \
                        somebody writes (STOP) or taps in WhatsApp is written down by itself.\nExit code: 0 done, 1 some \
                        were refused, 2 used wrongly.";
/// Rows of a list.
const LIST_MAX: i64 = 10_000;

/// What to do with consents.
#[derive(Debug, clap::Args)]
pub struct Consents {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write down that somebody allowed promotions.
    Add(Add),
    /// Everything that was said, the newest first.
    List(List),
    /// Write down that somebody allows them no more.
    Withdraw(Withdraw),
}

/// Who said yes.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("whom").required(true).multiple(false).args(["to", "file"]))]
struct Add {
    /// A number with + and country code.
    #[arg(long, requires = "source", requires = "text")]
    to: Option<String>,
    /// Many, from a CSV file with columns to, source, text and, if known, at (2026-05-04T10:00:00Z).
    #[arg(long)]
    file: Option<PathBuf>,
    /// Where it was given: a form, a till, a date. Stands for rows of a file that say nothing.
    #[arg(long)]
    source: Option<String>,
    /// In which words.
    #[arg(long)]
    text: Option<String>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Whose.
#[derive(Debug, clap::Args)]
struct List {
    /// Only of this number.
    #[arg(long)]
    to: Option<String>,
    /// Print JSON: one row a line.
    #[arg(long)]
    json: bool,
}

/// Who said no.
#[derive(Debug, clap::Args)]
struct Withdraw {
    /// A number with + and country code.
    #[arg(long)]
    to: String,
    /// How they said it.
    #[arg(long, default_value = "told the shop")]
    source: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Does it.
pub async fn consent(place: &Place, _account: Option<&str>, asked: &Consents) -> Result<ExitCode, BoxError> {
    let rows = match &asked.command {
        Command::Add(Add { file: Some(file), .. }) => sheet::read(file)?,
        Command::Add(Add { to: Some(to), .. }) => vec![Row { line: 1, to: to.clone(), others: BTreeMap::new() }],
        _ => Vec::new(),
    };
    let app = start::beside(&start::settings(place)?).await?;
    let shop = start::shop(&app)?;
    let done = match &asked.command {
        Command::Add(asked) => add(&app, &shop, asked, rows).await,
        Command::List(asked) => list(&app, &shop, asked).await,
        Command::Withdraw(asked) => withdraw(&app, &shop, asked).await,
    };
    app.store.close().await;
    done
}

async fn add(app: &App, shop: &ShopId, asked: &Add, rows: Vec<Row>) -> Result<ExitCode, BoxError> {
    let bar = start::bar("Writing consents down");
    let (of, mut added) = (rows.len() as u64, 0_u64);
    let mut refused: Vec<(u64, String)> = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        match one(app, shop, asked, row).await? {
            Ok(()) => added += 1,
            Err(why) => refused.push((row.line, why)),
        }
        start::set(&bar, n as u64 + 1, of);
    }
    bar.finish_and_clear();
    if asked.json {
        let no: Vec<_> = refused.iter().map(|(line, why)| json!({"line": line, "why": why})).collect();
        println!("{}", json!({"added": added, "refused": no}));
    } else {
        println!("{added} written down, {} refused.", refused.len());
        refused.iter().for_each(|(line, why)| println!("  line {line}: {why}"));
    }
    Ok(if refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn one(app: &App, shop: &ShopId, asked: &Add, row: &Row) -> Result<Result<(), String>, BoxError> {
    let cell = |column: &str, given: &Option<String>| {
        row.others.get(column).or(given.as_ref()).map(|text| text.trim().to_owned()).unwrap_or_default()
    };
    let (source, text) = (cell("source", &asked.source), cell("text", &asked.text));
    // Without proof it is no consent.
    if source.is_empty() || text.is_empty() {
        return Ok(Err("source and text are the proof of a consent, and one is missing".to_owned()));
    }
    let at = match row.others.get("at").map(|at| at.parse::<Timestamp>()) {
        Some(Err(_)) => return Ok(Err("at is written like 2026-05-04T10:00:00Z".to_owned())),
        Some(Ok(at)) => Some(at),
        None => None,
    };
    let mut tx = app.store.begin(shop).await?;
    Ok(match begin::consent(app, &mut tx, &row.to, true, (&source, &text), at).await? {
        Ok(_) => {
            tx.commit().await?;
            Ok(())
        }
        Err(refused) => Err(refused.to_string()),
    })
}

async fn withdraw(app: &App, shop: &ShopId, asked: &Withdraw) -> Result<ExitCode, BoxError> {
    let mut tx = app.store.begin(shop).await?;
    if let Err(refused) = begin::consent(app, &mut tx, &asked.to, false, (&asked.source, ""), None).await? {
        eprintln!("souk: {refused}");
        return Ok(ExitCode::from(2));
    }
    tx.commit().await?;
    if asked.json {
        println!("{}", json!({"withdrawn": 1}));
    } else {
        println!("Written down; no promotion goes there any more.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(app: &App, shop: &ShopId, asked: &List) -> Result<ExitCode, BoxError> {
    let mut tx = app.store.read(shop).await?;
    let only = match &asked.to {
        None => None,
        Some(to) => {
            let Some(number) = digits(to) else {
                eprintln!("souk: {}", begin::Refused::Number);
                return Ok(ExitCode::from(2));
            };
            let known = tx.contact_by_alias(NETWORK, &identity::wa(&number)).await?;
            let Some(contact) = known else {
                println!("Nobody with this number is known.");
                return Ok(ExitCode::SUCCESS);
            };
            Some(contact.id)
        }
    };
    let mut rows = Vec::new();
    for said in tx.consents(only.as_ref(), LIST_MAX).await? {
        let ids = tx.aliases_of(&said.contact, NETWORK).await?;
        let number = ids.iter().find_map(|id| id.strip_prefix("wa:")).map_or("–".to_owned(), |n| format!("+{n}"));
        let word = if said.granted { "yes" } else { "no" };
        if asked.json {
            println!(
                "{}",
                json!({
                    "to": number, "contact": said.contact, "purpose": said.purpose, "granted": said.granted,
                    "source": said.source, "text": said.text, "at": said.at,
                })
            );
        }
        rows.push(vec![said.at.to_string(), number, word.to_owned(), said.purpose, said.source, said.text]);
    }
    if !asked.json {
        if rows.is_empty() {
            println!("No consent is on record; souk whatsapp consent add writes one down.");
        } else {
            print!("{}", table(&["when", "number", "said", "to", "how", "in these words"], &rows));
        }
    }
    Ok(ExitCode::SUCCESS)
}
