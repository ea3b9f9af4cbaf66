//! How fast one number may send: in all, and to one shopper. Kept in this process; the network has the last word.

use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

#[cfg(test)]
mod tests;

/// Messages to one shopper at once; what is borrowed is paid back by waiting.
const PAIR_BURST: i64 = 45;
/// Between two messages to one shopper in the long run.
const PAIR_EVERY: SignedDuration = SignedDuration::from_secs(6);
/// Shoppers that are remembered. Who is forgotten may write a burst again.
const PAIRS_MAX: usize = 50_000;
/// The part of a second that a number may send at once.
const BURST_PARTS: i64 = 4;

/// The pace of one number.
#[derive(Debug)]
pub struct Pace {
    every: SignedDuration,
    burst: SignedDuration,
    state: Mutex<State>,
}

/// Why a message has to wait, and how long until asking again makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The number sends too much.
    Number(SignedDuration),
    /// This shopper gets too much.
    Shopper(SignedDuration),
}

/// For the number and for each shopper: when everything sent so far would have been sent at an even pace.
#[derive(Debug, Default)]
struct State {
    all: Option<Timestamp>,
    pairs: HashMap<String, Timestamp>,
}

impl Pace {
    /// So many messages a second.
    pub fn new(per_second: u32) -> Self {
        let per_second = i64::from(per_second.max(1));
        let every = SignedDuration::from_nanos(1_000_000_000 / per_second);
        let at_once = i32::try_from((per_second / BURST_PARTS).max(1)).unwrap_or(i32::MAX);
        Self { every, burst: every.saturating_mul(at_once), state: Mutex::default() }
    }

    /// Asks for one message to a shopper. Nothing when it may leave now; it counts as sent then. Otherwise why to
    /// wait before asking again, and nothing is counted.
    pub fn ask(&self, shopper: &str, now: Timestamp) -> Option<Wait> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let pair_burst = PAIR_EVERY.saturating_mul(i32::try_from(PAIR_BURST).unwrap_or(i32::MAX));
        let all = next(state.all, self.every, self.burst, now);
        let pair = next(state.pairs.get(shopper).copied(), PAIR_EVERY, pair_burst, now);
        match (all, pair) {
            (Ok(all), Ok(pair)) => {
                state.all = Some(all);
                state.remember(shopper, pair, now);
                None
            }
            (_, Err(wait)) => Some(Wait::Shopper(wait)),
            (Err(wait), Ok(_)) => Some(Wait::Number(wait)),
        }
    }
}

impl State {
    fn remember(&mut self, shopper: &str, until: Timestamp, now: Timestamp) {
        if self.pairs.len() >= PAIRS_MAX && !self.pairs.contains_key(shopper) {
            self.pairs.retain(|_, paid| *paid > now);
            if self.pairs.len() >= PAIRS_MAX {
                // Everybody owes something. Those who owe least lose least by being forgotten.
                let mut owed: Vec<Timestamp> = self.pairs.values().copied().collect();
                owed.sort_unstable();
                let middle = owed.get(owed.len() / 2).copied().unwrap_or(now);
                self.pairs.retain(|_, paid| *paid > middle);
            }
        }
        self.pairs.insert(shopper.to_owned(), until);
    }
}

/// The next even moment after one more message, or how long until there is room for it.
fn next(
    even: Option<Timestamp>,
    every: SignedDuration,
    burst: SignedDuration,
    now: Timestamp,
) -> Result<Timestamp, SignedDuration> {
    let after = even.unwrap_or(now).max(now).checked_add(every).unwrap_or(Timestamp::MAX);
    let ahead = after.duration_since(now);
    if ahead <= burst { Ok(after) } else { Err(ahead - burst) }
}
