//! Many small worlds of money: shoppers buy, pay, change their minds and send things back, colleagues decide, the provider
//! and the network misbehave, workers die. After every step every promise is checked; a failure names the seed that
//! repeats it. `SOUK_TEST_HISTORIES` says how many worlds, `SOUK_TEST_SEED` tells one of them again.

mod acts;
mod history;

use crate::shop::dying::Dice;
use crate::skip::variable;
use history::World;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;

const HISTORIES: u64 = 16;
const STEPS: u64 = 45;

/// Things that have to happen somewhere in the default run, or it proves nothing.
const WANTED: [&str; 10] = [
    "deaths",
    "order paid",
    "order expired",
    "order cancelled",
    "order fulfilled",
    "amendment done",
    "difference to pay",
    "cancelled after it was paid",
    "second yes",
    "refund asked for",
];

async fn tell(seed: u64, log: &mut Vec<String>) -> BTreeMap<String, u32> {
    let (mut world, mut dice) = (World::open(seed).await, Dice(seed));
    for _ in 0..STEPS {
        let told = world.step(&mut dice).await;
        log.push(told);
        // Some things happen while others are still under way.
        if !dice.one_in(3) {
            world.settles().await;
        }
        world.shop.keeps_its_promises().await;
    }
    log.push("in the end".to_owned());
    world.comes_to_rest().await;
    world.ends().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_every_cent_and_every_piece_is_accounted_for() {
    let only = variable("SOUK_TEST_SEED").and_then(|s| s.parse::<u64>().ok());
    let histories = variable("SOUK_TEST_HISTORIES").and_then(|s| s.parse().ok()).unwrap_or(HISTORIES);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for seed in only.map_or(0..histories, |seed| seed..seed + 1) {
        let mut log = Vec::new();
        match futures_util::FutureExt::catch_unwind(AssertUnwindSafe(tell(seed, &mut log))).await {
            Ok(one) => one.into_iter().for_each(|(what, count)| *seen.entry(what).or_default() += count),
            Err(panic) => {
                println!("seed {seed} fails; repeat it with SOUK_TEST_SEED={seed}\n{}", log.join("\n"));
                std::panic::resume_unwind(panic);
            }
        }
    }
    println!("{} histories of {STEPS} steps: {seen:#?}", if only.is_some() { 1 } else { histories });
    let missing: Vec<_> = WANTED.iter().filter(|what| seen.get(**what).is_none_or(|count| *count == 0)).collect();
    assert!(only.is_some() || missing.is_empty(), "never happened: {missing:?} of {seen:#?}");
}
