//! After-sales on the data of a public benchmark, where that lies beside the checkout.

use crate::skip::{skip, variable};
use souk::eval::tau_retail::data::Database;
use souk::eval::tau_retail::{run, task};
use std::path::PathBuf;

#[tokio::test(flavor = "multi_thread")]
async fn every_right_act_of_tau_retail_ends_as_in_tau() {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/tau-retail");
    let folder = variable("SOUK_TAU_RETAIL").map_or_else(beside, PathBuf::from);
    if !folder.join("db.json").exists() {
        return skip("tau-retail", "the data of tau-retail is not there; name its folder with SOUK_TAU_RETAIL");
    }
    let database = Database::load(&folder).unwrap_or_else(|e| panic!("{e}"));
    let tasks = task::load(&folder).unwrap_or_else(|e| panic!("{e}"));
    let report = run(&database, &tasks, &mut |_, _, _| {}).await.unwrap_or_else(|e| panic!("{e}: {e:?}"));
    println!("{}", report.totals());
    assert!(report.is_fine(), "{}", report.text());
}
