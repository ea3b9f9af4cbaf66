//! `souk whatsapp send`: an approved template to one number or to many.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use crate::cli::whatsapp::sheet::{self, Row, masked};
use crate::cli::whatsapp::{account, table};
use serde_json::json;
use souk::app::App;
use souk::channel::whatsapp::template::Approved;
use souk::conversation::whatsapp::begin::{self, Wanted, digits};
use souk::domain::id::{MessageId, ShopId};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

/// Examples and exit codes.
pub const HELP: &str = "Examples:\n  souk whatsapp send --to +5511987654321 --template order_paid --language pt_BR --set \
                        number=FJ-1042 --set amount='R$ 99,00'\n  souk whatsapp send --to-file people.csv --template \
                        back_in_stock --language en --dry-run\n\nA file has a column `to`, and one for each gap of the \
                        template. Templates are known after `souk whatsapp templates sync`; promotions need a consent \
                        (souk whatsapp consent). Messages are written down here and leave by the server (souk serve), as \
                        fast as Meta lets them.\nExit code: 0 all were taken, 1 some were refused, 2 used wrongly.";
/// Rows of a report that are printed.
const REFUSED_SHOWN: usize = 50;

/// What to whom.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("whom").required(true).multiple(false).args(["to", "to_file"]))]
pub struct Send {
    /// A number with + and country code.
    #[arg(long)]
    to: Option<String>,
    /// Many, from a CSV file.
    #[arg(long, value_name = "FILE")]
    to_file: Option<PathBuf>,
    /// The template's name.
    #[arg(long)]
    template: String,
    /// Its language at Meta: en, pt_BR.
    #[arg(long)]
    language: String,
    /// What stands in a gap, for everybody: GAP=TEXT.
    #[arg(long, value_name = "GAP=TEXT")]
    set: Vec<String>,
    /// Check everything and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// One that was refused.
struct No {
    line: u64,
    to: String,
    why: String,
}

/// Writes the messages down; fails when one was refused.
pub async fn send(place: &Place, wanted: Option<&str>, asked: &Send) -> Result<ExitCode, BoxError> {
    let mut common = BTreeMap::new();
    for given in &asked.set {
        let Some((gap, text)) = given.split_once('=') else {
            eprintln!("souk: --set takes GAP=TEXT, not {given}");
            return Ok(ExitCode::from(2));
        };
        common.insert(gap.trim().to_owned(), text.to_owned());
    }
    let rows = match (&asked.to, &asked.to_file) {
        (Some(to), _) => vec![Row { line: 1, to: to.clone(), others: BTreeMap::new() }],
        (None, Some(file)) => sheet::read(file)?,
        (None, None) => Vec::new(),
    };
    let loaded = start::settings(place)?;
    let (name, _) = account(&loaded.config, wanted)?;
    let wanted = Wanted { account: name.to_owned(), name: asked.template.clone(), language: asked.language.clone() };
    let app = start::beside(&loaded).await?;
    let shop = start::shop(&app)?;
    let known = app.store.read(&shop).await?.templates(name).await?;
    let done = match begin::form(&known, &wanted) {
        Ok(form) => each(&app, &shop, form, &wanted, &common, rows, asked.dry_run).await,
        Err(refused) => Err(refused.to_string().into()),
    };
    app.store.close().await;
    let (sent, refused) = done?;
    report(asked, &sent, &refused);
    Ok(if refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One transaction a person: what was written down before an error stays, and the report says so.
async fn each(
    app: &App,
    shop: &ShopId,
    form: &Approved,
    wanted: &Wanted,
    common: &BTreeMap<String, String>,
    rows: Vec<Row>,
    dry_run: bool,
) -> Result<(Vec<MessageId>, Vec<No>), BoxError> {
    let bar = start::bar("Writing messages down");
    let (of, mut seen) = (rows.len() as u64, BTreeSet::new());
    let (mut sent, mut refused) = (Vec::new(), Vec::new());
    for (n, row) in rows.into_iter().enumerate() {
        let mut values = common.clone();
        values.extend(row.others);
        let twice = digits(&row.to).is_some_and(|number| !seen.insert(number));
        if twice {
            let why = "the number stands in the file before".to_owned();
            refused.push(No { line: row.line, to: row.to, why });
            continue;
        }
        let mut tx = app.store.begin(shop).await?;
        match begin::send(app, &mut tx, form, &wanted.account, &row.to, values).await? {
            Ok(id) => {
                if !dry_run {
                    tx.commit().await?;
                }
                sent.push(id);
            }
            Err(why) => refused.push(No { line: row.line, to: row.to, why: why.to_string() }),
        }
        start::set(&bar, n as u64 + 1, of);
    }
    bar.finish_and_clear();
    Ok((sent, refused))
}

fn report(asked: &Send, sent: &[MessageId], refused: &[No]) {
    if asked.json {
        let no: Vec<_> = refused.iter().map(|no| json!({"line": no.line, "to": no.to, "why": no.why})).collect();
        let ids: Vec<&str> = sent.iter().filter(|_| !asked.dry_run).map(MessageId::as_str).collect();
        println!("{}", json!({"taken": sent.len(), "messages": ids, "refused": no, "dry_run": asked.dry_run}));
        return;
    }
    let would = if asked.dry_run { "would be taken" } else { "taken; the server sends them" };
    println!("{} {would}, {} refused.", sent.len(), refused.len());
    let mut whys: BTreeMap<&str, usize> = BTreeMap::new();
    refused.iter().for_each(|no| *whys.entry(no.why.as_str()).or_default() += 1);
    whys.iter().for_each(|(why, count)| println!("  {count:>6} × {why}"));
    if asked.to_file.is_some() && !refused.is_empty() {
        let rows = refused.iter().take(REFUSED_SHOWN);
        let rows: Vec<_> = rows.map(|no| vec![no.line.to_string(), masked(&no.to), no.why.clone()]).collect();
        print!("\n{}", table(&["line", "number", "why"], &rows));
        if refused.len() > REFUSED_SHOWN {
            println!("… and {} more; --json tells all", refused.len() - REFUSED_SHOWN);
        }
    }
}
