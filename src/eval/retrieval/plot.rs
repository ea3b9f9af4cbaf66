//! The run as a picture: a bar a question, what the whole search has more or less than the yardstick, or than the other
//! configuration.

use crate::eval::retrieval::report::{Report, Row};
use std::fmt::Write;

/// Pixels of a bar, gap included.
const STEP: usize = 16;
/// Pixels left for the questions.
const LABELS: usize = 220;
/// Pixels of a difference of one.
const SCALE: f64 = 260.0;
/// Pixels above the first bar.
const HEAD: usize = 48;
/// Questions drawn at most: the ones that differ most.
const BARS_MAX: usize = 200;

/// Draws it.
pub fn svg(report: &Report) -> String {
    let with = report.by_question.iter().any(|row| row.against.is_some());
    let gain = |row: &Row| row.find - if with { row.against.unwrap_or(row.find) } else { row.bm25 };
    let mut rows: Vec<&Row> = report.by_question.iter().collect();
    rows.sort_by(|a, b| gain(b).abs().total_cmp(&gain(a).abs()).then_with(|| a.query.cmp(&b.query)));
    rows.truncate(BARS_MAX);
    rows.sort_by(|a, b| gain(b).total_cmp(&gain(a)).then_with(|| a.query.cmp(&b.query)));
    let (width, height) = (LABELS as f64 + 2.0 * SCALE + 70.0, HEAD + rows.len() * STEP + 12);
    let zero = LABELS as f64 + SCALE;
    let names: Vec<&str> = report.configurations.iter().map(|c| c.name.as_str()).collect();
    let than = if with { names.get(1).copied().unwrap_or_default() } else { "plain BM25" };
    let title = format!("Judged-only nDCG@10 by question: {} minus {than}", names.first().unwrap_or(&""));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"8\" y=\"20\" font-size=\"14\">{}</text>\n",
        escaped(&title)
    );
    for mark in [-1.0, -0.5, 0.0, 0.5, 1.0] {
        let x = zero + mark * SCALE;
        let _ = writeln!(
            out,
            "<line x1=\"{x}\" x2=\"{x}\" y1=\"{HEAD}\" y2=\"{}\" stroke=\"#ccc\"/><text x=\"{x}\" y=\"{}\" \
             text-anchor=\"middle\">{mark:+.1}</text>",
            height - 12,
            HEAD - 6
        );
    }
    for (at, row) in rows.into_iter().enumerate() {
        let (y, gain) = (HEAD + at * STEP, gain(row));
        let x = zero + gain.min(0.0) * SCALE;
        let colour = if gain < 0.0 { "#b5432e" } else { "#2e7d5b" };
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text><rect x=\"{x:.1}\" y=\"{}\" width=\"{:.1}\" height=\"{}\" \
             fill=\"{colour}\"><title>{:.3} against {:.3}</title></rect>",
            LABELS - 8,
            y + 11,
            escaped(&row.query),
            y + 2,
            (gain.abs() * SCALE).max(0.5),
            STEP - 4,
            row.find,
            row.find - gain
        );
    }
    out.push_str("</svg>\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_question_has_a_bar_and_no_text_becomes_a_tag() {
        let row = |query: &str, bm25, find| Row { query: query.to_owned(), bm25, find, against: None };
        let report = Report {
            products: 2,
            questions: 2,
            with_relevant: 2,
            configurations: Vec::new(),
            comparisons: Vec::new(),
            worst: Vec::new(),
            by_question: vec![row("<script>", 0.5, 1.0), row("bag", 0.75, 0.5)],
            candidates: Vec::new(),
        };
        let drawn = svg(&report);
        assert!(drawn.contains("&lt;script&gt;") && !drawn.contains("<script>"));
        // Half a point is 130 pixels to the right of zero, at 480; a quarter 65 to its left.
        assert!(drawn.contains("<rect x=\"480.0\" y=\"50\" width=\"130.0\""), "{drawn}");
        assert!(drawn.contains("<rect x=\"415.0\" y=\"66\" width=\"65.0\""), "{drawn}");
    }
}
