//! How the emulator misbehaves when it is told to, and the dice that keep its disorder repeatable.

use serde::{Deserialize, Serialize};

/// What goes wrong, until told otherwise. Everything is off at first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Misbehaviour {
    /// Each webhook is posted this many times more.
    pub duplicates: u32,
    /// Webhooks that are due go out in no order.
    pub reorder: bool,
    /// Webhooks wait this long first.
    pub delay_ms: i64,
    /// Up to this many updates share a POST, over several entries and changes. 0 and 1: one each.
    pub batch: usize,
    /// Statuses arrive before the call that caused them is answered.
    pub statuses_first: bool,
    /// The next calls to send are carried out and answered with 500.
    pub lose_answers: u32,
    /// The next calls to send are carried out and their connection is cut.
    pub cut_answers: u32,
    /// The next calls to send are refused.
    pub refuse: Next,
    /// The next messages are accepted and fail later.
    pub fail: Next,
    /// Calls to send are answered only after this long.
    pub slow_ms: u64,
    /// Templates of category marketing fail later with 131049.
    pub marketing_cap: bool,
    /// Webhooks go nowhere, and are tried again later as if the receiver had answered 503.
    pub no_delivery: bool,
}

/// A code for the next few.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Next {
    /// Meta's code; 429 stands for a bare HTTP 429.
    pub code: u32,
    /// How many are left.
    pub times: u32,
}

impl Next {
    /// A code for the next few.
    pub fn new(code: u32, times: u32) -> Self {
        Self { code, times }
    }

    /// The code if it is this one's turn.
    pub fn take(&mut self) -> Option<u32> {
        take(&mut self.times).then_some(self.code)
    }
}

/// Counts one off, if there is one.
pub fn take(left: &mut u32) -> bool {
    let any = *left > 0;
    *left = left.saturating_sub(1);
    any
}

/// Repeatable chance (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that always fall the same way for a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than `sides`; 0 when there are none.
    pub fn below(&mut self, sides: usize) -> usize {
        usize::try_from(self.roll() % (sides.max(1) as u64)).unwrap_or(0)
    }

    /// Puts a list into no order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for n in (1..list.len()).rev() {
            let other = self.below(n + 1);
            list.swap(n, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dice_repeat_themselves() {
        let order = |seed| {
            let mut list: Vec<u32> = (0..20).collect();
            Dice::new(seed).shuffle(&mut list);
            list
        };
        assert_eq!(order(7), order(7));
        assert_ne!(order(7), order(8));
        let mut next = Next::new(131000, 2);
        assert_eq!([next.take(), next.take(), next.take()], [Some(131000), Some(131000), None]);
    }
}
