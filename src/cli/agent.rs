//! `souk agent`: what concerns the agent itself.

mod calibrate;

use crate::cli::BoxError;
use crate::cli::start::Place;
use std::process::ExitCode;

/// What to do with the agent.
#[derive(Debug, clap::Args)]
pub struct Agent {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Fit how sure an answer has to be to labelled messages, and show how often answers are wrong.
    #[command(
        after_help = "Examples:\n  souk agent calibrate\n  souk agent calibrate --dry-run --plot calibration.svg\n  \
                            souk agent calibrate --model configured\n  souk agent calibrate --json | jq \
                            .held_out.fitted\n\nThe folder holds questions.tsv (a message, a tab, the headings that \
                            answer it, `|` between them) and wishes.tsv (a message, a tab, categories; `*` for any). \
                            `-` means that nothing in the shop answers it."
    )]
    Calibrate(calibrate::Calibrate),
}

/// Does it.
pub async fn agent(place: &Place, asked: &Agent) -> Result<ExitCode, BoxError> {
    match &asked.what {
        What::Calibrate(asked) => calibrate::calibrate(place, asked).await,
    }
}
