//! `souk agent calibrate`: plays labelled messages, fits weights and thresholds, and writes them where the next start
//! reads them.

use crate::cli::start::{self, Place, bar};
use crate::cli::{BoxError, chain, eval};
use souk::app::assemble;
use souk::eval::calibrate::{self, Report, labels, plot, terminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Exit code when the command was used wrongly.
const MISUSED: u8 = 2;

/// From what, and where to.
#[derive(Debug, clap::Args)]
pub struct Calibrate {
    /// The folder with questions.tsv and wishes.tsv.
    #[arg(long, default_value = "evals/labels")]
    labels: PathBuf,
    /// Who answers: the planner that needs no key, or the endpoint of the settings.
    #[arg(long, value_enum, default_value = "keyless")]
    model: eval::Model,
    /// Where weights and thresholds are written (default calibration.json in the data folder).
    #[arg(long)]
    out: Option<PathBuf>,
    /// Draw risk over coverage and the reliability of the risks into this SVG file.
    #[arg(long)]
    plot: Option<PathBuf>,
    /// Print JSON, with every message.
    #[arg(long)]
    json: bool,
    /// Write no weights and thresholds.
    #[arg(long)]
    dry_run: bool,
}

/// Calibrates.
pub async fn calibrate(place: &Place, asked: &Calibrate) -> Result<ExitCode, BoxError> {
    let labels = match labels::load(&asked.labels) {
        Ok(labels) => labels,
        Err(problem) => {
            eprintln!("souk: {}", chain(&problem));
            return Ok(ExitCode::from(MISUSED));
        }
    };
    let answering = asked.model.answering(place)?;
    let bar = bar("Asking");
    start::set(&bar, 0, labels.len() as u64);
    let report = calibrate::run(&labels, &answering, &mut |done, text| {
        start::set(&bar, done as u64, labels.len() as u64);
        bar.set_message(format!("Asking: {text}"));
    })
    .await;
    bar.finish_and_clear();
    let report = report?;
    let written = if asked.dry_run { None } else { Some(write(place, asked, &report)?) };
    if let Some(file) = &asked.plot {
        std::fs::write(file, plot::svg(&report)).map_err(|e| format!("{} cannot be written: {e}", file.display()))?;
    }
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", terminal::text(&report));
        println!("\n{}", end(&report, written.as_deref()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes beside the file first, so that a start in between reads the old one or the new one.
fn write(place: &Place, asked: &Calibrate, report: &Report) -> Result<PathBuf, BoxError> {
    let file = asked.out.clone().unwrap_or_else(|| place.data.join(assemble::CALIBRATION));
    let failed = |e: std::io::Error| format!("{} cannot be written: {e}", file.display());
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let new = file.with_extension("json.new");
    std::fs::write(&new, serde_json::to_string_pretty(&report.calibration)? + "\n").map_err(failed)?;
    std::fs::rename(&new, &file).map_err(failed)?;
    Ok(file)
}

fn end(report: &Report, written: Option<&Path>) -> String {
    let better = report.held_out.fitted.beats(&report.held_out.shipped);
    let judged = if better { "costs less than" } else { "does not beat" };
    let judged = format!("On the held-out half the fitted one {judged} the shipped one.");
    match written {
        Some(file) => format!(
            "{judged}\nWritten to {}; the next start uses it from the data folder. Delete it to use what is shipped.",
            file.display()
        ),
        None => format!("{judged}\nNothing was written."),
    }
}
