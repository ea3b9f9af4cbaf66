//! `souk whatsapp`: the business side of WhatsApp.

mod connect;
mod consent;
mod cost;
mod emulate;
mod greetings;
mod health;
mod hook;
mod profile;
mod send;
mod sheet;
mod templates;

use crate::cli::BoxError;
use crate::cli::start::Place;
use clap::{Args, Subcommand};
use souk::channel::whatsapp::Account;
use souk::channel::whatsapp::client::Failure;
use souk::channel::whatsapp::manage::{Desk, finding};
use souk::config::Config;
use std::process::ExitCode;

/// What to do at Meta.
#[derive(Debug, Args)]
pub struct WhatsApp {
    /// Which account of the settings (default: the only one).
    #[arg(long, global = true, value_name = "NAME")]
    account: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check settings, token, number, webhook, profile and catalogue, step by step.
    #[command(after_help = connect::HELP)]
    Connect(connect::Connect),
    /// How the numbers of the business account stand.
    #[command(after_help = health::HELP)]
    Health(health::Health),
    /// Read or change what shoppers see of the business.
    #[command(after_help = profile::HELP)]
    Profile(profile::Profile),
    /// Have the app hear of the business account.
    #[command(after_help = hook::SUBSCRIBE_HELP)]
    Subscribe(hook::Plain),
    /// Have the app hear nothing of the business account any more.
    #[command(after_help = hook::UNSUBSCRIBE_HELP)]
    Unsubscribe(hook::Plain),
    /// Register the number for the Cloud API.
    #[command(after_help = hook::REGISTER_HELP)]
    Register(hook::Register),
    /// Read or change whether cart and catalogue are shown.
    #[command(after_help = hook::COMMERCE_HELP)]
    Commerce(hook::Commerce),
    /// Read or change what is offered before the first word.
    #[command(after_help = greetings::HELP)]
    Greetings(greetings::Asked),
    /// Messages that Meta approved: list, sync, create, delete.
    #[command(after_help = templates::HELP)]
    Templates(templates::Templates),
    /// Send an approved template to one number, or to many from a file.
    #[command(after_help = send::HELP)]
    Send(send::Send),
    /// Who allowed promotions, and in which words: add, list, withdraw.
    #[command(after_help = consent::HELP)]
    Consent(consent::Consents),
    /// What messages cost: by day, country and category.
    #[command(after_help = cost::HELP)]
    Cost(cost::Cost),
    /// Try WhatsApp without an account at Meta: a fake of it with a phone in the browser, and the shop.
    #[command(after_help = emulate::HELP)]
    Emulate(emulate::Emulate),
}

/// Does it; fails when something is not as it should be.
pub async fn whatsapp(place: &Place, asked: &WhatsApp) -> Result<ExitCode, BoxError> {
    let account = asked.account.as_deref();
    match &asked.command {
        Command::Connect(asked) => connect::connect(place, account, asked).await,
        Command::Health(asked) => health::health(place, account, asked).await,
        Command::Profile(asked) => profile::profile(place, account, asked).await,
        Command::Subscribe(asked) => hook::subscribe(place, account, asked, true).await,
        Command::Unsubscribe(asked) => hook::subscribe(place, account, asked, false).await,
        Command::Register(asked) => hook::register(place, account, asked).await,
        Command::Commerce(asked) => hook::commerce(place, account, asked).await,
        Command::Greetings(asked) => greetings::greetings(place, account, asked).await,
        Command::Templates(asked) => templates::templates(place, account, asked).await,
        Command::Send(asked) => send::send(place, account, asked).await,
        Command::Consent(asked) => consent::consent(place, account, asked).await,
        Command::Cost(asked) => cost::cost(place, account, asked).await,
        Command::Emulate(asked) => emulate::emulate(place, asked).await,
    }
}

/// The account that is meant.
pub fn account<'a>(config: &'a Config, wanted: Option<&str>) -> Result<(&'a str, &'a Account), BoxError> {
    let accounts = &config.whatsapp.accounts;
    let names = || accounts.keys().cloned().collect::<Vec<_>>().join(", ");
    match wanted {
        Some(name) => match accounts.get_key_value(name) {
            Some((name, account)) => Ok((name, account)),
            None if accounts.is_empty() => Err(none()),
            None => Err(format!("there is no WhatsApp account {name}; the settings have {}", names()).into()),
        },
        None => match accounts.iter().next() {
            None => Err(none()),
            Some((name, account)) if accounts.len() == 1 => Ok((name, account)),
            Some(_) => Err(format!("there are several WhatsApp accounts: choose with --account ({})", names()).into()),
        },
    }
}

fn none() -> BoxError {
    "there is no WhatsApp account in the settings; `souk whatsapp connect` shows what to write there, `souk whatsapp \
     emulate` needs none"
        .into()
}

/// A desk for the account that is meant.
pub fn desk<'a>(config: &'a Config, wanted: Option<&str>) -> Result<Desk<'a>, BoxError> {
    let (name, account) = account(config, wanted)?;
    Ok(Desk::new(name, account, config.public_url())?)
}

/// What failed and what to do about it.
pub fn told(what: &str, failure: &Failure) -> BoxError {
    format!("{what}: {failure}\n  → {}", finding::remedy(failure)).into()
}

/// Rows under titles, as wide as they need to be.
pub fn table(titles: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(titles.get(column).map(|title| title.chars().count())).max().unwrap_or(0)
    };
    let line = |cells: Vec<&str>| {
        let pad = |(n, cell): (usize, &&str)| format!("{cell:<width$}", width = width(n));
        let padded: Vec<String> = cells.iter().enumerate().map(pad).collect();
        format!("{}\n", padded.join("  ").trim_end())
    };
    let mut text = line(titles.to_vec());
    for row in rows {
        text.push_str(&line(row.iter().map(String::as_str).collect()));
    }
    text
}

/// What Meta would refuse, on the way out of a command that was used wrongly.
pub fn flawed(flaws: &[String]) -> ExitCode {
    for flaw in flaws {
        eprintln!("souk: {flaw}");
    }
    ExitCode::from(2)
}
