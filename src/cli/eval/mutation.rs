//! `souk eval mutation`: true replies about real goods and orders made false, and how many of them the check catches.

use crate::cli::BoxError;
use crate::cli::eval::MISUSED;
use souk::eval::mutation::{self, source};
use std::path::Path;
use std::process::ExitCode;

/// How it is asked for.
pub const NAME: &str = "mutation";
/// Where the data usually lies.
const FOLDER: &str = "../shared/data";
/// The same seed makes the same table.
const SEED: u64 = 7;

/// Makes the table.
pub fn eval(folder: Option<&Path>, samples: usize, json: bool) -> Result<ExitCode, BoxError> {
    let goods = match source::load(folder.unwrap_or(Path::new(FOLDER))) {
        Ok(goods) => goods,
        Err(problem) => {
            eprintln!("souk: {}", crate::cli::chain(&problem));
            return Ok(ExitCode::from(MISUSED));
        }
    };
    let table = mutation::run(&goods, samples, SEED);
    if json {
        println!("{}", serde_json::to_string_pretty(&table)?);
    } else {
        print!("{}", table.text());
    }
    Ok(ExitCode::SUCCESS)
}
