//! The commands. Each is a file; this one knows their names and turns failures into a sentence and an exit code.

mod agent;
mod catalog;
mod chat;
mod doctor;
mod eval;
mod export;
mod inbox;
mod ingest;
mod replay;
mod serve;
mod source;
mod start;
mod stripe;
mod trace;
mod usage;
mod whatsapp;

use clap::{Parser, Subcommand};
use souk::telemetry;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// How long background work may take to end.
const SHUTDOWN: Duration = Duration::from_secs(1);
/// Exit code for a command that was used rightly and failed.
const FAILED: u8 = 1;

/// A shop that answers.
#[derive(Debug, Parser)]
#[command(
    name = "souk",
    version,
    about,
    after_help = "Without a command: serve.\n\nExamples:\n  souk\n  souk chat\n  souk ingest products.csv\n  echo 'waterproof jacket under 150' | souk chat --plain"
)]
pub struct Arguments {
    /// The data folder (default ./data).
    #[arg(long, global = true, env = "SOUK_DATA", hide_env = true, default_value = "data")]
    data: PathBuf,
    /// The settings file (default config.toml in the data folder).
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the chat, the payment page and the console (the default).
    #[command(after_help = "Examples:\n  souk serve\n  SOUK_HTTP__BIND=0.0.0.0:8080 souk serve")]
    Serve,
    /// Talk to the shop in this terminal.
    #[command(
        after_help = "Examples:\n  souk chat\n  souk chat --as maya        # a past customer of the demo shop\n  \
                            printf 'hi\\nwaterproof jacket under 150 in M\\n' | souk chat --plain\n\nA line `tap:ID`, \
                            or a button's label, taps the button."
    )]
    Chat(chat::Chat),
    /// Take in products or texts, and have them found.
    #[command(after_help = "Examples:\n  souk ingest products.csv\n  souk ingest my-shop/            # a folder with \
                            shop.toml, products.csv and texts\n  souk ingest returns.md\n  souk ingest https://shop.example/products.csv\n  souk ingest products.csv \
                            --dry-run\n  gunzip -c products.jsonl.gz | souk ingest - --keep\n  souk ingest --reindex")]
    Ingest(ingest::Ingest),
    /// What was taken in when, one report in full, and the way back.
    #[command(
        after_help = "Examples:\n  souk catalog history\n  souk catalog show 8x2k\n  souk catalog undo          \
                            # the last run\n  souk catalog undo 8x2k --json"
    )]
    Catalog(catalog::Catalog),
    /// Feeds that come by themselves from an address.
    #[command(after_help = "Examples:\n  souk source add https://shop.example/products.csv --every 6h\n  souk source \
                            list\n  souk source fetch\n  souk source remove https://shop.example/products.csv")]
    Source(source::Sources),
    /// Conversations waiting for a colleague: list, read, answer, give back.
    #[command(
        after_help = "Examples:\n  souk inbox\n  souk inbox show 8x2k\n  souk inbox reply 8x2k Your parcel left \
                            today. --name Lena\n  souk inbox return 8x2k\n  souk inbox --json"
    )]
    Inbox(inbox::Inbox),
    /// What a conversation's turns did: prompt, calls, facts, checks, decision, tokens, cost, time.
    #[command(
        after_help = "Examples:\n  souk trace 8x2k\n  souk trace 8x2k --turn 3\n  souk trace 8x2k --json | jq .used"
    )]
    Trace(trace::Trace),
    /// Run past turns again from their journals; nothing is sent and nothing is changed.
    #[command(
        after_help = "Examples:\n  souk replay 8x2k                     # \"same\", or what differs\n  souk replay 8x2k --turn 3 \
                      --model http://127.0.0.1:8093/v1/qwen3\n  souk replay 8x2k --turn 3 --prompt my-system.md"
    )]
    Replay(replay::Replay),
    /// What the model's answers used and cost.
    #[command(
        after_help = "Examples:\n  souk usage\n  souk usage --days 7\n  souk usage --json | jq 'select(.kind == \"day\")'"
    )]
    Usage(usage::Usage),
    /// Every setting with its origin, and whether each part works.
    #[command(
        after_help = "Examples:\n  souk doctor\n  souk doctor --json | jq '.checks[] | select(.level != \"ok\")'"
    )]
    Doctor(doctor::Doctor),
    /// Set up being paid through Stripe.
    #[command(after_help = "Examples:\n  souk stripe connect\n  souk stripe connect --dry-run")]
    Stripe(stripe::Stripe),
    /// WhatsApp: connect an account, look after it, try it without one.
    #[command(
        name = "whatsapp",
        after_help = "Examples:\n  souk whatsapp emulate            # try it without an account at Meta\n  souk whatsapp \
                      connect            # set a real one up, step by step\n  souk whatsapp templates create --all-shipped"
    )]
    WhatsApp(whatsapp::WhatsApp),
    /// Write the shop out as JSON lines.
    #[command(after_help = "Examples:\n  souk export --out shop.jsonl\n  souk export --what orders | jq .number")]
    Export(export::Export),
    /// The agent: calibrate how sure it has to be.
    Agent(agent::Agent),
    /// Play scenarios against the agent and say which of them hold.
    #[command(
        after_help = "Examples:\n  souk eval\n  souk eval evals/scenarios/checkout --filter declined\n  souk eval --model configured --json"
    )]
    Eval(eval::Arguments),
}

/// Runs a command.
pub fn run(arguments: Arguments) -> ExitCode {
    let filter = start::variable("RUST_LOG");
    telemetry::start(filter.as_deref());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("souk: the program could not start: {error}");
            return ExitCode::from(FAILED);
        }
    };
    let place = start::Place { data: arguments.data, config: arguments.config };
    let result = runtime.block_on(async {
        match arguments.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::serve(&place).await,
            Command::Chat(asked) => chat::chat(&place, &asked).await,
            Command::Ingest(asked) => ingest::ingest(&place, &asked).await,
            Command::Catalog(asked) => catalog::catalog(&place, &asked).await,
            Command::Source(asked) => source::source(&place, &asked).await,
            Command::Inbox(asked) => inbox::inbox(&place, &asked).await,
            Command::Trace(asked) => trace::trace(&place, &asked).await,
            Command::Replay(asked) => replay::replay(&place, &asked).await,
            Command::Usage(asked) => usage::usage(&place, &asked).await,
            Command::Doctor(asked) => doctor::doctor(&place, &asked).await,
            Command::Stripe(asked) => stripe::stripe(&place, &asked).await,
            Command::WhatsApp(asked) => whatsapp::whatsapp(&place, &asked).await,
            Command::Export(asked) => export::export(&place, &asked).await,
            Command::Agent(asked) => agent::agent(&place, &asked).await,
            Command::Eval(arguments) => eval::eval(&place, arguments).await,
        }
    });
    // A read of the terminal may be under way in the background and would never end by itself.
    runtime.shutdown_timeout(SHUTDOWN);
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("souk: {}", chain(error.as_ref()));
            ExitCode::from(FAILED)
        }
    }
}

/// An error of any kind, at the edge of the program.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An error with its causes, one a line.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let line = inner.to_string();
        if !text.contains(&line) {
            text.push_str("\n  because ");
            text.push_str(&line);
        }
        cause = inner.source();
    }
    text
}
