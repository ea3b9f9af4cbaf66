//! `souk eval retrieval`: real questions and people's judgements through the search, each part of it apart.

use crate::cli::BoxError;
use crate::cli::eval::{Arguments, MISUSED};
use crate::cli::start::{self, Place, bar};
use souk::config::{self, Loaded};
use souk::eval::retrieval::choice::Choice;
use souk::eval::retrieval::{self, Error, System, carried, house, judgement, plot};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How it is asked for.
pub const NAME: &str = "retrieval";

/// What only this command takes.
#[derive(Debug, clap::Args)]
pub struct Asked {
    /// With retrieval: a CSV with a column query; without it, the questions of --ratings.
    #[arg(long)]
    queries: Option<PathBuf>,
    /// With retrieval: a CSV with query,product_id,rating, rated from 0 (wrong) to 3 (exactly this).
    #[arg(long)]
    ratings: Option<PathBuf>,
    /// With retrieval: a data folder whose shop is measured as it is, instead of a feed named by --data.
    #[arg(long)]
    data_folder: Option<PathBuf>,
    /// With retrieval: what to measure: default, static, or settings and weights such as embed.weight=0.5,rank.place=1.
    #[arg(long = "with", value_name = "NAME|KEY=VALUE,…", default_value = "default")]
    choice: String,
    /// With retrieval: a CSV with query,carried (yes or no): how well "we don't carry that" is said.
    #[arg(long, value_name = "FILE.csv")]
    carried: Option<PathBuf>,
    /// With retrieval: a second configuration to compare with, written the same way.
    #[arg(long, value_name = "NAME|KEY=VALUE,…")]
    against: Option<String>,
    /// With retrieval: products of each list that are looked at.
    #[arg(long, default_value_t = 100)]
    depth: usize,
    /// With retrieval: write a plot of the differences by question.
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    /// With retrieval: write every candidate of every question with its scores, one JSON object a question.
    #[arg(long, value_name = "FILE.jsonl")]
    candidates: Option<PathBuf>,
}

/// Measures.
pub async fn eval(place: &Place, arguments: &Arguments) -> Result<ExitCode, BoxError> {
    let asked = &arguments.retrieval;
    let Some(ratings) = asked.ratings.as_deref() else {
        return misused("retrieval needs --ratings FILE, a CSV with query,product_id,rating");
    };
    let queries = asked.queries.as_deref().unwrap_or(ratings);
    let prepared = judgement::read(queries, ratings, arguments.filter.as_deref()).map_err(Error::from);
    let written = [Some(asked.choice.as_str()), asked.against.as_deref()];
    let choices: Result<Vec<Choice>, Error> = written.into_iter().flatten().map(Choice::read).collect();
    let labels = asked.carried.as_deref().map(carried::read).transpose().map_err(Error::from);
    let (questions, choices, labels) = match prepared.and_then(|questions| Ok((questions, choices?, labels?))) {
        Ok(prepared) => prepared,
        Err(problem) => return misused(&crate::cli::chain(&problem)),
    };
    let from = asked.data_folder.as_deref().or(arguments.data.as_deref());
    let Some(from) = from.filter(|path| path.exists()) else {
        return misused("retrieval needs a catalogue: --data FEED, or --data-folder with a shop that was taken in");
    };
    let bar = bar("Measuring");
    let mut told = |step: &str, done: u64, of: u64| {
        bar.set_message(step.to_owned());
        start::set(&bar, done, of);
    };
    let mut opened = Vec::new();
    for choice in choices {
        let loaded = loaded(place, &choice, from, &arguments.out)?;
        let (app, shop) = match from.is_dir() {
            true => house::as_it_is(&loaded).await?,
            false => house::of_feed(&loaded, from, &mut told).await?,
        };
        opened.push((choice, app, shop));
    }
    let systems: Vec<System<'_>> = opened
        .iter()
        .map(|(choice, app, shop)| System { name: choice.name.clone(), app, shop, ranking: choice.ranking.clone() })
        .collect();
    let Some((first, rest)) = systems.split_first() else { return misused("nothing to measure") };
    let wanted =
        retrieval::Asked { questions: &questions, labels: &labels.unwrap_or_default(), depth: asked.depth.max(1) };
    let report = retrieval::run(&wanted, first, rest.first(), &mut told).await;
    bar.finish_and_clear();
    let report = report?;
    if let Some(file) = &asked.plot {
        std::fs::write(file, plot::svg(&report)).map_err(|e| format!("{} cannot be written: {e}", file.display()))?;
    }
    if let Some(file) = &asked.candidates {
        let line =
            |(query, candidates)| serde_json::json!({ "query": query, "candidates": candidates }).to_string() + "\n";
        let lines: String = report.candidates.iter().map(|(query, candidates)| line((query, candidates))).collect();
        std::fs::write(file, lines).map_err(|e| format!("{} cannot be written: {e}", file.display()))?;
    }
    println!("{}", if arguments.json { serde_json::to_string_pretty(&report)? } else { report.text() });
    for (_, app, _) in &opened {
        app.store.close().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// The settings a choice asks for, on a folder of its own where a feed is measured.
fn loaded(place: &Place, choice: &Choice, from: &Path, out: &Path) -> Result<Loaded, BoxError> {
    let environment = start::environment().into_iter().chain(choice.settings.iter().cloned());
    if from.is_dir() {
        return Ok(config::load(from, place.config.as_deref(), environment)?);
    }
    let mut loaded = config::load(&place.data, place.config.as_deref(), environment)?;
    // A shop of its own in files of its own, whatever the settings say of the real one.
    loaded.config.database = Default::default();
    loaded.config.shop.id = String::new();
    loaded.data = house::folder(&out.join(NAME), from, &loaded.config.embed.model)?;
    Ok(loaded)
}

fn misused(problem: &str) -> Result<ExitCode, BoxError> {
    eprintln!("souk: {problem}");
    Ok(ExitCode::from(MISUSED))
}
