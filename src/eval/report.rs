//! What a run found: for people on a terminal, for programs as JSON and JUnit.

pub mod junit;
pub mod terminal;

use crate::domain::conversation::With;
use crate::eval::Error;
use crate::eval::grade::{Failure, quote};
use crate::eval::scenario::Scenario;
use crate::eval::shopper::Played;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// z of a two-sided 95 % interval.
const Z: f64 = 1.959_964;

/// A run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Who answered.
    pub model: String,
    /// By id.
    pub verdicts: Vec<Verdict>,
    /// What passes with nobody answering.
    pub floor: Option<Floor>,
    /// How long it took.
    pub timing: Timing,
}

/// What became of one scenario.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The scenario.
    pub id: String,
    /// The part before the first point.
    pub area: String,
    /// For the totals.
    pub tags: Vec<String>,
    /// Where it was read.
    pub file: String,
    /// In one word.
    pub outcome: Outcome,
    /// Why it is known not to pass.
    pub known_gap: Option<String>,
    /// What is not so.
    pub failures: Vec<Failure>,
    /// What was done and heard, step by step.
    pub talk: Vec<Exchange>,
    /// Steps in which the shopper did something.
    pub turns: usize,
    /// For the whole scenario.
    pub ms: u64,
    /// For its world.
    pub world_ms: u64,
}

/// One step, as a person reads it.
#[derive(Clone, Debug, Serialize)]
pub struct Exchange {
    /// What was done.
    pub done: String,
    /// What was heard.
    pub heard: String,
    /// `agent`, or `colleague` with the reason.
    pub with: String,
}

/// A verdict in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As expected.
    Passed,
    /// Not as expected.
    Failed,
    /// Not as expected, and that is known.
    Gap,
    /// Known not to pass, and passes: the mark has to go.
    Surprise,
    /// Could not be run.
    Broken,
}

/// What passes with nobody answering.
#[derive(Clone, Debug, Serialize)]
pub struct Floor {
    /// Of how many.
    pub of: usize,
    /// Which.
    pub passed: Vec<String>,
}

/// How long a run took.
#[derive(Clone, Debug, Serialize)]
pub struct Timing {
    /// Demo shops opened.
    pub templates: usize,
    /// For all of them.
    pub template_ms: u64,
    /// For one world, on average.
    pub world_ms: u64,
    /// For all scenarios together.
    pub suite_ms: u64,
}

/// How many of how many, with the interval that belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Passed.
    pub passed: usize,
    /// Of so many; known gaps count as not passed.
    pub of: usize,
    /// Wilson's 95 % interval, in per cent.
    pub low: f64,
    /// See `low`.
    pub high: f64,
}

impl Outcome {
    /// Whether the run may still end well.
    pub fn is_fine(self) -> bool {
        matches!(self, Self::Passed | Self::Gap)
    }

    /// As the table prints it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Failed => "FAILED",
            Self::Gap => "gap",
            Self::Surprise => "PASSES (known_gap)",
            Self::Broken => "BROKEN",
        }
    }
}

impl Verdict {
    /// Of a scenario that was played.
    pub fn new(scenario: &Scenario, played: &Played, failures: Vec<Failure>, ms: u64, world_ms: u64) -> Self {
        let outcome = match (failures.is_empty(), &scenario.known_gap) {
            (true, None) => Outcome::Passed,
            (true, Some(_)) => Outcome::Surprise,
            (false, None) => Outcome::Failed,
            (false, Some(_)) => Outcome::Gap,
        };
        let talk = played
            .steps
            .iter()
            .map(|heard| Exchange { done: heard.done.clone(), heard: quote(heard), with: whom(&heard.with) })
            .collect();
        let turns = played.steps.iter().filter(|s| s.shopper_acted).count();
        Self { talk, failures, turns, ms, world_ms, ..Self::empty(scenario, outcome) }
    }

    /// Of a scenario that could not be run.
    pub fn broken(scenario: &Scenario, error: &Error, ms: u64) -> Self {
        let mut found = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            found.push_str(&format!(": {inner}"));
            cause = inner.source();
        }
        let failure = Failure { step: None, expected: "that the scenario can be run".to_owned(), found };
        Self { failures: vec![failure], ms, ..Self::empty(scenario, Outcome::Broken) }
    }

    fn empty(scenario: &Scenario, outcome: Outcome) -> Self {
        Self {
            id: scenario.id.clone(),
            area: scenario.area().to_owned(),
            tags: scenario.tags.clone(),
            file: scenario.file.display().to_string(),
            outcome,
            known_gap: scenario.known_gap.clone(),
            failures: Vec::new(),
            talk: Vec::new(),
            turns: 0,
            ms: 0,
            world_ms: 0,
        }
    }
}

impl Report {
    /// Whether everything is as expected.
    pub fn is_fine(&self) -> bool {
        self.verdicts.iter().all(|v| v.outcome.is_fine())
    }

    /// How many passed.
    pub fn total(&self) -> Share {
        share(self.verdicts.iter())
    }

    /// How many passed, by area and by tag.
    pub fn shares(&self) -> BTreeMap<String, Share> {
        let mut names: Vec<&String> = self.verdicts.iter().flat_map(|v| v.tags.iter().chain([&v.area])).collect();
        names.sort();
        names.dedup();
        let of = |name: &String| share(self.verdicts.iter().filter(|v| &v.area == name || v.tags.contains(name)));
        names.into_iter().map(|name| (name.clone(), of(name))).collect()
    }

    /// Writes `summary.json` and `junit.xml`.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("summary.json"), serde_json::to_vec_pretty(&self.json())?)?;
        std::fs::write(folder.join("junit.xml"), junit::xml(self))
    }

    /// Everything, for programs.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "ok": self.is_fine(), "model": self.model, "total": self.total(), "shares": self.shares(),
            "floor": self.floor, "timing": self.timing, "scenarios": self.verdicts,
        })
    }
}

fn share<'a>(verdicts: impl Iterator<Item = &'a Verdict>) -> Share {
    let (passed, of) = verdicts.fold((0, 0), |(passed, of), v| {
        (passed + usize::from(matches!(v.outcome, Outcome::Passed | Outcome::Surprise)), of + 1)
    });
    let (low, high) = wilson(passed, of);
    Share { passed, of, low, high }
}

fn whom(with: &With) -> String {
    match with {
        With::Agent => with.word().to_owned(),
        With::Colleague { hand_off } => format!("{} ({})", with.word(), hand_off.reason.word()),
    }
}

/// Wilson's interval in per cent, to one decimal.
pub fn wilson(passed: usize, of: usize) -> (f64, f64) {
    if of == 0 {
        return (0.0, 100.0);
    }
    let (n, p) = (of as f64, passed as f64 / of as f64);
    let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let percent = |x: f64| (x.clamp(0.0, 1.0) * 1000.0).round() / 10.0;
    (percent(middle - half), percent(middle + half))
}

#[cfg(test)]
mod tests {
    use super::wilson;

    #[test]
    fn intervals_are_wilsons() {
        // Known values: 8 of 10 gives 49.0 to 94.3, 0 of 10 gives 0 to 27.8.
        assert_eq!(wilson(8, 10), (49.0, 94.3));
        assert_eq!(wilson(0, 10), (0.0, 27.8));
        assert_eq!(wilson(10, 10), (72.2, 100.0));
        assert_eq!(wilson(0, 0), (0.0, 100.0));
    }
}
