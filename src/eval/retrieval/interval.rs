//! How sure a mean is: percentile bootstrap over the questions (Efron & Tibshirani, "An Introduction to the Bootstrap", 1993,
//! chapter 13), and two rankings compared question by question (Sakai, "Evaluating evaluation metrics based on the
//! bootstrap", SIGIR 2006).

use serde::Serialize;

/// Samples drawn.
const SAMPLES: usize = 2_000;
/// The same numbers give the same interval.
const SEED: u64 = 0x5eed_0f5e_a4c4_0001;
/// What is left out below and above, of 1.
const TAIL: f64 = 0.025;
/// Differences smaller than this are ties.
const TIE: f64 = 1e-9;

/// A mean with its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Mean {
    /// The mean.
    pub mean: f64,
    /// Where the interval begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// Questions it is taken over.
    pub of: usize,
}

/// Two rankings of the same questions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// What the first has more than the second, by question.
    #[serde(flatten)]
    pub mean: Mean,
    /// Questions it is better on.
    pub wins: usize,
    /// Questions without a difference.
    pub ties: usize,
    /// Questions it is worse on.
    pub losses: usize,
}

/// A mean and how far it may be off.
pub fn mean(values: &[f64]) -> Mean {
    if values.is_empty() {
        return Mean::default();
    }
    let of = values.len();
    let mut dice = Dice(SEED);
    let mut means: Vec<f64> =
        (0..SAMPLES).map(|_| (0..of).filter_map(|_| values.get(dice.below(of))).sum::<f64>() / of as f64).collect();
    means.sort_by(f64::total_cmp);
    let at = |share: f64| means.get((share * (SAMPLES - 1) as f64).round() as usize).copied().unwrap_or_default();
    Mean { mean: values.iter().sum::<f64>() / of as f64, low: at(TAIL), high: at(1.0 - TAIL), of }
}

/// What the first of each pair has more than the second.
pub fn difference(pairs: &[(f64, f64)]) -> Difference {
    let differences: Vec<f64> = pairs.iter().map(|(a, b)| a - b).collect();
    let count = |of: &dyn Fn(f64) -> bool| differences.iter().filter(|d| of(**d)).count();
    Difference {
        mean: mean(&differences),
        wins: count(&|d| d > TIE),
        ties: count(&|d| d.abs() <= TIE),
        losses: count(&|d| d < -TIE),
    }
}

/// Numbers that look thrown and are the same every time (SplitMix64: Steele, Lea & Flood, OOPSLA 2014).
pub struct Dice(pub u64);

impl Dice {
    /// A number from 0 up to, but not including, `most`.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        ((u128::from(z) * most as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_holds_the_mean_and_shrinks_with_more_questions() {
        let few: Vec<f64> = (0..20).map(|n| f64::from(n % 2)).collect();
        let many: Vec<f64> = (0..2_000).map(|n| f64::from(n % 2)).collect();
        let (few, many) = (mean(&few), mean(&many));
        assert_eq!((few.mean, many.mean), (0.5, 0.5));
        // By the normal law, 1.96 · 0.5 / √20 = 0.219 and 1.96 · 0.5 / √2000 = 0.0219.
        assert!((few.high - 0.719).abs() < 0.04 && (few.low - 0.281).abs() < 0.04, "{few:?}");
        assert!((many.high - 0.522).abs() < 0.004 && (many.low - 0.478).abs() < 0.004, "{many:?}");
        assert_eq!(mean(&[]), Mean::default());
        assert_eq!(mean(&[0.25; 9]), Mean { mean: 0.25, low: 0.25, high: 0.25, of: 9 });
    }

    #[test]
    fn pairs_are_compared_question_by_question() {
        let made = difference(&[(0.9, 0.5), (0.2, 0.2), (0.1, 0.3), (0.8, 0.7)]);
        assert_eq!((made.wins, made.ties, made.losses), (2, 1, 1));
        assert!((made.mean.mean - 0.075).abs() < 1e-9);
        assert!(made.mean.low < 0.0 && made.mean.high > 0.0);
    }
}
