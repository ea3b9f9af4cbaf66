//! The words of a reply, block by block: what it says, what a card shows, the lines of a summary, where it is from.

use crate::channel::whatsapp::limits::is_blank;
use crate::channel::whatsapp::render::fit;
use crate::channel::whatsapp::render::marks::marked;
use crate::channel::whatsapp::render::spoken::{Choice, NAMED_MAX};
use crate::domain::message::{Card, Source, Summary};
use crate::wording::Voice;
use crate::wording::phrases::{ANSWER_WITH_NUMBER, CAN_ALSO_WRITE};

/// Between facts of one line.
const DOT: &str = " · ";

/// Blocks with an empty line between them.
pub fn joined(blocks: Vec<String>) -> String {
    blocks.into_iter().filter(|block| !is_blank(block)).collect::<Vec<_>>().join("\n\n")
}

/// What the agent or a colleague wrote.
pub fn said(text: &str) -> String {
    fit::clean(&marked(&fit::clean(text)))
}

fn dotted(facts: impl IntoIterator<Item = String>) -> String {
    facts.into_iter().filter(|fact| !is_blank(fact)).collect::<Vec<_>>().join(DOT)
}

/// A text between marks; without them where a mark in it would end them too soon.
fn between(mark: char, text: &str) -> String {
    let text = fit::line(text);
    if is_blank(&text) || text.contains(mark) { text } else { format!("{mark}{text}{mark}") }
}

fn price(card: &Card) -> String {
    let before = card.compare_at.as_deref().map(|before| between('~', before)).unwrap_or_default();
    [fit::line(&card.price), before].into_iter().filter(|part| !is_blank(part)).collect::<Vec<_>>().join(" ")
}

/// The only product, in full.
pub fn card(card: &Card) -> String {
    let lines = [between('*', &card.title), fit::line(&card.subtitle), dotted([price(card), fit::line(&card.stock)])];
    lines.into_iter().filter(|line| !is_blank(line)).collect::<Vec<_>>().join("\n")
}

/// One of several products, in a line: a list hides its rows until it is opened.
pub fn card_line(at: usize, card: &Card) -> String {
    format!("{at}. {}", dotted([between('*', &card.title), price(card), fit::line(&card.stock)]))
}

/// An order waiting for a yes.
pub fn summary(summary: &Summary) -> String {
    let mut lines = vec![between('*', &summary.title)];
    for line in &summary.lines {
        let title = fit::line(&line.title);
        let options = fit::line(&line.options);
        let what = if is_blank(&options) { title } else { format!("{title} ({options})") };
        let each = if line.quantity > 1 && !is_blank(&line.unit) {
            format!("{} × {what} ({}): {}", line.quantity, fit::line(&line.unit), fit::line(&line.total))
        } else {
            format!("{} × {what}: {}", line.quantity, fit::line(&line.total))
        };
        lines.push(each);
    }
    for total in &summary.totals {
        let row = dotted_pair(&fit::line(&total.label), &fit::line(&total.amount));
        lines.push(if total.strong { between('*', &row) } else { row });
    }
    lines.into_iter().filter(|line| !is_blank(line)).collect::<Vec<_>>().join("\n")
}

/// `Total: €149.90`; where one is empty, the other.
fn dotted_pair(label: &str, amount: &str) -> String {
    match (is_blank(label), is_blank(amount)) {
        (false, false) => format!("{label}: {amount}"),
        (true, _) => amount.to_owned(),
        (_, true) => label.to_owned(),
    }
}

/// Where an answer comes from.
pub fn sources(sources: &[Source]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for source in sources {
        let (title, heading) = (fit::line(&source.title), fit::line(&source.heading));
        let both = title != heading && !is_blank(&heading);
        let line = between('_', &if both { format!("{title} – {heading}") } else { title });
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

/// Choices that cannot be tapped here.
pub fn named(choices: &[Choice], voice: &Voice) -> String {
    let said = |choice: &Choice| {
        let hint = if choice.hint.is_empty() { String::new() } else { format!(" ({})", choice.hint) };
        format!("{}{hint}", choice.label)
    };
    if choices.is_empty() {
        String::new()
    } else if choices.len() <= NAMED_MAX {
        let what = choices.iter().map(said).collect::<Vec<_>>().join(DOT);
        voice.say(CAN_ALSO_WRITE, &[("what", &what)])
    } else {
        let lines = choices.iter().enumerate().map(|(at, choice)| format!("{}. {}", at + 1, said(choice)));
        format!("{}\n{}", voice.pick(ANSWER_WITH_NUMBER), lines.collect::<Vec<_>>().join("\n"))
    }
}
