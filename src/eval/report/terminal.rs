//! The report as text: a table, what failed and what was said, totals.

use crate::eval::report::{Outcome, Report, Share, Verdict};
use std::fmt::Write;

/// The whole report.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    let wide = report.verdicts.iter().map(|v| v.id.len()).max().unwrap_or(0);
    let area = report.verdicts.iter().map(|v| v.area.len()).max().unwrap_or(0).max(4);
    let _ = writeln!(text, "{:<area$}  {:<wide$}  {:<6}  {:>5}  {:>6}", "area", "scenario", "result", "turns", "ms");
    for v in &report.verdicts {
        let (name, id, word) = (&v.area, &v.id, v.outcome.word());
        let _ = writeln!(text, "{name:<area$}  {id:<wide$}  {word:<6}  {:>5}  {:>6}", v.turns, v.ms);
    }
    text.push_str(&failures(report));
    let gaps: Vec<&Verdict> = report.verdicts.iter().filter(|v| v.outcome == Outcome::Gap).collect();
    if !gaps.is_empty() {
        text.push_str("\nKnown gaps (they do not fail the run):\n");
        for v in gaps {
            let _ = writeln!(text, "  {}: {}", v.id, v.known_gap.as_deref().unwrap_or_default());
        }
    }
    text.push_str(&totals(report));
    text
}

/// What failed, with what was expected and what was said; empty when nothing did.
pub fn failures(report: &Report) -> String {
    let mut text = String::new();
    for v in report.verdicts.iter().filter(|v| !v.outcome.is_fine()) {
        let _ = writeln!(text, "\n{} {} ({})", v.outcome.word(), v.id, v.file);
        if v.outcome == Outcome::Surprise {
            let _ = writeln!(text, "  passes although marked known_gap; remove the mark");
        }
        for failure in &v.failures {
            let place = failure.step.map_or_else(|| "in the end".to_owned(), |n| format!("step {n}"));
            let done = failure.step.and_then(|n| v.talk.get(n - 1)).map(|t| format!(" {}", t.done)).unwrap_or_default();
            let _ = writeln!(text, "  {place}{done}");
            let _ = writeln!(text, "    expected: {}", failure.expected);
            let _ = writeln!(text, "    found:    {}", failure.found);
        }
    }
    text
}

fn totals(report: &Report) -> String {
    let mut text = String::from("\n");
    let shares = report.shares();
    let wide = shares.keys().map(String::len).max().unwrap_or(0).max(5);
    let line = |name: &str, share: &Share| {
        let Share { passed, of, low, high } = share;
        format!("{name:<wide$}  {passed:>3} of {of:<3}  95 % interval {low:.1} to {high:.1} %\n")
    };
    for (name, share) in &shares {
        text.push_str(&line(name, share));
    }
    text.push_str(&line("all", &report.total()));
    if let Some(floor) = &report.floor {
        let (passed, of) = (floor.passed.len(), floor.of);
        let _ = writeln!(
            text,
            "\nFloor: {passed} of {of} pass with a model that only says \"Thank you for your message.\""
        );
        text.push_str("(buttons, yes and no, payments and hand-offs work without a model)\n");
    }
    let t = &report.timing;
    let _ = writeln!(
        text,
        "\nModel: {}. Demo shop built {}× in {} ms, {} ms a world, {:.1} s for {} scenarios.",
        report.model,
        t.templates,
        t.template_ms,
        t.world_ms,
        t.suite_ms as f64 / 1000.0,
        report.verdicts.len(),
    );
    text
}
