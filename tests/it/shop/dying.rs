//! Processes that die: jobs are cut off at any await, their leases run out, and another process goes on from the files.

use crate::world::TestShop;
use jiff::Span;
use souk::app::App;
use souk::domain::id::JobId;
use souk::store::jobs::Claimed;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::task::Poll;

/// Times one job is cut off; after six tries a colleague would take over.
const DEATHS_MAX: u32 = 3;
/// Polls after which a job is surely done.
const POLLS_MAX: u64 = 60;
/// Steps of one settling.
const STEPS_MAX: usize = 3_000;

/// Numbers that are the same for the same seed (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    /// The next one, below a limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    /// Whether one of so many chances came true.
    pub fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }
}

/// A worker that dies a lot.
pub struct Mortal {
    /// What decides.
    pub dice: Dice,
    /// How often it died.
    pub deaths: u32,
    died_in: BTreeMap<JobId, u32>,
}

/// Runs a future for so many polls and then drops it, as a process that dies there would.
pub async fn at_most<F: Future>(mut polls: u64, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    poll_fn(move |context| {
        if polls == 0 {
            return Poll::Ready(None);
        }
        polls -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

async fn work(app: &App, claimed: &Claimed) -> Result<(), String> {
    souk::worker::work(app, claimed).await.map_err(|e| format!("{e:?}"))
}

impl Mortal {
    /// One whose deaths follow from a seed.
    pub fn new(seed: u64) -> Self {
        Self { dice: Dice(seed), deaths: 0, died_in: BTreeMap::new() }
    }

    /// Works until nothing is due soon, dying on the way.
    pub async fn settles(&mut self, shop: &mut TestShop) {
        for _ in 0..STEPS_MAX {
            if self.dice.one_in(4) {
                shop.webhooks().await;
            }
            let now = shop.app.now();
            let until = now.checked_add(Span::new().seconds(30)).unwrap();
            match shop.app.store.claim_job("mortal", now, until).await.unwrap() {
                Some(claimed) => self.attend(shop, &claimed).await,
                None if shop.webhooks().await > 0 => {}
                None => match shop.app.store.next_due().await.unwrap() {
                    Some(due) if due > now && due.duration_since(now).as_secs() <= 90 => {
                        let wait = due.duration_since(now).as_millis() as i64;
                        shop.clock.advance(Span::new().milliseconds(wait));
                    }
                    // What is due waits behind a job that nobody is doing any more.
                    _ if shop.app.store.count_jobs().await.unwrap().running > 0 => self.revive(shop).await,
                    _ => return,
                },
            }
        }
        panic!("the shop does not settle down");
    }

    /// Does a job, or dies in it.
    pub async fn attend(&mut self, shop: &mut TestShop, claimed: &Claimed) {
        let died = self.died_in.entry(claimed.id.clone()).or_default();
        let mortal = *died < DEATHS_MAX && self.dice.one_in(2);
        let polls = if mortal { self.dice.below(POLLS_MAX) } else { u64::MAX };
        let Some(result) = at_most(polls, work(&shop.app, claimed)).await else {
            *died += 1;
            return self.dies(shop).await;
        };
        if mortal && self.dice.one_in(3) {
            // All is done, only not noted down: the job will be done again.
            *died += 1;
            return self.dies(shop).await;
        }
        let mut tx = shop.app.store.begin(&claimed.shop).await.unwrap();
        match result {
            Ok(()) => assert!(tx.finish_job(claimed).await.unwrap(), "the job was somebody else's"),
            Err(why) => {
                assert!(claimed.attempt < 12, "{claimed:?} fails again and again: {why}");
                let later = shop.app.after(Span::new().seconds(1));
                tx.return_job(claimed, Some(later), &why).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
    }

    async fn dies(&mut self, shop: &mut TestShop) {
        self.deaths += 1;
        if self.dice.one_in(3) {
            shop.dies().await;
        }
        // Sometimes others work on before the lease runs out.
        if self.dice.one_in(2) {
            self.revive(shop).await;
        }
    }

    /// Lets the leases of the dead run out.
    pub async fn revive(&mut self, shop: &TestShop) {
        shop.clock.advance(Span::new().seconds(31));
        shop.app.store.free_lost_jobs(shop.app.now()).await.unwrap();
    }
}
