//! What a calibration does with messages that were played: how much it answers, how much of that is wrong, and whether
//! its risks are true.

use crate::domain::risk::fit::{Point, area, curve, upper_bound};
use crate::domain::risk::{Band, Calibration};
use crate::eval::calibrate::seen::Seen;
use serde::Serialize;

/// What a wrong answer costs when a needless hand-over costs one.
const WRONG_COST: f64 = 10.0;
/// Upper ends of the bins of predicted risk.
const BINS: [f64; 6] = [0.02, 0.05, 0.1, 0.2, 0.4, 1.0];

/// A calibration measured on one half.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measures {
    /// Messages.
    pub messages: usize,
    /// Answers that were drafted.
    pub drafted: usize,
    /// Wrong ones among them.
    pub drafted_wrong: usize,
    /// Answers that were sent, with an offer or without.
    pub sent: usize,
    /// Those with the offer of a colleague.
    pub offered: usize,
    /// Wrong ones among the sent.
    pub wrong: usize,
    /// The largest share of wrong ones this may mean (95 %).
    pub wrong_at_most: f64,
    /// Share of the drafted answers that is sent.
    pub coverage: f64,
    /// Share of the sent answers that is right.
    pub accuracy: f64,
    /// Area under risk over coverage; less is better.
    pub area: f64,
    /// What an ordering that knows the truth would get.
    pub area_best: f64,
    /// Largest share of the drafts of which at most 2 % were wrong.
    pub coverage_at_2: f64,
    /// The same for 5 %.
    pub coverage_at_5: f64,
    /// Messages that something in the shop answers.
    pub answerable: usize,
    /// Those that were not answered.
    pub needless: usize,
    /// Messages that nothing answers.
    pub unanswerable: usize,
    /// Those that were answered all the same.
    pub missed: usize,
    /// Mean square of predicted risk less what was seen; less is better.
    pub brier: f64,
    /// Wrong answers ten, needless hand-overs one, for a hundred messages.
    pub cost: f64,
}

/// Answers of about the same predicted risk.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Up to this risk.
    pub to: f64,
    /// Answers.
    pub answers: usize,
    /// Mean of the predicted risks.
    pub predicted: f64,
    /// Share that was wrong.
    pub seen: f64,
    /// Lower end of what the share may be,
    pub low: f64,
    /// and the upper end (90 % between them).
    pub high: f64,
}

/// Measures a calibration.
pub fn measure(seen: &[&Seen], calibration: &Calibration) -> Measures {
    let scored = scored(seen, calibration);
    let points = curve(&scored);
    let band = |seen: &Seen| calibration.band(seen.class, calibration.risk(&seen.signs));
    let sent: Vec<&&Seen> = seen.iter().filter(|s| s.answered() && band(s) != Band::HandOff).collect();
    let count = |wanted: &dyn Fn(&Seen) -> bool| seen.iter().filter(|seen| wanted(seen)).count();
    let (drafted, wrong) = (scored.len(), sent.iter().filter(|seen| seen.wrong).count());
    let drafted_wrong = scored.iter().filter(|(_, wrong)| *wrong).count();
    let answerable = count(&|seen| seen.answerable);
    let needless = answerable - sent.iter().filter(|seen| seen.answerable).count();
    // The best order sends the right ones first, one by one.
    let best: Vec<(f64, bool)> = (0..drafted).map(|at| (at as f64, at >= drafted - drafted_wrong)).collect();
    let squares = scored.iter().map(|(risk, wrong)| (risk - if *wrong { 1.0 } else { 0.0 }).powi(2));
    Measures {
        messages: seen.len(),
        drafted,
        drafted_wrong,
        sent: sent.len(),
        offered: sent.iter().filter(|seen| band(seen) == Band::Offer).count(),
        wrong,
        wrong_at_most: upper_bound(wrong, sent.len()),
        coverage: share(sent.len(), drafted),
        accuracy: share(sent.len() - wrong, sent.len()),
        area: area(&points),
        area_best: area(&curve(&best)),
        coverage_at_2: coverage_at(&points, 0.02),
        coverage_at_5: coverage_at(&points, 0.05),
        answerable,
        needless,
        unanswerable: seen.len() - answerable,
        missed: sent.iter().filter(|seen| !seen.answerable).count(),
        brier: squares.sum::<f64>() / drafted.max(1) as f64,
        cost: (WRONG_COST * wrong as f64 + needless as f64) / seen.len().max(1) as f64 * 100.0,
    }
}

impl Measures {
    /// Whether this costs less than the other and tells wrong from right no worse.
    pub fn beats(&self, other: &Self) -> bool {
        self.cost < other.cost && self.area <= other.area
    }
}

/// Risk of every answer, and whether it was wrong.
pub fn scored(seen: &[&Seen], calibration: &Calibration) -> Vec<(f64, bool)> {
    seen.iter().filter(|seen| seen.answered()).map(|seen| (calibration.risk(&seen.signs), seen.wrong)).collect()
}

/// Answers by predicted risk; empty bins are left out.
pub fn bins(scored: &[(f64, bool)]) -> Vec<Bin> {
    let mut from = -1.0;
    let mut bins = Vec::new();
    for to in BINS {
        let inside: Vec<&(f64, bool)> = scored.iter().filter(|(risk, _)| *risk > from && *risk <= to).collect();
        from = to;
        if inside.is_empty() {
            continue;
        }
        let (answers, wrong) = (inside.len(), inside.iter().filter(|(_, wrong)| *wrong).count());
        bins.push(Bin {
            to,
            answers,
            predicted: inside.iter().map(|(risk, _)| risk).sum::<f64>() / answers as f64,
            seen: share(wrong, answers),
            low: lower_bound(wrong, answers),
            high: upper_bound(wrong, answers),
        });
    }
    bins
}

/// The lower end of the same interval, from the other side.
pub fn lower_bound(wrong: usize, of: usize) -> f64 {
    1.0 - upper_bound(of.saturating_sub(wrong), of)
}

fn share(part: usize, of: usize) -> f64 {
    part as f64 / of.max(1) as f64
}

fn coverage_at(points: &[Point], risk: f64) -> f64 {
    points.iter().rev().find(|point| point.risk <= risk).map_or(0.0, |point| point.coverage)
}
