//! Thresholds by class, and what the answers at hand can prove about them.

use crate::domain::risk::fit::{Point, curve, upper_bound, weights, widest};
use crate::domain::risk::{Calibration, Class, Limits};
use crate::eval::calibrate::seen::Seen;
use serde::Serialize;
use std::collections::BTreeMap;

/// An answer with the offer of a colleague may be wrong so many times as often.
const OFFER_TIMES: f64 = 4.0;
/// Added to the last threshold, so that a figure that was written and read again stays within.
const SLACK: f64 = 1e-9;
/// Answers beyond which no more are said to be needed.
const NEEDED_MAX: usize = 1_000_000;

/// What was found for a class.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Threshold {
    /// Which class.
    pub class: Class,
    /// Wrong answers that are borne.
    pub target: f64,
    /// Answers that were seen.
    pub answers: usize,
    /// Wrong ones among them.
    pub wrong: usize,
    /// Where it sends and offers.
    pub limits: Limits,
    /// Of the seen answers it sends so many,
    pub sent: usize,
    /// and at most this share is wrong (95 %).
    pub bound: f64,
    /// Whether that is within the target.
    pub proven: bool,
    /// Right answers without a wrong one that would prove the target.
    pub needed: usize,
}

impl Threshold {
    /// As a sentence.
    pub fn says(&self) -> String {
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        if self.proven {
            return format!("{} answers: at most {} wrong, as wanted", self.sent, percent(self.bound));
        }
        let (answers, needed) = (self.answers, self.needed);
        format!(
            "{answers} answers prove at best {}; {needed} are needed for {}",
            percent(self.bound),
            percent(self.target)
        )
    }
}

/// Weights from all answers, thresholds from those of each class. A class nobody answered keeps the shipped fallback.
pub fn fit(seen: &[&Seen], made_from: String) -> (Calibration, Vec<Threshold>) {
    let answers: Vec<&Seen> = seen.iter().copied().filter(|seen| seen.answered()).collect();
    let (bias, weights) = weights(&answers.iter().map(|seen| seen.labelled()).collect::<Vec<_>>());
    let calibration = Calibration { made_from, bias, weights, limits: BTreeMap::new() };
    with_thresholds(&answers, calibration)
}

/// Thresholds for weights that are given.
fn with_thresholds(answers: &[&Seen], mut calibration: Calibration) -> (Calibration, Vec<Threshold>) {
    let mut thresholds = Vec::new();
    for class in Class::ALL {
        let of_class = answers.iter().filter(|seen| seen.class == class);
        let scored: Vec<(f64, bool)> = of_class.map(|seen| (calibration.risk(&seen.signs), seen.wrong)).collect();
        if let Some(threshold) = threshold(class, &scored) {
            calibration.limits.insert(class, threshold.limits);
            thresholds.push(threshold);
        }
    }
    (calibration, thresholds)
}

/// The largest coverage that is proven to meet the target. Where none is, the one with the smallest bound: the best that
/// can be shown, and never said to be the target.
pub fn threshold(class: Class, scored: &[(f64, bool)]) -> Option<Threshold> {
    let points = curve(scored);
    let target = class.target();
    let proven = widest(&points, target);
    let taken = proven.or_else(|| smallest(&points))?;
    let answer = between(&points, &taken);
    // What nobody proved may still be offered up to where it is as likely wrong as the shipped fallback bears.
    let offer = match widest(&points, target * OFFER_TIMES) {
        Some(point) if points.last() == Some(&point) => 1.0,
        Some(point) => between(&points, &point),
        None => Calibration::FALLBACK.offer,
    };
    // Where nothing can be shown, no line drawn from it is better than the shipped one.
    let shown = taken.bound < 1.0;
    let limits = if shown { Limits { answer, offer: offer.max(answer) } } else { Calibration::FALLBACK };
    Some(Threshold {
        class,
        target,
        answers: scored.len(),
        wrong: scored.iter().filter(|(_, wrong)| *wrong).count(),
        limits,
        sent: taken.sent,
        bound: taken.bound,
        proven: proven.is_some(),
        needed: needed(target),
    })
}

/// The point with the smallest bound; of equals the widest.
fn smallest(points: &[Point]) -> Option<Point> {
    points.iter().rev().min_by(|a, b| a.bound.total_cmp(&b.bound)).copied()
}

/// Half way to the next risk that was seen.
fn between(points: &[Point], taken: &Point) -> f64 {
    let next = points.iter().find(|point| point.threshold > taken.threshold);
    next.map_or(taken.threshold + SLACK, |next| f64::midpoint(taken.threshold, next.threshold))
}

/// Right answers without a wrong one that prove a share: about three over it.
pub fn needed(target: f64) -> usize {
    let (mut low, mut high) = (1, NEEDED_MAX);
    while low < high {
        let middle = usize::midpoint(low, high);
        if upper_bound(0, middle) <= target {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
