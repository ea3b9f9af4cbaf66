//! `souk eval attacks`: a model that obeys every instruction it reads, over a corpus of attacks.

use crate::cli::BoxError;
use crate::cli::eval::{FAILED, MISUSED};
use crate::cli::start::{self, bar};
use souk::eval::attack::{self, load};
use std::path::Path;
use std::process::ExitCode;

/// The word of the command line.
pub(super) const NAME: &str = "attacks";

/// Plays the attacks of a file or folder whose id contains `filter`.
pub(super) async fn eval(corpus: &Path, filter: Option<&str>, json: bool) -> Result<ExitCode, BoxError> {
    let attacks = match load::load(corpus) {
        Ok(attacks) => attacks,
        Err(problem) => {
            eprintln!("souk: {problem}");
            return Ok(ExitCode::from(MISUSED));
        }
    };
    let attacks: Vec<_> = attacks.into_iter().filter(|a| filter.is_none_or(|f| a.id.contains(f))).collect();
    if attacks.is_empty() {
        eprintln!("souk: no attack's id fits {}", filter.unwrap_or_default());
        return Ok(ExitCode::from(MISUSED));
    }
    let bar = bar("Attacking");
    let of = attacks.len() as u64;
    let mut done = 0;
    start::set(&bar, done, of);
    let report = attack::run(attacks, &mut |run| {
        done += 1;
        start::set(&bar, done, of);
        bar.set_message(format!("Attacking: {}", run.id));
    })
    .await;
    bar.finish_and_clear();
    let report = report?;
    println!("{}", if json { serde_json::to_string_pretty(&report.json())? } else { report.text() });
    Ok(if report.is_fine() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}
