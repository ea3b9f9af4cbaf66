//! A request that was not recorded, shown beside the nearest one that was.

use crate::llm::cassette::canonical::Canonical;
use serde_json::Value;
use serde_json::json;
use similar::ChangeTag;
use similar::TextDiff;
use std::collections::HashMap;
use std::fmt;
use std::fmt::Write;

/// Recorded requests that are compared, the latest ones.
const COMPARED_MAX: usize = 200;
/// Characters of a line that is compared.
const LINE_CHARS_MAX: usize = 100;
/// Lines of the difference that are shown.
const SHOWN_LINES_MAX: usize = 60;
/// Lines around a difference.
const CONTEXT_LINES: usize = 2;

/// What was asked but not recorded.
#[derive(Debug)]
pub(super) struct Miss {
    recorded: usize,
    difference: Option<String>,
}

impl Miss {
    /// Compares with what was recorded.
    pub(super) fn of(asked: &Canonical, recorded: &[Value], fronts: &HashMap<String, Value>) -> Self {
        let now = lines(&asked.asked);
        let nearest = recorded.iter().rev().take(COMPARED_MAX).map(|then| (likeness(&lines(then), &now), then));
        let nearest = nearest.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, then)| then);
        let difference = nearest.map(|then| {
            let front = then.get("front").and_then(Value::as_str).and_then(|front| fronts.get(front));
            let mut shown = difference(&lines(then), &now);
            if let Some(front) = front {
                let now = json!({"system": asked.system, "tools": asked.tools});
                shown = difference(&lines(front), &lines(&now)) + &shown;
            }
            shown
        });
        Self { recorded: recorded.len(), difference }
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.difference {
            None => write!(f, "nothing was recorded"),
            Some(difference) => write!(
                f,
                "none of the {} recorded requests is like this one; the nearest (-) and this one (+):\n{difference}",
                self.recorded
            ),
        }
    }
}

impl std::error::Error for Miss {}

fn likeness(then: &str, now: &str) -> f32 {
    TextDiff::from_lines(then, now).ratio()
}

fn difference(then: &str, now: &str) -> String {
    let diff = TextDiff::from_lines(then, now);
    let mut text = String::new();
    for hunk in diff.grouped_ops(CONTEXT_LINES) {
        for change in hunk.iter().flat_map(|part| diff.iter_changes(part)) {
            let mark = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            // Writing to a string cannot fail.
            let _ = write!(text, "{mark} {}", change.value());
        }
    }
    let cut: Vec<&str> = text.lines().take(SHOWN_LINES_MAX).collect();
    cut.join("\n") + "\n"
}

/// JSON in lines that are short enough to be compared: its texts are broken where they have lines, and elsewhere.
fn lines(value: &Value) -> String {
    let pretty = serde_json::to_string_pretty(value).unwrap_or_default().replace("\\n", "\n");
    let mut text = String::new();
    for line in pretty.lines() {
        let letters: Vec<char> = line.chars().collect();
        for part in letters.chunks(LINE_CHARS_MAX) {
            text.extend(part);
            text.push('\n');
        }
    }
    text
}
