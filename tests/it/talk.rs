//! Messages as text, so that a story's expectation reads like the talk it is about.

use souk::domain::message::{Body, Button, Message, Notice, Reply};

/// Every button of a reply, cards and summary included.
pub fn buttons(reply: &Reply) -> Vec<Button> {
    let cards = reply.cards.iter().flat_map(|c| c.choices.clone());
    let summary = reply.summary.iter().flat_map(|s| s.choices.clone());
    cards.chain(summary).chain(reply.choices.clone()).collect()
}

/// One message.
pub fn spoken(message: &Message) -> String {
    let from = message.author.word();
    match &message.body {
        Body::Heard(said) => {
            let extras: Vec<String> = said.extras().iter().map(|line| format!("\n    <{line}>")).collect();
            format!("{from}: {}{}", said.words(), extras.concat())
        }
        Body::Reply(reply) => format!("{from}: {}", lines(reply).join("\n    ")),
    }
}

fn lines(reply: &Reply) -> Vec<String> {
    let labels = |buttons: &[Button]| buttons.iter().map(|b| format!("[{}]", b.label)).collect::<Vec<_>>().join(" ");
    let mut lines: Vec<String> = reply.text.lines().map(str::to_owned).collect();
    for card in &reply.cards {
        lines.push(format!("# {} | {} | {} {}", card.title, card.price, card.stock, labels(&card.choices)));
    }
    if let Some(summary) = &reply.summary {
        for line in &summary.lines {
            lines.push(format!("= {} × {} ({}): {}", line.quantity, line.title, line.options, line.total));
        }
        for row in &summary.totals {
            lines.push(format!("= {}: {}", row.label, row.amount));
        }
        lines.push(labels(&summary.choices));
    }
    lines.extend(reply.payment.as_ref().map(|p| format!("({})", p.label)));
    lines.extend(reply.sources.iter().map(|s| format!("source: {}, {}", s.title, s.heading)));
    if !reply.choices.is_empty() {
        lines.push(labels(&reply.choices));
    }
    lines.extend(reply.notice.map(|n| match n {
        Notice::HandOff => "-- a colleague answers from here --".to_owned(),
        Notice::Returned => "-- the agent answers again --".to_owned(),
    }));
    lines
}
