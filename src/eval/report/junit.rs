//! The report as JUnit XML, which every build server reads.

use crate::eval::report::{Outcome, Report, Verdict};
use std::fmt::Write;

/// The document.
pub fn xml(report: &Report) -> String {
    let bad = report.verdicts.iter().filter(|v| !v.outcome.is_fine()).count();
    let gaps = report.verdicts.iter().filter(|v| v.outcome == Outcome::Gap).count();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        text,
        "<testsuite name=\"scenarios\" tests=\"{}\" failures=\"{bad}\" skipped=\"{gaps}\" time=\"{:.3}\">",
        report.verdicts.len(),
        report.timing.suite_ms as f64 / 1000.0
    );
    for verdict in &report.verdicts {
        text.push_str(&case(verdict));
    }
    text.push_str("</testsuite>\n");
    text
}

fn case(v: &Verdict) -> String {
    let mut text = format!(
        "  <testcase classname=\"{}\" name=\"{}\" file=\"{}\" time=\"{:.3}\">\n",
        escaped(&v.area),
        escaped(&v.id),
        escaped(&v.file),
        v.ms as f64 / 1000.0
    );
    match v.outcome {
        Outcome::Passed => {}
        Outcome::Gap => {
            let why = v.known_gap.as_deref().unwrap_or_default();
            let _ = writeln!(text, "    <skipped message=\"known gap: {}\"/>", escaped(why));
        }
        Outcome::Surprise => text.push_str("    <failure message=\"passes although marked known_gap\"/>\n"),
        Outcome::Failed | Outcome::Broken => {
            for failure in &v.failures {
                let step = failure.step.map_or_else(String::new, |n| format!("step {n}: "));
                let _ = writeln!(
                    text,
                    "    <failure message=\"{}\">{}</failure>",
                    escaped(&format!("{step}expected {}", failure.expected)),
                    escaped(&failure.found)
                );
            }
        }
    }
    text.push_str("  </testcase>\n");
    text
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            // XML 1.0 knows no other control characters, not even escaped.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn hostile_words_stay_words() {
        assert_eq!(escaped("</failure> & \"x\"\u{0}"), "&lt;/failure&gt; &amp; &quot;x&quot; ");
    }
}
