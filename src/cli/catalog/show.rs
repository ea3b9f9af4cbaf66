//! A run's report as a merchant reads it in the terminal.

use jiff::Timestamp;
use souk::catalog::report::Report;
use std::fmt::Write;

/// Rejects and warnings printed for people; the rest is counted.
const LISTED_MAX: usize = 20;

/// Adds the lines of a report.
pub fn lines(text: &mut String, report: &Report) {
    if let Some(why) = &report.stopped {
        row(text, "stopped", &format!("nothing was changed: {why}"));
    }
    if let Some(run) = &report.undoes {
        row(text, "undoes", run.as_str());
    }
    row(text, "added", &report.added.to_string());
    examples(text, &report.added_examples, report.added);
    row(text, "changed", &report.changed.to_string());
    let kinds = report.changes.named();
    if !kinds.is_empty() {
        let kinds: Vec<String> = kinds.iter().map(|(word, count)| format!("{word} of {count}")).collect();
        let _ = writeln!(text, "    {}", kinds.join(", "));
    }
    for price in &report.prices {
        let _ = writeln!(text, "    {}: {} → {}", price.what, price.old, price.new);
    }
    row(text, "unchanged", &report.unchanged.to_string());
    row(text, "retired", &report.retired.to_string());
    examples(text, &report.retired_examples, report.retired);
    row(text, "rejected", &report.rejects().to_string());
    let named = |what: &str| if what.is_empty() { String::new() } else { format!(" {what}") };
    for one in report.rejected.iter().take(LISTED_MAX) {
        let what = named(&one.what);
        let _ = writeln!(text, "    line {}{what}: {}: {}; {}", one.line, one.field, one.reason, one.remedy);
    }
    more(text, report.rejected.len(), report.rejected_more);
    row(text, "warnings", &report.warned().to_string());
    for one in report.warnings.iter().take(LISTED_MAX) {
        let _ = writeln!(text, "    line {}{}: {}", one.line, named(&one.what), one.text);
    }
    more(text, report.warnings.len(), report.warnings_more);
}

/// One line of a report: a name and what is said of it.
pub fn row(text: &mut String, name: &str, value: &str) {
    let _ = writeln!(text, "  {name:<10} {value}");
}

/// How many entries of a list are not printed.
pub fn more(text: &mut String, listed: usize, left_off: u64) {
    let more = listed.saturating_sub(LISTED_MAX) as u64 + left_off;
    if more > 0 {
        let _ = writeln!(text, "    … and {more} more (--json lists up to 1000)");
    }
}

/// A moment, to the minute.
pub fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn examples(text: &mut String, titles: &[String], of: usize) {
    if titles.is_empty() {
        return;
    }
    let more = of.saturating_sub(titles.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let _ = writeln!(text, "    {}{more}", titles.join(", "));
}
