//! Workers that die between any two steps of sending: nothing is lost, nothing overtakes, and only what nobody can know is
//! sent twice.

use super::*;
use std::collections::BTreeSet;

const SEEDS: u64 = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_whoever_dies() {
    let (mut deaths, mut doubled) = (0, 0);
    for seed in 0..SEEDS {
        let mut talk = Talk::begin().await;
        let mut mortal = Mortal::new(seed);
        // In every other world the network tells what it took, as soon as a worker has died.
        let tells = seed % 2 == 0;
        for n in 0..4 {
            talk.tells(Reply::text(format!("Message {n}."))).await;
            if n == 0 {
                talk.writes("do you have boot wax?").await;
            }
            mortal.settles(&mut talk.shop).await;
            if tells {
                for taken in talk.graph.taken() {
                    talk.hears(&taken.news(Became::Sent)).await;
                }
            }
        }
        for _ in 0..3 {
            talk.shop.waits(2).await;
        }
        deaths += mortal.deaths;
        let texts = talk.texts();
        let mut seen = BTreeSet::new();
        let firsts: Vec<&String> = texts.iter().filter(|text| seen.insert((*text).clone())).collect();
        let own: Vec<&&String> = firsts.iter().filter(|text| text.starts_with("Message")).collect();
        assert_eq!(
            own,
            ["Message 0.", "Message 1.", "Message 2.", "Message 3."].iter().collect::<Vec<_>>(),
            "seed {seed}"
        );
        assert_eq!(firsts.len(), 5, "seed {seed}: {texts:?}");
        assert!(texts.len() - firsts.len() <= mortal.deaths as usize, "seed {seed}: {texts:?}");
        doubled += texts.len() - firsts.len();
        let states = talk.states().await;
        assert!(states.iter().all(|state| state.is_taken()), "seed {seed}: {states:?}");
        assert_eq!(talk.colleague().await, None, "seed {seed}");
        talk.ends().await;
    }
    println!("{deaths} deaths in {SEEDS} worlds, {doubled} messages sent twice");
    assert!(deaths > SEEDS as u32, "only {deaths} deaths");
}
