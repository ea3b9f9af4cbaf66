//! How fast the business may write: a bucket for each number, and a debt for each pair of number and person.

use crate::emulator::settings::PairLimit;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// One message to the same person in this many milliseconds.
const PAIR_MS: i64 = 6_000;
/// Pairs that are remembered; when there are more, those without a debt are forgotten.
const PAIRS_MAX: usize = 10_000;
/// Messages of a burst to one person.
const BURST: i64 = 45;

/// What has been used up.
#[derive(Clone, Debug, Default)]
pub struct Throttle {
    /// Number → milliseconds until which its throughput is spoken for, in thousandths.
    buckets: BTreeMap<String, i64>,
    pairs: BTreeMap<(String, String), Pair>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    burst_from: i64,
    count: i64,
    paid_at: i64,
}

impl Throttle {
    /// Uses one message of a number's throughput; false when there is none left in this second.
    pub fn number(&mut self, number: &str, per_second: u32, now: Timestamp) -> bool {
        let now = now.as_millisecond() * 1_000;
        let each = 1_000_000 / i64::from(per_second.max(1));
        let until = self.buckets.entry(number.to_owned()).or_insert(now);
        let next = (*until).max(now) + each;
        let free = next - now <= 1_000_000;
        if free {
            *until = next;
        }
        free
    }

    /// Uses one message to a person; false when that is too often.
    pub fn pair(&mut self, number: &str, person: &str, limit: PairLimit, now: Timestamp) -> bool {
        let now = now.as_millisecond();
        if self.pairs.len() > PAIRS_MAX {
            self.pairs.retain(|_, pair| pair.paid_at > now);
        }
        let pair = self.pairs.entry((number.to_owned(), person.to_owned())).or_default();
        let in_burst = now - pair.burst_from < PAIR_MS && pair.count < BURST && pair.count > 0;
        let allowed = match limit {
            PairLimit::Off => true,
            PairLimit::Borrowed => pair.paid_at.max(now) + PAIR_MS - now <= BURST * PAIR_MS,
            PairLimit::PaidBack => in_burst || pair.paid_at <= now,
        };
        if allowed {
            if !in_burst {
                (pair.burst_from, pair.count) = (now, 0);
            }
            pair.count += 1;
            pair.paid_at = pair.paid_at.max(now) + PAIR_MS;
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_790_000_000_000 + ms).unwrap()
    }

    #[test]
    fn a_number_sends_so_many_a_second() {
        let mut throttle = Throttle::default();
        let sent = (0..200).filter(|_| throttle.number("n", 80, at(0))).count();
        assert_eq!(sent, 80);
        assert!(!throttle.number("n", 80, at(1)));
        assert!(throttle.number("n", 80, at(13)));
        assert!(throttle.number("other", 80, at(0)));
        assert_eq!((0..200).filter(|_| throttle.number("n", 80, at(5_000))).count(), 80);
    }

    #[test]
    fn a_burst_is_borrowed() {
        let mut throttle = Throttle::default();
        let burst = (0..60).filter(|_| throttle.pair("n", "p", PairLimit::Borrowed, at(0))).count();
        assert_eq!(burst, 45);
        assert!(!throttle.pair("n", "p", PairLimit::Borrowed, at(5_999)));
        assert!(throttle.pair("n", "p", PairLimit::Borrowed, at(6_000)));
        assert!(throttle.pair("n", "q", PairLimit::Borrowed, at(0)));
    }

    #[test]
    fn the_strict_reading_wants_the_debt_paid() {
        let mut throttle = Throttle::default();
        let burst = (0..20).filter(|_| throttle.pair("n", "p", PairLimit::PaidBack, at(0))).count();
        assert_eq!(burst, 20);
        assert!(!throttle.pair("n", "p", PairLimit::PaidBack, at(119_000)));
        assert!(throttle.pair("n", "p", PairLimit::PaidBack, at(120_000)));
        assert!(throttle.pair("n", "o", PairLimit::Off, at(0)));
    }
}
