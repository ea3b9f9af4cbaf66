//! `souk whatsapp health`: how the numbers of the business account stand.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use crate::cli::whatsapp::{desk, table, told};
use serde_json::json;
use souk::channel::whatsapp::manage::number::{Standing, standing};
use std::process::ExitCode;

/// Examples and exit codes.
pub const HELP: &str = "Examples:\n  souk whatsapp health\n  souk whatsapp health --json | jq '.numbers[].quality'\n\nThe \
                        account's own number is marked with *.\nExit code: 0 it can send, 1 it cannot or Meta could not \
                        be asked, 2 used wrongly.";

/// How to print.
#[derive(Debug, clap::Args)]
pub struct Health {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Prints the numbers; fails when the account's own cannot send.
pub async fn health(place: &Place, wanted: Option<&str>, asked: &Health) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    let desk = desk(&loaded.config, wanted)?;
    let numbers = desk.phone_numbers().await.map_err(|failure| told("the numbers cannot be read", &failure))?;
    let rows: Vec<Standing> = numbers.iter().map(standing).collect();
    let own = rows.iter().find(|row| row.id == desk.account.phone_number_id);
    let good = own.is_some_and(|row| !["BLOCKED"].contains(&row.can_send.as_str()));
    if asked.json {
        println!("{}", json!({"account": desk.name, "numbers": rows, "ok": good}));
    } else {
        let cells = |row: &Standing| {
            let mark = if row.id == desk.account.phone_number_id { "*" } else { "" };
            [
                mark,
                &row.number,
                &row.name,
                &row.name_status,
                &row.status,
                &row.quality,
                &row.pace,
                &row.limit,
                &row.can_send,
            ]
            .map(str::to_lowercase)
            .to_vec()
        };
        let mut shown: Vec<Vec<String>> = rows.iter().map(cells).collect();
        for (cells, row) in shown.iter_mut().zip(&rows) {
            if let Some(name) = cells.get_mut(2) {
                name.clone_from(&row.name);
            }
        }
        let titles = ["", "number", "name", "name is", "status", "quality", "pace", "may begin", "sending"];
        print!("{}", table(&titles, &shown));
        if own.is_none() {
            println!("{} is none of them: correct phone_number_id or waba_id", desk.account.phone_number_id);
        }
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
