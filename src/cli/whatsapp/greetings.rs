//! `souk whatsapp greetings`: what a shopper is offered before the first word.

use crate::cli::BoxError;
use crate::cli::start::{self, Place};
use crate::cli::whatsapp::{desk, flawed, told};
use serde_json::json;
use souk::channel::whatsapp::manage::greetings::Greetings;
use std::process::ExitCode;

/// Examples and exit codes.
pub const HELP: &str = "Examples:\n  souk whatsapp greetings\n  souk whatsapp greetings --prompt 'Where is my order?' \
                        --prompt 'Show me tents'\n  souk whatsapp greetings --command 'orders=My orders' --command \
                        'person=Talk to a person'\n  souk whatsapp greetings --clear\n\nWhat is given replaces what was \
                        there, prompts and commands each for themselves. At most 4 prompts of 80 characters without \
                        emoji, and 30 commands of 32 with a hint of 256.\nExit code: 0 done, 1 Meta refused, 2 used \
                        wrongly or too long.";

/// What to offer; nothing reads it.
#[derive(Debug, clap::Args)]
pub struct Asked {
    /// An ice breaker; a tapped one comes as if it had been written.
    #[arg(long)]
    prompt: Vec<String>,
    /// A command and what it does: NAME=HINT.
    #[arg(long, value_name = "NAME=HINT")]
    command: Vec<String>,
    /// Offer nothing any more.
    #[arg(long, conflicts_with_all = ["prompt", "command"])]
    clear: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Reads or changes them.
pub async fn greetings(place: &Place, wanted: Option<&str>, asked: &Asked) -> Result<ExitCode, BoxError> {
    let commands = asked.command.iter().map(|given| {
        let (name, hint) = given.split_once('=').unwrap_or((given, ""));
        (name.trim().trim_start_matches('/').to_owned(), hint.trim().to_owned())
    });
    let given = Greetings { prompts: asked.prompt.clone(), commands: commands.collect() };
    if let Err(flaws) = given.check() {
        return Ok(flawed(&flaws));
    }
    let loaded = start::settings(place)?;
    let desk = desk(&loaded.config, wanted)?;
    let read = async || desk.greetings().await.map_err(|failure| told("the greetings cannot be read", &failure));
    let mut now = read().await?;
    let changes = asked.clear || !given.prompts.is_empty() || !given.commands.is_empty();
    if changes {
        // Meta takes both at once: what is not given stays as it is.
        let keep = |is_given: bool| !asked.clear && !is_given;
        let wish = Greetings {
            prompts: if keep(!given.prompts.is_empty()) { now.prompts } else { given.prompts },
            commands: if keep(!given.commands.is_empty()) { now.commands } else { given.commands },
        };
        desk.set_greetings(&wish).await.map_err(|failure| told("the greetings are as they were", &failure))?;
        now = read().await?;
    }
    if asked.json {
        println!("{}", json!({"account": desk.name, "changed": changes, "greetings": now}));
        return Ok(ExitCode::SUCCESS);
    }
    if now == Greetings::default() {
        println!("Nothing is offered; souk whatsapp greetings --prompt 'Where is my order?' does.");
    }
    now.prompts.iter().for_each(|prompt| println!("prompt   {prompt}"));
    now.commands.iter().for_each(|(name, hint)| println!("command  /{name}  {hint}"));
    Ok(ExitCode::SUCCESS)
}
