//! Fitting weights and thresholds to labelled answers: a logistic regression that is held back, an exact bound on the
//! share of wrong answers, and the curve of risk over coverage.

use crate::domain::risk::{SIGNS, Signs};
use serde::Serialize;

/// Steps of the descent; it stands still long before.
const STEPS: usize = 4_000;
/// Length of a step.
const RATE: f64 = 0.5;
/// How strongly weights are pulled to nothing, per answer; with few answers a sign that never spoke keeps no weight.
const PULL: f64 = 2.0;
/// Halvings of the search for a bound.
const HALVINGS: usize = 60;

/// One answer and whether it was wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Labelled {
    /// Its signs.
    pub signs: Signs,
    /// Whether it was wrong.
    pub wrong: bool,
}

/// Bias and weights that make the labels likeliest, with every weight at least nothing: a bad sign may say nothing, but
/// never that an answer is better.
pub fn weights(labelled: &[Labelled]) -> (f64, [f64; SIGNS]) {
    let (mut bias, mut weights) = (-2.0, [0.5; SIGNS]);
    let count = labelled.len().max(1) as f64;
    for _ in 0..STEPS {
        let (mut slope, mut slopes) = (0.0, [0.0; SIGNS]);
        for answer in labelled {
            let values = answer.signs.values();
            let sum: f64 = bias + weights.iter().zip(values).map(|(w, v)| w * v).sum::<f64>();
            let error = 1.0 / (1.0 + (-sum).exp()) - if answer.wrong { 1.0 } else { 0.0 };
            slope += error;
            slopes.iter_mut().zip(values).for_each(|(s, v)| *s += error * v);
        }
        bias -= RATE * slope / count;
        for (weight, slope) in weights.iter_mut().zip(slopes) {
            *weight = (*weight - RATE * (slope + PULL * *weight) / count).max(0.0);
        }
    }
    (bias, weights)
}

/// The upper end of the one-sided 95 % interval of Clopper and Pearson: the share at which so few wrong ones or fewer
/// would still come up one time in twenty.
pub fn upper_bound(wrong: usize, of: usize) -> f64 {
    if of == 0 || wrong >= of {
        return 1.0;
    }
    let (mut low, mut high) = (wrong as f64 / of as f64, 1.0);
    for _ in 0..HALVINGS {
        let share = f64::midpoint(low, high);
        if at_most(wrong, of, share) > 0.05 {
            low = share;
        } else {
            high = share;
        }
    }
    high
}

/// The probability of at most `wrong` among `of` when each is wrong with the probability `share`; in logarithms, which do
/// not underflow.
fn at_most(wrong: usize, of: usize, share: f64) -> f64 {
    let n = of as f64;
    let (mut term, mut sum) = (n * (-share).ln_1p(), 0.0);
    for k in 0..=wrong {
        sum += term.exp();
        let k = k as f64;
        term += ((n - k) / (k + 1.0)).ln() + share.ln() - (-share).ln_1p();
    }
    sum
}

/// A point of the curve: of all answers the surest share `coverage` is sent, and `risk` of these are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Up to this risk.
    pub threshold: f64,
    /// Share that is sent.
    pub coverage: f64,
    /// Answers sent.
    pub sent: usize,
    /// Wrong ones among them.
    pub wrong: usize,
    /// Share of the sent ones that is wrong.
    pub risk: f64,
    /// Its upper bound.
    pub bound: f64,
}

/// The curve over every threshold, from the surest answer to all of them. `scored` holds risk and whether it was wrong.
pub fn curve(scored: &[(f64, bool)]) -> Vec<Point> {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut points, mut wrong) = (Vec::new(), 0);
    for (at, (threshold, is_wrong)) in sorted.iter().enumerate() {
        wrong += usize::from(*is_wrong);
        let sent = at + 1;
        // Answers of the same risk are sent together or not at all.
        if sorted.get(sent).is_some_and(|next| next.0 <= *threshold) {
            continue;
        }
        points.push(Point {
            threshold: *threshold,
            coverage: sent as f64 / sorted.len() as f64,
            sent,
            wrong,
            risk: wrong as f64 / sent as f64,
            bound: upper_bound(wrong, sent),
        });
    }
    points
}

/// The largest coverage whose upper bound is within the target.
pub fn widest(points: &[Point], target: f64) -> Option<Point> {
    points.iter().rev().find(|point| point.bound <= target).copied()
}

/// Area under the curve of risk over coverage; less is better, and the share of wrong answers is what guessing gets.
pub fn area(points: &[Point]) -> f64 {
    let mut before = 0.0;
    let mut area = 0.0;
    for point in points {
        area += point.risk * (point.coverage - before);
        before = point.coverage;
    }
    area
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_clopper_and_pearsons() {
        // Zero wrong: 1 - 0.05^(1/n), the rule of three.
        for (wrong, of, bound) in [
            (0, 150, 0.019_8),
            (0, 598, 0.005_0),
            (1, 50, 0.091_4),
            (3, 10, 0.606_6),
            (1, 100, 0.046_56),
            (5, 50, 0.198_8),
        ] {
            assert!((upper_bound(wrong, of) - bound).abs() < 0.000_6, "{wrong} of {of}: {}", upper_bound(wrong, of));
        }
        assert_eq!(upper_bound(0, 0), 1.0);
        assert_eq!(upper_bound(5, 5), 1.0);
    }

    #[test]
    fn a_telling_sign_gets_the_weight_and_a_silent_one_none() {
        let answer = |unmatched: f64, wrong| Labelled { signs: Signs { unmatched, ..Signs::default() }, wrong };
        let mut labelled = vec![answer(0.0, false); 40];
        labelled.extend(vec![answer(1.0, true); 15]);
        labelled.extend(vec![answer(1.0, false); 5]);
        let (bias, weights) = weights(&labelled);
        assert!(weights[2] > 2.0, "{weights:?}");
        assert!(weights[0] < 0.05 && bias < -2.0, "{bias} {weights:?}");
    }

    #[test]
    fn a_curve_grows_in_coverage_and_knows_its_area() {
        let scored = [(0.1, false), (0.2, false), (0.2, true), (0.9, true)];
        let points = curve(&scored);
        let short: Vec<(usize, usize)> = points.iter().map(|p| (p.sent, p.wrong)).collect();
        assert_eq!(short, [(1, 0), (3, 1), (4, 2)]);
        let expected = 0.0 * 0.25 + (1.0 / 3.0) * 0.5 + 0.5 * 0.25;
        assert!((area(&points) - expected).abs() < 1e-9);
        assert!(widest(&points, 0.02).is_none(), "four answers prove nothing");
        let many: Vec<(f64, bool)> = (0..400).map(|n| (f64::from(n) / 400.0, n >= 390)).collect();
        let widest = widest(&curve(&many), 0.02).expect("enough answers");
        assert!(widest.sent >= 390 && widest.sent < 400, "{widest:?}");
    }
}
