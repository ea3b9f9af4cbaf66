//! The `souk` program: arguments in, one call each.

mod cli;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    cli::run(arguments)
}
