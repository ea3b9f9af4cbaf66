//! Every scenario of the repository, played with the keyless planner.

use souk::eval::report::terminal;
use souk::eval::scenario::load;
use souk::eval::world::model::Answering;
use souk::eval::{self, Plan};
use std::path::Path;

/// Fewer would mean that the folder was not found.
const SCENARIOS_MIN: usize = 36;

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_holds_without_a_model() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("evals/scenarios");
    let scenarios = load::load(&folder).unwrap_or_else(|e| panic!("{e}"));
    assert!(scenarios.len() >= SCENARIOS_MIN, "only {} scenarios", scenarios.len());
    let plan = Plan { answering: Answering::Keyless, floor: false };
    let report = eval::run(scenarios, &plan, &mut |_| {}).await.unwrap();
    assert!(report.is_fine(), "{}", terminal::failures(&report));
}
