//! A trace as lines for a terminal or a pipe.

use crate::agent::trace::{Findings, Part, Question, Step, Trace, Used};

/// Characters of a text in a line; the whole of it is in the JSON form.
const LINE_CHARS_MAX: usize = 220;
/// Facts of one result that are listed.
const FACTS_MAX: usize = 40;

/// A trace, line by line.
pub fn lines(trace: &Trace) -> Vec<String> {
    let ms = trace.ms.map_or_else(|| "under way".to_owned(), |ms| format!("{ms} ms"));
    let mut lines = vec![format!("turn {}  {}  {}  {ms}", trace.number, trace.turn, trace.started_at)];
    lines.extend(trace.asked.iter().map(|asked| format!("  shopper: {}", short(asked))));
    if let Some(model) = &trace.model {
        lines.push(format!("  answers: {model}"));
    }
    for step in &trace.steps {
        lines.extend(told(step));
    }
    if let Some(decision) = &trace.decision {
        lines.push(format!("  decision: {decision}"));
    }
    lines.extend(trace.hand_off.iter().map(|why| format!("  hand-off: {}", short(why))));
    lines.extend(trace.reply.iter().filter(|text| !text.is_empty()).map(|text| format!("  reply: {}", short(text))));
    lines.extend(trace.shown.iter().map(|shown| format!("    {}", short(shown))));
    if trace.used != Used::default() {
        lines.push(format!("  used: {}", used(&trace.used)));
    }
    lines.extend(trace.remark.iter().map(|remark| format!("  {remark}")));
    lines
}

fn told(step: &Step) -> Vec<String> {
    match step {
        Step::Reflex { name } => vec![format!("  reflex: {name}")],
        Step::Looked { what, found } => vec![format!("  looked: {}: {}", short(what), short(&found.to_string()))],
        Step::Asked(question) => asked(question),
        Step::Called { tool, arguments, ms, result } => {
            let mut lines = vec![format!("  call: {tool} {}  {ms} ms", short(arguments))];
            lines.extend(findings(result));
            lines
        }
        Step::Did { result } => {
            let mut lines = vec!["  did:".to_owned()];
            lines.extend(findings(result));
            lines
        }
        Step::Checked { problems } => problems.iter().map(|p| format!("  not sent: {}", short(p))).collect(),
        Step::Noted { text } => vec![format!("  note: {}", short(text))],
    }
}

fn asked(question: &Question) -> Vec<String> {
    let by = if question.by.is_empty() { String::new() } else { format!("  by {}", question.by) };
    let mut lines = vec![format!("  asked: {} ms{by}", question.ms)];
    if question.repeated > 0 {
        lines.push(format!("    as before: {} messages", question.repeated));
    }
    lines.extend(question.parts.iter().map(part));
    if !question.text.is_empty() {
        lines.push(format!("    says: {}", short(&question.text)));
    }
    lines.extend(question.calls.iter().map(|(tool, arguments)| format!("    wants: {tool} {}", short(arguments))));
    lines.extend(question.failed.iter().map(|why| format!("    failed: {}", short(why))));
    if question.used != Used::default() {
        lines.push(format!("    used: {}", used(&question.used)));
    }
    lines
}

fn part(part: &Part) -> String {
    let size = match part.tokens {
        Some(tokens) => format!("{tokens} tokens"),
        None => format!("{} characters", part.text.chars().count()),
    };
    // What every turn shares is told by its size.
    let text = if matches!(part.name.as_str(), "instructions" | "tools") { String::new() } else { short(&part.text) };
    format!("    {} ({size}) {text}", part.name).trim_end().to_owned()
}

fn findings(findings: &Findings) -> Vec<String> {
    let mut lines = vec![format!("    result: {}", short(&findings.content.to_string()))];
    let facts = findings.facts.iter().take(FACTS_MAX);
    lines.extend(facts.map(|(name, value)| format!("    fact: {name} = {}", short(value))));
    if findings.facts.len() > FACTS_MAX {
        lines.push(format!("    and {} facts more", findings.facts.len() - FACTS_MAX));
    }
    lines.extend(findings.effect.iter().map(|effect| format!("    leaves: {}", short(&effect.to_string()))));
    lines
}

fn used(used: &Used) -> String {
    let cost: Vec<String> = used.cost.iter().map(|(code, amount)| format!("{amount} {code}")).collect();
    let cost = if cost.is_empty() { String::new() } else { format!(", {}", cost.join(", ")) };
    format!("{} tokens read ({} cached), {} written{cost}", used.input, used.cached, used.output)
}

/// One line of a text that came from anywhere: it must not steer the terminal.
fn short(text: &str) -> String {
    let one: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control()).collect();
    if one.chars().count() <= LINE_CHARS_MAX {
        return one;
    }
    format!("{}…", one.chars().take(LINE_CHARS_MAX).collect::<String>())
}
