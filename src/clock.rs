//! Now, and new ids: real ones, or by hand so that a test can move time and repeat itself.

use crate::domain::id::Id;
use jiff::{Span, Timestamp};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct HandClock(Mutex<Timestamp>);

/// Where ids come from.
pub trait Ids: Send + Sync {
    /// Letters and digits that sort by time: milliseconds, then something unique.
    fn sortable(&self, now: Timestamp) -> String;

    /// Letters and digits nobody can guess (160 bits).
    fn secret(&self) -> String;
}

/// Ids from the operating system's randomness. Within one millisecond they count on, so that they still sort.
#[derive(Debug, Default)]
pub struct RandomIds(Mutex<Option<(u64, u128)>>);

/// Ids that count up: the same in every run.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

/// A new id of a kind.
pub fn new_id<T: Id>(ids: &dyn Ids, now: Timestamp) -> T {
    T::from_text(format!("{}_{}", T::PREFIX, ids.sortable(now)))
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl HandClock {
    /// A clock standing at a moment.
    pub fn at(moment: Timestamp) -> Self {
        Self(Mutex::new(moment))
    }

    /// Moves the clock forward.
    pub fn advance(&self, span: Span) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add(span).expect("a test stays within time's range");
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ids for RandomIds {
    fn sortable(&self, now: Timestamp) -> String {
        let ms = now.as_millisecond().unsigned_abs();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tail = match *last {
            Some((at, tail)) if at == ms => tail.wrapping_add(1),
            _ => {
                // 79 random bits leave room to count on without a carry.
                let mut random = [0u8; 16];
                fill(&mut random);
                u128::from_be_bytes(random) >> 49
            }
        };
        *last = Some((ms, tail));
        let bytes = tail.to_be_bytes();
        format!("{:0>9}{}", base32_number(ms), base32(bytes.get(6..).unwrap_or_default()))
    }

    fn secret(&self) -> String {
        let mut random = [0u8; 20];
        fill(&mut random);
        base32(&random)
    }
}

impl Ids for CountedIds {
    fn sortable(&self, _now: Timestamp) -> String {
        format!("{:06}", self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn secret(&self) -> String {
        format!("secret{:026}", self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// Crockford's alphabet, lower case: no letters that are mistaken for digits.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn letter(value: u64) -> char {
    ALPHABET.get((value & 31) as usize).map_or('0', |b| char::from(*b))
}

fn base32_number(mut number: u64) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        letters.push(letter(number));
        number >>= 5;
    }
    letters.iter().rev().collect()
}

fn base32(bytes: &[u8]) -> String {
    bytes
        .chunks(5)
        .map(|five| {
            let number = five.iter().fold(0u64, |n, b| (n << 8) | u64::from(*b));
            (0..8).rev().map(|n| letter(number >> (5 * n))).collect::<String>()
        })
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that asks for randomness")]
fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::OrderId;

    #[test]
    fn ids_sort_by_time_and_differ() {
        let clock = HandClock::at(Timestamp::from_millisecond(1_790_000_000_000).expect("a moment"));
        let ids = RandomIds::default();
        let first: OrderId = new_id(&ids, clock.now());
        let second: OrderId = new_id(&ids, clock.now());
        clock.advance(Span::new().milliseconds(1));
        let third: OrderId = new_id(&ids, clock.now());
        assert!(first < second && second < third, "{first} {second} {third}");
        assert_eq!(first.as_str().len(), "ord_".len() + 25);
        assert_ne!(ids.secret(), ids.secret());
    }
}
