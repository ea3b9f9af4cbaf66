//! A calibration as text: what it does on both halves, what is proven, and the curve in a few lines.

use crate::domain::risk::NAMES;
use crate::domain::risk::fit::Point;
use crate::eval::calibrate::measure::Measures;
use crate::eval::calibrate::seen::{Half, How, Seen};
use crate::eval::calibrate::{Compared, Report};

/// Lines of the curve.
const LINES: usize = 10;
/// Characters of its longest bar.
const BAR_CHARS: f64 = 40.0;
/// Wrong answers that are named.
const NAMED_MAX: usize = 20;

/// The report.
pub fn text(report: &Report) -> String {
    let mut text = format!("{}\n{}", report.calibration.made_from, ways(&report.seen));
    text.push_str(&half("Half it was fitted to", &report.fit));
    text.push_str(&half("Held-out half", &report.held_out));
    text.push_str("\nWeights\n");
    text.push_str(&format!("  {:<13} {:>6.2}\n", "bias", report.calibration.bias));
    for (name, weight) in NAMES.iter().zip(report.calibration.weights) {
        text.push_str(&format!("  {name:<13} {weight:>6.2}\n"));
    }
    text.push_str("\nThresholds\n");
    for one in &report.thresholds {
        let (answer, offer) = (one.limits.answer, one.limits.offer);
        text.push_str(&format!(
            "  {:<7} answer to {answer:.3}, offer to {offer:.3}; {}\n",
            one.class.word(),
            one.says()
        ));
    }
    text.push_str("\nPredicted and seen, held-out half\n");
    for bin in &report.bins {
        let (predicted, seen) = (percent(bin.predicted), percent(bin.seen));
        let range = format!("{} – {}", percent(bin.low), percent(bin.high));
        text.push_str(&format!("  {:>4} answers  predicted {predicted:>7}  seen {seen:>7}  ({range})\n", bin.answers));
    }
    text.push_str(&bars(&report.curve));
    text.push_str(&mistakes(&report.seen));
    text
}

fn ways(seen: &[Seen]) -> String {
    let count = |how: How| seen.iter().filter(|seen| seen.how == how).count();
    format!(
        "{} messages: {} answered, {} told no, {} asked back, {} refused, {} handed off, {} by reflex\n",
        seen.len(),
        count(How::Answered),
        count(How::SaidNo),
        count(How::AskedBack),
        count(How::Refused),
        count(How::HandedOff),
        count(How::Reflex),
    )
}

fn half(title: &str, compared: &Compared) -> String {
    type Row = (&'static str, fn(&Measures) -> String);
    let rows: [Row; 10] = [
        ("answers drafted (wrong)", |m| format!("{} ({})", m.drafted, m.drafted_wrong)),
        ("sent (wrong)", |m| format!("{} ({})", m.sent, m.wrong)),
        ("coverage of drafts", |m| percent(m.coverage)),
        ("right of the sent", |m| percent(m.accuracy)),
        ("wrong at most (95 %)", |m| percent(m.wrong_at_most)),
        ("needless hand-overs", |m| format!("{} of {}", m.needless, m.answerable)),
        ("missed hand-overs", |m| format!("{} of {}", m.missed, m.unanswerable)),
        ("area under risk (best)", |m| format!("{:.4} ({:.4})", m.area, m.area_best)),
        ("coverage at 2 % / 5 %", |m| format!("{} / {}", percent(m.coverage_at_2), percent(m.coverage_at_5))),
        ("square error; cost of 100", |m| format!("{:.4}; {:.1}", m.brier, m.cost)),
    ];
    let of = compared.open.messages;
    let mut text =
        format!("\n{title}, {of} messages\n  {:<27}{:>18}{:>18}{:>18}\n", "", "all sent", "shipped", "fitted");
    for (name, show) in rows {
        let (open, shipped, fitted) = (show(&compared.open), show(&compared.shipped), show(&compared.fitted));
        text.push_str(&format!("  {name:<27}{open:>18}{shipped:>18}{fitted:>18}\n"));
    }
    text
}

/// Share of wrong answers by coverage, surest first; the light part reaches to the upper bound.
fn bars(points: &[Point]) -> String {
    let mut text = "\nWrong of the surest answers, held-out half (░ to the 95 % bound)\n".to_owned();
    let at = |line: usize| points.iter().find(|point| point.coverage >= line as f64 / LINES as f64 - 1e-9);
    let mut shown: Vec<&Point> = (1..=LINES).filter_map(at).collect();
    // Answers of the same risk are one point.
    shown.dedup();
    for point in shown {
        let chars = |share: f64| (share * BAR_CHARS).round() as usize;
        let (dark, light) = (chars(point.risk), chars(point.bound).saturating_sub(chars(point.risk)));
        let bar = format!("{}{}", "█".repeat(dark), "░".repeat(light));
        let (coverage, risk) = (percent(point.coverage), percent(point.risk));
        text.push_str(&format!("  {coverage:>7}  {risk:>7}  {bar}\n"));
    }
    text
}

fn mistakes(seen: &[Seen]) -> String {
    let wrong: Vec<&Seen> = seen.iter().filter(|seen| seen.wrong).collect();
    if wrong.is_empty() {
        return String::new();
    }
    let mut text = "\nAnswered wrongly\n".to_owned();
    for one in wrong.iter().take(NAMED_MAX) {
        let half = if one.half == Half::Fit { "fitted" } else { "held out" };
        text.push_str(&format!("  {} ({half}; {}: {})\n", one.asked, one.class.word(), one.from));
    }
    if wrong.len() > NAMED_MAX {
        text.push_str(&format!("  and {} more\n", wrong.len() - NAMED_MAX));
    }
    text
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
