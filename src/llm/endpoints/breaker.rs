//! A rest for an endpoint that is down: after failures in a row it is left alone, then one request tries it.

use jiff::SignedDuration;
use jiff::Timestamp;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

/// Counts failures in a row. The time is passed in.
#[derive(Debug)]
pub(super) struct Breaker {
    failures_max: u32,
    rest: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// In a row.
    failures: u32,
    /// Set while it rests, and until the request that tries it afterwards is answered.
    rests_until: Option<Timestamp>,
    /// Whether that request is on its way.
    is_tried: bool,
}

/// Leave to ask; what came of it is told to the breaker. Dropped without a word, it counts for nothing.
#[must_use]
#[derive(Debug)]
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    is_trial: bool,
}

impl Breaker {
    /// Rests for so many seconds after so many failures.
    pub(super) fn new(failures_max: u32, rest_seconds: u64) -> Self {
        Self { failures_max, rest: Duration::from_secs(rest_seconds), state: Mutex::default() }
    }

    /// Leave to ask now, or how long to leave it alone.
    pub(super) fn pass(&self, now: Timestamp) -> Result<Pass<'_>, Duration> {
        let mut state = self.state();
        let Some(until) = state.rests_until else { return Ok(Pass { breaker: self, is_trial: false }) };
        let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
        if left > self.rest {
            // The clock was set back.
            state.rests_until = Some(self.rested(now));
            return Err(self.rest);
        }
        if !left.is_zero() {
            return Err(left);
        }
        if state.is_tried {
            return Err(Duration::ZERO);
        }
        state.is_tried = true;
        Ok(Pass { breaker: self, is_trial: true })
    }

    fn rested(&self, now: Timestamp) -> Timestamp {
        let rest = SignedDuration::try_from(self.rest).unwrap_or(SignedDuration::MAX);
        now.checked_add(rest).unwrap_or(Timestamp::MAX)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// The endpoint is there.
    pub(super) fn answered(self) {
        *self.breaker.state() = State::default();
    }

    /// The endpoint failed.
    pub(super) fn failed(self, now: Timestamp) {
        let mut state = self.breaker.state();
        state.failures = state.failures.saturating_add(1);
        if self.is_trial || state.failures >= self.breaker.failures_max {
            state.rests_until = Some(self.breaker.rested(now));
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.is_trial {
            self.breaker.state().is_tried = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Breaker;
    use jiff::Timestamp;
    use std::time::Duration;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn fail(breaker: &Breaker, second: i64) {
        breaker.pass(at(second)).unwrap().failed(at(second));
    }

    #[test]
    fn rests_after_failures_in_a_row_only() {
        let breaker = Breaker::new(3, 30);
        for second in 0..10 {
            fail(&breaker, second);
            fail(&breaker, second);
            breaker.pass(at(second)).unwrap().answered();
        }
        for second in 10..13 {
            fail(&breaker, second);
        }
        assert_eq!(breaker.pass(at(13)).unwrap_err(), Duration::from_secs(29));
    }

    #[test]
    fn one_request_tries_it_afterwards() {
        let breaker = Breaker::new(1, 30);
        fail(&breaker, 0);
        assert!(breaker.pass(at(29)).is_err());
        let trial = breaker.pass(at(30)).unwrap();
        assert!(breaker.pass(at(30)).is_err(), "a second one at the same time");
        trial.failed(at(31));
        assert_eq!(breaker.pass(at(60)).unwrap_err(), Duration::from_secs(1), "it rests again");
        breaker.pass(at(61)).unwrap().answered();
        assert!(breaker.pass(at(61)).is_ok());
    }

    #[test]
    fn a_trial_that_was_given_up_leaves_the_place_free() {
        let breaker = Breaker::new(1, 30);
        fail(&breaker, 0);
        drop(breaker.pass(at(30)).unwrap());
        assert!(breaker.pass(at(30)).is_ok());
    }

    #[test]
    fn a_clock_set_back_rests_no_longer_than_set() {
        let breaker = Breaker::new(1, 30);
        fail(&breaker, 1000);
        assert_eq!(breaker.pass(at(0)).unwrap_err(), Duration::from_secs(30));
        assert!(breaker.pass(at(30)).is_ok());
    }
}
