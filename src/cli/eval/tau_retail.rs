//! `souk eval tau-retail --oracle`: after-sales on the data of a public benchmark, without a model.

use crate::cli::BoxError;
use crate::cli::eval::{FAILED, MISUSED};
use crate::cli::start::{self, bar};
use souk::eval::tau_retail::data::Database;
use souk::eval::tau_retail::{self, Step, task};
use std::path::Path;
use std::process::ExitCode;

/// How it is asked for.
pub const NAME: &str = "tau-retail";

/// Plays it.
pub async fn eval(folder: &Path, json: bool) -> Result<ExitCode, BoxError> {
    let read = Database::load(folder).and_then(|database| Ok((database, task::load(folder)?)));
    let (database, tasks) = match read {
        Ok(read) => read,
        Err(problem) => {
            eprintln!("souk: {}", crate::cli::chain(&problem));
            return Ok(ExitCode::from(MISUSED));
        }
    };
    let bar = bar("Playing");
    let mut told = |step: &Step, done: usize, of: usize| {
        start::set(&bar, done as u64, of as u64);
        bar.set_message(match step {
            Step::Loading => "Taking tau-retail in".to_owned(),
            Step::Task(id) => format!("Playing: task {id}"),
            Step::Attempts(rule) => format!("Trying: {rule}"),
        });
    };
    let report = tau_retail::run(&database, &tasks, &mut told).await;
    bar.finish_and_clear();
    let report = report?;
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", report.text());
    }
    Ok(if report.is_fine() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}
