//! `souk eval`: plays scenarios and says which of them hold.

mod attacks;
mod mutation;
mod retrieval;
mod tau_retail;

use crate::cli::BoxError;
use crate::cli::start::{self, Place, bar, settings};
use clap::ValueEnum;
use souk::app::assemble;
use souk::eval::report::{Report, terminal};
use souk::eval::scenario::{Scenario, load};
use souk::eval::world::model::Answering;
use souk::eval::{self, Plan};
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit code when something is not as expected.
const FAILED: u8 = 1;
/// Exit code when the command was used wrongly.
const MISUSED: u8 = 2;

/// What to play.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A scenario file, a folder with scenarios, attacks, tau-retail, mutation, or retrieval.
    #[arg(default_value = "evals/scenarios")]
    path: PathBuf,
    /// With attacks: a file or a folder of attacks.
    #[arg(default_value = "evals/attacks")]
    corpus: PathBuf,
    /// Who answers: the planner that needs no key, or the endpoint of the settings.
    #[arg(long, value_enum, default_value = "keyless")]
    model: Model,
    /// Only scenarios whose id contains this, or that have it as a tag; only questions that contain it.
    #[arg(long)]
    filter: Option<String>,
    /// Where summary.json and junit.xml are written.
    #[arg(long, default_value = "data/eval")]
    out: PathBuf,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Do not find out how much passes with nobody answering.
    #[arg(long)]
    no_floor: bool,
    /// With tau-retail: do what a right agent would, without a model.
    #[arg(long)]
    oracle: bool,
    /// With tau-retail: the folder with db.json and tasks-dev.json; with mutation: the folder that holds tau-retail, chorus and
    /// feeds; with retrieval: the product feed (.gz as well).
    #[arg(long, env = "SOUK_TAU_RETAIL")]
    data: Option<PathBuf>,
    /// With mutation: sentences of each kind and half.
    #[arg(long, default_value_t = 400)]
    samples: usize,
    #[command(flatten)]
    retrieval: retrieval::Asked,
}

/// Who answers.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Model {
    /// The planner that needs no key.
    Keyless,
    /// The endpoint of the settings.
    Configured,
}

impl Model {
    /// As an evaluation takes it.
    pub fn answering(self, place: &Place) -> Result<Answering, BoxError> {
        match self {
            Self::Keyless => Ok(Answering::Keyless),
            Self::Configured => {
                let loaded = settings(place)?;
                if !loaded.config.has_model() {
                    return Err(
                        "no model is configured; set OPENAI_API_KEY, or SOUK_LLM__BASE_URL and SOUK_LLM__MODEL".into(),
                    );
                }
                assemble::use_one_tls();
                Ok(Answering::Configured(Box::new(loaded.config.llm.addressed())))
            }
        }
    }
}

/// Plays them.
pub async fn eval(place: &Place, arguments: Arguments) -> Result<ExitCode, BoxError> {
    if arguments.path.as_os_str() == mutation::NAME {
        return mutation::eval(arguments.data.as_deref(), arguments.samples, arguments.json);
    }
    if arguments.path.as_os_str() == retrieval::NAME {
        return retrieval::eval(place, &arguments).await;
    }
    let tau = arguments.path.as_os_str() == tau_retail::NAME;
    if tau != arguments.oracle {
        eprintln!("souk: tau-retail and --oracle go together: souk eval tau-retail --oracle");
        return Ok(ExitCode::from(MISUSED));
    }
    if tau {
        let folder = arguments.data.unwrap_or_else(|| PathBuf::from("../shared/data/tau-retail"));
        return tau_retail::eval(&folder, arguments.json).await;
    }
    if arguments.path.as_os_str() == attacks::NAME {
        return attacks::eval(&arguments.corpus, arguments.filter.as_deref(), arguments.json).await;
    }
    let (scenarios, answering) = match prepare(place, &arguments) {
        Ok(prepared) => prepared,
        Err(problem) => {
            eprintln!("souk: {problem}");
            return Ok(ExitCode::from(MISUSED));
        }
    };
    let bar = bar("Playing");
    let of = scenarios.len() as u64;
    let mut done = 0;
    start::set(&bar, done, of);
    let plan = Plan { answering, floor: !arguments.no_floor };
    let report = eval::run(scenarios, &plan, &mut |verdict| {
        done += 1;
        start::set(&bar, done, of);
        bar.set_message(format!("Playing: {}", verdict.id));
    })
    .await;
    bar.finish_and_clear();
    let report = report?;
    report.write(&arguments.out).map_err(|e| format!("{} cannot be written: {e}", arguments.out.display()))?;
    println!("{}", printed(&report, arguments.json)?);
    Ok(if report.is_fine() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn prepare(place: &Place, arguments: &Arguments) -> Result<(Vec<Scenario>, Answering), BoxError> {
    let mut scenarios = load::load(&arguments.path)?;
    if let Some(filter) = &arguments.filter {
        scenarios.retain(|s| s.id.contains(filter.as_str()) || s.tags.contains(filter));
        if scenarios.is_empty() {
            return Err(format!("no scenario's id or tag fits {filter}").into());
        }
    }
    let answering = arguments.model.answering(place)?;
    Ok((scenarios, answering))
}

fn printed(report: &Report, json: bool) -> Result<String, BoxError> {
    Ok(if json { serde_json::to_string_pretty(&report.json())? } else { terminal::text(report) })
}
