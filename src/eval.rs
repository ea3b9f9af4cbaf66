//! Evaluation: scripted shoppers in worlds of their own, and a verdict for each story from what was heard and what is
//! true in the end. Needs no model and no network, so it runs on every change.

pub mod attack;
pub mod calibrate;
pub mod grade;
pub mod mutation;
pub mod report;
pub mod retrieval;
pub mod scenario;
pub mod shopper;
pub mod tau_retail;
pub mod world;

use crate::eval::grade::grade;
use crate::eval::report::{Floor, Outcome, Report, Timing, Verdict};
use crate::eval::scenario::Scenario;
use crate::eval::world::model::Answering;
use crate::eval::world::{Template, World};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Scenarios at once when the machine does not say how many cores it has.
const AT_ONCE: usize = 2;

/// Why a scenario could not be run at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A colleague's decision was not carried out.
    #[error("a decision was not carried out")]
    Checkout(#[from] crate::checkout::Error),
    /// No room for a world.
    #[error("a temporary folder cannot be used")]
    Scratch(#[source] std::io::Error),
    /// The template did not close.
    #[error("the template's database did not close")]
    Template,
    /// The demo shop did not open.
    #[error("the demo shop could not be opened")]
    Onboard(#[from] crate::onboard::Error),
    /// The rows.
    #[error("the rows could not be read or written")]
    Store(#[from] crate::store::Error),
    /// The index.
    #[error("the index could not be opened")]
    Search(#[from] crate::search::Error),
    /// The sandbox.
    #[error("the payment sandbox could not be opened")]
    Payment(#[from] crate::payment::choose::Error),
    /// An event of the sandbox was refused.
    #[error("an event of the payment sandbox was refused")]
    Event(#[from] crate::checkout::receive::Error),
    /// A turn did not end.
    #[error("a turn did not end")]
    Agent(#[from] crate::agent::Error),
    /// A step outside the agent failed.
    #[error("a step in the conversation failed")]
    Conversation(#[from] crate::conversation::Error),
    /// The model's settings.
    #[error("the model endpoint's settings cannot be used")]
    Model(#[from] crate::llm::choose::Error),
    /// An unknown persona.
    #[error("the demo shop has no persona \"{0}\"")]
    Persona(String),
    /// A step that says two things or none.
    #[error("{0}")]
    Step(String),
    /// Work without end.
    #[error("the world does not come to rest")]
    Restless,
}

/// How to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who answers.
    pub answering: Answering,
    /// Whether to find out how much passes with nobody answering.
    pub floor: bool,
}

/// Runs scenarios, as many at once as there are cores, and tells of each as it ends.
pub async fn run(
    scenarios: Vec<Scenario>,
    plan: &Plan,
    told: &mut (dyn FnMut(&Verdict) + Send),
) -> Result<Report, Error> {
    let started = Instant::now();
    let mut templates: BTreeMap<Timestamp, Arc<Template>> = BTreeMap::new();
    for scenario in &scenarios {
        if let std::collections::btree_map::Entry::Vacant(e) = templates.entry(scenario.at) {
            e.insert(Arc::new(Template::build(scenario.at).await?));
        }
    }
    let template = started.elapsed();
    let scenarios: Vec<Arc<Scenario>> = scenarios.into_iter().map(Arc::new).collect();
    let suite = Instant::now();
    let mut verdicts = all(&scenarios, &templates, &plan.answering, told).await;
    verdicts.sort_by(|a, b| a.id.cmp(&b.id));
    let suite = suite.elapsed();
    let floor = if plan.floor { Some(floor(&scenarios, &templates).await) } else { None };
    let timing = Timing {
        templates: templates.len(),
        template_ms: milliseconds(template),
        world_ms: mean(verdicts.iter().map(|v| v.world_ms)),
        suite_ms: milliseconds(suite),
    };
    Ok(Report { model: plan.answering.name(), verdicts, floor, timing })
}

/// What passes when nobody answers: a number to subtract in one's head. Scripted stories bring their own model and are
/// left out, and so are known gaps.
async fn floor(scenarios: &[Arc<Scenario>], templates: &BTreeMap<Timestamp, Arc<Template>>) -> Floor {
    let fair: Vec<Arc<Scenario>> =
        scenarios.iter().filter(|s| s.script.is_empty() && s.known_gap.is_none()).cloned().collect();
    let mut verdicts = all(&fair, templates, &Answering::Nobody, &mut |_| {}).await;
    verdicts.retain(|v| v.outcome == Outcome::Passed);
    let mut passed: Vec<String> = verdicts.into_iter().map(|v| v.id).collect();
    passed.sort();
    Floor { of: fair.len(), passed }
}

async fn all(
    scenarios: &[Arc<Scenario>],
    templates: &BTreeMap<Timestamp, Arc<Template>>,
    answering: &Answering,
    told: &mut (dyn FnMut(&Verdict) + Send),
) -> Vec<Verdict> {
    let cores = std::thread::available_parallelism().map_or(AT_ONCE, std::num::NonZero::get);
    let room = Arc::new(Semaphore::new(cores));
    let mut tasks = JoinSet::new();
    for scenario in scenarios {
        let Some(template) = templates.get(&scenario.at).cloned() else { continue };
        let (scenario, answering, room) = (Arc::clone(scenario), answering.clone(), Arc::clone(&room));
        tasks.spawn(async move {
            // The semaphore is never closed; without a permit the scenario runs all the same.
            let _permit = room.acquire_owned().await;
            one(&scenario, &template, &answering).await
        });
    }
    let mut verdicts = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        // A panic of the harness itself is a mistake to be seen, not to be counted as a failed story.
        let verdict = ended.expect("a scenario's task ends with a verdict");
        told(&verdict);
        verdicts.push(verdict);
    }
    verdicts
}

/// Plays one scenario in a world of its own.
pub async fn one(scenario: &Scenario, template: &Template, answering: &Answering) -> Verdict {
    let started = Instant::now();
    match played(scenario, template, answering).await {
        Ok((played, world_ms)) => {
            let failures = grade(scenario, &played);
            Verdict::new(scenario, &played, failures, milliseconds(started.elapsed()), world_ms)
        }
        Err(error) => Verdict::broken(scenario, &error, milliseconds(started.elapsed())),
    }
}

async fn played(
    scenario: &Scenario,
    template: &Template,
    answering: &Answering,
) -> Result<(shopper::Played, u64), Error> {
    let started = Instant::now();
    let world = World::open(template, answering.model(&scenario.script)?).await?;
    let opened = milliseconds(started.elapsed());
    let played = shopper::play(&world, scenario).await;
    world.close().await;
    Ok((played?, opened))
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn mean(numbers: impl Iterator<Item = u64>) -> u64 {
    let (sum, count) = numbers.fold((0u64, 0u64), |(sum, count), n| (sum.saturating_add(n), count + 1));
    sum.checked_div(count).unwrap_or(0)
}
