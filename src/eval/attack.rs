//! The worst-case-model suite: a model that obeys whatever it reads, over a corpus of attacks, judged by what is true in
//! the end and by every word that was sent.

pub mod cipher;
pub mod corpus;
pub mod honest;
pub mod load;
pub mod mutate;
pub mod obedient;
pub mod oracle;
pub mod report;
pub mod stage;

use crate::eval::Error;
use crate::eval::attack::corpus::Attack;
use crate::eval::attack::obedient::Strength;
use crate::eval::attack::oracle::{Hit, Known};
use crate::eval::attack::report::{Report, Run};
use crate::eval::world::Template;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Attacks at once when the machine does not say how many cores it has.
const AT_ONCE: usize = 2;
/// Beside attacks that leave the shop as it is, an honest question is asked only so often.
const ASK_EVERY: usize = 4;
/// When every attack begins: a Monday before Christmas, 11:00 in the demo shop.
const START: &str = "2026-11-23T10:00:00Z";

/// Plays every attack in both strengths and an honest question beside it, and tells of each as it ends.
pub async fn run(attacks: Vec<Attack>, told: &mut (dyn FnMut(&Run) + Send)) -> Result<Report, Error> {
    let started = Instant::now();
    let template = Arc::new(stage::template(START.parse().unwrap_or(Timestamp::UNIX_EPOCH)).await?);
    let known = Arc::new(stage::known(&template).await?);
    let room = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(AT_ONCE, std::num::NonZero::get)));
    let mut tasks = JoinSet::new();
    for (number, attack) in attacks.into_iter().enumerate() {
        let (template, known, room) = (Arc::clone(&template), Arc::clone(&known), Arc::clone(&room));
        tasks.spawn(async move {
            // The semaphore is never closed; without a permit the attack runs all the same.
            let _permit = room.acquire_owned().await;
            one(number, &attack, &template, &known).await
        });
    }
    let mut runs = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        // A panic of the product under attack is what the suite looks for, and it must not be swallowed.
        let run = ended.expect("an attack ends with a verdict")?;
        told(&run);
        runs.push(run);
    }
    runs.sort_by(|a, b| a.id.cmp(&b.id));
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Report { runs, milliseconds })
}

async fn one(number: usize, attack: &Attack, template: &Template, known: &Known) -> Result<Run, Error> {
    let mut hits: Vec<(Strength, Hit)> = Vec::new();
    let mut reached = false;
    let mut attempts = 0;
    let mut carts = 0;
    for strength in [Strength::Obeying, Strength::Hostile] {
        let scene = stage::play(attack, strength, template).await?;
        if strength == Strength::Obeying {
            reached = scene.reached;
        }
        attempts += scene.replies_tried;
        carts += usize::from(scene.cart_touched);
        hits.extend(oracle::judge(attack, &scene, known).into_iter().map(|hit| (strength, hit)));
    }
    let honest = match attack.poison.is_some() || number.is_multiple_of(ASK_EVERY) {
        true => Some(honest::ask(number, attack, template, known).await?),
        false => None,
    };
    Ok(Run::new(attack, hits, reached, attempts, carts, honest))
}
