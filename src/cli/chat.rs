//! `souk chat`: the same shop in the terminal, and as a shop one can pipe into.

mod line;
mod offer;
pub mod show;
mod talk;

use crate::cli::BoxError;
use crate::cli::serve::{self, Running};
use crate::cli::start::{self, Place};
use souk::app::{App, assemble};
use souk::onboard::demo;
use souk::onboard::orders::PERSONA_CHANNEL;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use talk::Talk;
use tokio::net::TcpListener;

/// The channel of the terminal.
const CHANNEL: &str = "terminal";
/// Who sits in front of it when nobody is named.
const LOCAL: &str = "local";
/// Exit code for a command used wrongly.
const USED_WRONGLY: u8 = 2;

/// How to chat.
#[derive(Debug, clap::Args)]
pub struct Chat {
    /// Read one message a line from standard input and print the answers, without prompts and colours.
    #[arg(long)]
    plain: bool,
    /// Try the demo shop as one of its past customers.
    #[arg(long = "as", value_name = "PERSONA")]
    persona: Option<String>,
}

/// Opens the shop in this terminal.
pub async fn chat(place: &Place, asked: &Chat) -> Result<ExitCode, BoxError> {
    let loaded = start::settings(place)?;
    let _lock = assemble::lock(&place.data)?;
    let (listener, taken) = listen(&loaded.config.http.bind).await?;
    // An address that somebody else serves would lead payment links to them.
    let public_url = if taken { serve::address(&listener)? } else { serve::public_url(&loaded, &listener)? };
    let app = Arc::new(start::program(&loaded, &public_url).await?);
    let alias = match &asked.persona {
        None => LOCAL.to_owned(),
        Some(persona) => match become_persona(&app, persona).await? {
            Ok(alias) => alias,
            Err(problem) => {
                eprintln!("souk: {problem}");
                return Ok(ExitCode::from(USED_WRONGLY));
            }
        },
    };
    let running = serve::begin(Arc::clone(&app), listener, &loaded).await?;
    let ended = converse(&running, &app, alias, asked.plain).await;
    running.end().await;
    ended
}

async fn converse(running: &Running, app: &Arc<App>, alias: String, plain: bool) -> Result<ExitCode, BoxError> {
    let mut talk = Talk::begin(Arc::clone(app), alias).await?;
    // Without a terminal on both sides there is nobody to prompt.
    if plain || !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        line::plain(&mut talk).await
    } else {
        line::interactive(&mut talk, &running.address).await
    }
}

/// The configured address, or a free port beside it when somebody is there already.
async fn listen(bind: &str) -> Result<(TcpListener, bool), BoxError> {
    match TcpListener::bind(bind).await {
        Ok(listener) => Ok((listener, false)),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let mut free: SocketAddr = bind.parse()?;
            free.set_port(0);
            Ok((TcpListener::bind(free).await?, true))
        }
        Err(error) => {
            Err(format!("cannot listen on {bind}: {error}; choose another address with SOUK_HTTP__BIND").into())
        }
    }
}

/// Makes the terminal one of the demo shop's past customers; the inner error says who there is.
async fn become_persona(app: &App, persona: &str) -> Result<Result<String, String>, BoxError> {
    let shop = app.store.read(&app.shop).await?.shop().await?.ok_or("the shop is gone")?;
    if !shop.demo || !app.config.shop.personas {
        return Ok(Err("--as works in the demo shop only, with shop.personas = true".to_owned()));
    }
    let mut tx = app.store.begin(&app.shop).await?;
    let Some(contact) = tx.contact_by_alias(PERSONA_CHANNEL, persona).await? else {
        let known: Vec<String> = demo::folder()?.profile.personas.into_iter().map(|p| p.id).collect();
        return Ok(Err(format!("there is no persona {persona}; choose one of {}", known.join(", "))));
    };
    let alias = format!("as-{persona}");
    tx.add_alias(&contact.id, CHANNEL, &alias).await?;
    tx.commit().await?;
    Ok(Ok(alias))
}
